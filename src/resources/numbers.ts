import type { ObjectType } from "../store/entry.ts";

/** Tells the highest number of a type that a shard has given out, the journal's tail included. */
type HighestNumber = (type: ObjectType, shard: number) => Promise<number>;

/**
 * Hands out the numbers of a shard's objects. Only the first one of a type asks what was given out before; a commit that
 * finds a number taken nevertheless asks for the next.
 */
export class Numbers {
  readonly #last = new Map<string, number>();
  readonly #highest: HighestNumber;

  constructor(highest: HighestNumber) {
    this.#highest = highest;
  }

  async next(type: ObjectType, shard: number): Promise<number> {
    const key = `${type} ${shard}`;
    const known = this.#last.get(key) ?? (await this.#highest(type, shard));
    // Of many that asked at once, each goes on from where the one before it has got to.
    const no = Math.max(known, this.#last.get(key) ?? 0) + 1;
    this.#last.set(key, no);
    return no;
  }
}
