import type { SwitchProcess } from "./processes.ts";
import type { Stage } from "./stage.ts";

/** What one rate of an open loop came to. CPU in percent of one core. */
export interface SweepPoint {
  readonly offeredPerSecond: number;
  readonly answeredPerSecond: number;
  readonly approvedPerSecond: number;
  readonly shed: number;
  readonly p50: number;
  readonly p99: number;
  readonly switchCpu: number;
  readonly redisCpu: number;
  readonly loaderCpu: number;
}

export interface SweepSettings {
  readonly rates: readonly number[];
  readonly secondsEach: number;
  readonly say: (line: string) => void;
}

// Beyond the knee an open loop only fills queues; one point of it tells as much as ten.
const kneeShare = 0.85;

/** Offers more and more until less than 85 % of it is answered in time: where the knee is, and what is busy there. */
export async function runSweep(stage: Stage, settings: SweepSettings): Promise<SweepPoint[]> {
  const own = await stage.openSwitch("cardswitch");
  await stage.load(own, { kind: "cardswitch", mix: "mixed", pace: { kind: "closed", depth: 32 }, seconds: 1 });
  const points: SweepPoint[] = [];
  for (const rate of settings.rates) {
    const point = await measure(stage, own, { rate, seconds: settings.secondsEach });
    settings.say(`sweep: ${JSON.stringify(point)}`);
    points.push(point);
    if (point.answeredPerSecond < rate * kneeShare) break;
  }
  await own.close();
  return points;
}

async function measure(
  stage: Stage,
  own: SwitchProcess,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<SweepPoint> {
  const before = { own: await own.usage(), redisMs: await stage.redisCpuMs() };
  const began = performance.now();
  const report = await stage.load(own, { kind: "cardswitch", mix: "mixed", pace: { kind: "open", rate }, seconds });
  const wallMs = performance.now() - began;
  const after = { own: await own.usage(), redisMs: await stage.redisCpuMs() };
  return {
    offeredPerSecond: rate,
    answeredPerSecond: Math.round((report.answered - report.shed) / (wallMs / 1000)),
    approvedPerSecond: Math.round(report.approved / (wallMs / 1000)),
    shed: report.shed,
    p50: report.latencyMs.p50,
    p99: report.latencyMs.p99,
    switchCpu: percent(after.own.cpuMs - before.own.cpuMs, wallMs),
    redisCpu: percent(after.redisMs - before.redisMs, wallMs),
    loaderCpu: percent(report.cpuMs, wallMs),
  };
}

function percent(cpuMs: number, wallMs: number): number {
  return Math.round((cpuMs / wallMs) * 100);
}
