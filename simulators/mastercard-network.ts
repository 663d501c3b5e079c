import { mastercardStyle } from "../specs/dialects/mastercard-style.ts";
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

const networkCode = "MCC";
const adviceReasons: Readonly<Record<Advice["cause"], string>> = {
  stand_in: "1000000",
  completion: "1910000",
  offline: "1900000",
};
const standInAgent = "000001";
const reasons = { customer: "17", timeout: "82", partial: "32" } as const;

/** The network's side of a mastercard-style link. */
export const mastercardNetwork: NetworkSide = {
  name: "mastercard",
  dialect: mastercardStyle,
  framing: "two-byte-length",
  stations: null,
  request,
  advice,
  reversal,
  networkManagement,
};

function request(purchase: Purchase, mti: AuthorizationMti | FinancialMti, nowMs: number): WireFields {
  const { asks, entry } = purchase;
  const fields: Record<string, string> = {
    0: mti,
    ...commonFields(purchase, nowMs),
    ...cardFields(purchase),
    ...placeFields(purchase),
    15: monthDay(purchase.startedMs),
    "48.TCC": categoryCode(purchase),
    ...terminalData(purchase),
    "63.1": networkCode,
    "63.2": reference(purchase),
  };
  if (purchase.billing !== null) fields["16"] = monthDay(purchase.startedMs);
  if (asks.takesPartial) fields["48.61"] = "10000";
  if (entry === "ecommerce") fields["48.42.01"] = "210";
  if (asks.addsTo !== null) fields["48.63"] = traceOf(asks.addsTo);
  if (hasChip(entry)) Object.assign(fields, chipTags(purchase, "55"));
  return fields;
}

function advice(told: Advice, mti: AdviceMti, nowMs: number): WireFields {
  const { purchase, cause, stan } = told;
  const form = mti.startsWith("02") ? "0200" : "0100";
  const fields: Record<string, string> = {
    ...request(purchase, form, nowMs),
    ...adviceFields(told),
    0: mti,
    60: adviceReasons[cause],
  };
  if (cause === "stand_in") fields["121"] = standInAgent;
  // A message of its own has a reference of its own, and names the first one of its chain.
  if (stan !== purchase.trace.stan && told.original !== null) {
    fields["48.63"] = traceOf(purchase.asks.addsTo ?? purchase);
    fields["63.2"] = `AD${stan}`;
    // Beside the name of a chain, status 4 would say that the amount is added to it.
    if (purchase.asks.addsTo === null) fields["61.7"] = "0";
  }
  return fields;
}

function reversal(undo: Undo, mti: ReversalMti, nowMs: number): WireFields {
  const { purchase, replacement } = undo;
  const isAdvice = mti === "0420" || mti === "0421";
  const fields: Record<string, string> = {
    0: mti,
    ...commonFields(purchase, nowMs),
    11: undo.stan,
    ...placeFields(purchase),
    15: monthDay(nowMs),
    39: reasons[undo.cause],
    "48.TCC": categoryCode(purchase),
    "48.63": traceOf(purchase.asks.addsTo ?? purchase),
    "63.1": networkCode,
    "63.2": `RV${undo.stan}`,
    90: originalElements(purchase, undo.of),
  };
  if (isAdvice) fields["60"] = undo.cause === "timeout" ? "4020000" : "4000000";
  if (undo.authorizationCode !== null) fields["38"] = undo.authorizationCode;
  if (replacement !== null) fields["95"] = replacementAmounts(replacement);
  return fields;
}

function networkManagement(code: string, stan: string, nowMs: number): WireFields {
  return { 0: "0800", 7: transmissionTime(nowMs), 11: stan, 33: "9000001", 70: code };
}

const entryModes: Readonly<Record<Entry, string>> = {
  chip: "051",
  contactless: "071",
  stripe: "901",
  ecommerce: "810",
  stored: "100",
};

/** DE48's first character: retail, cash, or without the card. */
function categoryCode({ asks, entry }: Purchase): string {
  if (asks.service === "cash") return "C";
  return isCardPresent(entry) ? "R" : "T";
}

function placeFields({ acceptor, entry }: Purchase): Record<string, string> {
  return {
    22: entryModes[entry],
    33: "9000001",
    43: nameAndPlace(acceptor),
  };
}

/** DE61: who was there, what the terminal reads, and the merchant's own country. */
function terminalData({ acceptor, asks, entry }: Purchase): Record<string, string> {
  const isPresent = isCardPresent(entry);
  const absence = entry === "stored" ? "4" : "5";
  return {
    "61.1": isPresent ? "0" : "1",
    "61.2": "0",
    "61.3": isPresent ? "0" : "2",
    "61.4": isPresent ? "0" : absence,
    "61.5": isPresent ? "0" : "1",
    "61.6": "0",
    "61.7": asks.addsTo !== null || asks.isEstimate ? "4" : asks.service === "verification" ? "8" : "0",
    "61.8": "0",
    "61.9": "0",
    "61.10": isPresent ? "0" : "6",
    "61.11": isPresent ? "3" : "6",
    "61.12": "00",
    "61.13": threeDigits(acceptor.country.number),
  };
}

/** DE48.63: network code, reference and day of the first message of a chain. */
function traceOf(first: Purchase): string {
  return `${networkCode}${reference(first)}${monthDay(first.startedMs)}`;
}

/** Eight characters: with the network code and the date they fill the fifteen of DE48.63. */
function reference(purchase: Purchase): string {
  return purchase.trace.reference;
}

/** Transaction 12, settlement 12, cardholder billing 12, six zeros. */
function replacementAmounts({ amount, billing }: NonNullable<Undo["replacement"]>): string {
  return `${amountDigits(amount)}${"0".repeat(12)}${amountDigits(billing ?? 0n)}000000`;
}

/** Name 22, blank, city 13, blank, then the state where there is one, else the country. */
function nameAndPlace(acceptor: Acceptor): string {
  const region = acceptor.state ?? acceptor.country.alpha3;
  return `${column(acceptor.name, 22)} ${column(acceptor.city, 13)} ${column(region, 3)}`;
}
