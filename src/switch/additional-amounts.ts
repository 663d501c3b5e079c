import { additionalAmountLayout, amountTypes } from "../../specs/additional-amounts.ts";
import type { AmountType } from "../../specs/additional-amounts.ts";
import type { Message } from "../iso8583/public.ts";
import { type Minor, minor, zero } from "../kernel/money.ts";

const { groupCharacters, amountDigits } = additionalAmountLayout;
const amountMax = 10n ** BigInt(amountDigits) - 1n;

/** One amount of DE54; negative is D. */
export interface AdditionalAmount {
  /** Digits 3 and 4 of DE3, or "00". */
  readonly accountType: string;
  readonly amountType: AmountType;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly sign: "C" | "D";
  readonly amount: Minor;
}

/**
 * The cashback that DE54 names in a currency (ISO 4217 numeric), else what stands at the dialect's own place for it, in
 * its minor units; zero where nothing names one, null where what it says is no amount.
 */
export function cashbackIn(message: Message, currency: number, ownPath: string | null): Minor | null {
  const groups = message.elements[54] === undefined ? undefined : message.get("54");
  const own = ownPath === null ? undefined : message.get(ownPath);
  if (groups === undefined) return own === undefined ? zero : amountIn(own.padStart(amountDigits, "0"));
  for (let at = 0; at + groupCharacters <= groups.length; at += groupCharacters) {
    const isCashback = groups.startsWith(amountTypes.cashback, at + 2);
    if (isCashback && Number(groups.slice(at + 4, at + 7)) === currency) {
      return amountIn(groups.slice(at + 8, at + groupCharacters));
    }
  }
  return own === undefined ? zero : amountIn(own.padStart(amountDigits, "0"));
}

/** DE54 of an answer. Twelve digits are all that an amount has; what is more is written as the most. */
export function additionalAmounts(amounts: readonly AdditionalAmount[]): string {
  return amounts.map(groupOf).join("");
}

function groupOf({ accountType, amountType, currency, sign, amount }: AdditionalAmount): string {
  const size = amount < 0n ? -amount : amount;
  const digits = String(size > amountMax ? amountMax : size).padStart(amountDigits, "0");
  return `${accountType}${amountType}${String(currency).padStart(3, "0")}${sign}${digits}`;
}

// The dialects admit letters in DE54, since its types may have them.
function amountIn(digits: string): Minor | null {
  for (let i = 0; i < amountDigits; i++) {
    const digit = digits.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return null;
  }
  return minor(BigInt(digits));
}
