import { defaultLimits } from "../../specs/limits.ts";
import { type DeclineCheck } from "./decision.ts";
import {
  type SpendingControls,
  type SpendingLimit,
  intervalLetters,
  noControls,
  setNumberOf,
} from "../ledger/limits.ts";
import { fields } from "../store/keys.ts";
import { panTagOf } from "../store/pan-index.ts";
import type { AccountStatic, CardStatic, ChainStatic, HolderStatic, IndexedChain } from "../store/statics.ts";
import { luaConstants } from "../store/library.ts";

/** A limit in force for a card: its own, or its cardholder's. */
export interface LimitView {
  /** Slugs that it counts; null: all. */
  readonly categories: ReadonlySet<string> | null;
  /** The function's argument: scope, interval, most, field (see lua/prelude.lua). */
  readonly argument: Uint8Array;
}

export interface PerAuthorizationLimit {
  readonly categories: ReadonlySet<string> | null;
  readonly amount: bigint;
}

interface ListRule {
  readonly allowed: ReadonlySet<string> | null;
  readonly blocked: ReadonlySet<string> | null;
}

/** Controls of a card or a cardholder, ready to be asked. */
export interface ControlsView {
  readonly categories: ListRule;
  readonly countries: ListRule;
  readonly presences: ListRule;
}

/** What the hot path knows of one card; `versions` are compared by the function, so that an old view is never used. */
export interface CardView {
  readonly shard: number;
  readonly account: number;
  readonly chain: number;
  readonly card: number;
  readonly cardholder: number;
  readonly currency: number;
  /** The keyed index of its PAN, as Latin-1: part of every message key. */
  readonly panIndex: string;
  readonly accountVersion: number;
  readonly holderVersion: number;
  readonly chainVersion: number;
  /** Year and month, 2912. */
  readonly expiry: number;
  /** The account takes a part where the message does (rules: Holds, Partial approval). */
  readonly takesPartial: boolean;
  /** The program's endpoint is asked about what would be approved, and what it does not answer is approved. */
  readonly asksPlatform: boolean;
  readonly approvesByDefault: boolean;
  /** The card itself is active, whatever its account is. */
  readonly isActive: boolean;
  /** First refusals in the order of the decision, before and after the card's expiry is looked at. */
  readonly statusRefusal: DeclineCheck | null;
  readonly holderRefusal: DeclineCheck | null;
  readonly controls: readonly ControlsView[];
  readonly perAuthorization: readonly PerAuthorizationLimit[];
  readonly limits: readonly LimitView[];
}

export interface ViewSources {
  readonly indexed: IndexedChain;
  readonly panIndex: Uint8Array;
  readonly accountVersion: number;
  readonly account: AccountStatic;
  readonly holder: HolderStatic;
  readonly chain: ChainStatic;
  /** Minor-unit digits of a currency. */
  readonly decimalsOf: (currency: number) => number;
}

type LimitSources = Pick<ViewSources, "holder" | "chain" | "decimalsOf">;

/**
 * Every card that a PAN may mean, newest last: those of its chain that carry it (rules: Identity, last line). A lost
 * card and its replacement are of one chain, but the lost PAN never means the new card.
 */
export function buildCardViews(sources: ViewSources): CardView[] {
  const tag = panTagOf(sources.panIndex);
  return sources.chain.cards.filter((card) => card.panTag === tag).map((card) => buildCardView(sources, card));
}

/**
 * DE14 picks among the cards of a chain that carry the PAN; of those that it leaves, the newest active one is meant, else
 * the newest: a replacement that keeps PAN and expiry means nothing until it is activated. `expiry` is YYMM or null.
 */
export function pickCard(views: readonly CardView[], expiry: string | null): CardView | undefined {
  if (views.length === 1) return views[0];
  const wanted = views.filter((view) => expiry !== null && view.expiry === Number(expiry));
  const candidates = wanted.length > 0 ? wanted : views;
  return candidates.findLast((view) => view.isActive) ?? candidates.at(-1);
}

function buildCardView(sources: ViewSources, card: CardStatic): CardView {
  const { indexed, holder, chain } = sources;
  const own = parseControls(card.controls);
  const holders = parseControls(holder.controls);
  const ownLimits = withDefault(own.spending_limits ?? [], card, sources.decimalsOf(card.currency));
  const holderLimits = holders.spending_limits ?? [];
  return {
    shard: indexed.shard,
    account: indexed.account,
    chain: indexed.chain,
    card: card.card,
    cardholder: card.cardholder,
    currency: card.currency,
    panIndex: Buffer.from(sources.panIndex).toString("latin1"),
    accountVersion: sources.accountVersion,
    holderVersion: holder.version,
    chainVersion: chain.version,
    expiry: card.expiry,
    takesPartial: sources.account.takesPartial,
    asksPlatform: sources.account.asksPlatform,
    approvesByDefault: sources.account.approvesByDefault,
    isActive: card.status === "active",
    statusRefusal: statusRefusal(sources.account.isEnabled, card),
    holderRefusal: holderRefusal(holder),
    controls: [own, holders].filter((controls) => controls !== noControls).map(controlsView),
    perAuthorization: [...ownLimits, ...holderLimits].filter(isPerAuthorization).map((limit) => ({
      categories: setOf(limit.categories),
      amount: BigInt(limit.amount),
    })),
    limits: limitsOf(sources, card),
  };
}

/** The counters that an amount moves which is spent with a card, and the most that each may come to. */
export function limitsOf(sources: LimitSources, card: CardStatic): LimitView[] {
  const own = limitsInForce(card, sources.decimalsOf(card.currency));
  const holders = parseControls(sources.holder.controls).spending_limits ?? [];
  return [
    ...counted("c", own, otherLimitsOf(sources, card), (interval, set) => fields.chainCounter(interval, set)),
    ...counted("a", holders, [], (interval, set) => fields.holderCounter(card.cardholder, interval, set)),
  ];
}

// Two cards of a chain with different limits share what they spent: a card also counts for its siblings' limits.
function otherLimitsOf(sources: LimitSources, card: CardStatic): SpendingLimit[] {
  return sources.chain.cards
    .filter((sibling) => sibling.card !== card.card)
    .flatMap((sibling) => limitsInForce(sibling, sources.decimalsOf(sibling.currency)));
}

/** The limits that a card is held to, the default ones included. */
export function limitsInForce(card: CardStatic, decimals: number): SpendingLimit[] {
  return withDefault(parseControls(card.controls).spending_limits ?? [], card, decimals);
}

// rules: Limits. 500 a day for a card without limits, 10,000 per authorization always; `load` lifts both.
function withDefault(limits: readonly SpendingLimit[], card: CardStatic, decimals: number): SpendingLimit[] {
  if (card.isLoad) return [...limits];
  const scale = 10 ** decimals;
  const { always, cardWithoutLimits } = defaultLimits;
  const ceiling = {
    amount: Number(always.amountMajor) * scale,
    interval: always.interval,
    categories: null,
  };
  if (limits.length > 0) return [...limits, ceiling];
  const daily = {
    amount: Number(cardWithoutLimits.amountMajor) * scale,
    interval: cardWithoutLimits.interval,
    categories: null,
  };
  return [daily, ceiling];
}

function counted(
  scope: "a" | "c",
  own: readonly SpendingLimit[],
  others: readonly SpendingLimit[],
  fieldOf: (interval: string, setNumber: number) => string,
): LimitView[] {
  const byField = new Map<string, { letter: string; most: number; categories: readonly string[] | null }>();
  const note = (limit: SpendingLimit, most: number): void => {
    if (limit.interval === "per_authorization") return;
    const letter = intervalLetters[limit.interval];
    const setNumber = setNumberOf(limit.categories);
    const field = fieldOf(letter, setNumber);
    const known = byField.get(field);
    // Overlapping limits: the most restrictive wins.
    byField.set(field, {
      letter,
      most: Math.min(most, known?.most ?? luaConstants.COUNT_ONLY),
      categories: setNumber === 0 ? null : limit.categories,
    });
  };
  for (const limit of own) note(limit, limit.amount);
  for (const limit of others) note(limit, luaConstants.COUNT_ONLY);
  return [...byField].map(([field, { letter, most, categories }]) => {
    const argument = Buffer.alloc(8 + field.length);
    argument.write(scope + letter, 0, "latin1");
    argument.writeUIntBE(most, 2, 6);
    argument.write(field, 8, "latin1");
    return { categories: setOf(categories), argument };
  });
}

function statusRefusal(isAccountEnabled: boolean, card: CardStatic): DeclineCheck | null {
  if (!isAccountEnabled) return "account_disabled";
  switch (card.status) {
    case "active":
      return null;
    case "inactive":
      return "card_inactive";
    case "lost":
      return "card_lost";
    case "stolen":
      return "card_stolen";
    case "canceled":
      return "card_canceled";
  }
}

function holderRefusal(holder: HolderStatic): DeclineCheck | null {
  if (holder.status === "inactive") return "cardholder_inactive";
  if (holder.status === "blocked") return "cardholder_blocked";
  return holder.isVerificationRequired ? "cardholder_verification_required" : null;
}

function controlsView(controls: SpendingControls): ControlsView {
  return {
    categories: {
      allowed: setOf(controls.allowed_categories),
      blocked: setOf(controls.blocked_categories),
    },
    countries: {
      allowed: setOf(controls.allowed_merchant_countries),
      blocked: setOf(controls.blocked_merchant_countries),
    },
    presences: {
      allowed: setOf(controls.allowed_card_presences),
      blocked: setOf(controls.blocked_card_presences),
    },
  };
}

function setOf(list: readonly string[] | null): ReadonlySet<string> | null {
  return list === null || list.length === 0 ? null : new Set(list);
}

function isPerAuthorization(limit: SpendingLimit): boolean {
  return limit.interval === "per_authorization";
}

function parseControls(json: string): SpendingControls {
  return json === "" ? noControls : { ...noControls, ...(JSON.parse(json) as Partial<SpendingControls>) };
}
