import { isoTime } from "../kernel/clock.ts";
import { type Minor, minor, zero } from "../kernel/money.ts";
import type { CardView } from "./card-view.ts";
import type { ProgramTables } from "./program-tables.ts";
import type { AuthorizationRequest, Purpose } from "./request.ts";

/** Whole units of the card currency that a pump is unlocked for at most, and at least (rules: Holds, Fuel). */
const fuelMajorMost = 100n;
const fuelMajorLeast = 1n;
/** Twelve digits are what an amount has on the wire; a hold keeps no more. */
const amountMax = 999_999_999_999n;

/** What a message costs the card. */
export interface Bill {
  readonly amount: Minor;
  /** DE10 as a number of eight digits; 0: none. */
  readonly rate: number;
}

/** Of a message whose amount nobody can tell. */
export const noBill: Bill = { amount: zero, rate: 0 };

type Billable = Pick<
  AuthorizationRequest,
  "transactionAmount" | "transactionCurrency" | "billingAmount" | "billingCurrency" | "conversionRate" | "businessNowMs"
>;

/** rules: Holds. DE4 in the card currency, else DE6 in it, else DE4 at the dated rate; null where there is none. */
export function billOf(request: Billable, cardCurrency: number, tables: ProgramTables): Bill | null {
  if (request.transactionCurrency === cardCurrency) return { amount: request.transactionAmount, rate: 0 };
  if (request.billingCurrency === cardCurrency && request.billingAmount !== null) {
    return { amount: request.billingAmount, rate: Number(request.conversionRate ?? 0) };
  }
  const { transactionAmount, transactionCurrency, businessNowMs } = request;
  const converted = tables.convert(transactionAmount, transactionCurrency, cardCurrency, businessNowMs);
  if (converted === null || converted.amount > amountMax) return null;
  return { amount: converted.amount, rate: Number(converted.rate) };
}

type Asking = Pick<AuthorizationRequest, "purpose" | "allowsPartial" | "cashbackAmount" | "transactionAmount">;

/**
 * The smallest amount that may be approved in place of a bill: all of it, unless message and account take a part, which
 * is never below the cashback and never nothing in the transaction's currency, in which DE4 is rounded down
 * (rules: Holds, Partial approval).
 */
export function leastOf(request: Asking, view: CardView, billed: Minor): Minor {
  if (!request.allowsPartial || !view.takesPartial || request.purpose !== "purchase") return billed;
  const { cashbackAmount, transactionAmount } = request;
  // Whatever part of a DE4 of nothing was approved, its DE4 would be nothing.
  if (transactionAmount === zero) return billed;
  const told = cashbackAmount > zero ? cashbackAmount : minor(1n);
  const least = (told * billed + transactionAmount - 1n) / transactionAmount;
  return least < billed ? minor(least) : billed;
}

/** What a pump is unlocked for: 100 whole units, or less where a limit per authorization says so; and the least. */
export function fuelBill(view: CardView, category: string, tables: ProgramTables): { wanted: Minor; least: Minor } {
  const unit = 10n ** BigInt(tables.decimalsOf(view.currency));
  let wanted = fuelMajorMost * unit;
  for (const limit of view.perAuthorization) {
    const counts = limit.categories === null || limit.categories.has(category);
    if (counts && limit.amount < wanted) wanted = limit.amount;
  }
  return { wanted: minor(wanted), least: minor(fuelMajorLeast * unit) };
}

/** Verifications and inquiries move none. */
export function movesMoney(request: { readonly purpose: Purpose }): boolean {
  return request.purpose !== "verification" && request.purpose !== "inquiry";
}

/** What the limits per authorization look at. */
export function checkedAmount(request: { readonly purpose: Purpose }, amount: Minor): Minor {
  return movesMoney(request) ? amount : zero;
}

let monthDay = -1;
let monthNumber = 0;

/** YYMM of a business time, worked out once a day: a card is compared by its month only. */
export function monthOf(businessMs: number): number {
  const day = Math.floor(businessMs / 86_400_000);
  if (day !== monthDay) {
    monthDay = day;
    monthNumber = Number(isoTime(businessMs).slice(2, 4)) * 100 + Number(isoTime(businessMs).slice(5, 7));
  }
  return monthNumber;
}
