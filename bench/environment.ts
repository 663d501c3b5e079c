import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RedisBinaries, findRedis } from "#bin/find-redis.mjs";
import { type EmbeddedRedis, startEmbeddedRedis } from "../src/store/embedded-redis.ts";
import type { Durability } from "../src/store/redis-settings.ts";

/** One Redis of a bench's own in a folder that is removed with it. */
export interface BenchRedis {
  readonly binaries: RedisBinaries;
  readonly redis: EmbeddedRedis;
  readonly folder: string;
  close(): Promise<void>;
}

export async function openBenchRedis(durability: Durability): Promise<BenchRedis> {
  const binaries = await findRedis({ env: process.env, mayFetch: true });
  const folder = mkdtempSync(join(tmpdir(), "cardswitch-bench-"));
  const started = await startEmbeddedRedis({ programs: binaries, dataDir: join(folder, "redis"), durability });
  if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
  return {
    binaries,
    redis: started.value,
    folder,
    close: async () => {
      await started.value.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
