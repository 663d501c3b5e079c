import { must } from "../src/kernel/assert.ts";
import type { AmountMessage, MessageFacts, MessageFunction, Purpose } from "./model/messages.ts";
import { type OriginalMti, type Purchase, type Service, isCardPresent } from "./purchase.ts";
import { localTime, monthDay } from "./wire-time.ts";

/** Wall and business time of a message, in milliseconds since 1970. */
export interface Moment {
  readonly wallMs: number;
  readonly businessMs: number;
}

/** What a purchase says of itself, in the words of the model. */
export function factsOf(purchase: Purchase, stan: string, { wallMs, businessMs }: Moment): MessageFacts {
  const { acceptor, trace } = purchase;
  return {
    network: purchase.network,
    pan: purchase.card.pan,
    stan,
    acquirer: acceptor.institution,
    rrn: trace.rrn,
    networkChain: chainOf(purchase.asks.addsTo ?? purchase),
    localDate: monthDay(purchase.startedMs),
    localTime: localTime(purchase.startedMs),
    merchant: { terminal: acceptor.terminal, id: acceptor.merchantId },
    processingCode: purchase.asks.service,
    transactionAmount: purchase.amount,
    transactionCurrency: acceptor.currency,
    wallNowMs: wallMs,
    businessNowMs: businessMs,
  };
}

/** The same of a message about an amount. `mti` without the repeat digit. */
export function amountFactsOf(purchase: Purchase, { mti, stan, ...moment }: AmountName): AmountMessage {
  const { acceptor, billing, card, entry } = purchase;
  return {
    ...factsOf(purchase, stan, moment),
    purpose: purposeOf(purchase, mti),
    billingAmount: billing?.amount ?? null,
    billingCurrency: billing?.currency ?? null,
    conversionRate: billing?.rate ?? null,
    expiry: card.expiry,
    mcc: acceptor.categoryCode,
    merchantCountry: acceptor.country.number,
    presence: isCardPresent(entry) ? "present" : "not_present",
  };
}

interface AmountName extends Moment {
  readonly mti: OriginalMti;
  readonly stan: string;
}

const functions: Readonly<Record<OriginalMti, MessageFunction>> = {
  "0100": "authorization",
  "0120": "advice",
  "0200": "financial",
  "0220": "financial_advice",
};

export function functionOf(mti: OriginalMti): MessageFunction {
  return functions[mti];
}

/** A network names the chain of its messages; between an acquirer and an issuer alone nobody does. */
function chainOf({ network, startedMs, trace }: Purchase): string | null {
  if (network === "visa") return trace.transactionId;
  return network === "mastercard" ? `${trace.reference}${monthDay(startedMs)}` : null;
}

const fuelCategory = "5542";
const fuelRequest = 1_00n;
const purposes: Readonly<Partial<Record<Service, Purpose>>> = { refund: "refund", inquiry: "inquiry" };

function purposeOf({ acceptor, amount, asks, network }: Purchase, mti: OriginalMti): Purpose {
  const named = purposes[asks.service];
  if (named !== undefined) return named;
  const isHeld = mti === "0100" || mti === "0120";
  // Plain ISO 87 has no place to name the chain that it would add to.
  if (asks.addsTo !== null && isHeld && network !== "generic") return "increment";
  const asksIssuer = mti === "0100" || mti === "0200";
  if (amount === 0n && asksIssuer) return "verification";
  const isFuel = mti === "0100" && acceptor.categoryCode === fuelCategory && amount === fuelRequest;
  return isFuel ? "fuel" : "purchase";
}

/** DE4 of a partial approval: as much of what was asked for as of the card's amount, rounded down. */
export function approvedPart(purchase: Purchase, approved: bigint, asked: bigint): bigint {
  return (purchase.amount * approved) / must(asked === 0n ? null : asked, "a part is a part of something");
}
