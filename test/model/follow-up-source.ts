import type {
  AdviceRequest,
  AuthorizationRequest,
  FinancialRequest,
  MessageFunction,
  OriginalMessage,
  ReversalRequest,
} from "../../src/authorizer/request.ts";
import { type Minor, minor } from "../../src/kernel/money.ts";
import { type Random, pick } from "../../src/kernel/random.ts";
import type { MessageSource } from "./message-source.ts";
import { type AmountOperation, type Times, deadlineAheadMs } from "./operations.ts";

type AmountRequest = AmountOperation["request"];

/** Draws messages that refer to another one, which may have been sent, or not yet, or never. */
export class FollowUpSource {
  readonly #random: Random;
  readonly #messages: MessageSource;

  constructor(random: Random, messages: MessageSource) {
    this.#random = random;
    this.#messages = messages;
  }

  /** More of what the chain of a message holds already; only where a network gives chains a name. */
  increment(base: AmountRequest, times: Times, amount: bigint): AuthorizationRequest {
    return {
      ...amountFields(base),
      ...times,
      ...inCardCurrency(base, amount),
      purpose: "increment",
      stan: this.#messages.nextStan(),
      allowsPartial: this.#random.integer(2) === 0,
      cashbackAmount: minor(0n),
      deadlineMs: deadlineAheadMs,
    };
  }

  /** A 0120 about a 0100. `amount` in the card currency, or null: the same as the original's. */
  advice(original: AmountRequest, times: Times, amount: bigint | null): AdviceRequest {
    const random = this.#random;
    const isOwnStan = random.integer(2) === 0;
    const { purpose } = original;
    if (purpose === "fuel" && random.integer(2) === 0) return this.#standIn(original, times);
    return {
      ...amountFields(original),
      ...times,
      ...(amount === null ? {} : inCardCurrency(original, amount)),
      purpose: purpose === "fuel" || purpose === "verification" ? "purchase" : purpose,
      stan: isOwnStan ? original.stan : this.#messages.nextStan(),
      // Without DE90 and with a STAN of its own, only the chain leads from an advice to its original.
      originalStan: isOwnStan ? null : random.integer(4) === 0 ? null : original.stan,
      networkChain: random.integer(10) === 0 ? null : original.networkChain,
      isApproved: random.integer(4) > 0,
    };
  }

  /** A 0120 that the network answered a pump's question with: it bears the STAN of that question. */
  #standIn(original: AmountRequest, times: Times): AdviceRequest {
    const originalStan = this.#random.integer(2) === 0 ? null : original.stan;
    return { ...amountFields(original), ...times, originalStan, isApproved: this.#random.integer(6) > 0 };
  }

  /** A 0220 about a 0100 or a 0200. `amount` as above. */
  singleAdvice(original: AmountOperation, times: Times, amount: bigint | null): FinancialRequest {
    const random = this.#random;
    const { request } = original;
    const { purpose } = request;
    const named = this.#named(original);
    return {
      ...amountFields(request),
      ...times,
      ...(amount === null ? {} : inCardCurrency(request, amount)),
      purpose: purpose === "refund" ? "refund" : "purchase",
      stan: named === null ? request.stan : this.#messages.nextStan(),
      networkChain: random.integer(10) === 0 ? null : request.networkChain,
      original: named,
      isAdvice: true,
      isApproved: random.integer(12) > 0,
      settlementDate: random.integer(4) === 0 ? "" : "0417",
      allowsPartial: false,
      cashbackAmount: minor(0n),
      deadlineMs: 0,
    };
  }

  /** A reversal of a message, in full or down to what DE95 says. */
  reversal(original: AmountOperation, times: Times, replacement: Replacement | null): ReversalRequest {
    const random = this.#random;
    const { request } = original;
    const named = this.#named(original);
    return {
      ...times,
      network: request.network,
      pan: request.pan,
      stan: named === null || random.integer(4) === 0 ? request.stan : this.#messages.nextStan(),
      acquirer: request.acquirer,
      rrn: request.rrn,
      networkChain: random.integer(20) === 0 ? null : request.networkChain,
      localTime: request.localTime,
      localDate: request.localDate,
      merchant: request.merchant,
      processingCode: request.processingCode,
      transactionAmount: request.transactionAmount,
      transactionCurrency: request.transactionCurrency,
      isAdvice: random.integer(2) === 0,
      original: named,
      mcc: random.integer(2) === 0 ? null : request.mcc,
      replacementAmount: replacement?.amount ?? null,
      replacementCurrency: replacement?.currency ?? null,
    };
  }

  /** DE90 of a follow-up; null: it has none and bears the STAN of what it refers to. */
  #named(original: AmountOperation): OriginalMessage | null {
    const kind = this.#random.integer(12);
    if (kind < 2) return null;
    const { stan } = original.request;
    if (kind === 2) return { stan, function: null };
    // What a 0220 has posted is reversed by its name; here by that of the 0100 behind it.
    if (kind < 6 && original.kind === "post" && original.request.isAdvice) {
      return { stan: original.request.original?.stan ?? stan, function: "authorization" };
    }
    // Now and then DE90 names a function that the original did not have.
    if (kind === 3 && this.#random.integer(4) === 0) {
      return { stan, function: pick(this.#random, ["authorization", "financial", "financial_advice"]) };
    }
    return { stan, function: functionOf(original) };
  }
}

export interface Replacement {
  readonly amount: Minor;
  /** Null: the card's own. */
  readonly currency: number | null;
}

export function functionOf(original: AmountOperation): MessageFunction {
  if (original.kind !== "post") return "authorization";
  return original.request.isAdvice ? "financial_advice" : "financial";
}

/** What an advice and a request have in common, and nothing that only one of them says. */
function amountFields(request: AmountRequest): Omit<AdviceRequest, "isApproved" | "originalStan"> {
  return {
    stan: request.stan,
    network: request.network,
    pan: request.pan,
    acquirer: request.acquirer,
    rrn: request.rrn,
    networkChain: request.networkChain,
    localTime: request.localTime,
    localDate: request.localDate,
    merchant: request.merchant,
    processingCode: request.processingCode,
    transactionAmount: request.transactionAmount,
    transactionCurrency: request.transactionCurrency,
    billingAmount: request.billingAmount,
    billingCurrency: request.billingCurrency,
    conversionRate: request.conversionRate,
    purpose: request.purpose,
    door: request.door,
    expiry: request.expiry,
    mcc: request.mcc,
    merchantCountry: request.merchantCountry,
    presence: request.presence,
    entryMode: request.entryMode,
    wallNowMs: request.wallNowMs,
    businessNowMs: request.businessNowMs,
  };
}

/** Another amount: in DE6 where that is the card's, and then in DE4 as well. */
function inCardCurrency(base: AmountRequest, amount: bigint): Partial<AmountRequest> {
  if (base.billingAmount === null) return { transactionAmount: minor(amount) };
  return { transactionAmount: minor(amount + 7n), billingAmount: minor(amount) };
}

/** The message with the STAN of what it refers to. */
export function originalStanOf({ kind, request }: AmountOperation): AmountOperation["request"] {
  if (kind === "advise") return { ...request, stan: request.originalStan ?? request.stan };
  return kind === "post" ? { ...request, stan: request.original?.stan ?? request.stan } : request;
}
