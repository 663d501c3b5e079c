import type { Country } from "../src/kernel/country.ts";
import { type Minor, zero } from "../src/kernel/money.ts";
import type { Pan } from "../src/kernel/pan.ts";

/** The network that a card belongs to, or plain ISO 87 where an acquirer speaks to the issuer itself. */
export type NetworkName = "visa" | "mastercard" | "generic";

/** How the card met the merchant: it decides which fields a message has. `stored`: a card on file, charged without asking. */
export type Entry = "chip" | "contactless" | "stripe" | "ecommerce" | "stored";

/** What the cardholder gets, which decides DE3; verification and inquiry move no money. */
export type Service = "goods" | "goods_and_cash" | "cash" | "refund" | "verification" | "inquiry";

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

/** What a message asks for. */
export interface Asks {
  readonly service: Service;
  /** The part of the amount that is paid out in cash, in minor units of the acceptor's currency; 0: none. */
  readonly cashback: Minor;
  /** The terminal can take less than it asks for. Plain ISO 87 has no place to say so. */
  readonly takesPartial: boolean;
  /** An amount that is not final: increments and a completion may follow. */
  readonly isEstimate: boolean;
  /** The first message of the chain that this one adds to; null: it begins a chain of its own. */
  readonly addsTo: Purchase | null;
}

export const plainGoods: Asks = {
  service: "goods",
  cashback: zero,
  takesPartial: false,
  isEstimate: false,
  addsTo: null,
};

/** What the merchant wants of the issuer: a hold, money at once, or an answer to a question. */
export interface Purchase {
  readonly network: NetworkName;
  readonly card: CarriedCard;
  readonly acceptor: Acceptor;
  /** DE4, in minor units of the acceptor's currency. */
  readonly amount: Minor;
  readonly billing: Billing | null;
  readonly entry: Entry;
  readonly asks: Asks;
  readonly trace: Trace;
  /** Wall time at which the merchant asked: DE12, DE13, and DE7 of the first message. */
  readonly startedMs: number;
}

/** The type of an original, as DE90 names it: without the repeat digit. */
export type OriginalMti = "0100" | "0120" | "0200" | "0220";

/** A 0120 or 0220: what was decided without the issuer, which cannot refuse it. */
export interface Advice {
  /** What it tells; the amount is what there is to hold or to post. */
  readonly purchase: Purchase;
  /** DE11: that of the message that it stands in for, or one of its own. */
  readonly stan: string;
  /** DE90: the type of what it speaks of, which has the STAN of the purchase; null: it speaks for itself. */
  readonly original: OriginalMti | null;
  /** stand_in: the issuer did not answer. completion: what was ordered is now known. offline: nobody asked it. */
  readonly cause: "stand_in" | "completion" | "offline";
  /** DE39: what the network has answered in the issuer's place. */
  readonly responseCode: string;
  /** DE38 of that answer, or of the approval that is completed; null where there is none. */
  readonly authorizationCode: string | null;
}

/** Why and how far a purchase is undone. */
export interface Undo {
  readonly purchase: Purchase;
  /** What kind of message is undone. */
  readonly of: OriginalMti;
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
  return entry !== "ecommerce" && entry !== "stored";
}
