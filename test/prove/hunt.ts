import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type EqualityOptions, compareWithModel } from "../model/equality.ts";
import { type Mutant, mutantName, mutantsOf } from "./mutants.ts";
import { survivors } from "./survivors.ts";

/** `load`: the library was refused. `model`: the model disagreed. `argued`: it lives and survivors.ts says why it may. */
export type Fate = "load" | "model" | "argued" | "survived";

export type HuntOptions = Omit<EqualityOptions, "sources" | "compareEvery">;

/** The store's Lua sources, by file name. */
export function luaSources(directory: string): ReadonlyMap<string, string> {
  const names = readdirSync(directory).filter((name) => name.endsWith(".lua"));
  return new Map(names.sort().map((name) => [name, readFileSync(join(directory, name), "utf8")]));
}

export function allMutants(sources: ReadonlyMap<string, string>): Mutant[] {
  return [...sources].flatMap(([file, source]) => mutantsOf(file, source));
}

/** Runs the model against one mutant until they disagree, at most `operations` long. */
export async function hunt(mutant: Mutant, sources: ReadonlyMap<string, string>, options: HuntOptions): Promise<Fate> {
  const mutated = new Map(sources).set(mutant.file, mutant.source);
  // Often, because a run that has gone wrong silently is worth nothing more.
  const result = await compareWithModel({ ...options, compareEvery: 250, sources: mutated });
  if (result.kind === "not_loaded") return "load";
  if (result.kind === "different") return "model";
  return survivors.some((argued) => mutantName(argued) === mutantName(mutant)) ? "argued" : "survived";
}
