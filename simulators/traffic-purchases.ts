import { countries } from "../specs/countries.ts";
import { must } from "../src/kernel/assert.ts";
import { minor } from "../src/kernel/money.ts";
import { MessageTemplate } from "./message-template.ts";
import { isApproval, type NetworkSide, amountDigits } from "./network-side.ts";
import { type Acceptor, type Purchase, type Undo, plainGoods } from "./purchase.ts";
import type { ReplyView } from "./reply-view.ts";
import type { Order } from "./traffic-plan.ts";
import type { TrafficCard, TrafficSettings } from "./traffic-settings.ts";
import { WireCodec } from "./wire-codec.ts";
import { TraceNumbers, stanOf, traceOf } from "./trace-numbers.ts";

const usualCategory = "5734";
const home = must(
  countries.find(({ alpha2 }) => alpha2 === "US"),
  "a country of the table",
);

/** Orders as purchases and as frames. */
export class TrafficPurchases {
  readonly #settings: TrafficSettings;
  readonly #side: NetworkSide;
  readonly #run: string;
  readonly #codec: WireCodec;
  readonly #templates = new Map<string, MessageTemplate>();

  constructor(settings: TrafficSettings, side: NetworkSide) {
    this.#settings = settings;
    this.#side = side;
    this.#codec = new WireCodec(side);
    this.#run = new TraceNumbers(settings.run).run;
  }

  /** The first three characters of every RRN of this run. */
  get run(): string {
    return this.#run;
  }

  /** A 0100, or a 0101 with a fresh DE7. */
  authorizationFrame(order: Order, wallMs: number): Uint8Array {
    const isRepeat = order.attempts > 1;
    const named = order.original ?? order;
    return this.#template(order.card).write({
      pan: order.card.pan,
      expiry: order.card.expiry,
      amount: order.amount,
      stan: Number(stanOf(named.sequence)),
      sequence: named.sequence,
      category: order.category ?? usualCategory,
      sentMs: isRepeat ? wallMs : named.startedMs,
      startedMs: named.startedMs,
      isRepeat,
    });
  }

  /** A 0400, or a 0401. */
  reversalFrame(order: Order, wallMs: number): Uint8Array {
    const mti = order.attempts > 1 ? "0401" : "0400";
    return this.#codec.request(this.#side.reversal(this.undo(order, "customer"), mti, wallMs));
  }

  purchase(order: Order): Purchase {
    return {
      network: this.#side.name,
      card: { pan: order.card.pan, expiry: order.card.expiry },
      acceptor: this.#acceptor(order.card, order.category ?? usualCategory),
      amount: minor(order.amount),
      billing: null,
      entry: this.#settings.entry,
      asks: plainGoods,
      trace: traceOf(this.#run, order.sequence),
      startedMs: order.startedMs,
    };
  }

  undo(order: Order, cause: Undo["cause"]): Undo {
    const original = order.original ?? order;
    return {
      purchase: this.purchase(original),
      of: "0100",
      stan: cause === "timeout" ? stanOf(order.sequence + 500_000) : stanOf(order.sequence),
      cause,
      replacement: null,
      authorizationCode: original.authorizationCode === "" ? null : original.authorizationCode,
    };
  }

  /** Why an answer counts as none; null where all of it is right. */
  faultOf(order: Order, view: ReplyView): string | null {
    const named = order.original ?? order;
    const stan = order.kind === "reversal" ? stanOf(order.sequence) : stanOf(named.sequence);
    if (view.responseCode.length !== 2) return "no DE39";
    if (view.stan !== stan) return "DE11 is not that of the request";
    if (view.pan !== order.card.pan) return "DE2 is not that of the request";
    if (view.amount !== amountDigits(BigInt(order.amount))) return "DE4 is not that of the request";
    const isApproved = order.kind !== "reversal" && isApproval(view.responseCode);
    return isApproved && view.authorizationCode.trim().length !== 6 ? "an approval without DE38" : null;
  }

  #template(card: TrafficCard): MessageTemplate {
    const key = `${card.pan.length} ${card.currency}`;
    const known = this.#templates.get(key);
    if (known !== undefined) return known;
    const sample: Purchase = {
      network: this.#side.name,
      card,
      acceptor: this.#acceptor(card, usualCategory),
      amount: minor(1n),
      billing: null,
      entry: this.#settings.entry,
      asks: plainGoods,
      trace: traceOf(this.#run, 1),
      startedMs: 0,
    };
    const template = new MessageTemplate(this.#side, sample);
    this.#templates.set(key, template);
    return template;
  }

  #acceptor(card: TrafficCard, categoryCode: string): Acceptor {
    return {
      institution: "400551",
      acquirerCountry: home,
      name: "PAPERKITE SOFTWARE",
      city: "DENVER",
      state: "CO",
      country: home,
      currency: card.currency,
      categoryCode,
      terminal: "WEB00001",
      merchantId: "PAPERKITE000001",
    };
  }
}
