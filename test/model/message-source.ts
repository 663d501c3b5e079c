import { minor } from "../../src/kernel/money.ts";
import { type Pan, wirePan } from "../../src/kernel/pan.ts";
import { type Random, digits, pick } from "../../src/kernel/random.ts";
import type { AuthorizationRequest, FinancialRequest, MessageIdentity } from "../../src/authorizer/request.ts";
import type { Model } from "../../simulators/model/model.ts";
import type { Card } from "../../simulators/model/program.ts";
import { countries, merchantCodes } from "./controls-source.ts";
import { currencies, newPan } from "./first-program.ts";
import {
  type AmountOperation,
  type MessageOperation,
  type Times,
  deadlineAheadMs,
  deadlinePassedMs,
} from "./operations.ts";

/** Moroccan dirhams, for which no table has a rate. */
export const unknownCurrency = { transactionCurrency: 504, billingAmount: null, billingCurrency: null } as const;
const fuelMcc = "5542";

/** Draws messages that refer to nothing: purchases whose amounts like the edges of limits and balances, and questions. */
export class MessageSource {
  readonly #random: Random;
  readonly #model: Model;
  #stan = 0;

  constructor(random: Random, model: Model) {
    this.#random = random;
    this.#model = model;
  }

  /** A 0100 for any purpose but an increment. */
  authorization(card: Card, times: Times, recent: AuthorizationRequest | null): AuthorizationRequest {
    const message = this.#purchase(card, times, recent);
    const kind = this.#random.integer(100);
    if (kind < 8) return this.#fuel(card, message);
    if (kind < 12) return { ...message, purpose: "refund", processingCode: "200000" };
    return kind < 18 ? this.#question(message) : message;
  }

  /** A 0200. */
  single(card: Card, times: Times): FinancialRequest {
    const purchase = this.#purchase(card, times, null);
    const kind = this.#random.integer(100);
    const asked = kind < 12 ? this.#question(purchase) : purchase;
    const isRefund = kind >= 80;
    return {
      ...asked,
      ...(isRefund ? ({ purpose: "refund", processingCode: "200000" } as const) : {}),
      isAdvice: false,
      isApproved: true,
      original: null,
      settlementDate: this.#random.integer(4) === 0 ? "" : "0416",
    };
  }

  /** The same message once more: everything that the fingerprint does not cover may have changed. */
  repeat<O extends MessageOperation>(operation: O, times: Times): O {
    const random = this.#random;
    const again = { ...operation, request: { ...operation.request, ...times } };
    if ("deadlineMs" in again.request && random.integer(8) === 0) {
      return { ...again, request: { ...again.request, deadlineMs: deadlinePassedMs } };
    }
    if (random.integer(3) > 0) return again;
    // The chain is not part of the key either: a repeat that has lost it is still a repeat.
    if (random.integer(8) === 0) return { ...again, request: { ...again.request, networkChain: null } };
    if (!("presence" in again.request)) return again;
    // A pump stays a pump: what stands in for its question is known by its code.
    const mcc = again.request.purpose === "fuel" ? fuelMcc : pick(random, merchantCodes);
    const restamped = { mcc, merchantCountry: pick(random, countries), expiry: null };
    return { ...again, request: { ...again.request, ...restamped } };
  }

  /** The key of an earlier message on another purchase. */
  collision<O extends MessageOperation>(operation: O, times: Times): O {
    const { request } = operation;
    // What is told and answered wins over an amount that nothing can bill: another currency is another fingerprint.
    const isTold = operation.kind === "advise" || (operation.kind === "post" && operation.request.isAdvice);
    const isInOtherCurrency = isTold && this.#random.integer(7) === 0;
    const other = isInOtherCurrency ? unknownCurrency : this.#otherThan(request);
    return { ...operation, request: { ...request, ...times, ...other } };
  }

  late(message: AuthorizationRequest): AuthorizationRequest {
    return { ...message, deadlineMs: deadlinePassedMs };
  }

  /** In a currency that nothing bills: what was declined needs no rate. */
  inUnknownCurrency<O extends AmountOperation>(operation: O): O {
    return { ...operation, request: { ...operation.request, ...unknownCurrency } };
  }

  /** A new message in a currency that is neither the card's nor known to any table of rates, without DE6. */
  unbillable<O extends AmountOperation>(operation: O): O {
    return { ...operation, request: { ...operation.request, stan: this.nextStan(), ...unknownCurrency } };
  }

  unknownPan(card: Card): Pan {
    return newPan(this.#random, card.cardholder.account.account, card.pan.startsWith("4") ? "visa" : "mastercard");
  }

  /** An amount at, just over or far below what limits and funds leave. */
  amount(card: Card, mcc: string, times: Times): bigint {
    const random = this.#random;
    const { limits, available } = this.#model.headroom(card, mcc, times.businessNowMs);
    const most = limits !== null && limits < available ? limits : available;
    const kind = random.integer(100);
    if (kind < 9 && most > 0n) return most;
    if (kind < 18 && most >= 0n) return most + 1n;
    if (kind < 22 && available > 0n) return available;
    if (kind < 24 && available >= 0n) return available + 1n;
    // More than there is, where no limit says so: a part may be approved.
    const room = limits === null ? 5_000n : limits - available;
    if (kind < 36 && available > 0n && room > 0n) return available + 1n + BigInt(random.integer(Number(room))) / 4n;
    if (kind < 45) return BigInt(1 + random.integer(100));
    if (kind < 47) return 0n;
    return BigInt(1 + random.integer(15_000));
  }

  nextStan(): string {
    this.#stan = (this.#stan % 999_999) + 1;
    return String(this.#stan).padStart(6, "0");
  }

  #purchase(card: Card, times: Times, recent: AuthorizationRequest | null): AuthorizationRequest {
    const random = this.#random;
    const network = random.integer(6) === 0 ? "generic" : card.pan.startsWith("4") ? "visa" : "mastercard";
    const terminal = digits(random, 8);
    // Two purchases may share a chain, by network data or by the reference number of plain ISO 87.
    const sharesChain = recent !== null && recent.pan === card.pan && random.integer(6) === 0;
    const mcc = sharesChain ? recent.mcc : pick(random, merchantCodes);
    const amount = this.amount(card, mcc, times);
    const ownChain = network === "generic" ? null : digits(random, 15);
    const message: AuthorizationRequest = {
      ...times,
      door: "wire",
      purpose: "purchase",
      network: sharesChain ? recent.network : network,
      pan: wirePan(card.pan),
      stan: this.nextStan(),
      acquirer: sharesChain ? recent.acquirer : pick(random, ["", "400012", "51234567890"]),
      rrn: sharesChain ? recent.rrn : random.integer(12) === 0 ? "" : digits(random, 12),
      networkChain: sharesChain ? recent.networkChain : ownChain,
      localTime: digits(random, 6),
      localDate: digits(random, 4),
      merchant: { terminal, id: `SHOP${terminal}`, nameLocation: `SHOP ${terminal}` },
      processingCode: "000000",
      transactionAmount: minor(amount),
      transactionCurrency: card.cardholder.account.currency,
      billingAmount: null,
      billingCurrency: null,
      conversionRate: null,
      expiry: random.integer(3) === 0 ? null : card.expiry,
      mcc,
      merchantCountry: random.integer(4) === 0 ? pick(random, countries) : 840,
      presence: random.integer(4) === 0 ? "not_present" : "present",
      entryMode: "051",
      allowsPartial: random.integer(3) > 0,
      cashbackAmount: minor(random.integer(5) === 0 ? (amount * BigInt(random.integer(11))) / 10n : 0n),
      deadlineMs: deadlineAheadMs,
    };
    if (random.integer(60) === 0) return this.#hardlyAnything(message);
    return random.integer(8) === 0 ? this.#abroad(message) : message;
  }

  /** A pump asks for one whole unit, wherever it stands. */
  #fuel(card: Card, message: AuthorizationRequest): AuthorizationRequest {
    const unit = minor(10n ** 2n);
    const at = { purpose: "fuel", mcc: fuelMcc, transactionAmount: unit, cashbackAmount: minor(0n) } as const;
    const isForeign = message.transactionCurrency !== card.cardholder.account.currency;
    return { ...message, ...at, billingAmount: isForeign ? unit : null };
  }

  #question(message: AuthorizationRequest): AuthorizationRequest {
    const none = { cashbackAmount: minor(0n), transactionAmount: minor(0n) };
    const plain = { ...message, ...none, billingAmount: null, billingCurrency: null, conversionRate: null };
    const currency = message.billingCurrency ?? message.transactionCurrency;
    const isInquiry = this.#random.integer(2) === 0;
    const purpose = isInquiry ? "inquiry" : "verification";
    return { ...plain, transactionCurrency: currency, purpose, processingCode: isInquiry ? "310000" : "000000" };
  }

  /** The same purchase in a foreign currency: the card's amount moves to DE6, or is left to the table of rates. */
  #abroad(message: AuthorizationRequest): AuthorizationRequest {
    const random = this.#random;
    const isDollar = message.transactionCurrency === currencies.usd;
    const abroad = {
      transactionAmount: minor(BigInt(digits(random, 5)) + 1n),
      transactionCurrency: isDollar ? currencies.eur : currencies.usd,
      cashbackAmount: minor(random.integer(3) === 0 ? 1n : 0n),
    };
    if (random.integer(3) === 0) return { ...message, ...abroad };
    const billed = { billingAmount: message.transactionAmount, billingCurrency: message.transactionCurrency };
    const conversionRate = random.integer(4) === 0 ? null : `6${1 + random.integer(3)}${digits(random, 6)}`;
    return { ...message, ...abroad, ...billed, conversionRate };
  }

  /** Less than half a minor unit of any card's currency: Czech hellers and Mexican centavos. */
  #hardlyAnything(message: AuthorizationRequest): AuthorizationRequest {
    const transactionAmount = minor(1 + this.#random.integer(9));
    const transactionCurrency = pick(this.#random, [203, 484]);
    return { ...message, transactionAmount, transactionCurrency, cashbackAmount: minor(0n) };
  }

  #otherThan(message: MessageIdentity): Partial<MessageIdentity> {
    switch (this.#random.integer(6)) {
      case 0:
        return { transactionAmount: minor(message.transactionAmount + 1n) };
      case 1:
        return { localTime: otherDigits(message.localTime) };
      case 2:
        return { localDate: otherDigits(message.localDate) };
      case 3:
        return { processingCode: message.processingCode === "010000" ? "000000" : "010000" };
      case 4:
        return { merchant: { ...message.merchant, terminal: otherDigits(message.merchant.terminal) } };
      default:
        return { merchant: { ...message.merchant, id: `X${message.merchant.id}` } };
    }
  }
}

function otherDigits(text: string): string {
  return `${text.startsWith("1") ? "2" : "1"}${text.slice(1)}`;
}
