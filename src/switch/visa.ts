import { currencies } from "../../specs/currencies.ts";
import type { Message } from "../iso8583/public.ts";
import { convert } from "../kernel/conversion.ts";
import { currenciesByNumber } from "../kernel/currency.ts";
import { type Minor, minorMax } from "../kernel/money.ts";
import { type Result, ok } from "../kernel/result.ts";
import { type DialectMapping, type Refusal, type Replacement, amountOf, currencyOf, formatError } from "./mapping.ts";
import { acquirerCountry, countryByAlpha2 } from "./merchant-country.ts";
import { presenceByCodes } from "./presence.ts";

const decimalsOf = currenciesByNumber(currencies);

export const visaMapping: DialectMapping = {
  network: "visa",
  networkChain,
  presence: presenceByCodes,
  merchantCountry: (message) => countryByAlpha2(message) ?? acquirerCountry(message),
  replacement: replacementFromTransaction,
};

/** DE62.2, the transaction identifier. */
function networkChain(message: Message): string | null {
  return message.get("62.2") ?? null;
}

/**
 *   | transaction 12 | not used 30 |        DE95
 * Where the message names the card's currency and it is another, DE10 converts it, as it converted DE4 (rules: Holds).
 */
export function replacementFromTransaction(message: Message): Result<Replacement | null, Refusal> {
  const field = message.get("95");
  if (field === undefined) return ok(null);
  const digits = field.slice(0, 12);
  if (!isAmount(digits)) return formatError(95);
  const amount = amountOf(digits);
  if (amount === 0n) return ok(null);
  const transactionCurrency = message.get("49");
  const cardCurrency = message.get("51") ?? transactionCurrency;
  const currency = currencyOf(cardCurrency);
  if (cardCurrency === transactionCurrency) return ok({ amount, currency });
  const rate = message.get("10");
  const from = decimalsOf.get(Number(transactionCurrency));
  const to = decimalsOf.get(Number(cardCurrency));
  if (rate === undefined) return formatError(10);
  if (from === undefined) return formatError(49);
  if (to === undefined) return formatError(51);
  const decimals = { from: from.decimals, to: to.decimals };
  if (isTooMuch(amount, rate, decimals)) return formatError(10);
  return ok({ amount: convert(amount, rate, decimals), currency });
}

// Twelve digits at any rate that DE10 can write pass every amount that we keep, and nobody means that.
function isTooMuch(amount: Minor, rate: string, decimals: { from: number; to: number }): boolean {
  const factor = Number(rate.slice(1)) / 10 ** Number(rate.charAt(0));
  return Number(amount) * factor * 10 ** (decimals.to - decimals.from) > Number(minorMax) / 2;
}

// The dialect admits letters in DE95, since its other parts are not used.
function isAmount(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return text.length === 12;
}
