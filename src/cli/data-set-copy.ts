import { exportDataSet } from "../app/export-data-set.ts";
import { importDataSet } from "../app/import-data-set.ts";
import { readConfig } from "../config.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { isFile } from "./is-file.ts";
import { complain, print } from "./output.ts";

export interface CopyFlags {
  readonly file: string;
  readonly dataDir: string | undefined;
  readonly json: boolean;
}

/** `cardswitch export`: a data set that nobody serves, as one file. */
export async function exportCommand({
  dataDir,
  file,
  json,
  withKeys,
}: CopyFlags & { withKeys: boolean }): Promise<ExitCode> {
  const dir = folderOf(dataDir);
  if (!dir.ok) return complain(dir.error, exitCodes.usage);
  const passphrase = withKeys ? passphraseOfFile() : null;
  if (withKeys && passphrase === null) {
    return complain(
      "--with-keys needs CARDSWITCH_EXPORT_PASSPHRASE, which the keys are encrypted under",
      exitCodes.usage,
    );
  }
  const made = await exportDataSet({ dataDir: dir.value, target: file, passphrase });
  if (!made.ok) {
    const isServed = made.error.message.includes("is in use by process");
    return complain(`${made.error.message}${isServed ? "; stop it before the export" : ""}`, exitCodeOf(made.error));
  }
  const keys = withKeys ? "with its keys" : "without its keys: only who has keys.json can start it and read its PANs";
  print(json, made.value, `${file}: data set ${made.value.data_set}, ${keys}`);
  return exitCodes.ok;
}

/** `cardswitch import`: the reverse, into an empty folder. */
export async function importCommand({ dataDir, file, json }: CopyFlags): Promise<ExitCode> {
  const dir = folderOf(dataDir);
  if (!dir.ok) return complain(dir.error, exitCodes.usage);
  if (!isFile(file)) return complain(`${file} is no file that can be read`, exitCodes.usage);
  const made = await importDataSet({ source: file, dataDir: dir.value, passphrase: passphraseOfFile() });
  if (!made.ok) return complain(made.error.message, exitCodeOf(made.error));
  const next = made.value.has_keys
    ? `check it with \`cardswitch verify --data-dir ${dir.value}\``
    : `it starts when its keys.json, and keys.json.master where it has one, lie in ${dir.value}`;
  print(json, made.value, `${dir.value}: data set ${made.value.data_set}; ${next}`);
  return exitCodes.ok;
}

function folderOf(dataDir: string | undefined): Result<string, string> {
  const config = readConfig({ flags: { "data-dir": dataDir }, env: process.env });
  if (!config.ok) return fail(config.error.message);
  return config.value.dataDir === null
    ? fail("with durability volatile there is no data set")
    : ok(config.value.dataDir);
}

function passphraseOfFile(): string | null {
  const passphrase = process.env["CARDSWITCH_EXPORT_PASSPHRASE"] ?? "";
  return passphrase === "" ? null : passphrase;
}
