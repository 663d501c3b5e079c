import type { ObjectType } from "../store/entry.ts";

/** Hands out the numbers of a shard's objects; a commit that finds a number taken asks for the next one. */
export class Numbers {
  readonly #last = new Map<string, number>();
  readonly #highest: (type: ObjectType, shard: number) => number;

  /** `highest` tells the highest number that the records hold. */
  constructor(highest: (type: ObjectType, shard: number) => number) {
    this.#highest = highest;
  }

  next(type: ObjectType, shard: number): number {
    const key = `${type} ${shard}`;
    const no = (this.#last.get(key) ?? this.#highest(type, shard)) + 1;
    this.#last.set(key, no);
    return no;
  }
}
