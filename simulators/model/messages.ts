import { assert } from "../../src/kernel/assert.ts";
import type { Minor } from "../../src/kernel/money.ts";

/** What every message says about itself (rules: Identity of a message, and of a chain). */
export interface MessageFacts {
  readonly network: string;
  readonly pan: string;
  /** DE11. */
  readonly stan: string;
  /** DE32; "" where absent. */
  readonly acquirer: string;
  /** DE37; "" where absent. */
  readonly rrn: string;
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

/** 0100 or 0101. */
export interface AuthorizationMessage extends MessageFacts {
  /** DE6, in minor units of DE51; null where absent. */
  readonly billingAmount: Minor | null;
  readonly billingCurrency: number | null;
  /** DE14 as YYMM; null where absent. */
  readonly expiry: string | null;
  /** DE18. */
  readonly mcc: string;
  /** ISO 3166 numeric; 0 where the message does not tell. */
  readonly merchantCountry: number;
  readonly presence: "present" | "not_present";
  /** Wall time from which a decision is too late, in milliseconds since 1970. */
  readonly deadlineMs: number;
}

/** 0400, 0401 (`isAdvice` false), 0420 or 0421 (`isAdvice` true). */
export interface ReversalMessage extends MessageFacts {
  readonly isAdvice: boolean;
  /** DE11 of the original, from DE90. */
  readonly originalStan: string;
  /** DE95 in minor units of the card currency; null reverses in full. */
  readonly replacementAmount: Minor | null;
}

export function authorizationKey(message: MessageFacts): string {
  return keyOf(message, "authorization", message.stan);
}

export function reversalKey(message: ReversalMessage): string {
  return keyOf(message, message.isAdvice ? "reversal_advice" : "reversal", message.stan);
}

/** The key that the original would have had: the same tuple with the original's function and DE11. */
export function undoKey(message: ReversalMessage): string {
  return keyOf(message, "authorization", message.originalStan);
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
export function cardAmount(message: AuthorizationMessage, cardCurrency: number): Minor | null {
  if (message.transactionCurrency === cardCurrency) return positive(message.transactionAmount);
  if (message.billingCurrency === cardCurrency && message.billingAmount !== null)
    return positive(message.billingAmount);
  return null;
}

function keyOf(message: MessageFacts, messageFunction: string, stan: string): string {
  return [message.network, messageFunction, message.pan, stan, message.acquirer, message.rrn].join("|");
}

function positive(amount: Minor): Minor {
  assert(amount > 0n, "the model decides purchases, whose amount is above zero");
  return amount;
}
