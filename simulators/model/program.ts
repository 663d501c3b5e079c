import { assert, must } from "../../src/kernel/assert.ts";
import type { Minor } from "../../src/kernel/money.ts";
import type { Interval } from "./windows.ts";

export interface SpendingLimit {
  /** Minor units of the card currency. */
  readonly amount: Minor;
  readonly interval: Interval | "per_authorization";
  /** Category names that count; empty: all of them. */
  readonly categories: readonly string[];
}

/** An empty list controls nothing. Countries are ISO 3166 numeric. */
export interface SpendingControls {
  readonly allowedCategories: readonly string[];
  readonly blockedCategories: readonly string[];
  readonly allowedCountries: readonly number[];
  readonly blockedCountries: readonly number[];
  readonly allowedPresences: readonly string[];
  readonly blockedPresences: readonly string[];
  readonly limits: readonly SpendingLimit[];
}

export const noControls: SpendingControls = {
  allowedCategories: [],
  blockedCategories: [],
  allowedCountries: [],
  blockedCountries: [],
  allowedPresences: [],
  blockedPresences: [],
  limits: [],
};

export interface NewAccount {
  readonly account: string;
  /** ISO 4217 numeric. */
  readonly currency: number;
  readonly isEnabled: boolean;
  /** Where funds do not suffice, a part may be approved if the message can take it. */
  readonly allowsPartial: boolean;
  /** Its program has a real-time endpoint, which is asked about whatever would be approved. */
  readonly asksEndpoint: boolean;
}

export type CardholderStatus = "active" | "inactive" | "blocked";
export interface NewCardholder {
  readonly cardholder: string;
  readonly account: string;
  readonly status: CardholderStatus;
  /** Something that the cardholder must still prove: every card declines. */
  readonly isVerificationDue: boolean;
  readonly controls: SpendingControls;
}

export type CardStatus = "active" | "inactive" | "canceled";
export type ReplacementReason = "damaged" | "expired" | "lost" | "stolen";
export interface NewCard {
  readonly card: string;
  readonly cardholder: string;
  readonly pan: string;
  /** YYMM, good to the end of that month in UTC. */
  readonly expiry: string;
  readonly status: CardStatus;
  readonly controls: SpendingControls;
  /** A `load` program has neither of the default limits. */
  readonly program: "standard" | "load";
  readonly replacement: {
    readonly of: string;
    readonly reason: ReplacementReason;
  } | null;
}

export type Account = { -readonly [K in keyof NewAccount]: NewAccount[K] } & {
  /** The latest business time that a decision on this account has used, in milliseconds. */
  lastBusinessMs: number;
  available: bigint;
  held: bigint;
};
export type Cardholder = Omit<{ -readonly [K in keyof NewCardholder]: NewCardholder[K] }, "account"> & {
  readonly account: Account;
};
export type Card = Omit<{ -readonly [K in keyof NewCard]: NewCard[K] }, "cardholder" | "replacement"> & {
  readonly cardholder: Cardholder;
  readonly replacement: NewCard["replacement"];
  /** The first card of its line of replacements, whose counters and messages all of them share. */
  readonly chain: string;
};

/** Accounts, cardholders and cards as the issuer has set them up, and which card a PAN means. */
export class Program {
  readonly accounts = new Map<string, Account>();
  readonly cardholders = new Map<string, Cardholder>();
  readonly cards = new Map<string, Card>();
  readonly #cardsOfPan = new Map<string, Card[]>();

  addAccount(account: NewAccount): void {
    assert(!this.accounts.has(account.account), "an account is added once");
    this.accounts.set(account.account, {
      ...account,
      lastBusinessMs: 0,
      available: 0n,
      held: 0n,
    });
  }

  addCardholder(cardholder: NewCardholder): void {
    assert(!this.cardholders.has(cardholder.cardholder), "a cardholder is added once");
    this.cardholders.set(cardholder.cardholder, {
      ...cardholder,
      account: this.account(cardholder.account),
    });
  }

  addCard(card: NewCard): void {
    assert(!this.cards.has(card.card), "a card is added once");
    const original = card.replacement === null ? null : this.card(card.replacement.of);
    if (original !== null) assertReplaces(card, original);
    const cardholder = must(this.cardholders.get(card.cardholder), "a card belongs to a cardholder");
    const added = { ...card, cardholder, chain: original?.chain ?? card.card };
    this.cards.set(card.card, added);
    this.#cardsOfPan.set(card.pan, [...(this.#cardsOfPan.get(card.pan) ?? []), added]);
    if (card.status === "active") this.#cancelReplaced(added);
  }

  /** Activating the replacement of a damaged or expired card cancels the card that it replaces. */
  setCardStatus(id: string, status: CardStatus): void {
    const card = this.card(id);
    card.status = status;
    if (status === "active") this.#cancelReplaced(card);
  }

  /**
   * The card that a message means: of the cards with its PAN the one whose expiry DE14 names, else the newest
   * active one; where none is active, the newest. Null: nobody has that PAN.
   */
  cardFor(pan: string, expiry: string | null): Card | null {
    const cards = this.#cardsOfPan.get(pan) ?? [];
    const named = cards.filter((card) => card.expiry === expiry);
    const candidates = named.length > 0 ? named : cards;
    return candidates.findLast((card) => card.status === "active") ?? candidates.at(-1) ?? null;
  }

  account(id: string): Account {
    return must(this.accounts.get(id), "no such account");
  }

  cardholder(id: string): Cardholder {
    return must(this.cardholders.get(id), "no such cardholder");
  }

  card(id: string): Card {
    return must(this.cards.get(id), "no such card");
  }

  #cancelReplaced(card: Card): void {
    if (card.replacement !== null && keepsPan(card.replacement.reason))
      this.card(card.replacement.of).status = "canceled";
  }
}

function assertReplaces(card: NewCard, original: Card): void {
  assert(original.cardholder.cardholder === card.cardholder, "a replacement stays with its cardholder");
  const reason = must(card.replacement, "a replacement says why").reason;
  assert(
    (original.pan === card.pan) === keepsPan(reason),
    "damaged and expired keep the PAN, lost and stolen change it",
  );
}

function keepsPan(reason: ReplacementReason): boolean {
  return reason === "damaged" || reason === "expired";
}
