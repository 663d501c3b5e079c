import type { Random } from "../../src/kernel/random.ts";
import { windowStart } from "../../simulators/model/windows.ts";
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
  #wallMs = Date.UTC(2026, 0, 30, 22);
  #businessMs = Date.UTC(2026, 0, 30, 22);
  /** Messages may be older than the newest one, but not than the last change of the program. */
  #floorMs = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  tick(): void {
    this.#pass(this.#random.integer(40) * secondMs, true);
    const chance = this.#random.integer(1_000);
    if (chance < 14) this.#pass(this.#jumpMs(), this.#random.integer(10) < 7);
    else if (chance < 20) this.#wallMs += this.#someHours([1, 6, 24, 24, 48]);
  }

  now(): Times {
    this.#floorMs = this.#businessMs;
    return { wallNowMs: this.#wallMs, businessNowMs: this.#businessMs };
  }

  /** The times of a message, which now and then is older than one that came before it. */
  ofMessage(): Times {
    const isOld = this.#random.integer(20) === 0;
    const ageMs = isOld ? this.#random.integer(30 * 3_600) * secondMs : 0;
    return { wallNowMs: this.#wallMs, businessNowMs: Math.max(this.#floorMs, this.#businessMs - ageMs) };
  }

  get businessMs(): number {
    return this.#businessMs;
  }

  #jumpMs(): number {
    const kind = this.#random.integer(100);
    const midnightMs = windowStart("daily", this.#businessMs) + dayMs - this.#businessMs;
    if (kind < 20) return midnightMs;
    if (kind < 40) return Math.max(0, midnightMs - secondMs);
    if (kind < 60) return this.#someHours([1, 3, 6, 12]);
    if (kind < 85) return this.#someHours([24, 47, 48]);
    if (kind < 95) return 7 * dayMs;
    return kind < 99 ? 31 * dayMs : (59 + this.#random.integer(120)) * dayMs;
  }

  #someHours(choices: readonly number[]): number {
    return (choices[this.#random.integer(choices.length)] ?? 1) * hourMs;
  }

  #pass(ms: number, alsoOnTheWall: boolean): void {
    this.#businessMs += ms;
    if (alsoOnTheWall) this.#wallMs += ms;
  }
}
