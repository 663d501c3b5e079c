import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Clock } from "../kernel/clock.ts";
import { Records, readMeta } from "../records/database.ts";
import { migrations } from "../records/schema.ts";
import { type Identity, deliveriesPathIn, importMarkIn, readIdentity } from "./data-set.ts";
import { type Finding, broken, sound } from "./finding.ts";
import { keyFingerprint, readKeyFile } from "./key-file.ts";

const clockSkewMsMax = 60_000;

/** What a data set on disk says of itself, served or not. */
export function diagnoseData(dir: string | null, clock: Pick<Clock, "wallNow">): Finding[] {
  if (dir === null) return [sound("data", "volatile: nothing is kept")];
  if (existsSync(importMarkIn(dir))) {
    return [damaged("data", `an import into ${dir} was broken off`, "delete the folder, and import again")];
  }
  const file = join(dir, "data-set.json");
  if (!existsSync(file)) {
    if (!existsSync(join(dir, "records.db"))) return [sound("data", `${dir} holds no data set; the start makes one`)];
    return [damaged("data", `${dir} has records, but no data-set.json`, "bring data-set.json back from a copy")];
  }
  const identity = readIdentity(file);
  if (identity === null) return [damaged("data", `${file} cannot be read`, "bring it back from a copy")];
  return [
    // Before the records are opened, which writes beside them.
    ...time(join(dir, "records.db"), clock),
    ours("data", `${identity.id} in ${dir}, ${identity.shard_count} shards`),
    keys(dir, identity),
    ...records(dir, identity),
    ...deliveries(dir),
  ];
}

function keys(dir: string, identity: Identity): Finding {
  const path = join(dir, "keys.json");
  if (!existsSync(path)) {
    return damaged("keys", `${path} is missing`, "bring it back from a copy: without it nobody can read the cards");
  }
  const read = readKeyFile(path);
  if (!read.ok) return damaged("keys", read.error.message, "mend what is named, or bring the file back from a copy");
  const expected = identity.id_key_fingerprint;
  if (expected !== undefined && expected !== keyFingerprint(read.value)) {
    return damaged("keys", `${path} has the keys of another data set`, "bring back the key file of this data set");
  }
  const mode = (statSync(path).mode & 0o777).toString(8).padStart(4, "0");
  return ours("keys", `${path} opens, mode ${mode}, ${read.value.vaultKeys.length} generation(s)`);
}

function records(dir: string, identity: Identity): Finding[] {
  const path = join(dir, "records.db");
  if (!existsSync(path)) return [ours("records", "none yet")];
  return reading(path, "records", (database) => {
    const version = Number(readMeta(database, "schema_version") ?? "0");
    if (version > migrations.length) {
      const text = `schema ${version} is newer than the ${migrations.length} of this program`;
      return [damaged("records", text, "install the version that wrote it, or a newer one")];
    }
    const owner = readMeta(database, "data_set_id");
    if (owner !== null && owner !== identity.id) {
      return [damaged("records", `${path} belongs to data set ${owner}`, "bring back the records of this data set")];
    }
    const older = version < migrations.length ? `; the next start brings it to ${migrations.length}` : "";
    return [ours("records", `schema ${version}${older}`), apiKeys(database)];
  });
}

function apiKeys(database: Records): Finding {
  const sql =
    "SELECT count(*) AS many FROM objects WHERE type = 'api_key' AND json_extract(body, '$.status') = 'active'";
  const many = database.prepare<{ many: number }>(sql).first()?.many ?? 0;
  if (many > 0) return ours("api keys", `${many} in use`);
  const advice = "make one with `cardswitch keys api create` while it runs";
  return { ...damaged("api keys", "there is none that is in use", advice), state: "warn" };
}

function deliveries(dir: string): Finding[] {
  const path = deliveriesPathIn({ dir });
  if (!existsSync(path)) return [];
  return reading(path, "deliveries", (database) => {
    const rows = database
      .prepare<{ status: string; many: number }>("SELECT status, count(*) AS many FROM deliveries GROUP BY status")
      .all();
    const count = (status: string): number => rows.find((row) => row.status === status)?.many ?? 0;
    const text = `${count("delivered")} delivered, ${count("pending")} waiting, ${count("failed")} failed`;
    if (count("failed") === 0) return [ours("deliveries", text)];
    return [
      { ...damaged("deliveries", text, "`cardswitch deliveries` tells which endpoint fails, and why"), state: "warn" },
    ];
  });
}

// A clock that was set back makes new entries older than what the records already hold.
function time(path: string, clock: Pick<Clock, "wallNow">): Finding[] {
  const written = [path, `${path}-wal`].flatMap((file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? []);
  if (written.length === 0) return [];
  const aheadMs = Math.max(...written) - clock.wallNow();
  if (aheadMs <= clockSkewMsMax) return [sound("clock", "not behind what was recorded last")];
  const text = `this machine's clock is ${Math.round(aheadMs / 1000)} s behind what was recorded last`;
  return [broken("clock", text, "set the clock before the start")];
}

function reading(path: string, check: string, read: (database: Records) => Finding[]): Finding[] {
  try {
    const database = new Records({ path, dataSetId: null });
    try {
      return read(database);
    } finally {
      database.close();
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return [damaged(check, `${path} cannot be read: ${cause}`, "bring the data set back from a copy")];
  }
}

function ours(check: string, text: string): Finding {
  return { ...sound(check, text), isEnvironment: false };
}

function damaged(check: string, text: string, advice: string): Finding {
  return { ...broken(check, text, advice), isEnvironment: false };
}
