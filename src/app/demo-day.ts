import { type DemoDaySummary, playDemoDay } from "../../simulators/demo-day.ts";
import { renderDemoLine } from "../../simulators/demo-feed.ts";
import { SeenJournal } from "../../simulators/journal.ts";
import { Link } from "../../simulators/link.ts";
import { networkSides } from "../../simulators/sides.ts";
import { Station } from "../../simulators/station.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { assert } from "../kernel/assert.ts";
import { MovableClock } from "../kernel/clock.ts";
import { secureRandom } from "../kernel/random.ts";
import type { SeededProgram } from "../seed.ts";
import { carriedCards, demoHooks } from "./demo-hooks.ts";
import type { InProcess } from "./in-process.ts";

export interface DemoRun {
  readonly everyMs: number;
  readonly onLine: (line: string) => void;
}

const answerMsMax = 5_000;
const usableMsMax = 5_000;
const runMax = 46_656;

/** Plays the scripted day over the links of a switch that runs in this process. */
export async function runDemoDay(opened: InProcess, seeded: SeededProgram, run: DemoRun): Promise<DemoDaySummary> {
  const { host } = opened.ground.config;
  const clock = new MovableClock();
  const numbers = new TraceNumbers(secureRandom.integer(runMax));
  const journal = new SeenJournal();
  const closing: (() => Promise<void>)[] = [];
  const connect = async (network: keyof typeof networkSides): Promise<Station> => {
    const side = networkSides[network];
    const port = opened.switchRole.ports[linkNames[network]] ?? 0;
    const signOn = network === "generic" ? "none" : "by-us";
    const link = new Link({ side, address: { kind: "connect", host: reachable(host), port }, signOn, clock });
    await link.open();
    closing.push(() => link.close());
    assert(await link.usable(usableMsMax), `the ${network} link did not come up`);
    const station = new Station({ link, clock, numbers, journal, timeoutMs: answerMsMax });
    closing.push(async () => station.close());
    return station;
  };
  try {
    return await playDemoDay({
      stations: {
        visa: await connect("visa"),
        mastercard: await connect("mastercard"),
        generic: await connect("generic"),
      },
      secondGeneric: await connect("generic"),
      cards: carriedCards(seeded.cards),
      hooks: demoHooks({
        program: () => opened.platform.books().access.program,
        seeded,
        advance: async (ms) => {
          const moved = await opened.platform.clock.advance(ms);
          assert(moved.ok, moved.ok ? "" : moved.error.message);
        },
      }),
      clock,
      numbers,
      everyMs: run.everyMs,
      onLine: (line) => run.onLine(renderDemoLine(line)),
    });
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

const linkNames = { visa: "visa-style", mastercard: "mastercard-style", generic: "generic" } as const;

/** Who listens everywhere is reached here. */
function reachable(host: string): string {
  return host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
}
