import { type Minor, divideHalfEven, minor } from "../../src/kernel/money.ts";

/**
 * An amount at a rate as DE10 writes it: a digit that says how many of the seven behind it are decimals, and those
 * seven; whole units of the one currency for one whole unit of the other. Rounded half to even (rules: Holds).
 */
export function converted(amount: Minor, rate: string, digits: { readonly from: number; readonly to: number }): Minor {
  const decimals = BigInt(rate.slice(0, 1)) + BigInt(digits.from);
  const units = amount * BigInt(rate.slice(1)) * 10n ** BigInt(digits.to);
  return minor(divideHalfEven(units, 10n ** decimals));
}

/** DE10 of zeros says that there is none. */
export function givenRate(conversionRate: string | null): string | null {
  return conversionRate !== null && BigInt(conversionRate.slice(1)) > 0n ? conversionRate : null;
}
