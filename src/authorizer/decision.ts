import type { decisionTable } from "../../specs/decision-table.ts";
import type { Minor } from "../kernel/money.ts";

/** The words of rules.md's table for an authorization. The numbers are stored and never reused. */
export const authorizationOutcomes = {
  approved: 1,
  declined: 2,
  reversed_before: 3,
} as const;

/** The words of rules.md's table for a reversal. */
export const reversalOutcomes = {
  released: 11,
  lowered: 12,
  tombstone: 13,
  unknown: 14,
  nothing_to_release: 15,
  exception: 16,
} as const;

export type ReversalOutcome = keyof typeof reversalOutcomes;

/** Why a check refused: its reason and its code for each network stand in the decision table under this key. */
export type DeclineCheck = keyof typeof decisionTable;

interface Stored {
  /** Shard and journal number of the entry that holds the decision: the authorization's own place. */
  readonly shard: number;
  readonly journalNo: number;
  /** A repeat of a message already decided: this is the first answer again. */
  readonly isDuplicate: boolean;
}

export type AuthorizationDecision =
  | (Stored & {
      readonly outcome: "approved";
      readonly approvedAmount: Minor;
      readonly authorizationCode: string;
    })
  | (Stored & { readonly outcome: "declined"; readonly check: DeclineCheck })
  | (Stored & { readonly outcome: "reversed_before" })
  /** Same message key, other fingerprint: 94 and no effect. */
  | { readonly outcome: "conflict" }
  | { readonly outcome: "unknown_pan" }
  | { readonly outcome: "expired_deadline" }
  | { readonly outcome: "unsupported_currency" }
  | NotDecided;

export type ReversalDecision =
  | (Stored & {
      readonly outcome: ReversalOutcome;
      readonly releasedAmount: Minor;
    })
  | { readonly outcome: "conflict" }
  | {
      readonly outcome: "unknown_pan";
      readonly shard: number;
      readonly journalNo: number;
      readonly isDuplicate: boolean;
    }
  | NotDecided;

/**
 * `refused`: the store is known not to have committed (91 for an authorization). `unknown`: it may have
 * (rules: what the switch answers when it does not know): silence.
 */
export type NotDecided =
  | { readonly outcome: "refused"; readonly cause: string }
  | { readonly outcome: "unknown"; readonly cause: string };
