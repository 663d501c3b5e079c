import { createHash } from "node:crypto";
import { createReadStream, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readConfig } from "../config.ts";
import { type Result, ok } from "../kernel/result.ts";
import { DataDirLock } from "../store/data-dir-lock.ts";
import { type AppError, appError } from "./app-error.ts";
import { type Manifest, type PackedFile, writeDataSetFile } from "./data-set-file.ts";
import { copyKeyFile } from "./key-file.ts";
import { openOffline } from "./offline.ts";

export interface ExportOptions {
  readonly dataDir: string;
  readonly target: string;
  /** What the keys are encrypted under in the file; null: they stay here. */
  readonly passphrase: string | null;
}

/**
 * Writes a data set that nobody serves into one file. It is opened once before, so that the records have caught up and
 * the start check has said that Redis and records agree. Errors: those of a start, `file_unusable`, `not_settled`.
 */
export async function exportDataSet(options: ExportOptions): Promise<Result<Manifest, AppError>> {
  const config = readConfig({ flags: { "data-dir": options.dataDir }, env: process.env });
  if (!config.ok) return appError("bad_config", config.error.message);
  if (config.value.redisUrl !== null) {
    return appError("no_redis", "what a Redis of yours holds is not in the folder: an export needs one of our own");
  }
  const opened = await openOffline({ "data-dir": options.dataDir }, { mayCreate: false });
  if (!opened.ok) return opened;
  const { books, close, place } = opened.value;
  const { dataSet } = place;
  const isDrained = await books.projector.drained();
  await close();
  if (!isDrained) return appError("not_settled", "the records do not catch up with the journal");
  // Nobody may start on the folder while it is read.
  const lock = DataDirLock.take(dataSet.redisDir);
  if (!lock.ok) return appError("bad_data_set", lock.error.message);
  const aside = mkdtempSync(join(tmpdir(), "cardswitch-export-"));
  try {
    return await pack(options, { id: dataSet.id, dir: dataSet.dir, aside });
  } finally {
    rmSync(aside, { recursive: true, force: true });
    lock.value.release();
  }
}

interface Folders {
  readonly id: string;
  readonly dir: string;
  /** Where the keys lie, encrypted for the file. */
  readonly aside: string;
}

async function pack(
  { passphrase, target }: ExportOptions,
  { aside, dir, id }: Folders,
): Promise<Result<Manifest, AppError>> {
  if (passphrase !== null) {
    const copied = copyKeyFile(join(dir, "keys.json"), { path: join(aside, "keys.json"), passphrase });
    if (!copied.ok) return appError("key_file", copied.error.message);
  }
  const placeOf = ({ path }: Pick<PackedFile, "path">): string => join(path === "keys.json" ? aside : dir, path);
  const paths = [...namesIn(dir), ...(passphrase === null ? [] : ["keys.json"])];
  const files: PackedFile[] = [];
  for (const path of paths) files.push(await packedFile(path, placeOf({ path })));
  const manifest = { cardswitch: "data set", format: 1, data_set: id, has_keys: passphrase !== null, files } as const;
  const written = await writeDataSetFile(target, manifest, placeOf);
  return written.ok ? ok(manifest) : written;
}

/** Journal and balances are in the append-only file; the queue's Redis keeps nothing, and locks are not state. */
function namesIn(dir: string): string[] {
  const databases = ["records.db", "records.db-wal", "deliveries.db", "deliveries.db-wal"];
  const logs = readdirSync(join(dir, "redis", "appendonlydir")).map((name) => `redis/appendonlydir/${name}`);
  return ["data-set.json", ...databases.filter((name) => existsSync(join(dir, name))), ...logs];
}

async function packedFile(path: string, place: string): Promise<PackedFile> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(place)) hash.update(chunk as Buffer);
  return { path, bytes: statSync(place).size, sha256: hash.digest("hex") };
}
