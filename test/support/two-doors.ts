import { type Advice, type Purchase, type Undo, plainGoods } from "../../simulators/purchase.ts";
import { must } from "../../src/kernel/assert.ts";
import { minor } from "../../src/kernel/money.ts";
import type { ApiUnderTest } from "./api.ts";
import { type CardProgram, openCardProgram } from "./card-program.ts";
import { type Wire, type WireCard, openWire } from "./wire.ts";

export type CardNetwork = "visa" | "mastercard";

export interface OrderWish {
  /** In the card's currency. */
  readonly amount: number;
  readonly takesPartial?: boolean;
}

/** One way by which authorizations come and change. */
export interface Door {
  /** Id of what has become of the request: an authorization, approved or not. */
  authorize(wish: OrderWish): Promise<string>;
  increment(authorization: string, amount: number): Promise<void>;
  /** Gives all of it back, or what is more than `remaining`. */
  reverse(authorization: string, remaining?: number): Promise<void>;
  /** Posts so much of it, and ends it: the test helper's capture, or a network's 0220. */
  capture(authorization: string, amount: number): Promise<void>;
}

/** A program whose card is asked about by the SDK's test helper and by its network, with one merchant. */
export class TwoDoors {
  readonly program: CardProgram;
  readonly #api: ApiUnderTest;
  readonly #wire: Wire;
  readonly #card: WireCard;
  readonly #ordered = new Map<string, Purchase>();

  private constructor(api: ApiUnderTest, parts: { program: CardProgram; wire: Wire; card: WireCard }) {
    this.#api = api;
    this.program = parts.program;
    this.#wire = parts.wire;
    this.#card = parts.card;
  }

  /** Its account has 1,000.00, prefers cards of the network, and approves parts. */
  static async open(api: ApiUnderTest, network: CardNetwork): Promise<TwoDoors> {
    const { account, as, cardholder } = await openCardProgram(api);
    const settings = { account: account.id, network, partial_approvals: true };
    const body = new TextEncoder().encode(JSON.stringify(settings));
    await api.send("/_admin/issuing_settings", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const card = await api.stripe.issuing.cards.create(
      { cardholder: cardholder.id, currency: "usd", type: "virtual", status: "active" },
      as,
    );
    const { number } = await api.stripe.issuing.cards.retrieve(card.id, { expand: ["number"] }, as);
    const expiry = `${String(card.exp_year).slice(2)}${String(card.exp_month).padStart(2, "0")}`;
    return new TwoDoors(api, {
      program: { account, as, cardholder, card },
      wire: await openWire(network, api.running[network].port),
      card: { pan: must(number ?? null, "a virtual card tells its number"), expiry },
    });
  }

  close(): Promise<void> {
    return this.#wire.close();
  }

  get sdk(): Door {
    const { as, card } = this.program;
    const helpers = this.#api.stripe.testHelpers.issuing.authorizations;
    return {
      authorize: async ({ amount, takesPartial = false }) => {
        const made = await helpers.create(
          {
            card: card.id,
            amount,
            authorization_method: "chip",
            is_amount_controllable: takesPartial,
            merchant_data: { ...merchant, ...(this.#state === null ? {} : { state: this.#state }) },
          },
          as,
        );
        return made.id;
      },
      increment: async (id, amount) => {
        await helpers.increment(id, { increment_amount: amount }, as);
      },
      reverse: async (id, remaining = 0) => {
        const { amount } = await this.#api.stripe.issuing.authorizations.retrieve(id, {}, as);
        await helpers.reverse(id, remaining === 0 ? {} : { reverse_amount: amount - remaining }, as);
      },
      capture: async (id, amount) => {
        await helpers.capture(id, { capture_amount: amount }, as);
      },
    };
  }

  get wire(): Door {
    const { station } = this.#wire;
    return {
      authorize: async ({ amount, takesPartial = false }) => {
        const order = this.#order(amount);
        const purchase = { ...order, asks: { ...plainGoods, takesPartial } };
        await station.authorize(purchase, "card");
        const id = await this.#newest();
        this.#ordered.set(id, purchase);
        return id;
      },
      increment: async (id, amount) => {
        const first = this.#orderOf(id);
        const asks = { ...plainGoods, addsTo: first };
        await station.authorize({ ...this.#order(amount), asks, trace: this.#nextOf(first) }, "card");
      },
      reverse: async (id, remaining = 0) => {
        const undo: Undo = {
          purchase: this.#orderOf(id),
          of: "0100",
          stan: this.#order(1).trace.stan,
          cause: remaining === 0 ? "customer" : "partial",
          replacement: remaining === 0 ? null : { amount: minor(remaining), billing: null },
          authorizationCode: null,
        };
        await station.reverse(undo, "0400");
      },
      capture: async (id, amount) => {
        const advice: Advice = {
          purchase: { ...this.#orderOf(id), amount: minor(amount) },
          stan: this.#order(1).trace.stan,
          original: "0100",
          cause: "completion",
          responseCode: "00",
          authorizationCode: null,
        };
        await station.tell({ kind: "advice", mti: "0220", advice });
      },
    };
  }

  /** The authorization as it stands, and what was told of it and of what it has posted, without what no two share. */
  async seen(id: string): Promise<unknown> {
    const { as } = this.program;
    const authorization = await this.#api.stripe.issuing.authorizations.retrieve(id, {}, as);
    const events: unknown[] = [];
    for await (const { type, data } of this.#api.stripe.events.list({ limit: 100 }, as)) {
      const before = data.previous_attributes ?? null;
      if ("id" in data.object && data.object.id === id) events.push({ type, before });
      else if ("authorization" in data.object && data.object.authorization === id)
        events.push({ type, before, object: data.object });
    }
    return alike({ authorization, events: events.toReversed() });
  }

  #order(amount: number): Purchase {
    const purchase = this.#wire.purchase(this.#card, BigInt(amount));
    return { ...purchase, acceptor: { ...purchase.acceptor, state: this.#state } };
  }

  #orderOf(id: string): Purchase {
    return must(this.#ordered.get(id) ?? null, "what was ordered by the wire");
  }

  /** Only Mastercard's DE43 has room for it. */
  get #state(): string | null {
    return this.program.card.brand === "MasterCard" ? "OR" : null;
  }

  /** A message of the same chain has numbers of its own, but the reference of the first. */
  #nextOf(first: Purchase): Purchase["trace"] {
    return { ...this.#order(1).trace, rrn: first.trace.rrn };
  }

  async #newest(): Promise<string> {
    const { data } = await this.#api.stripe.issuing.authorizations.list({ limit: 1 }, this.program.as);
    return must(data[0] ?? null, "an authorization").id;
  }
}

/** What a message of the wire says of test/support/wire's shop. */
const merchant = {
  category: "grocery_stores_supermarkets",
  city: "PORTLAND",
  country: "US",
  name: "CORNER SHOP",
  network_id: "MERCHANT0000001",
  terminal_id: "TERM0001",
} as const;

/** Ids of a journal number, moments, and what a network or an acquirer calls a message. */
const ownNames = new Set([
  "acquiring_institution_id",
  "authorization_code",
  "system_trace_audit_number",
  "transaction_id",
]);
const moments = new Set(["available_on", "created", "requested_at"]);

function alike(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, part: unknown) => {
      if (moments.has(key)) return typeof part === "number" ? "a moment" : part;
      if (typeof part !== "string") return part;
      if (ownNames.has(key)) return part.replaceAll(/\w+/gu, "#");
      return part.replace(/^(iauth|ipi|txn)_\w+$/u, "$1_");
    }),
  );
}
