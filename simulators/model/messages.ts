import { assert } from "../../src/kernel/assert.ts";
import type { Minor } from "../../src/kernel/money.ts";

/** What a message asks for: its MTI without the repeat digit. */
export type MessageFunction =
  | "authorization"
  | "advice"
  | "financial"
  | "financial_advice"
  | "reversal"
  | "reversal_advice";

/** What an amount is for, as the fields of the message say it. */
export type Purpose = "purchase" | "increment" | "fuel" | "refund" | "verification" | "inquiry";

/** The tuple that names a message, beside its function (rules: Identity of a message, and of a chain). */
export interface MessageTuple {
  readonly network: string;
  readonly pan: string;
  /** DE11. */
  readonly stan: string;
  /** DE32; "" where absent. */
  readonly acquirer: string;
  /** DE37; "" where absent. */
  readonly rrn: string;
}

/** What every message says about itself. */
export interface MessageFacts extends MessageTuple {
  /** The id that the network gives to all messages of one chain; null: it gives none. */
  readonly networkChain: string | null;
  /** DE13 and DE12 as sent. */
  readonly localDate: string;
  readonly localTime: string;
  /** DE41 and DE42. */
  readonly merchant: { readonly terminal: string; readonly id: string };
  /** DE3. */
  readonly processingCode: string;
  /** DE4, in minor units of DE49. */
  readonly transactionAmount: Minor;
  /** DE49, ISO 4217 numeric. */
  readonly transactionCurrency: number;
  /** Wall time of arrival, in milliseconds since 1970. */
  readonly wallNowMs: number;
  /** Business time of arrival, in milliseconds since 1970. */
  readonly businessNowMs: number;
}

/** What a message about an amount says beyond that: 0100, 0120, 0200 and 0220. */
export interface AmountMessage extends MessageFacts {
  readonly purpose: Purpose;
  /** DE6, in minor units of DE51; null where absent. */
  readonly billingAmount: Minor | null;
  readonly billingCurrency: number | null;
  /** DE10 as its eight digits; null where absent. */
  readonly conversionRate: string | null;
  /** DE14 as YYMM; null where absent. */
  readonly expiry: string | null;
  /** DE18. */
  readonly mcc: string;
  /** ISO 3166 numeric; 0 where the message does not tell. */
  readonly merchantCountry: number;
  readonly presence: "present" | "not_present";
}

/** What a request says that may be refused. */
interface Askable {
  /** The terminal can take less than it asked for. */
  readonly allowsPartial: boolean;
  /** The part of DE4 that is paid out in cash, in the same currency; 0 where none is. */
  readonly cashbackAmount: Minor;
  /** Wall time from which a decision is too late, in milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** 0100 or 0101. */
export interface AuthorizationMessage extends AmountMessage, Askable {}

/** 0120 or 0121: what the network has answered in our place. */
export interface AdviceMessage extends AmountMessage {
  /** Its own DE39 says that it was approved. */
  readonly isApproved: boolean;
  /** DE11 of the original, from DE90; null where it has none: the advice then bears the original's own. */
  readonly originalStan: string | null;
}

/** The original that DE90 names: its DE11, and its function where the MTI in DE90 tells it. */
export interface OriginalName {
  readonly stan: string;
  readonly function: MessageFunction | null;
}

/** 0200 or 0201 (`isAdvice` false), 0220 or 0221 (`isAdvice` true). */
export interface FinancialMessage extends AmountMessage, Askable {
  readonly isAdvice: boolean;
  /** Its own DE39 says that it was approved; a request is always. */
  readonly isApproved: boolean;
  readonly original: OriginalName | null;
}

/** 0400, 0401 (`isAdvice` false), 0420 or 0421 (`isAdvice` true). */
export interface ReversalMessage extends MessageFacts {
  readonly isAdvice: boolean;
  readonly original: OriginalName | null;
  /** DE95, in minor units of `replacementCurrency`; null reverses in full. */
  readonly replacementAmount: Minor | null;
  /** ISO 4217 numeric; null: the card's own. */
  readonly replacementCurrency: number | null;
}

/** The name of a message: function and tuple. */
export function keyOf(message: MessageTuple, messageFunction: MessageFunction, stan: string = message.stan): string {
  return [message.network, messageFunction, message.pan, stan, message.acquirer, message.rrn].join("|");
}

/** The name of a chain; null where the network gives none. */
export function chainOf({ network, networkChain }: MessageFacts): string | null {
  return networkChain === null ? null : `${network}|${networkChain}`;
}

/** Function by the MTI in DE90: a 0120 stands in for a 0100, whose key it bears. */
export function originalFunction(original: OriginalName | null): MessageFunction | null {
  const told = original?.function ?? null;
  return told === "advice" ? "authorization" : told;
}

/** What has to be the same again in a true repeat; anything else may be restamped. */
export function fingerprint(message: MessageFacts): string {
  return [
    message.localDate,
    message.localTime,
    message.merchant.terminal,
    message.merchant.id,
    message.transactionAmount,
    message.transactionCurrency,
    message.processingCode,
  ].join("|");
}

/** Rules, Holds: DE4 where DE49 is the card's currency, else DE6 where DE51 is; null asks for a conversion rate. */
export function toldAmount(message: AmountMessage, cardCurrency: number): Minor | null {
  if (message.transactionCurrency === cardCurrency) return notNegative(message.transactionAmount);
  if (message.billingCurrency === cardCurrency && message.billingAmount !== null)
    return notNegative(message.billingAmount);
  return null;
}

function notNegative(amount: Minor): Minor {
  assert(amount >= 0n, "a message's amount is not below zero");
  return amount;
}
