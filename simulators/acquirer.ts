import { iso87Ascii } from "../specs/dialects/iso87-ascii.ts";
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

const reasons = { customer: "17", timeout: "68", partial: "32" } as const;

/** An acquirer that speaks plain ISO 8583:1987 to the issuer without a network between them. */
export const plainAcquirer: NetworkSide = {
  name: "generic",
  dialect: iso87Ascii,
  framing: "two-byte-length",
  stations: null,
  request,
  advice,
  reversal,
  networkManagement,
};

function request(purchase: Purchase, mti: AuthorizationMti | FinancialMti, nowMs: number): WireFields {
  const fields: Record<string, string> = {
    0: mti,
    ...commonFields(purchase, nowMs),
    ...cardFields(purchase),
    ...placeFields(purchase),
  };
  if (mti.startsWith("02")) fields["15"] = monthDay(purchase.startedMs);
  if (hasChip(purchase.entry)) Object.assign(fields, chipTags(purchase, "55"));
  return fields;
}

function advice(told: Advice, mti: AdviceMti, nowMs: number): WireFields {
  const form = mti.startsWith("02") ? "0200" : "0100";
  return { ...request(told.purchase, form, nowMs), ...adviceFields(told), 0: mti };
}

function reversal(undo: Undo, mti: ReversalMti, nowMs: number): WireFields {
  const { purchase, replacement } = undo;
  const fields: Record<string, string> = {
    0: mti,
    ...commonFields(purchase, nowMs),
    11: undo.stan,
    ...placeFields(purchase),
    39: reasons[undo.cause],
    90: originalElements(purchase, undo.of),
  };
  if (undo.authorizationCode !== null) fields["38"] = undo.authorizationCode;
  if (replacement !== null) fields["95"] = amountDigits(replacement.amount).padEnd(42, "0");
  return fields;
}

function networkManagement(code: string, stan: string, nowMs: number): WireFields {
  return { 0: "0800", 7: transmissionTime(nowMs), 11: stan, 70: code };
}

const entryModes: Readonly<Record<Entry, string>> = {
  chip: "051",
  contactless: "071",
  stripe: "021",
  ecommerce: "810",
  stored: "100",
};

function placeFields({ acceptor, asks, entry }: Purchase): Record<string, string> {
  return {
    19: threeDigits(acceptor.acquirerCountry.number),
    22: entryModes[entry],
    25: isCardPresent(entry) ? (asks.isEstimate ? "06" : "00") : entry === "stored" ? "08" : "59",
    43: nameAndPlace(acceptor),
  };
}

/** Name 23, city 13, state 2, country 2. */
function nameAndPlace(acceptor: Acceptor): string {
  const { name, city, state, country } = acceptor;
  return column(name, 23) + column(city, 13) + column(state ?? "", 2) + country.alpha2;
}
