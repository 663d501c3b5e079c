import { type Minor, minor } from "../../src/kernel/money.ts";
import { advise, withdraw } from "./advice.ts";
import type {
  AdviceOpinion,
  AuthorizationOpinion,
  ExpiryOpinion,
  FinancialAnswer,
  FinancialOpinion,
  ReversalOpinion,
} from "./answers.ts";
import { authorize } from "./authorization.ts";
import { Books, type ModelSettings } from "./books.ts";
import { expiresAtMs } from "./expiry.ts";
import { advice, request } from "./financial.ts";
import { type Hold, isOpen, remainingOf, reversibleOf } from "./hold.ts";
import type { MessageRecord } from "./memory.ts";
import {
  type AdviceMessage,
  type AuthorizationMessage,
  type FinancialMessage,
  type MessageFacts,
  type ReversalMessage,
  chainOf,
  fingerprint,
  keyOf,
} from "./messages.ts";
import type { Account, Card, Program } from "./program.ts";
import { reverse } from "./reversal.ts";
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

/** A hold that is to expire: the line of cards it belongs to, and the key of the message that made it. */
export interface ExpiryOrder {
  readonly chain: string;
  readonly holdKey: string;
  /** It is due because nobody has told what was pumped. */
  readonly asFuel: boolean;
  readonly wallNowMs: number;
  readonly businessNowMs: number;
}

const hourMs = 3_600_000;
const defaultSettings = {
  retention: {
    answerMs: 24 * hourMs,
    endedHoldMs: 24 * hourMs,
    postingMs: 48 * hourMs,
    tombstoneMs: 48 * hourMs,
  },
  defaults: { dailyMajor: 500n, perAuthorizationMajor: 10_000n },
  rateAt: () => null,
} as const;

/**
 * The money rules, said a second time: plain state, whole numbers, one message after the other. It shares no code
 * with what it judges, so that both are wrong together only where the rules themselves were misread twice.
 */
export class Model {
  readonly #books: Books;
  /** Messages for PANs that nobody has, listed once each. */
  readonly #exceptions = new Map<string, { readonly fingerprint: string; readonly forgetAtMs: number }>();

  constructor(settings: Pick<ModelSettings, "categoryOf" | "decimalsOf"> & Partial<ModelSettings>) {
    this.#books = new Books({ ...defaultSettings, ...settings });
  }

  get program(): Program {
    return this.#books.program;
  }

  /** Money arrives on an account, in minor units of its currency. */
  fund(account: string, amount: Minor): void {
    this.program.account(account).available += amount;
  }

  authorize(message: AuthorizationMessage): AuthorizationOpinion {
    const card = this.program.cardFor(message.pan, message.expiry);
    if (card === null) return { outcome: "unknown_pan" };
    const memory = this.#books.memoryOf(card.chain);
    const key = keyOf(message, "authorization");
    const earlier = memory.authorizations.get(key);
    if (earlier !== undefined) return repeated(earlier, message);
    const bill = this.#books.bill(card, message);
    if (bill === null) return { outcome: "unsupported_currency" };
    if (message.wallNowMs >= message.deadlineMs) return { outcome: "expired_deadline" };

    noteTime(bill.account, message);
    const { answer, made } = authorize(this.#books, memory, bill, message);
    memory.authorizations.set(key, this.#books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  advise(message: AdviceMessage): AdviceOpinion {
    const key = keyOf(message, "advice");
    const card = this.program.cardFor(message.pan, message.expiry);
    if (card === null) return this.#exception(key, message, "unknown_pan");
    const memory = this.#books.memoryOf(card.chain);
    const earlier = memory.advices.get(key);
    if (earlier !== undefined) return repeated(earlier, message);
    const bill = this.#books.bill(card, message);
    if (bill === null && message.isApproved) return this.#exception(key, message, "unsupported_currency");

    noteTime(card.cardholder.account, message);
    const { answer, made } =
      bill === null || !message.isApproved
        ? withdraw(this.#books, memory, message)
        : advise(this.#books, memory, bill, message);
    memory.advices.set(key, this.#books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  post(message: FinancialMessage): FinancialOpinion {
    const key = keyOf(message, message.isAdvice ? "financial_advice" : "financial");
    const card = this.program.cardFor(message.pan, message.expiry);
    if (card === null)
      return message.isAdvice ? this.#exception(key, message, "unknown_pan") : { outcome: "unknown_pan" };
    const memory = this.#books.memoryOf(card.chain);
    const earlier = memory.financials.get(key);
    if (earlier !== undefined) return repeated(earlier, message);
    // What was declined by somebody else moves nothing, and needs no rate.
    if (message.isAdvice && !message.isApproved) {
      noteTime(card.cardholder.account, message);
      const answer = { outcome: "exception" } as const;
      memory.financials.set(key, this.#books.record(message, answer, null, this.#keptMs(answer.outcome)));
      return answer;
    }
    const bill = this.#books.bill(card, message);
    if (bill === null) {
      const outcome = "unsupported_currency";
      return message.isAdvice ? this.#exception(key, message, outcome) : { outcome };
    }
    if (!message.isAdvice && message.wallNowMs >= message.deadlineMs) return { outcome: "expired_deadline" };

    noteTime(bill.account, message);
    const decide = message.isAdvice ? advice : request;
    const { answer, made } = decide(this.#books, memory, bill, message);
    memory.financials.set(key, this.#books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  reverse(message: ReversalMessage): ReversalOpinion {
    const key = keyOf(message, message.isAdvice ? "reversal_advice" : "reversal");
    const card = this.program.cardFor(message.pan, null);
    if (card === null) return this.#exception(key, message, "unknown_pan");
    const memory = this.#books.memoryOf(card.chain);
    const earlier = memory.reversals.get(key);
    if (earlier !== undefined) return repeated(earlier, message);

    const account = card.cardholder.account;
    noteTime(account, message);
    const { answer, made } = reverse(this.#books, memory, account, message);
    memory.reversals.set(key, this.#books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  /** By business time, when the due runner says so: the hold goes, its money comes back. */
  expire({ chain, holdKey, asFuel, wallNowMs, businessNowMs }: ExpiryOrder): ExpiryOpinion {
    const hold = [...this.#books.memoryOf(chain).holds()].find(({ key }) => key === holdKey);
    if (hold === undefined) return "stale";
    if (!isOpen(hold)) return "already";
    if (asFuel && hold.isCompleted) return "stale";
    noteTime(hold.spender.account, { businessNowMs });
    this.#books.expire(hold, wallNowMs);
    return "done";
  }

  /** Open holds of a line of cards whose time has come. */
  dueHolds(chain: string, businessNowMs: number): Hold[] {
    return [...this.#books.memoryOf(chain).openHolds()].filter((hold) => businessNowMs >= expiresAtMs(hold));
  }

  /** An increment of a chain that is not known, or closed, begins one of its own. */
  isChainOpen(message: MessageFacts): boolean {
    const card = this.program.cardFor(message.pan, null);
    const named = card === null ? null : this.#books.memoryOf(card.chain).named(chainOf(message));
    return named?.kind === "hold" && isOpen(named);
  }

  /** The hold that a message's own key or the name of its chain leads to; null: none. */
  holdMeant(message: MessageFacts): Hold | null {
    const card = this.program.cardFor(message.pan, null);
    if (card === null) return null;
    const memory = this.#books.memoryOf(card.chain);
    const known = memory.known(keyOf(message, "authorization")) ?? memory.named(chainOf(message));
    if (known?.kind === "increment") return known.hold;
    return known?.kind === "hold" ? known : null;
  }

  /** What a reversal of a message could still take back; 0: nothing. */
  leftOf(message: MessageFacts): bigint {
    const card = this.program.cardFor(message.pan, null);
    if (card === null) return 0n;
    const memory = this.#books.memoryOf(card.chain);
    const functions = ["authorization", "financial", "financial_advice"] as const;
    const known = functions.map((one) => memory.known(keyOf(message, one))).find((found) => found !== null);
    if (known?.kind === "hold") return remainingOf(known);
    if (known?.kind === "increment") return known.left;
    return known?.kind === "posting" ? reversibleOf(known) : 0n;
  }

  /** Forgets at most `limit` expired messages of a card's chain; how many were forgotten. */
  purge(card: string, wallNowMs: number, limit: number): number {
    const memory = this.#books.memoryOf(this.program.card(card).chain);
    return memory.purge(wallNowMs, limit, this.#books.settings.retention);
  }

  /** The largest amount that limits and balance would let through now, in minor units. */
  headroom(
    card: Card,
    mcc: string,
    businessNowMs: number,
  ): { readonly limits: bigint | null; readonly available: bigint } {
    const { available, lastBusinessMs } = card.cardholder.account;
    const limits = this.#books.limitRoom(card, mcc, Math.max(lastBusinessMs, businessNowMs));
    return { limits, available };
  }

  /** Spent by a chain or cardholder in the window of a business time, in minor units; no categories: in all of them. */
  spent(
    counted: { owner: CounterOwner; interval: Interval; categories: readonly string[] },
    businessMs: number,
  ): bigint {
    return this.#books.spending.spent(counted, businessMs);
  }

  /** What remains of each open hold of a chain of cards, smallest first. */
  openHolds(chain: string): bigint[] {
    const holds = [...this.#books.memoryOf(chain).openHolds()];
    return holds.map(remainingOf).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Holds of a chain of cards, open and ended, that have not been forgotten. */
  holds(chain: string): Hold[] {
    return [...this.#books.memoryOf(chain).holds()];
  }

  /** Every counter that a limit of this card asks for, in the window of its account's last business time. */
  countersOf(card: Card): CounterState[] {
    const now = card.cardholder.account.lastBusinessMs;
    return this.#books.limitsOf(card).flatMap(({ owner, interval, categories }) => {
      if (interval === "per_authorization") return [];
      const spent = minor(this.#books.spending.spent({ owner, interval, categories }, now));
      const windowStartMs = windowStart(interval, now);
      return [{ owner, interval, categories: categories.toSorted(), windowStartMs, spent }];
    });
  }

  /** What nobody may refuse and no card can take is listed as an exception, once for each message. */
  #exception<Why extends "unknown_pan" | "unsupported_currency">(key: string, message: MessageFacts, why: Why) {
    const earlier = this.#exceptions.get(key);
    const isKept = earlier !== undefined && message.wallNowMs < earlier.forgetAtMs;
    if (isKept && earlier.fingerprint !== fingerprint(message)) return { outcome: "conflict" } as const;
    if (!isKept) {
      const forgetAtMs = message.wallNowMs + this.#books.settings.retention.answerMs;
      this.#exceptions.set(key, { fingerprint: fingerprint(message), forgetAtMs });
    }
    return { outcome: why };
  }

  #keptMs(outcome: string): number {
    const { answerMs, postingMs, tombstoneMs } = this.#books.settings.retention;
    if (outcome === "tombstone" || outcome === "reversed_before") return tombstoneMs;
    const isPosted: FinancialAnswer["outcome"][] = ["posted", "captured_hold", "force_posted"];
    return isPosted.some((posted) => posted === outcome) ? postingMs : answerMs;
  }
}

/** A repeat gets the first answer again; the same key with another fingerprint is somebody else's message. */
function repeated<A>(
  earlier: MessageRecord<A>,
  message: MessageFacts,
): { outcome: "duplicate"; first: A } | { outcome: "conflict" } {
  if (earlier.fingerprint !== fingerprint(message)) return { outcome: "conflict" };
  return { outcome: "duplicate", first: earlier.answer };
}

/** An account's time does not go back: a message that brings an older one is decided at the latest. */
function noteTime(account: Account, { businessNowMs }: { readonly businessNowMs: number }): void {
  account.lastBusinessMs = Math.max(account.lastBusinessMs, businessNowMs);
}
