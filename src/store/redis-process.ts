import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type AofRepair, repairTornTail } from "./aof-repair.ts";
import { type RedisError, redisError } from "./redis-error.ts";
import { ping } from "./redis-ping.ts";
import { type RedisSettings, aofManifestIn, logFileIn, serverArguments } from "./redis-settings.ts";

const pollMs = 10;
const silentMsMax = 15_000;
const logBytesMax = 4 * 1024 * 1024;
const logTailBytes = 8 * 1024;

/** The programs to run: what bin/find-redis.mjs finds. */
export interface RedisPrograms {
  readonly server: string;
  readonly libraryPath: string | null;
  readonly tools: { readonly checkAof: string | null };
}

export interface RedisProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  /** Set where a torn tail was cut off before this start. */
  readonly repair: AofRepair | null;
}

export interface Launch {
  readonly programs: RedisPrograms;
  readonly settings: RedisSettings;
  /** In a process group of its own, so that Ctrl-C reaches the owner alone. */
  readonly isDetached: boolean;
  /** Told of the process as soon as it exists, while it may still be loading. */
  readonly onSpawn: (child: ChildProcess) => void;
}

/** Starts the server and waits until it answers; a torn tail of its log is cut, once. */
export async function launchRedis(launch: Launch): Promise<Result<RedisProcess, RedisError>> {
  const first = await startOnce(launch);
  if (first.ok) return ok({ ...first.value, repair: null });
  if (first.error.code !== "aof_damaged") return first;
  const manifest = aofManifestIn(launch.settings.dataDir);
  const repair = await repairTornTail(manifest, {
    ...launch.programs.tools,
    libraryPath: launch.programs.libraryPath,
  });
  if (!repair.ok) return repair;
  const second = await startOnce(launch);
  return second.ok ? ok({ ...second.value, repair: repair.value }) : second;
}

async function startOnce(launch: Launch): Promise<Result<{ child: ChildProcess; pid: number }, RedisError>> {
  const { programs, settings } = launch;
  const logAt = startLog(settings.dataDir);
  const child = spawn(programs.server, serverArguments(settings), {
    stdio: "ignore",
    detached: launch.isDetached,
    env: {
      LC_ALL: "C",
      ...(programs.libraryPath === null ? {} : { LD_LIBRARY_PATH: programs.libraryPath }),
    },
  });
  let spawnFailure = "";
  child.on("error", (error) => {
    spawnFailure = error.message;
  });
  launch.onSpawn(child);
  const isUp = await answers(child, settings.socketPath);
  if (isUp && child.pid !== undefined) return ok({ child, pid: child.pid });
  child.kill("SIGKILL");
  return fail(spawnFailure === "" ? causeInLog(settings.dataDir, logAt) : redisError("redis_failed", spawnFailure));
}

/** False when the process has ended, or has said nothing for too long. Loading may take as long as it takes. */
async function answers(child: ChildProcess, socketPath: string): Promise<boolean> {
  let heardAt = performance.now();
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    const answer = await ping(socketPath);
    if (answer === "pong") return true;
    if (answer === "loading") heardAt = performance.now();
    if (performance.now() - heardAt > silentMsMax) return false;
    await sleep(pollMs);
  }
  return false;
}

// The server writes its own log: through a pipe, an owner that is busy would make it wait.
function startLog(dataDir: string): number {
  const file = logFileIn(dataDir);
  const size = existsSync(file) ? statSync(file).size : 0;
  if (size <= logBytesMax) return size;
  rmSync(file);
  return 0;
}

function causeInLog(dataDir: string, logAt: number): RedisError {
  const log = readFrom(logFileIn(dataDir), logAt);
  const isDamaged =
    log.includes("Bad file format reading the append only file") ||
    log.includes("Unexpected end of file reading the append only file");
  const lines = log.split("\n").filter((line) => line.includes(" # "));
  const reason = lines.at(-1)?.replace(/^.* # /, "") ?? "it ended without a word";
  return isDamaged
    ? redisError("aof_damaged", `${aofManifestIn(dataDir)} cannot be read: ${reason}`)
    : redisError("redis_failed", `Redis does not start: ${reason}`);
}

function readFrom(file: string, offset: number): string {
  if (!existsSync(file)) return "";
  const start = Math.max(offset, statSync(file).size - logTailBytes);
  const bytes = Buffer.alloc(logTailBytes);
  const handle = openSync(file, "r");
  try {
    return bytes.toString("utf8", 0, readSync(handle, bytes, 0, logTailBytes, start));
  } finally {
    closeSync(handle);
  }
}
