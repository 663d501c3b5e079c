import { existsSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Random } from "../kernel/random.ts";
import { type Result, ok } from "../kernel/result.ts";
import { type AppError, appError } from "./app-error.ts";
import { type KeyMaterial, keyFingerprint, openKeyFile } from "./key-file.ts";
import { makeFolder } from "../store/make-folder.ts";

/**
 * A data set on disk:
 *
 *   data-set.json      id, namespace, number of shards, fingerprint of the id key
 *   keys.json          what opens its PANs and verifies its cards, encrypted; mode 0600
 *   keys.json.master   what that is encrypted under, where no passphrase is; mode 0600
 *   redis/             append-only file, log and lock of our own Redis
 *   records.db         the records
 *   deliveries.db      which events went to which endpoints
 *   queue/             the Redis of the queues, which keeps nothing
 */
export interface DataSet {
  /** 16 hex digits. Redis and records carry the same. */
  readonly id: string;
  /** First part of every key in Redis. */
  readonly namespace: string;
  readonly shardCount: number;
  readonly dir: string;
  readonly keyFile: string;
  readonly redisDir: string;
  readonly recordsPath: string;
  readonly keys: KeyMaterial;
  /** It was made just now. */
  readonly isNew: boolean;
  /** It goes with the process that made it. */
  readonly isTemporary: boolean;
}

export interface DataSetOptions {
  /** null: a temporary folder. */
  readonly dir: string | null;
  /** null: what it has, or 16 for a new one. */
  readonly shardCount: number | null;
  /** Whether others keep data sets in the same Redis. */
  readonly isSharingRedis: boolean;
  /** False: a folder that holds no data set is refused, and stays as it is. */
  readonly mayCreate: boolean;
  readonly random: Random;
}

const shardCountDefault = 16;
const privateNamespace = "cs";

export interface Identity {
  readonly format: 1;
  readonly id: string;
  readonly namespace: string;
  readonly shard_count: number;
  /** Absent in data sets that were made before there was one. */
  readonly id_key_fingerprint?: string;
}

/** Opens the data set in a folder, or creates one there. Errors: `bad_data_set`, `key_file`. */
export function openDataSet(options: DataSetOptions): Result<DataSet, AppError> {
  if (options.dir !== null && existsSync(importMarkIn(options.dir))) {
    const message = `an import into ${options.dir} was broken off: delete the folder, and import again`;
    return appError("bad_data_set", message);
  }
  if (!options.mayCreate && !isDataSet(options.dir)) {
    const isVolatile = options.dir === null;
    const message = isVolatile ? "nothing is kept with durability volatile" : `${options.dir} holds no data set`;
    return appError("bad_data_set", message);
  }
  const made = folderOf(options.dir);
  if (!made.ok) return made;
  const dir = made.value;
  const file = join(dir, "data-set.json");
  const keyFile = join(dir, "keys.json");
  const recordsPath = join(dir, "records.db");
  const isNew = !existsSync(file);
  if (isNew && existsSync(recordsPath)) {
    return appError("bad_data_set", `${dir} has records, but no data-set.json that says whose they are`);
  }
  if (!isNew && !existsSync(keyFile)) {
    return appError("key_file", `${keyFile} is missing; without it nobody can read the cards of this data set`);
  }
  const identity = isNew ? newIdentity(options) : readIdentity(file);
  if (identity === null) return appError("bad_data_set", `${file} cannot be read as that of a data set`);
  if (options.shardCount !== null && options.shardCount !== identity.shard_count) {
    const message = `the data set in ${dir} has ${identity.shard_count} shards, and that is fixed; --shards says ${options.shardCount}`;
    return appError("bad_data_set", message);
  }
  const keys = openKeyFile(keyFile);
  if (!keys.ok) return appError("key_file", keys.error.message);
  const fingerprint = keyFingerprint(keys.value);
  if (identity.id_key_fingerprint === undefined) {
    const written = writeIdentity(file, { ...identity, id_key_fingerprint: fingerprint });
    if (!written.ok) return written;
  } else if (identity.id_key_fingerprint !== fingerprint) {
    // Under other keys every card would get another id, and no PAN would be found.
    return appError("key_file", `${keyFile} has the keys of another data set than ${dir}`);
  }
  return ok({
    id: identity.id,
    namespace: identity.namespace,
    shardCount: identity.shard_count,
    dir,
    keyFile,
    redisDir: join(dir, "redis"),
    recordsPath,
    keys: keys.value,
    isNew,
    isTemporary: options.dir === null,
  });
}

/** Deletes the records with everything that SQLite keeps beside them: for a reset, with nobody connected. */
export function removeRecords(dataSet: DataSet): void {
  for (const path of [dataSet.recordsPath, deliveriesPathIn(dataSet)]) {
    for (const suffix of ["", "-wal", "-shm"]) rmSync(`${path}${suffix}`, { force: true });
  }
}

/** Lies there as long as an import writes: what is beside it is half a data set. */
export function importMarkIn(dir: string): string {
  return join(dir, "importing");
}

/** What was told to whom; it can be lost without harm to money. */
export function deliveriesPathIn({ dir }: Pick<DataSet, "dir">): string {
  return join(dir, "deliveries.db");
}

/** Deletes a temporary data set; any other stays. */
export function removeIfTemporary(dataSet: DataSet): void {
  if (dataSet.isTemporary) rmSync(dataSet.dir, { recursive: true, force: true });
}

function isDataSet(dir: string | null): boolean {
  return dir !== null && existsSync(join(dir, "data-set.json"));
}

function folderOf(wanted: string | null): Result<string, AppError> {
  try {
    if (wanted === null) return ok(realpathSync(mkdtempSync(join(tmpdir(), "cardswitch-"))));
    makeFolder(wanted);
    return ok(realpathSync(wanted));
  } catch (error) {
    return appError("bad_data_set", `${wanted} cannot be used: ${messageOf(error)}`);
  }
}

function newIdentity({ shardCount, isSharingRedis, random }: DataSetOptions): Identity {
  const id = Buffer.from(random.bytes(8)).toString("hex");
  // A Redis of our own holds one data set, and every byte of a key's name is paid for in memory.
  const namespace = isSharingRedis ? `${privateNamespace}-${id}` : privateNamespace;
  return { format: 1, id, namespace, shard_count: shardCount ?? shardCountDefault };
}

/** What data-set.json says; null where it cannot be read as that. */
export function readIdentity(file: string): Identity | null {
  try {
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    return isIdentity(json) ? json : null;
  } catch {
    return null;
  }
}

function isIdentity(json: unknown): json is Identity {
  if (typeof json !== "object" || json === null) return false;
  if (!("format" in json) || json.format !== 1 || !("id" in json) || !("namespace" in json)) return false;
  if (typeof json.id !== "string" || !/^[0-9a-f]{16}$/.test(json.id)) return false;
  if (typeof json.namespace !== "string" || !/^[a-z0-9_-]{1,24}$/.test(json.namespace)) return false;
  if (!("shard_count" in json) || typeof json.shard_count !== "number") return false;
  if ("id_key_fingerprint" in json && !isFingerprint(json.id_key_fingerprint)) return false;
  return Number.isInteger(json.shard_count) && json.shard_count >= 1 && json.shard_count <= 256;
}

function isFingerprint(value: unknown): boolean {
  return typeof value === "string" && /^[0-9a-f]{8}$/.test(value);
}

function writeIdentity(file: string, identity: Identity): Result<null, AppError> {
  const aside = `${file}.new`;
  try {
    writeFileSync(aside, `${JSON.stringify(identity, null, 2)}\n`, { mode: 0o600, flush: true });
    renameSync(aside, file);
    return ok(null);
  } catch (error) {
    return appError("bad_data_set", `${file} cannot be written: ${messageOf(error)}`);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
