import { appendFileSync, readFileSync, readdirSync } from "node:fs";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { type RecordedMessage, recordLine } from "../../simulators/recording.ts";
import { readScenario } from "../../simulators/scenario/read-scenario.ts";
import { renderResult, renderTotal } from "../../simulators/scenario/report.ts";
import { type ScenarioResult, runScenario } from "../../simulators/scenario/run-scenario.ts";
import type { Scenario } from "../../simulators/scenario/scenario.ts";
import { LineDown } from "../../simulators/scenario/scenario-lines.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { openScratchSwitch } from "../app/scratch-switch.ts";
import { MovableClock } from "../kernel/clock.ts";
import { secureRandom } from "../kernel/random.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { isFile } from "./is-file.ts";
import { complain, print } from "./output.ts";
import { IssuerGone, adminIssuer } from "./scenario-issuer.ts";

const folder = fileURLToPath(new URL("../../../simulators/scenarios/", import.meta.url));
const runMax = 46_656;

export interface ScenarioFlags {
  /** Files, or names of those that come with cardswitch; none: all of these. */
  readonly wanted: readonly string[];
  /** undefined: a switch of its own, on free ports, that ends with the command. */
  readonly url: string | undefined;
  /** Where every message that passed is written, for `cardswitch replay`. */
  readonly record: string | undefined;
  readonly json: boolean;
}

/** `cardswitch scenario list`: what comes with cardswitch. */
export function listScenarios(json: boolean): ExitCode {
  const scenarios = load(ownFiles());
  if (!scenarios.ok) return complain(scenarios.error, exitCodes.environment);
  const rows = scenarios.value.map(({ file, title }) => ({ name: nameOf(file), title }));
  print(json, { scenarios: rows }, rows.map(({ name, title }) => `${name.padEnd(30)} ${title}`).join("\n"));
  return exitCodes.ok;
}

/** `cardswitch scenario run`: 0 where every step of every scenario is as it should be, 1 where one is not. */
export async function runScenarios({ wanted, url, record, json }: ScenarioFlags): Promise<ExitCode> {
  const scenarios = load(wanted.length === 0 ? ownFiles() : wanted.map(fileOf));
  if (!scenarios.ok) return complain(scenarios.error, exitCodes.usage);
  const fault = record === undefined ? null : faultOfRecording(record);
  if (fault !== null) return complain(fault, exitCodes.usage);
  if (url !== undefined) return play(scenarios.value, { url, record, json });
  const scratch = await openScratchSwitch();
  if (!scratch.ok) return complain(scratch.error.message);
  try {
    return await play(scenarios.value, { url: scratch.value.admin.url, record, json });
  } finally {
    await scratch.value.close();
  }
}

// Before anything is played: a scenario takes seconds.
function faultOfRecording(path: string): string | null {
  try {
    appendFileSync(path, "");
    return null;
  } catch (error) {
    return `${path} cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}

interface Where {
  readonly url: string;
  readonly record: string | undefined;
  readonly json: boolean;
}

async function play(scenarios: readonly Scenario[], { url, record: path, json }: Where): Promise<ExitCode> {
  const numbers = new TraceNumbers(secureRandom.integer(runMax));
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    const issuer = await adminIssuer(url);
    if (!issuer.ok) return complain(issuer.error.message, issuer.error.exitCode);
    try {
      const record = (message: RecordedMessage): void => {
        if (path !== undefined) appendFileSync(path, recordLine(message));
      };
      const parts = { issuer: issuer.value, clock: new MovableClock(), numbers, record };
      const result = await runScenario(scenario, parts);
      results.push(result);
      if (!json) print(false, null, renderResult(result));
    } catch (error) {
      if (error instanceof LineDown) return complain(error.message);
      if (error instanceof IssuerGone) return complain(error.message, error.refusal.exitCode);
      throw error;
    }
  }
  const isPassed = results.every((result) => result.isPassed);
  print(json, { isPassed, scenarios: results }, renderTotal(results));
  return isPassed ? exitCodes.ok : exitCodes.failed;
}

function load(files: readonly string[]): Result<Scenario[], string> {
  const scenarios: Scenario[] = [];
  for (const file of files) {
    if (!isFile(file))
      return fail(`there is no scenario ${nameOf(file)}; \`cardswitch scenario list\` shows what there is`);
    const scenario = readScenario(file, readFileSync(file, "utf8"));
    if (!scenario.ok) return scenario;
    scenarios.push(scenario.value);
  }
  return ok(scenarios);
}

function ownFiles(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yaml"))
    .toSorted()
    .map((name) => `${folder}${name}`);
}

function fileOf(wanted: string): string {
  return isFile(wanted) ? wanted : `${folder}${wanted}.yaml`;
}

function nameOf(file: string): string {
  return basename(file, ".yaml");
}
