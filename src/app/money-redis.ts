import { findRedis } from "#bin/find-redis.mjs";
import type { Config } from "../config.ts";
import { type Result, ok } from "../kernel/result.ts";
import type { Log } from "../log.ts";
import { type EmbeddedRedis, startEmbeddedRedis } from "../store/embedded-redis.ts";
import { checkExternal } from "../store/external-redis.ts";
import type { HotAddress } from "../store/hot-connection.ts";
import type { Durability } from "../store/redis-settings.ts";
import { type AppError, appError } from "./app-error.ts";
import type { DataSet } from "./data-set.ts";

/** The Redis that holds the money: ours, or one that somebody else runs. */
export interface MoneyRedis {
  readonly address: HotAddress;
  readonly password: string | null;
  /** "7.0.15, /usr/bin/redis-server" */
  readonly description: string;
  /** Of our own; null for one that somebody else runs, and while ours is down. */
  pid(): number | null;
  /** Ends our own; leaves any other alone. */
  stop(): Promise<void>;
}

const bytesInMessageMax = 400;

/** REDIS_URL, else our own: found on this machine or fetched (design: Redis and durability). Errors: `no_redis`. */
export function openMoneyRedis(config: Config, dataSet: DataSet, log: Log): Promise<Result<MoneyRedis, AppError>> {
  return config.redisUrl === null ? startOwn(config, dataSet, log) : useExternal(config.redisUrl, config.durability);
}

async function startOwn(config: Config, dataSet: DataSet, log: Log): Promise<Result<MoneyRedis, AppError>> {
  const found = await find();
  if (!found.ok) return found;
  const programs = found.value;
  const started = await startEmbeddedRedis({
    programs,
    dataDir: dataSet.redisDir,
    durability: config.durability,
    ...(config.memoryBytesMax === null ? {} : { memoryBytesMax: config.memoryBytesMax }),
    isDetached: true,
    onExit: (end) => log.error(end, "Redis has ended and is started again"),
    onRestart: (start) => log.warn(start, "Redis is up again"),
    onRepair: (repair) => log.warn(repair, "a torn tail was cut off the append-only file"),
    onRestartFailed: (error) => log.error(error, "Redis does not start"),
  });
  if (!started.ok) return appError("no_redis", started.error.message.slice(0, bytesInMessageMax));
  return ok(own(started.value, `${programs.version}, ${programs.server}`));
}

function own(redis: EmbeddedRedis, description: string): MoneyRedis {
  return {
    address: { path: redis.socketPath },
    password: null,
    description,
    pid: () => redis.pid,
    stop: () => redis.stop(),
  };
}

type Found = Awaited<ReturnType<typeof findRedis>>;

async function find(): Promise<Result<Found, AppError>> {
  try {
    return ok(await findRedis({ env: process.env, mayFetch: true }));
  } catch (error) {
    return appError("no_redis", error instanceof Error ? error.message : String(error));
  }
}

async function useExternal(text: string, durability: Durability): Promise<Result<MoneyRedis, AppError>> {
  const checked = await checkExternal(text, durability);
  if (!checked.ok) return appError("no_redis", checked.error.message);
  const url = new URL(text);
  if (url.protocol === "rediss:") {
    return appError(
      "no_redis",
      "the hot path does not speak TLS to Redis; use redis:// or unix:// on a trusted network",
    );
  }
  const address =
    url.protocol === "unix:" ? { path: url.pathname } : { host: url.hostname, port: Number(url.port || 6379) };
  const place = "path" in address ? address.path : `${address.host}:${address.port}`;
  return ok({
    address,
    password: url.password === "" ? null : decodeURIComponent(url.password),
    description: `${checked.value.version}, ${place}, not ours`,
    pid: () => null,
    stop: () => Promise.resolve(),
  });
}
