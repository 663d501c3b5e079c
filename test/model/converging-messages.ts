import { minor } from "../../src/kernel/money.ts";
import type { Pan } from "../../src/kernel/pan.ts";
import type {
  AdviceRequest,
  AuthorizationRequest,
  FinancialRequest,
  ReversalRequest,
} from "../../src/authorizer/request.ts";
import type { Model } from "../../simulators/model/model.ts";
import { type SpendingControls, noControls } from "../../simulators/model/program.ts";
import { farExpiry } from "./first-program.ts";
import { type MessageOperation, type Operation, type ProgramChange, deadlineAheadMs } from "./operations.ts";

const noonMs = Date.UTC(2026, 3, 15, 12);
export const noon = { wallNowMs: noonMs, businessNowMs: noonMs };

/** An account with 1,000.00 dollars and one card, whose limit counts. */
export function accountOfItsOwn(no: number, pan: Pan, asksEndpoint = false): Operation[] {
  const limit = { amount: minor(50_000n), interval: "monthly", categories: [] } as const;
  const controls: SpendingControls = { ...noControls, limits: [limit] };
  const cardholder = { cardholder: `holder-${no}`, account: `account-${no}`, status: "active" } as const;
  const card = { card: `card-${no}`, cardholder: `holder-${no}`, pan, expiry: farExpiry, status: "active" } as const;
  const changes: ProgramChange[] = [
    {
      kind: "add_account",
      account: { account: `account-${no}`, currency: 840, isEnabled: true, allowsPartial: false, asksEndpoint: false },
    },
    { kind: "asks_endpoint", account: `account-${no}`, asksEndpoint },
    { kind: "fund", account: `account-${no}`, amount: minor(100_000n) },
    { kind: "add_cardholder", cardholder: { ...cardholder, isVerificationDue: false, controls: noControls } },
    { kind: "add_card", card: { ...card, controls, program: "standard", replacement: null } },
  ];
  return changes.map((change) => ({ kind: "change", change, ...noon }));
}

export function ledgerOf(model: Model, no: number): string {
  const { available, held } = model.program.account(`account-${no}`);
  const spent = model.countersOf(model.program.card(`card-${no}`)).map((counter) => counter.spent);
  return `${available} available, ${held} held, open ${model.openHolds(`card-${no}`).join(" ")}, spent ${spent.join(" ")}`;
}

export function purchase(pan: AuthorizationRequest["pan"]): AuthorizationRequest {
  return {
    ...noon,
    door: "wire",
    purpose: "purchase",
    network: "visa",
    pan,
    stan: "000001",
    acquirer: "400012",
    rrn: "610512000001",
    networkChain: "306105000000001",
    localTime: "120000",
    localDate: "0415",
    merchant: { terminal: "TERM0001", id: "SHOP", nameLocation: "SHOP" },
    processingCode: "000000",
    transactionAmount: minor(10_000n),
    transactionCurrency: 840,
    billingAmount: null,
    billingCurrency: null,
    conversionRate: null,
    expiry: null,
    mcc: "5812",
    merchantCountry: 840,
    presence: "present",
    entryMode: "051",
    allowsPartial: false,
    cashbackAmount: minor(0n),
    deadlineMs: deadlineAheadMs,
  };
}

export function authorized(request: AuthorizationRequest): MessageOperation {
  return { kind: "authorize", request };
}

export function advised(request: AdviceRequest | AuthorizationRequest): MessageOperation {
  return { kind: "advise", request: { ...request, isApproved: true, originalStan: null } };
}

export function posted(request: AuthorizationRequest, isAdvice: boolean): MessageOperation {
  const single = {
    isAdvice,
    isApproved: true,
    original: null,
    settlementDate: "0416",
  } satisfies Partial<FinancialRequest>;
  return { kind: "post", request: { ...request, ...single } };
}

export function reversalOf(request: AuthorizationRequest, named: "authorization" | "financial"): ReversalRequest {
  const original = { stan: request.stan, function: named };
  const full = { mcc: null, replacementAmount: null, replacementCurrency: null };
  return { ...request, ...full, stan: "000009", isAdvice: true, original };
}
