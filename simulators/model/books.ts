import { type Minor, minor } from "../../src/kernel/money.ts";
import { converted, givenRate } from "./conversion.ts";
import {
  ChargedDays,
  type ChargedPart,
  type ForeignRate,
  type Hold,
  type Increment,
  type Posting,
  type Spender,
  end,
  least,
  isOpen,
  remainingOf,
  reversibleOf,
} from "./hold.ts";
import { ChainMemory, type MessageRecord, type Retention } from "./memory.ts";
import { type AmountMessage, type MessageFacts, fingerprint, toldAmount } from "./messages.ts";
import { type Account, type Card, Program } from "./program.ts";
import { type AppliedLimit, Spending, limitsOf, tightest } from "./spending.ts";
import { windowStart } from "./windows.ts";

export interface ModelSettings {
  /** Category name of an MCC, as the controls name it. */
  readonly categoryOf: (mcc: string) => string;
  /** Digits of the minor unit of an ISO 4217 number. */
  readonly decimalsOf: (currency: number) => number;
  /** DE10's eight digits for a business time, where a message brings no rate of its own; null: there is none. */
  readonly rateAt: (businessMs: number, from: number, to: number) => string | null;
  readonly retention: Retention;
  /** Default limits in major units of the card currency. */
  readonly defaults: {
    readonly dailyMajor: bigint;
    readonly perAuthorizationMajor: bigint;
  };
}

/** Who is asking, in which category, and how much of the card's currency. */
export interface Bill {
  readonly card: Card;
  readonly account: Account;
  readonly amount: Minor;
  readonly foreign: ForeignRate;
}

export interface NewHold {
  readonly key: string;
  readonly amount: bigint;
  /** It is only reserved. */
  readonly isPending?: boolean;
  /** It belongs to a pump. */
  readonly isFuel?: boolean;
  /** What was pumped is told by the very message that makes it. */
  readonly isCompleted?: boolean;
}

/** Balances, holds and what was spent: every step of money is one of these. */
export class Books {
  readonly program = new Program();
  readonly spending = new Spending();
  readonly settings: ModelSettings;
  readonly #memories = new Map<string, ChainMemory>();

  constructor(settings: ModelSettings) {
    this.settings = settings;
  }

  memoryOf(chain: string): ChainMemory {
    let memory = this.#memories.get(chain);
    if (memory === undefined) {
      memory = new ChainMemory();
      this.#memories.set(chain, memory);
    }
    return memory;
  }

  /** Null: the amount is in a currency that nothing converts. */
  bill(card: Card, message: AmountMessage): Bill | null {
    const account = card.cardholder.account;
    const told = toldAmount(message, account.currency);
    const currency = message.transactionCurrency;
    if (told !== null) {
      const rate = currency === account.currency ? null : givenRate(message.conversionRate);
      return { card, account, amount: told, foreign: { currency, rate } };
    }
    const rate = this.settings.rateAt(message.businessNowMs, currency, account.currency);
    if (rate === null) return null;
    const amount = converted(message.transactionAmount, rate, this.#digits(currency, account.currency));
    return { card, account, amount, foreign: { currency, rate } };
  }

  /** An amount of a chain's own currency in the card's; null: nothing converts it. */
  inCardCurrency(amount: Minor, currency: number, foreign: ForeignRate, at: { account: Account; businessMs: number }) {
    const to = at.account.currency;
    // 0 is 0 at every rate, also at one that nobody knows.
    if (currency === to || amount === 0n) return amount;
    const own = foreign.currency === currency ? foreign.rate : null;
    const rate = own ?? this.settings.rateAt(at.businessMs, currency, to);
    return rate === null ? null : converted(amount, rate, this.#digits(currency, to));
  }

  /** One whole unit of an account's currency. */
  major(account: Account): bigint {
    return 10n ** BigInt(this.settings.decimalsOf(account.currency));
  }

  limitsOf(card: Card): AppliedLimit[] {
    return limitsOf(card, this.major(card.cardholder.account), this.settings.defaults);
  }

  /**
   * The largest amount that all limits let through; null: nothing limits it. A limit per authorization looks at the
   * message's own code, a counted one at the code under which the amount would count.
   */
  limitRoom(card: Card, mcc: string, businessMs: number, countedMcc = mcc): bigint | null {
    const limits = this.limitsOf(card);
    const own = limits.filter(({ interval }) => interval === "per_authorization");
    const counted = limits.filter(({ interval }) => interval !== "per_authorization");
    const rooms = [
      tightest(this.spending, own, this.settings.categoryOf(mcc), businessMs),
      tightest(this.spending, counted, this.settings.categoryOf(countedMcc), businessMs),
    ].filter((room) => room !== null);
    return rooms.length === 0 ? null : least(...rooms);
  }

  hold(bill: Bill, message: AmountMessage, how: NewHold): Hold {
    const hold: Hold = {
      kind: "hold",
      key: how.key,
      maker: message,
      spender: this.spenderOf(bill.card, message.mcc),
      foreign: bill.foreign,
      mcc: message.mcc,
      heldSinceMs: bill.account.lastBusinessMs,
      isFuel: how.isFuel ?? false,
      isCompleted: how.isCompleted ?? false,
      charged: new ChargedDays(),
      state: how.isPending === true ? "pending" : "open",
      endedAtMs: null,
    };
    this.grow(hold, how.amount);
    return hold;
  }

  /** More is held, and counts today. */
  grow({ spender, charged }: Hold, amount: bigint): void {
    spender.account.available -= amount;
    spender.account.held += amount;
    this.#charge(spender, charged, amount);
  }

  /** Less is held or reserved, and is given back to its windows, that of `firstDayMs` first where it says one. */
  lower(hold: Hold, amount: bigint, firstDayMs: number | null = null): Minor {
    this.#free(hold, hold.charged.take(amount, firstDayMs));
    return minor(amount);
  }

  /** An increment is lowered to `left`: the hold gives back as much of the difference as it still has, and stays open. */
  takeBack(increment: Increment, left: bigint): Minor {
    const amount = least(increment.left - left, remainingOf(increment.hold));
    increment.left = left;
    return this.lower(increment.hold, amount, windowStart("daily", increment.businessMs));
  }

  /** A hold is lowered by what undoes the whole chain: it is reversed where nothing remains of it. */
  release(hold: Hold, amount: bigint, wallNowMs: number): Minor {
    const released = this.lower(hold, amount);
    if (remainingOf(hold) === 0n) end(hold, "reversed", wallNowMs);
    return released;
  }

  expire(hold: Hold, wallNowMs: number): void {
    this.#free(hold, hold.charged.take(remainingOf(hold)));
    end(hold, "expired", wallNowMs);
  }

  /** A single message makes the hold a posting of `amount`: what it held too much is given back, what it held too little counts today. */
  capture(hold: Hold, amount: bigint, wallNowMs: number): Posting {
    const { spender } = hold;
    const remaining = remainingOf(hold);
    if (amount < remaining) this.#free(hold, hold.charged.take(remaining - amount));
    const kept = remainingOf(hold);
    const charged = hold.charged.copy();
    hold.charged.take(kept);
    spender.account.held -= kept;
    end(hold, "captured", wallNowMs);
    spender.account.available -= amount - kept;
    this.#charge(spender, charged, amount - kept);
    return this.#posting({ spender, foreign: hold.foreign, isCredit: false, charged, wallNowMs });
  }

  post(bill: Bill, message: AmountMessage, amount: bigint): Posting {
    const spender = this.spenderOf(bill.card, message.mcc);
    const isCredit = message.purpose === "refund";
    const charged = new ChargedDays();
    spender.account.available += isCredit ? amount : -amount;
    if (!isCredit) this.#charge(spender, charged, amount);
    const posting = { spender, foreign: bill.foreign, isCredit, charged, wallNowMs: message.wallNowMs };
    return { ...this.#posting(posting), creditLeft: isCredit ? amount : 0n };
  }

  /**
   * A clearing takes its amount out of a hold, and from what is available where the hold has less: that counts today,
   * under the hold's code. The final one gives the rest back.
   */
  clear(hold: Hold, amount: bigint, { isFinal, wallNowMs }: { isFinal: boolean; wallNowMs: number }): void {
    const { spender } = hold;
    const covered = least(amount, remainingOf(hold));
    hold.charged.settle(covered);
    spender.account.held -= covered;
    this.spend(spender, amount - covered);
    if (!isFinal) return;
    this.lower(hold, remainingOf(hold));
    end(hold, "captured", wallNowMs);
  }

  /** Money that nothing was kept back for has gone: neither limits nor funds are asked. */
  spend(spender: Spender, amount: bigint): void {
    spender.account.available -= amount;
    this.#charge(spender, new ChargedDays(), amount);
  }

  spenderOf(card: Card, mcc: string): Spender {
    const { account, cardholder } = card.cardholder;
    return { account, chain: card.chain, cardholder, category: this.settings.categoryOf(mcc) };
  }

  /** The opposite of a posting, down to what is to be left of it. */
  repost(posting: Posting, left: bigint): Minor {
    const amount = reversibleOf(posting) - left;
    posting.spender.account.available += posting.isCredit ? -amount : amount;
    if (posting.isCredit) posting.creditLeft = left;
    else this.#giveBack(posting.spender, posting.charged.take(amount));
    return minor(amount);
  }

  record<A>(message: MessageFacts, answer: A, names: MessageRecord<A>["names"], keptMs: number): MessageRecord<A> {
    return {
      fingerprint: fingerprint(message),
      answer,
      names,
      isUndone: false,
      forgetAtMs: message.wallNowMs + keptMs,
    };
  }

  #posting(posting: Omit<Posting, "kind" | "creditLeft" | "forgetAtMs"> & { wallNowMs: number }): Posting {
    const { wallNowMs, ...made } = posting;
    return { kind: "posting", creditLeft: 0n, forgetAtMs: wallNowMs + this.settings.retention.postingMs, ...made };
  }

  #charge(spender: Spender, charged: ChargedDays, amount: bigint): void {
    if (amount === 0n) return;
    const businessMs = spender.account.lastBusinessMs;
    charged.add(businessMs, amount);
    this.spending.record({ ...spender, businessMs }, amount);
  }

  #free({ spender }: Hold, parts: readonly ChargedPart[]): void {
    for (const { amount } of parts) {
      spender.account.available += amount;
      spender.account.held -= amount;
    }
    this.#giveBack(spender, parts);
  }

  #giveBack(spender: Spender, parts: readonly ChargedPart[]): void {
    for (const { dayMs, amount } of parts) this.spending.record({ ...spender, businessMs: dayMs }, -amount);
  }

  #digits(from: number, to: number): { from: number; to: number } {
    return { from: this.settings.decimalsOf(from), to: this.settings.decimalsOf(to) };
  }
}

export function openOf(thing: { readonly kind: string } | Hold | null): Hold | null {
  return thing !== null && thing.kind === "hold" && "state" in thing && isOpen(thing) ? thing : null;
}
