import { assert, must } from "../../src/kernel/assert.ts";
import { minor } from "../../src/kernel/money.ts";
import type { Account } from "./program.ts";
import type { MessageFacts } from "./messages.ts";
import { windowStart } from "./windows.ts";

/** Whose windows an amount counts in. */
export interface Spender {
  readonly account: Account;
  readonly chain: string;
  readonly cardholder: string;
  readonly category: string;
}

/** In which currency a chain began, and the rate that its first message brought (DE10) or was given. */
export interface ForeignRate {
  readonly currency: number;
  readonly rate: string | null;
}

export interface ChargedPart {
  /** First millisecond of a UTC day. */
  readonly dayMs: number;
  readonly amount: bigint;
}

/** What is still taken of each UTC day on which something was charged, earliest first (semantics: Charged days). */
export class ChargedDays {
  #parts: ChargedPart[] = [];

  get total(): bigint {
    return this.#parts.reduce((sum, part) => sum + part.amount, 0n);
  }

  add(businessMs: number, amount: bigint): void {
    const dayMs = windowStart("daily", businessMs);
    const last = this.#parts.at(-1);
    assert(last === undefined || last.dayMs <= dayMs, "an account's time does not go back");
    if (last?.dayMs === dayMs) this.#parts[this.#parts.length - 1] = { dayMs, amount: last.amount + amount };
    else this.#parts.push({ dayMs, amount });
  }

  /** Takes what is captured: it stays charged, the earliest days before the later ones. */
  settle(amount: bigint): void {
    assert(amount <= this.total, "nobody captures from a hold more than there is");
    let wanted = amount;
    this.#parts = this.#parts
      .map(({ dayMs, amount: there }) => {
        const part = least(there, wanted);
        wanted -= part;
        return { dayMs, amount: there - part };
      })
      .filter((part) => part.amount > 0n);
  }

  /** Takes an amount out, from `firstDayMs` first if there is one, then from the latest day on; says from which days. */
  take(amount: bigint, firstDayMs: number | null = null): ChargedPart[] {
    assert(amount <= this.total, "nobody takes more than there is");
    const latestFirst = this.#parts.toReversed();
    const order = [
      ...latestFirst.filter(({ dayMs }) => dayMs === firstDayMs),
      ...latestFirst.filter(({ dayMs }) => dayMs !== firstDayMs),
    ];
    const taken: ChargedPart[] = [];
    let wanted = amount;
    for (const { dayMs, amount: there } of order) {
      const part = there < wanted ? there : wanted;
      if (part > 0n) taken.push({ dayMs, amount: part });
      wanted -= part;
    }
    const left = (part: ChargedPart) => part.amount - (taken.find(({ dayMs }) => dayMs === part.dayMs)?.amount ?? 0n);
    this.#parts = this.#parts.map((part) => ({ ...part, amount: left(part) })).filter((part) => part.amount > 0n);
    return taken;
  }

  copy(): ChargedDays {
    const copied = new ChargedDays();
    copied.#parts = [...this.#parts];
    return copied;
  }
}

/** `pending`: reserved until the program's endpoint has answered. `declined`: it was reserved, and never became a hold. */
export type HoldState = "pending" | "open" | "captured" | "reversed" | "expired" | "declined";

/** Money kept back for a chain of messages, or reserved for its first. */
export interface Hold {
  readonly kind: "hold";
  /** The key of the message that made it. */
  readonly key: string;
  readonly maker: MessageFacts;
  readonly spender: Spender;
  readonly foreign: ForeignRate;
  readonly mcc: string;
  /** The account's business time at its first message, in milliseconds: expiry counts from it. */
  readonly heldSinceMs: number;
  /** Held for a pump: an advice of what was pumped replaces it. */
  readonly isFuel: boolean;
  /** What was pumped has been told. */
  isCompleted: boolean;
  readonly charged: ChargedDays;
  state: HoldState;
  /** Wall time of its end; null while it is open. */
  endedAtMs: number | null;
}

/** One increment of a hold, which can be reversed by itself. */
export interface Increment {
  readonly kind: "increment";
  readonly hold: Hold;
  readonly businessMs: number;
  /** What reversals of it have left. */
  left: bigint;
}

/** Money that has gone (debit) or come (credit) by a single message. */
export interface Posting {
  readonly kind: "posting";
  readonly spender: Spender;
  readonly foreign: ForeignRate;
  readonly isCredit: boolean;
  /** What can still be reversed of a credit. */
  creditLeft: bigint;
  /** What can still be reversed of a debit, by the days on which it was charged. */
  readonly charged: ChargedDays;
  readonly forgetAtMs: number;
}

export function remainingOf(hold: Hold): bigint {
  return hold.charged.total;
}

export function reversibleOf(posting: Posting): bigint {
  return posting.isCredit ? posting.creditLeft : posting.charged.total;
}

export function isOpen(hold: Hold): boolean {
  return hold.state === "open";
}

export function isPending(hold: Hold): boolean {
  return hold.state === "pending";
}

/** A closed hold keeps nothing back. */
export function end(hold: Hold, state: Exclude<HoldState, "open" | "pending">, wallNowMs: number): void {
  assert(isOpen(hold) || isPending(hold), "a hold ends once");
  assert(remainingOf(hold) === 0n, "what is held is released or captured before a hold ends");
  hold.state = state;
  hold.endedAtMs = wallNowMs;
}

/** Forgotten when a hold has ended; null: it has not. */
export function endedAt(hold: Hold): number | null {
  return isOpen(hold) || isPending(hold) ? null : must(hold.endedAtMs, "an end has a time");
}

export function least(...amounts: readonly bigint[]): bigint {
  return amounts.reduce((a, b) => (b < a ? b : a));
}

export const nothing = minor(0n);
