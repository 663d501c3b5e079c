import type { ChildProcess } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Result, fail, ok } from "../kernel/result.ts";
import type { AofRepair } from "./aof-repair.ts";
import { DataDirLock, isOwnerDead } from "./data-dir-lock.ts";
import { type RedisError, redisError } from "./redis-error.ts";
import { type RedisProcess, type RedisPrograms, launchRedis } from "./redis-process.ts";
import type { Durability, RedisSettings } from "./redis-settings.ts";
import { endProcess, runningServers } from "./running-process.ts";
import { makeFolder } from "./make-folder.ts";

const socketPathBytesMax = 107;
const stopMsMax = 3_000;
const backOffMsMin = 50;
const backOffMsMax = 2_000;
const hashValueBytesDefault = 64;

export interface EmbeddedRedisOptions {
  readonly programs: RedisPrograms;
  /** Holds the append-only files, the log and the owner's lock; created with mode 0700. */
  readonly dataDir: string;
  /** Where the socket is; default: a new private folder under the system's folder for temporary files. */
  readonly socketDir?: string;
  /** Default "always". */
  readonly durability?: Durability;
  /** Default: no limit. */
  readonly memoryBytesMax?: number;
  /** Longest value of a compact hash; default 64 bytes. */
  readonly hashValueBytesMax?: number;
  /** In a process group of its own, so that Ctrl-C reaches the owner alone. Default false. */
  readonly isDetached?: boolean;
  /** It ended, though nobody had asked. A restart follows. */
  readonly onExit?: (end: { readonly code: number | null; readonly signal: string | null }) => void;
  readonly onRestart?: (start: { readonly pid: number }) => void;
  /** A torn tail was cut off the append-only file, at the first start or at a restart. */
  readonly onRepair?: (repair: AofRepair) => void;
  /** A restart did not succeed; it is tried again, except after `aof_damaged`. */
  readonly onRestartFailed?: (error: RedisError) => void;
}

/**
 * Our own Redis on a unix socket, restarted when it ends by itself. Errors: `socket_path_too_long`, `data_dir_locked`,
 * `data_dir_unusable`, `aof_damaged`, `redis_failed`; nothing is left running then.
 */
export async function startEmbeddedRedis(options: EmbeddedRedisOptions): Promise<Result<EmbeddedRedis, RedisError>> {
  const lock = DataDirLock.take(options.dataDir);
  if (!lock.ok) return lock;
  const dataDir = realpathSync(options.dataDir);
  await endOrphans(dataDir);
  const socketPath = join(makeSocketDir(options.socketDir), "redis.sock");
  const redis = new EmbeddedRedis(options, {
    lock: lock.value,
    settings: settingsOf(options, dataDir, socketPath),
  });
  const started = checkSocketPath(socketPath) ?? (await redis.start());
  if (started.ok) return ok(redis);
  await redis.stop();
  return started;
}

// The kernel's address has room for 108 bytes with the closing zero; a longer one would be cut without a word.
function checkSocketPath(socketPath: string): { readonly ok: false; readonly error: RedisError } | null {
  const bytes = Buffer.byteLength(socketPath);
  if (bytes <= socketPathBytesMax) return null;
  const message = `the socket path ${socketPath} has ${bytes} bytes; at most ${socketPathBytesMax} fit`;
  return fail(redisError("socket_path_too_long", message));
}

type State = "starting" | "running" | "restarting" | "stopped";

export class EmbeddedRedis {
  readonly socketPath: string;
  readonly #options: EmbeddedRedisOptions;
  readonly #lock: DataDirLock;
  readonly #settings: RedisSettings;
  readonly #stopping = new AbortController();
  readonly #onOwnerExit = (): void => void this.#child?.kill("SIGTERM");
  #child: ChildProcess | null = null;
  #state: State = "starting";

  constructor(options: EmbeddedRedisOptions, parts: { lock: DataDirLock; settings: RedisSettings }) {
    this.#options = options;
    this.#lock = parts.lock;
    this.#settings = parts.settings;
    this.socketPath = parts.settings.socketPath;
  }

  get state(): State {
    return this.#state;
  }

  /** null while there is no process. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Called once, by startEmbeddedRedis. */
  async start(): Promise<Result<RedisProcess, RedisError>> {
    process.on("exit", this.#onOwnerExit);
    return this.#launch();
  }

  /** Asks it to write everything down and end; ends it after three seconds. Gives the data directory back. */
  async stop(): Promise<void> {
    if (this.#state === "stopped") return;
    this.#state = "stopped";
    this.#stopping.abort();
    const child = this.#child;
    if (child !== null) await endChild(child);
    process.off("exit", this.#onOwnerExit);
    removeSocketDir(this.socketPath, this.#options.socketDir === undefined);
    this.#lock.release();
  }

  async #launch(): Promise<Result<RedisProcess, RedisError>> {
    const launched = await launchRedis({
      programs: this.#options.programs,
      settings: this.#settings,
      isDetached: this.#options.isDetached ?? false,
      onSpawn: (child) => {
        this.#child = child;
        if (this.#stopping.signal.aborted) child.kill("SIGKILL");
      },
    });
    if (!launched.ok || this.#state === "stopped") return launched;
    this.#state = "running";
    if (launched.value.repair !== null) this.#options.onRepair?.(launched.value.repair);
    this.#watch(launched.value.child);
    return launched;
  }

  #watch(child: ChildProcess): void {
    const onExit = (): void => void this.#restart(child);
    if (hasEnded(child)) onExit();
    else child.once("exit", onExit);
  }

  async #restart(child: ChildProcess): Promise<void> {
    if (this.#state === "stopped") return;
    this.#state = "restarting";
    this.#options.onExit?.({ code: child.exitCode, signal: child.signalCode });
    for (let backOffMs = backOffMsMin; ; backOffMs = Math.min(backOffMs * 2, backOffMsMax)) {
      await sleep(backOffMs, undefined, {
        signal: this.#stopping.signal,
      }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      const launched = await this.#launch();
      if (this.#stopping.signal.aborted) return;
      if (launched.ok) return this.#options.onRestart?.({ pid: launched.value.pid });
      this.#options.onRestartFailed?.(launched.error);
      if (launched.error.code === "aof_damaged") return;
    }
  }
}

function settingsOf(options: EmbeddedRedisOptions, dataDir: string, socketPath: string): RedisSettings {
  return {
    dataDir,
    socketPath,
    durability: options.durability ?? "always",
    memoryBytesMax: options.memoryBytesMax ?? null,
    hashValueBytesMax: options.hashValueBytesMax ?? hashValueBytesDefault,
  };
}

/**
 * An owner that was killed leaves its Redis running. The one on our directory must end before another opens the same
 * files; others of dead owners would stay for ever, as nobody starts on their directories again.
 */
async function endOrphans(dataDir: string): Promise<void> {
  for (const server of runningServers()) {
    if (server.dataDir !== dataDir && !isOwnerDead(server.dataDir)) continue;
    await endProcess(server.pid, stopMsMax);
    removeSocketDir(server.socketPath, dirname(server.socketPath).startsWith(join(tmpdir(), socketDirPrefix)));
  }
}

const socketDirPrefix = "cardswitch-redis-";

function makeSocketDir(wanted: string | undefined): string {
  if (wanted === undefined) return mkdtempSync(join(tmpdir(), socketDirPrefix));
  makeFolder(wanted);
  return wanted;
}

function removeSocketDir(socketPath: string, isOurs: boolean): void {
  rmSync(socketPath, { force: true });
  if (!isOurs) return;
  try {
    rmdirSync(dirname(socketPath));
  } catch {
    // Something else lies in it, or it is gone: neither is in anybody's way.
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || hasEnded(child)) return Promise.resolve();
  return new Promise((resolve) => {
    const limit = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
    child.once("exit", () => {
      clearTimeout(limit);
      resolve();
    });
    child.kill("SIGTERM");
  });
}
