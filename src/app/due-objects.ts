import type { Authorizer } from "../authorizer/authorizer.ts";
import { must } from "../kernel/assert.ts";
import type { Place } from "../kernel/ids.ts";
import type { Log } from "../log.ts";
import type { Clock } from "../kernel/clock.ts";
import type { RecordedType } from "../records/place.ts";
import { letPayoutHappen } from "../resources/balances/payouts.ts";
import { letTopupHappen } from "../resources/balances/topups.ts";
import { bringBack } from "../resources/balances/transfer-reversals.ts";
import { bringHome } from "../resources/balances/transfers.ts";
import { letHappen } from "../resources/issuing/disputes.ts";
import { expireChallenge } from "../resources/issuing/fraud-challenges.ts";
import type { Program } from "../resources/program.ts";
import { postDueRefund } from "../resources/test-helpers/issuing/refunds.ts";
import { noteAsking } from "../resources/webhook-endpoints/asking.ts";
import { platformIn } from "./platform-account.ts";
import type { ProgramAccess } from "./program-access.ts";

/** What becomes by itself of an object whose time has come. It may find that somebody else was faster. */
type Due = (program: Program, place: Place, parts: DueObjectsParts) => Promise<void>;

const dues: Readonly<Partial<Record<RecordedType, Due>>> = {
  arrival: bringBack,
  authorization_note: (program, place, { access }) => expireChallenge(program, access.queries, place),
  payout: letPayoutHappen,
  dispute: letHappen,
  topup: letTopupHappen,
  transaction_note: (program, place, { access, authorizer }) =>
    postDueRefund({ authorizer, program, records: access.queries }, place),
  transfer: bringHome,
  webhook_endpoint: tellAccounts,
};

export interface DueObjectsParts {
  readonly access: Pick<ProgramAccess, "caughtUp" | "program" | "queries">;
  readonly authorizer: Authorizer;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn">;
  readonly dueObjectsMax: number;
}

/** Lets happen what is due, the earliest first; tells how many. What cannot be done now is left for the next run. */
export async function runDueObjects(parts: DueObjectsParts, isOver: () => boolean): Promise<number> {
  const { access, clock, dueObjectsMax, log } = parts;
  const nowMs = clock.businessNow();
  let done = 0;
  while (!isOver()) {
    const due = access.queries.history.dueObjects(nowMs, dueObjectsMax);
    for (const { type, place } of due) {
      try {
        await dues[type]?.(access.program, place, parts);
        done++;
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        log.warn({ type, ...place, cause }, "what is due could not be done; it stays due");
        return done;
      }
    }
    if (due.length < dueObjectsMax) return done;
  }
  return done;
}

/** Accounts hear whether an endpoint is asked about them. */
function tellAccounts(program: Program, place: Place, { access }: DueObjectsParts): Promise<void> {
  const { caughtUp, queries } = access;
  const platform = must(platformIn(queries), "who has endpoints has a platform");
  return noteAsking({ caughtUp, platform, program, records: queries }, place);
}
