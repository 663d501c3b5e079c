import { visaStyle } from "../specs/dialects/visa-style.ts";
import {
  type AuthorizationMti,
  type NetworkSide,
  type ReversalMti,
  amountDigits,
  cardFields,
  chipTags,
  column,
  commonFields,
  originalElements,
  threeDigits,
} from "./network-side.ts";
import { type Acceptor, type Purchase, type Undo, type WireFields, isCardPresent } from "./purchase.ts";
import { transmissionTime } from "./wire-time.ts";

const networkStation = "000000";
const issuerStation = "412345";
const networkId = "0002";
const reasons = { customer: "2501", timeout: "2503", partial: "2504" } as const;

/** The network's side of a visa-style link. */
export const visaNetwork: NetworkSide = {
  name: "visa",
  dialect: visaStyle,
  framing: "vli",
  stations: { network: networkStation, issuer: issuerStation },
  authorization,
  reversal,
  networkManagement,
};

function authorization(purchase: Purchase, mti: AuthorizationMti, nowMs: number): WireFields {
  const { entry, trace } = purchase;
  const fields: Record<string, string> = {
    0: mti,
    ...commonFields(purchase, nowMs),
    ...cardFields(purchase),
    ...placeFields(purchase),
    "62.1": isCardPresent(entry) ? "E" : "Y",
    "62.2": trace.transactionId,
    "63.1": networkId,
  };
  if (entry === "chip") Object.assign(fields, chipTags(purchase, "55.01"));
  return fields;
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
    "62.2": purchase.trace.transactionId,
    "63.1": networkId,
    "63.3": reasons[undo.cause],
    90: originalElements(undo),
  };
  if (undo.authorizationCode !== null) fields["38"] = undo.authorizationCode;
  if (replacement !== null) fields["95"] = amountDigits(replacement.amount).padEnd(42, "0");
  return fields;
}

function networkManagement(code: string, stan: string, nowMs: number): WireFields {
  return { 0: "0800", 7: transmissionTime(nowMs), 11: stan, "63.1": networkId, 70: code };
}

const entryModes = { chip: "0510", stripe: "0200", ecommerce: "0100" } as const;

/** Where and how: DE19, 22, 25, 43, and DE60 for what the terminal can do and whether it is a web shop. */
function placeFields({ acceptor, entry }: Purchase): Record<string, string> {
  const isPresent = isCardPresent(entry);
  return {
    19: threeDigits(acceptor.acquirerCountry.number),
    22: entryModes[entry],
    25: isPresent ? "00" : "59",
    43: nameAndPlace(acceptor),
    "60.1": isPresent ? "4" : "0",
    "60.2": isPresent ? "5" : "1",
    "60.3": "0",
    "60.4": "0",
    "60.5": "00",
    "60.6": entry === "chip" ? "1" : "0",
    "60.7": "0",
    "60.8": isPresent ? "00" : "07",
  };
}

/** Name 25, city 13, country 2. */
function nameAndPlace(acceptor: Acceptor): string {
  return column(acceptor.name, 25) + column(acceptor.city, 13) + acceptor.country.alpha2;
}
