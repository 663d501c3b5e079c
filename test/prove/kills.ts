import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SeenJournal } from "../../simulators/journal.ts";
import { must } from "../../src/kernel/assert.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { type Random, seededRandom } from "../../src/kernel/random.ts";
import { type VerifyAnswer, startSwitch } from "../../src/public.ts";
import { openRecords } from "../../src/records/database.ts";
import { compareBooks } from "./kills-books.ts";
import { KillLoad } from "./kills-load.ts";
import { KilledSystem, type Victim, until } from "./kills-system.ts";

export interface KillsOptions {
  readonly kills: number;
  readonly seed: number;
  /** Approvals between two kills, at least. */
  readonly approvalsBetween: number;
  /** 0100 without an answer at the moment of a kill, at least. */
  readonly inFlightLeast: number;
  readonly onLine?: (line: string) => void;
}

export interface KillsReport {
  readonly kills: Readonly<Record<Victim, number>>;
  readonly approvals: number;
  readonly refusals: number;
  readonly unknown: number;
  readonly repeated: number;
  readonly undone: number;
  /** Exit code of the supervisor at the end. */
  readonly exitCode: number | null;
  /** null: it could not even be started again. */
  readonly verified: VerifyAnswer | null;
  /** Whatever may not be: nothing. */
  readonly wrong: readonly string[];
}

const recoverMsMax = 120_000;
const settleMsMax = 120_000;
const restlessMsMax = 400;
const wrongShown = 40;

/**
 * Kills processes of a running system under load, at random and each time mid-flight, and compares what the network
 * saw with the books. The folder stays where something is wrong.
 */
export async function proveKills(options: KillsOptions): Promise<KillsReport> {
  const system = await KilledSystem.create();
  const random = seededRandom(options.seed);
  const journal = new SeenJournal(join(system.folder, "seen.journal"));
  const load = new KillLoad({ port: system.port, cards: system.cards, journal, clock: new MovableClock(), random });
  const wrong: string[] = [];
  const kills: Record<Victim, number> = { switch: 0, platform: 0, redis: 0, supervisor: 0 };
  let exitCode: number | null = null;
  try {
    await system.start();
    await load.start();
    for (let no = 1; no <= options.kills; no++) {
      const victim = victimOf(no, random);
      kills[victim]++;
      const line = await killOnce(victim, { ...options, system, load, random, wrong });
      options.onLine?.(`kill ${no} of ${options.kills}: ${line}`);
    }
    load.finish();
    await until(() => load.inFlight === 0 && load.unsettled === 0, "every outcome is known", settleMsMax);
  } catch (error) {
    wrong.push(`${error instanceof Error ? error.message : String(error)}; the processes said: ${system.complaints}`);
  } finally {
    await load.close();
    exitCode = await system.stop();
    journal.close();
  }
  wrong.push(...load.surprises.slice(0, wrongShown));
  const verified = await verifyAtRest(system, wrong);
  wrong.push(...booksOf(system, journal).slice(0, wrongShown));
  if (verified?.isSound === false) wrong.push(...verified.violations.map((violation) => JSON.stringify(violation)));
  if (wrong.length === 0) system.remove();
  else wrong.push(`the data set and what was seen are in ${system.folder}`);
  const { approvals, refusals, unknown, settled } = load;
  return { kills, approvals, refusals, unknown, ...settled, exitCode, verified, wrong };
}

interface Scene extends KillsOptions {
  readonly system: KilledSystem;
  readonly load: KillLoad;
  readonly random: Random;
  readonly wrong: string[];
}

async function killOnce(victim: Victim, scene: Scene): Promise<string> {
  const { approvalsBetween, inFlightLeast, load, random, system, wrong } = scene;
  const earlier = load.approvals;
  const isReady = (): boolean =>
    load.approvals - earlier >= approvalsBetween && load.unsettled < inFlightLeast && system.pidOf(victim) !== null;
  await until(isReady, `there were ${approvalsBetween} approvals`, recoverMsMax);
  await sleep(random.integer(restlessMsMax));
  // Looking for the process takes a while, in which everything in flight would be decided: so it comes first.
  const pid = must(system.pidOf(victim), `a ${victim} to kill`);
  await until(() => load.inFlight >= inFlightLeast, `${inFlightLeast} messages are in flight`, recoverMsMax);
  const { inFlight, unknown, approvals } = load;
  const killedAt = performance.now();
  load.mark();
  process.kill(pid, "SIGKILL");
  if (victim === "supervisor") await system.start();
  await until(
    () => load.approvals - approvals >= inFlightLeast * 2,
    `there are approvals after the end of ${victim}`,
    recoverMsMax,
  );
  const backMs = performance.now() - killedAt;
  await until(() => load.inFlightOfOld === 0, "what was in flight is answered or given up", recoverMsMax);
  const silent = load.unknown - unknown;
  // Until the end is noticed, what is sent joins what is in flight; whoever is answered may send, so nobody asks twice in vain.
  const most = load.inFlightMost;
  if (silent > most) wrong.push(`${silent} unknown after the end of ${victim}, with at most ${most} in flight`);
  return `${victim} with ${inFlight} in flight, ${silent} unknown, approvals again within ${Math.round(backMs)} ms`;
}

/** Each kind is met soon, then by chance; the supervisor, which takes the rest with it, more seldom. */
function victimOf(no: number, random: Random): Victim {
  const first: readonly Victim[] = ["redis", "switch", "platform", "supervisor"];
  const byChance: readonly Victim[] = ["redis", "redis", "switch", "switch", "platform", "platform", "supervisor"];
  return first[no - 1] ?? byChance[random.integer(byChance.length)] ?? "switch";
}

/** Starts once more, on what the kills have left, and looks at everything. */
async function verifyAtRest({ dataDir }: KilledSystem, wrong: string[]): Promise<VerifyAnswer | null> {
  try {
    const restarted = await startSwitch({ dataDir });
    try {
      await restarted.settled();
      return await restarted.verify();
    } finally {
      await restarted.close();
    }
  } catch (error) {
    wrong.push(`what the kills have left cannot be served: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}

function booksOf({ dataDir, cards }: KilledSystem, journal: SeenJournal): string[] {
  const records = openRecords({ path: join(dataDir, "records.db"), dataSetId: null });
  if (!records.ok) return [records.error.message];
  try {
    return compareBooks(records.value, journal, cards);
  } finally {
    records.value.close();
  }
}
