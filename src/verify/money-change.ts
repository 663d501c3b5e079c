import type { ChargedDay } from "../store/entry.ts";
import type { Told } from "./money-book.ts";
import type { MoneyChange, ReplayedMoney } from "./replayed-money.ts";

/** What an entry has done to a hold or a posting that was there. */
export function changed(money: ReplayedMoney, amount: bigint, days: readonly ChargedDay[]): MoneyChange {
  return { made: null, followed: { targetNo: money.no, amount }, touched: money, days, spender: money };
}

/** A message of a hold's or a posting's life that changes nothing. */
export function untouched(entry: Told & { readonly targetNo: number }): MoneyChange | null {
  const { targetNo } = entry;
  if (targetNo === 0) return null;
  return { made: null, followed: { targetNo, amount: 0n }, touched: null, days: [], spender: spenderOf(entry) };
}

/** What is named is not there: what the entry says is counted as its own. */
export function lost(
  entry: Told,
  { targetNo, amount, days }: { targetNo: number; amount: bigint; days: readonly ChargedDay[] },
): MoneyChange {
  return { made: null, followed: { targetNo, amount }, touched: null, days, spender: spenderOf(entry) };
}

function spenderOf({ account, chain, cardholder, mcc }: Told) {
  return { account, chain, cardholder, mcc: mcc ?? 0 };
}

export function secondOf(businessMs: number): number {
  return Math.floor(businessMs / 1000);
}

export function dayOf(businessMs: number): number {
  return Math.floor(businessMs / 86_400_000);
}
