import { setTimeout as sleep } from "node:timers/promises";
import type { Clock } from "../src/kernel/clock.ts";
import { type Random, pick } from "../src/kernel/random.ts";
import type { FaultMode, FaultProxy } from "./fault-proxy.ts";

/** What can be done to the processes behind the line. */
export interface ChaosVictims {
  /** Ends it without warning; it is started again by whoever minds it. False where it is not running. */
  kill(victim: ChaosVictim): boolean;
  /** Lets it stand still for so long. False where it is not running. */
  halt(victim: ChaosVictim, ms: number): boolean;
}

export type ChaosVictim = "switch" | "platform";

export interface ChaosSettings {
  readonly random: Random;
  readonly clock: Clock;
  readonly proxy: FaultProxy;
  readonly victims: ChaosVictims;
  /** Pause between two faults, on average. */
  readonly everyMs: number;
  /** Hears of every fault when it begins. */
  readonly onFault: (words: string) => void;
}

const lineFaults: readonly FaultMode[] = [
  { kind: "drop-reply" },
  { kind: "half-reply" },
  { kind: "reset" },
  { kind: "blackhole" },
  { kind: "no-read" },
  { kind: "dribble", everyMs: 1 },
  { kind: "delay", ms: 250 },
];
const victims: readonly ChaosVictim[] = ["switch", "platform"];
const lastsMsMax = 1_500;
/** Of ten faults so many hit the line; one of the rest halts a process, the others kill one. */
const lineShare = 6;
const haltShare = 8;

/** Spoils the line and the processes, one fault after the other, drawn from a seed; ends at `endMs`, with a whole line. */
export async function causeChaos(settings: ChaosSettings, endMs: number): Promise<Record<string, number>> {
  const { clock, everyMs, onFault, proxy, random } = settings;
  const faults: Record<string, number> = {};
  while (clock.monotonicNow() < endMs) {
    await sleep(Math.min(Math.round(everyMs / 2) + random.integer(everyMs), Math.max(endMs - clock.monotonicNow(), 1)));
    if (clock.monotonicNow() >= endMs) break;
    const lastsMs = 100 + random.integer(lastsMsMax);
    const words = cause(settings, lastsMs);
    if (words === null) continue;
    faults[words] = (faults[words] ?? 0) + 1;
    onFault(`${words}, ${lastsMs} ms`);
    await sleep(lastsMs);
    proxy.set({ kind: "pass" });
  }
  return faults;
}

/** Null where there was nobody to hit. */
function cause({ proxy, random, victims: processes }: ChaosSettings, lastsMs: number): string | null {
  const drawn = random.integer(10);
  if (drawn < lineShare) {
    const mode = pick(random, lineFaults);
    proxy.set(mode);
    return `line ${mode.kind}`;
  }
  const victim = pick(random, victims);
  if (drawn < haltShare) return processes.halt(victim, lastsMs) ? `halt ${victim}` : null;
  return processes.kill(victim) ? `kill ${victim}` : null;
}
