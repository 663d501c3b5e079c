import { type CounterName, intervalLetters, windowOf, windowStart } from "../../ledger/limits.ts";
import { merchantCategories } from "../../../specs/merchant-categories.ts";
import { MerchantCategoryIndex } from "../../kernel/merchant-category.ts";
import { backfill } from "../../store/backfill.ts";
import type { CommitStep } from "../../store/commit.ts";
import { type Program, ProgramError } from "../program.ts";

// The last second that a date can name.
const endOfTimeS = 8_640_000_000_000;
const categories = new MerchantCategoryIndex(merchantCategories);

/** Whose counters: a chain of cards, or a cardholder with all cards. */
export interface CounterOwner {
  readonly shard: number;
  readonly account: number;
  readonly chain: number;
  /** 0: the chain's counters. */
  readonly cardholder: number;
  readonly key: string;
  readonly fieldOf: (interval: string, setNumber: number) => string;
}

export interface CounterChange {
  readonly steps: CommitStep[];
  readonly added: readonly CounterName[];
}

/** Counters that a change of limits makes and those that it ends. */
export function counterChange(
  owner: CounterOwner,
  before: readonly CounterName[],
  after: readonly CounterName[],
): CounterChange {
  const added = after.filter((counter) => !before.some((old) => isSame(old, counter)));
  const ended = before.filter((old) => !after.some((counter) => isSame(old, counter)));
  const steps: CommitStep[] = [];
  for (const counter of ended) steps.push({ do: "delete", key: owner.key, field: fieldOf(owner, counter) });
  for (const counter of added) {
    const interval = intervalLetters[counter.interval];
    steps.push({ do: "count", key: owner.key, field: fieldOf(owner, counter), interval });
  }
  return { steps, added };
}

/**
 * The second step of a new limit: what was spent in its window before it existed. The API answers after this, so that
 * a limit added mid-window counts what was already spent (rules: Limits).
 */
export async function fillCounters(
  program: Program,
  owner: CounterOwner,
  added: readonly CounterName[],
  commit: { readonly journalNo: number; readonly businessMs: number },
): Promise<void> {
  for (const counter of added) {
    const window = windowOf(counter.interval, Math.floor(commit.businessMs / 1000));
    const spent = await program.reader.charged({
      shard: owner.shard,
      counted: owner.cardholder === 0 ? { chain: owner.chain } : { cardholder: owner.cardholder },
      mccs: counter.categories === null ? null : mccsOf(counter.categories),
      fromS: windowStart(counter.interval, window),
      untilS: counter.interval === "all_time" ? endOfTimeS : windowStart(counter.interval, window + 1),
      asOfNo: commit.journalNo,
    });
    const isDone = await backfill(program.committer, {
      shard: owner.shard,
      account: owner.account,
      chain: owner.chain,
      cardholder: owner.cardholder,
      field: fieldOf(owner, counter),
      asOf: commit.journalNo,
      window,
      spent,
      wallMs: program.clock.wallNow(),
      businessMs: program.clock.businessNow(),
    });
    if (!isDone) throw new ProgramError("store_down", "the limit is set, but its past could not be counted yet");
  }
}

// Asked code by code, because a code that stands in no row counts as miscellaneous.
function mccsOf(slugs: readonly string[]): number[] {
  const wanted = new Set(slugs);
  const mccs: number[] = [];
  for (let mcc = 0; mcc < 10_000; mcc++) {
    if (wanted.has(categories.categoryOf(String(mcc).padStart(4, "0")))) mccs.push(mcc);
  }
  return mccs;
}

function fieldOf(owner: CounterOwner, counter: CounterName): string {
  return owner.fieldOf(intervalLetters[counter.interval], counter.setNumber);
}

function isSame(a: CounterName, b: CounterName): boolean {
  return a.interval === b.interval && a.setNumber === b.setNumber;
}
