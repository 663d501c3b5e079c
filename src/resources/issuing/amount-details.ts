import { divideHalfEven, zero } from "../../kernel/money.ts";
import type { FirstEntry } from "../../ledger/authorization-history.ts";
import { readDetails } from "../../ledger/entry-details.ts";
import type { ClearingEntry } from "../../store/entry.ts";

/** Parts of an amount, in the card currency. */
export interface ShownAmountDetails {
  atm_fee: number | null;
  cashback_amount: number | null;
}

/** In the card currency, at the rate of the message. */
export function shownAmountDetails(entry: FirstEntry | ClearingEntry): ShownAmountDetails | null {
  const { cardAmount, cashbackAmount, transactionAmount } = entry;
  const told = readDetails(entry.details).amount_details;
  if (told === undefined && cashbackAmount === zero) return null;
  const isPart = cashbackAmount > zero && transactionAmount > zero;
  const cashback = isPart ? Number(divideHalfEven(cashbackAmount * cardAmount, transactionAmount)) : null;
  return { atm_fee: told?.atm_fee ?? null, cashback_amount: told?.cashback_amount ?? cashback };
}

/** "S" and the six digits of DE38; null where the network was given none. */
export function authorizationCodeOf(code: number): string | null {
  return code === 0 ? null : `S${String(code).padStart(6, "0")}`;
}
