import type { IdPrefix } from "../kernel/ids.ts";
import type { NameObject } from "./entity-name.ts";

/**
 * I1 every entry's postings sum to zero · I2 balances are what the entries left · I3 a hold for every approval and no
 * other · I4 a hold's state and remaining amount · I5 stored answers are the first answers · I6 numbers without gaps,
 * hashes, and state rebuilt from entries · I7 counters are what was charged and not given back · I8 no approval beyond
 * the funds · I12 time never goes back.
 */
export type Invariant = "I1" | "I2" | "I3" | "I4" | "I5" | "I6" | "I7" | "I8" | "I12";

export interface Violation {
  readonly invariant: Invariant;
  /** What is wrong, as a person would look it up. */
  readonly entity: string;
  readonly expected: string;
  readonly found: string;
}

/** From the smallest thing to the largest: what went wrong is seldom larger than the first that is named. */
export const sizes = {
  hold: 0,
  answer: 1,
  counter: 2,
  object: 3,
  entry: 4,
  row: 5,
  balance: 6,
  account: 7,
  journal: 8,
  ledger: 9,
} as const;
export type Size = keyof typeof sizes;

/** Counts every violation and keeps the smallest ones. */
export class ViolationList {
  readonly #keptMax: number;
  readonly #kept: Violation[][] = Object.keys(sizes).map(() => []);
  #count = 0;

  constructor(keptMax: number) {
    this.#keptMax = keptMax;
  }

  get count(): number {
    return this.#count;
  }

  add(size: Size, violation: Violation): void {
    this.#count++;
    const kept = this.#kept[sizes[size]];
    if (kept !== undefined && kept.length < this.#keptMax) kept.push(violation);
  }

  /** The smallest first. */
  smallest(): Violation[] {
    return this.#kept.flat().slice(0, this.#keptMax);
  }
}

/** Where the parts of a shard's check put what they find. */
export class ShardFindings {
  readonly shard: number;
  readonly #list: ViolationList;
  readonly #name: NameObject;

  constructor(shard: number, parts: { list: ViolationList; name: NameObject }) {
    this.shard = shard;
    this.#list = parts.list;
    this.#name = parts.name;
  }

  name(prefix: IdPrefix, no: number): string {
    return this.#name(prefix, this.shard, no);
  }

  entry(no: number): string {
    return `entry ${no} of shard ${this.shard}`;
  }

  add(size: Size, invariant: Invariant, finding: { entity: string; expected: unknown; found: unknown }): void {
    const { entity, expected, found } = finding;
    this.#list.add(size, { invariant, entity, expected: String(expected), found: String(found) });
  }

  /** Adds a finding where the two differ. */
  compare(size: Size, invariant: Invariant, finding: { entity: string; expected: unknown; found: unknown }): boolean {
    if (finding.expected === finding.found) return true;
    this.add(size, invariant, finding);
    return false;
  }
}
