import type { CountryCode } from "./countries.ts";
import type { CurrencyCode } from "./currencies.ts";
import type { ProgramType } from "./limits.ts";

export interface AccountRange {
  readonly network: "visa" | "mastercard";
  /** The first digits of every PAN of the range; its length is that of a BIN. */
  readonly prefix: string;
  /** Digits of a PAN, check digit included. */
  readonly panDigits: number;
  readonly currency: CurrencyCode;
  /** Where the issuer of the range is. */
  readonly country: CountryCode;
  readonly product: "commercial_debit" | "commercial_prepaid";
  readonly program: ProgramType;
}

/**
 * The ranges that cards are made from. All lie in blocks that processors publish for tests and that no bank issues
 * from: 4000 00 on the visa side, 2223 00 on the mastercard side.
 * Ranges of `load` are apart, so that a million cards made at once never use up a program's own numbers.
 */
export const accountRanges = [
  {
    network: "visa",
    prefix: "40000084",
    panDigits: 16,
    currency: "usd",
    country: "US",
    product: "commercial_debit",
    program: "standard",
  },
  {
    network: "visa",
    prefix: "40000027",
    panDigits: 16,
    currency: "eur",
    country: "DE",
    product: "commercial_debit",
    program: "standard",
  },
  {
    network: "visa",
    prefix: "40000082",
    panDigits: 16,
    currency: "gbp",
    country: "GB",
    product: "commercial_debit",
    program: "standard",
  },
  {
    network: "mastercard",
    prefix: "22230084",
    panDigits: 16,
    currency: "usd",
    country: "US",
    product: "commercial_debit",
    program: "standard",
  },
  {
    network: "mastercard",
    prefix: "22230027",
    panDigits: 16,
    currency: "eur",
    country: "DE",
    product: "commercial_debit",
    program: "standard",
  },
  {
    network: "mastercard",
    prefix: "22230082",
    panDigits: 16,
    currency: "gbp",
    country: "GB",
    product: "commercial_debit",
    program: "standard",
  },
  {
    network: "visa",
    prefix: "40000094",
    panDigits: 16,
    currency: "usd",
    country: "US",
    product: "commercial_prepaid",
    program: "load",
  },
  {
    network: "visa",
    prefix: "40000037",
    panDigits: 16,
    currency: "eur",
    country: "DE",
    product: "commercial_prepaid",
    program: "load",
  },
  {
    network: "visa",
    prefix: "40000092",
    panDigits: 16,
    currency: "gbp",
    country: "GB",
    product: "commercial_prepaid",
    program: "load",
  },
  {
    network: "mastercard",
    prefix: "22230094",
    panDigits: 16,
    currency: "usd",
    country: "US",
    product: "commercial_prepaid",
    program: "load",
  },
  {
    network: "mastercard",
    prefix: "22230037",
    panDigits: 16,
    currency: "eur",
    country: "DE",
    product: "commercial_prepaid",
    program: "load",
  },
  {
    network: "mastercard",
    prefix: "22230092",
    panDigits: 16,
    currency: "gbp",
    country: "GB",
    product: "commercial_prepaid",
    program: "load",
  },
] as const satisfies readonly AccountRange[];
