import type { ClearingDecision, NotDecided } from "../../../authorizer/decision.ts";
import { foldAuthorization } from "../../../ledger/authorization-history.ts";
import { ApiError, otherRequest } from "../../api-error.ts";
import type { Call } from "../../call.ts";
import { entriesOfAuthorization } from "../../recorded-entries.ts";
import { type Answer, objectAnswer, repeatAnswer } from "../../route.ts";

/** A decision that stands in the journal. */
interface Decided {
  readonly shard: number;
  readonly journalNo: number;
  readonly isDuplicate: boolean;
  readonly wasAsked?: true;
}

/** Nobody knows, or the store is known not to have committed: the client tries again with the same key. */
export function undecided(decision: NotDecided): ApiError {
  return new ApiError("unavailable", `The authorization could not be decided: ${decision.cause}.`);
}

/**
 * The authorization as it stood when the request was decided, which is what a repeat gets as well; where the program's
 * endpoint was asked, as it stands.
 */
export async function decidedAnswer<Params>(
  call: Call<Params>,
  authorizationNo: number,
  { shard, journalNo, isDuplicate, wasAsked }: Decided,
): Promise<Answer> {
  const place = { shard, no: authorizationNo };
  await (wasAsked === true ? call.caughtUp(shard) : call.recorded(shard, journalNo));
  const ref = { type: "authorization", place } as const;
  const isWaiting = foldAuthorization(entriesOfAuthorization(call.records, place, journalNo)).waiting !== null;
  if (isWaiting) return { kind: "object", ref, asOf: null, isRepeat: isDuplicate };
  return isDuplicate ? repeatAnswer(ref, journalNo) : objectAnswer(ref, journalNo);
}

/** A posting that is there; throws what the API says of every other outcome. */
export function postedOf(decision: ClearingDecision): Decided {
  switch (decision.outcome) {
    case "conflict":
      throw otherRequest();
    case "nothing":
      throw new ApiError("invalid_state", "This authorization holds nothing, so that an amount has to be named.", "id");
    case "refused":
    case "unknown":
      throw undecided(decision);
    default:
      return decision;
  }
}
