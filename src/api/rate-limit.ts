/** Lets so many requests a second through for each key, and as many at once: a bucket that fills evenly. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, { left: number; atMs: number }>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** False where the key has to wait. `nowMs` never goes back. */
  admits(key: string, nowMs: number): boolean {
    const bucket = this.#buckets.get(key) ?? { left: this.#perSecond, atMs: nowMs };
    const filled = bucket.left + ((nowMs - bucket.atMs) * this.#perSecond) / 1000;
    const left = Math.min(this.#perSecond, filled);
    const isAdmitted = left >= 1;
    this.#buckets.set(key, { left: isAdmitted ? left - 1 : left, atMs: nowMs });
    return isAdmitted;
  }
}
