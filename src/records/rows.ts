import type { Place } from "../kernel/ids.ts";
import type { Minor } from "../kernel/money.ts";
import type { RecordedType } from "./place.ts";

export interface EntryRow {
  readonly place: Place;
  readonly kind: number;
  readonly account: number;
  readonly currency: number;
  /** What it adds to the account's free and to its held money, and the number of the account on the other side. */
  readonly available: Minor;
  readonly held: Minor;
  readonly other: number;
  readonly bytes: Uint8Array;
}

export interface AccountRow {
  readonly shard: number;
  readonly account: number;
  readonly lastNo: number;
  readonly chainHash: string;
  readonly businessMs: number;
}

export interface BalanceRow {
  readonly shard: number;
  readonly account: number;
  readonly currency: number;
  readonly available: Minor;
  readonly held: Minor;
}

export interface ObjectRow {
  readonly type: RecordedType;
  readonly place: Place;
  readonly version: number;
  readonly account: number;
  /** Business time of the change; kept as created_ms from the first one. */
  readonly changedMs: number;
  readonly body: string;
}

/** Names a counter by the commit that made it. */
export interface CounterKey {
  readonly shard: number;
  /** The commit's journal number: what was spent up to it is missing. */
  readonly asOf: number;
  readonly field: string;
}

export interface WaitingCounter extends CounterKey {
  readonly account: number;
  /** 0: a cardholder's counter. */
  readonly chain: number;
  /** 0: a chain's counter. */
  readonly cardholder: number;
  /** The interval's letter. */
  readonly interval: string;
  /** null: everything counts. */
  readonly categories: readonly string[] | null;
  /** Business time of the commit: it tells the window. */
  readonly businessMs: number;
}

/**
 * Reserved: the program's endpoint has not answered yet. Pending: held. Closed: declined, captured, posted at once, or a request that holds
 * nothing.
 */
export type AuthorizationStatus = "reserved" | "pending" | "closed" | "reversed" | "expired";

/** What every message about an amount leaves in a row of its own. */
export interface MessageRow {
  readonly place: Place;
  readonly account: number;
  readonly card: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly network: number;
  readonly purpose: number;
  readonly outcome: number;
  readonly currency: number;
  readonly transactionCurrency: number;
  readonly transactionAmount: Minor;
  readonly mcc: number;
  readonly createdMs: number;
  readonly wallMs: number;
  readonly stan: number;
  readonly rrn: string;
  readonly authorizationCode: number;
  readonly merchantKey: Uint8Array;
}

export interface AuthorizationState {
  /** Kind of the entry: an authorization, an advice that holds, or a request that posts at once. */
  readonly kind: number;
  readonly status: AuthorizationStatus;
  readonly reason: number;
  /** What was asked for or advised. */
  readonly amount: Minor;
  /** What was approved at first; increments follow it up. */
  readonly approved: Minor;
  /** What is held now. */
  readonly remaining: Minor;
  /** Id of the decline beside which an advice has put this hold; 0: none. */
  readonly originalId: number;
  /** Business time at which the hold ends by itself; 0: there is none. */
  readonly expiresMs: number;
}

export interface AuthorizationRow extends MessageRow, AuthorizationState {}

/** Money that a single message has posted. */
export interface TransactionState {
  /** What the account has got; negative: what it has paid. */
  readonly amount: Minor;
  /** What can still be reversed of it, never negative. */
  readonly reversible: Minor;
  /** Id of the hold that it captured, or of the message to which it is linked; 0: none. */
  readonly originalId: number;
  /** The MCC under which the limits were charged: that of the captured hold, else its own. */
  readonly countedMcc: number;
  /** As 20261122. */
  readonly settlementDay: number;
}

export interface TransactionRow extends MessageRow, TransactionState {}

/** A later message, or the end of a hold's time, and what it has done to a hold or to a posting. */
export interface FollowUp {
  readonly entry: Place;
  /** Of the entry that made the hold or the posting. */
  readonly targetNo: number;
  /** Added to what remains, or taken from it (negative). */
  readonly amount: Minor;
}

/** Amounts that the limits were charged, or given back (negative), on days other than an authorization's own. */
export interface ChargeRow {
  readonly entry: Place;
  /** Days since 1970. */
  readonly day: number;
  readonly amount: Minor;
}

export interface Spender {
  readonly chain: number;
  readonly cardholder: number;
  readonly mcc: number;
}

export interface MerchantRow {
  readonly key: Uint8Array;
  readonly terminal: string;
  readonly merchantId: string;
  readonly nameLocation: string;
}
