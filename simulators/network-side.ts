import type { DialectSpec } from "../specs/dialect.ts";
import { requestResponses } from "../specs/response-codes.ts";
import {
  type Acceptor,
  type Advice,
  type NetworkName,
  type OriginalMti,
  type Purchase,
  type Service,
  type Undo,
  type WireFields,
  isCardPresent,
} from "./purchase.ts";
import { localTime, monthDay, transmissionTime, yearMonthDay } from "./wire-time.ts";

/** A message type that asks; the last digit of a repeat is 1. */
export type AuthorizationMti = "0100" | "0101";
export type FinancialMti = "0200" | "0201";
export type AdviceMti = "0120" | "0121" | "0220" | "0221";
export type ReversalMti = "0400" | "0401" | "0420" | "0421";

/** One network's way of saying things to an issuer: complete messages as fields, by dialect and framing. */
export interface NetworkSide {
  readonly name: NetworkName;
  readonly dialect: DialectSpec;
  readonly framing: "vli" | "two-byte-length";
  /** Of the 22-byte header, where the dialect has one. */
  readonly stations: { readonly network: string; readonly issuer: string } | null;
  /** A 0100 or 0200: `mti` says whether money is held or moves at once. */
  request(purchase: Purchase, mti: AuthorizationMti | FinancialMti, nowMs: number): WireFields;
  advice(advice: Advice, mti: AdviceMti, nowMs: number): WireFields;
  reversal(undo: Undo, mti: ReversalMti, nowMs: number): WireFields;
  /** 0800 with DE70: 001 sign-on, 002 sign-off, 301 echo, 201 cutover, 101 key change. */
  networkManagement(code: string, stan: string, nowMs: number): WireFields;
}

/** Answers that leave a hold behind, or say that there is nothing against the card. */
export function isApproval(responseCode: string): boolean {
  return approvals.has(responseCode);
}

const { approved, approved_in_part, approved_without_cashback, account_verified } = requestResponses;
const approvals: ReadonlySet<string> = new Set(
  [approved, approved_in_part, approved_without_cashback, account_verified].flatMap((codes) => Object.values(codes)),
);

/** What the messages of a purchase have in common on every network. */
export function commonFields(purchase: Purchase, nowMs: number): Record<string, string> {
  const { acceptor, billing } = purchase;
  const fields: Record<string, string> = {
    2: purchase.card.pan,
    3: processingCodes[purchase.asks.service],
    4: amountDigits(purchase.amount),
    7: transmissionTime(nowMs),
    11: purchase.trace.stan,
    12: localTime(purchase.startedMs),
    13: monthDay(purchase.startedMs),
    18: acceptor.categoryCode,
    32: acceptor.institution,
    37: purchase.trace.rrn,
    41: acceptor.terminal.padEnd(8),
    42: acceptor.merchantId.padEnd(15),
    49: threeDigits(acceptor.currency),
  };
  if (billing !== null) {
    fields["6"] = amountDigits(billing.amount);
    fields["10"] = billing.rate;
    fields["51"] = threeDigits(billing.currency);
  }
  if (purchase.asks.cashback > 0n) fields["54"] = cashbackGroup(purchase.asks.cashback, acceptor);
  return fields;
}

const processingCodes: Readonly<Record<Service, string>> = {
  goods: "000000",
  goods_and_cash: "090000",
  cash: "010000",
  refund: "200000",
  verification: "000000",
  inquiry: "310000",
};

/** DE54: account type 00, amount type 40 (cashback), currency, D for debit, amount. */
function cashbackGroup(cashback: bigint, { currency }: Acceptor): string {
  return `0040${threeDigits(currency)}D${amountDigits(cashback)}`;
}

/** What an advice says that no request does: its own DE11, the answer that it tells, and what it speaks of. */
export function adviceFields({ purchase, stan, original, responseCode, authorizationCode }: Advice): WireFields {
  const fields: Record<string, string> = { 11: stan, 39: responseCode };
  if (authorizationCode !== null) fields["38"] = authorizationCode;
  if (original !== null) fields["90"] = originalElements(purchase, original);
  return fields;
}

/** DE2 or not, a card that is read tells its track: PAN, separator, expiry, service code, discretionary data. */
export function cardFields(purchase: Purchase): Record<string, string> {
  const { pan, expiry } = purchase.card;
  const fields: Record<string, string> = { 14: expiry };
  if (isCardPresent(purchase.entry)) fields["35"] = `${pan}=${expiry}201${"1000001230000".slice(0, 29 - pan.length)}`;
  if (hasChip(purchase.entry)) fields["23"] = "001";
  return fields;
}

export function hasChip(entry: Purchase["entry"]): boolean {
  return entry === "chip" || entry === "contactless";
}

/** What a chip says of a purchase; the cryptogram is invented, since no issuer key stands behind it. */
export function chipTags(purchase: Purchase, path: string): Record<string, string> {
  const sequence = Number(purchase.trace.rrn.slice(3));
  const counter = (sequence % 0xffff).toString(16).padStart(4, "0");
  const unpredictable = (Math.imul(sequence, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
  const tags: readonly (readonly [string, string])[] = [
    ["9F26", `${unpredictable}5aa5${counter}`],
    ["9F27", "80"],
    // Nobody has keys for made-up cryptograms: version 00 says so, and no issuer verifies it.
    ["9F10", "06010003a0a000"],
    ["9F37", unpredictable],
    ["9F36", counter],
    ["95", "0000008000"],
    ["9A", yearMonthDay(purchase.startedMs)],
    ["9C", processingCodes[purchase.asks.service].slice(0, 2)],
    ["9F02", amountDigits(purchase.amount)],
    ["5F2A", `0${threeDigits(purchase.acceptor.currency)}`],
    ["82", "3900"],
    ["9F1A", `0${threeDigits(purchase.acceptor.country.number)}`],
    ["9F03", "000000000000"],
  ];
  return Object.fromEntries(tags.map(([tag, hex]) => [`${path}.${tag}`, `hex:${hex}`]));
}

/** DE90: what is spoken of, by type, STAN, time, acquirer and forwarder. */
export function originalElements({ trace, acceptor, startedMs }: Purchase, mti: OriginalMti): string {
  return `${mti}${trace.stan}${transmissionTime(startedMs)}${acceptor.institution.padStart(11, "0")}${"0".repeat(11)}`;
}

export function amountDigits(amount: bigint): string {
  return String(amount).padStart(12, "0");
}

export function threeDigits(number: number): string {
  return String(number).padStart(3, "0");
}

/** Cut or filled with blanks to exactly `length` characters. */
export function column(text: string, length: number): string {
  return text.slice(0, length).padEnd(length);
}
