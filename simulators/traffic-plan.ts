import { decisionTable } from "../specs/decision-table.ts";
import { requestResponses, reversalResponses } from "../specs/response-codes.ts";
import { assert, must } from "../src/kernel/assert.ts";
import { type Random, seededRandom } from "../src/kernel/random.ts";
import { Popularity } from "./popularity.ts";
import { type OrderKind, type TrafficCard, type TrafficSettings, orderKinds } from "./traffic-settings.ts";

/** One message that traffic sends, and what has become of it. */
export interface Order {
  readonly kind: OrderKind;
  /** Names the message: its STAN, and for a purchase its RRN. */
  readonly sequence: number;
  readonly card: TrafficCard;
  /** DE4, in minor units. */
  readonly amount: number;
  /** DE18 where it is not the merchant's usual one. */
  readonly category: string | null;
  /** The purchase that a duplicate or a reversal speaks of. */
  readonly original: Order | null;
  /** DE39 that is right. */
  readonly expected: string;
  /** Milliseconds of the monotonic clock. */
  scheduledMs: number;
  sentMs: number;
  /** Wall time of the first attempt, for DE7, 12 and 13; a duplicate has its original's. */
  startedMs: number;
  attempts: number;
  state: "planned" | "open" | "answered" | "given_up";
  responseCode: string;
  authorizationCode: string;
}

/** A duplicate or reversal speaks of one of so many purchases, and not of the newest. */
const historyMax = 4_096;
const historyAge = 256;

/** What is sent, in which order: fixed by the seed alone, whatever is answered and however fast. */
export class TrafficPlan {
  readonly #settings: TrafficSettings;
  readonly #random: Random;
  readonly #groups: Readonly<Record<"plain" | "blocked" | "limited", CardGroup>>;
  readonly #history: Order[] = [];
  #purchases = 0;
  #sequence = 1;

  constructor(settings: TrafficSettings) {
    const { mix, cards, zipfExponent } = settings;
    const total = orderKinds.reduce((sum, kind) => sum + mix[kind], 0);
    assert(total === 10_000, "the shares of the mix add up to 10,000 basis points");
    this.#settings = settings;
    this.#random = seededRandom(settings.seed);
    const groupOf = (fits: (card: TrafficCard) => boolean): CardGroup =>
      new CardGroup(cards.filter(fits), zipfExponent);
    this.#groups = {
      plain: groupOf(({ blockedCategory, limitEach }) => blockedCategory === null && limitEach === null),
      blocked: groupOf(({ blockedCategory }) => blockedCategory !== null),
      limited: groupOf(({ limitEach }) => limitEach !== null),
    };
    assert(!this.#groups.plain.isEmpty, "traffic needs cards without limits and blocked categories");
    assert(mix.blocked_category === 0 || !this.#groups.blocked.isEmpty, "no card has a blocked category");
    assert(mix.over_limit === 0 || !this.#groups.limited.isEmpty, "no card has a limit");
  }

  next(): Order {
    const kind = this.#drawKind();
    if (kind === "duplicate" || kind === "reversal") {
      const original = this.#drawOriginal(kind);
      // At the beginning there is nothing yet to repeat or to undo.
      return original === null ? this.#purchase("approve") : this.#followUp(kind, original);
    }
    return this.#purchase(kind);
  }

  #purchase(kind: Exclude<OrderKind, "duplicate" | "reversal">): Order {
    const { amountMin, amountMax } = this.#settings;
    const group = kind === "blocked_category" ? "blocked" : kind === "over_limit" ? "limited" : "plain";
    const card = this.#groups[group].draw(this.#random);
    const usual = amountMin + this.#random.integer(amountMax - amountMin + 1);
    const order = this.#order(kind, card, {
      amount: kind === "insufficient_funds" ? beyondFunds : kind === "over_limit" ? (card.limitEach ?? 0) + 1 : usual,
      category: kind === "blocked_category" ? card.blockedCategory : null,
      original: null,
    });
    this.#history[this.#purchases++ % historyMax] = order;
    return order;
  }

  #followUp(kind: "duplicate" | "reversal", original: Order): Order {
    const { card, amount, category } = original;
    return this.#order(kind, card, { amount, category, original });
  }

  #order(kind: OrderKind, card: TrafficCard, what: Pick<Order, "amount" | "category" | "original">): Order {
    const sequence = this.#sequence++;
    const expected = expectedCode(kind, what.original, this.#settings.network);
    const fresh = { scheduledMs: 0, sentMs: 0, startedMs: 0, attempts: 0, responseCode: "", authorizationCode: "" };
    return { kind, sequence, card, ...what, expected, ...fresh, state: "planned" };
  }

  #drawKind(): OrderKind {
    let left = this.#random.integer(10_000);
    for (const kind of orderKinds) {
      left -= this.#settings.mix[kind];
      if (left < 0) return kind;
    }
    return "approve";
  }

  /** An older purchase; for a reversal, one that is to be approved. */
  #drawOriginal(kind: "duplicate" | "reversal"): Order | null {
    const oldest = Math.max(this.#purchases - historyMax, 0);
    const newest = this.#purchases - historyAge;
    if (newest <= oldest) return null;
    const original = this.#history[(oldest + this.#random.integer(newest - oldest)) % historyMax];
    if (original === undefined || (kind === "reversal" && original.kind !== "approve")) return null;
    return original;
  }
}

/** More than any account of a simulator holds, in minor units. */
const beyondFunds = 900_000_000_000;

const declines = {
  insufficient_funds: decisionTable.insufficient_funds,
  blocked_category: decisionTable.category,
  over_limit: decisionTable.limit,
} as const;

function expectedCode(kind: OrderKind, original: Order | null, network: TrafficSettings["network"]): string {
  if (kind === "approve") return requestResponses.approved[network];
  if (kind === "reversal") return reversalResponses.released.reversal;
  if (kind === "duplicate") return must(original, "a duplicate has an original").expected;
  return declines[kind].de39[network];
}

class CardGroup {
  readonly #cards: readonly TrafficCard[];
  readonly #popularity: Popularity;

  constructor(cards: readonly TrafficCard[], zipfExponent: number) {
    this.#cards = cards;
    this.#popularity = new Popularity(cards.length, zipfExponent);
  }

  get isEmpty(): boolean {
    return this.#cards.length === 0;
  }

  draw(random: Random): TrafficCard {
    return must(this.#cards[this.#popularity.draw(random)], "a card of the group");
  }
}
