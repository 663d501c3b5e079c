import type { ApiBooks } from "../api/api-parts.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Place } from "../kernel/ids.ts";
import { partsOfEntry } from "../ledger/entry-parts.ts";
import { entryAt, recordedEvents } from "../resources/recorded-entries.ts";
import { renderObject } from "../resources/rendering.ts";
import { renderers } from "../resources/renderers.ts";

/** An event that nobody has asked for yet. */
interface Happened {
  readonly type: string;
  readonly place: Place;
}

const pollMs = 10;
const entriesMax = 1_000;
/** What nobody asks for is forgotten, the oldest first. */
const happenedMax = 10_000;

/**
 * Hands out events in the order of the journal, each once: from the moment at which this was made, so that what has
 * happened before somebody asks is not missed.
 */
export class EventWaiter {
  readonly #api: () => ApiBooks;
  readonly #clock: Clock;
  readonly #happened: Happened[] = [];
  #followed: ApiBooks | null = null;
  #passed: number[] = [];

  constructor(api: () => ApiBooks, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
    this.#begin(api(), false);
  }

  /** The next event of a type, as an endpoint would be told of it; null where none comes in time. */
  async next(type: string, timeoutMs: number): Promise<object | null> {
    const endMs = this.#clock.monotonicNow() + timeoutMs;
    for (;;) {
      this.#follow();
      const at = this.#happened.findIndex((event) => event.type === type);
      const [found] = at < 0 ? [] : this.#happened.splice(at, 1);
      if (found !== undefined) return this.#render(found);
      if (this.#clock.monotonicNow() >= endMs) return null;
      await new Promise((resolve) => {
        setTimeout(resolve, pollMs);
      });
    }
  }

  #begin(api: ApiBooks, isReset: boolean): void {
    const { shardCount } = api.program.committer.keyspace;
    this.#followed = api;
    this.#happened.length = 0;
    // After a reset all that there is has happened since.
    this.#passed = Array.from({ length: shardCount }, (_, shard) => (isReset ? 0 : api.records.checkpoint(shard)));
  }

  #follow(): void {
    const api = this.#api();
    if (api !== this.#followed) this.#begin(api, true);
    const { records } = api;
    for (let shard = 0; shard < this.#passed.length; shard++) {
      const after = { shard, no: this.#passed[shard] ?? 0 };
      for (const { place } of records.history.entriesAfter(after, entriesMax)) {
        this.#passed[shard] = place.no;
        const entry = entryAt(records, place);
        if (entry === null) continue;
        for (const { index, type } of recordedEvents(records, entry)) {
          this.#happened.push({ type, place: { shard, no: place.no * partsOfEntry + index } });
        }
      }
    }
    this.#happened.splice(0, Math.max(0, this.#happened.length - happenedMax));
  }

  #render({ place }: Happened): object | null {
    const moment = { shard: place.shard, no: Math.floor(place.no / partsOfEntry) };
    return renderObject({ ...this.#api(), renderers }, { type: "event", place }, moment);
  }
}
