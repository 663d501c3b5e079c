import { Redis } from "ioredis";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type RedisError, redisError } from "./redis-error.ts";
import type { Durability } from "./redis-settings.ts";

const connectMsMax = 5_000;
const commandMsMax = 5_000;
const versionMajorMin = 7;

export interface ExternalRedis {
  /** "7.0.15" */
  readonly version: string;
}

/**
 * Whether a Redis that somebody else runs may keep money: version 7.0 or newer, append-only file on, written through
 * where no approval may be lost, and refusing writes when full rather than forgetting. A Redis that hides its settings
 * is taken at its word. Errors: `redis_unreachable`, `redis_too_old`, `redis_unsuitable`.
 */
export async function checkExternal(url: string, durability: Durability): Promise<Result<ExternalRedis, RedisError>> {
  const place = withoutSecrets(url);
  if (place === null) return fail(redisError("redis_unreachable", "REDIS_URL is not a redis:// or rediss:// address"));
  const fault = faultOfAddress(new URL(url));
  if (fault !== null) return fail(redisError("redis_unsuitable", `the Redis at ${place} cannot be used: ${fault}`));
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
    const info = parseInfo(await client.info());
    return judge(place, info, durability === "always" ? await appendfsync(client) : null);
  } catch (error) {
    const reason = error instanceof Error && !/closed/i.test(error.message) ? error.message : failure.message;
    return fail(redisError("redis_unreachable", `the Redis at ${place} cannot be used: ${reason}`));
  } finally {
    client.disconnect();
  }
}

// Both would be ignored by the hot path, which then would look for its money in another place.
function faultOfAddress({ username, pathname, protocol }: URL): string | null {
  if (username !== "" && username !== "default") return "only the default user is supported, with its password";
  if (protocol === "unix:" || pathname === "" || pathname === "/" || pathname === "/0") return null;
  return `only database 0 is supported, not ${pathname.slice(1)}`;
}

async function appendfsync(client: Redis): Promise<string | null> {
  try {
    const answer: unknown = await client.config("GET", "appendfsync");
    return Array.isArray(answer) && typeof answer[1] === "string" ? answer[1] : null;
  } catch (error) {
    // A hosted Redis may not let anybody read its settings: it answers with an error of its own.
    if (error instanceof Error && error.name === "ReplyError") return null;
    throw error;
  }
}

function judge(
  place: string,
  info: ReadonlyMap<string, string>,
  fsync: string | null,
): Result<ExternalRedis, RedisError> {
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
    ...(fsync === null || fsync === "always"
      ? []
      : [`its appendfsync is ${fsync}; set it to always, or start with --durability relaxed`]),
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
