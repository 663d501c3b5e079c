import { amountTypes } from "../../specs/additional-amounts.ts";
import type { Message } from "../iso8583/public.ts";
import { type Minor, minor } from "../kernel/money.ts";
import { additionalAmounts } from "./additional-amounts.ts";

export type AnsweredAmounts =
  /** Less than was asked for; both in minor units of the card currency. */
  | { readonly kind: "part"; readonly approved: Minor; readonly asked: Minor }
  /** Those of an inquiry, in minor units of `currency` (ISO 4217 numeric). */
  | { readonly kind: "balances"; readonly ledger: Minor; readonly available: Minor; readonly currency: number };

/** Writes into an answer, which has its request's fields already, what a partial approval or an inquiry adds. */
export function writeAmounts(reply: Message, request: Message, amounts: AnsweredAmounts): void {
  if (amounts.kind === "balances") reply.set("54", balances(request, amounts));
  else writePart(reply, request, amounts);
}

/**
 * rules: Holds, Partial approval. DE4 is the part in the transaction's currency, rounded down, so that nobody hands out
 * more than is held; what was asked for goes into DE54. DE6 in the card's currency comes out exact.
 */
function writePart(reply: Message, request: Message, part: { approved: Minor; asked: Minor }): void {
  const transaction = minor(BigInt(request.get("4") ?? "0"));
  const currency = Number(request.get("49"));
  const accountType = accountTypeOf(request);
  const original = { accountType, amountType: amountTypes.original, sign: "D" } as const;
  const originals = [{ ...original, currency, amount: transaction }];
  reply.set("4", amountText(approvedPart(transaction, part)));
  const billed = request.get("6");
  const billingCurrency = request.get("51");
  if (billed !== undefined && billingCurrency !== undefined) {
    const billing = minor(BigInt(billed));
    reply.set("6", amountText(approvedPart(billing, part)));
    if (Number(billingCurrency) !== currency) {
      originals.push({ ...original, currency: Number(billingCurrency), amount: billing });
    }
  }
  reply.set("54", additionalAmounts(originals));
}

/** What of an amount of the request, in minor units of its own currency, is approved: rounded down. */
export function approvedPart(amount: Minor, { approved, asked }: { approved: Minor; asked: Minor }): Minor {
  return minor((amount * approved) / asked);
}

function amountText(amount: Minor): string {
  return String(amount).padStart(12, "0");
}

function balances(request: Message, amounts: { ledger: Minor; available: Minor; currency: number }): string {
  const { currency } = amounts;
  const accountType = accountTypeOf(request);
  return additionalAmounts([
    { accountType, amountType: amountTypes.ledger, currency, sign: signOf(amounts.ledger), amount: amounts.ledger },
    {
      accountType,
      amountType: amountTypes.available,
      currency,
      sign: signOf(amounts.available),
      amount: amounts.available,
    },
  ]);
}

/** Money that the cardholder has is C, what he owes D. */
function signOf(amount: Minor): "C" | "D" {
  return amount < 0n ? "D" : "C";
}

/** Digits 3 and 4 of DE3: the account that is debited, or asked about. */
function accountTypeOf(request: Message): string {
  return request.get("3")?.slice(2, 4) ?? "00";
}
