import type { Random } from "../../src/kernel/random.ts";
import { type Interval, windowStart } from "../../simulators/model/windows.ts";
import type { Times } from "./operations.ts";

const secondMs = 1_000;
const hourMs = 3_600 * secondMs;
const dayMs = 24 * hourMs;

/**
 * Time in a run: mostly seconds between messages, sometimes a step over the edge of a window or past a retention.
 * Business and wall time part, as they do when somebody advances the clock.
 */
export class RunClock {
  readonly #random: Random;
  #wallMs: number;
  #businessMs: number;

  constructor(random: Random) {
    this.#random = random;
    // Runs begin anywhere within four years, so that leap days and weeks over a new year come by.
    this.#wallMs = Date.UTC(2024, 0, 1) + random.integer(4 * 365) * dayMs;
    this.#businessMs = this.#wallMs;
  }

  tick(): void {
    this.#pass(this.#random.integer(40) * secondMs, true);
    const chance = this.#random.integer(1_000);
    if (chance < 14) this.#pass(this.#jumpMs(), this.#random.integer(10) < 7);
    else if (chance < 20) this.#wallMs += this.#someHours([1, 6, 24, 24, 48]);
  }

  now(): Times {
    return { wallNowMs: this.#wallMs, businessNowMs: this.#businessMs };
  }

  /** The times of a message, which now and then is older than one that came before it. */
  ofMessage(): Times {
    const isOld = this.#random.integer(20) === 0;
    const ageMs = isOld ? this.#random.integer(30 * 3_600) * secondMs : 0;
    return { wallNowMs: this.#wallMs, businessNowMs: this.#businessMs - ageMs };
  }

  get businessMs(): number {
    return this.#businessMs;
  }

  /** Wall time goes on to an instant at which something may be forgotten; false: it has passed already. */
  wallTo(ms: number): boolean {
    if (ms < this.#wallMs) return false;
    this.#wallMs = ms;
    return true;
  }

  #jumpMs(): number {
    const kind = this.#random.integer(100);
    if (kind < 30) return this.#toEdge("daily");
    if (kind < 36) return this.#toEdge("weekly");
    if (kind < 48) return this.#toEdge("monthly");
    if (kind < 50) return this.#toEdge("yearly");
    if (kind < 65) return this.#someHours([1, 3, 6, 12]);
    if (kind < 90) return this.#someHours([24, 47, 48]);
    return (kind < 98 ? 7 : this.#random.integer(60)) * dayMs;
  }

  /** To the first instant of the next window, or to the last second before it. */
  #toEdge(interval: Interval): number {
    const start = windowStart(interval, this.#businessMs);
    let next = start + dayMs;
    while (windowStart(interval, next) === start) next += dayMs;
    return next - this.#businessMs - this.#random.integer(2) * secondMs;
  }

  #someHours(choices: readonly number[]): number {
    return (choices[this.#random.integer(choices.length)] ?? 1) * hourMs;
  }

  #pass(ms: number, alsoOnTheWall: boolean): void {
    this.#businessMs += ms;
    if (alsoOnTheWall) this.#wallMs += ms;
  }
}
