import { must } from "../src/kernel/assert.ts";
import { startProjector } from "../src/projector/projector.ts";
import { openRecords } from "../src/records/database.ts";
import { createClient } from "../src/store/client.ts";
import { Keyspace } from "../src/store/keys.ts";
import type { Durability } from "../src/store/redis-settings.ts";
import { verify } from "../src/verify/verify.ts";
import { BenchRedis } from "./environment.ts";
import { type LoadDataSet, benchShards, createLoadDataSet } from "./load-data-set.ts";
import type { LoadReport, LoadTask } from "./loader-process.ts";
import { LoaderProcess, SwitchProcess } from "./processes.ts";
import { redisBenchmark } from "./redis-benchmark.ts";
import type { SwitchTask } from "./switch-process.ts";
import { benchLibrary } from "./wrapper.ts";

const cards = 10_000;
/** As many messages in flight as redis-benchmark has calls: 50 clients × 16. */
const connections = 4;
const depth = 200;
const drainMs = 300_000;
const restMsMax = 30_000;
const restPollMs = 100;

/** ≥ 85 % fresh approvals; the rest repeats, reverses, or names PANs that nobody has. */
const mixed = { repeats: 4, reversals: 4, unknown: 2 } as const;
/** Fresh approvals only: what every design can be asked. */
const plain = { repeats: 0, reversals: 0, unknown: 0 } as const;

export interface Load {
  readonly kind: SwitchTask["kind"];
  readonly pace: Pace;
  readonly seconds: number;
  readonly mix: "mixed" | "plain";
}

export type Pace = LoadTask["pace"];

/** One Redis in one mode of durability, with load cards for the switch and others for redis-benchmark. */
export class Stage {
  readonly durability: Durability;
  readonly #bench: BenchRedis;
  readonly #dataSet: LoadDataSet;
  readonly #library: ReturnType<typeof benchLibrary>;
  readonly #loader = new LoaderProcess();
  #redis: ReturnType<typeof createClient> | null = null;
  #sequence = 1_000_000;
  #decided = 0;
  readonly faults: string[] = [];
  /** Answers 91 of all runs: what was offered was too much. */
  shed = 0;
  /** Messages whose decision came after their deadline, if at all: silence is what they get. */
  silent = 0;

  private constructor(
    bench: BenchRedis,
    parts: { dataSet: LoadDataSet; durability: Durability; library: ReturnType<typeof benchLibrary> },
  ) {
    this.#bench = bench;
    this.#dataSet = parts.dataSet;
    this.#library = parts.library;
    this.durability = parts.durability;
  }

  static async open(durability: Durability): Promise<Stage> {
    const bench = await BenchRedis.open(durability);
    const library = benchLibrary({ namespace: "rb", shardCount: benchShards, cardsPerShard: cards / benchShards });
    await createLoadDataSet(bench, { namespace: "rb", cards, isDurable: false, library: library.library });
    const dataSet = await createLoadDataSet(bench, { namespace: "e2e", cards, isDurable: durability === "always" });
    return new Stage(bench, { dataSet, durability, library });
  }

  /** Calls a second of redis-benchmark with the money function and nothing around it: c50 P16. */
  redisBenchmark(calls: number): Promise<number> {
    return redisBenchmark(this.#bench, { functionName: this.#library.authorize, calls, clients: 50, pipeline: 16 });
  }

  /**
   * Waits until Redis rewrites no file any more: what a closed loop has filled the log with is rewritten for seconds after
   * it, by a process that takes one of two cores, and would be measured as the latency of what comes next.
   */
  async atRest(): Promise<void> {
    this.#redis ??= createClient({ address: { path: this.#bench.socketPath }, commandTimeoutMs: 60_000 });
    for (let waitedMs = 0; waitedMs < restMsMax; waitedMs += restPollMs) {
      const text = await this.#redis.info("persistence");
      if (/aof_rewrite_in_progress:0/.test(text) && /aof_rewrite_scheduled:0/.test(text)) return;
      await new Promise((resolve) => {
        setTimeout(resolve, restPollMs);
      });
    }
  }

  /** CPU that Redis has used so far, in user and kernel, its own threads counted. */
  async redisCpuMs(): Promise<number> {
    this.#redis ??= createClient({ address: { path: this.#bench.socketPath }, commandTimeoutMs: 60_000 });
    const text = await this.#redis.info("cpu");
    const seconds = (name: string): number => Number(new RegExp(`${name}:([\\d.]+)`).exec(text)?.[1] ?? Number.NaN);
    return (seconds("used_cpu_sys") + seconds("used_cpu_user")) * 1000;
  }

  openSwitch(kind: SwitchTask["kind"], withProjector = false): Promise<SwitchProcess> {
    const { keys, recordsPath, shardCount, cards: made } = this.#dataSet;
    return SwitchProcess.open({
      kind,
      socketPath: this.#bench.socketPath,
      namespace: "e2e",
      shardCount,
      idKey: Buffer.from(keys.idKey).toString("hex"),
      vaultKeys: keys.vaultKeys.map(({ id, panKey, indexKey }) => ({
        id,
        panKey: Buffer.from(panKey).toString("hex"),
        indexKey: Buffer.from(indexKey).toString("hex"),
      })),
      recordsPath,
      withProjector,
      isDurable: this.durability === "always",
      pans: made.map((card) => card.pan),
    });
  }

  async load(target: SwitchProcess, load: Load): Promise<LoadReport> {
    const { kind, pace, seconds } = load;
    const report = await this.#loader.run({
      port: target.port,
      pans: this.#dataSet.cards.map((card) => card.pan),
      connections,
      pace,
      seconds,
      firstSequence: this.#sequence,
      mix: load.mix === "mixed" ? mixed : plain,
      isEcho: kind === "echo",
      seed: this.#sequence,
    });
    this.#sequence = report.nextSequence;
    if (kind === "cardswitch") this.#decided += report.decided;
    this.shed += report.shed;
    if (report.mismatchCount > 0)
      this.faults.push(`${kind}: ${report.mismatchCount} wrong answers, such as ${report.mismatches[0]}`);
    if (kind === "cardswitch") this.silent += report.sent - report.answered;
    return report;
  }

  /** Drains the journal into the records, then lets verify recompute everything. Tells how long the drain took. */
  async settle(): Promise<{ readonly drainSeconds: number; readonly backlog: number }> {
    const keyspace = new Keyspace("e2e", benchShards);
    const redis = createClient({ address: { path: this.#bench.socketPath }, commandTimeoutMs: 60_000 });
    const { recordsPath } = this.#dataSet;
    const address = { address: { path: this.#bench.socketPath } };
    const started = await startProjector({
      redis: address,
      keyspace,
      recordsPath,
      dataSetId: null,
      isDurable: this.durability === "always",
    });
    if (!started.ok) throw new Error(started.error.message);
    const projector = started.value;
    const backlog = (await projector.backlog()) ?? 0;
    const begin = performance.now();
    const numbers = must(await projector.lastNumbers(), "Redis does not answer");
    for (const [shard, no] of numbers.entries()) {
      if (!(await projector.waitFor(shard, no, drainMs))) this.faults.push(`shard ${shard} was not drained`);
    }
    const drainSeconds = (performance.now() - begin) / 1000;
    await projector.close();
    await this.#verify(redis, keyspace);
    redis.disconnect();
    return { drainSeconds, backlog };
  }

  async close(): Promise<void> {
    this.#redis?.disconnect();
    await this.#loader.close();
    await this.#bench.close();
  }

  async #verify(redis: ReturnType<typeof createClient>, keyspace: Keyspace): Promise<void> {
    const opened = openRecords({ path: this.#dataSet.recordsPath, dataSetId: null });
    if (!opened.ok) throw new Error(opened.error.message);
    const report = await verify({ redis, keyspace, records: opened.value });
    for (const violation of report.violations) this.faults.push(JSON.stringify(violation));
    const counted = opened.value
      .prepare<{ n: number }>("SELECT count(*) AS n FROM entries WHERE kind IN (2, 3)")
      .first();
    const recorded = counted?.n ?? 0;
    const isExplained = recorded >= this.#decided && recorded <= this.#decided + this.silent;
    if (!isExplained) this.faults.push(`${recorded} journal entries for ${this.#decided} decided messages`);
    opened.value.close();
  }
}

export const closedLoop: Pace = { kind: "closed", depth };
