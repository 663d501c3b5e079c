import type { Log } from "../log.ts";
import type { Projector } from "../projector/projector.ts";
import { ProgramError } from "../resources/program.ts";
import { fillCounter } from "../resources/issuing/counters.ts";
import type { ProgramAccess } from "./program-access.ts";

export interface WaitingCountersParts {
  readonly access: ProgramAccess;
  readonly projector: Projector;
  readonly log: Pick<Log, "warn">;
}

const countersMax = 1_000;

/**
 * Fills the counters of new limits whose writer died, or lost the store, between the two steps: until then such a limit
 * lets through what was spent before it (rules: Limits). Tells how many; what cannot be filled now is left for the next
 * run.
 */
export async function fillWaitingCounters({ access, projector, log }: WaitingCountersParts): Promise<number> {
  let filled = 0;
  for (const waiting of access.queries.waitingCounters(countersMax)) {
    try {
      await fillCounter(access.program, waiting);
    } catch (error) {
      if (!(error instanceof ProgramError)) throw error;
      log.warn({ cause: error.message }, "new limits still wait for what was spent before them");
      return filled;
    }
    await projector.settleCounter(waiting);
    filled++;
  }
  return filled;
}
