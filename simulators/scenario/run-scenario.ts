import { EncodeError } from "../../src/iso8583/public.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { must } from "../../src/kernel/assert.ts";
import { parseMajor, zero } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { currencyNumberOf, decimalsOf } from "../known-program.ts";
import { type NetworkMessage, fieldsOf, purchaseIn } from "../network-message.ts";
import type { Moment } from "../opinion-facts.ts";
import type { WireFields } from "../purchase.ts";
import type { RecordedMessage } from "../recording.ts";
import { networkSides } from "../sides.ts";
import type { Outcome } from "../station.ts";
import type { TraceNumbers } from "../trace-numbers.ts";
import { checkRules, checkWish, failure, faultOf, money, replyOf } from "./check-answer.ts";
import type { CardBalance, IssuedCard, ScenarioIssuer } from "./issuer.ts";
import { type MessageParts, type ScenarioCard, messageOf } from "./message-of-step.ts";
import { ScenarioRules } from "./rules.ts";
import type { Scenario, ScenarioStep, SendStep, Text } from "./scenario.ts";
import { type ScenarioLines, openLines } from "./scenario-lines.ts";
import { SentMessages } from "./sent-messages.ts";
import { StepFault, type StepFailure } from "./step-fault.ts";

export interface ScenarioParts {
  readonly issuer: ScenarioIssuer;
  readonly clock: Clock;
  readonly numbers: TraceNumbers;
  /** Sees every message that passes. */
  readonly record?: (message: RecordedMessage) => void;
}

export interface ScenarioResult {
  readonly file: string;
  readonly title: string;
  readonly isPassed: boolean;
  readonly stepsTaken: number;
  readonly steps: number;
  readonly messages: number;
  readonly ms: number;
  readonly failures: readonly StepFailure[];
}

/** Issues the scenario's cards and takes its steps, up to the first that is not as it should be. */
export async function runScenario(scenario: Scenario, parts: ScenarioParts): Promise<ScenarioResult> {
  const startedMs = parts.clock.monotonicNow();
  const run = new ScenarioRun(scenario, parts);
  const { failures, stepsTaken } = await run.run();
  return {
    file: scenario.file,
    title: scenario.title,
    isPassed: failures.length === 0,
    stepsTaken,
    steps: scenario.steps.length,
    messages: run.messages,
    ms: parts.clock.monotonicNow() - startedMs,
    failures,
  };
}

/** DE41, 42 and 43 are filled with blanks: nobody counts them in a file. */
const filledLengths: Readonly<Record<string, number>> = { 41: 8, 42: 15, 43: 40 };

class ScenarioRun {
  readonly #scenario: Scenario;
  readonly #parts: ScenarioParts;
  readonly #rules = new ScenarioRules();
  readonly #issued = new Map<string, IssuedCard>();
  readonly #cards = new Map<string, ScenarioCard>();
  readonly #sent: SentMessages;
  readonly #lines: ScenarioLines;
  readonly #messageParts: MessageParts;
  messages = 0;

  constructor(scenario: Scenario, parts: ScenarioParts) {
    this.#scenario = scenario;
    this.#parts = parts;
    this.#sent = new SentMessages(scenario.variables);
    this.#lines = openLines(parts);
    this.#messageParts = {
      sent: this.#sent,
      cards: this.#cards,
      numbers: parts.numbers,
      wallNow: () => parts.clock.wallNow(),
      businessNow: () => parts.issuer.businessNow(),
    };
  }

  async run(): Promise<{ readonly failures: StepFailure[]; readonly stepsTaken: number }> {
    try {
      await this.#issueCards();
      for (const [index, step] of this.#scenario.steps.entries()) {
        const failures = await this.#take(step);
        if (failures.length > 0) return { failures, stepsTaken: index + 1 };
      }
      return { failures: [], stepsTaken: this.#scenario.steps.length };
    } finally {
      await this.#lines.close();
    }
  }

  async #issueCards(): Promise<void> {
    for (const [name, wish] of this.#scenario.cards) {
      const card = await this.#parts.issuer.issue(wish);
      this.#issued.set(name, card);
      const { pan, expiry } = card;
      const currency = currencyNumberOf(wish.currency);
      this.#cards.set(name, { pan: wirePan(pan), expiry, network: wish.network, currency });
      this.#rules.issue(name, wish, card);
    }
  }

  async #take(step: ScenarioStep): Promise<StepFailure[]> {
    try {
      return await this.#takeUnguarded(step);
    } catch (error) {
      if (error instanceof StepFault) return [error.failure];
      if (error instanceof EncodeError) return [failure(step, "a message that can be written", error.message)];
      throw error;
    }
  }

  async #takeUnguarded(step: ScenarioStep): Promise<StepFailure[]> {
    const { issuer } = this.#parts;
    switch (step.kind) {
      case "send":
        return this.#send(step);
      case "plan":
        this.#sent.note(step.send.as, { message: messageOf(step.send, this.#messageParts), fields: null, reply: null });
        return [];
      case "together":
        return this.#together(step.sends);
      case "outage":
        return this.#outage(step);
      case "balance":
        return this.#balance(step);
      case "clock":
        await issuer.advance(step.span);
        this.#rules.expireDue(this.#now());
        return [];
      case "wait":
        await new Promise((resolve) => setTimeout(resolve, step.ms));
        return [];
      case "change": {
        const name = this.#cardName(step.card);
        this.#rules.change(name, step.change);
        await issuer.change(this.#card(name, step.card), step.change);
        return [];
      }
      case "manage": {
        const code = await this.#lines.manage(step.link, step.code);
        return code === step.answer ? [] : [failure(step, `DE39 ${step.answer}`, code ?? "silence")];
      }
      case "verify":
        return (await issuer.verify()).map((violation) => failure(step, "books that hold", violation));
    }
  }

  async #send(step: SendStep): Promise<StepFailure[]> {
    const message = messageOf(step, this.#messageParts);
    const outcome = await this.#exchange(step, message);
    return this.#judge(step, message, outcome);
  }

  /** The issuer may decide them in any order, so the rules are asked in that of the file. */
  async #together(sends: readonly SendStep[]): Promise<StepFailure[]> {
    const messages = sends.map((step) => messageOf(step, this.#messageParts));
    const pairs = sends.map((step, index) => ({ step, message: must(messages[index], "a message a step"), index }));
    const outcomes = await Promise.all(pairs.map(({ step, message, index }) => this.#exchange(step, message, index)));
    return pairs.flatMap(({ step, message, index }) =>
      this.#judge(step, message, must(outcomes[index], "an outcome a step")),
    );
  }

  /** The network answers by itself while nobody hears it, and tells the issuer afterwards, in order. */
  async #outage({ link, sends, ...place }: Extract<ScenarioStep, { kind: "outage" }>): Promise<StepFailure[]> {
    const failures: StepFailure[] = [];
    await this.#lines.sever(link);
    const told: NetworkMessage[] = [];
    for (const step of sends) {
      const message = messageOf(step, this.#messageParts);
      const purchase = purchaseIn(message);
      const outcome = await this.#lines.authorize(link, purchase);
      this.messages++;
      this.#sent.note(step.as, { message, fields: null, reply: replyOf(outcome) });
      if (step.expect !== null) failures.push(...checkWish(step.expect, { outcome, purchase, sent: this.#sent }));
      if (outcome.kind === "stood_in") told.push({ kind: "advice", mti: "0120", advice: outcome.advice });
    }
    const isTold = await this.#lines.restore(link);
    for (const message of told) this.#rules.judge(message, this.#now());
    if (!isTold) failures.push(failure(place, "every stored advice answered", "some without an answer"));
    return failures;
  }

  async #exchange(step: SendStep, message: NetworkMessage, lane = 0): Promise<Outcome> {
    const { network } = purchaseIn(message);
    const link = step.link ?? network;
    const fields = this.#written(step, fieldsOf(networkSides[link], message, this.#parts.clock.wallNow()));
    this.messages++;
    const outcome = await this.#lines.exchange({ link, lane, fields, withinMs: step.withinMs });
    this.#sent.note(step.as, { message, fields, reply: replyOf(outcome) });
    return outcome;
  }

  #judge(step: SendStep, message: NetworkMessage, outcome: Outcome): StepFailure[] {
    const answered = { outcome, purchase: purchaseIn(message), sent: this.#sent };
    const failures = step.expect === null ? [] : checkWish(step.expect, answered);
    if (!step.isJudged) return failures;
    const rules = checkRules(step, this.#rules.judge(message, this.#now()), answered);
    return [...failures, ...(step.set.length === 0 ? faultOf(step, outcome) : []), ...rules];
  }

  #written(step: SendStep, fields: WireFields): WireFields {
    const written: Record<string, string> = { ...fields };
    for (const { path, value } of step.set) {
      const text = this.#sent.words(value);
      if (text === "absent") delete written[path];
      else written[path] = text.padEnd(filledLengths[path] ?? 0);
    }
    return written;
  }

  async #balance(step: Extract<ScenarioStep, { kind: "balance" }>): Promise<StepFailure[]> {
    const name = this.#cardName(step.card);
    const found = await this.#parts.issuer.balance(this.#card(name, step.card));
    const { currency } = must(this.#cards.get(name), "a card of the scenario");
    const failures: StepFailure[] = [];
    const compare = (wish: Text | null, value: bigint): void => {
      if (wish === null) return;
      const wanted = parseMajor(this.#sent.words(wish), decimalsOf(currency));
      if (wanted !== value) failures.push(failure(wish, money(wanted ?? zero, currency), money(value, currency)));
    };
    compare(step.available, found.available);
    compare(step.held, found.held);
    if (step.holds !== null) {
      const wanted = step.holds.map((text) => parseMajor(this.#sent.words(text), decimalsOf(currency)) ?? zero);
      failures.push(...differentLists(step, { wanted, found: found.holds, currency }));
    }
    return [...failures, ...this.#rulesOfBalance(step, found, { name, currency })];
  }

  #rulesOfBalance(
    step: Extract<ScenarioStep, { kind: "balance" }>,
    found: CardBalance,
    { name, currency }: { readonly name: string; readonly currency: number },
  ): StepFailure[] {
    const right = this.#rules.balance(name);
    const words = ({ available, held }: CardBalance): string =>
      `${money(available, currency)} available and ${money(held, currency)} held`;
    const isRight = right.available === found.available && right.held === found.held;
    return isRight ? [] : [failure(step, `by the rules ${words(right)}`, words(found))];
  }

  #cardName(text: Text): string {
    const name = this.#sent.words(text);
    if (!this.#issued.has(name)) throw new StepFault(text, 'one of "cards"', `"${name}"`);
    return name;
  }

  #card(name: string, place: Text): IssuedCard {
    const card = this.#issued.get(name);
    if (card === undefined) throw new StepFault(place, 'one of "cards"', `"${name}"`);
    return card;
  }

  #now(): Moment {
    return { wallMs: this.#parts.clock.wallNow(), businessMs: this.#parts.issuer.businessNow() };
  }
}

function differentLists(
  step: Extract<ScenarioStep, { kind: "balance" }>,
  lists: { readonly wanted: readonly bigint[]; readonly found: readonly bigint[]; readonly currency: number },
): StepFailure[] {
  const words = (amounts: readonly bigint[]): string =>
    amounts.length === 0
      ? "no open holds"
      : amounts
          .toSorted((a, b) => (a < b ? -1 : 1))
          .map((amount) => money(amount, lists.currency))
          .join(", ");
  const [wanted, found] = [words(lists.wanted), words(lists.found)];
  return wanted === found ? [] : [failure(step, wanted, found)];
}
