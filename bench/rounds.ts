import type { LoadReport } from "./loader-process.ts";
import { median } from "./medians.ts";
import type { SwitchProcess } from "./processes.ts";
import { type Stage, closedLoop } from "./stage.ts";

export interface RoundSettings {
  readonly rounds: number;
  readonly seconds: number;
  readonly benchmarkCalls: number;
  /** Messages a second of the open loop. */
  readonly openRate: number;
  /** Called with a line of progress. */
  readonly say: (line: string) => void;
}

/** One interleaved round: control, yardsticks and ours right after each other. */
interface Round {
  readonly redisBenchmark: number;
  readonly e2e: number;
  /** null: the textbook is not part of this stage. Both get fresh approvals only: it knows no reversals. */
  readonly textbook: { readonly theirs: number; readonly ours: number } | null;
  readonly echoP50: number;
  readonly echoP99: number;
  readonly p50: number;
  readonly p99: number;
  readonly switchCpuUs: number;
  readonly redisCpuUs: number;
  readonly loaderCpuUs: number;
  /** The open loop, answer by answer and second by second. */
  readonly paced: Pick<LoadReport, "curve" | "overTime">;
  readonly echo: Pick<LoadReport, "curve" | "overTime">;
}

export interface StageFigures {
  readonly rounds: readonly Round[];
  readonly redisBenchmark: number;
  readonly e2e: number;
  readonly overRedisBenchmark: number;
  readonly overTextbook: number | null;
  readonly p50OverEcho: number;
  readonly p50MinusEchoMs: number;
  readonly p99MinusEchoMs: number;
  readonly switchCpuUs: number;
  readonly redisCpuUs: number;
  readonly loaderCpuUs: number;
}

export async function runRounds(stage: Stage, settings: RoundSettings, withTextbook: boolean): Promise<StageFigures> {
  const own = await stage.openSwitch("cardswitch");
  const echo = await stage.openSwitch("echo");
  const textbook = withTextbook ? await stage.openSwitch("textbook") : null;
  // Warm: compiled code, filled card views, connected sockets.
  await stage.load(own, { ...ours, pace: closedLoop, seconds: Math.max(1, settings.seconds / 2) });
  if (textbook !== null) await stage.load(textbook, { ...theirs, pace: closedLoop, seconds: 1 });
  const rounds: Round[] = [];
  for (let i = 0; i < settings.rounds; i++) {
    const round = await runRound(stage, settings, { own, echo, textbook });
    settings.say(`${stage.durability} round ${i + 1}: ${lineOf(round)}`);
    rounds.push(round);
  }
  for (const process of [own, echo, textbook]) await process?.close();
  const over = (pick: (round: Round) => number): number => median(rounds.map(pick));
  return {
    rounds,
    redisBenchmark: over((round) => round.redisBenchmark),
    e2e: over((round) => round.e2e),
    overRedisBenchmark: over((round) => round.e2e / round.redisBenchmark),
    overTextbook: withTextbook ? over(overTextbook) : null,
    p50OverEcho: over((round) => round.p50 / round.echoP50),
    p50MinusEchoMs: over((round) => round.p50 - round.echoP50),
    p99MinusEchoMs: over((round) => round.p99 - round.echoP99),
    switchCpuUs: over((round) => round.switchCpuUs),
    redisCpuUs: over((round) => round.redisCpuUs),
    loaderCpuUs: over((round) => round.loaderCpuUs),
  };
}

const ours = { kind: "cardswitch", mix: "mixed" } as const;
const theirs = { kind: "textbook", mix: "plain" } as const;

function lineOf(round: Round): string {
  const { paced: _, echo: __, ...numbers } = round;
  return JSON.stringify(numbers);
}

interface Targets {
  readonly own: SwitchProcess;
  readonly echo: SwitchProcess;
  readonly textbook: SwitchProcess | null;
}

async function runRound(stage: Stage, settings: RoundSettings, targets: Targets): Promise<Round> {
  const { seconds, openRate } = settings;
  const open = { kind: "open", rate: openRate } as const;
  await stage.atRest();
  const echo = await stage.load(targets.echo, { kind: "echo", mix: "plain", pace: open, seconds });
  const paced = await stage.load(targets.own, { ...ours, pace: open, seconds });
  const redisBenchmark = await stage.redisBenchmark(settings.benchmarkCalls);
  const before = await targets.own.usage();
  const redisBefore = await stage.redisCpuMs();
  const e2e = await stage.load(targets.own, { ...ours, pace: closedLoop, seconds });
  const after = await targets.own.usage();
  const redisAfter = await stage.redisCpuMs();
  const textbook = targets.textbook === null ? null : await compare(stage, targets.own, targets.textbook, seconds);
  return {
    redisBenchmark,
    e2e: e2e.approved / e2e.seconds,
    textbook,
    echoP50: echo.latencyMs.p50,
    echoP99: echo.latencyMs.p99,
    p50: paced.latencyMs.p50,
    p99: paced.latencyMs.p99,
    switchCpuUs: ((after.cpuMs - before.cpuMs) * 1000) / e2e.answered,
    redisCpuUs: ((redisAfter - redisBefore) * 1000) / e2e.answered,
    loaderCpuUs: (e2e.cpuMs * 1000) / e2e.answered,
    paced: { curve: paced.curve, overTime: paced.overTime },
    echo: { curve: echo.curve, overTime: echo.overTime },
  };
}

async function compare(
  stage: Stage,
  own: SwitchProcess,
  textbook: SwitchProcess,
  seconds: number,
): Promise<NonNullable<Round["textbook"]>> {
  const fresh = { mix: "plain", pace: closedLoop, seconds } as const;
  await stage.atRest();
  const we = await stage.load(own, { kind: "cardswitch", ...fresh });
  await stage.atRest();
  const they = await stage.load(textbook, { kind: "textbook", ...fresh });
  return { ours: we.approved / we.seconds, theirs: they.approved / they.seconds };
}

function overTextbook({ textbook }: Round): number {
  return textbook === null ? Number.NaN : textbook.ours / textbook.theirs;
}

export interface SustainedFigures {
  readonly approvedPerSecond: number;
  readonly backlogAt10s: number;
  readonly backlogAtEnd: number;
  readonly overRedisBenchmark: number;
  readonly isBounded: boolean;
  readonly overTime: LoadReport["overTime"];
}

/** A minute of load with the projector on: the journal must not grow after its first ten seconds. */
export async function runSustained(
  stage: Stage,
  redisBenchmark: number,
  settings: { readonly seconds: number; readonly rate: number },
): Promise<SustainedFigures> {
  const own = await stage.openSwitch("cardswitch", true);
  // Warm: compiled code and filled card views.
  await stage.load(own, { ...ours, pace: closedLoop, seconds: 2 });
  const early = Math.min(10, settings.seconds / 2);
  const pace = { kind: "open", rate: settings.rate } as const;
  const first = await stage.load(own, { ...ours, pace, seconds: early });
  const { backlog: backlogAt10s } = await own.usage();
  const rest = await stage.load(own, { ...ours, pace, seconds: settings.seconds - early });
  const { backlog: backlogAtEnd } = await own.usage();
  await own.close();
  const approvedPerSecond = (first.approved + rest.approved) / (first.seconds + rest.seconds);
  return {
    approvedPerSecond,
    backlogAt10s,
    backlogAtEnd,
    overRedisBenchmark: approvedPerSecond / redisBenchmark,
    overTime: rest.overTime,
    // A backlog of less than a second of load is no backlog.
    isBounded: backlogAtEnd <= Math.max(backlogAt10s * 1.05, settings.rate),
  };
}
