import { minor } from "../../src/kernel/money.ts";
import type { Card, SpendingLimit } from "./program.ts";
import { type Interval, intervals, windowStart } from "./windows.ts";

export type CounterOwner = {
  readonly kind: "chain" | "cardholder";
  readonly id: string;
};

/** One amount taken from the windows of a business time, to be given back to those and to no other. */
export interface Charge {
  readonly chain: string;
  readonly cardholder: string;
  readonly category: string;
  readonly businessMs: number;
}

/** A limit that applies to a card, with the name of what it counts. */
export interface AppliedLimit extends SpendingLimit {
  readonly owner: CounterOwner;
}

const everything = "*";

/**
 * What each chain and cardholder has spent, per window and category, whether or not a limit asks for it: so a limit
 * that is added in the middle of a window counts what was already spent (rules: Limits).
 */
export class Spending {
  readonly #spent = new Map<string, bigint>();

  /** Adds `amount` (negative: gives it back) to every window that the charge fell into. */
  record(charge: Charge, amount: bigint): void {
    for (const owner of ownersOf(charge)) {
      for (const interval of intervals) {
        const start = windowStart(interval, charge.businessMs);
        this.#add(cellKey(owner, interval, start, everything), amount);
        this.#add(cellKey(owner, interval, start, charge.category), amount);
      }
    }
  }

  /** Spent in the window of `businessMs`, over the given categories (none: all). */
  spent(
    limit: {
      owner: CounterOwner;
      interval: Interval;
      categories: readonly string[];
    },
    businessMs: number,
  ): bigint {
    const start = windowStart(limit.interval, businessMs);
    const counted = limit.categories.length === 0 ? [everything] : limit.categories;
    let sum = 0n;
    for (const category of counted) sum += this.#spent.get(cellKey(limit.owner, limit.interval, start, category)) ?? 0n;
    return sum;
  }

  /** What a limit still lets through at `businessMs`; null where it does not count this category. */
  headroom(limit: AppliedLimit, category: string, businessMs: number): bigint | null {
    if (limit.categories.length > 0 && !limit.categories.includes(category)) return null;
    if (limit.interval === "per_authorization") return limit.amount;
    return limit.amount - this.spent({ ...limit, interval: limit.interval }, businessMs);
  }

  #add(key: string, amount: bigint): void {
    const sum = (this.#spent.get(key) ?? 0n) + amount;
    if (sum === 0n) this.#spent.delete(key);
    else this.#spent.set(key, sum);
  }
}

/** The smallest headroom of all limits on a card: an amount up to it passes. Null: nothing limits it. */
export function tightest(
  spending: Spending,
  limits: readonly AppliedLimit[],
  category: string,
  businessMs: number,
): bigint | null {
  let least: bigint | null = null;
  for (const limit of limits) {
    const room = spending.headroom(limit, category, businessMs);
    if (room !== null && (least === null || room < least)) least = room;
  }
  return least;
}

/**
 * Own limits of card and cardholder, and the defaults: 10,000 major units an authorization always, 500 a day for a
 * card without limits of its own; a load program has neither. `major` is one major unit in minor units.
 */
export function limitsOf(
  card: Card,
  major: bigint,
  defaults: { dailyMajor: bigint; perAuthorizationMajor: bigint },
): AppliedLimit[] {
  const chain: CounterOwner = { kind: "chain", id: card.chain };
  const cardholder: CounterOwner = {
    kind: "cardholder",
    id: card.cardholder.cardholder,
  };
  const limits = [
    ...card.controls.limits.map((limit) => ({ ...limit, owner: chain })),
    ...card.cardholder.controls.limits.map((limit) => ({
      ...limit,
      owner: cardholder,
    })),
  ];
  if (card.program === "load") return limits;
  limits.push(defaultLimit("per_authorization", defaults.perAuthorizationMajor * major, chain));
  if (card.controls.limits.length === 0) limits.push(defaultLimit("daily", defaults.dailyMajor * major, chain));
  return limits;
}

function defaultLimit(interval: SpendingLimit["interval"], amount: bigint, owner: CounterOwner): AppliedLimit {
  return { interval, amount: minor(amount), categories: [], owner };
}

function ownersOf(charge: Charge): CounterOwner[] {
  return [
    { kind: "chain", id: charge.chain },
    { kind: "cardholder", id: charge.cardholder },
  ];
}

function cellKey(owner: CounterOwner, interval: Interval, start: number, category: string): string {
  return `${owner.kind}|${owner.id}|${interval}|${start}|${category}`;
}
