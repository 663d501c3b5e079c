import { conversionRates } from "../../specs/conversion-rates.ts";
import { currencies } from "../../specs/currencies.ts";
import { merchantCategories } from "../../specs/merchant-categories.ts";
import { must } from "../../src/kernel/assert.ts";
import { isoTime } from "../../src/kernel/clock.ts";
import { currenciesByNumber } from "../../src/kernel/currency.ts";
import { MerchantCategoryIndex } from "../../src/kernel/merchant-category.ts";
import { Model } from "../../simulators/model/model.ts";
import { Coverage } from "./coverage.ts";
import { OperationSource } from "./operation-source.ts";
import type { Operation } from "./operations.ts";
import { type Mismatch, runSideBySide } from "./run.ts";
import { shorten } from "./shorten.ts";
import type { SubjectFactory } from "./subject.ts";

export interface EqualityOptions {
  readonly seed: number;
  readonly operations: number;
  readonly compareEvery: number;
  readonly createSubject: SubjectFactory;
  /** Text of Lua files to be used instead of the store's own; null: as they are. */
  readonly sources: ReadonlyMap<string, string> | null;
  readonly signal?: AbortSignal;
}

export type EqualityResult =
  | { readonly kind: "equal"; readonly coverage: Coverage }
  | { readonly kind: "different"; readonly mismatch: Mismatch; readonly operations: readonly Operation[] }
  | { readonly kind: "not_loaded" };

const categories = new MerchantCategoryIndex(merchantCategories);
const currencyOf = currenciesByNumber(currencies);

/** Runs seeded operations on the model and on a fresh subject until they disagree or the run is over. */
export async function compareWithModel(options: EqualityOptions): Promise<EqualityResult> {
  const subject = await options.createSubject(options.sources);
  if (subject === null) return { kind: "not_loaded" };
  const model = newModel();
  const coverage = new Coverage();
  const source = new OperationSource(options.seed, options.operations, model);
  const operations: Operation[] = [];
  try {
    const mismatch = await runSideBySide({
      model,
      subject,
      compareEvery: options.compareEvery,
      signal: options.signal,
      next: () => {
        const operation = source.next();
        if (operation !== null) operations.push(operation);
        return operation;
      },
      learn: (operation, opinion) => {
        source.learn(operation, opinion);
        coverage.count(operation, opinion);
      },
    });
    return mismatch === null ? { kind: "equal", coverage } : { kind: "different", mismatch, operations };
  } finally {
    await subject.close();
  }
}

/** What a person needs to see a disagreement again: the seed, the difference, and the fewest operations that show it. */
export async function explain(
  options: EqualityOptions,
  found: Extract<EqualityResult, { kind: "different" }>,
): Promise<string> {
  const shortest = await shorten(found, (operations) => mismatchOf(options, operations));
  if (shortest === null)
    return `${sayDifference(options, found)}\nnot seen again when the same operations were run again`;
  const list = shortest.operations.map((operation) => sayOperation(operation));
  return [sayDifference(options, found), `shown by ${list.length} operations: ${shortest.mismatch.what}`, ...list].join(
    "\n",
  );
}

export function sayDifference({ seed }: EqualityOptions, { mismatch }: { readonly mismatch: Mismatch }): string {
  return `seed ${seed}, operation ${mismatch.at}: ${mismatch.what}`;
}

export function newModel(): Model {
  return new Model({
    categoryOf: (mcc) => categories.categoryOf(mcc),
    decimalsOf: (currency) => must(currencyOf.get(currency), "a currency of the table").decimals,
    rateAt,
  });
}

/** The newest rate of the table that holds on the UTC day of a business time. */
function rateAt(businessMs: number, from: number, to: number): string | null {
  const day = isoTime(businessMs).slice(0, 10);
  const pair = conversionRates.filter(
    (rate) => numberOf(rate.from) === from && numberOf(rate.to) === to && rate.day <= day,
  );
  return pair.toSorted((a, b) => (a.day < b.day ? 1 : -1))[0]?.rate ?? null;
}

function numberOf(code: string): number {
  return must(
    currencies.find((currency) => currency.code === code),
    "a currency of the table",
  ).number;
}

async function mismatchOf(options: EqualityOptions, operations: readonly Operation[]): Promise<Mismatch | null> {
  const subject = must(await options.createSubject(options.sources), "a subject that was there before");
  let at = 0;
  try {
    // State is compared only at the end, where the shortened list is to show the difference.
    const compareEvery = operations.length + 1;
    return await runSideBySide({ model: newModel(), subject, compareEvery, next: () => operations[at++] ?? null });
  } finally {
    await subject.close();
  }
}

function sayOperation(operation: Operation): string {
  const text = JSON.stringify(operation, (_key, value: unknown) => {
    if (Array.isArray(value) && value.length === 0) return undefined;
    return typeof value === "bigint" ? String(value) : (value ?? undefined);
  });
  return text.replaceAll('"', "");
}
