import type { ClockView } from "../app/clock-control.ts";
import { parseDuration } from "../app/duration.ts";
import { askAdmin } from "./admin-client.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface ClockFlags {
  readonly action: "show" | "advance" | "freeze" | "unfreeze";
  /** Of advance: "31d". */
  readonly span: string | undefined;
  readonly url: string | undefined;
  readonly json: boolean;
}

/** `cardswitch clock`: shows or moves business time. Returns when every process goes by it. */
export async function clock({ action, span, url, json }: ClockFlags): Promise<ExitCode> {
  if (action === "advance" && (span === undefined || parseDuration(span) === null)) {
    return complain(`"${span ?? ""}" is no duration such as 31d, 12h or 90m`, exitCodes.usage);
  }
  const change = {
    show: undefined,
    advance: { advance: span },
    freeze: { freeze: true },
    unfreeze: { freeze: false },
  }[action];
  const reply = await askAdmin<ClockView>({ url }, "/_admin/clock", change);
  if (!reply.ok) return complain(reply.error.message, reply.error.exitCode);
  const { business, isFrozen, wall } = reply.value.body;
  print(json, reply.value.body, `business ${business}${isFrozen ? ", frozen" : ""}\nwall     ${wall}`);
  return exitCodes.ok;
}
