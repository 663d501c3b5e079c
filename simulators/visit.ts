import type { MerchantProfile, VisitStep } from "../specs/merchant-profiles.ts";
import { must } from "../src/kernel/assert.ts";
import { type Minor, minor, zero } from "../src/kernel/money.ts";
import type { Random } from "../src/kernel/random.ts";
import { counterOf } from "./acceptors.ts";
import { billingOf } from "./known-program.ts";
import { type NetworkMessage, purchaseIn } from "./network-message.ts";
import type { Advice, Asks, CarriedCard, NetworkName, OriginalMti, Purchase, Undo } from "./purchase.ts";
import { replacementOf } from "./replacement.ts";
import type { TraceNumbers } from "./trace-numbers.ts";

/** Somebody with a card at a merchant, and what the two of them do. */
export interface VisitPlan {
  readonly profile: MerchantProfile;
  readonly steps: readonly VisitStep[];
  readonly network: NetworkName;
  readonly card: CarriedCard;
  /** ISO 4217 numeric of the card. */
  readonly cardCurrency: number;
  /** What the visit costs, in minor units of the merchant's currency. */
  readonly amount: bigint;
}

export interface VisitParts {
  readonly numbers: TraceNumbers;
  readonly random: Random;
  wallNow(): number;
  businessNow(): number;
}

const offlineCode = "OFFL01";

/** The messages of one visit, each made when it is to be sent: a later one speaks of what came before. */
export class VisitTalk {
  readonly #plan: VisitPlan;
  readonly #parts: VisitParts;
  readonly #said: NetworkMessage[] = [];
  readonly #approvals = new Map<number, string>();

  constructor(plan: VisitPlan, parts: VisitParts) {
    this.#plan = plan;
    this.#parts = parts;
  }

  /** The next message in order. */
  next(): NetworkMessage {
    const step = must(this.#plan.steps[this.#said.length], "a visit has another step");
    const message = this.#message(step);
    this.#said.push(message);
    return message;
  }

  /** DE38 of the answer to a step; later messages repeat it. */
  answered(step: number, authorizationCode: string): void {
    if (authorizationCode.trim() !== "") this.#approvals.set(step, authorizationCode);
  }

  #message(step: VisitStep): NetworkMessage {
    const { send } = step;
    if (send === "0400" || send === "0420") return { kind: "reversal", mti: send, undo: this.#undo(step) };
    if (send === "0120" || send === "0220") return { kind: "advice", mti: send, advice: this.#advice(step) };
    if (step.of === undefined) return { kind: "request", mti: send, purchase: this.#purchase(step) };
    return { kind: "request", mti: send, purchase: purchaseIn(this.#earlier(step.of)) };
  }

  #undo(step: VisitStep): Undo {
    const of = must(step.of, "a reversal takes something back");
    const original = this.#earlier(of);
    const purchase = purchaseIn(original);
    const isPartial = step.percent !== undefined;
    return {
      purchase,
      of: originalMti(original),
      stan: this.#parts.numbers.nextStan(),
      cause: isPartial ? "partial" : "customer",
      replacement: isPartial ? replacementOf(purchase, this.#share(step, purchase.amount)) : null,
      authorizationCode: this.#approvals.get(of) ?? null,
    };
  }

  #advice(step: VisitStep): Advice {
    const original = step.of === undefined ? null : this.#earlier(step.of);
    const responseCode = step.answered ?? "00";
    const authorizationCode = responseCode === "00" ? (this.#approvals.get(step.of ?? -1) ?? offlineCode) : null;
    if (original === null) {
      const purchase = this.#purchase(step);
      const { stan } = purchase.trace;
      return { purchase, stan, original: null, cause: "offline", responseCode, authorizationCode };
    }
    const purchase = purchaseIn(original);
    if (step.standsIn === true) {
      const { stan } = purchase.trace;
      return { purchase, stan, original: null, cause: "stand_in", responseCode, authorizationCode };
    }
    return {
      purchase: this.#at(purchase, step),
      stan: this.#parts.numbers.nextStan(),
      original: originalMti(original),
      cause: "completion",
      responseCode,
      authorizationCode,
    };
  }

  #purchase(step: VisitStep): Purchase {
    const { profile, network, card } = this.#plan;
    const { acceptor, asks, entry } = must(counterOf(profile.key), "a profile of the table");
    const first = step.isIncrement === true ? purchaseIn(this.#earlier(0)) : null;
    const purchase: Purchase = {
      network,
      card,
      acceptor,
      amount: zero,
      billing: null,
      entry,
      asks: askedBy(step, asks, first),
      trace: this.#parts.numbers.next(),
      startedMs: this.#parts.wallNow(),
    };
    return this.#at(purchase, step);
  }

  #at(purchase: Purchase, step: VisitStep): Purchase {
    const amount = this.#share(step, this.#plan.amount);
    const { acceptor, network } = purchase;
    const { cardCurrency: to } = this.#plan;
    // Networks bill abroad themselves; a plain acquirer leaves it to the issuer's own rate.
    if (network === "generic" || acceptor.currency === to) return { ...purchase, amount };
    const businessMs = this.#parts.businessNow();
    return { ...purchase, amount, billing: billingOf(amount, { from: acceptor.currency, to, businessMs }) };
  }

  #share({ minor: fixed, percent }: VisitStep, whole: bigint): Minor {
    if (fixed !== undefined) return minor(fixed);
    const [least, most] = percent ?? [100, 100];
    const share = least + this.#parts.random.integer(most - least + 1);
    return minor((whole * BigInt(share)) / 100n);
  }

  #earlier(index: number): NetworkMessage {
    return must(this.#said[index], "a step speaks of an earlier one");
  }
}

function askedBy(step: VisitStep, usual: Asks, first: Purchase | null): Asks {
  const service = step.service ?? usual.service;
  const isGoods = service === "goods" || service === "goods_and_cash";
  return {
    service,
    cashback: minor(step.cashback ?? 0n),
    takesPartial: usual.takesPartial && isGoods,
    isEstimate: usual.isEstimate && isGoods,
    addsTo: first,
  };
}

/** What is named by DE90, without the repeat digit. */
function originalMti(message: NetworkMessage): OriginalMti {
  if (message.kind === "advice") return message.mti.startsWith("01") ? "0120" : "0220";
  return message.mti.startsWith("01") ? "0100" : "0200";
}
