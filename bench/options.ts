import { Command, CommanderError } from "commander";

export interface BenchOptions {
  readonly isQuick: boolean;
  readonly isJson: boolean;
  readonly withGrowth: boolean;
  /** Where the HTML page is written, or null. */
  readonly reportPath: string | null;
  /** A file whose last line is the JSON of an earlier run, or null. */
  readonly comparePath: string | null;
  /** How much worse than the earlier run a median may be, in percent. */
  readonly tolerancePercent: number;
}

export type ParsedOptions =
  | { readonly kind: "options"; readonly options: BenchOptions }
  /** Nothing to measure: help was printed, or a complaint. */
  | { readonly kind: "end"; readonly exitCode: number };

const usage = 2;

/** The words behind `npm run bench --` and `cardswitch bench`. */
export function parseBenchOptions(words: readonly string[]): ParsedOptions {
  const command = new Command("cardswitch bench")
    .description("measures the switch against redis-benchmark, an echo, a textbook design and another codec")
    .option("--json", "one line of JSON at the end, progress on standard error", false)
    .option("--quick", "one short round of everything", false)
    .option("--growth", "a million authorizations, most of them reversed and forgotten", false)
    .option("--report <file>", "write a page of curves (HTML, complete in itself)")
    .option("--compare <file>", "fail where a median is worse than in an earlier run's JSON")
    .option("--tolerance <percent>", "how much worse it may be", "15")
    .exitOverride();
  try {
    command.parse([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { kind: "end", exitCode: error.exitCode === 0 ? 0 : usage };
  }
  const given = command.opts<{
    json: boolean;
    quick: boolean;
    growth: boolean;
    report?: string;
    compare?: string;
    tolerance: string;
  }>();
  const tolerancePercent = Number(given.tolerance);
  if (!(tolerancePercent >= 0)) {
    process.stderr.write(`--tolerance: a number of percent, not ${given.tolerance}\n`);
    return { kind: "end", exitCode: usage };
  }
  const options = {
    isQuick: given.quick,
    isJson: given.json,
    withGrowth: given.growth,
    reportPath: given.report ?? null,
    comparePath: given.compare ?? null,
    tolerancePercent,
  };
  return { kind: "options", options };
}
