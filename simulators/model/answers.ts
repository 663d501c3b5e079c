import type { Minor } from "../../src/kernel/money.ts";
import type { DeclineCheck, EndpointCheck } from "./checks.ts";

/** The money is reserved, and the program's endpoint has not said yet whether it may be held. */
export interface PendingAnswer {
  readonly outcome: "pending";
  readonly reservedAmount: Minor;
  /** More than is reserved, where only a part could be. */
  readonly askedAmount: Minor;
}

/** What a message was answered the first time; a repeat is answered the same. Amounts are of the card currency. */
export type AuthorizationAnswer =
  | PendingAnswer
  /** Of what is held: a refund, a verification and an inquiry hold nothing. */
  | { readonly outcome: "approved"; readonly approvedAmount: Minor; readonly balances?: Balances }
  /** Less than was asked for. */
  | { readonly outcome: "partial"; readonly approvedAmount: Minor; readonly askedAmount: Minor }
  | { readonly outcome: "declined"; readonly check: DeclineCheck | EndpointCheck }
  | { readonly outcome: "reversed_before" };

/** An inquiry's answer, as of the moment of the inquiry: ledger is available and held together. */
export interface Balances {
  readonly availableAmount: Minor;
  readonly ledgerAmount: Minor;
}

export interface AdviceAnswer {
  readonly outcome: "held" | "merged" | "added" | "completed" | "released" | "attached";
  /** Newly held, added, given back, or what the completed hold now is; 0 where no money moved. */
  readonly amount: Minor;
}

export type FinancialAnswer =
  | Exclude<AuthorizationAnswer, { outcome: "partial" | "pending" }>
  | {
      readonly outcome: "posted" | "captured_hold" | "force_posted";
      readonly postedAmount: Minor;
      /** More than was posted, where only a part was approved. */
      readonly askedAmount: Minor;
    }
  /** `posted_before`: the request that this advice stands in for has posted already. */
  | { readonly outcome: "posted_before" | "exception" };

export interface ReversalAnswer {
  readonly outcome:
    | "released"
    | "lowered"
    | "reposted"
    | "tombstone"
    | "unknown"
    | "nothing_to_release"
    | "exception"
    | "killed_pending";
  readonly releasedAmount: Minor;
}

/** `captured`: it named a hold, whatever had become of that. `amount` is what was posted; 0: only the rest was released. */
export interface ClearingAnswer {
  readonly outcome: "captured" | "force_posted" | "refunded";
  readonly amount: Minor;
}

/** The first answer, that answer again, or none of both. */
type Opinion<Answer, Undecided extends string> =
  | Answer
  | { readonly outcome: "duplicate"; readonly first: Answer }
  | { readonly outcome: "conflict" | "unknown_pan" | Undecided };

export type AuthorizationOpinion = Opinion<AuthorizationAnswer, "unsupported_currency" | "expired_deadline">;
export type AdviceOpinion = Opinion<AdviceAnswer, "unsupported_currency">;
export type FinancialOpinion = Opinion<FinancialAnswer, "unsupported_currency" | "expired_deadline">;
export type ReversalOpinion = Opinion<ReversalAnswer, never>;
/** `nothing`: it would have moved nothing, and nothing is kept of it. */
export type ClearingOpinion =
  | ClearingAnswer
  | { readonly outcome: "duplicate"; readonly first: ClearingAnswer }
  | { readonly outcome: "conflict" }
  | { readonly outcome: "nothing" };
/** `answer` is what a repeat of the message is told from now on. `stale`: no message of that name is known. */
export type SettlingOpinion =
  | { readonly outcome: "done" | "already"; readonly answer: AuthorizationAnswer }
  | { readonly outcome: "stale" };
export type ExpiryOpinion = "done" | "already" | "stale";
