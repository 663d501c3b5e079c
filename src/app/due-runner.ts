import type { Clock } from "../kernel/clock.ts";
import type { Projector } from "../projector/projector.ts";
import { type Retention, purge } from "../store/purge.ts";
import type { Committer } from "../store/commit.ts";

export interface DueRunnerParts {
  readonly projector: Projector;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly retention: Retention;
  /** The second step of limits that still wait for it. */
  readonly fillCounters: () => Promise<unknown>;
  readonly limits: { readonly dueEveryMs: number; readonly dueChainsMax: number };
}

/** Redis did not answer: the chain is looked at again after this. */
const retryMs = 5_000;

/**
 * Runs what falls due: the forgetting of old answers, which the records schedule and `purge` carries out, and what a crash
 * has left half done.
 */
export class DueRunner {
  readonly #parts: DueRunnerParts;
  #timer: NodeJS.Timeout | null = null;
  #running: Promise<number> | null = null;
  #isClosed = false;
  #forgotten = 0;

  constructor(parts: DueRunnerParts) {
    this.#parts = parts;
  }

  /** Answers that were forgotten since the start. */
  get forgotten(): number {
    return this.#forgotten;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      void this.run().then(() => {
        if (!this.#isClosed) this.start();
      });
    }, this.#parts.limits.dueEveryMs);
  }

  /** Runs everything that is due now, the earliest first; resolves to the number of answers forgotten. */
  run(): Promise<number> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  async #runAll(): Promise<number> {
    const { projector, clock, limits } = this.#parts;
    let forgotten = 0;
    await this.#parts.fillCounters();
    while (!this.#isClosed) {
      const due = await projector.takeDue(clock.wallNow(), limits.dueChainsMax);
      const settled = [];
      for (const chain of due) {
        const done = await this.#purge(chain);
        forgotten += done.forgotten;
        settled.push({ ...chain, nextDueWallMs: done.nextDueWallMs });
      }
      if (due.length > 0) await projector.settleDue(settled);
      if (due.length < limits.dueChainsMax) break;
    }
    this.#forgotten += forgotten;
    return forgotten;
  }

  async #purge(chain: { shard: number; chain: number }): Promise<{ forgotten: number; nextDueWallMs: number | null }> {
    const { committer, clock, retention } = this.#parts;
    let forgotten = 0;
    for (;;) {
      const wallMs = clock.wallNow();
      const purged = await purge(committer, chain, retention, wallMs);
      if (purged === null) return { forgotten, nextDueWallMs: wallMs + retryMs };
      forgotten += purged.forgotten;
      if (purged.nextDueMs === 0) return { forgotten, nextDueWallMs: null };
      // One call is bounded, so what is still due is taken by the next.
      if (purged.forgotten === 0 || purged.nextDueMs > wallMs) return { forgotten, nextDueWallMs: purged.nextDueMs };
    }
  }
}
