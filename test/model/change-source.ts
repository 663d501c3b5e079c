import { minor } from "../../src/kernel/money.ts";
import { type Random, pick } from "../../src/kernel/random.ts";
import type { Model } from "../../simulators/model/model.ts";
import type { Account, Card } from "../../simulators/model/program.ts";
import { endOfExpiryMonth, expiryAfter } from "../../simulators/model/windows.ts";
import { drawControls } from "./controls-source.ts";
import { farExpiry, newPan } from "./first-program.ts";
import type { ProgramChange } from "./operations.ts";

/** Draws changes of the program that break things for a while and mend them again. */
export class ChangeSource {
  readonly #random: Random;
  readonly #model: Model;
  /** The newest card of each chain. */
  readonly newest: Card[] = [];
  #cardNo = 0;

  constructor(random: Random, model: Model) {
    this.#random = random;
    this.#model = model;
  }

  /** To be called for every card that has come to be. */
  learn(change: ProgramChange): void {
    if (change.kind !== "add_card") return;
    const card = this.#model.program.card(change.card.card);
    const at = this.newest.findIndex((other) => other.chain === card.chain);
    if (at < 0) this.newest.push(card);
    else this.newest[at] = card;
  }

  draw(businessMs: number): ProgramChange {
    const sick = this.newest.filter((candidate) => isSick(candidate, businessMs));
    if (sick.length > 0 && this.#random.integer(4) > 0) return this.#mend(pick(this.#random, sick), businessMs);
    const card = pick(this.#random, this.newest);
    const kind = this.#random.integer(100);
    if (kind < 8) return this.#fund(card.cardholder.account);
    if (kind < 20) return this.#toggleAccount(card.cardholder.account);
    if (kind < 42) return this.#changeCardholder(card);
    if (kind < 72) return this.#changeControls(card);
    return this.#changeCard(card, businessMs);
  }

  /** One step towards a card that may buy again. */
  #mend(card: Card, businessMs: number): ProgramChange {
    const { cardholder } = card;
    const { account, isEnabled } = cardholder.account;
    if (!isEnabled) return { kind: "enable_account", account, isEnabled: true };
    if (cardholder.isVerificationDue) {
      return { kind: "cardholder_verification", cardholder: cardholder.cardholder, isVerificationDue: false };
    }
    if (cardholder.status !== "active") {
      return { kind: "cardholder_status", cardholder: cardholder.cardholder, status: "active" };
    }
    if (card.status === "canceled") return this.#replace(card, pick(this.#random, ["lost", "stolen"]), businessMs);
    if (card.status === "inactive") return this.#activate(card);
    return this.#replace(card, "expired", businessMs);
  }

  /** Money for an account that has run dry; now and then as much as one authorization may never take. */
  #fund(account: Account): ProgramChange {
    const amount = this.#random.integer(6) === 0 ? 1_200_000 : 10_000 + this.#random.integer(100_000);
    return { kind: "fund", account: account.account, amount: minor(amount) };
  }

  fundIfDry(): ProgramChange | null {
    const account = pick(this.#random, this.newest).cardholder.account;
    return account.available < 5_000n && this.#random.integer(12) === 0 ? this.#fund(account) : null;
  }

  #toggleAccount({ account, isEnabled, allowsPartial, asksEndpoint }: Account): ProgramChange {
    const kind = this.#random.integer(6);
    if (kind < 2) return { kind: "partial_approvals", account, allowsPartial: !allowsPartial };
    if (kind < 4) return { kind: "asks_endpoint", account, asksEndpoint: !asksEndpoint };
    return { kind: "enable_account", account, isEnabled: !isEnabled };
  }

  #changeCardholder({ cardholder: { cardholder, status, isVerificationDue } }: Card): ProgramChange {
    if (this.#random.integer(3) === 0) {
      return { kind: "cardholder_verification", cardholder, isVerificationDue: !isVerificationDue };
    }
    const sick = pick(this.#random, ["inactive", "blocked"] as const);
    return { kind: "cardholder_status", cardholder, status: status === "active" ? sick : "active" };
  }

  #changeControls(card: Card): ProgramChange {
    const { cardholder } = card;
    const ofCard = this.#random.integer(2) === 0;
    const owner = ofCard
      ? ({ kind: "chain", id: card.chain } as const)
      : ({ kind: "cardholder", id: cardholder.cardholder } as const);
    const interval = pick(this.#random, ["daily", "monthly", "all_time"] as const);
    const spent = this.#model.spent({ owner, interval, categories: [] }, cardholder.account.lastBusinessMs);
    const controls = drawControls(this.#random, spent);
    if (ofCard) return { kind: "card_controls", card: card.card, controls };
    return { kind: "cardholder_controls", cardholder: cardholder.cardholder, controls };
  }

  #changeCard(card: Card, businessMs: number): ProgramChange {
    if (card.status === "canceled")
      return this.#replace(card, pick(this.#random, ["lost", "stolen"] as const), businessMs);
    if (card.status === "inactive") return this.#activate(card);
    const kind = this.#random.integer(10);
    if (kind < 5) return { kind: "card_status", card: card.card, status: "inactive" };
    if (kind < 7) return { kind: "card_status", card: card.card, status: "canceled" };
    return this.#replace(card, pick(this.#random, ["damaged", "expired"] as const), businessMs);
  }

  #activate(card: Card): ProgramChange {
    const { replacement } = card;
    const keepsPan = replacement?.reason === "damaged" || replacement?.reason === "expired";
    if (!keepsPan) return { kind: "card_status", card: card.card, status: "active" };
    return { kind: "activate_replacement", card: card.card, original: replacement.of };
  }

  #replace(card: Card, reason: "damaged" | "expired" | "lost" | "stolen", businessMs: number): ProgramChange {
    const keepsPan = reason === "damaged" || reason === "expired";
    const { account } = card.cardholder.account;
    const network = card.pan.startsWith("4") ? "visa" : "mastercard";
    // Some replacements are short-lived, so that cards expire while a run lasts.
    const expiry = this.#random.integer(3) === 0 ? expiryAfter(businessMs, this.#random.integer(3)) : farExpiry;
    return {
      kind: "add_card",
      card: {
        card: `${card.chain}-${++this.#cardNo}`,
        cardholder: card.cardholder.cardholder,
        pan: keepsPan ? card.pan : newPan(this.#random, account, network),
        expiry,
        status: keepsPan ? "inactive" : "active",
        controls: card.controls,
        program: card.program,
        replacement: { of: card.card, reason },
      },
    };
  }
}

function isSick({ status, expiry, cardholder }: Card, businessMs: number): boolean {
  const isWell = cardholder.account.isEnabled && cardholder.status === "active" && !cardholder.isVerificationDue;
  return !isWell || status !== "active" || businessMs >= endOfExpiryMonth(expiry);
}
