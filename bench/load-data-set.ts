import { join } from "node:path";
import { type Engine, defaultEngineLimits, openEngine } from "../src/app/engine.ts";
import { type KeyMaterial, newKeyMaterial } from "../src/app/key-file.ts";
import { type LoadCard, createLoadProgram } from "../src/app/load-program.ts";
import { openProgram } from "../src/app/program-access.ts";
import { MovableClock } from "../src/kernel/clock.ts";
import { seededRandom } from "../src/kernel/random.ts";
import { startProjector } from "../src/projector/projector.ts";
import type { LuaLibrary } from "../src/store/library.ts";
import type { BenchRedis } from "./environment.ts";

/** Load cards in every shard: one account and one cardholder a shard. */
export interface LoadDataSet {
  readonly namespace: string;
  readonly shardCount: number;
  readonly keys: KeyMaterial;
  readonly recordsPath: string;
  readonly cards: readonly LoadCard[];
}

export const benchShards = 16;
const funds = 10_000_000_000_00n;

export interface LoadDataSetOptions {
  readonly namespace: string;
  readonly cards: number;
  readonly isDurable: boolean;
  readonly library?: LuaLibrary;
}

export async function createLoadDataSet(bench: BenchRedis, options: LoadDataSetOptions): Promise<LoadDataSet> {
  const keys = newKeyMaterial();
  const engine = await openBenchEngine(bench, { namespace: options.namespace, keys, library: options.library });
  const recordsPath = join(bench.folder, `${options.namespace}.db`);
  const projector = await startProjector({
    redis: { address: { path: bench.socketPath } },
    keyspace: engine.keyspace,
    recordsPath,
    dataSetId: null,
    isDurable: options.isDurable,
  });
  if (!projector.ok) throw new Error(projector.error.message);
  const clock = new MovableClock();
  const random = seededRandom(7);
  const access = openProgram({ engine, projector: projector.value, recordsPath, clock, random, readTimeoutMs: 60_000 });
  const cards = await createLoadProgram(access.program, {
    cards: options.cards,
    currency: "usd",
    network: "visa",
    shardCount: benchShards,
    accountsPerShard: 1,
    cardholdersPerAccount: 1,
    funds,
    programType: "load",
    concurrency: 256,
  });
  for (let shard = 0; shard < benchShards; shard++) await access.caughtUp(shard);
  access.close();
  await projector.value.close();
  engine.close();
  return { namespace: options.namespace, shardCount: benchShards, keys, recordsPath, cards };
}

export interface BenchEngineOptions {
  readonly namespace: string;
  readonly keys: KeyMaterial;
  readonly library?: LuaLibrary | undefined;
}

export async function openBenchEngine(bench: BenchRedis, options: BenchEngineOptions): Promise<Engine> {
  const engine = await openEngine({
    address: { path: bench.socketPath },
    namespace: options.namespace,
    shardCount: benchShards,
    keys: options.keys,
    clock: new MovableClock(),
    random: seededRandom(11),
    limits: defaultEngineLimits,
    ...(options.library === undefined ? {} : { library: options.library }),
  });
  if (!engine.ok) throw new Error(engine.error.message);
  return engine.value;
}
