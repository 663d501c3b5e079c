import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisBinaries, findRedis } from "#bin/find-redis.mjs";
import { type EmbeddedRedis, startEmbeddedRedis } from "../src/store/embedded-redis.ts";
import type { Durability } from "../src/store/redis-settings.ts";

/** One Redis of a bench's own in a folder that is removed with it. */
export class BenchRedis {
  readonly binaries: RedisBinaries;
  readonly folder: string;
  readonly #durability: Durability;
  #redis: EmbeddedRedis;

  private constructor(parts: {
    binaries: RedisBinaries;
    folder: string;
    durability: Durability;
    redis: EmbeddedRedis;
  }) {
    this.binaries = parts.binaries;
    this.folder = parts.folder;
    this.#durability = parts.durability;
    this.#redis = parts.redis;
  }

  static async open(durability: Durability): Promise<BenchRedis> {
    const binaries = await findRedis({ env: process.env, mayFetch: true });
    const folder = mkdtempSync(join(tmpdir(), "cardswitch-bench-"));
    const redis = await start({ binaries, folder, durability });
    return new BenchRedis({ binaries, folder, durability, redis });
  }

  get socketPath(): string {
    return this.#redis.socketPath;
  }

  /** Ends Redis and starts it on the same files; tells in how many milliseconds it answered again. */
  async restart(): Promise<number> {
    await this.#redis.stop();
    const begin = performance.now();
    this.#redis = await start({ binaries: this.binaries, folder: this.folder, durability: this.#durability });
    return performance.now() - begin;
  }

  async close(): Promise<void> {
    await this.#redis.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function start(parts: {
  binaries: RedisBinaries;
  folder: string;
  durability: Durability;
}): Promise<EmbeddedRedis> {
  const { binaries: programs, folder, durability } = parts;
  const started = await startEmbeddedRedis({ programs, dataDir: join(folder, "redis"), durability });
  if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
  return started.value;
}
