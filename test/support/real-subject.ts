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
import { type LuaFile, assembleLibrary, luaFiles, readLuaSources } from "../../src/store/library.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { createClient } from "../../src/store/client.ts";
import type { HotAddress } from "../../src/store/hot-connection.ts";
import type { Keyspace } from "../../src/store/keys.ts";
import { verify } from "../../src/verify/verify.ts";
import type { Subject, SubjectFactory } from "../model/subject.ts";
import { FunctionGround } from "../store/lua/function-ground.ts";
import { AskedMessages } from "./asked-messages.ts";
import { AuthorizerSubject } from "./authorizer-subject.ts";

/** Times come with every operation. A wall clock at zero sends even a late message on to the function. */
const clockAtZero: Clock = { wallNow: () => 0, businessNow: () => 0, monotonicNow: () => performance.now() };

/** Tells what is wrong with the records; null: nothing. */
export type BookReader = (records: Records) => string | null;

/** A Redis of its own, started again when a mutant has driven it mad, and a fresh data set in it for every subject. */
export class RealSubjects {
  readonly #readBooks: BookReader;
  #redis: EmbeddedRedis | null = null;
  #folder = "";
  #count = 0;

  /** `readBooks` looks at the records of every subject, too, once they hold its whole journal. */
  constructor(readBooks: BookReader = () => null) {
    this.#readBooks = readBooks;
  }

  readonly create: SubjectFactory = (sources) => this.#twice(() => this.#open(sources));

  /** The functions alone, for examples of single calls; null where the library cannot be loaded. */
  readonly createGround = (sources: ReadonlyMap<string, string> | null): Promise<FunctionGround | null> =>
    this.#twice(async () => {
      const { socketPath } = (this.#redis ??= await this.#start());
      const library = assembleLibrary(sources === null ? readLuaSources() : ordered(sources));
      return FunctionGround.open({ path: socketPath }, library, `ground${process.pid}-${++this.#count}`);
    });

  async close(): Promise<void> {
    const redis = this.#redis;
    this.#redis = null;
    await redis?.stop();
    if (this.#folder !== "") rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Where the first attempt fails, either the library is refused, or the last one left Redis in a loop without end. */
  async #twice<T>(attempt: () => Promise<T | null>): Promise<T | null> {
    const first = await attempt();
    if (first !== null) return first;
    await this.close();
    return attempt();
  }

  async #open(sources: ReadonlyMap<string, string> | null): Promise<Subject | null> {
    const redis = (this.#redis ??= await this.#start());
    const address = { path: redis.socketPath };
    const asked = new AskedMessages();
    const opened = await openEngine({
      address,
      namespace: `model${process.pid}-${++this.#count}`,
      shardCount: 2,
      keys: newKeyMaterial(),
      clock: clockAtZero,
      random: seededRandom(this.#count),
      ask: asked.platform,
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
    const audit = (): Promise<string | null> =>
      auditBooks({ projector, address, recordsPath, keyspace: engine.keyspace, readBooks: this.#readBooks });
    return new AuthorizerSubject({ engine, access, address, asked, audit, close });
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
    const access = openProgram({
      engine,
      projector,
      recordsPath,
      clock: clockAtZero,
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

/** What `verify` finds in the data set, in one text; null: nothing. */
async function auditBooks(books: {
  readonly projector: Projector;
  readonly address: HotAddress;
  readonly recordsPath: string;
  readonly keyspace: Keyspace;
  readonly readBooks: BookReader;
}): Promise<string | null> {
  if (!(await books.projector.drained(10_000))) return "the records do not catch up with the journal";
  const opened = openRecords({ path: books.recordsPath, dataSetId: null });
  if (!opened.ok) return opened.error.message;
  const redis = createClient({ address: books.address });
  try {
    const { violations } = await verify({ redis, keyspace: books.keyspace, records: opened.value, violationsMax: 3 });
    const fault = books.readBooks(opened.value);
    if (violations.length === 0) return fault;
    return violations.map((violation) => JSON.stringify(violation, text)).join("; ");
  } finally {
    redis.disconnect();
    opened.value.close();
  }
}

function text(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}
