import { type LuaFile, readLuaSources } from "../../src/store/library.ts";
import { type EqualityOptions, compareWithModel } from "../model/equality.ts";
import { must } from "../../src/kernel/assert.ts";
import { allExamples, exampleGroups } from "../store/lua/all-examples.ts";
import { type FunctionExample, firstFailure } from "../store/lua/example.ts";
import type { RealSubjects } from "../support/real-subject.ts";
import { type Mutant, mutantName, mutantsOf } from "./mutants.ts";
import { survivors } from "./survivors.ts";

/**
 * `load`: the library was refused. `model`: the model disagreed. `example`: an example of a single function failed, in
 * a state that the model's runs do not come to. `argued`: it lives and survivors.ts says why it may.
 */
export type Fate = "load" | "model" | "example" | "argued" | "survived";

export interface HuntOptions extends Omit<EqualityOptions, "sources" | "compareEvery"> {
  readonly createGround: RealSubjects["createGround"];
}

/** Every mutant of the store's Lua, in the order of its files. */
export function allMutants(sources: ReadonlyMap<LuaFile, string> = readLuaSources()): Mutant[] {
  return [...sources].flatMap(([file, source]) => mutantsOf(file, source));
}

/** Runs the model against one mutant until they disagree, at most `operations` long, and then the examples. */
export async function hunt(mutant: Mutant, options: HuntOptions): Promise<Fate> {
  const sources = new Map<string, string>(readLuaSources()).set(mutant.file, mutant.source);
  // State is compared often: a run that has gone wrong silently needs no more operations.
  const result = await untilCrash((signal) => compareWithModel({ ...options, compareEvery: 250, sources, signal }));
  if (result.kind === "not_loaded") return "load";
  if (result.kind === "different") return "model";
  const ground = must(await options.createGround(sources), "a library that was loaded before");
  try {
    if ((await firstFailure(examplesFor(mutant), ground)) !== null) return "example";
  } finally {
    ground.close();
  }
  return isArgued(mutant) ? "argued" : "survived";
}

/** The original has to live, or the death of a mutant tells nothing. */
export async function isOriginalAlive(options: HuntOptions): Promise<boolean> {
  const ground = must(await options.createGround(null), "functions that Redis loads");
  const failure = await firstFailure(allExamples, ground);
  ground.close();
  if (failure !== null) return false;
  const result = await compareWithModel({ ...options, compareEvery: 250, sources: null });
  return result.kind === "equal";
}

export function isArgued(mutant: Mutant): boolean {
  return survivors.some((survivor) => mutantName(survivor) === mutantName(mutant));
}

/** Argued survivors whose line is no longer there: the argument has to go with it. */
export function staleArguments(mutants: readonly Mutant[]): string[] {
  const names = new Set(mutants.map(mutantName));
  return survivors.map(mutantName).filter((name) => !names.has(name));
}

/** Those of the changed file come first: most mutants die at once. */
function examplesFor({ file }: Mutant): readonly FunctionExample[] {
  const near = exampleGroups[file] ?? [];
  return [...near, ...allExamples.filter((example) => !near.includes(example))];
}

/** An answer that the authorizer takes for our own error ends its process: here it ends the run, as a difference. */
async function untilCrash<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const crash = new AbortController();
  const others = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", () => crash.abort());
  try {
    return await run(crash.signal);
  } finally {
    process.removeAllListeners("uncaughtException");
    for (const other of others) process.on("uncaughtException", other);
  }
}
