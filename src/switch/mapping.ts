import { advicesThatApprove } from "../../specs/response-codes.ts";
import type { FlowMarks, Mark } from "../../specs/flow-marks.ts";
import type { MessageFields } from "../../specs/message-fields.ts";
import type { Network } from "../../specs/networks.ts";
import type { RequestResponse } from "../../specs/response-codes.ts";
import type { Proofs } from "../authorizer/proofs.ts";
import type { CardPresence, FinancialRequest, Merchant } from "../authorizer/request.ts";
import type { Message } from "../iso8583/public.ts";
import { type Minor, minor, zero } from "../kernel/money.ts";
import { type Pan, wirePan } from "../kernel/pan.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { cashbackIn } from "./additional-amounts.ts";
import { originalOf, originalStanOf } from "./original-elements.ts";
import { purposeOf } from "./purpose.ts";

/** What the three kinds of network say in different places. */
export interface DialectMapping {
  readonly network: Network;
  readonly marks: FlowMarks;
  /** The network's own name of the chain that a message belongs to (rules: Identity); null where it gives none. */
  networkChain(message: Message): string | null;
  presence(message: Message): CardPresence;
  /** ISO 3166 numeric; 0 where the message does not tell. */
  merchantCountry(message: Message): number;
  /** DE95; null where all of the original is undone. */
  replacement(message: Message): Result<Replacement | null, Refusal>;
}

/** What a partial reversal leaves of its original. */
export interface Replacement {
  readonly amount: Minor;
  /** ISO 4217 numeric; null: the card's own, whatever that is. */
  readonly currency: number | null;
  /** What the message says beside it in DE49, where `amount` is a billing part; null: nothing. */
  readonly transactionAmount: Minor | null;
}

/** Why a request is answered without being asked of anybody, and the data element that is to blame. */
export interface Refusal {
  readonly response: RequestResponse;
  readonly field: number | null;
}

export interface Arrival {
  /** Wall time at the first byte of the frame, in milliseconds. */
  readonly wallNowMs: number;
  readonly businessNowMs: number;
  readonly deadlineMs: number;
}

/** The link's own word, where messages do not say it. */
export interface MappedLink {
  readonly mapping: DialectMapping;
  readonly allowsPartial: boolean;
}

/** What each message about an amount becomes; each operation reads of it what it wants. */
export interface AmountRequest extends FinancialRequest {
  /** DE11 that DE90 names; null where it names none. */
  readonly originalStan: string | null;
  /** Read where the request goes on to be decided. */
  proofs?: Proofs | null;
}

/**
 * A 0100, 0120, 0200 or 0220, or a repeat of one, as a request; `fields` are those of its kind.
 * Written out field by field: put together by spreads, a request cost 13 µs more (22 → 9 µs from chunk to reply, where
 * 128 messages share a chunk and are decided at once).
 */
export function toRequest(
  link: MappedLink,
  fields: MessageFields,
  message: Message,
  arrival: Arrival,
): Result<AmountRequest, Refusal> {
  const { mapping } = link;
  const pan = panOf(message);
  const transactionCurrency = currencyOf(message.get("49"));
  const fault = faultyField(fields, message);
  if (pan === null || transactionCurrency === null || fault !== null) return formatError(fault ?? 49);
  const processingCode = message.get("3") ?? "";
  const transactionAmount = amountOf(message.get("4") ?? "0");
  const isAdvice = message.mti.charAt(2) === "2";
  const isFinancial = message.mti.charAt(1) === "2";
  const mcc = message.get("18") ?? "";
  // Only of use to advices: an element that is not looked up costs a purchase nothing.
  const originalStan = isAdvice ? originalStanOf(message) : null;
  const purpose = purposeOf(processingCode, {
    mayUnlock: !isFinancial && (originalStan === null || originalStan === message.get("11")),
    isAdvice,
    isIncrement: !isFinancial && isIncrement(mapping.marks, message),
    mcc,
    amount: transactionAmount,
    currency: transactionCurrency,
  });
  if (purpose === null) return unsupported;
  // DE6 without DE51 names no money, so the pair counts only as a pair.
  const hasBilling = message.get("6") !== undefined && message.get("51") !== undefined;
  const namedCurrency = hasBilling ? currencyOf(message.get("51")) : null;
  const namedAmount = hasBilling ? amountOf(message.get("6") ?? "0") : null;
  // Nothing would be held for a purchase that costs something.
  const isFree = namedAmount === 0n && transactionAmount !== 0n;
  if (hasBilling && namedCurrency === null && !isAdvice) return formatError(51);
  if (isFree && !isAdvice) return formatError(6);
  // What an advice tells of has happened: what it is billed as in error counts as not said.
  const isBilled = hasBilling && namedCurrency !== null && !isFree;
  const cashbackAmount = isAdvice ? zero : cashbackIn(message, transactionCurrency, mapping.marks.cashback);
  if (cashbackAmount === null || cashbackAmount > transactionAmount) return formatError(54);
  return ok({
    network: mapping.network,
    pan,
    stan: message.get("11") ?? "",
    acquirer: message.get("32") ?? "",
    rrn: message.get("37") ?? "",
    networkChain: mapping.networkChain(message),
    localTime: message.get("12") ?? "",
    localDate: message.get("13") ?? "",
    merchant: merchantOf(message),
    processingCode,
    transactionAmount,
    transactionCurrency,
    purpose,
    door: "wire",
    billingAmount: isBilled ? namedAmount : null,
    billingCurrency: isBilled ? namedCurrency : null,
    conversionRate: isBilled ? (message.get("10") ?? null) : null,
    expiry: message.get("14") ?? trackExpiry(message.get("35")),
    mcc,
    merchantCountry: mapping.merchantCountry(message),
    presence: mapping.presence(message),
    entryMode: message.get("22") ?? "",
    allowsPartial: allowsPartial(link, message),
    cashbackAmount,
    isAdvice,
    isApproved: !isAdvice || isApproval(message.get("39")),
    original: isAdvice ? originalOf(message) : null,
    originalStan,
    settlementDate: isFinancial ? (message.get("15") ?? "") : "",
    wallNowMs: arrival.wallNowMs,
    businessNowMs: arrival.businessNowMs,
    deadlineMs: arrival.deadlineMs,
  });
}

/** The PAN of a message, from DE2 or else from track 2; null where neither has one. */
export function panOf(message: Message): Pan | null {
  const direct = message.get("2");
  if (direct !== undefined && direct !== "") return wirePan(direct);
  const track = message.get("35");
  const separator = track?.indexOf("=") ?? -1;
  return track === undefined || separator < 1 ? null : wirePan(track.slice(0, separator));
}

/** A whole number of minor units from twelve digits of an amount field. */
export function amountOf(text: string): Minor {
  return minor(BigInt(text));
}

export function formatError(field: number): { readonly ok: false; readonly error: Refusal } {
  return fail({ response: "format_error", field });
}

const unsupported = fail<Refusal>({ response: "unsupported_message", field: null });

/** The first data element that such a request cannot do without and this one lacks, or null. */
export function faultyField(fields: MessageFields, message: Message): number | null {
  if (panOf(message) === null) return message.get("35") === undefined ? 2 : 35;
  for (const number of fields.mandatory) {
    if (message.elements[number] === undefined) return number;
  }
  return null;
}

export function merchantOf(message: Message): Merchant {
  return {
    terminal: message.get("41") ?? "",
    id: message.get("42") ?? "",
    nameLocation: message.get("43") ?? "",
  };
}

/** Plain ISO 87 admits letters where every network writes the number of the currency. */
export function currencyOf(text: string | undefined): number | null {
  const number = text === undefined ? Number.NaN : Number(text);
  return Number.isInteger(number) && number > 0 ? number : null;
}

// rules: Holds, Incremental. The mark alone is not enough: a first preauthorization has it too, and names no chain.
function isIncrement({ increment, chain }: FlowMarks, message: Message): boolean {
  if (increment === null || chain === null) return false;
  return message.get(chain) !== undefined && bears(increment, message);
}

function allowsPartial({ mapping, allowsPartial: isUsual }: MappedLink, message: Message): boolean {
  const { partialApproval } = mapping.marks;
  return partialApproval === null ? isUsual : bears(partialApproval, message);
}

/** Whether a message has one of the values of a mark. */
export function bears(mark: Mark, message: Message): boolean {
  const value = message.get(mark.path);
  return value !== undefined && mark.values.includes(value);
}

function isApproval(responseCode: string | undefined): boolean {
  return responseCode === undefined || approvals.has(responseCode);
}

const approvals: ReadonlySet<string> = new Set(advicesThatApprove);

/** YYMM, from behind the separator. */
function trackExpiry(track: string | undefined): string | null {
  if (track === undefined) return null;
  const separator = track.indexOf("=");
  const expiry = track.slice(separator + 1, separator + 5);
  return separator < 1 || expiry.length < 4 || expiry.includes("=") ? null : expiry;
}
