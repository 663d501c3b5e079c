import type { Clock } from "../kernel/clock.ts";
import type { Place } from "../kernel/ids.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";
import type { Log } from "../log.ts";
import type { Deliveries, Delivery } from "../records/deliveries.ts";
import type { RecordedEntry } from "../records/history.ts";
import type { RecordsQueries } from "../records/queries.ts";
import { recordedEvents } from "../resources/recorded-entries.ts";
import { endpointsFor, wantsEvent } from "../resources/webhook-endpoints/webhook-endpoints.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { DeliveryTurns } from "./delivery-turns.ts";

/** Puts deliveries that are due before those who try them; see jobs/delivery-queue. */
export interface DueQueue {
  add(deliveries: readonly Delivery[]): Promise<void>;
}

export interface EventDeliveriesParts {
  readonly records: RecordsQueries;
  readonly deliveries: Deliveries;
  readonly shardCount: number;
  readonly platform: Place;
  /** How far the records of a shard are, as far as this process was told: what it keeps of objects is as old. */
  readonly position: (shard: number) => number;
  readonly clock: Clock;
  readonly log: Pick<Log, "warn">;
  /** Opened when the first delivery is due: most data sets have nobody to tell. */
  readonly openQueue: () => Promise<DueQueue>;
  readonly limits: {
    readonly entriesMax: number;
    /** Deliveries under way to one endpoint. */
    readonly eachMax: number;
    readonly everyMs: number;
  };
}

const idlePersistMs = 1_000;

/**
 * Follows the records and notes what has to be told to whom, in one transaction with how far it has got, so that nothing is
 * left out or noted twice after a crash; then hands over what is due.
 */
export class EventDeliveries {
  readonly #parts: EventDeliveriesParts;
  readonly #passed: number[];
  readonly #turns: DeliveryTurns;
  #queue: Promise<DueQueue> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #round: Promise<void> = Promise.resolve();
  #isWaiting = false;
  #isClosed = false;
  #persistedMs = 0;

  constructor(parts: EventDeliveriesParts) {
    this.#parts = parts;
    this.#turns = new DeliveryTurns(parts.limits.eachMax);
    const { deliveries, records, shardCount } = parts;
    // Who has never been told anything hears of what happens from now on.
    this.#passed = Array.from(
      { length: shardCount },
      (_, shard) => deliveries.checkpoint(shard) ?? records.checkpoint(shard),
    );
  }

  start(): void {
    this.#timer = setInterval(() => this.nudge(), this.#parts.limits.everyMs);
  }

  /** The records have got further, or time has. Rounds do not overlap; one more follows the one under way. */
  nudge(): void {
    if (this.#isWaiting || this.#isClosed) return;
    this.#isWaiting = true;
    this.#round = this.#round.then(() => this.#runRound());
  }

  /** What was due at the call has been handed over. */
  async run(): Promise<void> {
    this.nudge();
    await this.#round;
  }

  /** How many endpoints have not taken an event; whatever the records hold of it has been looked at. */
  undelivered(event: Place): number {
    const no = Math.floor(event.no / partsOfEntry);
    if (!this.#isClosed && (this.#passed[event.shard] ?? 0) < no) this.#follow();
    return this.#parts.deliveries.ofEvent(event).undelivered;
  }

  /** A try has ended, or there was nothing to try any more: the delivery may be handed over again where it is due. */
  ended(delivery: number): void {
    if (this.#turns.end(delivery)) this.nudge();
  }

  /** What a try has come to. */
  tried(endpoint: Place, isTaken: boolean): void {
    this.#turns.note(endpoint, isTaken);
  }

  /** The queue has lost what was in it: what is due is handed over again. */
  lost(): void {
    this.#turns.forget();
    this.nudge();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#round;
  }

  async #runRound(): Promise<void> {
    this.#isWaiting = false;
    if (this.#isClosed) return;
    try {
      this.#follow();
      await this.#handOver();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#parts.log.warn({ cause }, "events could not be handed over now; they stay due");
    }
  }

  #follow(): void {
    const { records, deliveries, position, shardCount } = this.#parts;
    const hasEndpoints = this.#hasEndpoints();
    if (!hasEndpoints) {
      this.#skip();
      return;
    }
    for (let shard = 0; shard < shardCount; shard++) {
      // An entry beyond would be told of with objects as they stood before it.
      const told = position(shard);
      for (;;) {
        const after = this.#passed[shard] ?? 0;
        if (after >= told) break;
        const entries = records.history
          .entriesAfter({ shard, no: after }, this.#parts.limits.entriesMax)
          .filter(({ place }) => place.no <= told);
        const last = entries.at(-1)?.place.no;
        if (last === undefined) break;
        deliveries.addAll(
          shard,
          last,
          entries.flatMap((entry) => this.#wanted(entry)),
        );
        this.#passed[shard] = last;
      }
    }
  }

  // Nobody listens: only where to begin is kept, and not after every entry.
  #skip(): void {
    const { clock, deliveries, records, shardCount } = this.#parts;
    const nowMs = clock.monotonicNow();
    if (nowMs - this.#persistedMs < idlePersistMs) return;
    this.#persistedMs = nowMs;
    for (let shard = 0; shard < shardCount; shard++) {
      const no = records.checkpoint(shard);
      if (no === this.#passed[shard]) continue;
      deliveries.addAll(shard, no, []);
      this.#passed[shard] = no;
    }
  }

  #hasEndpoints(): boolean {
    const { records, shardCount } = this.#parts;
    for (let shard = 0; shard < shardCount; shard++) {
      if (records.objectCount("webhook_endpoint", shard) > 0) return true;
    }
    return false;
  }

  /** Each event of an entry, once for every endpoint that wants it and was there when it happened. */
  #wanted({ place, bytes }: RecordedEntry): Pick<Delivery, "event" | "endpoint">[] {
    const { platform, records } = this.#parts;
    const entry = unpackEntry(place.shard, place.no, bytes);
    const events = recordedEvents(records, entry);
    if (events.length === 0) return [];
    const endpoints = endpointsFor(records, { shard: place.shard, no: entry.account }, platform);
    return events.flatMap(({ index, type }) =>
      endpoints
        .filter(({ body, createdMs }) => wantsEvent(body, type) && createdMs <= entry.businessMs)
        .map(({ place: endpoint }) => ({
          event: { shard: place.shard, no: place.no * partsOfEntry + index },
          endpoint,
        })),
    );
  }

  async #handOver(): Promise<void> {
    const { clock, deliveries } = this.#parts;
    const nowMs = clock.businessNow();
    const next = deliveries.waitingEndpoints().flatMap((endpoint) => {
      const rowsMax = this.#turns.rowsMax(endpoint);
      return rowsMax === 0 ? [] : this.#turns.begin(deliveries.dueTo(endpoint, nowMs, rowsMax));
    });
    if (next.length === 0) return;
    try {
      const queue = await this.#opened();
      await queue.add(next);
    } catch (error) {
      for (const { id } of next) this.#turns.end(id);
      throw error;
    }
  }

  // A queue that could not be opened is opened again at the next round.
  async #opened(): Promise<DueQueue> {
    this.#queue ??= this.#parts.openQueue();
    try {
      return await this.#queue;
    } catch (error) {
      this.#queue = null;
      throw error;
    }
  }
}
