import { currencyOf } from "../../src/app/program-access.ts";
import type {
  AdviceDecision,
  AuthorizationDecision,
  FinancialDecision,
  ReversalDecision,
} from "../../src/authorizer/decision.ts";
import type {
  AdviceRequest,
  AuthorizationRequest,
  FinancialRequest,
  ReversalRequest,
} from "../../src/authorizer/request.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { minor } from "../../src/kernel/money.ts";
import type { Pan } from "../../src/kernel/pan.ts";
import { noControls } from "../../src/ledger/limits.ts";
import { createAccount } from "../../src/resources/accounts/accounts.ts";
import { topUp } from "../../src/resources/balances/topups.ts";
import { createCardholder, plainCardholder } from "../../src/resources/issuing/cardholders.ts";
import { type NewCard, createCard } from "../../src/resources/issuing/cards.ts";
import type { TestEngine } from "./engine.ts";

export interface SmallProgram {
  readonly account: Place;
  readonly cardholder: Place;
  readonly card: Place;
  readonly pan: Pan;
}

/** One account with `funds` cents, one cardholder, one active card of plain controls. */
export async function smallProgram(
  test: TestEngine,
  funds = 1_000_00n,
  card: Partial<NewCard> = {},
  shard = 0,
): Promise<SmallProgram> {
  const { program } = test.access;
  const usd = currencyOf("usd");
  const account = await createAccount(program, shard, { businessName: "Test Inc", country: "US", currency: "usd" });
  if (funds > 0n) await topUp(program, account, { amount: minor(funds), currency: usd });
  const cardholder = await createCardholder(program, account, plainCardholder("Ada Test", "US"));
  const created = await createCard(program, account, {
    cardholder: cardholder.no,
    currency: usd,
    network: "visa",
    type: "virtual",
    status: "active",
    cancellationReason: null,
    expMonth: 12,
    expYear: 2031,
    program: "standard",
    controls: noControls,
    pan: null,
    ...card,
  });
  return { account, cardholder, card: created.place, pan: created.pan };
}

let stan = 0;

/** A purchase with a STAN and RRN of its own. */
export function purchase(
  test: TestEngine,
  pan: Pan,
  cents: bigint,
  more: Partial<AuthorizationRequest> = {},
): AuthorizationRequest {
  stan = (stan + 1) % 1_000_000;
  const digits = String(stan).padStart(6, "0");
  const now = test.clock.wallNow();
  return {
    door: "wire",
    network: "generic",
    pan,
    expiry: null,
    stan: digits,
    acquirer: "400001",
    rrn: `R${digits.padStart(11, "0")}`,
    networkChain: null,
    localTime: "101500",
    localDate: "1122",
    merchant: { terminal: "TERM0001", id: "MERCHANT0000001", nameLocation: "CORNER SHOP           PORTLAND     US" },
    processingCode: "000000",
    transactionAmount: minor(cents),
    transactionCurrency: 840,
    billingAmount: null,
    billingCurrency: null,
    conversionRate: null,
    purpose: "purchase",
    allowsPartial: false,
    cashbackAmount: minor(0),
    mcc: "5411",
    merchantCountry: 840,
    presence: "present",
    entryMode: "051",
    wallNowMs: now,
    businessNowMs: test.clock.businessNow(),
    deadlineMs: now + 5_000,
    ...more,
  };
}

/** The reversal of a purchase, in full unless told otherwise. */
export function reversalOf(original: AuthorizationRequest, more: Partial<ReversalRequest> = {}): ReversalRequest {
  return {
    network: original.network,
    pan: original.pan,
    stan: original.stan,
    acquirer: original.acquirer,
    rrn: original.rrn,
    networkChain: original.networkChain,
    localTime: original.localTime,
    localDate: original.localDate,
    merchant: original.merchant,
    processingCode: original.processingCode,
    transactionAmount: original.transactionAmount,
    transactionCurrency: original.transactionCurrency,
    wallNowMs: original.wallNowMs,
    businessNowMs: original.businessNowMs,
    isAdvice: false,
    original: { stan: original.stan, function: "authorization" },
    mcc: original.mcc,
    replacementAmount: null,
    replacementCurrency: null,
    ...more,
  };
}

export function authorize(test: TestEngine, request: AuthorizationRequest): Promise<AuthorizationDecision> {
  return new Promise((resolve) => {
    test.engine.authorizer.authorize(request, resolve);
    test.engine.authorizer.flush();
  });
}

export function reverse(test: TestEngine, request: ReversalRequest): Promise<ReversalDecision> {
  return new Promise((resolve) => {
    test.engine.authorizer.reverse(request, resolve);
    test.engine.authorizer.flush();
  });
}

/** The 0120 that stands in for a purchase, approved by the network. */
export function adviceOf(original: AuthorizationRequest, more: Partial<AdviceRequest> = {}): AdviceRequest {
  return { ...original, isApproved: true, originalStan: null, ...more };
}

/** A 0200 of a purchase, or a 0220 where `more` says so. */
export function financialOf(original: AuthorizationRequest, more: Partial<FinancialRequest> = {}): FinancialRequest {
  return { ...original, isAdvice: false, isApproved: true, original: null, settlementDate: "1122", ...more };
}

export function advise(test: TestEngine, request: AdviceRequest): Promise<AdviceDecision> {
  return new Promise((resolve) => {
    test.engine.authorizer.advise(request, resolve);
    test.engine.authorizer.flush();
  });
}

export function post(test: TestEngine, request: FinancialRequest): Promise<FinancialDecision> {
  return new Promise((resolve) => {
    test.engine.authorizer.post(request, resolve);
    test.engine.authorizer.flush();
  });
}
