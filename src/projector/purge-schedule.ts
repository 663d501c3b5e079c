import type { Records } from "../records/database.ts";
import type { RecordsWriter } from "../records/writer.ts";
import type { PurgeDue } from "./projection.ts";
import type { DuePurge, SettledPurge } from "./thread-messages.ts";

/**
 * Which chains are to be purged when. A chain is taken on lease, purged in Redis, and settled with the next due time
 * that the purge found; what was projected in between is remembered, since the purge cannot have seen all of it.
 */
export class PurgeSchedule {
  readonly #records: Records;
  readonly #writer: RecordsWriter;
  readonly #leaseMs: number;
  /** Chains on lease, and the earliest due time projected since. */
  readonly #taken = new Map<string, number | null>();

  constructor(parts: { records: Records; writer: RecordsWriter; leaseMs: number }) {
    this.#records = parts.records;
    this.#writer = parts.writer;
    this.#leaseMs = parts.leaseMs;
  }

  take(wallNowMs: number, chainsMax: number): DuePurge[] {
    const due = this.#records
      .prepare<DuePurge>("SELECT shard, chain FROM purges WHERE due_wall_ms <= ? ORDER BY due_wall_ms LIMIT ?")
      .all([wallNowMs, chainsMax]);
    if (due.length === 0) return due;
    this.#writer.transaction(() => {
      for (const { shard, chain } of due) this.#writer.settlePurge(shard, chain, wallNowMs + this.#leaseMs);
    });
    for (const { shard, chain } of due) this.#taken.set(`${shard}/${chain}`, null);
    return due;
  }

  settle(settled: readonly SettledPurge[]): void {
    this.#writer.transaction(() => {
      for (const { shard, chain, nextDueWallMs } of settled) {
        const since = this.#taken.get(`${shard}/${chain}`) ?? null;
        this.#writer.settlePurge(shard, chain, earlier(nextDueWallMs, since));
      }
    });
    for (const { shard, chain } of settled) this.#taken.delete(`${shard}/${chain}`);
  }

  noteProjected(dues: readonly PurgeDue[]): void {
    if (this.#taken.size === 0) return;
    for (const { shard, chain, dueWallMs } of dues) {
      const key = `${shard}/${chain}`;
      if (this.#taken.has(key)) this.#taken.set(key, earlier(this.#taken.get(key) ?? null, dueWallMs));
    }
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
