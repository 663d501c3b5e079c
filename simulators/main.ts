import { readFileSync } from "node:fs";
import { MovableClock } from "../src/kernel/clock.ts";
import { readTrafficSettings } from "./settings-file.ts";
import { runTraffic } from "./traffic.ts";

const usage = "usage: node dist/simulators/main.js --json <settings> | --settings <file>";
const exitCodes = { usage: 2, environment: 3 } as const;

/** Traffic as a process of its own, so that it runs beside what it loads: prints its report as one line of JSON. */
async function main(args: readonly string[]): Promise<number> {
  const [option, value] = args;
  if (value === undefined || (option !== "--json" && option !== "--settings")) return complain(usage);
  const settings = readTrafficSettings(option === "--json" ? value : readFileSync(value, "utf8"));
  if (!settings.ok) return complain(settings.error);
  const report = await runTraffic(settings.value, new MovableClock());
  if (!report.ok) return complain(report.error, exitCodes.environment);
  process.stdout.write(`${JSON.stringify(report.value)}\n`);
  return 0;
}

function complain(text: string, code: number = exitCodes.usage): number {
  process.stderr.write(`${text}\n`);
  return code;
}

process.exitCode = await main(process.argv.slice(2));
