import type { Country } from "../src/kernel/country.ts";
import type { Minor } from "../src/kernel/money.ts";
import type { Pan } from "../src/kernel/pan.ts";

/** The network that a card belongs to, or plain ISO 87 where an acquirer speaks to the issuer itself. */
export type NetworkName = "visa" | "mastercard" | "generic";

/** How the card met the merchant: it decides which fields a message has. */
export type Entry = "chip" | "stripe" | "ecommerce";

/** A card as its holder carries it. */
export interface CarriedCard {
  readonly pan: Pan;
  /** YYMM. */
  readonly expiry: string;
}

/** The merchant, its acquirer and its terminal, as the fields of a message name them. */
export interface Acceptor {
  /** DE32, six to eleven digits. */
  readonly institution: string;
  /** DE19: where the acquirer is. */
  readonly acquirerCountry: Country;
  readonly name: string;
  readonly city: string;
  readonly state: string | null;
  readonly country: Country;
  /** DE49: ISO 4217 numeric. */
  readonly currency: number;
  /** DE18, four digits. */
  readonly categoryCode: string;
  /** DE41, eight characters. */
  readonly terminal: string;
  /** DE42, fifteen characters. */
  readonly merchantId: string;
}

/** DE6, DE51 and DE10: what the network says that a purchase abroad costs the cardholder. */
export interface Billing {
  readonly amount: Minor;
  readonly currency: number;
  /** Eight digits: how many of the last seven are decimals, then those seven. */
  readonly rate: string;
}

/** What makes a message unlike every other one of the run. */
export interface Trace {
  /** DE11, six digits. */
  readonly stan: string;
  /** DE37, twelve characters: an original and its reversals share it. */
  readonly rrn: string;
  /** Visa-style DE62.2: 15 digits. */
  readonly transactionId: string;
  /** Mastercard-style DE63.2: 8 characters. */
  readonly reference: string;
}

export interface Purchase {
  readonly network: NetworkName;
  readonly card: CarriedCard;
  readonly acceptor: Acceptor;
  /** DE4, in minor units of the acceptor's currency. */
  readonly amount: Minor;
  readonly billing: Billing | null;
  readonly entry: Entry;
  readonly trace: Trace;
  /** Wall time at which the merchant asked: DE12, DE13, and DE7 of the first message. */
  readonly startedMs: number;
}

/** Why and how far a purchase is undone. */
export interface Undo {
  readonly purchase: Purchase;
  /** A STAN of its own; the original's stands in DE90. */
  readonly stan: string;
  readonly cause: "customer" | "timeout" | "partial";
  /** What remains of DE4, and of DE6 where there is a billing amount; null undoes all of it. */
  readonly replacement: { readonly amount: Minor; readonly billing: Minor | null } | null;
  /** DE38 of the approval; null where none arrived. */
  readonly authorizationCode: string | null;
}

/** Dotted path → text, bytes as `hex:…`; "0" is the message type. */
export type WireFields = Readonly<Record<string, string>>;

export function isCardPresent(entry: Entry): boolean {
  return entry !== "ecommerce";
}
