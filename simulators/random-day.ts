import { demoAccounts, demoCardholders, demoCards } from "../specs/demo-program.ts";
import { demoMerchants } from "../specs/demo-merchants.ts";
import { merchantProfiles } from "../specs/merchant-profiles.ts";
import { type Random, pick } from "../src/kernel/random.ts";
import type { DayCard, DayStep, PurchaseStep } from "./demo-steps.ts";
import type { ReversalMti } from "./network-side.ts";

/** Of a thousand steps. */
const shares = [
  ["purchase", 420],
  ["visit", 180],
  ["repeat", 130],
  ["altered", 40],
  ["reversal", 170],
  ["early", 20],
  ["twins", 10],
  ["account", 10],
  ["limit", 8],
  ["lost", 4],
  ["later", 8],
] as const;
type Kind = (typeof shares)[number][0];

const reversalMtis = ["0400", "0401", "0420", "0421"] as const satisfies readonly ReversalMti[];
const intervals = ["daily", "weekly", "monthly", "per_authorization"] as const;
const expect = "as_modelled";

/**
 * A day without a script: purchases of every card at every merchant, repeats, reversals and changes of the program,
 * drawn from a seed. What is right is left to the model of the rules.
 */
export function randomDay(random: Random, steps: number): DayStep[] {
  return new RandomDay(random).draw(steps);
}

class RandomDay {
  readonly #random: Random;
  readonly #purchases: PurchaseStep[] = [];
  readonly #disabled = new Set<string>();
  readonly #losable = new Set(["us-1", "us-2", "us-3", "de-1", "de-2", "gb-1", "gb-2"] as const);
  readonly #cards: DayCard[] = ["nobody", ...demoCards.map(({ key }) => key)];
  #names = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  draw(steps: number): DayStep[] {
    return Array.from({ length: steps }, () => this.#step()).flat();
  }

  #step(): DayStep[] {
    const kind = this.#kind();
    const earlier = this.#purchases.length === 0 ? null : pick(this.#random, this.#purchases.slice(-60));
    if (kind === "purchase" || earlier === null) return [this.#purchase()];
    switch (kind) {
      case "visit":
        return [this.#visit()];
      case "repeat":
        return [{ kind, of: earlier.name, mti: pick(this.#random, ["0100", "0101"]), expect }];
      case "altered":
        return [{ kind, of: earlier.name, amount: earlier.amount + 1n, expect }];
      case "reversal":
        return [this.#reversal(earlier)];
      case "early": {
        const purchase = this.#purchase();
        return [
          { kind: "planned", purchase },
          this.#reversal(purchase),
          { kind: "planned-sent", of: purchase.name, expect },
        ];
      }
      case "twins":
        return [{ kind, purchase: { ...this.#purchase(), link: "generic" }, expect }];
      default:
        return this.#change(kind);
    }
  }

  #change(kind: "account" | "limit" | "lost" | "later"): DayStep[] {
    const random = this.#random;
    if (kind === "later") return [{ kind, hours: 24 }];
    if (kind === "account") {
      const { key: account } = pick(random, demoAccounts);
      const isEnabled = this.#disabled.delete(account);
      if (!isEnabled) this.#disabled.add(account);
      return [{ kind, account, isEnabled }];
    }
    if (kind === "limit") {
      const { key: card } = pick(random, demoCards);
      const amount = BigInt(100 + random.integer(60_000));
      const categories = random.integer(2) === 0 ? [] : (["book_stores", "grocery_stores_supermarkets"] as const);
      return [{ kind, card, limit: { amount, interval: pick(random, intervals), categories } }];
    }
    if (this.#losable.size === 0) return [];
    const card = pick(random, [...this.#losable]);
    this.#losable.delete(card);
    this.#cards.push(`${card}-replacement`);
    return [{ kind, card }];
  }

  /** Small amounts mostly, now and then one that no limit or account bears. */
  #purchase(): PurchaseStep {
    const random = this.#random;
    const card = pick(random, this.#cards);
    const largest = pick(random, [2_000, 8_000, 20_000, 60_000, 1_500_000]);
    const purchase: PurchaseStep = {
      kind: "purchase",
      name: `purchase ${++this.#names}`,
      link: random.integer(4) === 0 ? "generic" : networkOf(card),
      card,
      merchant: pick(random, demoMerchants).key,
      amount: BigInt(100 + random.integer(largest)),
      expect,
    };
    this.#purchases.push(purchase);
    return purchase;
  }

  #visit(): DayStep {
    const random = this.#random;
    const card = pick(random, this.#cards.slice(1));
    const { amounts, key, visits } = pick(random, merchantProfiles);
    const [least, most] = amounts;
    const amount = BigInt(least + random.integer(most - least + 1));
    const link = random.integer(4) === 0 ? "generic" : networkOf(card);
    return { kind: "visit", link, card, profile: key, amount, steps: pick(random, visits).steps, expect: null };
  }

  /** In part only where DE95 is in the currency of the card. */
  #reversal(purchase: PurchaseStep): DayStep {
    const random = this.#random;
    const mayBePart = currencyOf(purchase.card) === currencyOfMerchant(purchase);
    const rest = mayBePart && random.integer(3) === 0 ? BigInt(random.integer(Number(purchase.amount) + 10)) : null;
    const number = 1 + random.integer(3);
    return { kind: "reversal", of: purchase.name, mti: pick(random, reversalMtis), number, rest, expect };
  }

  #kind(): Kind {
    let left = this.#random.integer(1_000);
    for (const [kind, share] of shares) {
      left -= share;
      if (left < 0) return kind;
    }
    return "purchase";
  }
}

function cardOf(card: DayCard): (typeof demoCards)[number] | undefined {
  return demoCards.find(({ key }) => key === card.replace("-replacement", ""));
}

function networkOf(card: DayCard): "visa" | "mastercard" {
  return cardOf(card)?.network ?? "visa";
}

function currencyOf(card: DayCard): string | null {
  const holder = demoCardholders.find(({ key }) => key === cardOf(card)?.cardholder);
  return demoAccounts.find(({ key }) => key === holder?.account)?.currency ?? null;
}

function currencyOfMerchant({ merchant }: PurchaseStep): string | undefined {
  return demoMerchants.find(({ key }) => key === merchant)?.currency;
}
