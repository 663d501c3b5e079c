import { minor } from "../../../src/kernel/money.ts";
import type {
  AdviceMessage,
  AuthorizationMessage,
  FinancialMessage,
  MessageFacts,
  ReversalMessage,
} from "../../../simulators/model/messages.ts";
import type { EndpointCheck } from "../../../simulators/model/checks.ts";
import type { ClearingMessage } from "../../../simulators/model/clearing.ts";
import { keyOf } from "../../../simulators/model/messages.ts";
import { Model, type SettlingOrder } from "../../../simulators/model/model.ts";
import {
  type NewCard,
  type SpendingControls,
  type SpendingLimit,
  noControls,
} from "../../../simulators/model/program.ts";
import type { Interval } from "../../../simulators/model/windows.ts";

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;
/** Wednesday 2026-04-15, 12:00 UTC. */
export const noonMs = Date.UTC(2026, 3, 15, 12);
export const usd = 840;
export const pan = "4000000000000010";

const categories: Readonly<Record<string, string>> = {
  "5812": "restaurants",
  "5411": "groceries",
  "4111": "transit",
};

/** One account with 10,000.00 dollars, one active cardholder, one active card without limits of its own. */
export function smallModel(): Model {
  const model = new Model({
    categoryOf: (mcc) => categories[mcc] ?? "miscellaneous",
    decimalsOf: () => 2,
  });
  model.program.addAccount({
    account: "acct",
    currency: usd,
    isEnabled: true,
    allowsPartial: false,
    asksEndpoint: false,
  });
  const holder = {
    cardholder: "holder",
    account: "acct",
    status: "active",
    isVerificationDue: false,
  } as const;
  model.program.addCardholder({ ...holder, controls: noControls });
  model.program.addCard(newCard({}));
  model.fund("acct", minor(1_000_000n));
  return model;
}

export function newCard(change: Partial<NewCard>): NewCard {
  const basis = {
    card: "card",
    cardholder: "holder",
    pan,
    expiry: "3012",
    status: "active",
    controls: noControls,
  } as const;
  return { ...basis, program: "standard", replacement: null, ...change };
}

export function limited(
  amount: number,
  interval: Interval | "per_authorization",
  categories: string[] = [],
): SpendingControls {
  const limit: SpendingLimit = { amount: minor(amount), interval, categories };
  return { ...noControls, limits: [limit] };
}

type Change<M> = Partial<M> & {
  readonly amount?: number;
  readonly atMs?: number;
};

/** A purchase of 100.00 dollars in a restaurant; every one has its own STAN unless it is told another. */
export function purchase({
  amount = 10_000,
  atMs = noonMs,
  ...change
}: Change<AuthorizationMessage>): AuthorizationMessage {
  return {
    ...facts(amount, atMs),
    purpose: "purchase",
    billingAmount: null,
    billingCurrency: null,
    conversionRate: null,
    expiry: null,
    mcc: "5812",
    merchantCountry: 840,
    presence: "present",
    allowsPartial: false,
    cashbackAmount: minor(0n),
    deadlineMs: atMs + 1_500,
    ...change,
  };
}

/** A full reversal (0420) of a message, of which DE90 tells STAN and function. */
export function reversalOf(
  original: MessageFacts,
  { atMs = original.wallNowMs, ...change }: Change<ReversalMessage>,
): ReversalMessage {
  return {
    ...facts(Number(original.transactionAmount), atMs),
    ...tupleOf(original),
    isAdvice: true,
    original: { stan: original.stan, function: "authorization" },
    replacementAmount: null,
    replacementCurrency: null,
    ...change,
  };
}

/** A 0120 that tells of the stand-in for a purchase: approved, and with the purchase's own STAN. */
export function adviceOf(
  original: AuthorizationMessage,
  { amount, atMs = original.wallNowMs, ...change }: Change<AdviceMessage>,
): AdviceMessage {
  const times = { wallNowMs: atMs, businessNowMs: atMs };
  const transactionAmount = amount === undefined ? original.transactionAmount : minor(amount);
  return { ...original, ...times, transactionAmount, isApproved: true, originalStan: null, ...change };
}

/** A 0200 over 100.00 dollars. */
export function single(change: Change<FinancialMessage>): FinancialMessage {
  return { ...purchase(change), isAdvice: false, isApproved: true, original: null, ...change };
}

/** A 0220 about a message, with its STAN. */
export function singleAdviceOf(
  original: AuthorizationMessage,
  { amount, atMs = original.wallNowMs, ...change }: Change<FinancialMessage>,
): FinancialMessage {
  const times = { wallNowMs: atMs, businessNowMs: atMs };
  const transactionAmount = amount === undefined ? original.transactionAmount : minor(amount);
  const advice = { isAdvice: true, isApproved: true, original: null } as const;
  return { ...original, ...times, transactionAmount, ...advice, ...change };
}

/** A record of clearing over 100.00 dollars at a restaurant, of the hold of a message or of none. */
export function clearingOf(
  original: AuthorizationMessage | null,
  { amount = 10_000, atMs = noonMs, ...change }: Change<Omit<ClearingMessage, "amount">> = {},
): ClearingMessage {
  return {
    card: "card",
    key: nextStan(),
    fingerprint: "as first told",
    kind: "capture",
    amount: minor(amount),
    isFinal: true,
    authorization: original === null ? null : { key: keyOf(original, "authorization"), mcc: original.mcc },
    mcc: "5812",
    wallNowMs: atMs,
    businessNowMs: atMs,
    ...change,
  };
}

/** The endpoint's word on a message that waits: all of it unless told another amount or a check. */
export function settlingOf(
  original: AuthorizationMessage,
  { atMs = original.wallNowMs, ...verdict }: { atMs?: number } & ({ amount?: number } | { check: EndpointCheck }),
): SettlingOrder {
  const approved = "check" in verdict ? 0n : (verdict.amount ?? original.transactionAmount);
  return {
    chain: "card",
    messageKey: keyOf(original, "authorization"),
    verdict: "check" in verdict ? { check: verdict.check } : { approvedAmount: minor(approved) },
    wallNowMs: atMs,
    businessNowMs: atMs,
  };
}

/** The same program, whose account has a real-time endpoint. */
export function askingModel(): Model {
  const model = smallModel();
  model.program.account("acct").asksEndpoint = true;
  return model;
}

/** A STAN that no message of a test has had yet. */
export function nextStan(): string {
  return String(++stans).padStart(6, "0");
}

let stans = 0;

function tupleOf({ network, pan, acquirer, rrn, networkChain }: MessageFacts) {
  return { network, pan, acquirer, rrn, networkChain };
}

function facts(amount: number, atMs: number): MessageFacts {
  const stan = nextStan();
  return {
    network: "visa",
    pan,
    stan,
    acquirer: "123456",
    rrn: `R${stan}`,
    networkChain: null,
    localDate: "0415",
    localTime: "120000",
    merchant: { terminal: "T1", id: "M1" },
    processingCode: "000000",
    transactionAmount: minor(amount),
    transactionCurrency: usd,
    wallNowMs: atMs,
    businessNowMs: atMs,
  };
}
