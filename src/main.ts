import { parseArgs } from "node:util";
import { renderBanner } from "./app/banner.ts";
import { runDemoDay } from "./app/demo-day.ts";
import { type InProcess, openInProcess } from "./app/in-process.ts";
import { percentilesOf } from "./app/percentiles.ts";
import { noonOfToday } from "./app/scratch-switch.ts";
import { stopSignal } from "./app/stop-signals.ts";
import { type Config, readConfig, settings } from "./config.ts";
import { readFailpoints } from "./failpoints.ts";
import { must } from "./kernel/assert.ts";
import { createLog } from "./log.ts";
import { demoKey } from "./resources/api-keys.ts";
import { type SeededProgram, seedDemo } from "./seed.ts";

const exitCodes = { ok: 0, failed: 1, usage: 2, environment: 3 } as const;
const stepPauseMs = 5;

/** `npm start`: a fresh data set with the demo program, a short scripted day over all three links, then it stays up. */
async function main(args: readonly string[]): Promise<number> {
  const read = readArguments(args);
  if ("complaint" in read) return complain(read.complaint, exitCodes.usage);
  const failpoint = readFailpoints(process.env["FAILPOINT"]);
  if (!failpoint.ok) return complain(failpoint.error, exitCodes.environment);
  const config = readConfig({ flags: read.flags, env: process.env });
  if (!config.ok) return complain(config.error.message, exitCodes.environment);
  // The demo plays in a data set of its own, whatever else is kept here.
  const own: Config = {
    ...config.value,
    dataDir: null,
    businessStartMs: config.value.businessStartMs ?? noonOfToday(),
    limits: { ...config.value.limits, traceEvery: 1 },
  };
  const stop = stopSignal();
  let seeded: SeededProgram | null = null;
  const opened = await openInProcess({
    config: own,
    log: createLog({ level: logLevelOf(own), process: "demo", isReadable: process.stderr.isTTY }),
    seed: async (program) => {
      seeded = await seedDemo(program, program.committer.keyspace.shardCount);
    },
    failpoint: failpoint.value,
    keys: { first: demoKey, ofProcess: null },
  });
  if (!opened.ok) return complain(opened.error.message, exitCodes.environment);
  say(bannerOf(opened.value));
  const played = play(opened.value, must<SeededProgram>(seeded, "a new data set is seeded"));
  const isRight = await Promise.race([played, stop.then(() => null)]);
  if (isRight !== null && !read.exitAfterDemo) {
    say("\n  It stays up; Ctrl-C ends it.\n");
    await stop;
  }
  await opened.value.close();
  // The simulators of a day that was broken off would go on asking for answers.
  if (isRight === null) process.exit(exitCodes.ok);
  return isRight || !read.exitAfterDemo ? exitCodes.ok : exitCodes.failed;
}

/** The day, its summary, and what verify says of the books. */
async function play(opened: InProcess, seeded: SeededProgram): Promise<boolean> {
  say("\n");
  const summary = await runDemoDay(opened, seeded, { everyMs: stepPauseMs, onLine: (line) => say(`${line}\n`) });
  const { p50, p90, p99, max } = percentilesOf(summary.latenciesMs);
  say(`\n  ${summary.messages} messages, ${summary.mismatches.length} with another answer than expected\n`);
  for (const mismatch of summary.mismatches) say(`  ✗ ${mismatch}\n`);
  say(`  milliseconds  p50 ${p50.toFixed(1)}  p90 ${p90.toFixed(1)}  p99 ${p99.toFixed(1)}  max ${max.toFixed(1)}\n`);
  const verified = await opened.platform.verify();
  if (!verified.ok) {
    say(`  verify: ${verified.error.message}\n`);
    return false;
  }
  const { isSound, entries, accounts, openHolds, violations } = verified.value;
  say(
    `  verify: ${isSound ? "holds" : "DOES NOT HOLD"}; ${entries} entries, ${accounts} accounts, ${openHolds} open holds\n`,
  );
  for (const { invariant, entity, expected, found } of violations) {
    say(`  ✗ ${invariant} ${entity}: expected ${expected}, found ${found}\n`);
  }
  return isSound && summary.mismatches.length === 0;
}

function bannerOf({ admin, ground, switchRole }: InProcess): string {
  const { config, dataSet, redis } = ground;
  const { ports } = switchRole;
  return renderBanner({ config, dataSet, redis: redis.description, adminUrl: admin.url, newKey: demoKey, ports });
}

type Arguments =
  | { readonly flags: Readonly<Record<string, string | undefined>>; readonly exitAfterDemo: boolean }
  | { readonly complaint: string };

function readArguments(args: readonly string[]): Arguments {
  const options: Record<string, { type: "string" | "boolean" }> = { "exit-after-demo": { type: "boolean" } };
  for (const { flag } of Object.values(settings)) options[flag] = { type: "string" };
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const flags: Record<string, string> = {};
    for (const [name, value] of Object.entries(values)) if (typeof value === "string") flags[name] = value;
    return { flags, exitAfterDemo: values["exit-after-demo"] === true };
  } catch (error) {
    return { complaint: error instanceof Error ? error.message : String(error) };
  }
}

// The feed is what a person came to see; a log between its lines is for who asks for it.
function logLevelOf({ logLevel }: Config): Config["logLevel"] {
  return logLevel === "info" ? "error" : logLevel;
}

function complain(text: string, exitCode: number): number {
  process.stderr.write(`cardswitch: ${text.split("\n")[0] ?? ""}\n`);
  return exitCode;
}

function say(text: string): void {
  process.stdout.write(text);
}

process.exitCode = await main(process.argv.slice(2));
