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
  /** Ends the holds that are due, and tells how many; asks now and then whether it is to stop. */
  readonly expireHolds: (isOver: () => boolean) => Promise<number>;
  /** Ends the questions to endpoints whose time is over. */
  readonly endQuestions: () => Promise<unknown>;
  /** Lets happen what is due of objects, such as a payout that arrives. */
  readonly runObjects: (isOver: () => boolean) => Promise<unknown>;
  readonly limits: { readonly dueEveryMs: number; readonly dueChainsMax: number };
}

/** Redis did not answer: the chain is looked at again after this. */
const retryMs = 5_000;

/**
 * Runs what falls due: the end of holds by business time, the forgetting of old answers by wall time, both of which the
 * records schedule, and what a crash has left half done.
 */
export class DueRunner {
  readonly #parts: DueRunnerParts;
  #timer: NodeJS.Timeout | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #forgotten = 0;
  #expired = 0;

  constructor(parts: DueRunnerParts) {
    this.#parts = parts;
  }

  /** Answers that were forgotten since the start. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Holds that have expired since the start. */
  get expired(): number {
    return this.#expired;
  }

  start(): void {
    this.#timer = setTimeout(() => {
      void this.run().then(() => {
        if (!this.#isClosed) this.start();
      });
    }, this.#parts.limits.dueEveryMs);
  }

  /**
   * Runs everything that is due at the call, the earliest first; resolves to the number of answers forgotten. Waits for a
   * run that is under way and then looks again: that one may have read the clock before it was moved.
   */
  run(): Promise<number> {
    const run = this.#last.then(() => this.#runAll());
    this.#last = run.catch(() => undefined);
    return run;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#last;
  }

  async #runAll(): Promise<number> {
    if (this.#isClosed) return 0;
    await this.#parts.fillCounters();
    await this.#parts.endQuestions();
    await this.#parts.runObjects(() => this.#isClosed);
    this.#expired += await this.#parts.expireHolds(() => this.#isClosed);
    return this.#forget();
  }

  async #forget(): Promise<number> {
    const { projector, clock, limits } = this.#parts;
    let forgotten = 0;
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
