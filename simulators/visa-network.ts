import { visaStyle } from "../specs/dialects/visa-style.ts";
import {
  type AdviceMti,
  type AuthorizationMti,
  type FinancialMti,
  type NetworkSide,
  type ReversalMti,
  adviceFields,
  amountDigits,
  cardFields,
  chipTags,
  column,
  commonFields,
  hasChip,
  originalElements,
  threeDigits,
} from "./network-side.ts";
import {
  type Acceptor,
  type Advice,
  type Entry,
  type Purchase,
  type Undo,
  type WireFields,
  isCardPresent,
} from "./purchase.ts";
import { monthDay, transmissionTime } from "./wire-time.ts";

const networkStation = "000000";
const issuerStation = "412345";
const networkId = "0002";
const reasons = { customer: "2501", timeout: "2503", partial: "2504", increment: "3900" } as const;
const standInReason = "9020";

/** The network's side of a visa-style link. */
export const visaNetwork: NetworkSide = {
  name: "visa",
  dialect: visaStyle,
  framing: "vli",
  stations: { network: networkStation, issuer: issuerStation },
  request,
  advice,
  reversal,
  networkManagement,
};

function request(purchase: Purchase, mti: AuthorizationMti | FinancialMti, nowMs: number): WireFields {
  return { ...requestFields(purchase, nowMs), ...(isFinancial(mti) ? settlement(purchase) : {}), 0: mti };
}

function advice(told: Advice, mti: AdviceMti, nowMs: number): WireFields {
  const { purchase, cause } = told;
  const fields: Record<string, string> = { ...requestFields(purchase, nowMs), ...adviceFields(told), 0: mti };
  if (isFinancial(mti)) Object.assign(fields, settlement(purchase));
  if (cause === "stand_in") fields["63.4"] = standInReason;
  return fields;
}

function requestFields(purchase: Purchase, nowMs: number): WireFields {
  const { asks, entry } = purchase;
  const fields: Record<string, string> = {
    ...commonFields(purchase, nowMs),
    ...cardFields(purchase),
    ...placeFields(purchase),
    "62.1": isCardPresent(entry) ? "E" : "Y",
    // All messages of a chain bear the identifier of its first.
    "62.2": (asks.addsTo ?? purchase).trace.transactionId,
    "63.1": networkId,
  };
  if (asks.addsTo !== null) fields["63.3"] = reasons.increment;
  if (asks.takesPartial) fields["60.10"] = "1";
  if (hasChip(entry)) Object.assign(fields, chipTags(purchase, "55.01"));
  return fields;
}

function isFinancial(mti: string): boolean {
  return mti.startsWith("02");
}

/** DE15: the day in whose position the money moves. */
function settlement({ startedMs }: Purchase): WireFields {
  return { 15: monthDay(startedMs) };
}

function reversal(undo: Undo, mti: ReversalMti, nowMs: number): WireFields {
  const { purchase, replacement } = undo;
  const fields: Record<string, string> = {
    0: mti,
    ...commonFields(purchase, nowMs),
    11: undo.stan,
    14: purchase.card.expiry,
    ...placeFields(purchase),
    "62.1": isCardPresent(purchase.entry) ? "E" : "Y",
    "62.2": (purchase.asks.addsTo ?? purchase).trace.transactionId,
    "63.1": networkId,
    "63.3": reasons[undo.cause],
    90: originalElements(purchase, undo.of),
  };
  if (undo.authorizationCode !== null) fields["38"] = undo.authorizationCode;
  if (replacement !== null) fields["95"] = amountDigits(replacement.amount).padEnd(42, "0");
  return fields;
}

function networkManagement(code: string, stan: string, nowMs: number): WireFields {
  return { 0: "0800", 7: transmissionTime(nowMs), 11: stan, "63.1": networkId, 70: code };
}

const entryModes: Readonly<Record<Entry, string>> = {
  chip: "0510",
  contactless: "0710",
  stripe: "0200",
  ecommerce: "0100",
  stored: "1000",
};

/** Where and how: DE19, 22, 25, 43, and DE60 for what the terminal can do and whether it is a web shop. */
function placeFields({ acceptor, asks, entry }: Purchase): Record<string, string> {
  const isPresent = isCardPresent(entry);
  return {
    19: threeDigits(acceptor.acquirerCountry.number),
    22: entryModes[entry],
    25: isPresent ? (asks.isEstimate ? "06" : "00") : entry === "stored" ? "08" : "59",
    43: nameAndPlace(acceptor),
    "60.1": isPresent ? "4" : "0",
    "60.2": isPresent ? "5" : "1",
    "60.3": "0",
    "60.4": "0",
    "60.5": "00",
    "60.6": hasChip(entry) ? "1" : "0",
    "60.7": "0",
    "60.8": isPresent ? "00" : entry === "stored" ? "02" : "07",
  };
}

/** Name 25, city 13, country 2. */
function nameAndPlace(acceptor: Acceptor): string {
  return column(acceptor.name, 25) + column(acceptor.city, 13) + acceptor.country.alpha2;
}
