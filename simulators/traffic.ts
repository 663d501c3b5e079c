import { must } from "../src/kernel/assert.ts";
import type { Clock } from "../src/kernel/clock.ts";
import { seededRandom } from "../src/kernel/random.ts";
import { type Result, fail, ok } from "../src/kernel/result.ts";
import { SeenJournal, type SeenKey } from "./journal.ts";
import { Link } from "./link.ts";
import { purchaseIn } from "./network-message.ts";
import { isApproval } from "./network-side.ts";
import { isDecided, isRefusal, mismatchOf } from "./order-judgement.ts";
import { OpenOrders } from "./open-orders.ts";
import { type ReplyView, replyReader } from "./reply-view.ts";
import { networkSides } from "./sides.ts";
import { StoreAndForward } from "./store-and-forward.ts";
import { seenKey } from "./station.ts";
import { type Order, TrafficPlan } from "./traffic-plan.ts";
import { TrafficPurchases } from "./traffic-purchases.ts";
import { type TrafficReport, TrafficTally } from "./traffic-report.ts";
import type { TrafficSettings } from "./traffic-settings.ts";

/**
 * Sends what the settings plan, waits for what is outstanding, and says what came of it. Fails, with a sentence, where
 * not every connection could be opened and signed on.
 */
export async function runTraffic(settings: TrafficSettings, clock: Clock): Promise<Result<TrafficReport, string>> {
  const traffic = new Traffic(settings, clock);
  return traffic.run();
}

const burstMax = 512;
const outstandingMax = 100_000;
const timeoutScanMs = 5;
/** Below this the loop turns without sleeping: a timer would add up to a millisecond to every latency. */
const spinMs = 2;
/** At 5,000 a second the turning loop takes 0.87 of a core, with naps 0.35; a median answer then waits 0.3 ms longer. */
const napMs = 0.05;
const napFromMs = 0.12;
class Traffic {
  readonly #settings: TrafficSettings;
  readonly #clock: Clock;
  readonly #plan: TrafficPlan;
  readonly #purchases: TrafficPurchases;
  readonly #links: Link[] = [];
  readonly #open: OpenOrders;
  readonly #nap = new Int32Array(new SharedArrayBuffer(4));
  readonly #tally = new TrafficTally();
  readonly #journal: SeenJournal | null;
  readonly #stored: StoreAndForward;
  #startMs = 0;
  #lastSentMs = 0;
  #isSending = true;
  #scannedMs = 0;
  #finish: () => void = () => undefined;

  constructor(settings: TrafficSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
    this.#plan = new TrafficPlan(settings);
    const side = networkSides[settings.network];
    this.#purchases = new TrafficPurchases(settings, side);
    this.#open = new OpenOrders(settings.timeoutMs);
    this.#journal = settings.journalPath === null ? null : new SeenJournal(settings.journalPath);
    const read = replyReader(side);
    const { host, port, signOn, seed, splitsFrames } = settings;
    for (let i = 0; i < settings.connections; i++) {
      const intercept = (body: Uint8Array): boolean => this.#take(read(body));
      const split = splitsFrames ? seededRandom(seed + i) : null;
      this.#links.push(new Link({ side, address: { kind: "connect", host, port }, signOn, clock, split, intercept }));
    }
    this.#stored = new StoreAndForward({
      link: this.#linkOf(0),
      clock,
      timeoutMs: settings.timeoutMs,
      repeatsMax: 3,
      restMs: 200,
      onAnswered: (message) => this.#journal?.undoAnswered(seenKey(purchaseIn(message))),
    });
  }

  async run(): Promise<Result<TrafficReport, string>> {
    if (!(await this.#connect())) {
      await this.#close();
      const { host, port, connectMs } = this.#settings;
      return fail(`no link to ${host}:${port} within ${connectMs} ms`);
    }
    const cpu = process.cpuUsage();
    this.#startMs = this.#clock.monotonicNow();
    await new Promise<void>((resolve) => {
      this.#finish = resolve;
      this.#turn();
    });
    const { user, system } = process.cpuUsage(cpu);
    await this.#stored.drained(this.#settings.settleMs);
    await this.#close();
    return ok(this.#report((user + system) / Math.max(this.#tally.sent, 1)));
  }

  async #connect(): Promise<boolean> {
    for (const link of this.#links) await link.open();
    const usable = await Promise.all(this.#links.map((link) => link.usable(this.#settings.connectMs)));
    return usable.every(Boolean);
  }

  async #close(): Promise<void> {
    this.#stored.close();
    for (const link of this.#links) await link.close();
    this.#journal?.close();
  }

  /** One turn of the loop: sends what is due, looks for silence, and comes again. */
  #turn(): void {
    const nowMs = this.#clock.monotonicNow();
    const dueMs = this.#isSending ? this.#sendDue(nowMs) : null;
    if (nowMs - this.#scannedMs >= timeoutScanMs) {
      this.#scannedMs = nowMs;
      for (const order of this.#open.expired(nowMs)) this.#silent(order, nowMs);
    }
    if (!this.#isSending && this.#open.count === 0) return this.#finish();
    if (dueMs === null || dueMs - nowMs >= spinMs) {
      setTimeout(() => this.#turn(), 1);
      return;
    }
    if (this.#settings.naps && dueMs - nowMs > napFromMs) Atomics.wait(this.#nap, 0, 0, napMs);
    setImmediate(() => this.#turn());
  }

  /** When the next order is due; null where a reply decides that, or nothing more is to be sent. */
  #sendDue(nowMs: number): number | null {
    const { pace, seconds } = this.#settings;
    if (seconds !== null && nowMs - this.#startMs >= seconds * 1_000) this.#isSending = false;
    if (pace.kind === "closed") {
      this.#refill(nowMs);
      return null;
    }
    let burst = 0;
    while (this.#isSending && burst++ < burstMax) {
      const scheduledMs = this.#startMs + (this.#planned * 1_000) / pace.perSecond;
      if (scheduledMs > nowMs) return scheduledMs;
      if (this.#open.count >= outstandingMax) this.#isSending = false;
      else this.#sendNext(scheduledMs, nowMs);
    }
    return this.#isSending ? nowMs : null;
  }

  #refill(nowMs: number): void {
    const { pace } = this.#settings;
    if (pace.kind !== "closed") return;
    while (this.#isSending && this.#open.count < pace.inFlight) this.#sendNext(nowMs, nowMs);
  }

  get #planned(): number {
    return this.#tally.sent + this.#tally.skipped;
  }

  #sendNext(scheduledMs: number, nowMs: number): void {
    const order = this.#plan.next();
    const original = order.original;
    const isMoot = original !== null && (!isDecided(original) || this.#open.has(order));
    if (isMoot || (order.kind === "reversal" && original?.responseCode !== original?.expected)) {
      this.#tally.skipped++;
    } else {
      order.scheduledMs = scheduledMs;
      order.startedMs = original?.startedMs ?? this.#clock.wallNow();
      this.#tally.sent++;
      this.#lastSentMs = nowMs;
      this.#note(order);
      this.#send(order, nowMs);
    }
    if (this.#settings.messages !== null && this.#planned >= this.#settings.messages) this.#isSending = false;
  }

  #note(order: Order): void {
    if (this.#journal === null || order.kind === "duplicate") return;
    if (order.original !== null) this.#journal.undoSent(this.#keyOf(order.original));
    else {
      const { amount } = this.#purchases.purchase(order);
      this.#journal.sent({ ...this.#keyOf(order), card: order.card.key, amount, sentMs: order.startedMs });
    }
  }

  #send(order: Order, nowMs: number): void {
    order.attempts++;
    order.sentMs = nowMs;
    order.state = "open";
    this.#open.add(order);
    this.#tally.outstandingMax = Math.max(this.#tally.outstandingMax, this.#open.count);
    const wallMs = this.#clock.wallNow();
    const link = this.#linkOf(order.kind === "duplicate" ? order.sequence + 1 : (order.original ?? order).sequence);
    if (order.kind === "reversal") link.write(this.#purchases.reversalFrame(order, wallMs));
    else link.write(this.#purchases.authorizationFrame(order, wallMs));
  }

  /** True where the frame was an answer to an order, wanted or late. */
  #take(view: ReplyView | null): boolean {
    if (view === null || !view.rrn.startsWith(this.#purchases.run)) return false;
    const order = this.#open.take(view);
    if (order === null) {
      this.#tally.late++;
      return true;
    }
    const nowMs = this.#clock.monotonicNow();
    const fault = this.#purchases.faultOf(order, view);
    if (fault !== null) {
      this.#tally.faulty++;
      this.#tally.mismatch(`${order.kind} ${view.rrn}: the answer counts as none: ${fault}`);
      this.#giveUp(order);
    } else {
      this.#answered(order, view, nowMs);
    }
    this.#refill(nowMs);
    return true;
  }

  #answered(order: Order, view: ReplyView, nowMs: number): void {
    const { responseCode, authorizationCode } = view;
    const tally = this.#tally;
    order.state = "answered";
    order.responseCode = responseCode;
    order.authorizationCode = authorizationCode;
    tally.answered++;
    if (order.attempts === 1) {
      tally.latency(nowMs - (this.#settings.pace.kind === "open" ? order.scheduledMs : order.sentMs));
    }
    const isRefused = isRefusal(responseCode);
    const mismatch = isRefused ? null : mismatchOf(order, view);
    if (isRefused) tally.refused++;
    if (mismatch !== null) tally.mismatch(mismatch);
    if (order.kind === "reversal") {
      tally.reversals++;
      if (!isRefused) this.#journal?.undoAnswered(this.#keyOf(must(order.original, "what is undone")));
    } else if (order.kind === "duplicate") {
      tally.duplicates++;
    } else {
      const verdict = isApproval(responseCode) ? "approved" : "declined";
      tally[verdict]++;
      const answeredMs = this.#clock.wallNow();
      this.#journal?.answered(this.#keyOf(order), { verdict, responseCode, authorizationCode, answeredMs });
    }
  }

  #silent(order: Order, nowMs: number): void {
    if (this.#settings.retransmits && order.attempts === 1) {
      this.#tally.repeats++;
      this.#send(order, nowMs);
    } else {
      this.#tally.unanswered++;
      this.#giveUp(order);
    }
  }

  /** A duplicate undoes nothing: its original was answered. */
  #giveUp(order: Order): void {
    order.state = "given_up";
    if (!this.#settings.retransmits || order.kind === "duplicate") return;
    const original = order.original ?? order;
    this.#journal?.undoSent(this.#keyOf(original));
    this.#stored.push({ kind: "reversal", mti: "0420", undo: this.#purchases.undo(order, "timeout") });
  }

  #keyOf(order: Order): SeenKey {
    return seenKey(this.#purchases.purchase(order));
  }

  #linkOf(number: number): Link {
    return must(this.#links[number % this.#links.length], "traffic has at least one connection");
  }

  #report(cpuMicrosPerMessage: number): TrafficReport {
    const { pace } = this.#settings;
    const tally = this.#tally;
    const seconds = Math.max((this.#lastSentMs - this.#startMs) / 1_000, 0.001);
    const counts = this.#links.map((link) => link.counts);
    const sum = (of: (counts: Link["counts"]) => number): number => counts.reduce((total, row) => total + of(row), 0);
    const { samples, ...numbers } = tally;
    return {
      ...numbers,
      offeredPerSecond: pace.kind === "open" ? pace.perSecond : null,
      achievedPerSecond: tally.answered / seconds,
      seconds,
      unsettled: this.#stored.pending,
      late: tally.late + sum((row) => row.late),
      unexpected: sum((row) => row.unexpected + row.unreadable),
      reconnects: sum((row) => row.connections) - this.#links.length,
      mismatchSamples: samples,
      latencyMs: tally.latencyMs(),
      cpuMicrosPerMessage,
    };
  }
}
