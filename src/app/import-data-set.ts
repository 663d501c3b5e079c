import { closeSync, existsSync, fsyncSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Result, ok } from "../kernel/result.ts";
import { makeFolder } from "../store/make-folder.ts";
import { type AppError, appError } from "./app-error.ts";
import { type FileSink, type Manifest, readDataSetFile } from "./data-set-file.ts";
import { importMarkIn } from "./data-set.ts";
import { copyKeyFile } from "./key-file.ts";

export interface ImportOptions {
  readonly source: string;
  readonly dataDir: string;
  /** What the keys in the file are encrypted under; null: none was given. */
  readonly passphrase: string | null;
}

/**
 * Makes a data set out of a file, in a folder that is empty or not there. The whole file is read and its checksums
 * compared before anything is written, and while it is written a mark says so to every start.
 * Errors: `bad_data_set`, `file_unusable`, `bad_config`, `key_file`; the folder is as it was then.
 */
export async function importDataSet({
  dataDir,
  passphrase,
  source,
}: ImportOptions): Promise<Result<Manifest, AppError>> {
  if (existsSync(importMarkIn(dataDir))) {
    return appError("bad_data_set", `an import into ${dataDir} was broken off: delete the folder, and import again`);
  }
  if (existsSync(dataDir) && readdirSync(dataDir).length > 0) {
    return appError("bad_data_set", `${dataDir} is not empty; an import makes a data set and changes none`);
  }
  const looked = await readDataSetFile(source, null);
  if (!looked.ok) return looked;
  if (looked.value.has_keys && passphrase === null) {
    return appError(
      "bad_config",
      `${source} brings keys: set CARDSWITCH_EXPORT_PASSPHRASE to what they are encrypted under`,
    );
  }
  const unpacked = await unpack(source, dataDir, passphrase);
  if (!unpacked.ok) for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name), { recursive: true });
  return unpacked;
}

async function unpack(source: string, dataDir: string, passphrase: string | null): Promise<Result<Manifest, AppError>> {
  const mark = importMarkIn(dataDir);
  makeFolder(dataDir);
  writeFileSync(mark, "", { mode: 0o600, flush: true });
  const read = await readDataSetFile(source, sinkInto(dataDir));
  if (!read.ok) return read;
  if (read.value.has_keys) {
    const keyFile = join(dataDir, "keys.json");
    const own = copyKeyFile(keyFile, { path: keyFile }, passphrase);
    if (!own.ok) return appError("key_file", own.error.message);
  }
  rmSync(mark);
  return ok(read.value);
}

function sinkInto(dataDir: string): FileSink {
  let handle = 0;
  return {
    begin: ({ path }) => {
      const place = join(dataDir, path);
      makeFolder(dirname(place));
      handle = openSync(place, "wx", 0o600);
    },
    write: (chunk) => {
      for (let at = 0; at < chunk.length; ) at += writeSync(handle, chunk, at);
    },
    end: () => {
      fsyncSync(handle);
      closeSync(handle);
    },
  };
}
