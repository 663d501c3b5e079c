import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Coverage } from "./model/coverage.ts";
import { leastHits, proveEquality } from "./model/prove-equality.ts";
import { cellFaults, cellLines, cellRows } from "./prove/cells.ts";
import { type Fate, allMutants, hunt, isOriginalAlive, staleArguments } from "./prove/hunt.ts";
import { mutantName } from "./prove/mutants.ts";
import { proveBodies } from "./prove/prove-bodies.ts";
import { proveRequests } from "./prove/prove-requests.ts";
import { proveKills } from "./prove/kills.ts";
import { proveDecoders, proveFuzz } from "./prove/prove-codec.ts";
import { Progress } from "./prove/progress.ts";
import { RealSubjects } from "./support/real-subject.ts";

const operationsPerRun = 50_000;
const runs = 20;
const huntOperationsMax = 20_000;
const huntSeed = 11;
const killsUsual = 30;
const killsSeed = 1;

const fatesKnown: readonly Fate[] = ["load", "example", "model", "argued", "survived"];

const framesUsual = 10_000_000;
const bodiesUsual = 1_000_000;
const requestsUsual = 1_000_000;
const parts = ["model", "mutants", "kills", "decoders", "fuzz", "bodies", "requests"];

const usage = `prove [${parts.join("] [")}] [--kills N] [--frames N] [--seed S]`;

/** The long counts: all parts, or those that the arguments name. Stopped and started again, it goes on. */
async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if (read === null) {
    say(usage);
    return 2;
  }
  const { steps, kills, seed, frames } = read;
  const progress = new Progress(fileURLToPath(new URL("../prove/progress.json", import.meta.url)), codeHash());
  const subjects = new RealSubjects();
  const isWanted = (step: string): boolean => steps.length === 0 || steps.includes(step);
  try {
    const isEqual = !isWanted("model") || (await proveModel(subjects, progress));
    const isTight = !isWanted("mutants") || (await proveMutants(subjects, progress));
    const isKept = !isWanted("kills") || (await proveNothingIsLost(progress, { kills, seed }));
    const isRead = !isWanted("decoders") || proveDecoders(progress, { seed, say });
    const isBorne = !isWanted("fuzz") || proveFuzz(progress, { seed, frames, say });
    const isRefused = !isWanted("bodies") || (await proveBodies(progress, { seed, bodies: bodiesUsual, say }));
    const isAnswered = !isWanted("requests") || (await proveRequests(progress, { seed, requests: requestsUsual, say }));
    return isEqual && isTight && isKept && isRead && isBorne && isRefused && isAnswered ? 0 : 1;
  } finally {
    await subjects.close();
  }
}

interface Arguments {
  readonly steps: readonly string[];
  readonly kills: number;
  readonly frames: number;
  readonly seed: number;
}

function readArguments(args: readonly string[]): Arguments | null {
  try {
    const options = { kills: { type: "string" }, frames: { type: "string" }, seed: { type: "string" } } as const;
    const { positionals, values } = parseArgs({ args: [...args], options, allowPositionals: true });
    const kills = Number(values.kills ?? killsUsual);
    const seed = Number(values.seed ?? killsSeed);
    const frames = Number(values.frames ?? framesUsual);
    const isKnown = positionals.every((step) => parts.includes(step)) && [kills, frames, seed].every(Number.isInteger);
    return isKnown ? { steps: positionals, kills, frames, seed } : null;
  } catch {
    return null;
  }
}

async function proveNothingIsLost(
  progress: Progress,
  { kills, seed }: Pick<Arguments, "kills" | "seed">,
): Promise<boolean> {
  const step = `kills ${kills} ${seed}`;
  if (progress.get(step) === true) {
    say(`kills: ${kills} with seed ${seed}, shown before`);
    return true;
  }
  const report = await proveKills({ kills, seed, approvalsBetween: 1_000, inFlightLeast: 200, onLine: say });
  for (const wrong of report.wrong) say(`wrong: ${wrong}`);
  const { approvals, refusals, repeated, undone, unknown, verified } = report;
  say(
    `kills: ${Object.entries(report.kills)
      .map(([victim, count]) => `${victim} ${count}`)
      .join(", ")}; ` +
      `${approvals} approvals, ${report.wrong.length === 0 ? "none lost" : "SEE ABOVE"}; ${refusals} answered 91; ${unknown} unknown, settled by 0101 ${repeated}, ` +
      `by 0420 or 0421 ${undone}; verify ${verified?.isSound === true ? "holds" : "does not hold"}, ${verified?.openHolds ?? 0} open holds`,
  );
  const isKept = report.wrong.length === 0 && report.exitCode === 0;
  if (isKept) progress.set(step, true);
  return isKept;
}

async function proveModel(subjects: RealSubjects, progress: Progress): Promise<boolean> {
  const coverage = new Coverage();
  for (let seed = 1001; seed <= 1000 + runs; seed++) {
    const step = `model ${seed}`;
    const options = { firstSeed: seed, runs: 1, operationsPerRun, createSubject: subjects.create, onDifference: say };
    const counts = countsOf(progress.get(step)) ?? (await proveEquality(options)).counts();
    progress.set(step, counts);
    coverage.merge(counts);
    say(`model: seed ${seed}, ${operationsPerRun} operations, no difference`);
  }
  const thin = coverage.thin(leastHits(runs * operationsPerRun));
  say(coverage.table());
  for (const cell of thin) say(`too seldom: ${cell}`);
  const rows = cellRows(coverage.counts());
  const faults = cellFaults(rows);
  say(
    `\nEvery outcome of every operation, in ${runs * operationsPerRun} operations and in the examples of single functions:`,
  );
  for (const line of cellLines(rows)) say(line);
  for (const fault of faults) say(fault);
  return thin.length === 0 && faults.length === 0;
}

async function proveMutants(subjects: RealSubjects, progress: Progress): Promise<boolean> {
  const mutants = allMutants();
  const { create: createSubject, createGround } = subjects;
  const options = { seed: huntSeed, operations: huntOperationsMax, createSubject, createGround };
  if (!(await isOriginalAlive(options))) {
    say("mutants: the original itself disagrees with the model, so that no mutant's death would tell anything");
    return false;
  }
  const fates: Record<Fate, string[]> = { load: [], example: [], model: [], argued: [], survived: [] };
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
    `mutants: ${mutants.length}, found by the model ${fates.model.length}, by an example alone ${fates.example.length}, ` +
      `refused by Redis ${fates.load.length}, ` +
      `argued ${fates.argued.length}, survived ${fates.survived.length}`,
  );
  return fates.survived.length === 0 && stale.length === 0;
}

/** Of the compiled code and the Lua beside it: a proof holds for these bytes only. */
function codeHash(): string {
  const hash = createHash("sha256");
  for (const folder of [
    "../src",
    "../specs",
    "../simulators/model",
    "./model",
    "./prove",
    "./resources/contract",
    "./iso8583",
    "./store/lua",
    "./support",
  ]) {
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
  return fatesKnown.find((fate) => fate === kept) ?? null;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

process.exitCode = await main(process.argv.slice(2));
