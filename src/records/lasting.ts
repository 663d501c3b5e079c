/** Keeps what never changes once it is there, up to so many: with the next one all are forgotten. */
export class Lasting<Key, Value> {
  readonly #kept = new Map<Key, Value>();
  readonly #keptMax: number;

  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  /** What is not there is asked for again each time. */
  find(key: Key, read: () => Value | null): Value | null {
    const known = this.#kept.get(key);
    if (known !== undefined) return known;
    const value = read();
    if (value !== null) this.keep(key, value);
    return value;
  }

  forget(key: Key): void {
    this.#kept.delete(key);
  }

  keep(key: Key, value: Value): void {
    if (this.#kept.size >= this.#keptMax) this.#kept.clear();
    this.#kept.set(key, value);
  }
}
