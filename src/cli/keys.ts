import { join } from "node:path";
import { rotateKeyFile } from "../app/key-file.ts";
import { openOffline } from "../app/offline.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

/** `cardswitch keys rotate`: new cards get a new generation of keys; those that there are stay readable under theirs. */
export async function rotateKeys(flags: {
  readonly dataDir: string | undefined;
  readonly json: boolean;
}): Promise<ExitCode> {
  // Opened, so that nobody serves the data set with the keys of before.
  const place = flags.dataDir === undefined ? {} : { "data-dir": flags.dataDir };
  const opened = await openOffline(place, { mayCreate: false });
  if (!opened.ok) return complain(opened.error.message, exitCodeOf(opened.error));
  try {
    const path = join(opened.value.place.dataSet.dir, "keys.json");
    const rotated = rotateKeyFile(path);
    if (!rotated.ok) return complain(rotated.error.message);
    const generations = rotated.value.vaultKeys.map(({ id }) => id);
    print(flags.json, { keyFile: path, generations }, `${path}: generation ${generations[0]} of the keys is in use`);
    return exitCodes.ok;
  } finally {
    await opened.value.close();
  }
}
