import type { LoadReport, LoadTask } from "./loader-process.ts";
import { median } from "./medians.ts";
import { DriverProcess, LoaderProcess, SwitchProcess } from "./processes.ts";
import { ServedSystem } from "./served-system.ts";

export interface WireWithApiSettings {
  readonly rounds: number;
  readonly seconds: number;
  /** Authorizations a second that the API reached alone. It is driven at half of that. */
  readonly apiMaximum: number;
  /** Called with a line of progress. */
  readonly say: (line: string) => void;
}

export interface WireWithApiFigures {
  /** null: the API did not keep its pace, or the wire turned messages away: that is no figure of what was offered. */
  readonly p99MinusEchoMs: number | null;
  readonly apiPerSecond: number;
  readonly faults: readonly string[];
}

interface Round {
  readonly echoP99: number;
  readonly p99: number;
  readonly apiPerSecond: number;
  /** Messages of the wire that were answered 91, or not at all. */
  readonly undecided: number;
}

const wireRate = 2_000;
const wireCards = 500;
const wireConnections = 4;
const apiConnections = 50;
/** Of its pace: what the API has to reach for a round to count. */
const paceKept = 0.95;

/** The wire's latency while the API, too, is at work: a system as in production, and an echo on the same machine at rest. */
export async function benchWireWithApi(settings: WireWithApiSettings): Promise<WireWithApiFigures> {
  const echo = await SwitchProcess.open({ kind: "echo" });
  const system = await ServedSystem.open(wireCards);
  const run = new Run(system, settings);
  const rounds: Round[] = [];
  try {
    await run.warm();
    for (let i = 1; i <= settings.rounds; i++) {
      const round = await run.round(echo.port);
      settings.say(`wire with API, round ${i}: ${JSON.stringify(round)}`);
      rounds.push(round);
    }
    run.faults.push(...(await system.verify()));
  } finally {
    await run.close();
    await echo.close();
    const code = await system.close();
    if (code !== 0) run.faults.push(`cardswitch start ended with ${code}`);
  }
  const apiPerSecond = median(rounds.map((round) => round.apiPerSecond));
  const isKept = apiPerSecond >= run.apiRate * paceKept && rounds.every(({ undecided }) => undecided === 0);
  if (!isKept)
    settings.say(`wire with API: no figure where not all that was offered is decided (API: ${run.apiRate}/s)`);
  return {
    p99MinusEchoMs: isKept ? median(rounds.map(({ p99, echoP99 }) => p99 - echoP99)) : null,
    apiPerSecond,
    faults: run.faults,
  };
}

class Run {
  readonly faults: string[] = [];
  readonly apiRate: number;
  readonly #system: ServedSystem;
  readonly #seconds: number;
  readonly #loader = new LoaderProcess();
  readonly #driver = new DriverProcess();
  #sequence = 1_000_000;

  constructor(system: ServedSystem, { apiMaximum, seconds }: WireWithApiSettings) {
    this.#system = system;
    this.#seconds = seconds;
    this.apiRate = Math.round(apiMaximum / 2);
  }

  /** Compiled code and filled card views: a platform that has just started takes five times as long for a request. */
  async warm(): Promise<void> {
    await this.#drive(2 * this.apiRate);
    await this.#both();
  }

  async round(echoPort: number): Promise<Round> {
    const echo = await this.#load(echoPort, true);
    const [wire, apiPerSecond] = await this.#both();
    const undecided = wire.shed + wire.sent - wire.answered;
    return { echoP99: echo.latencyMs.p99, p99: wire.latencyMs.p99, apiPerSecond, undecided };
  }

  async close(): Promise<void> {
    await this.#loader.close();
    await this.#driver.close();
  }

  #both(): Promise<[LoadReport, number]> {
    return Promise.all([this.#load(this.#system.wirePort, false), this.#drive(this.apiRate)]);
  }

  async #load(port: number, isEcho: boolean): Promise<LoadReport> {
    const task: LoadTask = {
      port,
      pans: this.#system.pans,
      connections: wireConnections,
      pace: { kind: "open", rate: wireRate },
      seconds: this.#seconds,
      firstSequence: this.#sequence,
      mix: { repeats: 0, reversals: 0, unknown: 0 },
      isEcho,
      seed: this.#sequence,
    };
    const report = await this.#loader.run(task);
    this.#sequence = report.nextSequence;
    const what = isEcho ? "echo" : "wire with API";
    if (report.mismatchCount > 0) {
      this.faults.push(`${what}: ${report.mismatchCount} wrong answers, such as ${report.mismatches[0]}`);
    }
    return report;
  }

  async #drive(rate: number): Promise<number> {
    const { url, key, account, card } = this.#system.api;
    const { sent, answeredInTime, wrong } = await this.#driver.run({
      url,
      path: "/v1/test_helpers/issuing/authorizations",
      headers: {
        authorization: `Bearer ${key}`,
        "stripe-account": account,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: `card=${card}&amount=100`,
      connections: apiConnections,
      rate,
      seconds: this.#seconds,
    });
    if (wrong > 0) this.faults.push(`wire with API: ${wrong} of ${sent} answers of the API were wrong`);
    return answeredInTime / this.#seconds;
  }
}
