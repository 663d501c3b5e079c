import type { Pan } from "../../src/kernel/pan.ts";
import { type Random, pick, seededRandom } from "../../src/kernel/random.ts";
import { isOpen } from "../../simulators/model/hold.ts";
import type { Model } from "../../simulators/model/model.ts";
import type { Card } from "../../simulators/model/program.ts";
import { AmountSource } from "./amount-source.ts";
import { ChangeSource } from "./change-source.ts";
import { ClearingSource, type Edge } from "./clearing-source.ts";
import { firstProgram } from "./first-program.ts";
import { FollowUpSource, originalStanOf } from "./follow-up-source.ts";
import { MessageSource } from "./message-source.ts";
import type { AmountOperation, MessageOperation, Operation, Opinion, ProgramChange, Times } from "./operations.ts";
import { RunClock } from "./run-clock.ts";
import { SentMessages, isMessage, isRare } from "./sent-messages.ts";

/** Live holds that a run likes a line of cards to have: beyond them it undoes more than it begins. */
const openHoldsWanted = 8;
const hourMs = 3_600_000;

/**
 * Operations of one run, the same for the same seed. It looks at the model to aim at edges (the last cent of a limit,
 * an open hold), but what it draws is plain data: a list of it can be run again without it.
 */
export class OperationSource {
  readonly #random: Random;
  readonly #model: Model;
  readonly #clock: RunClock;
  readonly #changes: ChangeSource;
  readonly #messages: MessageSource;
  readonly #followUps: FollowUpSource;
  readonly #first: ProgramChange[];
  readonly #sent: SentMessages;
  readonly #clearings: ClearingSource;
  readonly #amounts: AmountSource;
  /** What comes next whatever chance says, the last one first. */
  readonly #planned: Operation[] = [];
  #left: number;

  constructor(seed: number, count: number, model: Model) {
    this.#random = seededRandom(seed);
    this.#model = model;
    this.#clock = new RunClock(this.#random);
    this.#changes = new ChangeSource(this.#random, model);
    this.#messages = new MessageSource(this.#random, model);
    this.#followUps = new FollowUpSource(this.#random, this.#messages);
    this.#sent = new SentMessages(this.#random);
    this.#clearings = new ClearingSource(this.#random, model);
    this.#amounts = new AmountSource(this.#random, model);
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
    const overdue = this.#clearings.overdue(this.#clock.now());
    if (overdue !== null) return overdue;
    const fund = this.#changes.fundIfDry();
    if (fund !== null) return { kind: "change", change: fund, ...this.#clock.now() };
    return this.#ofOneMcc(this.#drawn());
  }

  learn(operation: Operation, opinion: Opinion): void {
    if (operation.kind === "change") this.#changes.learn(operation.change);
    this.#sent.learn(operation, opinion);
    this.#clearings.learn(operation, opinion);
    if (opinion.kind === "authorize" && opinion.opinion.outcome === "pending") this.#afterPending(operation);
    if (isMessage(operation) && isRare(opinion) && this.#random.integer(3) === 0) {
      this.#planned.push(this.#messages.repeat(operation, this.#clock.ofMessage()));
    }
  }

  /** Its endpoint answers soon, mostly; the rest of what waits is repeated, reversed, stood in for or cleared meanwhile. */
  #afterPending(operation: Operation): void {
    if (operation.kind !== "authorize") return;
    const { request } = operation;
    const card = this.#changes.newest.find((candidate) => candidate.pan === request.pan);
    const kind = this.#random.integer(20);
    if (card === undefined || kind === 0) return;
    const settling = this.#clearings.settling(card, this.#clock.now());
    if (settling !== null) this.#planned.push({ kind: "settle", ...settling });
    if (kind < 3) this.#planned.push(this.#messages.repeat(operation, this.#clock.ofMessage()));
    else if (kind < 5) this.#planned.push(this.#reversal(operation));
    else if (kind < 7 || (request.purpose === "fuel" && kind > 9)) this.#planned.push(this.#advice(operation));
    else if (kind === 7) this.#planned.push(this.#singleAdvice(operation));
    else if (kind < 10) this.#planned.push(this.#clearings.clearing(card, this.#clock.ofMessage()));
    const grown = request.purpose === "increment" && kind > 14 ? this.#model.holdMeant(request) : null;
    const first = grown === null ? null : this.#sent.ofKey(grown.key);
    if (first !== null) this.#planned.push(this.#reversal(first));
  }

  #settling(card: Card): Operation {
    const settling = this.#clearings.settling(card, this.#clock.now());
    return settling === null ? this.#fresh(card) : { kind: "settle", ...settling };
  }

  #drawn(): Operation {
    const chance = this.#random.integer(1_000);
    if (chance < 55) return this.#change();
    if (chance < 65) return { kind: "purge", card: this.#card().card, ...this.#clock.now() };
    if (chance < 80) return this.#edgeOfForgetting();
    if (chance < 105) return this.#expiry();
    const card = this.#card();
    if (chance < 125) return this.#settling(card);
    if (chance < 185) return this.#clearings.clearing(card, this.#clock.ofMessage());
    const isCrowded = this.#model.openHolds(card.chain).length > openHoldsWanted;
    const fresh = isCrowded ? 260 : 440;
    if (chance < fresh) return this.#fresh(card);
    if (chance < fresh + 110) return this.#known();
    if (chance < fresh + 150) return this.#early(card);
    const kind = this.#random.integer(100);
    const target = this.#target(card);
    if (target === null) return this.#fresh(card);
    if (kind < 18) return this.#increment(target);
    if (kind < 38) return this.#advice(target);
    if (kind < 54) return this.#singleAdvice(target);
    return this.#reversal(target);
  }

  #card(): Card {
    return pick(this.#random, this.#changes.newest);
  }

  #change(): Operation {
    const change = this.#changes.draw(this.#clock.businessMs);
    return { kind: "change", change, ...this.#clock.now() };
  }

  /** Mostly of a hold whose time has come; now and then of another one, or of one that is long gone. */
  #expiry(): Operation {
    const { chain } = this.#card();
    const now = this.#clock.now();
    const due = this.#model.dueHolds(chain, now.businessNowMs);
    const any = this.#model.holds(chain);
    const holds = due.length > 0 && this.#random.integer(5) > 0 ? due : any;
    if (holds.length === 0) return this.#fresh(this.#card());
    const told = any.find((hold) => hold.isCompleted && isOpen(hold));
    const hold = told !== undefined && this.#random.integer(3) > 0 ? told : pick(this.#random, holds);
    // Due as a pump that has told nothing: now and then what was pumped is told meanwhile.
    const asFuel = hold.isFuel && (!hold.isCompleted || (isOpen(hold) && this.#random.integer(2) === 0));
    return { kind: "expire", chain, holdKey: hold.key, asFuel, ...now };
  }

  /** A purge at the very instant at which a message may be forgotten, or a second before, and then its repeat. */
  #edgeOfForgetting(): Operation {
    const random = this.#random;
    const edge = random.integer(3) === 0 ? this.#clearings.edge() : null;
    if (edge !== null) return this.#edgeOf(edge);
    // A day after it has lowered a hold that is still open, a repeat lowers nothing.
    const message = random.integer(3) === 0 ? this.#sent.lasting() : this.#sent.any();
    const keptMs = pick(random, [24, 24, 48]) * hourMs - random.integer(2) * 1_000;
    const card = this.#changes.newest.find((candidate) => candidate.pan === message?.request.pan);
    if (message === null || card === undefined || !this.#clock.wallTo(message.request.wallNowMs + keptMs)) {
      return this.#fresh(this.#card());
    }
    const again = { ...message, request: { ...message.request, ...this.#clock.ofMessage() } } as MessageOperation;
    this.#planned.push(this.#ofOneMcc(again));
    return { kind: "purge", card: card.card, ...this.#clock.now() };
  }

  /** The same, counted from the posting itself, or from what has ended a wait. */
  #edgeOf({ card, operation, fromMs }: Edge): Operation {
    const keptMs = pick(this.#random, [24, 48]) * hourMs - this.#random.integer(2) * 1_000;
    if (!this.#clock.wallTo(fromMs + keptMs)) return this.#fresh(this.#card());
    this.#planned.push(withTimes(operation, this.#clock.now()));
    return { kind: "purge", card, ...this.#clock.now() };
  }

  #fresh(card: Card): Operation {
    const kind = this.#random.integer(100);
    const operation = this.#freshMessage(card);
    if (operation.kind === "authorize" && kind < 3) {
      return { kind: "authorize", request: this.#messages.late(operation.request) };
    }
    if (kind < 5) return this.#ofStranger(operation, card);
    return kind < 7 ? this.#messages.unbillable(operation) : operation;
  }

  #freshMessage(card: Card): Extract<AmountOperation, { kind: "authorize" | "post" }> {
    const times = this.#clock.ofMessage();
    if (this.#random.integer(3) === 0) return { kind: "post", request: this.#messages.single(card, times) };
    return { kind: "authorize", request: this.#messages.authorization(card, times, this.#sent.recentAuthorization()) };
  }

  #known(): Operation {
    const random = this.#random;
    const times = this.#clock.ofMessage();
    const overtaken = random.integer(3) === 0 ? this.#sent.overtaken() : null;
    if (overtaken !== null) return this.#messages.repeat(overtaken, times);
    const message = this.#sent.any();
    if (message === null) return this.#fresh(this.#card());
    return random.integer(5) === 0 ? this.#messages.collision(message, times) : this.#messages.repeat(message, times);
  }

  /** What refers to a message that has not come yet, and may come later. */
  #early(card: Card): Operation {
    const random = this.#random;
    const target = random.integer(3) === 0 ? this.#target(card) : null;
    const lost: AmountOperation =
      target !== null && this.#canGrow(target)
        ? { kind: "authorize", request: this.#followUps.increment(target.request, this.#clock.ofMessage(), 2_500n) }
        : this.#freshMessage(card);
    const again = random.integer(3) === 0 ? this.#sent.overtaken() : null;
    const original = again ?? lost;
    if (again === null) this.#sent.overtake(lost);
    const kind = random.integer(10);
    if (kind < 4) return this.#reversal(original);
    return kind < 7 ? this.#advice(original) : this.#singleAdvice(original);
  }

  #canGrow({ kind, request }: AmountOperation): boolean {
    return kind !== "post" && request.networkChain !== null;
  }

  #increment(target: AmountOperation): Operation {
    if (!this.#canGrow(target)) return this.#advice(target);
    const times = this.#clock.ofMessage();
    const card = this.#changes.newest.find(({ pan }) => pan === target.request.pan) ?? this.#card();
    const amount = this.#messages.amount(card, target.request.mcc, times);
    return { kind: "authorize", request: this.#followUps.increment(target.request, times, amount) };
  }

  #advice(target: AmountOperation): Operation {
    const hold = this.#model.holdMeant(target.request);
    const isPumped = hold?.isFuel === true && this.#random.integer(3) > 0;
    const isOther = isPumped || this.#random.integer(4) === 0;
    const amount = isOther ? this.#amounts.around(hold) : null;
    const request = this.#followUps.advice(target.request, this.#clock.ofMessage(), amount);
    const advice = { kind: "advise", request } as const;
    if (!request.isApproved && this.#random.integer(12) === 0) return this.#messages.inUnknownCurrency(advice);
    if (this.#random.integer(40) > 0) return advice;
    return this.#random.integer(2) === 0 ? this.#ofStranger(advice, this.#card()) : this.#messages.unbillable(advice);
  }

  #singleAdvice(target: AmountOperation): Operation {
    const hold = this.#model.holdMeant(target.request);
    const amount = this.#random.integer(2) === 0 ? this.#amounts.around(hold) : null;
    const request = this.#followUps.singleAdvice(target, this.#clock.ofMessage(), amount);
    const advice = { kind: "post", request } as const;
    if (!request.isApproved && this.#random.integer(8) === 0) return this.#messages.inUnknownCurrency(advice);
    if (this.#random.integer(40) > 0) return advice;
    return this.#random.integer(2) === 0 ? this.#ofStranger(advice, this.#card()) : this.#messages.unbillable(advice);
  }

  #reversal(target: AmountOperation): Operation {
    const isPartial = this.#random.integer(3) === 0;
    const replacement = isPartial ? this.#amounts.replacement(target) : null;
    const request = this.#followUps.reversal(target, this.#clock.ofMessage(), replacement);
    const reversal = { kind: "reverse", request } as const;
    return this.#random.integer(25) === 0 ? this.#ofStranger(reversal, this.#card()) : reversal;
  }

  /** A message that another may refer to: often one whose hold is open. */
  #target(card: Card): AmountOperation | null {
    const open = this.#model.holds(card.chain).filter(isOpen);
    if (open.length > 0 && this.#random.integer(5) < 3) {
      const found = this.#sent.ofKey(pick(this.#random, open).key);
      if (found !== null) return found;
    }
    return this.#sent.anyAmount();
  }

  /** The same for a PAN that no card has, or what was such a message before. */
  #ofStranger<O extends MessageOperation>(operation: O, card: Card): MessageOperation {
    const random = this.#random;
    const times = this.#clock.ofMessage();
    const known = random.integer(2) === 0 ? this.#sent.stranger() : null;
    if (known === null) return withPan(operation, this.#messages.unknownPan(card));
    // How long an exception is remembered is the machine's time, which a run does not move.
    const isFresh = times.wallNowMs - known.request.wallNowMs < 20 * hourMs;
    const collides = isFresh && random.integer(2) === 0;
    return collides ? this.#messages.collision(known, times) : this.#messages.repeat(known, times);
  }

  /** The messages of a chain are mostly one merchant's: what follows a hold has its code. */
  #ofOneMcc(operation: Operation): Operation {
    if (operation.kind !== "authorize" && operation.kind !== "advise" && operation.kind !== "post") return operation;
    const { request } = operation;
    if (operation.kind === "advise" && request.purpose === "fuel") return operation;
    const hold = this.#model.holdMeant(originalStanOf(operation));
    if (hold === null || !isOpen(hold) || this.#random.integer(3) === 0) return operation;
    return { ...operation, request: { ...request, mcc: hold.mcc } } as Operation;
  }
}

function withPan<O extends MessageOperation>(operation: O, pan: Pan): O {
  return { ...operation, request: { ...operation.request, pan } };
}

function withTimes(operation: Edge["operation"], times: Times): Operation {
  if (operation.kind === "clear") return { kind: "clear", clearing: { ...operation.clearing, ...times } };
  return { kind: "authorize", request: { ...operation.request, ...times } };
}
