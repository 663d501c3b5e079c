import type { Minor } from "../kernel/money.ts";
import type { ObjectType } from "./entry.ts";

/* What TypeScript packs of an entry, by its kind. The function appends the outcome. */

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
  /** JSON of what the API's test helpers say and no field of a message holds; absent: nothing. */
  readonly details?: string;
}

export interface AuthorizationPart extends EntryHead, MessagePart, AmountPart {
  readonly kind: "authorization";
  /**
   * Wall time until which the program's endpoint may answer, should the amount be approved; 0 or absent: nobody is asked.
   * Only outcome `pending` says that somebody was.
   */
  readonly askDeadlineMs?: number;
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

/** A capture, a refund or a force post that somebody presents for clearing (rules: Clearing always posts). */
export interface ClearingPart extends EntryHead, MessagePart, AmountPart {
  readonly kind: "clearing";
  /** The last one of its hold: what it leaves is released. */
  readonly isFinal: boolean;
  /** Message key and journal number of the authorization that it names; number 0: none. */
  readonly holdKey: Uint8Array;
  readonly holdNo: number;
  /** The network's settlement day as MMDD, "" where absent: its position is entered by it. */
  readonly settlementDate: string;
}

/** What became of a question to the program's endpoint (rules: Real-time endpoint). */
export interface AnswerPart extends EntryHead {
  readonly kind: "answer";
  readonly card: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly cardCurrency: number;
  /** Key and journal number of the message that was waiting. */
  readonly messageKey: Uint8Array;
  readonly messageNo: number;
  readonly isConfirmed: boolean;
  /** JSON of what came with the answer, as the endpoint's status; "": nothing. */
  readonly details: string;
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

/** What TypeScript packs; the function appends the outcome. */
export type EntryPart =
  | AuthorizationPart
  | AdvicePart
  | FinancialPart
  | ReversalPart
  | ExpiryPart
  | ClearingPart
  | AnswerPart
  | CommitPart
  | BackfillPart;
