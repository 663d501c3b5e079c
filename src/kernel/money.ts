import { assert } from "./assert.ts";
import type { Brand } from "./brand.ts";

/** An amount in minor units (cents, pence; yen have none). Floats do not fit into it. */
export type Minor = Brand<bigint, "Minor">;

/** Amounts are stored as doubles in Redis: every one of them stays below 2^53. */
export const minorMax = 9_007_199_254_740_991n;

export function minor(value: bigint | number): Minor {
  const whole = typeof value === "bigint" ? value : BigInt(value);
  assert(whole <= minorMax && whole >= -minorMax, "amount beyond 2^53 minor units");
  return whole as Minor;
}

export const zero = minor(0n);

export function add(a: Minor, b: Minor): Minor {
  return minor(a + b);
}

export function subtract(a: Minor, b: Minor): Minor {
  return minor(a - b);
}

/**
 * numerator / denominator, rounded half to even: the rounding of a billing amount (rules: Holds).
 * The denominator is positive.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  assert(denominator > 0n, "division by a number that is not positive");
  const negative = numerator < 0n;
  const magnitude = negative ? -numerator : numerator;
  const quotient = magnitude / denominator;
  const twiceRemainder = (magnitude % denominator) * 2n;
  const isUp = twiceRemainder > denominator || (twiceRemainder === denominator && quotient % 2n === 1n);
  const rounded = isUp ? quotient + 1n : quotient;
  return negative ? -rounded : rounded;
}

/** "1234.50" for 123450 at two decimals; what a person reads, never what a program parses. */
export function formatMinor(amount: Minor, decimals: number): string {
  const negative = amount < 0n;
  const digits = String(negative ? -amount : amount).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? digits : `${whole}.${digits.slice(-decimals)}`;
  return negative ? `-${text}` : text;
}

/** "12.50" → 1250 at two decimals; null where the text is not an amount of that precision. */
export function parseMajor(text: string, decimals: number): Minor | null {
  const match = /^(-?)(\d{1,13})(?:\.(\d+))?$/.exec(text);
  if (match === null) return null;
  const fraction = match[3] ?? "";
  if (fraction.length > decimals) return null;
  const magnitude = BigInt(`${match[2]}${fraction.padEnd(decimals, "0")}`);
  return minor(match[1] === "-" ? -magnitude : magnitude);
}
