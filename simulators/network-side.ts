import type { DialectSpec } from "../specs/dialect.ts";
import { requestResponses } from "../specs/response-codes.ts";
import { isCardPresent, type NetworkName, type Purchase, type Undo, type WireFields } from "./purchase.ts";
import { localTime, monthDay, transmissionTime, yearMonthDay } from "./wire-time.ts";

/** A message type that asks; the last digit of a repeat is 1. */
export type AuthorizationMti = "0100" | "0101";
export type ReversalMti = "0400" | "0401" | "0420" | "0421";

/** One network's way of saying things to an issuer: complete messages as fields, by dialect and framing. */
export interface NetworkSide {
  readonly name: NetworkName;
  readonly dialect: DialectSpec;
  readonly framing: "vli" | "two-byte-length";
  /** Of the 22-byte header, where the dialect has one. */
  readonly stations: { readonly network: string; readonly issuer: string } | null;
  authorization(purchase: Purchase, mti: AuthorizationMti, nowMs: number): WireFields;
  reversal(undo: Undo, mti: ReversalMti, nowMs: number): WireFields;
  /** 0800 with DE70: 001 sign-on, 002 sign-off, 301 echo. */
  networkManagement(code: string, stan: string, nowMs: number): WireFields;
}

/** Answers that leave a hold behind. */
export function isApproval(responseCode: string): boolean {
  const { approved, approved_in_part } = requestResponses;
  return responseCode === approved.generic || responseCode === approved_in_part.generic;
}

/** What the messages of a purchase have in common on every network. */
export function commonFields(purchase: Purchase, nowMs: number): Record<string, string> {
  const { acceptor, billing } = purchase;
  const fields: Record<string, string> = {
    2: purchase.card.pan,
    3: "000000",
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
  return fields;
}

/** DE2 or not, a card that is read tells its track: PAN, separator, expiry, service code, discretionary data. */
export function cardFields(purchase: Purchase): Record<string, string> {
  const { pan, expiry } = purchase.card;
  const fields: Record<string, string> = { 14: expiry };
  if (isCardPresent(purchase.entry)) fields["35"] = `${pan}=${expiry}201${"1000001230000".slice(0, 29 - pan.length)}`;
  if (purchase.entry === "chip") fields["23"] = "001";
  return fields;
}

/** What a chip says of a purchase; the cryptogram is invented, since no issuer key stands behind it. */
export function chipTags(purchase: Purchase, path: string): Record<string, string> {
  const sequence = Number(purchase.trace.rrn.slice(3));
  const counter = (sequence % 0xffff).toString(16).padStart(4, "0");
  const unpredictable = (Math.imul(sequence, 0x9e3779b1) >>> 0).toString(16).padStart(8, "0");
  const tags: readonly (readonly [string, string])[] = [
    ["9F26", `${unpredictable}5aa5${counter}`],
    ["9F27", "80"],
    ["9F10", "06010a03a0a000"],
    ["9F37", unpredictable],
    ["9F36", counter],
    ["95", "0000008000"],
    ["9A", yearMonthDay(purchase.startedMs)],
    ["9C", "00"],
    ["9F02", amountDigits(purchase.amount)],
    ["5F2A", `0${threeDigits(purchase.acceptor.currency)}`],
    ["82", "3900"],
    ["9F1A", `0${threeDigits(purchase.acceptor.country.number)}`],
    ["9F03", "000000000000"],
  ];
  return Object.fromEntries(tags.map(([tag, hex]) => [`${path}.${tag}`, `hex:${hex}`]));
}

/** DE90: what is undone, by type, STAN, time, acquirer and forwarder. */
export function originalElements({ purchase }: Undo): string {
  const { trace, acceptor, startedMs } = purchase;
  return `0100${trace.stan}${transmissionTime(startedMs)}${acceptor.institution.padStart(11, "0")}${"0".repeat(11)}`;
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
