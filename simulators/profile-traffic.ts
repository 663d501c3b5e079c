import { must } from "../src/kernel/assert.ts";
import type { Clock } from "../src/kernel/clock.ts";
import { minor } from "../src/kernel/money.ts";
import { seededRandom } from "../src/kernel/random.ts";
import { type Result, fail, ok } from "../src/kernel/result.ts";
import { SeenJournal } from "./journal.ts";
import { judge } from "./judge.ts";
import { newModel } from "./known-program.ts";
import { Link } from "./link.ts";
import { noControls } from "./model/program.ts";
import { type NetworkMessage, type StoredMessage } from "./network-message.ts";
import { isApproval } from "./network-side.ts";
import { type Expectation, Opinion } from "./opinion.ts";
import { isRefusal } from "./order-judgement.ts";
import { type PlannedVisit, type ProfilePlanSettings, planVisits } from "./profile-plan.ts";
import { type ProfileReport, ProfileTally } from "./profile-report.ts";
import type { NetworkName } from "./purchase.ts";
import { networkSides } from "./sides.ts";
import { type Outcome, Station } from "./station.ts";
import { TraceNumbers } from "./trace-numbers.ts";
import { VisitTalk } from "./visit.ts";

export interface ProfileTrafficSettings extends ProfilePlanSettings {
  readonly network: NetworkName;
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly connectMs: number;
  /** Three characters of every RRN; a run of its own for every start. */
  readonly run: number;
  /** How long one attempt waits, in milliseconds. */
  readonly timeoutMs: number;
  /** How long the end may take until every stored advice is answered. */
  readonly settleMs: number;
  /** Every so often all lines are down for so long, and the network stands in; null: never. */
  readonly outages: { readonly everyMs: number; readonly forMs: number } | null;
}

/**
 * Visits to merchants in an open loop: each begins when it was planned, whether or not others are answered. Every answer
 * is held against the model of the rules, which knows cards without limits on accounts with funds beyond reach: what
 * such cards get depends on no order. Fails, with a sentence, where not every connection came up.
 */
export async function runProfileTraffic(
  settings: ProfileTrafficSettings,
  clock: Clock,
): Promise<Result<ProfileReport, string>> {
  return new ProfileTraffic(settings, clock).run();
}

const funds = minor(9_000_000_000_000n);
const restMs = 200;

class ProfileTraffic {
  readonly #settings: ProfileTrafficSettings;
  readonly #clock: Clock;
  readonly #numbers: TraceNumbers;
  readonly #model = newModel();
  readonly #opinion = new Opinion(this.#model, () => null);
  readonly #links: Link[] = [];
  readonly #stations: Station[] = [];
  readonly #tally = new ProfileTally();

  constructor(settings: ProfileTrafficSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#numbers = new TraceNumbers(settings.run);
    for (const { key, pan, expiry, currency } of settings.cards) {
      const { program } = this.#model;
      program.addAccount({ account: key, currency, isEnabled: true, allowsPartial: false, asksEndpoint: false });
      this.#model.fund(key, funds);
      const holder = { cardholder: key, account: key, status: "active", isVerificationDue: false } as const;
      program.addCardholder({ ...holder, controls: noControls });
      const card = { card: key, cardholder: key, pan, expiry, status: "active", program: "load" } as const;
      program.addCard({ ...card, controls: noControls, replacement: null });
    }
  }

  async run(): Promise<Result<ProfileReport, string>> {
    if (!(await this.#connect())) {
      await this.#close();
      const { host, port, connectMs } = this.#settings;
      return fail(`no link to ${host}:${port} within ${connectMs} ms`);
    }
    const startMs = this.#clock.monotonicNow();
    const stopOutages = this.#planOutages();
    await Promise.all(planVisits(this.#settings).map((visit, index) => this.#visit(visit, index, startMs)));
    stopOutages();
    for (const station of this.#stations) await station.stored.drained(this.#settings.settleMs);
    const unsettled = this.#stations.reduce((sum, { stored }) => sum + stored.pending, 0);
    await this.#close();
    return ok(this.#tally.report(unsettled, this.#expectedBooks()));
  }

  async #connect(): Promise<boolean> {
    const { network, host, port, connections, connectMs, timeoutMs } = this.#settings;
    const side = networkSides[network];
    const signOn = network === "generic" ? "none" : "by-us";
    for (let i = 0; i < connections; i++) {
      const link = new Link({ side, address: { kind: "connect", host, port }, signOn, clock: this.#clock });
      this.#links.push(link);
      const station = new Station({
        link,
        clock: this.#clock,
        numbers: this.#numbers,
        journal: new SeenJournal(),
        timeoutMs,
        restMs,
        standsIn: true,
        onStoredAnswered: (message, responseCode) => this.#storedAnswered(message, responseCode),
      });
      this.#stations.push(station);
      await link.open();
    }
    const usable = await Promise.all(this.#links.map((link) => link.usable(connectMs)));
    return usable.every(Boolean);
  }

  async #close(): Promise<void> {
    for (const station of this.#stations) station.close();
    for (const link of this.#links) await link.close();
  }

  #planOutages(): () => void {
    const { outages } = this.#settings;
    if (outages === null) return () => undefined;
    const timer = setInterval(() => {
      this.#tally.outages++;
      for (const link of this.#links) link.sever();
      setTimeout(() => this.#restore(), outages.forMs);
    }, outages.everyMs);
    return () => {
      clearInterval(timer);
      this.#restore();
    };
  }

  #restore(): void {
    for (const link of this.#links) link.restore();
  }

  /** Each message at its own time after the first; a customer who is refused, or hears nothing, goes. */
  async #visit(visit: PlannedVisit, index: number, startMs: number): Promise<void> {
    const { card, profile, steps, amount } = visit;
    const { network, seed } = this.#settings;
    await this.#until(startMs + visit.atMs);
    const plan = { profile, steps, network, card, cardCurrency: card.currency, amount };
    const parts = { numbers: this.#numbers, random: seededRandom(seed + index), ...this.#times() };
    const talk = new VisitTalk(plan, parts);
    const beganMs = this.#clock.monotonicNow();
    this.#tally.visit(profile.key);
    for (const [number, step] of steps.entries()) {
      await this.#until(beganMs + step.afterMs);
      const message = talk.next();
      const outcome = await this.#say(message, index);
      if (outcome === null) continue;
      this.#take(message, outcome);
      if (outcome.kind !== "answered" || !isApproval(outcome.responseCode)) return;
      talk.answered(number, outcome.authorizationCode);
    }
  }

  /** Requests are asked as a network asks; what has happened is stored, and its answer heard of later: null. */
  async #say(message: NetworkMessage, index: number): Promise<Outcome | null> {
    const station = must(this.#stations[index % this.#stations.length], "traffic has at least one connection");
    if (message.kind === "request") {
      const { mti, purchase } = message;
      if (mti === "0100") return station.authorize(purchase, "");
      return mti === "0200" ? station.post(purchase, "") : station.tell(message);
    }
    if (message.kind === "reversal" && message.mti === "0400") {
      const outcome = await station.tell(message);
      if (outcome.kind === "answered") return outcome;
      station.stored.push({ ...message, mti: "0420" });
    } else {
      station.stored.push(message);
    }
    await this.#settledAt(station);
    return null;
  }

  /** A later message of a visit must not overtake what waits before it. */
  async #settledAt(station: Station): Promise<void> {
    await station.stored.drained(this.#settings.settleMs);
  }

  #take(message: NetworkMessage, outcome: Outcome): void {
    const { mti } = message;
    this.#tally.message(mti, outcome);
    if (outcome.kind !== "answered") return;
    // An answer by which nobody decided says nothing about money.
    if (isRefusal(outcome.responseCode)) return;
    this.#compare(mti, judge(this.#opinion, message, this.#now()), outcome.responseCode);
  }

  #storedAnswered(message: StoredMessage, responseCode: string): void {
    this.#tally.stored(message.mti);
    this.#compare(message.mti, judge(this.#opinion, message, this.#now()), responseCode);
  }

  #compare(mti: string, right: Expectation, responseCode: string): void {
    if (right.responseCode === responseCode) return;
    this.#tally.mismatch(`${mti}: came ${responseCode}, right is ${right.responseCode ?? "silence"} (${right.words})`);
  }

  /** What the model says that is held, and what was spent, in minor units of each currency of the cards. */
  #expectedBooks(): ProfileReport["books"] {
    const books = new Map<number, { held: bigint; spent: bigint }>();
    for (const { currency, available, held } of this.#model.program.accounts.values()) {
      const sum = books.get(currency) ?? { held: 0n, spent: 0n };
      books.set(currency, { held: sum.held + held, spent: sum.spent + funds - available - held });
    }
    return [...books].map(([currency, { held, spent }]) => ({ currency, held: Number(held), spent: Number(spent) }));
  }

  #times(): { wallNow(): number; businessNow(): number } {
    return { wallNow: () => this.#clock.wallNow(), businessNow: () => this.#clock.businessNow() };
  }

  #now(): { readonly wallMs: number; readonly businessMs: number } {
    return { wallMs: this.#clock.wallNow(), businessMs: this.#clock.businessNow() };
  }

  async #until(atMs: number): Promise<void> {
    const leftMs = atMs - this.#clock.monotonicNow();
    if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs));
  }
}
