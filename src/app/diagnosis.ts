import { existsSync, readFileSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { findRedis } from "#bin/find-redis.mjs";
import type { Config } from "../config.ts";
import { checkExternal } from "../store/external-redis.ts";
import { type Finding, broken, sound } from "./finding.ts";

const nodeMin = [20, 19] as const;
const openFilesMin = 1_024;
const freeBytesMin = 64 * 1_048_576;
const freeBytesWarned = 1_073_741_824;

/** What a start needs of this machine. Nothing is fetched, made or changed. */
export async function diagnoseMachine(config: Config): Promise<Finding[]> {
  return [node(process.versions.node), await redis(config), openFiles(), disk(config)];
}

function node(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isNewEnough = major > nodeMin[0] || (major === nodeMin[0] && minor >= nodeMin[1]);
  if (isNewEnough) return sound("node", version);
  return broken("node", `${version} is too old`, `install Node ${nodeMin.join(".")} or newer`);
}

async function redis({ redisUrl, durability }: Config): Promise<Finding> {
  if (redisUrl !== null) {
    const checked = await checkExternal(redisUrl, durability);
    if (checked.ok) return sound("redis", `${checked.value.version}, yours, noeviction and append-only file`);
    return broken("redis", checked.error.message, "mend its settings, or leave REDIS_URL out to use one of our own");
  }
  try {
    const { server, version } = await findRedis({ env: process.env, mayFetch: false });
    const written = durability === "volatile" ? "keeps nothing" : "append-only file";
    const flushed = { always: ", appendfsync always", relaxed: ", appendfsync everysec", volatile: "" }[durability];
    return sound("redis", `${version}, ${server}: ours, noeviction, ${written}${flushed}`);
  } catch {
    const advice = "the start fetches Debian's packages where it can; else install redis-server, or set REDIS_URL";
    return { ...broken("redis", "there is no Redis 7 on the PATH or in the cache", advice), state: "warn" };
  }
}

function openFiles(): Finding {
  const limit = openFilesMax();
  if (limit === null) return sound("limits", "this system does not tell how many files may be open");
  const text = `${limit} open files`;
  if (limit >= openFilesMin) return sound("limits", text);
  const advice = `every connection is one: raise it with \`ulimit -n ${openFilesMin}\``;
  return { ...broken("limits", text, advice), state: "warn" };
}

function openFilesMax(): number | null {
  try {
    const line = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync("/proc/self/limits", "latin1"));
    if (line === null) return null;
    return line[1] === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(line[1]);
  } catch {
    return null;
  }
}

function disk({ dataDir }: Config): Finding {
  if (dataDir === null) return sound("disk", "nothing is kept");
  const folder = existingFolder(dataDir);
  try {
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const text = `${Math.floor(free / 1_048_576)} MiB free at ${folder}`;
    if (free >= freeBytesWarned) return sound("disk", text);
    const finding = broken("disk", text, "make room: a full disk keeps every authorization from being written");
    return free < freeBytesMin ? finding : { ...finding, state: "warn" };
  } catch {
    return broken(
      "disk",
      `${folder} cannot be looked at`,
      `make ${dirname(folder)} accessible, or name another --data-dir`,
    );
  }
}

/** The folder itself, or the nearest one above it that is there: a data set may yet have to be made. */
function existingFolder(path: string): string {
  const folder = resolve(path);
  return existsSync(folder) || dirname(folder) === folder ? folder : existingFolder(dirname(folder));
}
