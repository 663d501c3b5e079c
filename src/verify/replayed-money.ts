import type { ChargedDay } from "../store/entry.ts";
import type { ChargedDays } from "./charged-days.ts";
import type { StoredAnswer } from "./redis-shard.ts";

/** Whose limits an amount counts in. */
export interface ReplayedSpender {
  readonly account: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly mcc: number;
}

/** A hold or a posting as its entries leave it. */
export interface ReplayedMoney extends ReplayedSpender {
  readonly kind: "hold" | "posting";
  /** The entry that made it. */
  readonly no: number;
  /** Message key under which it lies in Redis, Latin-1. */
  readonly key: string;
  readonly rate: number;
  /** Business second of its first charge. */
  readonly chargedS: number;
  readonly days: ChargedDays;
  /** A number as in Redis: open, reversed, captured, expired; debit or credit. */
  state: number;
  fuel: number;
  /** Wall second of its beginning, or of its end. */
  wallS: number;
  /** Of a hold: by the entry that made each. */
  increments: Map<number, ReplayedIncrement> | null;
  /** Of a hold whose message had to wait for its answer: that answer, once it is known. */
  answer: { readonly outcome: number; readonly amount: bigint } | null;
  /** It was reserved, and nothing is left of it but a plain answer. */
  isDismissed: boolean;
  /** Where Redis still knows it. */
  stored: StoredAnswer | null;
  /** As the records have it at last. */
  row: { readonly status: string; readonly remaining: number; readonly expiresMs: number } | null;
  /** Of a hold, in business time. */
  readonly bornMs: number;
  /** Of a hold, how long it may live by itself: by each profile, since its row may be older than the configured one. */
  livesMs: readonly number[];
}

export interface ReplayedIncrement {
  readonly chargedS: number;
  left: bigint;
}

/** What an entry did to money that is held or posted. */
export interface MoneyChange {
  /** A new hold or posting. */
  readonly made: ReplayedMoney | null;
  /** Entry that made the hold or posting to which something was done, and what that added to what remains. */
  readonly followed: { readonly targetNo: number; readonly amount: bigint } | null;
  /** The hold or the posting itself; null: the entry names one that there is not. */
  readonly touched: ReplayedMoney | null;
  /** What was charged or given back, to whom. */
  readonly days: readonly ChargedDay[];
  readonly spender: ReplayedSpender;
}
