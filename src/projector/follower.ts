import type { Records } from "../records/database.ts";
import { RecordsQueries } from "../records/queries.ts";
import { RecordsWriter } from "../records/writer.ts";
import { type Redis, createClient } from "../store/client.ts";
import { type RawEntry, lastNumbers, readJournal, readJournals, trimJournals } from "../store/journal.ts";
import { Keyspace } from "../store/keys.ts";
import { type PurgeDue, Projection } from "./projection.ts";
import { ProjectorStop, RedisAway } from "./projector-error.ts";
import type { ThreadSettings } from "./thread-messages.ts";
import type { PlacedEntry } from "./told-entries.ts";

const comparedPerTrip = 1_000;

interface FollowerParts {
  readonly settings: ThreadSettings;
  readonly records: Records;
  /** Before they are recorded: the entries of each shard that follow what is. */
  readonly onRead: (journals: readonly (readonly RawEntry[])[]) => void;
  /** After each commit: the last recorded number of every shard. */
  readonly onPassed: (recorded: readonly PlacedEntry[]) => void;
  readonly onDue: (dues: readonly PurgeDue[]) => void;
  readonly onStage: OnStage | null;
}

/** Told where it stands, for tests that let the process die there. */
export type OnStage = (stage: "before_commit" | "after_commit_before_trim") => void;

/**
 * Copies what stands in the journals into the records, shard by shard in order, and trims a journal only behind a
 * commit that is durable. A crash between the two leaves entries that are skipped and trimmed at the next start.
 */
export class JournalFollower {
  readonly #parts: FollowerParts;
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;
  readonly #queries: RecordsQueries;
  readonly #writer: RecordsWriter;
  readonly #projection: Projection;
  readonly #passed: number[];
  readonly #committed: number[];
  readonly #trimmed: number[];
  #busyShards: number;
  #mustCompareEnds = true;

  constructor(parts: FollowerParts) {
    const { settings, records } = parts;
    const queries = new RecordsQueries(records);
    this.#parts = parts;
    this.#keyspace = new Keyspace(settings.namespace, settings.shardCount);
    this.#queries = queries;
    this.#writer = new RecordsWriter(records);
    const { retention, holdExpiry } = settings;
    this.#projection = new Projection({ writer: this.#writer, queries, retention, holdExpiry });
    this.#passed = Array.from({ length: settings.shardCount }, (_, shard) => queries.checkpoint(shard));
    // What was recorded before may have been commits.
    this.#committed = [...this.#passed];
    this.#trimmed = this.#passed.map(() => 0);
    this.#busyShards = settings.shardCount;
    this.#redis = createClient(settings.redis);
    // A Redis that came back may have forgotten what it had not written down.
    this.#redis.on("ready", () => {
      this.#mustCompareEnds = true;
    });
  }

  get passed(): readonly number[] {
    return this.#passed;
  }

  /** Of every shard, a number behind which no commit was recorded. */
  get committed(): readonly number[] {
    return this.#committed;
  }

  lastNumbers(): Promise<number[]> {
    return lastNumbers(this.#redis, this.#keyspace);
  }

  /** Copies up to one batch of every shard; tells how many entries. Rejects with RedisAway or ProjectorStop. */
  async round(): Promise<number> {
    if (this.#mustCompareEnds) await this.#compareEnds();
    const { batchEntriesMax } = this.#parts.settings.limits;
    // The shards that have more than they may share the batch: one that is busy alone gets all of it.
    const entriesMax = Math.max(1, Math.floor(batchEntriesMax / this.#busyShards));
    const journals = await reach(readJournals(this.#redis, this.#keyspace, { after: this.#passed, entriesMax }));
    this.#busyShards = Math.max(1, journals.filter((entries) => entries.length === entriesMax).length);
    const found = journals.reduce((sum, entries) => sum + entries.length, 0);
    if (found > 0) {
      this.#parts.onRead(journals);
      this.#project(journals);
    }
    return found;
  }

  /** Forgets in Redis what is recorded, where enough of it has gathered; `isQuiet`: all of it. Rejects with RedisAway. */
  async trim(isQuiet: boolean): Promise<void> {
    const most = isQuiet ? 0 : this.#parts.settings.limits.untrimmedMax;
    const upTo: { shard: number; no: number }[] = [];
    for (const [shard, no] of this.#passed.entries()) {
      if (no - (this.#trimmed[shard] ?? 0) > most) upTo.push({ shard, no });
    }
    if (upTo.length === 0) return;
    this.#parts.onStage?.("after_commit_before_trim");
    await reach(trimJournals(this.#redis, this.#keyspace, upTo));
    for (const { shard, no } of upTo) this.#trimmed[shard] = no;
  }

  close(): void {
    this.#redis.disconnect();
  }

  // After a loss Redis may count on from an older number: then it ends earlier, or holds other entries under numbers
  // that are recorded. What is lost can no longer have been trimmed, so those are still there to be compared.
  async #compareEnds(): Promise<void> {
    const ends = await reach(this.lastNumbers());
    for (const [shard, no] of this.#passed.entries()) {
      const end = ends[shard] ?? 0;
      if (end < no) throw lost({ shard, no }, `shard ${shard} ends at ${end}, records at ${no}`);
      await this.#compareUntrimmed(shard, no);
    }
    this.#mustCompareEnds = false;
  }

  async #compareUntrimmed(shard: number, end: number): Promise<void> {
    for (let after = 0; after < end; ) {
      const read = { shard, after, entriesMax: comparedPerTrip };
      const entries = await reach(readJournal(this.#redis, this.#keyspace, read));
      for (const { no, bytes } of entries) {
        if (no > end) return;
        const recorded = this.#queries.entryBytes({ shard, no });
        if (recorded !== null && Buffer.compare(recorded, bytes) === 0) continue;
        throw lost({ shard, no }, `entry ${no} of shard ${shard} is not the one that is recorded`);
      }
      const last = entries.at(-1);
      if (last === undefined) return;
      after = last.no;
    }
  }

  #project(journals: readonly (readonly RawEntry[])[]): void {
    const { batchBytesMax, batchEntriesMax } = this.#parts.settings.limits;
    const cursor = { shard: 0, index: 0 };
    while (cursor.shard < journals.length) {
      const passed = [...this.#passed];
      let dues: readonly PurgeDue[] = [];
      const recorded: PlacedEntry[] = [];
      this.#writer.transaction(() => {
        let [bytes, entries] = [0, 0];
        while (cursor.shard < journals.length && bytes < batchBytesMax && entries < batchEntriesMax) {
          const entry = journals[cursor.shard]?.[cursor.index];
          if (entry === undefined) {
            cursor.shard++;
            cursor.index = 0;
            continue;
          }
          this.#apply(cursor.shard, entry, passed);
          recorded.push({ place: { shard: cursor.shard, no: entry.no }, bytes: entry.bytes });
          bytes += entry.bytes.length;
          entries++;
          cursor.index++;
        }
        for (const [shard, no] of passed.entries()) {
          if (no !== this.#passed[shard]) this.#writer.checkpoint(shard, no);
        }
        dues = this.#projection.flush();
        this.#parts.onStage?.("before_commit");
      });
      for (const [shard, no] of passed.entries()) this.#passed[shard] = no;
      this.#parts.onDue(dues);
      this.#parts.onPassed(recorded);
    }
  }

  #apply(shard: number, entry: RawEntry, passed: number[]): void {
    const expected = (passed[shard] ?? 0) + 1;
    if (entry.no !== expected) {
      const message = `a gap in the journal of shard ${shard}: entry ${expected} is missing, ${entry.no} follows`;
      throw new ProjectorStop("journal_gap", { shard, no: expected }, message);
    }
    const kind = this.#projection.apply({ shard, no: entry.no }, entry.bytes);
    if (kind === "commit") this.#committed[shard] = entry.no;
    passed[shard] = entry.no;
  }
}

function lost(place: { shard: number; no: number }, what: string): ProjectorStop {
  return new ProjectorStop("entries_lost", place, `Redis has lost entries that records hold: ${what}`);
}

// Everything else that goes wrong ends the following; that Redis is away does not.
async function reach<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new RedisAway(error instanceof Error ? error.message : String(error));
  }
}
