import { readFileSync } from "node:fs";
import { type Result, fail, ok } from "../src/kernel/result.ts";

export type Medians = Readonly<Record<string, number | null>>;

export interface Comparison {
  readonly name: string;
  readonly before: number;
  readonly now: number;
  /** Percent by which it is worse than before; negative: better. */
  readonly worsePercent: number;
}

/** Of every other median more is better. */
const lessIsBetter = new Set([
  "p50_over_echo",
  "p50_minus_echo_always_ms",
  "p99_minus_echo_ms",
  "function_over_same_commands",
  "visa_0100_us",
  "wire_p99_minus_echo_ms_with_api",
  "real_time_p50_over_alone",
]);

/** The medians of an earlier run: the file's last line is what `--json` printed. */
export function readMedians(path: string): Result<Medians, string> {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    return fail(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const line = text.trim().split("\n").at(-1) ?? "";
  try {
    const run: unknown = JSON.parse(line);
    const medians = typeof run === "object" && run !== null && "medians" in run ? run.medians : null;
    if (typeof medians !== "object" || medians === null) return fail(`${path}: the run has no medians`);
    return ok(Object.fromEntries(Object.entries(medians).map(([name, value]) => [name, numberOf(value)])));
  } catch {
    return fail(`${path}: the last line is no JSON of a bench`);
  }
}

/** Every median that both runs have, the one that got worst first. */
export function compareMedians(before: Medians, now: Medians): Comparison[] {
  const comparisons: Comparison[] = [];
  for (const [name, value] of Object.entries(now)) {
    const earlier = before[name] ?? null;
    if (value === null || earlier === null || earlier <= 0) continue;
    const grown = (value / earlier - 1) * 100;
    comparisons.push({ name, before: earlier, now: value, worsePercent: lessIsBetter.has(name) ? grown : -grown });
  }
  return comparisons.sort((a, b) => b.worsePercent - a.worsePercent);
}

function numberOf(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
