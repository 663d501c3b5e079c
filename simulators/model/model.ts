import { type Minor, minor } from "../../src/kernel/money.ts";
import { type DeclineCheck, firstStaticHit } from "./checks.ts";
import { ChainMemory, type Hold, type MessageRecord, type Retention } from "./memory.ts";
import {
  type AuthorizationMessage,
  type MessageFacts,
  type ReversalMessage,
  authorizationKey,
  cardAmount,
  fingerprint,
  reversalKey,
  undoKey,
} from "./messages.ts";
import { type Account, type Card, Program } from "./program.ts";
import { type AppliedLimit, type CounterOwner, Spending, limitsOf, tightest } from "./spending.ts";
import { type Interval, windowStart } from "./windows.ts";

/** What an authorization was answered the first time; a repeat is answered the same. */
export type AuthorizationAnswer =
  | { readonly outcome: "approved"; readonly approvedAmount: Minor }
  | { readonly outcome: "declined"; readonly check: DeclineCheck }
  | { readonly outcome: "reversed_before" };
export type AuthorizationOpinion =
  | AuthorizationAnswer
  | { readonly outcome: "duplicate"; readonly first: AuthorizationAnswer }
  | {
      readonly outcome: "conflict" | "expired_deadline" | "unknown_pan" | "unsupported_currency";
    };

export interface ReversalAnswer {
  readonly outcome: "released" | "lowered" | "tombstone" | "unknown" | "nothing_to_release" | "exception";
  readonly releasedAmount: Minor;
}
export type ReversalOpinion =
  | ReversalAnswer
  | { readonly outcome: "duplicate"; readonly first: ReversalAnswer }
  | { readonly outcome: "conflict" | "unknown_pan" };

export interface ModelSettings {
  /** Category name of an MCC, as the controls name it. */
  readonly categoryOf: (mcc: string) => string;
  /** Digits of the minor unit of an ISO 4217 number. */
  readonly decimalsOf: (currency: number) => number;
  /** DE4 in the card currency where the message itself does not tell it; null: there is no rate. */
  readonly convert: (amount: Minor, from: number, to: number) => Minor | null;
  readonly retention: Retention;
  /** Default limits in major units of the card currency. */
  readonly defaults: {
    readonly dailyMajor: bigint;
    readonly perAuthorizationMajor: bigint;
  };
}

export interface CounterState {
  readonly owner: CounterOwner;
  readonly interval: Interval;
  /** Sorted; empty: every category. */
  readonly categories: readonly string[];
  readonly windowStartMs: number;
  readonly spent: Minor;
}

const hourMs = 3_600_000;
const defaultSettings = {
  retention: {
    holdlessMs: 24 * hourMs,
    endedHoldMs: 24 * hourMs,
    tombstoneMs: 48 * hourMs,
  },
  defaults: { dailyMajor: 500n, perAuthorizationMajor: 10_000n },
  convert: () => null,
} as const;

type Memory = ChainMemory<AuthorizationAnswer, ReversalAnswer>;

/**
 * The money rules, said a second time: plain state, whole numbers, one message after the other. It shares no code
 * with what it judges, so that both are wrong together only where the rules themselves were misread twice.
 */
export class Model {
  readonly program = new Program();
  readonly #settings: ModelSettings;
  readonly #spending = new Spending();
  readonly #memories = new Map<string, Memory>();
  readonly #exceptions = new Map<string, { readonly fingerprint: string; readonly forgetAtMs: number }>();

  constructor(settings: Pick<ModelSettings, "categoryOf" | "decimalsOf"> & Partial<ModelSettings>) {
    this.#settings = { ...defaultSettings, ...settings };
  }

  /** Money arrives on an account, in minor units of its currency. */
  fund(account: string, amount: Minor): void {
    this.program.account(account).available += amount;
  }

  authorize(message: AuthorizationMessage): AuthorizationOpinion {
    const card = this.program.cardFor(message.pan, message.expiry);
    if (card === null) return { outcome: "unknown_pan" };
    const memory = this.#memoryOf(card);
    const key = authorizationKey(message);
    const earlier = memory.authorizations.get(key);
    if (earlier !== undefined) return repeated(earlier, message);
    const amount = this.#cardAmount(card, message);
    if (amount === null) return { outcome: "unsupported_currency" };
    if (message.wallNowMs >= message.deadlineMs) return { outcome: "expired_deadline" };

    const account = card.cardholder.account;
    account.lastBusinessMs = Math.max(account.lastBusinessMs, message.businessNowMs);
    const answer = memory.tombstones.has(key) ? reversedBefore : this.#decide(card, message, amount);
    const hold = answer.outcome === "approved" ? this.#hold(card, message, amount) : null;
    const { tombstoneMs, holdlessMs } = this.#settings.retention;
    const keptMs = answer.outcome === "reversed_before" ? tombstoneMs : holdlessMs;
    memory.authorizations.set(key, this.#record(message, answer, hold, keptMs));
    return answer;
  }

  reverse(message: ReversalMessage): ReversalOpinion {
    const card = this.program.cardFor(message.pan, null);
    const key = reversalKey(message);
    if (card === null) return this.#exception(key, message);
    const memory = this.#memoryOf(card);
    const earlier = memory.reversals.get(key);
    if (earlier !== undefined) return repeated(earlier, message);

    const account = card.cardholder.account;
    account.lastBusinessMs = Math.max(account.lastBusinessMs, message.businessNowMs);
    const open = openHold(memory.authorizations.get(undoKey(message)));
    const answer = open === null ? this.#withoutHold(memory, message) : this.#release(open, message);
    const { tombstoneMs, holdlessMs } = this.#settings.retention;
    const keptMs = answer.outcome === "tombstone" ? tombstoneMs : holdlessMs;
    memory.reversals.set(key, this.#record(message, answer, null, keptMs));
    return answer;
  }

  /** Forgets at most `limit` expired messages of a card's chain; how many were forgotten. */
  purge(card: string, wallNowMs: number, limit: number): number {
    return this.#memoryOf(this.program.card(card)).purge(wallNowMs, limit, this.#settings.retention);
  }

  /** The largest amount that limits and balance would let through now, in minor units. */
  headroom(
    card: Card,
    mcc: string,
    businessNowMs: number,
  ): { readonly limits: bigint | null; readonly available: bigint } {
    const account = card.cardholder.account;
    const now = Math.max(account.lastBusinessMs, businessNowMs);
    const limits = tightest(this.#spending, this.#limitsOf(card), this.#settings.categoryOf(mcc), now);
    return { limits, available: account.available };
  }

  /** Spent by a chain or cardholder in the window of a business time, in minor units; no categories: in all of them. */
  spent(
    counted: { owner: CounterOwner; interval: Interval; categories: readonly string[] },
    businessMs: number,
  ): bigint {
    return this.#spending.spent(counted, businessMs);
  }

  /** What remains of each open hold of a chain of cards, smallest first. */
  openHolds(chain: string): bigint[] {
    const holds = [...(this.#memories.get(chain)?.openHolds() ?? [])];
    return holds.map((hold) => hold.remaining).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }

  /** Every counter that a limit of this card asks for, in the window of its account's last business time. */
  countersOf(card: Card): CounterState[] {
    const now = card.cardholder.account.lastBusinessMs;
    return this.#limitsOf(card).flatMap(({ owner, interval, categories }) => {
      if (interval === "per_authorization") return [];
      const spent = minor(this.#spending.spent({ owner, interval, categories }, now));
      return [
        {
          owner,
          interval,
          categories: categories.toSorted(),
          windowStartMs: windowStart(interval, now),
          spent,
        },
      ];
    });
  }

  #decide(card: Card, message: AuthorizationMessage, amount: Minor): AuthorizationAnswer {
    const category = this.#settings.categoryOf(message.mcc);
    const hit = firstStaticHit(card, message, category);
    if (hit !== null) return { outcome: "declined", check: hit };
    const room = this.headroom(card, message.mcc, message.businessNowMs);
    if (room.limits !== null && amount > room.limits) return { outcome: "declined", check: "limit" };
    if (amount > room.available) return { outcome: "declined", check: "insufficient_funds" };
    return { outcome: "approved", approvedAmount: amount };
  }

  #hold(card: Card, message: AuthorizationMessage, amount: Minor): Hold {
    const account = card.cardholder.account;
    const charge = {
      chain: card.chain,
      cardholder: card.cardholder.cardholder,
      category: this.#settings.categoryOf(message.mcc),
      businessMs: account.lastBusinessMs,
    };
    move(account, -amount);
    this.#spending.record(charge, amount);
    return {
      account,
      charge,
      approved: amount,
      remaining: amount,
      endedAtMs: null,
    };
  }

  /** A reversal that nobody's card can take is listed as an exception, once for each message. */
  #exception(key: string, message: ReversalMessage): ReversalOpinion {
    const earlier = this.#exceptions.get(key);
    const isKept = earlier !== undefined && message.wallNowMs < earlier.forgetAtMs;
    if (isKept && earlier.fingerprint !== fingerprint(message)) return { outcome: "conflict" };
    if (!isKept) {
      const forgetAtMs = message.wallNowMs + this.#settings.retention.holdlessMs;
      this.#exceptions.set(key, { fingerprint: fingerprint(message), forgetAtMs });
    }
    return { outcome: "unknown_pan" };
  }

  #release(hold: Hold, message: ReversalMessage): ReversalAnswer {
    const target = message.replacementAmount ?? 0n;
    if (target > hold.remaining) return { outcome: "exception", releasedAmount: minor(0n) };
    const released = minor(hold.remaining - target);
    hold.remaining = target;
    move(hold.account, released);
    this.#spending.record(hold.charge, -released);
    if (target > 0n) return { outcome: "lowered", releasedAmount: released };
    hold.endedAtMs = message.wallNowMs;
    return { outcome: "released", releasedAmount: released };
  }

  #withoutHold(memory: Memory, message: ReversalMessage): ReversalAnswer {
    const key = undoKey(message);
    if (memory.authorizations.has(key)) return { outcome: "nothing_to_release", releasedAmount: minor(0n) };
    if (memory.tombstones.has(key)) return { outcome: "unknown", releasedAmount: minor(0n) };
    memory.tombstones.set(key, message.wallNowMs + this.#settings.retention.tombstoneMs);
    return { outcome: "tombstone", releasedAmount: minor(0n) };
  }

  #record<A>(message: MessageFacts, answer: A, hold: Hold | null, keptMs: number): MessageRecord<A> {
    return {
      fingerprint: fingerprint(message),
      answer,
      hold,
      forgetAtMs: message.wallNowMs + keptMs,
    };
  }

  #cardAmount(card: Card, message: AuthorizationMessage): Minor | null {
    const currency = card.cardholder.account.currency;
    const told = cardAmount(message, currency);
    return told ?? this.#settings.convert(message.transactionAmount, message.transactionCurrency, currency);
  }

  #limitsOf(card: Card): AppliedLimit[] {
    const major = 10n ** BigInt(this.#settings.decimalsOf(card.cardholder.account.currency));
    return limitsOf(card, major, this.#settings.defaults);
  }

  #memoryOf(card: Card): Memory {
    let memory = this.#memories.get(card.chain);
    if (memory === undefined) {
      memory = new ChainMemory();
      this.#memories.set(card.chain, memory);
    }
    return memory;
  }
}

const reversedBefore = { outcome: "reversed_before" } as const;

/** A repeat gets the first answer again; the same key with another fingerprint is somebody else's message. */
function repeated<A>(
  earlier: MessageRecord<A>,
  message: MessageFacts,
): { outcome: "duplicate"; first: A } | { outcome: "conflict" } {
  if (earlier.fingerprint !== fingerprint(message)) return { outcome: "conflict" };
  return { outcome: "duplicate", first: earlier.answer };
}

function openHold(original: MessageRecord<AuthorizationAnswer> | undefined): Hold | null {
  const hold = original?.hold ?? null;
  return hold !== null && hold.endedAtMs === null ? hold : null;
}

/** Between what is available and what is held: their sum does not move. */
function move(account: Account, toAvailable: bigint): void {
  account.available += toAvailable;
  account.held -= toAvailable;
}
