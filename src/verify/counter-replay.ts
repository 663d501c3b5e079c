import { merchantCategories } from "../../specs/merchant-categories.ts";
import { MerchantCategoryIndex } from "../kernel/merchant-category.ts";
import { type CounterName, intervalLetters, windowOf } from "../ledger/limits.ts";
import { fields } from "../store/keys.ts";
import type { PackedCounter } from "../store/packed-state.ts";
import type { ProgramState } from "./program-state.ts";
import type { RedisShard } from "./redis-shard.ts";
import type { ShardFindings } from "./violations.ts";

/** An amount on its way into or out of the counters. */
export interface Charge {
  /** Journal number of the entry that charges or gives back. */
  readonly no: number;
  readonly account: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly mcc: number;
  /** Business second at which the hold was charged: a release goes back to that window. */
  readonly chargedS: number;
  /** Negative for a release. */
  readonly amount: bigint;
}

/** Counters that still wait for the second step of their limit, by the commit that made them. */
export interface WaitingCounters {
  has(asOf: number, field: string): boolean;
}

interface Counter {
  readonly name: CounterName;
  readonly categories: ReadonlySet<string> | null;
  readonly field: string;
  readonly found: PackedCounter | null;
  readonly window: number;
  spent: bigint;
  newestWindow: number;
}

const categories = new MerchantCategoryIndex(merchantCategories);

/** Sums up what the windows that Redis counts in were charged, and compares (rules: Limits). */
export class CounterReplay {
  readonly #findings: ShardFindings;
  readonly #program: ProgramState;
  readonly #redis: RedisShard;
  readonly #chains = new Map<number, readonly Counter[]>();
  readonly #holders = new Map<number, readonly Counter[]>();

  constructor(parts: { findings: ShardFindings; program: ProgramState; redis: RedisShard }) {
    this.#findings = parts.findings;
    this.#program = parts.program;
    this.#redis = parts.redis;
  }

  count(charge: Charge): void {
    const category = categories.categoryOf(String(charge.mcc).padStart(4, "0"));
    countIn(this.#countersOfChain(charge.chain, charge.account), charge, category);
    countIn(this.#countersOfHolder(charge.cardholder, charge.account), charge, category);
  }

  finish(waiting: WaitingCounters): void {
    for (const [chain, { counters }] of this.#redis.chains) if (counters.size > 0) this.#countersOfChain(chain, 0);
    for (const [chain, counters] of this.#chains) {
      const owner = `card chain ${this.#findings.name("ic", chain)}`;
      this.#compare(owner, counters, waiting);
      const found = this.#redis.chains.get(chain)?.counters ?? new Map<string, PackedCounter>();
      for (const field of found.keys())
        if (!counters.some((counter) => counter.field === field)) this.#extra(owner, field);
    }
    const expected = new Set<string>();
    for (const [cardholder, { account }] of this.#program.holders) {
      const counters = this.#countersOfHolder(cardholder, account);
      this.#compare(`cardholder ${this.#findings.name("ich", cardholder)}`, counters, waiting);
      for (const counter of counters) expected.add(`${account} ${counter.field}`);
    }
    for (const [account, { counters }] of this.#redis.accounts) {
      for (const field of counters.keys()) {
        if (!expected.has(`${account} ${field}`)) this.#extra(`account ${this.#findings.name("acct", account)}`, field);
      }
    }
  }

  #compare(owner: string, counters: readonly Counter[], waiting: WaitingCounters): void {
    for (const counter of counters) {
      const entity = `counter ${counter.field} of ${owner}`;
      const waitsFor = counter.found?.waitsFor ?? null;
      if (waitsFor !== null && !waiting.has(waitsFor, counter.field)) {
        const expected = "what was spent before its limit, or a record that it is missing";
        this.#findings.add("counter", "I7", { entity, expected, found: "a counter that waits for ever" });
      }
      const found = counter.found?.spent ?? 0n;
      this.#findings.compare("counter", "I7", { entity, expected: counter.spent, found });
      if (counter.newestWindow <= counter.window) continue;
      const expected = `window ${counter.newestWindow}`;
      this.#findings.add("counter", "I7", { entity, expected, found: `window ${counter.window}` });
    }
  }

  #extra(owner: string, field: string): void {
    const entity = `counter ${field} of ${owner}`;
    this.#findings.add("counter", "I7", {
      entity,
      expected: "no counter, as there is no such limit",
      found: "a counter",
    });
  }

  #countersOfChain(chain: number, account: number): readonly Counter[] {
    const known = this.#chains.get(chain);
    if (known !== undefined) return known;
    const found = this.#redis.chains.get(chain)?.counters;
    const counters = this.#program
      .countersOfChain(chain)
      .map((name) =>
        this.#counter(name, fields.chainCounter(intervalLetters[name.interval], name.setNumber), account, found),
      );
    this.#chains.set(chain, counters);
    return counters;
  }

  #countersOfHolder(cardholder: number, account: number): readonly Counter[] {
    const known = this.#holders.get(cardholder);
    if (known !== undefined) return known;
    const found = this.#redis.accounts.get(account)?.counters;
    const counters = this.#program.countersOfHolder(cardholder).map((name) => {
      const field = fields.holderCounter(cardholder, intervalLetters[name.interval], name.setNumber);
      return this.#counter(name, field, account, found);
    });
    this.#holders.set(cardholder, counters);
    return counters;
  }

  // Where Redis has no counter, the present window has to be empty.
  #counter(
    name: CounterName,
    field: string,
    account: number,
    all: ReadonlyMap<string, PackedCounter> | undefined,
  ): Counter {
    const found = all?.get(field) ?? null;
    const nowS = Math.floor((this.#redis.accounts.get(account)?.head?.businessMs ?? 0) / 1000);
    const window = found?.window ?? windowOf(name.interval, nowS);
    const set = name.categories === null ? null : new Set(name.categories);
    return { name, categories: set, field, found, window, spent: 0n, newestWindow: 0 };
  }
}

function countIn(counters: readonly Counter[], charge: Charge, category: string): void {
  for (const counter of counters) {
    if (counter.categories !== null && !counter.categories.has(category)) continue;
    // While its past is missing, a counter knows only what came after the commit that made it.
    const waitsFor = counter.found?.waitsFor ?? null;
    if (waitsFor !== null && charge.no <= waitsFor) continue;
    const window = windowOf(counter.name.interval, charge.chargedS);
    if (window === counter.window) counter.spent += charge.amount;
    if (charge.amount > 0n) counter.newestWindow = Math.max(counter.newestWindow, window);
  }
}
