import { type Random, pick, seededRandom } from "../../src/kernel/random.ts";
import type { AuthorizationRequest, ReversalRequest } from "../../src/authorizer/request.ts";
import type { Model } from "../../simulators/model/model.ts";
import { ChangeSource } from "./change-source.ts";
import { firstProgram } from "./first-program.ts";
import { MessageSource } from "./message-source.ts";
import type { Operation, Opinion, ProgramChange } from "./operations.ts";
import { RunClock } from "./run-clock.ts";

interface OpenHold {
  readonly request: AuthorizationRequest;
  remaining: bigint;
}

/** Live holds that a run likes to have: beyond them it reverses more than it authorizes. */
const openHoldsWanted = 48;
const keptMessages = 64;
const hourMs = 3_600_000;
/** Old messages come back after they may have been forgotten. */
const archivedMessages = 600;

/**
 * Operations of one run, the same for the same seed. It looks at the model to aim at edges (the last cent of a limit,
 * an open hold), but what it draws is plain data: a list of it can be run again without it.
 */
export class OperationSource {
  readonly #random: Random;
  readonly #clock: RunClock;
  readonly #changes: ChangeSource;
  readonly #messages: MessageSource;
  readonly #first: ProgramChange[];
  #left: number;

  readonly #sent: AuthorizationRequest[] = [];
  readonly #reversed: ReversalRequest[] = [];
  readonly #strangers: ReversalRequest[] = [];
  readonly #archive: (AuthorizationRequest | ReversalRequest)[] = [];
  readonly #open: OpenHold[] = [];
  /** What comes next whatever chance says, the last one first. */
  readonly #planned: Operation[] = [];
  /** Originals whose reversal has been sent before them. */
  readonly #overtaken: AuthorizationRequest[] = [];

  constructor(seed: number, count: number, model: Model) {
    this.#random = seededRandom(seed);
    this.#clock = new RunClock(this.#random);
    this.#changes = new ChangeSource(this.#random, model);
    this.#messages = new MessageSource(this.#random, model);
    this.#first = firstProgram(this.#random);
    this.#left = count;
  }

  /** The next operation, or null after `count` of them; the first program comes before and is not counted. */
  next(): Operation | null {
    const change = this.#first.shift();
    if (change !== undefined) return { kind: "change", change, ...this.#clock.now() };
    if (this.#left-- <= 0) return null;
    const planned = this.#planned.pop();
    if (planned !== undefined) return planned;
    this.#clock.tick();
    const fund = this.#changes.fundIfDry();
    if (fund !== null) return { kind: "change", change: fund, ...this.#clock.now() };
    const chance = this.#random.integer(1_000);
    if (chance < 55) return this.#change();
    if (chance < 65) {
      return { kind: "purge", card: pick(this.#random, this.#changes.newest).card, ...this.#clock.now() };
    }
    if (chance < 80) return this.#edgeOfForgetting();
    const isCrowded = this.#open.length > openHoldsWanted;
    const fresh = isCrowded ? 300 : 620;
    if (chance < fresh) return this.#freshAuthorization();
    return chance < fresh + 110 ? this.#knownAuthorization() : this.#reversal();
  }

  learn(operation: Operation, opinion: Opinion): void {
    if (operation.kind === "change") this.#changes.learn(operation.change);
    if (operation.kind === "authorize" && opinion.kind === "authorize") {
      this.#keep(this.#sent, operation.request);
      const said = opinion.opinion;
      if (said.outcome === "approved") this.#open.push({ request: operation.request, remaining: said.approvedAmount });
    }
    if (operation.kind === "reverse" && opinion.kind === "reverse") {
      const said = opinion.opinion;
      if (said.outcome !== "unknown_pan" && said.outcome !== "conflict") this.#keep(this.#reversed, operation.request);
      if (said.outcome === "released" || said.outcome === "lowered")
        this.#lower(operation.request, said.releasedAmount);
    }
  }

  #change(): Operation {
    const change = this.#changes.draw(this.#clock.businessMs);
    return { kind: "change", change, ...this.#clock.now() };
  }

  /** A purge at the very instant at which a message may be forgotten, or a second before, and then its repeat. */
  #edgeOfForgetting(): Operation {
    const random = this.#random;
    const message = random.integer(2) === 0 ? this.#knownMessage(this.#sent) : this.#knownMessage(this.#reversed);
    const keptMs = pick(random, [24, 24, 48]) * hourMs - random.integer(2) * 1_000;
    const card = this.#changes.newest.find((candidate) => candidate.pan === message?.pan);
    if (message === null || card === undefined || !this.#clock.wallTo(message.wallNowMs + keptMs)) {
      return this.#freshAuthorization();
    }
    const again = { ...message, ...this.#clock.ofMessage() };
    if ("replacementAmount" in again) this.#planned.push({ kind: "reverse", request: again });
    else this.#planned.push({ kind: "authorize", request: again });
    return { kind: "purge", card: card.card, ...this.#clock.now() };
  }

  #freshAuthorization(): Operation {
    const random = this.#random;
    const card = pick(random, this.#changes.newest);
    const recent = this.#sent.at(-1 - random.integer(4)) ?? null;
    const request = this.#messages.purchase(card, this.#clock.ofMessage(), recent);
    const kind = random.integer(100);
    if (kind < 3) return { kind: "authorize", request: this.#messages.late(request) };
    if (kind < 5) return { kind: "authorize", request: { ...request, pan: this.#messages.unknownPan(card) } };
    if (kind < 7) return { kind: "authorize", request: this.#messages.unbillable(request) };
    return { kind: "authorize", request };
  }

  #knownAuthorization(): Operation {
    const random = this.#random;
    const times = this.#clock.ofMessage();
    if (this.#overtaken.length > 0 && random.integer(3) === 0) return this.#overtakenOriginal();
    const message = this.#knownMessage(this.#sent);
    if (message === null) return this.#freshAuthorization();
    const collides = random.integer(4) === 0;
    if ("replacementAmount" in message) {
      const again = collides ? this.#messages.collision(message, times) : { ...message, ...times };
      return { kind: "reverse", request: again };
    }
    const again = collides ? this.#messages.collision(message, times) : this.#messages.repeat(message, times);
    return { kind: "authorize", request: again };
  }

  #overtakenOriginal(): Operation {
    const original = pick(this.#random, this.#overtaken);
    if (this.#random.integer(2) === 0) this.#overtaken.splice(this.#overtaken.indexOf(original), 1);
    return { kind: "authorize", request: { ...original, ...this.#clock.ofMessage() } };
  }

  #reversal(): Operation {
    const random = this.#random;
    const times = this.#clock.ofMessage();
    const kind = random.integer(100);
    if (kind < 16) return { kind: "reverse", request: this.#earlyReversal() };
    if (kind < 36) {
      const known = this.#knownMessage(this.#reversed);
      if (known !== null && "replacementAmount" in known) {
        const request = random.integer(4) === 0 ? this.#messages.collision(known, times) : { ...known, ...times };
        return { kind: "reverse", request };
      }
    }
    const open = this.#open.length > 0 ? pick(random, this.#open) : null;
    if (kind >= 46 && open !== null) {
      const replacement = kind < 72 ? this.#replacement(open.remaining) : null;
      return { kind: "reverse", request: this.#messages.reversal(open.request, times, replacement) };
    }
    const any = this.#sent.length > 0 ? pick(random, this.#sent) : this.#earlyReversalOriginal();
    const request = this.#messages.reversal(any, times, random.integer(4) === 0 ? 1n : null);
    return { kind: "reverse", request: kind < 40 ? this.#ofStranger(request) : request };
  }

  /** A reversal for a PAN that no card has, or one of those again. */
  #ofStranger(request: ReversalRequest): ReversalRequest {
    const random = this.#random;
    const times = this.#clock.ofMessage();
    const known = this.#strangers.at(-1 - random.integer(8));
    if (known === undefined || random.integer(2) === 0) {
      const pan = this.#messages.unknownPan(pick(random, this.#changes.newest));
      this.#strangers.push({ ...request, pan });
      return { ...request, pan };
    }
    // How long an exception is remembered is the machine's time, which a run does not move.
    const isFresh = times.wallNowMs - known.wallNowMs < 20 * hourMs;
    const collides = isFresh && random.integer(2) === 0;
    return collides ? this.#messages.collision(known, times) : { ...known, ...times };
  }

  /** Of a purchase that has not come yet, or a second one of such a purchase. */
  #earlyReversal(): ReversalRequest {
    const again = this.#overtaken.length > 0 && this.#random.integer(2) === 0;
    const original = again ? pick(this.#random, this.#overtaken) : this.#earlyReversalOriginal();
    if (!again) this.#overtaken.push(original);
    if (this.#overtaken.length > keptMessages) this.#overtaken.shift();
    const replacement = this.#random.integer(5) === 0 ? 1n : null;
    return this.#messages.reversal(original, this.#clock.ofMessage(), replacement);
  }

  #earlyReversalOriginal(): AuthorizationRequest {
    const card = pick(this.#random, this.#changes.newest);
    return this.#messages.purchase(card, this.#clock.ofMessage(), null);
  }

  #replacement(remaining: bigint): bigint {
    const kind = this.#random.integer(8);
    if (kind === 0) return remaining;
    if (kind === 1) return remaining + 1n;
    if (kind === 2) return 0n;
    return (remaining * BigInt(1 + this.#random.integer(9))) / 10n;
  }

  #knownMessage<M extends AuthorizationRequest | ReversalRequest>(kept: readonly M[]) {
    if (this.#archive.length > 0 && this.#random.integer(4) === 0) return pick(this.#random, this.#archive);
    return kept.length > 0 ? pick(this.#random, kept) : null;
  }

  #keep<M extends AuthorizationRequest | ReversalRequest>(kept: M[], message: M): void {
    kept.push(message);
    if (kept.length <= keptMessages) return;
    const oldest = kept.shift();
    if (oldest !== undefined) this.#archive.push(oldest);
    if (this.#archive.length > archivedMessages) this.#archive.shift();
  }

  #lower(reversal: ReversalRequest, released: bigint): void {
    const at = this.#open.findIndex(
      ({ request }) =>
        request.stan === reversal.originalStan && request.pan === reversal.pan && request.rrn === reversal.rrn,
    );
    const open = this.#open[at];
    if (open === undefined) return;
    open.remaining -= released;
    if (open.remaining === 0n) this.#open.splice(at, 1);
  }
}
