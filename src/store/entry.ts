import type { Minor } from "../kernel/money.ts";
import type {
  AdvicePart,
  AnswerPart,
  AuthorizationPart,
  BackfillPart,
  ClearingPart,
  CommitPart,
  ExpiryPart,
  FinancialPart,
  ReversalPart,
} from "./entry-part.ts";

/*
 * A journal entry: the canonical request as TypeScript packed it, and behind it the outcome as the function packed it.
 *
 *   | format 1 | kind 1 | account 4 | wall ms 6 | request ... | outcome ... |
 *
 * Never in it: DE2, 35, 36, 45, 52, 53, 55 or a CVV. What an entry says is enough to recompute balances, holds with
 * their charged days, postings and counters without Redis.
 */
export const entryKinds = {
  commit: 1,
  authorization: 2,
  reversal: 3,
  backfill: 4,
  advice: 5,
  financial: 6,
  expiry: 7,
  clearing: 8,
  answer: 9,
} as const;

/**
 * What an effect acts on. `increment`: part of a hold, the message `viaNo`. `decline`: an answer without a hold, from
 * now on tied to this entry's new hold, or to the reversal that undid it. `tombstone`: nothing was known, so that one
 * was left for an original that may still come. `reservation`: the message `viaNo` was waiting for the program's endpoint
 * and is approved by this entry, as it was reserved.
 */
export const touches = {
  nothing: 0,
  hold: 1,
  increment: 2,
  debit: 3,
  credit: 4,
  decline: 5,
  tombstone: 6,
  reservation: 7,
} as const;

/** One byte of yes and no, before the message of an entry. */
export const entryFlags = {
  present: 1,
  allowsPartial: 2,
  /** The cashback stands in the entry. */
  cashback: 4,
  advice: 8,
  approved: 16,
  /** The replacement amount stands in the entry. */
  replacement: 32,
  /** Of a clearing: the last one of its hold. */
  final: 32,
  /** The wall deadline of a question to the program's endpoint stands in the entry. */
  asks: 64,
  /** What no field of a message holds stands in the entry. */
  details: 128,
} as const;

/** What a commit changes. The numbers are stored and never reused. */
export const objectTypes = {
  account: 1,
  cardholder: 2,
  card: 3,
  range: 4,
  topup: 5,
  exception: 6,
  pan_exception: 7,
  setting: 8,
  payout: 9,
  transfer: 10,
  transfer_reversal: 11,
  funding: 12,
  dispute: 13,
  personalization_design: 14,
  file: 15,
  file_link: 16,
  ephemeral_key: 17,
  webhook_endpoint: 18,
  api_key: 19,
  external_account: 20,
  /** What the API keeps of an authorization or a transaction beside its messages: metadata, a challenge, a receipt. */
  authorization_note: 21,
  transaction_note: 22,
  issuing_settings: 23,
  /** The answer to a request that was refused after it had begun, so that its repeat gets it again. */
  refusal: 24,
  /** The half of a transfer that arrives in another account. */
  arrival: 25,
  person: 26,
  account_link: 27,
  /** A stretch of the contents of a file. */
  file_part: 28,
} as const;
export type ObjectType = keyof typeof objectTypes;

export interface Place {
  readonly shard: number;
  readonly no: number;
}

interface Balances {
  readonly businessMs: number;
  readonly available: Minor;
  readonly held: Minor;
}

/** What was charged to the limits on a UTC day, or given back to that day (negative). Card amount. */
export interface ChargedDay {
  /** Days since 1970. */
  readonly day: number;
  readonly amount: Minor;
}

/** What an entry has done to holds and postings. Card amounts, never negative. */
export interface Effect {
  readonly outcome: number;
  /** Of a decline: number of its check in the decision table. Of an answer: why, a number of `answerReasons`. */
  readonly reason: number;
  /**
   * What was held, added, posted, released or posted back; of `completed` what the hold now is. Of an answer: what went
   * back of what was reserved.
   */
  readonly amount: Minor;
  /**
   * Of `completed` and `captured_hold`: what the hold was before. Of a clearing: what the open hold had left, 0 where there
   * is none; of it, all is released by a final one, else as much as is captured. Of an answer: what was reserved.
   */
  readonly before: Minor;
  /** A number of `touches`: what the effect acts on beside what it makes. */
  readonly touched: number;
  /** Entry that made the hold or the posting that was touched, merged with, attached or linked to; 0: none. */
  readonly targetNo: number;
  /**
   * Entry of the message that led to it: an increment, or a decline that names a hold; else `targetNo` again. Of a clearing:
   * `targetNo` where the hold was still known, however it had ended, else 0.
   */
  readonly viaNo: number;
  /** Entry of the decline of a 0200 that names the posting as well, where a 0220 found another original before it; 0: none. */
  readonly besideNo: number;
  /** Empty where the limits were not moved. */
  readonly days: readonly ChargedDay[];
}

/** What a part may leave out is read back all the same. */
interface Whole {
  readonly details: string;
}

export type AuthorizationEntry = Place &
  AuthorizationPart &
  Whole &
  Balances & {
    readonly askDeadlineMs: number;
    readonly outcome: number;
    readonly reason: number;
    /** What was held, or is reserved until the endpoint has answered (pending); 0 where the purpose holds nothing. */
    readonly approved: Minor;
    /** Entry that made the hold to which an increment was added, or was not; 0: it has a hold of its own, or none. */
    readonly holdNo: number;
  };
export type AdviceEntry = Place & AdvicePart & Whole & Balances & Effect;
export type FinancialEntry = Place & FinancialPart & Whole & Balances & Effect;
export type ReversalEntry = Place & ReversalPart & Balances & Effect;
export type ExpiryEntry = Place & ExpiryPart & Balances & Effect;
export type ClearingEntry = Place & ClearingPart & Whole & Balances & Effect;
export type AnswerEntry = Place & AnswerPart & Balances & Effect;
export type CommitEntry = Place & CommitPart & Balances & { readonly moved: Minor };
export type BackfillEntry = Place & BackfillPart & { readonly businessMs: number };
export type JournalEntry =
  | AuthorizationEntry
  | AdviceEntry
  | FinancialEntry
  | ReversalEntry
  | ExpiryEntry
  | ClearingEntry
  | AnswerEntry
  | CommitEntry
  | BackfillEntry;
