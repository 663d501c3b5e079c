import { checkAnswer } from "../../simulators/answer-check.ts";
import type { Answer } from "../../simulators/correlator.ts";
import type { SeenJournal } from "../../simulators/journal.ts";
import { Link } from "../../simulators/link.ts";
import { type AuthorizationMti, isApproval } from "../../simulators/network-side.ts";
import { type Purchase, type Undo, plainGoods } from "../../simulators/purchase.ts";
import { networkSides } from "../../simulators/sides.ts";
import { seenKey } from "../../simulators/station.ts";
import { StoreAndForward } from "../../simulators/store-and-forward.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { countries } from "../../specs/countries.ts";
import type { LoadCard } from "../../src/app/load-program.ts";
import { must } from "../../src/kernel/assert.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { minor } from "../../src/kernel/money.ts";
import type { Random } from "../../src/kernel/random.ts";

export interface KillLoadSettings {
  readonly port: number;
  readonly cards: readonly LoadCard[];
  readonly journal: SeenJournal;
  readonly clock: Clock;
  readonly random: Random;
}

const linkCount = 4;
/** Always so many 0100 without an answer. */
const inFlightWanted = 256;
/** Longer than the switch may take for a decision, so that silence is silence. */
const answerMs = 3_000;
const pauseMs = 20;
const cutMs = 250;
const repeatMs = 200;
const restMs = 200;
/** One approval in so many is taken back by a 0400. */
const reversedEvery = 16;
const home = must(
  countries.find(({ alpha2 }) => alpha2 === "US"),
  "a country of the table",
);

/**
 * A network under which processes die: a closed loop of 0100, with 0400 for some of what was approved. What stays without
 * an answer is asked for again as 0101 or taken back by 0420 and 0421, in turn, until there is an answer.
 */
export class KillLoad {
  readonly #settings: KillLoadSettings;
  readonly #links: readonly Link[];
  readonly #stored: StoreAndForward;
  readonly #numbers: TraceNumbers;
  readonly #surprises: string[] = [];
  #isSending = false;
  #inFlight = 0;
  #inFlightMost = 0;
  #epoch = 0;
  #inFlightOfOld = 0;
  #open = 0;
  #approvals = 0;
  #refusals = 0;
  #unknown = 0;
  #repeated = 0;
  #undone = 0;
  #turn = 0;

  constructor(settings: KillLoadSettings) {
    const { clock, port, random } = settings;
    const address = { kind: "connect", host: "127.0.0.1", port } as const;
    const side = networkSides.generic;
    this.#settings = settings;
    this.#numbers = new TraceNumbers(random.integer(46_656));
    this.#links = Array.from({ length: linkCount }, () => new Link({ side, address, signOn: "none", clock }));
    this.#stored = new StoreAndForward({
      link: must(this.#links[0], "a link"),
      clock,
      timeoutMs: answerMs,
      repeatsMax: 3,
      restMs,
      onAnswered: (message, code) => {
        if (message.kind === "reversal") this.#undoAnswered(message.undo, code);
      },
    });
  }

  /** 0100 without an answer. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Of those: sent before the last call of `mark`. */
  get inFlightOfOld(): number {
    return this.#inFlightOfOld;
  }

  /** The most that were without an answer at one time since then. */
  get inFlightMost(): number {
    return this.#inFlightMost;
  }

  mark(): void {
    this.#epoch++;
    this.#inFlightOfOld = this.#inFlight;
    this.#inFlightMost = this.#inFlight;
  }

  get approvals(): number {
    return this.#approvals;
  }

  /** 91: known to have had no effect. */
  get refusals(): number {
    return this.#refusals;
  }

  /** 0100 that stayed without an answer, ever. */
  get unknown(): number {
    return this.#unknown;
  }

  /** Of those: settled by 0101, and by 0420 or 0421. */
  get settled(): { readonly repeated: number; readonly undone: number } {
    return { repeated: this.#repeated, undone: this.#undone };
  }

  /** Unknown authorizations and reversals that wait for an answer. */
  get unsettled(): number {
    return this.#open;
  }

  /** Answers that nobody may ever give. */
  get surprises(): readonly string[] {
    return this.#surprises;
  }

  async start(): Promise<void> {
    for (const link of this.#links) await link.open();
    this.#isSending = true;
    for (let slot = 0; slot < inFlightWanted; slot++) this.#next();
  }

  /** Sends no new purchase; what is open goes on until it is settled. */
  finish(): void {
    this.#isSending = false;
  }

  async close(): Promise<void> {
    this.#stored.close();
    for (const link of this.#links) await link.close();
  }

  #next(): void {
    if (!this.#isSending) return;
    const link = this.#usableLink();
    if (link === null) {
      setTimeout(() => this.#next(), pauseMs);
      return;
    }
    const { journal, random, cards, clock } = this.#settings;
    const index = random.integer(cards.length);
    const purchase = this.#purchase(must(cards[index], "a card"));
    journal.sent({ ...seenKey(purchase), card: String(index), amount: purchase.amount, sentMs: clock.wallNow() });
    this.#inFlightMost = Math.max(this.#inFlightMost, ++this.#inFlight);
    const epoch = this.#epoch;
    this.#ask(link, purchase, "0100", (answer) => {
      this.#inFlight--;
      if (epoch < this.#epoch) this.#inFlightOfOld--;
      const code = this.#take(purchase, "0100", answer);
      if (code === "silence") this.#settle(purchase);
      else if (code === "approved" && random.integer(reversedEvery) === 0) this.#reverse(purchase);
      // One line that is cut is seldom alone, so nothing is sent into the others before they have told.
      if (code === "approved") this.#next();
      else setTimeout(() => this.#next(), code === "silence" ? cutMs : pauseMs);
    });
  }

  /** What an answer is worth; whatever counts as one stands in the journal. */
  #take(purchase: Purchase, mti: AuthorizationMti, answer: Answer): "approved" | "refused" | "silence" {
    if (answer.kind === "silence") return "silence";
    const { journal, clock } = this.#settings;
    const fields = networkSides.generic.request(purchase, mti, clock.wallNow());
    const checked = checkAnswer(fields, answer.message);
    if (!checked.isSound) return this.#surprise(purchase, `${mti}: ${checked.fault}`);
    const { authorizationCode, responseCode } = checked;
    const isApproved = isApproval(responseCode);
    if (!isApproved && responseCode !== "91") return this.#surprise(purchase, `${mti}: DE39 is ${responseCode}`);
    if (!isApproved) this.#refusals++;
    else this.#approvals++;
    // A 91 to a 0101 says nothing about the 0100, so it settles nothing.
    if (isApproved || mti === "0100") {
      const verdict = isApproved ? "approved" : "declined";
      journal.answered(seenKey(purchase), { verdict, responseCode, authorizationCode, answeredMs: answer.receivedMs });
    }
    return isApproved ? "approved" : "refused";
  }

  #settle(purchase: Purchase): void {
    this.#open++;
    if (this.#unknown++ % 2 === 0) this.#repeat(purchase);
    else this.#takeBack(purchase, "timeout");
  }

  #repeat(purchase: Purchase): void {
    const again = (): void => void setTimeout(() => this.#repeat(purchase), repeatMs);
    const link = this.#usableLink();
    if (link === null) return again();
    this.#ask(link, purchase, "0101", (answer) => {
      if (this.#take(purchase, "0101", answer) !== "approved") return again();
      this.#repeated++;
      this.#open--;
    });
  }

  /** By a 0400, and where that stays without an answer by stored advices. */
  #reverse(purchase: Purchase): void {
    const link = this.#usableLink();
    this.#open++;
    if (link === null) return this.#takeBack(purchase, "customer");
    const { clock, journal } = this.#settings;
    const undo = this.#undo(purchase, "customer");
    journal.undoSent(seenKey(purchase));
    link.request(link.side.reversal(undo, "0400", clock.wallNow()), answerMs, (answer) => {
      const code = answer.kind === "reply" ? answer.message.get("39") : undefined;
      if (code === undefined) return this.#takeBack(purchase, "customer");
      if (code !== "00") this.#surprise(purchase, `0400: DE39 is ${code}`);
      journal.undoAnswered(seenKey(purchase));
      this.#open--;
    });
  }

  #takeBack(purchase: Purchase, cause: Undo["cause"]): void {
    this.#settings.journal.undoSent(seenKey(purchase));
    this.#stored.push({ kind: "reversal", mti: "0420", undo: this.#undo(purchase, cause) });
  }

  #undoAnswered({ purchase, cause }: Undo, code: string): void {
    if (code !== "00") this.#surprise(purchase, `0420: DE39 is ${code}`);
    this.#settings.journal.undoAnswered(seenKey(purchase));
    if (cause === "timeout") this.#undone++;
    this.#open--;
  }

  #undo(purchase: Purchase, cause: Undo["cause"]): Undo {
    return { purchase, of: "0100", stan: this.#numbers.nextStan(), cause, replacement: null, authorizationCode: null };
  }

  #ask(link: Link, purchase: Purchase, mti: AuthorizationMti, done: (answer: Answer) => void): void {
    link.request(link.side.request(purchase, mti, this.#settings.clock.wallNow()), answerMs, done);
  }

  #usableLink(): Link | null {
    for (let tries = 0; tries < linkCount; tries++) {
      const link = this.#links[this.#turn++ % linkCount];
      if (link?.isUsable === true) return link;
    }
    return null;
  }

  #surprise({ trace }: Purchase, what: string): "refused" {
    this.#surprises.push(`${trace.rrn} ${what}`);
    return "refused";
  }

  #purchase({ pan, expiry }: LoadCard): Purchase {
    const { clock, random } = this.#settings;
    return {
      network: "generic",
      card: { pan, expiry },
      acceptor: {
        institution: "400551",
        acquirerCountry: home,
        name: "NIGHT FERRY LINES",
        city: "SEATTLE",
        state: "WA",
        country: home,
        currency: 840,
        categoryCode: "4111",
        terminal: "PIER0001",
        merchantId: "NIGHTFERRY00001",
      },
      amount: minor(100 + random.integer(1_900)),
      billing: null,
      entry: "ecommerce",
      asks: plainGoods,
      trace: this.#numbers.next(),
      startedMs: clock.wallNow(),
    };
  }
}
