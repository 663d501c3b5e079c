import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "#bin/find-redis.mjs";
import { type EmbeddedRedisOptions, startEmbeddedRedis } from "../../src/store/embedded-redis.ts";

export interface TestRedis {
  readonly socketPath: string;
  readonly pid: number;
  readonly dataDir: string;
  stop(): Promise<void>;
}

/** A Redis of the test's own, that it may kill, damage and start again on the same directory. */
export async function startTestRedis(options: Partial<EmbeddedRedisOptions> = {}): Promise<TestRedis> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "cardswitch-test-"));
  const programs = await findRedis({ env: process.env, mayFetch: true });
  const started = await startEmbeddedRedis({ programs, dataDir, ...options });
  if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
  const redis = started.value;
  return {
    socketPath: redis.socketPath,
    pid: redis.pid ?? 0,
    dataDir,
    stop: async () => {
      await redis.stop();
      if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

let shared: Promise<TestRedis> | null = null;

/** One server for every test of the run that does not mind: each takes its own namespace. Never stop it. */
export function sharedRedis(): Promise<TestRedis> {
  shared ??= startTestRedis();
  return shared;
}

let namespaceCount = 0;

export function freshNamespace(): string {
  namespaceCount++;
  return `t${process.pid}-${namespaceCount}`;
}

after(async () => {
  await (await shared)?.stop();
});
