import { decisionTable } from "../../specs/decision-table.ts";
import {
  type RequestResponse,
  adviceResponses,
  requestResponses,
  reversalResponses,
} from "../../specs/response-codes.ts";
import type { ReversalResponseName } from "../../specs/response-codes.ts";
import type {
  AdviceDecision,
  AuthorizationDecision,
  FinancialDecision,
  ReversalDecision,
} from "../authorizer/decision.ts";
import type { Network } from "../../specs/networks.ts";
import type { Purpose } from "../authorizer/request.ts";
import { assert } from "../kernel/assert.ts";

/** Why a request is answered as it is, and whether the store is known not to have changed. */
interface RequestAnswer {
  /** DE39; null is silence. */
  readonly code: string | null;
  readonly isApproval: boolean;
  /** An answer that promises nothing may leave as long as the network listens, even after our own deadline. */
  readonly isWithoutEffect: boolean;
}

/** What of a request its answer depends on, beside the decision. */
export interface AskedRequest {
  readonly network: Network;
  /** By its type, or because the same was asked before. */
  readonly isRepeat: boolean;
  readonly purpose: Purpose;
  /** What is approved in part is just the purchase without its cashback, and the sender can take that (87). */
  readonly isPurchaseOnly: boolean;
}

/**
 * DE39 of a decision on a 0100 or a 0200 (rules: What the switch answers when it does not know). A store that refuses a
 * repeat has not said what became of the message itself: a 91 would call an approval off that may stand, so a repeat
 * gets silence.
 */
export function answerToRequest(
  decision: AuthorizationDecision | FinancialDecision,
  asked: AskedRequest,
): RequestAnswer {
  const { network } = asked;
  switch (decision.outcome) {
    case "approved": {
      const name = asked.purpose === "verification" ? "account_verified" : "approved";
      return approval(requestResponses[name][network]);
    }
    case "partial":
      return partialApproval(asked);
    case "posted":
      if (decision.approvedAmount < decision.cardAmount) return partialApproval(asked);
      return approval(requestResponses.approved[network]);
    case "declined":
      return refusal(decisionTable[decision.check].de39[network]);
    case "refused":
      return withoutEffect(asked.isRepeat ? null : requestResponses.store_down[network]);
    case "unknown":
      return refusal(requestResponses.outcome_unknown[network]);
    case "expired_deadline":
      return withoutEffect(requestResponses.expired_deadline[network]);
    case "reversed_before":
    case "conflict":
    case "unknown_pan":
    case "unsupported_currency":
      return refusal(requestResponses[decision.outcome][network]);
    case "captured_hold":
    case "force_posted":
    case "duplicate":
    case "exception":
      assert(false, "only an advice becomes that");
  }
}

function partialApproval({ network, isPurchaseOnly }: AskedRequest): RequestAnswer {
  const name = isPurchaseOnly ? "approved_without_cashback" : "approved_in_part";
  return approval(requestResponses[name][network]);
}

function approval(code: string): RequestAnswer {
  return { code, isApproval: true, isWithoutEffect: false };
}

function refusal(code: string | null): RequestAnswer {
  return { code, isApproval: false, isWithoutEffect: false };
}

function withoutEffect(code: string | null): RequestAnswer {
  return { code, isApproval: false, isWithoutEffect: true };
}

/**
 * DE39 of a decision on a 0120 or a 0220; null is silence, so that store-and-forward repeats. Whatever else becomes of
 * an advice, it is 00: it tells of what has happened.
 */
export function answerToAdvice(decision: AdviceDecision | FinancialDecision): string | null {
  if ("cause" in decision) return adviceResponses[decision.outcome === "refused" ? "store_down" : "outcome_unknown"];
  const code = adviceCodes.get(decision.outcome);
  return code === undefined ? requestResponses.approved.generic : code;
}

const adviceCodes: ReadonlyMap<string, string | null> = new Map(Object.entries(adviceResponses));

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

/** 0120, 0220 and 0420 tell of what has happened; 0100, 0200 and 0400 ask. */
export function isAdvice(mti: string): boolean {
  return mti.charAt(2) === "2";
}

// A decision with a cause is none: the store was not reached, or has not said what became of it.
function nameOf(decision: ReversalDecision): ReversalResponseName {
  if ("cause" in decision) return decision.outcome === "refused" ? "store_down" : "outcome_unknown";
  return decision.outcome;
}

/** DE39 of a message that nobody was asked about; null is silence, as it is where a repeat would be told 91. */
export function answerToRefusal(response: RequestResponse, mti: string, network: Network): string | null {
  if (response === "overloaded" || response === "not_signed_on") {
    return isRepeat(mti) ? null : requestResponses[response][network];
  }
  if (response !== "format_error" && response !== "unroutable") return requestResponses[response][network];
  if (mti.startsWith("04")) return reversalResponses[response][isAdvice(mti) ? "advice" : "reversal"];
  return isAdvice(mti) ? adviceResponses[response] : requestResponses[response][network];
}
