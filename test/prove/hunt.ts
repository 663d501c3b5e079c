import { type LuaFile, readLuaSources } from "../../src/store/library.ts";
import { type EqualityOptions, compareWithModel } from "../model/equality.ts";
import { type Mutant, mutantName, mutantsOf } from "./mutants.ts";
import { survivors } from "./survivors.ts";

/** `load`: the library was refused. `model`: the model disagreed. `argued`: it lives and survivors.ts says why it may. */
export type Fate = "load" | "model" | "argued" | "survived";

export type HuntOptions = Omit<EqualityOptions, "sources" | "compareEvery">;

/** Every mutant of the store's Lua, in the order of its files. */
export function allMutants(sources: ReadonlyMap<LuaFile, string> = readLuaSources()): Mutant[] {
  return [...sources].flatMap(([file, source]) => mutantsOf(file, source));
}

/** Runs the model against one mutant until they disagree, at most `operations` long. */
export async function hunt(mutant: Mutant, options: HuntOptions): Promise<Fate> {
  const sources = new Map<string, string>(readLuaSources()).set(mutant.file, mutant.source);
  // State is compared often: a run that has gone wrong silently needs no more operations.
  const result = await untilCrash((signal) => compareWithModel({ ...options, compareEvery: 250, sources, signal }));
  if (result.kind === "not_loaded") return "load";
  if (result.kind === "different") return "model";
  return isArgued(mutant) ? "argued" : "survived";
}

/** The original has to live, or the death of a mutant tells nothing. */
export async function isOriginalAlive(options: HuntOptions): Promise<boolean> {
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
