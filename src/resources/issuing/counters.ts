import { type CounterName, intervalLetters, intervalOf, windowOf, windowStart } from "../../ledger/limits.ts";
import { merchantCategories } from "../../../specs/merchant-categories.ts";
import { MerchantCategoryIndex } from "../../kernel/merchant-category.ts";
import type { WaitingCounter } from "../../records/rows.ts";
import { backfill } from "../../store/backfill.ts";
import type { CommitStep } from "../../store/commit.ts";
import type { NewCounter } from "../../store/entry-part.ts";
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
    steps.push({ do: "count", key: owner.key, ...newCounter(owner, counter) });
  }
  return { steps, added };
}

/** Fills what a commit has added. The API answers after this. */
export async function fillCounters(
  program: Program,
  owner: CounterOwner,
  added: readonly CounterName[],
  commit: { readonly journalNo: number; readonly businessMs: number },
): Promise<void> {
  const { shard, account } = owner;
  const { journalNo: asOf, businessMs } = commit;
  for (const counter of added) {
    await fillCounter(program, { ...newCounter(owner, counter), shard, account, asOf, businessMs });
  }
}

/**
 * The second step of a new limit: what was spent in its window before it existed, so that a limit added mid-window counts
 * what was already spent (rules: Limits). Once only, however often it is called; throws `store_down` where it could not
 * be done yet.
 */
export async function fillCounter(program: Program, waiting: WaitingCounter): Promise<void> {
  const { shard, account, chain, cardholder, field, asOf } = waiting;
  const interval = intervalOf(waiting.interval);
  const window = windowOf(interval, Math.floor(waiting.businessMs / 1000));
  const spent = await program.reader.charged({
    shard,
    counted: cardholder === 0 ? { chain } : { cardholder },
    mccs: waiting.categories === null ? null : mccsOf(waiting.categories),
    fromS: windowStart(interval, window),
    untilS: interval === "all_time" ? endOfTimeS : windowStart(interval, window + 1),
    asOfNo: asOf,
  });
  const { clock, committer } = program;
  const times = { wallMs: clock.wallNow(), businessMs: clock.businessNow() };
  const isDone = await backfill(committer, { shard, account, chain, cardholder, field, asOf, window, spent, ...times });
  if (!isDone) throw new ProgramError("store_down", "the limit is set, but its past could not be counted yet");
}

function newCounter(owner: CounterOwner, { interval, setNumber, categories: counted }: CounterName): NewCounter {
  const letter = intervalLetters[interval];
  return {
    chain: owner.chain,
    cardholder: owner.cardholder,
    field: owner.fieldOf(letter, setNumber),
    interval: letter,
    categories: counted,
  };
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
