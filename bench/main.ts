import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { MovableClock, isoTime } from "../src/kernel/clock.ts";
import { benchApi } from "./api-bench.ts";
import { benchCodec } from "./codec-bench.ts";
import { compareMedians, readMedians } from "./compare.ts";
import { BenchRedis } from "./environment.ts";
import { type FunctionFigures, benchFunction } from "./function-bench.ts";
import { type GrowthFigures, benchGrowth } from "./growth.ts";
import { rounded } from "./medians.ts";
import { parseBenchOptions } from "./options.ts";
import { benchRealTime } from "./real-time-bench.ts";
import { renderReport } from "./report.ts";
import { type RoundSettings, type StageFigures, type SustainedFigures, runRounds, runSustained } from "./rounds.ts";
import { Stage } from "./stage.ts";
import { type SweepPoint, runSweep } from "./sweep.ts";
import { benchWireWithApi } from "./wire-with-api.ts";

const parsed = parseBenchOptions(process.argv.slice(2));
if (parsed.kind === "end") process.exit(parsed.exitCode);
const { isQuick, isJson, withGrowth, reportPath, comparePath, tolerancePercent } = parsed.options;
// Read before anything is measured: a bad name should not cost five minutes.
const earlier = comparePath === null ? null : readMedians(comparePath);
if (earlier !== null && !earlier.ok) {
  process.stderr.write(`${earlier.error}\n`);
  process.exit(3);
}

const say = (line: string): void => {
  if (!isJson) process.stdout.write(`${line}\n`);
  else process.stderr.write(`${line}\n`);
};

const settings: RoundSettings = isQuick
  ? { rounds: 1, seconds: 1.5, benchmarkCalls: 60_000, openRate: 2_000, say }
  : { rounds: 5, seconds: 5, benchmarkCalls: 200_000, openRate: 5_000, say };
const sweepRates = isQuick ? [2_000, 8_000] : [1_000, 2_000, 5_000, 10_000, 15_000, 20_000, 25_000, 30_000, 40_000];

const faults: string[] = [];
const functionFigures = await onRedis(async (bench) =>
  benchFunction(bench, isQuick ? 20_000 : 100_000, isQuick ? 1 : 5),
);
say(`function: ${JSON.stringify(functionFigures)}`);
const codecFigures = benchCodec(isQuick ? 30 : 100);
say(`codec: ${JSON.stringify(codecFigures)}`);
const apiFigures = await benchApi(isQuick ? 1 : 5, isQuick ? 2 : 5);
say(`api: ${JSON.stringify(apiFigures)}`);
const wireWithApi = await benchWireWithApi({
  rounds: isQuick ? 1 : 5,
  seconds: isQuick ? 1.2 : 5,
  apiMaximum: apiFigures.authorizationsPerSecond,
  say,
});
const realTime = await benchRealTime(isQuick ? 1 : 5);
say(`real-time: ${JSON.stringify(realTime)}`);
for (const figures of [apiFigures, wireWithApi, realTime]) faults.push(...figures.faults);
const relaxed = await runStage("relaxed");
const always = await runStage("always");
const sweep = reportPath === null ? [] : await sweepAlone();
const growth = withGrowth ? await benchGrowth(isQuick ? 20_000 : 1_000_000, say) : null;
if (growth !== null) faults.push(...growth.faults);
const medians = mediansOf(functionFigures, relaxed, always);
const comparisons = earlier === null ? [] : compareMedians(earlier.value, medians);
const regressions = comparisons.filter(({ worsePercent }) => worsePercent > tolerancePercent);
for (const { name, before, now, worsePercent } of regressions) {
  say(`worse by ${worsePercent.toFixed(1)} %: ${name} was ${before}, is ${now}`);
}
if (reportPath !== null && faults.length === 0) writeReport(reportPath);
print();
process.exitCode = faults.length === 0 && regressions.length === 0 ? 0 : 1;

interface StageRun {
  readonly figures: StageFigures;
  readonly sustained: SustainedFigures | null;
  readonly drain: { readonly drainSeconds: number; readonly backlog: number };
  readonly shed: number;
  readonly silent: number;
}

async function runStage(durability: "relaxed" | "always"): Promise<StageRun> {
  const stage = await Stage.open(durability);
  const isRelaxed = durability === "relaxed";
  const figures = await runRounds(stage, settings, isRelaxed);
  const drain = await stage.settle();
  say(`${durability}: drained ${drain.backlog} entries in ${drain.drainSeconds.toFixed(1)} s`);
  const sustained = isRelaxed ? await runSustainedOn(stage, figures) : null;
  if (sustained !== null) await stage.settle();
  faults.push(...stage.faults);
  await stage.close();
  return { figures, sustained, drain, shed: stage.shed, silent: stage.silent };
}

async function runSustainedOn(stage: Stage, figures: StageFigures): Promise<SustainedFigures> {
  // What is asked for at least is 0.15 of redis-benchmark; offered is a little more than that.
  const rate = Math.max(1_000, Math.round(figures.redisBenchmark * 0.2));
  const sustained = await runSustained(stage, figures.redisBenchmark, { seconds: isQuick ? 4 : 60, rate });
  say(`sustained: ${JSON.stringify(sustained)}`);
  if (!sustained.isBounded) faults.push(`the journal grew under sustained load: ${JSON.stringify(sustained)}`);
  return sustained;
}

async function sweepAlone(): Promise<SweepPoint[]> {
  const stage = await Stage.open("relaxed");
  const points = await runSweep(stage, { rates: sweepRates, secondsEach: isQuick ? 1.5 : 4, say });
  await stage.settle();
  faults.push(...stage.faults);
  await stage.close();
  return points;
}

function writeReport(path: string): void {
  const page = renderReport({
    title: "cardswitch bench",
    facts: [
      `${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, load ${loadavg()[0]?.toFixed(2)}`,
      `Node ${process.version}, ${isQuick ? "quick" : "full"} run, ${isoTime(new MovableClock().wallNow())}`,
      `open loop at ${settings.openRate}/s, latency from the planned moment`,
    ],
    medians,
    comparisons,
    everysec: relaxed.figures,
    always: always.figures,
    sustained: relaxed.sustained?.overTime ?? [],
    sweep,
  });
  writeFileSync(path, page);
  say(`written: ${path}`);
}

async function onRedis<T>(work: (bench: BenchRedis) => Promise<T>): Promise<T> {
  const bench = await BenchRedis.open("relaxed");
  try {
    return await work(bench);
  } finally {
    await bench.close();
  }
}

function print(): void {
  const isSound = faults.length === 0;
  for (const fault of faults.slice(0, 20)) say(`fault: ${fault}`);
  const line = {
    invariants: isSound ? "ok" : faults.slice(0, 20),
    machine: { cpus: cpus().length, model: cpus()[0]?.model ?? "", load: loadavg()[0] },
    mode: isQuick ? "quick" : "full",
    // No throughput is told where an invariant failed.
    ...(isSound
      ? { medians, regressions, bytes: bytesOf(functionFigures), throughput: throughputOf(), growth: growthOf(growth) }
      : {}),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function mediansOf(own: FunctionFigures, everysec: StageRun, durable: StageRun): Record<string, number | null> {
  const figure = (value: number | null | undefined): number | null =>
    typeof value === "number" ? rounded(value) : null;
  return {
    e2e_over_redis_benchmark: figure(everysec.figures.overRedisBenchmark),
    e2e_over_redis_benchmark_always: figure(durable.figures.overRedisBenchmark),
    e2e_over_textbook: figure(everysec.figures.overTextbook),
    sustained_over_redis_benchmark: figure(everysec.sustained?.overRedisBenchmark),
    always_over_everysec: figure(durable.figures.e2e / everysec.figures.e2e),
    p50_over_echo: figure(everysec.figures.p50OverEcho),
    p50_minus_echo_always_ms: figure(durable.figures.p50MinusEchoMs),
    p99_minus_echo_ms: figure(everysec.figures.p99MinusEchoMs),
    function_over_same_commands: figure(own.ratio),
    codec_over_iso_8583: figure(codecFigures.codec_over_iso_8583),
    visa_0100_us: figure(codecFigures.visa_0100_us),
    api_card_retrieve_over_echo: figure(apiFigures.cardRetrieveOverEcho),
    api_authorization_over_echo: figure(apiFigures.authorizationOverEcho),
    wire_p99_minus_echo_ms_with_api: figure(wireWithApi.p99MinusEchoMs),
    real_time_p50_over_alone: figure(realTime.p50OverAlone),
  };
}

function bytesOf(own: FunctionFigures): Record<string, number> {
  return {
    aof_per_authorization: rounded(own.aofBytes),
    open_hold_with_dedupe: rounded(own.holdBytes),
    hot_state_per_card: rounded(own.cardBytes),
  };
}

function throughputOf(): Record<string, number> {
  return {
    approvals_per_second_everysec: rounded(relaxed.figures.e2e),
    approvals_per_second_always: rounded(always.figures.e2e),
    redis_benchmark_everysec: rounded(relaxed.figures.redisBenchmark),
    redis_benchmark_always: rounded(always.figures.redisBenchmark),
    switch_cpu_us_per_message: rounded(relaxed.figures.switchCpuUs),
    redis_cpu_us_per_message: rounded(relaxed.figures.redisCpuUs),
    loader_cpu_us_per_message: rounded(relaxed.figures.loaderCpuUs),
    api_card_retrieves_per_second: rounded(apiFigures.cardRetrievesPerSecond),
    api_authorizations_per_second: rounded(apiFigures.authorizationsPerSecond),
    api_authorizations_per_second_beside_wire: rounded(wireWithApi.apiPerSecond),
    real_time_p50_ms: rounded(realTime.aloneP50Ms),
    backlog_after_rounds: relaxed.drain.backlog,
    drain_seconds: rounded(relaxed.drain.drainSeconds),
    shed: relaxed.shed + always.shed,
    silent: relaxed.silent + always.silent,
  };
}

function growthOf(figures: GrowthFigures | null): Record<string, number> | null {
  if (figures === null) return null;
  const { faults: _, ...numbers } = figures;
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, rounded(value)]));
}
