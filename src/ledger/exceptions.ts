import {
  type ClearingEntry,
  type CommitEntry,
  type FinancialEntry,
  type JournalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";

/** Why a person has to look at something that was taken in all the same: exceptions are listed, not dropped. */
export const exceptionCauses = {
  unknown_pan: "an advice or a reversal names a card that nobody has",
  unsupported_currency: "an advice is in a currency for which there is no rate",
  reversal_of_more_than_remains: "a reversal would leave more than there is",
  reversal_after_capture:
    "a reversal of an authorization came after its amount had been posted: the money returns by a clearing credit",
  force_post_without_authorization: "an amount was posted for which nobody asked before",
  force_post_after_close: "an amount was posted whose authorization was declined, reversed, expired or posted already",
  capture_of_more_than_held: "more was captured than the hold had left",
  declined_financial_advice: "a financial advice says itself that it was declined",
  financial_advice_without_amount: "a financial advice has no amount to post",
} as const satisfies Readonly<Record<string, string>>;
export type ExceptionCause = keyof typeof exceptionCauses;

/**
 * The exception that an entry is by itself; null: none. What `reversal_after_capture` needs besides is the state of the
 * hold: see `isReversalInVain`.
 */
export function exceptionOf(entry: JournalEntry): ExceptionCause | null {
  if (entry.kind === "commit") return entry.objectType === "exception" ? filedCause(entry) : null;
  if (entry.kind === "reversal" && entry.outcome === luaConstants.EXCEPTION) return "reversal_of_more_than_remains";
  if (entry.kind === "clearing") return clearingException(entry);
  return entry.kind === "financial" ? financialException(entry) : null;
}

/** A reversal that found its original and nothing to release: an exception where the money has been captured or posted. */
export function isReversalInVain(entry: JournalEntry): boolean {
  return entry.kind === "reversal" && entry.outcome === luaConstants.NOTHING_TO_RELEASE && entry.targetNo > 0;
}

// The body was written by the authorizer alone, whose causes are these two.
function filedCause({ body }: CommitEntry): ExceptionCause {
  const { cause } = JSON.parse(body) as { cause?: string };
  return cause === "unsupported_currency" ? "unsupported_currency" : "unknown_pan";
}

// A credit has no authorization that it could be missing.
function clearingException({ amount, before, outcome, touched }: ClearingEntry): ExceptionCause | null {
  if (outcome === luaConstants.REFUNDED) return null;
  if (outcome === luaConstants.FORCE_POSTED) return "force_post_without_authorization";
  if (touched === touches.nothing) return "force_post_after_close";
  return amount > before ? "capture_of_more_than_held" : null;
}

function financialException(entry: FinancialEntry): ExceptionCause | null {
  switch (entry.outcome) {
    case luaConstants.FORCE_POSTED:
      // A credit has no authorization that it could be missing.
      if (entry.purpose === luaConstants.PURPOSE_REFUND) return null;
      return entry.targetNo === 0 ? "force_post_without_authorization" : "force_post_after_close";
    case luaConstants.CAPTURED_HOLD:
      return entry.amount > entry.before ? "capture_of_more_than_held" : null;
    case luaConstants.EXCEPTION:
      return entry.isApproved ? "financial_advice_without_amount" : "declined_financial_advice";
    default:
      return null;
  }
}
