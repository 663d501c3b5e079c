import type { Minor } from "../kernel/money.ts";

/** The words of rules.md's table for an authorization. The numbers are stored and never reused. */
export const authorizationOutcomes = {
  approved: 1,
  declined: 2,
  reversed_before: 3,
} as const;

/** The words of rules.md's table for a reversal. */
export const reversalOutcomes = {
  released: 1,
  lowered: 2,
  tombstone: 3,
  unknown: 4,
  nothing_to_release: 5,
  exception: 6,
} as const;

export type ReversalOutcome = keyof typeof reversalOutcomes;

/** Why a check refused: `reason` and the code for each network stand in specs/decision-table.ts under this key. */
export type DeclineCheck =
  | "account_disabled"
  | "card_inactive"
  | "card_canceled"
  | "card_expired"
  | "cardholder_inactive"
  | "cardholder_blocked"
  | "cardholder_verification_required"
  | "category"
  | "country"
  | "presence"
  | "limit"
  | "insufficient_funds";

interface Stored {
  /** Shard and journal number of the entry that holds the decision: the authorization's own place. */
  readonly shard: number;
  readonly journalNo: number;
  /** A repeat of a message already decided: this is the first answer again. */
  readonly isDuplicate: boolean;
}

export type AuthorizationDecision =
  | (Stored & { readonly outcome: "approved"; readonly approvedAmount: Minor; readonly authorizationCode: string })
  | (Stored & { readonly outcome: "declined"; readonly check: DeclineCheck })
  | (Stored & { readonly outcome: "reversed_before" })
  /** Same message key, other fingerprint: 94 and no effect. */
  | { readonly outcome: "conflict" }
  | { readonly outcome: "unknown_pan" }
  | { readonly outcome: "expired_deadline" }
  | { readonly outcome: "unsupported_currency" }
  | NotDecided;

export type ReversalDecision =
  | (Stored & { readonly outcome: ReversalOutcome; readonly releasedAmount: Minor })
  | { readonly outcome: "conflict" }
  | { readonly outcome: "unknown_pan"; readonly shard: number; readonly journalNo: number; readonly isDuplicate: boolean }
  | NotDecided;

/**
 * `refused`: the store is known not to have committed (91 for an authorization). `unknown`: it may have
 * (rules: what the switch answers when it does not know): silence.
 */
export type NotDecided =
  | { readonly outcome: "refused"; readonly cause: string }
  | { readonly outcome: "unknown"; readonly cause: string };
