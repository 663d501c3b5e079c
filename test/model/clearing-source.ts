import { minor } from "../../src/kernel/money.ts";
import { type Random, pick } from "../../src/kernel/random.ts";
import type { ClearingMessage } from "../../simulators/model/clearing.ts";
import { type Hold, isOpen, isPending, remainingOf } from "../../simulators/model/hold.ts";
import { keyOf } from "../../simulators/model/messages.ts";
import type { Model, SettlingOrder } from "../../simulators/model/model.ts";
import type { Card } from "../../simulators/model/program.ts";
import { merchantCodes } from "./controls-source.ts";
import { originalStanOf } from "./follow-up-source.ts";
import type { Operation, Opinion, Times } from "./operations.ts";

type Clear = Extract<Operation, { kind: "clear" }>;

type Named = NonNullable<ClearingMessage["authorization"]>;
type Authorize = Extract<Operation, { kind: "authorize" }>;

/** What is remembered of an operation may be forgotten some time after `fromMs`, a wall time in milliseconds. */
export interface Edge {
  /** A card of its line. */
  readonly card: string;
  readonly operation: Clear | Authorize;
  readonly fromMs: number;
}

const keptMax = 200;
const edgesMax = 40;
/** Far longer than a question lasts, so that other messages come between. */
const patienceMs = 900_000;
const endpointChecks = ["webhook_declined", "webhook_timeout", "webhook_error"] as const;

/** Draws what comes behind an authorization and is no message: its endpoint's word, and what clearing makes of it. */
export class ClearingSource {
  readonly #random: Random;
  readonly #model: Model;
  /** Clearings that were posted, for their repeats. */
  readonly #posted: Clear[] = [];
  /** By the line of cards: declined, approved and forgotten ones. */
  readonly #authorizations = new Map<string, Named[]>();
  readonly #asked = new Map<string, Authorize>();
  /** In the order in which they came; some have been answered since. */
  readonly #waits: { readonly chain: string; readonly key: string; readonly sinceMs: number }[] = [];
  /** DE18 of what stands under a key. */
  readonly #codes = new Map<string, string>();
  readonly #edges: Edge[] = [];
  #no = 0;

  constructor(random: Random, model: Model) {
    this.#random = random;
    this.#model = model;
  }

  learn(operation: Operation, opinion: Opinion): void {
    if (operation.kind === "clear" && opinion.kind === "clear") {
      const { outcome } = opinion.opinion;
      if (outcome === "captured" || outcome === "force_posted" || outcome === "refunded") this.#posted.push(operation);
      if (this.#posted.length > keptMax) this.#posted.shift();
      const { card, wallNowMs } = operation.clearing;
      this.#addEdge({ card, operation, fromMs: wallNowMs });
    }
    if (operation.kind === "settle" && opinion.kind === "settle" && opinion.opinion.outcome === "done") {
      const asked = this.#asked.get(operation.messageKey);
      const { chain: card, wallNowMs: fromMs } = operation;
      if (asked !== undefined) this.#addEdge({ card, operation: asked, fromMs });
    }
    if (operation.kind === "advise" || operation.kind === "post") this.#renamed(operation);
    if (operation.kind === "advise" && opinion.kind === "advise" && opinion.opinion.outcome === "held") {
      this.#codes.set(keyOf(originalStanOf(operation), "authorization"), operation.request.mcc);
      this.#codes.set(keyOf(operation.request, "advice"), operation.request.mcc);
    }
    if (operation.kind !== "authorize" || opinion.kind !== "authorize") return;
    const { outcome } = opinion.opinion;
    if (outcome !== "approved" && outcome !== "declined" && outcome !== "pending") return;
    const card = this.#model.program.cardFor(operation.request.pan, null);
    if (card === null) return;
    if (outcome === "pending") {
      const key = keyOf(operation.request, "authorization");
      this.#asked.set(key, operation);
      this.#waits.push({ chain: card.chain, key, sinceMs: operation.request.wallNowMs });
    }
    const named = this.#authorizations.get(card.chain) ?? [];
    this.#codes.set(keyOf(operation.request, "authorization"), operation.request.mcc);
    named.push({ key: keyOf(operation.request, "authorization"), mcc: operation.request.mcc });
    if (named.length > keptMax) named.shift();
    this.#authorizations.set(card.chain, named);
  }

  /** Something else may stand under the key of a forgotten authorization from now on. */
  #renamed(operation: Extract<Operation, { kind: "advise" | "post" }>): void {
    const { request } = operation;
    const key = keyOf(originalStanOf(operation), "authorization");
    const chain = this.#model.program.cardFor(request.pan, null)?.chain ?? "";
    const named = this.#authorizations.get(chain) ?? [];
    this.#authorizations.set(
      chain,
      named.filter((other) => other.key !== key),
    );
  }

  clearing(card: Card, times: Times): Clear {
    const kind = this.#random.integer(100);
    const earlier = kind < 12 && this.#posted.length > 0 ? pick(this.#random, this.#posted) : null;
    if (earlier !== null) return this.#again(earlier, times);
    if (kind < 24) return this.#of(card, null, times);
    if (kind < 32) return this.#of(card, this.#any(card), times);
    const holds = this.#model.holds(card.chain);
    const live = holds.filter((hold) => isOpen(hold) || isPending(hold));
    const waiting = live.filter(isPending);
    const among = waiting.length > 0 && kind < 45 ? waiting : live.length > 0 && kind < 90 ? live : holds;
    return this.#of(card, among.length > 0 ? pick(this.#random, among) : null, times);
  }

  /** Something that may be forgotten soon: a posting, or a message that has waited. Null: nothing yet. */
  edge(): Edge | null {
    const edge = this.#edges.length > 0 ? pick(this.#random, this.#edges) : null;
    if (edge === null || edge.operation.kind !== "clear") return edge;
    const { wallNowMs, businessNowMs } = edge.operation.clearing;
    return { ...edge, operation: this.#asToldNow(edge.operation, { wallNowMs, businessNowMs }) };
  }

  #addEdge(edge: Edge): void {
    this.#edges.push(edge);
    if (this.#edges.length > edgesMax) this.#edges.shift();
  }

  #again(earlier: Clear, times: Times): Clear {
    const again = this.#asToldNow(earlier, times);
    if (this.#random.integer(4) > 0) return again;
    const { amount, fingerprint } = again.clearing;
    const other = { fingerprint: `${fingerprint} otherwise`, amount: minor(amount + 1n) };
    return { kind: "clear", clearing: { ...again.clearing, ...other } };
  }

  /** Under a key that was forgotten another authorization may stand by now, of another code. */
  #asToldNow({ clearing }: Clear, times: Times): Clear {
    const { authorization: named } = clearing;
    const authorization = named === null ? null : { ...named, mcc: this.#codes.get(named.key) ?? named.mcc };
    return { kind: "clear", clearing: { ...clearing, ...times, authorization } };
  }

  #of(card: Card, meant: Named | null, times: Times): Clear {
    const random = this.#random;
    const hold = meant === null ? null : this.#model.holdOf(card.chain, meant.key);
    const clearing: ClearingMessage = {
      ...times,
      card: card.card,
      key: `clearing ${++this.#no}`,
      fingerprint: `clearing ${this.#no}`,
      kind: random.integer(8) === 0 ? "refund" : "capture",
      amount: minor(this.#amount(hold)),
      isFinal: random.integer(2) === 0,
      authorization: meant === null ? null : { key: meant.key, mcc: meant.mcc },
      mcc: pick(random, merchantCodes),
    };
    return { kind: "clear", clearing };
  }

  #amount(hold: Hold | null): bigint {
    const random = this.#random;
    const kind = random.integer(16);
    if (kind === 0) return 0n;
    const remaining = hold === null ? 0n : remainingOf(hold);
    if (remaining === 0n || kind === 1) return BigInt(1 + random.integer(9_000));
    if (kind < 5) return remaining;
    if (kind < 7) return remaining + 1n + BigInt(random.integer(3_000));
    return (remaining * BigInt(1 + random.integer(9))) / 10n + 1n;
  }

  #any(card: Card): Named | null {
    const named = this.#authorizations.get(card.chain) ?? [];
    return named.length > 0 ? pick(this.#random, named) : null;
  }

  /** Nobody has answered in time: the account's default counts. Null: nothing has waited for so long. */
  overdue(times: Times): Operation | null {
    const [first] = this.#waits;
    if (first === undefined || times.wallNowMs < first.sinceMs + patienceMs) return null;
    this.#waits.shift();
    const reserved = this.#model.reservedFor(first.chain, first.key);
    if (reserved === null) return this.overdue(times);
    const isApproved = this.#random.integer(2) === 0;
    const verdict = isApproved ? { approvedAmount: minor(reserved) } : ({ check: "webhook_timeout" } as const);
    return { kind: "settle", chain: first.chain, messageKey: first.key, verdict, ...times };
  }

  /** Mostly of what waits; now and then of what was answered before, or is forgotten. Null: nothing was ever asked. */
  settling(card: Card, times: Times): SettlingOrder | null {
    const random = this.#random;
    const waiting = this.#model.waiting(card.chain);
    const messageKey =
      waiting.length > 0 && random.integer(6) > 0 ? pick(random, waiting) : (this.#any(card)?.key ?? null);
    return messageKey === null
      ? null
      : { chain: card.chain, messageKey, verdict: this.#verdict(card, messageKey), ...times };
  }

  #verdict(card: Card, messageKey: string): SettlingOrder["verdict"] {
    const random = this.#random;
    if (random.integer(5) < 2) return { check: pick(random, endpointChecks) };
    const reserved = this.#model.reservedFor(card.chain, messageKey) ?? 5_000n;
    const kind = random.integer(8);
    if (kind < 4) return { approvedAmount: minor(reserved) };
    if (kind === 4) return { approvedAmount: minor(reserved + 1n) };
    return { approvedAmount: minor((reserved * BigInt(1 + random.integer(9))) / 10n + 1n) };
  }
}
