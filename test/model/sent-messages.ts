import { type Random, pick } from "../../src/kernel/random.ts";
import { keyOf } from "../../simulators/model/messages.ts";
import type { AuthorizationRequest } from "../../src/authorizer/request.ts";
import { functionOf } from "./follow-up-source.ts";
import { unknownCurrency } from "./message-source.ts";
import type { AmountOperation, MessageOperation, Operation, Opinion } from "./operations.ts";

const recentMax = 96;
/** Old messages come back after they may have been forgotten. */
const archivedMax = 600;

/** What chance alone would seldom repeat. */
const rareOutcomes: ReadonlySet<string> = new Set([
  "partial",
  "killed_pending",
  "added",
  "completed",
  "posted_before",
  "posted",
  "exception",
  "reversed_before",
]);

/** What a run has sent, and what it has kept back so that others overtake it. */
export class SentMessages {
  readonly #random: Random;
  readonly #recent: MessageOperation[] = [];
  readonly #archive: MessageOperation[] = [];
  readonly #strangers: MessageOperation[] = [];
  readonly #overtaken: AmountOperation[] = [];
  /** What has changed a hold that stayed open. */
  readonly #lasting: MessageOperation[] = [];
  readonly #byKey = new Map<string, AmountOperation>();

  constructor(random: Random) {
    this.#random = random;
  }

  learn(operation: Operation, opinion: Opinion): void {
    if (!isMessage(operation) || !("opinion" in opinion) || opinion.kind === "expire") return;
    const { outcome } = opinion.opinion;
    if (outcome === "unknown_pan" || (outcome === "unsupported_currency" && !isRefusable(operation))) {
      // Its repeats are no newer than itself: how long it is remembered counts from the first.
      const isNew = !this.#strangers.some(({ request }) => request.stan === operation.request.stan);
      if (isNew && !isRefusable(operation)) this.#strangers.push(operation);
      return;
    }
    if (outcome === "conflict" || outcome === "unsupported_currency") return;
    if (outcome === "lowered" || outcome === "completed") this.#lasting.push(operation);
    if (this.#lasting.length > recentMax) this.#lasting.shift();
    this.#recent.push(operation);
    if (this.#recent.length > recentMax) this.#archive.push(...this.#recent.splice(0, 1));
    if (this.#archive.length > archivedMax) this.#archive.shift();
    if (isTarget(operation)) this.#byKey.set(keyFor(operation), operation);
  }

  /** Any message, old or new; null: none yet. */
  any(): MessageOperation | null {
    if (this.#archive.length > 0 && this.#random.integer(4) === 0) return pick(this.#random, this.#archive);
    return this.#recent.length > 0 ? pick(this.#random, this.#recent) : null;
  }

  /** A message that has lowered or completed a hold, which may be open still. */
  lasting(): MessageOperation | null {
    return this.#lasting.length > 0 ? pick(this.#random, this.#lasting) : null;
  }

  anyAmount(): AmountOperation | null {
    for (let tries = 0; tries < 4; tries++) {
      const message = this.any();
      if (message !== null && isTarget(message)) return message;
    }
    return null;
  }

  recentAuthorization(): AuthorizationRequest | null {
    const message = this.#recent.at(-1 - this.#random.integer(4));
    return message?.kind === "authorize" ? message.request : null;
  }

  /** The message that bears a key of the model's. */
  ofKey(key: string): AmountOperation | null {
    return this.#byKey.get(key) ?? null;
  }

  overtake(operation: AmountOperation): void {
    this.#overtaken.push(operation);
    if (this.#overtaken.length > recentMax) this.#overtaken.shift();
  }

  /** A message that something has overtaken; it may come more than once. */
  overtaken(): AmountOperation | null {
    if (this.#overtaken.length === 0) return null;
    const at = this.#random.integer(this.#overtaken.length);
    const operation = this.#overtaken[at] ?? null;
    if (this.#random.integer(2) === 0) this.#overtaken.splice(at, 1);
    return operation;
  }

  /** One of the last messages that could only be listed. */
  stranger(): MessageOperation | null {
    return this.#strangers.at(-1 - this.#random.integer(8)) ?? null;
  }
}

export function isRare(opinion: Opinion): boolean {
  if (!("opinion" in opinion)) return false;
  return rareOutcomes.has(typeof opinion.opinion === "string" ? opinion.opinion : opinion.opinion.outcome);
}

export function isMessage(operation: Operation): operation is MessageOperation {
  return operation.kind === "reverse" || isAmount(operation);
}

/** What can be billed: an approval that refers to anything else could only be listed. */
function isTarget(operation: Operation): operation is AmountOperation {
  return isAmount(operation) && operation.request.transactionCurrency !== unknownCurrency.transactionCurrency;
}

function isAmount(operation: Operation): operation is AmountOperation {
  return operation.kind === "authorize" || operation.kind === "advise" || operation.kind === "post";
}

/** A request for a PAN that nobody has is refused, and nothing remembers it. */
function isRefusable(operation: MessageOperation): boolean {
  return operation.kind === "authorize" || (operation.kind === "post" && !operation.request.isAdvice);
}

function keyFor(operation: AmountOperation): string {
  return keyOf(operation.request, operation.kind === "advise" ? "advice" : functionOf(operation));
}
