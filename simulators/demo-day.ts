import { type DemoCardKey, demoCards } from "../specs/demo-program.ts";
import { merchantProfiles } from "../specs/merchant-profiles.ts";
import type { Message } from "../src/iso8583/public.ts";
import { must } from "../src/kernel/assert.ts";
import type { Clock } from "../src/kernel/clock.ts";
import { minor } from "../src/kernel/money.ts";
import { seededRandom } from "../src/kernel/random.ts";
import { type ChangeParts, applyChange } from "./demo-changes.ts";
import type { DemoLine, DemoNote } from "./demo-feed.ts";
import { type DemoWallets, demoPurchase, isProgramCard } from "./demo-purchases.ts";
import type { DayCard, DayExpectation, DayStep, PurchaseStep, VisitDayStep } from "./demo-steps.ts";
import { demoSteps } from "./demo-visits.ts";
import { judge } from "./judge.ts";
import { demoModel } from "./known-program.ts";
import type { Model } from "./model/model.ts";
import { purchaseIn } from "./network-message.ts";
import { type AuthorizationMti, isApproval } from "./network-side.ts";
import { type Cancellation, type Expectation, Opinion, disagreement, renderDisagreement } from "./opinion.ts";
import type { Moment } from "./opinion-facts.ts";
import type { ProgramHooks } from "./program-hooks.ts";
import type { CarriedCard, NetworkName, Purchase, Undo } from "./purchase.ts";
import { type Outcome, type Station, seenKey } from "./station.ts";
import { balanceMismatch } from "./told-balances.ts";
import type { TraceNumbers } from "./trace-numbers.ts";
import { type VisitPlan, VisitTalk } from "./visit.ts";

export interface DemoDaySettings {
  readonly stations: Readonly<Record<NetworkName, Station>>;
  /** A second connection to the plain link, for messages that arrive twice at the same time. */
  readonly secondGeneric: Station;
  /** Every card of the demo program, as the seed has issued it. */
  readonly cards: ReadonlyMap<DemoCardKey, CarriedCard>;
  readonly hooks: ProgramHooks;
  readonly clock: Clock;
  readonly numbers: TraceNumbers;
  /** The scripted day, or another one. */
  readonly steps?: readonly DayStep[];
  /** Pause between two steps, in milliseconds. */
  readonly everyMs: number;
  readonly onLine: (line: DemoLine | DemoNote) => void;
}

export interface DemoDaySummary {
  readonly messages: number;
  /** Readable, one for each wrong answer. */
  readonly mismatches: readonly string[];
  /** In order of sending, in milliseconds; of answered messages. */
  readonly latenciesMs: readonly number[];
}

/** Plays a day and holds every answer against the script and against the model of the rules. */
export async function playDemoDay(settings: DemoDaySettings): Promise<DemoDaySummary> {
  const day = new DemoDay(settings);
  for (const step of settings.steps ?? demoSteps) {
    await day.play(step);
    if (settings.everyMs > 0) await new Promise((resolve) => setTimeout(resolve, settings.everyMs));
  }
  return day.summary();
}

/** A message with its answer, and what three witnesses say of it: the script, the model, and the issuer. */
interface Exchanged {
  readonly mti: string;
  readonly card: DayCard;
  readonly purchase: Purchase;
  readonly outcome: Outcome;
  readonly expect: DayExpectation;
  readonly opinion: Expectation;
}

/** What a visit draws is the same every day. */
const visitSeed = 5;

class DemoDay {
  readonly #settings: DemoDaySettings;
  readonly #wallets: DemoWallets;
  readonly #changes: ChangeParts;
  readonly #random = seededRandom(visitSeed);
  readonly #model: Model;
  readonly #opinion: Opinion;
  readonly #cancellations = new Map<string, Cancellation>();
  readonly #named = new Map<string, { readonly step: PurchaseStep; readonly purchase: Purchase }>();
  readonly #undos = new Map<string, Undo>();
  /** DE38 of each approval by the key of its message: a repeat has to say the same. */
  readonly #approvals = new Map<string, string>();
  readonly #mismatches: string[] = [];
  readonly #latenciesMs: number[] = [];
  #messages = 0;

  constructor(settings: DemoDaySettings) {
    const { cards, clock, hooks, numbers } = settings;
    this.#settings = settings;
    this.#model = demoModel(cards);
    this.#opinion = new Opinion(this.#model, (pan) => this.#cancellations.get(pan) ?? null);
    for (const { key, cancellationReason } of demoCards) {
      this.#cancellations.set(must(cards.get(key), "every demo card was issued").pan, cancellationReason);
    }
    this.#wallets = {
      cards: new Map<DayCard, CarriedCard>(cards),
      numbers,
      wallNow: () => clock.wallNow(),
      businessNow: () => hooks.businessNow(),
      billingCurrency: (card) => this.#currencyOf(card),
    };
    this.#changes = {
      hooks,
      model: this.#model,
      wallets: this.#wallets,
      cancellations: this.#cancellations,
      now: () => this.#now(),
      note: (note) => settings.onLine({ note }),
    };
  }

  summary(): DemoDaySummary {
    return { messages: this.#messages, mismatches: this.#mismatches, latenciesMs: this.#latenciesMs };
  }

  async play(step: DayStep): Promise<void> {
    switch (step.kind) {
      case "purchase":
        return this.#authorize(step, demoPurchase(step, this.#wallets), { mti: "0100", expect: step.expect });
      case "repeat": {
        const { step: first, purchase } = this.#find(step.of);
        return this.#authorize(first, purchase, step);
      }
      case "altered": {
        const { step: first, purchase } = this.#find(step.of);
        return this.#authorize(
          { ...first, name: "" },
          { ...purchase, amount: minor(step.amount) },
          { mti: "0100", expect: step.expect },
        );
      }
      case "twins":
        return this.#twins(step.purchase);
      case "reversal":
        return this.#reverse(step);
      case "planned":
        this.#named.set(step.purchase.name, {
          step: step.purchase,
          purchase: demoPurchase(step.purchase, this.#wallets),
        });
        return;
      case "planned-sent": {
        const { step: planned, purchase } = this.#find(step.of);
        return this.#authorize(planned, purchase, { mti: "0100", expect: step.expect });
      }
      case "visit":
        return this.#visit(step);
      default:
        return applyChange(step, this.#changes);
    }
  }

  async #authorize(
    step: PurchaseStep,
    purchase: Purchase,
    { mti, expect }: { readonly mti: AuthorizationMti; readonly expect: DayExpectation },
  ): Promise<void> {
    if (step.name !== "") this.#named.set(step.name, { step, purchase });
    const opinion = this.#opinion.authorize(purchase, this.#now());
    const station = this.#settings.stations[step.link];
    const outcome = mti === "0100" ? await station.authorize(purchase, step.card) : await station.repeat(purchase, mti);
    this.#report({ mti, card: step.card, purchase, outcome, expect, opinion });
  }

  /** The model decides one after the other; the issuer must give both the same answer. */
  async #twins(step: PurchaseStep): Promise<void> {
    const purchase = demoPurchase(step, this.#wallets);
    if (step.name !== "") this.#named.set(step.name, { step, purchase });
    const first = this.#opinion.authorize(purchase, this.#now());
    const second = this.#opinion.authorize(purchase, this.#now());
    const outcomes = await Promise.all([
      this.#settings.stations[step.link].authorize(purchase, step.card),
      this.#settings.secondGeneric.repeat(purchase, "0100"),
    ]);
    const common = { mti: "0100", card: step.card, purchase } as const;
    this.#report({ ...common, outcome: outcomes[0], expect: step.expect, opinion: first });
    const again = step.expect === "as_modelled" ? step.expect : (`duplicate:${step.expect}` as const);
    this.#report({ ...common, outcome: outcomes[1], expect: again, opinion: second });
  }

  async #reverse(step: Extract<DayStep, { kind: "reversal" }>): Promise<void> {
    const { step: original, purchase } = this.#find(step.of);
    const undo = this.#undoOf(step, purchase);
    const isAdvice = step.mti === "0420" || step.mti === "0421";
    const opinion = this.#opinion.reverse(undo, isAdvice, this.#now());
    const outcome = await this.#settings.stations[original.link].reverse(undo, step.mti);
    this.#report({ mti: step.mti, card: original.card, purchase, outcome, expect: step.expect, opinion });
  }

  #undoOf({ of, number, rest }: Extract<DayStep, { kind: "reversal" }>, purchase: Purchase): Undo {
    const name = `${of} ${number}`;
    const known = this.#undos.get(name);
    if (known !== undefined) return known;
    const undo: Undo = {
      purchase,
      of: "0100",
      stan: this.#settings.numbers.nextStan(),
      cause: rest === null ? "customer" : "partial",
      replacement: rest === null ? null : { amount: minor(rest), billing: null },
      authorizationCode: this.#approvals.get(keyText(purchase)) ?? null,
    };
    this.#undos.set(name, undo);
    return undo;
  }

  /** Every message of a visit, in order; a customer who is refused goes. */
  async #visit({ amount, card, expect, link, profile, steps }: VisitDayStep): Promise<void> {
    const { numbers } = this.#settings;
    const carried = must(this.#wallets.cards.get(card), "a step uses a card of the program");
    const plan: VisitPlan = {
      profile: must(
        merchantProfiles.find(({ key }) => key === profile),
        "a profile of the table",
      ),
      steps,
      network: link,
      card: carried,
      cardCurrency: must(this.#wallets.billingCurrency(card), "a card of the program has a currency"),
      amount,
    };
    const { wallMs, businessMs } = this.#now();
    const times = { wallNow: () => wallMs, businessNow: () => businessMs };
    const talk = new VisitTalk(plan, { numbers, random: this.#random, ...times });
    for (const index of steps.keys()) {
      const message = talk.next();
      const opinion = judge(this.#opinion, message, this.#now());
      const outcome = await this.#settings.stations[link].tell(message);
      if (outcome.kind === "answered") talk.answered(index, outcome.authorizationCode);
      const wanted = expect?.[index] ?? "as_modelled";
      this.#report({ mti: message.mti, card, purchase: purchaseIn(message), outcome, expect: wanted, opinion });
      if (opinion.words.startsWith("declined:")) return;
    }
  }

  #report(message: Exchanged): void {
    const { mti, card, purchase, outcome, expect, opinion } = message;
    const number = ++this.#messages;
    const isAnswered = outcome.kind === "answered";
    const responseCode = isAnswered ? outcome.responseCode : null;
    const name = `message ${number}, ${mti} of ${card} on ${purchase.network}`;
    const mismatch = this.#scriptMismatch(message) ?? this.#opinionMismatch(name, opinion, responseCode);
    if (mismatch !== null) this.#mismatches.push(mismatch.startsWith(name) ? mismatch : `${name}: ${mismatch}`);
    if (isAnswered) this.#latenciesMs.push(outcome.latencyMs);
    const latencyMs = isAnswered ? outcome.latencyMs : 0;
    const wallMs = this.#settings.clock.wallNow();
    const expected = expect === "as_modelled" ? opinion.words : expect;
    this.#settings.onLine({ number, wallMs, mti, purchase, card, responseCode, latencyMs, expected, mismatch });
  }

  /** The script against the model, an answer that counts as none, and a repeat with another authorization code. */
  #scriptMismatch({ purchase, outcome, expect, opinion }: Exchanged): string | null {
    if (expect !== "as_modelled" && opinion.words !== expect)
      return `the script says ${expect}, the model of the rules ${opinion.words}`;
    if (outcome.kind === "faulty") return `the answer counts as none: ${outcome.fault}`;
    if (outcome.kind !== "answered") return null;
    const told = toldMismatch(outcome.reply, opinion);
    if (told !== null) return told;
    if (!isApproval(outcome.responseCode) || outcome.authorizationCode === "") return null;
    const key = keyText(purchase);
    const first = this.#approvals.get(key) ?? outcome.authorizationCode;
    this.#approvals.set(key, first);
    return first === outcome.authorizationCode ? null : "a repeat was approved with another authorization code";
  }

  #opinionMismatch(name: string, opinion: Expectation, responseCode: string | null): string | null {
    const wrong = disagreement(name, opinion, responseCode);
    return wrong === null ? null : renderDisagreement(wrong);
  }

  #find(name: string): { readonly step: PurchaseStep; readonly purchase: Purchase } {
    return must(this.#named.get(name), `the script speaks of "${name}" before it was made`);
  }

  #now(): Moment {
    return { wallMs: this.#settings.clock.wallNow(), businessMs: this.#settings.hooks.businessNow() };
  }

  #currencyOf(card: DayCard): number | null {
    if (card === "nobody") return null;
    const key = isProgramCard(card) ? card : card.replace("-replacement", "");
    return this.#model.program.card(key).cardholder.account.currency;
  }
}

/** What an answer tells beside its code: the part that was approved, and the balances. */
function toldMismatch(reply: Message, { approvedPart, balances }: Expectation): string | null {
  const amount = reply.get("4");
  if (approvedPart !== null && (amount === undefined || BigInt(amount) !== approvedPart))
    return `DE4 is ${amount ?? "missing"}, the approved part is ${approvedPart}`;
  return balances === null ? null : balanceMismatch(reply, balances);
}

function keyText(purchase: Purchase): string {
  const { network, stan, acquirer, rrn } = seenKey(purchase);
  return `${network}|${stan}|${acquirer}|${rrn}`;
}
