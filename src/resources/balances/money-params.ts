import { currencies } from "../../../specs/currencies.ts";
import { type Currency, currenciesByCode } from "../../kernel/currency.ts";
import { type Minor, minor } from "../../kernel/money.ts";
import { ApiError } from "../api-error.ts";
import { ProgramError } from "../program.ts";

const byCode = currenciesByCode(currencies);
/** Twelve digits, as on the wire. */
const amountMax = 999_999_999_999;

/** Minor units, at least `least`. Throws ApiError. */
export function amountParam(amount: number, param = "amount", least = 1): Minor {
  if (amount < least) {
    throw new ApiError("parameter_invalid_integer", `This value must be greater than or equal to ${least}.`, param);
  }
  if (amount > amountMax) {
    throw new ApiError("parameter_invalid_integer", `This value must be at most ${amountMax}.`, param);
  }
  return minor(amount);
}

/** Throws ApiError where it is no three-letter code of ISO 4217, in either case. */
export function currencyParam(code: string, param = "currency"): Currency {
  const currency = byCode.get(code.toLowerCase());
  if (currency === undefined) throw new ApiError("parameter_invalid", `Invalid currency: ${code}`, param);
  return currency;
}

/** Runs a write that takes from a balance, and tells a balance that is too small as the API does. */
export async function paidFrom<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    if (!(error instanceof ProgramError) || error.code !== "not_enough_funds") throw error;
    throw new ApiError("balance_insufficient", "You have insufficient funds in your account for this.", "amount");
  }
}

export type Range =
  | number
  | {
      readonly gt?: number | undefined;
      readonly gte?: number | undefined;
      readonly lt?: number | undefined;
      readonly lte?: number | undefined;
    };

/** Whether a number lies in what a filter asks for: that number itself, or a range of it. */
export function isIn(range: Range | undefined, value: number): boolean {
  if (range === undefined) return true;
  if (typeof range === "number") return range === value;
  const { gt = -Infinity, gte = -Infinity, lt = Infinity, lte = Infinity } = range;
  return value > gt && value >= gte && value < lt && value <= lte;
}
