import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type RedisError, redisError } from "./redis-error.ts";
import { processBirth } from "./running-process.ts";
import { makeFolder } from "./make-folder.ts";

let locksMade = 0;

/** One owner per data directory, this process; a lock whose owner is dead is taken over. */
export class DataDirLock {
  readonly #file: string;

  private constructor(file: string) {
    this.#file = file;
  }

  /** Creates the directory, mode 0700, where it does not exist. Errors: `data_dir_locked`, `data_dir_unusable`. */
  static take(dataDir: string): Result<DataDirLock, RedisError> {
    const file = lockFileIn(dataDir);
    const draft = `${file}.${process.pid}.${++locksMade}`;
    try {
      makeFolder(dataDir);
      writeFileSync(draft, JSON.stringify({ pid: process.pid, birth: processBirth(process.pid) }), { mode: 0o600 });
      const holder = takeFile(draft, file);
      rmSync(draft);
      if (holder === null) return ok(new DataDirLock(file));
      return fail(redisError("data_dir_locked", `${dataDir} is in use by process ${holder}`));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return fail(redisError("data_dir_unusable", `${dataDir} cannot be used: ${reason}`));
    }
  }

  release(): void {
    rmSync(this.#file, { force: true });
  }
}

/** Whether somebody owned the directory and died without giving it back. False where nobody ever locked it. */
export function isOwnerDead(dataDir: string): boolean {
  const text = readLock(lockFileIn(dataDir));
  return text !== null && livingOwner(text) === null;
}

function lockFileIn(dataDir: string): string {
  return join(dataDir, "owner.json");
}

// A link appears whole or not at all, and only one of two can make it.
function takeFile(draft: string, file: string): number | null {
  if (isLinked(draft, file)) return null;
  const found = readLock(file);
  const owner = found === null ? null : livingOwner(found);
  if (owner !== null) return owner;
  clearDead(draft, file, found);
  return isLinked(draft, file) ? null : ownerOrUnknown(file);
}

// Between the look and the move another may have cleared the same dead lock and put its own there: that one goes back.
function clearDead(draft: string, file: string, dead: string | null): void {
  const aside = `${draft}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (readLock(aside) !== dead) isLinked(aside, file);
  rmSync(aside, { force: true });
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function ownerOrUnknown(file: string): number {
  return livingOwner(readLock(file) ?? "") ?? 0;
}

function livingOwner(lock: string): number | null {
  const match = /^\{"pid":(\d+),"birth":"([^"]*)"\}$/.exec(lock);
  if (match === null) return null;
  const pid = Number(match[1]);
  return processBirth(pid) === match[2] ? pid : null;
}

function readLock(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
