import type { Clock } from "../kernel/clock.ts";
import type { Committer } from "../store/commit.ts";
import { type DueHold, type Expired, expire } from "../store/expire.ts";
import type { ProgramTables } from "./program-tables.ts";
import { readProgram } from "./read-program.ts";

export interface ExpiryParts {
  readonly committer: Committer;
  readonly tables: ProgramTables;
  readonly clock: Clock;
}

/** `already`: it was closed before, or is forgotten. `other`: not the hold that was meant. `failed`: try again later. */
export type ExpiryOutcome = "done" | "already" | "other" | "failed";

const triesMax = 5;

/** Expires a hold whose time is over by business time, with the limits as they stand now. Safe to repeat. */
export async function expireHold(parts: ExpiryParts, due: DueHold): Promise<ExpiryOutcome> {
  let hold = due;
  for (let tries = 0; tries < triesMax; tries++) {
    const program = await readProgram(parts, hold);
    if (program === null) return "failed";
    const times = { wallMs: parts.clock.wallNow(), businessMs: parts.clock.businessNow() };
    const expired: Expired = await expire(parts.committer, hold, program, times);
    if (expired.outcome === "other_mcc") hold = { ...hold, mcc: expired.mcc };
    else if (expired.outcome !== "stale") return expired.outcome;
  }
  return "failed";
}
