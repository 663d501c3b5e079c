import { minor } from "../../src/kernel/money.ts";
import type { Random } from "../../src/kernel/random.ts";
import { type Hold, isOpen, remainingOf } from "../../simulators/model/hold.ts";
import type { Model } from "../../simulators/model/model.ts";
import type { Replacement } from "./follow-up-source.ts";
import type { AmountOperation } from "./operations.ts";

/** Draws amounts of what refers to something: at, beyond, or a part of what there is of that. */
export class AmountSource {
  readonly #random: Random;
  readonly #model: Model;

  constructor(random: Random, model: Model) {
    this.#random = random;
    this.#model = model;
  }

  /** DE95 around what there is to be reversed, in the card's currency or, where that is another, in the message's. */
  replacement(target: AmountOperation): Replacement {
    const { request } = target;
    const amount = this.#near(this.#model.leftOf(request));
    const card = this.#model.program.cardFor(request.pan, null);
    const isForeign = card !== null && request.transactionCurrency !== card.cardholder.account.currency;
    if (!isForeign || this.#random.integer(3) === 0) return { amount: minor(amount), currency: null };
    // Whole units of the card's currency for one of the message's, with seven digits of which six are decimals.
    const rate = BigInt(request.conversionRate?.slice(1) ?? "1000000");
    return { amount: minor((amount * 1_000_000n) / rate), currency: request.transactionCurrency };
  }

  around(hold: Hold | null): bigint {
    return hold === null || !isOpen(hold) ? BigInt(this.#random.integer(9_000)) : this.#near(remainingOf(hold));
  }

  #near(amount: bigint): bigint {
    const kind = this.#random.integer(8);
    if (kind === 0) return amount;
    if (kind === 1) return amount + 1n;
    if (kind === 2) return 0n;
    return (amount * BigInt(1 + this.#random.integer(11))) / 10n;
  }
}
