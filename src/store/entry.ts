import type { Minor } from "../kernel/money.ts";

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
} as const;

/**
 * What an effect acts on. `increment`: part of a hold, the message `viaNo`. `decline`: an answer without a hold, from
 * now on tied to this entry's new hold, or to the reversal that undid it. `tombstone`: nothing was known, so that one
 * was left for an original that may still come.
 */
export const touches = {
  nothing: 0,
  hold: 1,
  increment: 2,
  debit: 3,
  credit: 4,
  decline: 5,
  tombstone: 6,
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
} as const;
export type ObjectType = keyof typeof objectTypes;

export interface Place {
  readonly shard: number;
  readonly no: number;
}

export interface EntryHead {
  readonly account: number;
  readonly wallMs: number;
}

export interface MerchantText {
  readonly terminal: string;
  readonly id: string;
  readonly nameLocation: string;
}

export interface MessagePart {
  readonly network: number;
  readonly card: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly messageKey: Uint8Array;
  readonly chainKey: Uint8Array;
  readonly fingerprint: Uint8Array;
  readonly stan: string;
  readonly acquirer: string;
  readonly rrn: string;
  /** The network's own chain id, or "". */
  readonly networkChain: string;
  readonly transactionAmount: Minor;
  readonly transactionCurrency: number;
  readonly cardCurrency: number;
  /** Eight bytes of a hash over the merchant's text; the text itself stands in the first entry that needs it. */
  readonly merchantKey: Uint8Array;
  readonly merchant: MerchantText | null;
}

/** What a 0100, 0120, 0200 or 0220 says of its amount. */
export interface AmountPart {
  readonly door: number;
  /** Number of the purpose: purposes in authorizer/request.ts. */
  readonly purpose: number;
  /** What was asked for, or advised, in the card currency. */
  readonly cardAmount: Minor;
  /** DE10 as a number of eight digits; 0: none. */
  readonly rate: number;
  readonly mcc: number;
  readonly merchantCountry: number;
  readonly isPresent: boolean;
  readonly allowsPartial: boolean;
  /** In the transaction currency; 0: none. */
  readonly cashbackAmount: Minor;
  readonly entryMode: string;
  readonly processingCode: string;
  readonly authorizationCode: number;
}

export interface AuthorizationPart extends EntryHead, MessagePart, AmountPart {
  readonly kind: "authorization";
}

export interface AdvicePart extends EntryHead, MessagePart, AmountPart {
  readonly kind: "advice";
  readonly isApproved: boolean;
  /** Key of the 0100 that it stands in for: a hold that it makes lies there, where nothing did. */
  readonly authorizationKey: Uint8Array;
}

export interface FinancialPart extends EntryHead, MessagePart, AmountPart {
  readonly kind: "financial";
  readonly isAdvice: boolean;
  readonly isApproved: boolean;
  /** Of a 0220, the keys under which its original is looked for, in order: one where DE90 names it. */
  readonly originalKeys: readonly Uint8Array[];
  /** DE15 as MMDD, "" where absent: its network position is entered by it. */
  readonly settlementDate: string;
}

export interface ReversalPart extends EntryHead, MessagePart {
  readonly kind: "reversal";
  readonly isAdvice: boolean;
  /** The keys under which its original is looked for, in order: one where DE90 names it. */
  readonly undoKeys: readonly Uint8Array[];
  /** DE95 in the card currency; null: in full. */
  readonly replacement: Minor | null;
}

export interface ExpiryPart extends EntryHead {
  readonly kind: "expiry";
  readonly card: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly cardCurrency: number;
  /** Message key under which the hold lies, and the journal number of the entry that made it. */
  readonly holdKey: Uint8Array;
  readonly holdNo: number;
}

export interface CommitPart extends EntryHead {
  readonly kind: "commit";
  readonly objectType: ObjectType;
  readonly objectNo: number;
  readonly version: number;
  /** The currency of the balance that moves, or 0; the other side of the posting is the object type's. */
  readonly currency: number;
  /** The object as it stands after the change. */
  readonly body: string;
  /** What the commit makes and somebody has to fill: the entry names it, so that a crash in between forgets nothing. */
  readonly counters: readonly NewCounter[];
}

/** A counter that starts at 0 and waits for what was spent in its window before it existed (rules: Limits). */
export interface NewCounter {
  /** 0: the cardholder's. */
  readonly chain: number;
  /** 0: the chain's. */
  readonly cardholder: number;
  readonly field: string;
  /** The interval's letter. */
  readonly interval: string;
  /** null: everything counts. */
  readonly categories: readonly string[] | null;
}

export interface BackfillPart extends EntryHead {
  readonly kind: "backfill";
  /** 0: a counter of the chain; else of the cardholder. */
  readonly cardholder: number;
  readonly chain: number;
  readonly field: string;
  readonly asOf: number;
  readonly spent: Minor;
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

/** What an advice, a financial message, a reversal or an expiry has done. Card amounts, never negative. */
export interface Effect {
  readonly outcome: number;
  /** Of a decline: number of its check in the decision table. */
  readonly reason: number;
  /** What was held, added, posted, released or posted back; of `completed` what the hold now is. */
  readonly amount: Minor;
  /** Of `completed` and `captured_hold`: what the hold was before. */
  readonly before: Minor;
  /** A number of `touches`: what the effect acts on beside what it makes. */
  readonly touched: number;
  /** Entry that made the hold or the posting that was touched, merged with, attached or linked to; 0: none. */
  readonly targetNo: number;
  /** Entry of the message that led to it: an increment, or a decline that names a hold; else `targetNo` again. */
  readonly viaNo: number;
  /** Entry of the decline of a 0200 that names the posting as well, where a 0220 found another original before it; 0: none. */
  readonly besideNo: number;
  /** Empty where the limits were not moved. */
  readonly days: readonly ChargedDay[];
}

export type AuthorizationEntry = Place &
  AuthorizationPart &
  Balances & {
    readonly outcome: number;
    readonly reason: number;
    /** What was held; 0 where the purpose holds nothing. */
    readonly approved: Minor;
    /** Entry that made the hold to which an increment was added; 0: it has a hold of its own, or none. */
    readonly holdNo: number;
  };
export type AdviceEntry = Place & AdvicePart & Balances & Effect;
export type FinancialEntry = Place & FinancialPart & Balances & Effect;
export type ReversalEntry = Place & ReversalPart & Balances & Effect;
export type ExpiryEntry = Place & ExpiryPart & Balances & Effect;
export type CommitEntry = Place & CommitPart & Balances & { readonly moved: Minor };
export type BackfillEntry = Place & BackfillPart & { readonly businessMs: number };
export type JournalEntry =
  | AuthorizationEntry
  | AdviceEntry
  | FinancialEntry
  | ReversalEntry
  | ExpiryEntry
  | CommitEntry
  | BackfillEntry;

/** What TypeScript packs; the function appends the outcome. */
export type EntryPart =
  | AuthorizationPart
  | AdvicePart
  | FinancialPart
  | ReversalPart
  | ExpiryPart
  | CommitPart
  | BackfillPart;
