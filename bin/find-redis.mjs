import { execFile } from "node:child_process";
import { access, constants, readdir } from "node:fs/promises";
import { homedir, platform } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { EnvironmentError } from "./environment-error.mjs";

const execute = promisify(execFile);
const majorMin = 7;
const versionMsMax = 10_000;

/**
 * The Redis of this machine: `redis-server` or `valkey-server` on the PATH, then what an earlier start has fetched
 * into the cache, then, where that is allowed, the Debian packages. Types are in find-redis.d.mts.
 */
export async function findRedis({ env, mayFetch }) {
  const rejected = [];
  const found = (await findOnPath(env, rejected)) ?? (await findInCache(cacheFolder(env), rejected));
  if (found !== null) return found;
  if (mayFetch) {
    const { fetchRedis } = await import("./fetch-redis.mjs");
    const fetched = await fetchRedis(cacheFolder(env), rejected);
    if (fetched !== null) return { ...(await examine(fetched, rejected, true)), isFetched: true };
  }
  throw lacking(rejected);
}

/** What the server in an unpacked folder is, or null where it does not run; the reason is added to `rejected`. */
export async function examine(server, rejected, isUnpacked) {
  const libraryPath = isUnpacked ? await librariesOf(dirname(dirname(dirname(server)))) : null;
  const version = await versionOf(server, libraryPath);
  if (version === null) {
    rejected.push(`${server} does not run`);
    return null;
  }
  if (Number.parseInt(version, 10) < majorMin) {
    rejected.push(`${server} is ${version}`);
    return null;
  }
  const folder = dirname(server);
  const family = basename(server).startsWith("valkey") ? "valkey" : "redis";
  const tool = (name) => existing(join(folder, `${family}-${name}`));
  const tools = { cli: await tool("cli"), benchmark: await tool("benchmark"), checkAof: await tool("check-aof") };
  return { server, libraryPath, tools, version, folder, isFetched: false };
}

/** Every folder with shared libraries below an unpacked root, joined as LD_LIBRARY_PATH wants it. */
export async function librariesOf(root) {
  const folders = new Set();
  for (const top of ["usr/lib", "lib"]) {
    const entries = await readdir(join(root, top), { withFileTypes: true, recursive: true }).catch(() => []);
    for (const entry of entries) if (/\.so(\.|$)/.test(entry.name)) folders.add(entry.parentPath);
  }
  return folders.size === 0 ? null : [...folders].join(delimiter);
}

async function findOnPath(env, rejected) {
  for (const name of ["redis-server", "valkey-server"]) {
    for (const folder of (env.PATH ?? "").split(delimiter)) {
      const server = folder === "" ? null : await existing(join(folder, name));
      const found = server === null ? null : await examine(server, rejected, false);
      if (found !== null) return found;
    }
  }
  return null;
}

async function findInCache(cache, rejected) {
  const entries = await readdir(cache).catch(() => []);
  const newestFirst = entries
    .filter((name) => name.startsWith("redis-"))
    .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
  for (const name of newestFirst) {
    const server = await existing(join(cache, name, "usr", "bin", "redis-server"));
    const found = server === null ? null : await examine(server, rejected, true);
    if (found !== null) return found;
  }
  return null;
}

function cacheFolder(env) {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "cardswitch");
}

// "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=8fe7ac1e5f5a37b1"
async function versionOf(server, libraryPath) {
  const env = libraryPath === null ? {} : { LD_LIBRARY_PATH: libraryPath };
  try {
    const { stdout } = await execute(server, ["--version"], { env, timeout: versionMsMax });
    return /\bv=(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? null;
  } catch {
    return null;
  }
}

async function existing(file) {
  return access(file, constants.X_OK).then(
    () => file,
    () => null,
  );
}

function lacking(rejected) {
  const remedy =
    platform() === "darwin"
      ? "`brew install redis`"
      : "the package redis-server of your distribution (Debian: `apt-get install redis-server`)";
  const isOld = rejected.some((reason) => / is \d/.test(reason));
  const seen = rejected.length === 0 ? "" : ` (${rejected.join("; ")})`;
  return new EnvironmentError(
    isOld ? "redis_too_old" : "redis_not_found",
    `no Redis ${majorMin}.0 or newer here${seen}; install ${remedy}, or set REDIS_URL`,
  );
}
