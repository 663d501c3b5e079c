import { type Minor, minor } from "../../src/kernel/money.ts";
import type { Books } from "./books.ts";
import { expiresAtMs } from "./expiry.ts";
import { type Hold, isOpen, remainingOf, reversibleOf } from "./hold.ts";
import { type MessageFacts, chainOf, keyOf } from "./messages.ts";
import type { Card, Program } from "./program.ts";
import { reservationOf } from "./reservation.ts";
import type { CounterOwner } from "./spending.ts";
import { type Interval, windowStart } from "./windows.ts";

export interface CounterState {
  readonly owner: CounterOwner;
  readonly interval: Interval;
  /** Sorted; empty: every category. */
  readonly categories: readonly string[];
  readonly windowStartMs: number;
  readonly spent: Minor;
}

/** What can be asked of the model without changing it. */
export class ModelState {
  protected readonly books: Books;

  constructor(books: Books) {
    this.books = books;
  }

  get program(): Program {
    return this.books.program;
  }

  /** Open holds of a line of cards whose time has come. */
  dueHolds(chain: string, businessNowMs: number): Hold[] {
    return [...this.books.memoryOf(chain).openHolds()].filter((hold) => businessNowMs >= expiresAtMs(hold));
  }

  /** An increment of a chain that is not known, or closed, begins one of its own. */
  isChainOpen(message: MessageFacts): boolean {
    const card = this.program.cardFor(message.pan, null);
    const named = card === null ? null : this.books.memoryOf(card.chain).named(chainOf(message));
    return named?.kind === "hold" && isOpen(named);
  }

  /** The hold of that key, whatever its state; null: there never was one, or it is forgotten. */
  holdOf(chain: string, key: string): Hold | null {
    return this.holds(chain).find((hold) => hold.key === key) ?? null;
  }

  /** What is reserved for the message that bears a key; null: it does not wait for its endpoint. */
  reservedFor(chain: string, key: string): bigint | null {
    return reservationOf(this.books.memoryOf(chain).authorizations.get(key))?.asked.reservedAmount ?? null;
  }

  /** The hold that a message's own key or the name of its chain leads to; null: none. */
  holdMeant(message: MessageFacts): Hold | null {
    const card = this.program.cardFor(message.pan, null);
    if (card === null) return null;
    const memory = this.books.memoryOf(card.chain);
    const known = memory.known(keyOf(message, "authorization")) ?? memory.named(chainOf(message));
    if (known?.kind === "increment") return known.hold;
    return known?.kind === "hold" ? known : null;
  }

  /** What a reversal of a message could still take back; 0: nothing. */
  leftOf(message: MessageFacts): bigint {
    const card = this.program.cardFor(message.pan, null);
    if (card === null) return 0n;
    const memory = this.books.memoryOf(card.chain);
    const functions = ["authorization", "financial", "financial_advice"] as const;
    const known = functions.map((one) => memory.known(keyOf(message, one))).find((found) => found !== null);
    if (known?.kind === "hold") return remainingOf(known);
    if (known?.kind === "increment") return known.left;
    return known?.kind === "posting" ? reversibleOf(known) : 0n;
  }

  /** The largest amount that limits and balance would let through now, in minor units. */
  headroom(
    card: Card,
    mcc: string,
    businessNowMs: number,
  ): { readonly limits: bigint | null; readonly available: bigint } {
    const { available, lastBusinessMs } = card.cardholder.account;
    const limits = this.books.limitRoom(card, mcc, Math.max(lastBusinessMs, businessNowMs));
    return { limits, available };
  }

  /** Spent by a chain or cardholder in the window of a business time, in minor units; no categories: in all of them. */
  spent(
    counted: { owner: CounterOwner; interval: Interval; categories: readonly string[] },
    businessMs: number,
  ): bigint {
    return this.books.spending.spent(counted, businessMs);
  }

  /** What remains of each open hold of a chain of cards, smallest first. */
  openHolds(chain: string): bigint[] {
    const holds = [...this.books.memoryOf(chain).openHolds()];
    return holds.map(remainingOf).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Holds of a chain of cards, open and ended, that have not been forgotten. */
  holds(chain: string): Hold[] {
    return [...this.books.memoryOf(chain).holds()];
  }

  /** Every counter that a limit of this card asks for, in the window of its account's last business time. */
  countersOf(card: Card): CounterState[] {
    const now = card.cardholder.account.lastBusinessMs;
    return this.books.limitsOf(card).flatMap(({ owner, interval, categories }) => {
      if (interval === "per_authorization") return [];
      const spent = minor(this.books.spending.spent({ owner, interval, categories }, now));
      const windowStartMs = windowStart(interval, now);
      return [{ owner, interval, categories: categories.toSorted(), windowStartMs, spent }];
    });
  }

  /** Reserved for each message that begins a chain and waits for its endpoint, smallest first. */
  reserved(chain: string): bigint[] {
    const holds = [...this.books.memoryOf(chain).reservations()];
    return holds.map(remainingOf).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Keys of all messages of a line of cards that wait for their endpoint, increments among them. */
  waiting(chain: string): string[] {
    const { authorizations } = this.books.memoryOf(chain);
    return [...authorizations].filter(([, record]) => reservationOf(record) !== null).map(([key]) => key);
  }
}
