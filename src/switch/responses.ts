import { decisionTable } from "../../specs/decision-table.ts";
import { type RequestResponse, requestResponses, reversalResponses } from "../../specs/response-codes.ts";
import type { ReversalResponseName } from "../../specs/response-codes.ts";
import type { AuthorizationDecision, ReversalDecision } from "../authorizer/decision.ts";
import type { Network } from "../../specs/networks.ts";

/** Why an authorization is answered as it is, and whether the store is known not to have changed. */
interface AuthorizationAnswer {
  /** DE39; null is silence. */
  readonly code: string | null;
  /** An answer that promises nothing may leave as long as the network listens, even after our own deadline. */
  readonly isWithoutEffect: boolean;
}

/**
 * DE39 of a decision (rules: What the switch answers when it does not know). A store that refuses a repeat has not said
 * what became of the message itself: a 91 would call an approval off that may stand, so a repeat gets silence.
 */
export function answerToAuthorization(
  decision: AuthorizationDecision,
  network: Network,
  isRepeat: boolean,
): AuthorizationAnswer {
  switch (decision.outcome) {
    case "approved":
      return { code: requestResponses.approved[network], isWithoutEffect: false };
    case "declined":
      return { code: decisionTable[decision.check].de39[network], isWithoutEffect: false };
    case "refused":
      return { code: isRepeat ? null : requestResponses.store_down[network], isWithoutEffect: true };
    case "unknown":
      return { code: requestResponses.outcome_unknown[network], isWithoutEffect: false };
    case "reversed_before":
    case "conflict":
    case "unknown_pan":
    case "expired_deadline":
    case "unsupported_currency":
      return {
        code: requestResponses[decision.outcome][network],
        isWithoutEffect: decision.outcome === "expired_deadline",
      };
  }
}

/** DE39 of a decision on a reversal or an advice of one; null is silence, so that store-and-forward repeats. */
export function answerToReversal(
  decision: ReversalDecision,
  isAdvice: boolean,
  unknownReversalResponse: string,
): string | null {
  const name = nameOf(decision);
  const isUnknown = name === "unknown" || name === "unknown_pan";
  if (isUnknown && !isAdvice) return unknownReversalResponse;
  const response = reversalResponses[name];
  return isAdvice ? response.advice : response.reversal;
}

/** The repeat digit: 0101 is 0100 again. */
export function isRepeat(mti: string): boolean {
  return mti.charAt(3) === "1";
}

// A decision with a cause is none: the store was not reached, or has not said what became of it.
function nameOf(decision: ReversalDecision): ReversalResponseName {
  if ("cause" in decision) return decision.outcome === "refused" ? "store_down" : "outcome_unknown";
  return decision.outcome;
}

/** DE39 of a request that nobody was asked about; null is silence, as it is where a repeat would be told 91. */
export function answerToRefusal(response: RequestResponse, mti: string, network: Network): string | null {
  if (isRepeat(mti) && (response === "overloaded" || response === "not_signed_on")) return null;
  const isReversal = mti.startsWith("04");
  if (!isReversal || (response !== "format_error" && response !== "unroutable")) {
    return requestResponses[response][network];
  }
  return mti.charAt(2) === "2" ? reversalResponses[response].advice : reversalResponses[response].reversal;
}
