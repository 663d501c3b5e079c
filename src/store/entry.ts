import type { Minor } from "../kernel/money.ts";

/*
 * A journal entry: the canonical request as TypeScript packed it, and behind it the outcome as the function packed it.
 *
 *   | format 1 | kind 1 | account 4 | wall ms 6 | request ... | outcome: fixed length for its kind |
 *
 * Never in it: DE2, 35, 36, 45, 52, 53, 55 or a CVV.
 */
export const entryKinds = {
  commit: 1,
  authorization: 2,
  reversal: 3,
  backfill: 4,
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

export interface AuthorizationPart extends EntryHead, MessagePart {
  readonly kind: "authorization";
  readonly door: number;
  readonly cardAmount: Minor;
  /** DE10 as a number of eight digits; 0: none. */
  readonly rate: number;
  readonly mcc: number;
  readonly merchantCountry: number;
  readonly isPresent: boolean;
  readonly entryMode: string;
  readonly processingCode: string;
  readonly authorizationCode: number;
}

export interface ReversalPart extends EntryHead, MessagePart {
  readonly kind: "reversal";
  readonly isAdvice: boolean;
  readonly undoKey: Uint8Array;
  /** DE95 in the card currency; null: in full. */
  readonly replacement: Minor | null;
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

export type AuthorizationEntry = Place &
  AuthorizationPart &
  Balances & {
    readonly outcome: number;
    readonly reason: number;
    readonly approved: Minor;
  };
export type ReversalEntry = Place &
  ReversalPart &
  Balances & {
    readonly outcome: number;
    readonly released: Minor;
    /** Journal number of the authorization whose hold was touched; 0: none. */
    readonly originalNo: number;
    /** Business second at which that hold was charged to the limits. */
    readonly chargedS: number;
  };
export type CommitEntry = Place & CommitPart & Balances & { readonly moved: Minor };
export type BackfillEntry = Place & BackfillPart & { readonly businessMs: number };
export type JournalEntry = AuthorizationEntry | ReversalEntry | CommitEntry | BackfillEntry;

/** What TypeScript packs; the function appends the outcome. */
export type EntryPart = AuthorizationPart | ReversalPart | CommitPart | BackfillPart;
