import { minor } from "../../src/kernel/money.ts";
import { type Pan, wirePan } from "../../src/kernel/pan.ts";
import { type Random, digits, pick } from "../../src/kernel/random.ts";
import type { AuthorizationRequest, ReversalRequest } from "../../src/authorizer/request.ts";
import type { Model } from "../../simulators/model/model.ts";
import type { Card } from "../../simulators/model/program.ts";
import { countries, merchantCodes } from "./controls-source.ts";
import { newPan } from "./first-program.ts";
import { type Times, deadlineAheadMs, deadlinePassedMs } from "./operations.ts";

const foreign = { usd: 840, eur: 978, moroccanDirham: 504 } as const;

/** Draws messages: purchases whose amounts like the edges of limits and balances, and what refers to them. */
export class MessageSource {
  readonly #random: Random;
  readonly #model: Model;
  #stan = 0;

  constructor(random: Random, model: Model) {
    this.#random = random;
    this.#model = model;
  }

  purchase(card: Card, times: Times, recent: AuthorizationRequest | null): AuthorizationRequest {
    const random = this.#random;
    const mcc = pick(random, merchantCodes);
    const amount = this.#amount(card, mcc, times);
    const network = random.integer(6) === 0 ? "generic" : card.pan.startsWith("4") ? "visa" : "mastercard";
    const terminal = digits(random, 8);
    // Two purchases may share a chain, by network data or by the reference number of plain ISO 87.
    const sharesChain = recent !== null && recent.pan === card.pan && random.integer(6) === 0;
    const ownChain = network === "generic" ? null : digits(random, 15);
    const message: AuthorizationRequest = {
      ...times,
      door: "wire",
      network: sharesChain ? recent.network : network,
      pan: wirePan(card.pan),
      stan: this.#nextStan(),
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
      deadlineMs: deadlineAheadMs,
    };
    return random.integer(8) === 0 ? abroad(message, digits(random, 5)) : message;
  }

  /** The same message once more: everything that the fingerprint does not cover may have changed. */
  repeat(message: AuthorizationRequest, times: Times): AuthorizationRequest {
    const random = this.#random;
    const again = { ...message, ...times, deadlineMs: random.integer(8) === 0 ? deadlinePassedMs : deadlineAheadMs };
    if (random.integer(3) > 0) return again;
    // The chain is not part of the key either: a repeat that has lost it is still a repeat.
    if (random.integer(8) === 0) return { ...again, networkChain: null };
    return { ...again, mcc: pick(random, merchantCodes), merchantCountry: pick(random, countries), expiry: null };
  }

  /** The key of an earlier message on another purchase. */
  collision<M extends AuthorizationRequest | ReversalRequest>(message: M, times: Times): M {
    switch (this.#random.integer(6)) {
      case 0:
        return { ...message, ...times, transactionAmount: minor(message.transactionAmount + 1n) };
      case 1:
        return { ...message, ...times, localTime: otherDigits(message.localTime) };
      case 2:
        return { ...message, ...times, localDate: otherDigits(message.localDate) };
      case 3:
        return { ...message, ...times, processingCode: "010000" };
      case 4:
        return {
          ...message,
          ...times,
          merchant: { ...message.merchant, terminal: otherDigits(message.merchant.terminal) },
        };
      default:
        return { ...message, ...times, merchant: { ...message.merchant, id: `X${message.merchant.id}` } };
    }
  }

  late(message: AuthorizationRequest): AuthorizationRequest {
    return { ...message, deadlineMs: deadlinePassedMs };
  }

  /** A currency that is neither the card's nor known to any table of rates, without DE6. */
  unbillable(message: AuthorizationRequest): AuthorizationRequest {
    return { ...message, transactionCurrency: foreign.moroccanDirham, billingAmount: null, billingCurrency: null };
  }

  unknownPan(card: Card): Pan {
    return newPan(this.#random, card.cardholder.account.account, card.pan.startsWith("4") ? "visa" : "mastercard");
  }

  /** A reversal of a message, in full or (`replacementAmount`, in the card currency) down to what DE95 says. */
  reversal(original: AuthorizationRequest, times: Times, replacementAmount: bigint | null): ReversalRequest {
    const random = this.#random;
    // DE11 may be the original's own: the function tells the two messages apart.
    const stan = random.integer(4) === 0 ? original.stan : this.#nextStan();
    return {
      ...times,
      network: original.network,
      pan: original.pan,
      stan,
      acquirer: original.acquirer,
      rrn: original.rrn,
      networkChain: random.integer(20) === 0 ? null : original.networkChain,
      localTime: original.localTime,
      localDate: original.localDate,
      merchant: original.merchant,
      processingCode: original.processingCode,
      transactionAmount: original.transactionAmount,
      transactionCurrency: original.transactionCurrency,
      isAdvice: random.integer(2) === 0,
      originalStan: original.stan,
      mcc: random.integer(2) === 0 ? null : original.mcc,
      replacementAmount: replacementAmount === null ? null : minor(replacementAmount),
    };
  }

  #amount(card: Card, mcc: string, times: Times): bigint {
    const random = this.#random;
    const { limits, available } = this.#model.headroom(card, mcc, times.businessNowMs);
    const most = limits !== null && limits < available ? limits : available;
    const kind = random.integer(100);
    if (kind < 9 && most > 0n) return most;
    if (kind < 18 && most >= 0n) return most + 1n;
    if (kind < 22 && available > 0n) return available;
    if (kind < 26 && available >= 0n) return available + 1n;
    if (kind < 40) return BigInt(1 + random.integer(100));
    return BigInt(1 + random.integer(15_000));
  }

  #nextStan(): string {
    this.#stan = (this.#stan % 999_999) + 1;
    return String(this.#stan).padStart(6, "0");
  }
}

/** The same purchase in a foreign currency: the card's amount moves to DE6. */
function abroad(message: AuthorizationRequest, foreignAmount: string): AuthorizationRequest {
  const isDollar = message.transactionCurrency === foreign.usd;
  return {
    ...message,
    transactionAmount: minor(BigInt(foreignAmount) + 1n),
    transactionCurrency: isDollar ? foreign.eur : foreign.usd,
    billingAmount: message.transactionAmount,
    billingCurrency: message.transactionCurrency,
    conversionRate: "61000000",
  };
}

function otherDigits(text: string): string {
  return `${text.startsWith("1") ? "2" : "1"}${text.slice(1)}`;
}
