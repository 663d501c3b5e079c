import type { Currency } from "./currency.ts";
import { type Minor, divideHalfEven, minor } from "./money.ts";

export interface DatedRate {
  /** Lower-case ISO 4217 codes. */
  readonly from: string;
  readonly to: string;
  /** First business day (UTC) on which it holds: "2026-01-01". */
  readonly day: string;
  /**
   * Whole units of `to` for one whole unit of `from`, as DE10 writes it: one digit that says how many of the seven
   * digits behind it are decimals. "61000000" is 1.
   */
  readonly rate: string;
}

/** The rate from one currency to another on a business day, by ISO 4217 numbers as messages carry them. */
export class ConversionTable {
  readonly #rates = new Map<number, DatedRate[]>();

  constructor(rates: readonly DatedRate[], currencies: readonly Currency[]) {
    const numbers = new Map(currencies.map(({ code, number }) => [code, number]));
    const newestFirst = [...rates].sort((a, b) => (a.day < b.day ? 1 : -1));
    for (const rate of newestFirst) {
      const key = pairKey(numbers.get(rate.from) ?? 0, numbers.get(rate.to) ?? 0);
      const pair = this.#rates.get(key);
      if (pair === undefined) this.#rates.set(key, [rate]);
      else pair.push(rate);
    }
  }

  /** DE10's eight digits, or null where no rate is known on that day ("2026-01-01"). */
  rateOn(day: string, from: number, to: number): string | null {
    const pair = this.#rates.get(pairKey(from, to));
    return pair?.find((rate) => rate.day <= day)?.rate ?? null;
  }
}

/** An amount at DE10's rate, rounded half to even at the minor unit of the currency it ends in (rules: Holds). */
export function convert(amount: Minor, rate: string, decimals: { from: number; to: number }): Minor {
  const shift = BigInt(rate.slice(0, 1));
  const numerator = amount * BigInt(rate.slice(1)) * 10n ** BigInt(decimals.to);
  return minor(divideHalfEven(numerator, 10n ** (shift + BigInt(decimals.from))));
}

function pairKey(from: number, to: number): number {
  return from * 1000 + to;
}
