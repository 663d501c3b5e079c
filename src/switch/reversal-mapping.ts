import type { MessageFields } from "../../specs/message-fields.ts";
import type { ReversalRequest } from "../authorizer/request.ts";
import type { Message } from "../iso8583/public.ts";
import { type Result, ok } from "../kernel/result.ts";
import {
  type Arrival,
  type DialectMapping,
  type Refusal,
  type Replacement,
  amountOf,
  currencyOf,
  faultyField,
  formatError,
  merchantOf,
  panOf,
} from "./mapping.ts";
import { originalOf } from "./original-elements.ts";

/** A 0400, 0420 or a repeat of one as a request. It is served whatever its processing code says. */
export function toReversal(
  mapping: DialectMapping,
  fields: MessageFields,
  message: Message,
  arrival: Omit<Arrival, "deadlineMs">,
): Result<ReversalRequest, Refusal> {
  const pan = panOf(message);
  const transactionCurrency = currencyOf(message.get("49"));
  const fault = faultyField(fields, message);
  if (pan === null || transactionCurrency === null || fault !== null) return formatError(fault ?? 49);
  const replacement = mapping.replacement(message);
  if (!replacement.ok) return replacement;
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
    processingCode: message.get("3") ?? "",
    transactionAmount: amountOf(message.get("4") ?? "0"),
    transactionCurrency,
    isAdvice: message.mti.charAt(2) === "2",
    original: originalOf(message),
    mcc: message.get("18") ?? null,
    replacementAmount: replacement.value?.amount ?? null,
    replacementCurrency: replacement.value?.currency ?? null,
    transactionReplacement: replacement.value?.transactionAmount ?? null,
    wallNowMs: arrival.wallNowMs,
    businessNowMs: arrival.businessNowMs,
  });
}

/**
 *   | transaction 12 | not used 30 |        DE95, visa-style and plain ISO 87
 *
 * Where the card has another currency, the hold's own rate converts it, and that is the function's to know (rules:
 * Holds, Reversal).
 */
export function replacementFromTransaction(message: Message): Result<Replacement | null, Refusal> {
  const field = message.get("95");
  if (field === undefined) return ok(null);
  const digits = field.slice(0, 12);
  if (!isAmount(digits)) return formatError(95);
  const amount = amountOf(digits);
  if (amount === 0n) return ok(null);
  return ok({ amount, currency: currencyOf(message.get("49")), transactionAmount: null });
}

/**
 *   | transaction 12 | settlement 12 | cardholder billing 12 | zeros 6 |        DE95, mastercard-style
 *
 * Billing is the card's currency where DE51 says so; it is empty where the transaction was in the card's currency.
 */
export function replacementFromBilling(message: Message): Result<Replacement | null, Refusal> {
  const field = message.get("95");
  if (field === undefined) return ok(null);
  const billing = amountOf(field.slice(24, 36));
  const transaction = amountOf(field.slice(0, 12));
  const transactionAmount = transaction === 0n ? null : transaction;
  if (billing > 0n) return ok({ amount: billing, currency: currencyOf(message.get("51")), transactionAmount });
  if (transactionAmount === null) return ok(null);
  return ok({ amount: transactionAmount, currency: currencyOf(message.get("49")), transactionAmount: null });
}

// The dialects admit letters in DE95, since its other parts are not used.
function isAmount(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return false;
  }
  return text.length === 12;
}
