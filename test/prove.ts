import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Coverage } from "./model/coverage.ts";
import { leastHits, proveEquality } from "./model/prove-equality.ts";
import { type Fate, allMutants, hunt, isOriginalAlive, staleArguments } from "./prove/hunt.ts";
import { mutantName } from "./prove/mutants.ts";
import { Progress } from "./prove/progress.ts";
import { RealSubjects } from "./support/real-subject.ts";

const operationsPerRun = 30_000;
const runs = 10;
const huntOperationsMax = 20_000;
const huntSeed = 11;

/** The long counts: `model` and `mutants`, or those that the arguments name. Stopped and started again, it goes on. */
async function main(steps: readonly string[]): Promise<number> {
  const progress = new Progress(fileURLToPath(new URL("../prove/progress.json", import.meta.url)), codeHash());
  const subjects = new RealSubjects();
  const isWanted = (step: string): boolean => steps.length === 0 || steps.includes(step);
  try {
    const isEqual = !isWanted("model") || (await proveModel(subjects, progress));
    const isTight = !isWanted("mutants") || (await proveMutants(subjects, progress));
    return isEqual && isTight ? 0 : 1;
  } finally {
    await subjects.close();
  }
}

async function proveModel(subjects: RealSubjects, progress: Progress): Promise<boolean> {
  const coverage = new Coverage();
  for (let seed = 1001; seed <= 1000 + runs; seed++) {
    const step = `model ${seed}`;
    const options = { firstSeed: seed, runs: 1, operationsPerRun, createSubject: subjects.create };
    const counts = countsOf(progress.get(step)) ?? (await proveEquality(options)).counts();
    progress.set(step, counts);
    coverage.merge(counts);
    say(`model: seed ${seed}, ${operationsPerRun} operations, no difference`);
  }
  const thin = coverage.thin(leastHits(runs * operationsPerRun));
  say(coverage.table());
  for (const cell of thin) say(`too seldom: ${cell}`);
  return thin.length === 0;
}

async function proveMutants(subjects: RealSubjects, progress: Progress): Promise<boolean> {
  const mutants = allMutants();
  const options = { seed: huntSeed, operations: huntOperationsMax, createSubject: subjects.create };
  if (!(await isOriginalAlive(options))) {
    say("mutants: the original itself disagrees with the model, so that no mutant's death would tell anything");
    return false;
  }
  const fates: Record<Fate, string[]> = { load: [], model: [], argued: [], survived: [] };
  for (const [i, mutant] of mutants.entries()) {
    const name = mutantName(mutant);
    const fate = fateOf(progress.get(name)) ?? (await hunt(mutant, options));
    progress.set(name, fate);
    fates[fate].push(`${mutant.file}:${mutant.line} ${mutant.change}: ${mutant.lineText}`);
    if (fate === "survived" || i % 25 === 24)
      say(`mutants: ${i + 1} of ${mutants.length}${fate === "survived" ? `, survived: ${name}` : ""}`);
  }
  const stale = staleArguments(mutants);
  for (const name of stale) say(`argued for, but not there: ${name}`);
  for (const name of fates.argued) say(`lives, as argued: ${name}`);
  for (const name of fates.survived) say(`survived: ${name}`);
  say(
    `mutants: ${mutants.length}, found by the model ${fates.model.length}, refused by Redis ${fates.load.length}, ` +
      `argued ${fates.argued.length}, survived ${fates.survived.length}`,
  );
  return fates.survived.length === 0 && stale.length === 0;
}

/** Of the compiled code and the Lua beside it: a proof holds for these bytes only. */
function codeHash(): string {
  const hash = createHash("sha256");
  for (const folder of ["../src", "../simulators/model", "./model", "./prove", "./support"]) {
    const root = fileURLToPath(new URL(folder, import.meta.url));
    const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
    for (const name of names) if (/\.(js|lua)$/.test(name)) hash.update(name).update(readFileSync(`${root}/${name}`));
  }
  return hash.digest("hex");
}

function countsOf(kept: unknown): Record<string, number> | null {
  if (typeof kept !== "object" || kept === null) return null;
  return Object.fromEntries(Object.entries(kept).map(([cell, count]) => [cell, Number(count)]));
}

function fateOf(kept: unknown): Fate | null {
  return kept === "load" || kept === "model" || kept === "argued" || kept === "survived" ? kept : null;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
