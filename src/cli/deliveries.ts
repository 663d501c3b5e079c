import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

interface DeliveryView {
  readonly event: string;
  readonly endpoint: string;
  readonly status: string;
  readonly attempts: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
}

/** `cardswitch deliveries`: which events went where, and what came of it. */
export async function deliveries({ url, json }: { url: string | undefined; json: boolean }): Promise<ExitCode> {
  const reply = await askAdmin<{ deliveries: readonly DeliveryView[] }>({ url }, "/_admin/deliveries");
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  const found = reply.value.body.deliveries;
  print(json, reply.value.body, found.length === 0 ? "no deliveries" : found.map(lineOf).join("\n"));
  return exitCodes.ok;
}

function lineOf({ event, endpoint, status, attempts, last_status: code, last_error: error }: DeliveryView): string {
  return `${event} → ${endpoint} ${status} after ${attempts} (${code ?? error ?? "not tried"})`;
}
