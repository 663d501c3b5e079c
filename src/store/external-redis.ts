import { Redis } from "ioredis";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type RedisError, redisError } from "./redis-error.ts";

const connectMsMax = 5_000;
const commandMsMax = 5_000;
const versionMajorMin = 7;

export interface ExternalRedis {
  /** "7.0.15" */
  readonly version: string;
}

/**
 * Whether a Redis that somebody else runs may keep money: version 7.0 or newer, append-only file on, and refusing
 * writes when full rather than forgetting. Errors: `redis_unreachable`, `redis_too_old`, `redis_unsuitable`.
 */
export async function checkExternal(url: string): Promise<Result<ExternalRedis, RedisError>> {
  const place = withoutSecrets(url);
  if (place === null) return fail(redisError("redis_unreachable", "REDIS_URL is not a redis:// or rediss:// address"));
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: connectMsMax,
    commandTimeout: commandMsMax,
    enableReadyCheck: false,
    disableClientInfo: true,
  });
  const failure = { message: "it does not answer" };
  client.on("error", (error: Error) => {
    failure.message = error.message;
  });
  try {
    return judge(place, parseInfo(await client.info()));
  } catch (error) {
    const reason = error instanceof Error && !/closed/i.test(error.message) ? error.message : failure.message;
    return fail(redisError("redis_unreachable", `the Redis at ${place} cannot be used: ${reason}`));
  } finally {
    client.disconnect();
  }
}

function judge(place: string, info: ReadonlyMap<string, string>): Result<ExternalRedis, RedisError> {
  const version = info.get("redis_version") ?? "0";
  if (Number.parseInt(version, 10) < versionMajorMin) {
    return fail(
      redisError("redis_too_old", `the Redis at ${place} is ${version}; ${versionMajorMin}.0 or newer is needed`),
    );
  }
  const policy = info.get("maxmemory_policy") ?? "unknown";
  const faults = [
    ...(policy === "noeviction" ? [] : [`its maxmemory-policy is ${policy}, and noeviction is needed`]),
    ...(info.get("aof_enabled") === "1" ? [] : ["its append-only file is off (appendonly yes is needed)"]),
  ];
  if (faults.length === 0) return ok({ version });
  return fail(redisError("redis_unsuitable", `the Redis at ${place} would lose money: ${faults.join("; ")}`));
}

/** "redis_version:7.0.15" and so on, one a line, under headings that begin with #. */
function parseInfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

function withoutSecrets(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { protocol, host, pathname } = new URL(url);
  if (protocol === "unix:") return pathname;
  return protocol === "redis:" || protocol === "rediss:" ? `${protocol}//${host}` : null;
}
