import type { ExceptionView } from "../app/exception-list.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface ExceptionsFlags {
  readonly limit: string;
  readonly url: string | undefined;
  readonly json: boolean;
}

/** `cardswitch exceptions`: what was taken in all the same and a person has to look at, newest first. */
export async function exceptions({ limit, url, json }: ExceptionsFlags): Promise<ExitCode> {
  if (!/^[1-9]\d{0,3}$/.test(limit)) return complain(`"${limit}" is no number of exceptions`, exitCodes.usage);
  const path = `/_admin/exceptions?limit=${limit}`;
  const reply = await askAdmin<{ exceptions: readonly ExceptionView[] }>({ url }, path);
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  const found = reply.value.body.exceptions;
  print(json, reply.value.body, found.length === 0 ? "no exceptions" : found.map(lineOf).join("\n"));
  return exitCodes.ok;
}

function lineOf({ business, card, cause, concerns, id, meaning, network, pan, rrn, stan }: ExceptionView): string {
  const message = [network, card ?? pan, stan === null ? null : `STAN ${stan}`, rrn === null ? null : `RRN ${rrn}`];
  const about = concerns === null ? "" : `, about ${concerns}`;
  return `${id} ${business} ${cause}: ${meaning} (${message.filter((part) => part !== null).join(", ")}${about})`;
}
