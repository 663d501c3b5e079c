import type { decisionTable } from "../../specs/decision-table.ts";
import type { Minor } from "../kernel/money.ts";

/**
 * The words of rules.md's table, operation by operation. The numbers are stored in answers and entries: no two words
 * share one, and none is ever reused. 9 is the tombstone that waits under its original's key (store/library.ts).
 */
export const authorizationOutcomes = {
  approved: 1,
  declined: 2,
  reversed_before: 3,
  partial: 4,
  /** It waits for the program's endpoint; who asks the authorizer never sees it. */
  pending: 5,
} as const;

export const reversalOutcomes = {
  released: 11,
  lowered: 12,
  tombstone: 13,
  unknown: 14,
  nothing_to_release: 15,
  exception: 16,
  reposted: 17,
  killed_pending: 18,
} as const;

/** `released` and `exception` are the words of a reversal too, with its numbers. */
export const adviceOutcomes = {
  released: 11,
  held: 21,
  merged: 22,
  added: 23,
  completed: 24,
  attached: 25,
} as const;

/** Those of an authorization stand for a request that moves no money, is declined or comes after its reversal. */
export const financialOutcomes = {
  approved: 1,
  declined: 2,
  reversed_before: 3,
  exception: 16,
  posted: 31,
  captured_hold: 32,
  force_posted: 33,
  duplicate: 34,
} as const;

/** What clears is never refused (rules: Clearing always posts). */
export const clearingOutcomes = {
  force_posted: 33,
  captured: 51,
  refunded: 52,
} as const;

export type ReversalOutcome = keyof typeof reversalOutcomes;
export type AdviceOutcome = keyof typeof adviceOutcomes;

/** Why a check refused: its reason and its code for each network stand in the decision table under this key. */
export type DeclineCheck = keyof typeof decisionTable;

interface Stored {
  /** Shard and journal number of the entry that holds the decision: the authorization's own place. */
  readonly shard: number;
  readonly journalNo: number;
  /** A repeat of a message already decided: this is the first answer again. */
  readonly isDuplicate: boolean;
  /** The program's endpoint was asked first: such an answer has more time (rules: What the switch answers). */
  readonly wasAsked?: true;
}

interface Approval extends Stored {
  /** In minor units of the card currency: what is held or posted; 0 where the purpose moves no money. */
  readonly approvedAmount: Minor;
  readonly authorizationCode: string;
}

/** Approved in full; the two balances are those of an inquiry at its time, else null. Ledger is available and held. */
interface Approved extends Approval {
  readonly outcome: "approved";
  readonly availableAmount: Minor | null;
  readonly ledgerAmount: Minor | null;
  /** ISO 4217 numeric of the two balances; null where there are none. */
  readonly balanceCurrency: number | null;
}

interface Declined extends Stored {
  readonly outcome: "declined";
  readonly check: DeclineCheck;
}

interface ReversedBefore extends Stored {
  readonly outcome: "reversed_before";
}

/** Nothing was decided about money, and nothing is kept under the message's key. */
type Refused =
  /** Same message key, other fingerprint: 94 and no effect. */
  | { readonly outcome: "conflict" }
  | { readonly outcome: "unknown_pan" }
  | { readonly outcome: "unsupported_currency" }
  | { readonly outcome: "expired_deadline" };

/** What nobody may refuse and no account can be found or billed for: an exception stands in the journal. */
interface Filed<Cause extends string> extends Stored {
  readonly outcome: Cause;
}
export type FiledException = Filed<"unknown_pan"> | Filed<"unsupported_currency">;

export type AuthorizationDecision =
  | Approved
  /** Less than was asked for: `cardAmount` is what that was, in the card currency. */
  | (Approval & { readonly outcome: "partial"; readonly cardAmount: Minor })
  | Declined
  | ReversedBefore
  | Refused
  | NotDecided;

export type AdviceDecision =
  | (Stored & {
      readonly outcome: AdviceOutcome;
      /** Card amount that was held, added or released; of `completed` what is held now; else 0. */
      readonly amount: Minor;
    })
  | { readonly outcome: "conflict" }
  | FiledException
  | NotDecided;

export type FinancialDecision =
  /** `cardAmount` is what was asked for, in the card currency: more than `approvedAmount` in a partial approval. */
  | (Approval & { readonly outcome: "posted"; readonly cardAmount: Minor })
  /** A 0220: the hold was captured, or the amount was posted without one. */
  | (Approval & { readonly outcome: "captured_hold" | "force_posted" })
  /** A 0220 of something that was posted before, that says itself that it was declined, or that has no amount. */
  | (Stored & { readonly outcome: "duplicate" | "exception" })
  /** A 0200 that moves no money: verification or inquiry. */
  | Approved
  | Declined
  | ReversedBefore
  /** Of a 0200. */
  | Refused
  /** Of a 0220. */
  | FiledException
  | NotDecided;

export type ClearingDecision =
  | (Stored & {
      readonly outcome: keyof typeof clearingOutcomes;
      /** Card amount that was posted; 0: a hold was closed and nothing posted. */
      readonly amount: Minor;
    })
  /** Same posting key, other fingerprint. `nothing`: there is no amount to post, and no hold to close. */
  | { readonly outcome: "conflict" | "nothing" }
  | NotDecided;

export type ReversalDecision =
  | (Stored & {
      readonly outcome: ReversalOutcome;
      /** Card amount that was released from a hold or posted back. */
      readonly releasedAmount: Minor;
    })
  | { readonly outcome: "conflict" }
  | Filed<"unknown_pan">
  | NotDecided;

/**
 * `refused`: the store is known not to have committed (91 for an authorization). `unknown`: it may have
 * (rules: what the switch answers when it does not know): silence.
 */
export type NotDecided =
  | { readonly outcome: "refused"; readonly cause: string }
  | { readonly outcome: "unknown"; readonly cause: string };
