import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "#bin/find-redis.mjs";
import { type Engine, defaultEngineLimits, openEngine } from "../../src/app/engine.ts";
import { newKeyMaterial } from "../../src/app/key-file.ts";
import { type ProgramAccess, openProgram } from "../../src/app/program-access.ts";
import type { Clock } from "../../src/kernel/clock.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { type Projector, startProjector } from "../../src/projector/projector.ts";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../src/store/embedded-redis.ts";
import { type LuaFile, assembleLibrary, luaFiles } from "../../src/store/library.ts";
import type { Subject, SubjectFactory } from "../model/subject.ts";
import { AuthorizerSubject } from "./authorizer-subject.ts";

/** A Redis of its own, started again when a mutant has driven it mad, and a fresh data set in it for every subject. */
export class RealSubjects {
  #redis: EmbeddedRedis | null = null;
  #folder = "";
  #count = 0;

  readonly create: SubjectFactory = async (sources) => {
    const subject = await this.#open(sources);
    if (subject !== null) return subject;
    // Either the library is refused, or the last one left Redis in a loop that nothing ends.
    await this.close();
    return this.#open(sources);
  };

  async close(): Promise<void> {
    const redis = this.#redis;
    this.#redis = null;
    await redis?.stop();
    if (this.#folder !== "") rmSync(this.#folder, { recursive: true, force: true });
  }

  async #open(sources: ReadonlyMap<string, string> | null): Promise<Subject | null> {
    const redis = (this.#redis ??= await this.#start());
    const address = { path: redis.socketPath };
    const clock: Clock = { wallNow: () => 0, businessNow: () => 0, monotonicNow: () => performance.now() };
    const opened = await openEngine({
      address,
      namespace: `model${process.pid}-${++this.#count}`,
      shardCount: 2,
      keys: newKeyMaterial(),
      clock,
      random: seededRandom(this.#count),
      limits: { ...defaultEngineLimits, connectTimeoutMs: 4_000 },
      ...(sources === null ? {} : { library: assembleLibrary(ordered(sources)) }),
    });
    if (!opened.ok) return null;
    const engine = opened.value;
    const recordsPath = join(this.#folder, `records-${this.#count}.db`);
    const { projector, access } = await this.#openBooks(engine, address, recordsPath);
    const close = async (): Promise<void> => {
      access.close();
      await projector.close();
      engine.close();
      rmSync(recordsPath, { force: true });
    };
    return new AuthorizerSubject({ engine, access, address, close });
  }

  async #openBooks(
    engine: Engine,
    address: { path: string },
    recordsPath: string,
  ): Promise<{ projector: Projector; access: ProgramAccess }> {
    const { keyspace } = engine;
    const books = { redis: { address }, keyspace, recordsPath, dataSetId: null, isDurable: false };
    const started = await startProjector(books);
    if (!started.ok) throw new Error(started.error.message);
    const projector = started.value;
    const clock: Clock = { wallNow: () => 0, businessNow: () => 0, monotonicNow: () => performance.now() };
    const access = openProgram({
      engine,
      projector,
      recordsPath,
      clock,
      random: seededRandom(1),
      readTimeoutMs: 5_000,
    });
    return { projector, access };
  }

  async #start(): Promise<EmbeddedRedis> {
    this.#folder = mkdtempSync(join(tmpdir(), "cardswitch-model-"));
    const programs = await findRedis({ env: process.env, mayFetch: true });
    const started = await startEmbeddedRedis({
      programs,
      dataDir: join(this.#folder, "redis"),
      durability: "volatile",
    });
    if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
    return started.value;
  }
}

function ordered(sources: ReadonlyMap<string, string>): Map<LuaFile, string> {
  return new Map(luaFiles.map((name) => [name, sources.get(name) ?? ""]));
}
