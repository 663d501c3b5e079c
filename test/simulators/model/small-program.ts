import { minor } from "../../../src/kernel/money.ts";
import type { AuthorizationMessage, ReversalMessage } from "../../../simulators/model/messages.ts";
import { Model } from "../../../simulators/model/model.ts";
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
  model.program.addAccount({ account: "acct", currency: usd, isEnabled: true });
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
    billingAmount: null,
    billingCurrency: null,
    expiry: null,
    mcc: "5812",
    merchantCountry: 840,
    presence: "present",
    deadlineMs: atMs + 1_500,
    ...change,
  };
}

/** A full reversal (0420) of a purchase. */
export function reversalOf(
  original: AuthorizationMessage,
  { atMs = original.wallNowMs, ...change }: Change<ReversalMessage>,
): ReversalMessage {
  return {
    ...facts(Number(original.transactionAmount), atMs),
    network: original.network,
    pan: original.pan,
    acquirer: original.acquirer,
    rrn: original.rrn,
    isAdvice: true,
    originalStan: original.stan,
    replacementAmount: null,
    ...change,
  };
}

let stans = 0;

function facts(
  amount: number,
  atMs: number,
): Omit<
  AuthorizationMessage,
  "expiry" | "mcc" | "merchantCountry" | "presence" | "deadlineMs" | "billingAmount" | "billingCurrency"
> {
  const stan = String(++stans).padStart(6, "0");
  return {
    network: "visa",
    pan,
    stan,
    acquirer: "123456",
    rrn: `R${stan}`,
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
