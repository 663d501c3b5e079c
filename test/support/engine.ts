import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Engine, defaultEngineLimits, openEngine } from "../../src/app/engine.ts";
import { type KeyMaterial, newKeyMaterial } from "../../src/app/key-file.ts";
import { type ProgramAccess, openProgram } from "../../src/app/program-access.ts";
import type { AskPlatform } from "../../src/authorizer/ask-platform.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { type Projector, startProjector } from "../../src/projector/projector.ts";
import type { LuaLibrary } from "../../src/store/library.ts";
import { freshNamespace, sharedRedis } from "./redis.ts";

export interface TestEngine {
  readonly engine: Engine;
  readonly access: ProgramAccess;
  readonly projector: Projector;
  readonly clock: MovableClock;
  readonly namespace: string;
  readonly recordsPath: string;
  readonly keys: KeyMaterial;
  close(): Promise<void>;
}

export interface TestEngineOptions {
  readonly shardCount?: number;
  readonly library?: LuaLibrary;
  /** Default: the one that all tests share. */
  readonly socketPath?: string;
  /** Default: nobody can be asked. */
  readonly ask?: AskPlatform;
}

/** A fresh data set on a real Redis with real records: null where the library cannot be loaded. */
export async function openTestEngine(options: TestEngineOptions = {}): Promise<TestEngine | null> {
  const socketPath = options.socketPath ?? (await sharedRedis()).socketPath;
  const folder = mkdtempSync(join(tmpdir(), "cardswitch-engine-"));
  const recordsPath = join(folder, "records.db");
  const namespace = freshNamespace();
  const clock = new MovableClock();
  const random = seededRandom(1);
  const keys = newKeyMaterial();
  const opened = await openEngine({
    address: { path: socketPath },
    namespace,
    shardCount: options.shardCount ?? 2,
    keys,
    clock,
    random,
    limits: defaultEngineLimits,
    ...(options.library === undefined ? {} : { library: options.library }),
    ...(options.ask === undefined ? {} : { ask: options.ask }),
  });
  if (!opened.ok) {
    rmSync(folder, { recursive: true });
    return null;
  }
  const engine = opened.value;
  const started = await startProjector({
    redis: { address: { path: socketPath } },
    keyspace: engine.keyspace,
    recordsPath,
    dataSetId: null,
    isDurable: false,
  });
  if (!started.ok) throw new Error(started.error.message);
  const projector = started.value;
  const access = openProgram({ engine, projector, recordsPath, clock, random, readTimeoutMs: 5_000 });
  return {
    engine,
    access,
    projector,
    clock,
    namespace,
    recordsPath,
    keys,
    close: async () => {
      access.close();
      await projector.close();
      engine.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
