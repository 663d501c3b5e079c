import { Coverage } from "./coverage.ts";
import { type EqualityOptions, compareWithModel, explain, sayDifference } from "./equality.ts";
import type { SubjectFactory } from "./subject.ts";

export interface ProofOptions {
  readonly firstSeed: number;
  /** Each run begins anew with the next seed. */
  readonly runs: number;
  readonly operationsPerRun: number;
  readonly createSubject: SubjectFactory;
  /** Told of a difference before it is shortened, which takes its time. */
  readonly onDifference?: (sentence: string) => void;
}

/** Runs that must all agree; throws an explanation of the first that does not. */
export async function proveEquality(options: ProofOptions): Promise<Coverage> {
  const coverage = new Coverage();
  for (let run = 0; run < options.runs; run++) {
    const seed = options.firstSeed + run;
    const equality: EqualityOptions = {
      seed,
      operations: options.operationsPerRun,
      compareEvery: 500,
      createSubject: options.createSubject,
      sources: null,
    };
    const result = await compareWithModel(equality);
    if (result.kind === "not_loaded") throw new Error("the store's functions were not loaded");
    if (result.kind === "different") {
      options.onDifference?.(sayDifference(equality, result));
      throw new Error(await explain(equality, result));
    }
    coverage.merge(result.coverage.counts());
  }
  return coverage;
}

/** Hits that every cell must have for so many operations: fewer prove too little of it. */
export function leastHits(operations: number): number {
  return Math.floor(operations / 10_000);
}
