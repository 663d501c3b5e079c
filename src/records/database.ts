import Database from "libsql";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type RecordsError, recordsError } from "./records-error.ts";
import { migrations } from "./schema.ts";

const busyMsMax = 5_000;
const cacheKibMax = 65_536;

export type SqlValue = number | string | Uint8Array | null;

export interface RecordsOptions {
  readonly path: string;
  /** Written at the first opening; afterwards a differing id is refused. null: whatever is there. */
  readonly dataSetId: string | null;
  /** False for a data set that keeps nothing: then a commit does not wait for the disk. Default true. */
  readonly isDurable?: boolean;
}

/** Opens the records, creating or migrating them. Calls are synchronous: a writer belongs into its own thread. */
export function openRecords(options: RecordsOptions): Result<Records, RecordsError> {
  let records: Records | null = null;
  try {
    records = new Records(options);
    const refusal = migrate(records) ?? agreeOnDataSet(records, options.dataSetId);
    if (refusal === null) return ok(records);
    records.close();
    return fail(refusal);
  } catch (error) {
    records?.close();
    const cause = error instanceof Error ? error.message : String(error);
    return fail(recordsError("records_unusable", `the records at ${options.path} cannot be used: ${cause}`));
  }
}

/** One connection. */
export class Records {
  readonly path: string;
  readonly #database: Database.Database;

  constructor(options: RecordsOptions) {
    this.path = options.path;
    this.#database = new Database(options.path);
    const settings = [
      `busy_timeout = ${busyMsMax}`,
      "journal_mode = WAL",
      `synchronous = ${options.isDurable === false ? "OFF" : "FULL"}`,
      `cache_size = -${cacheKibMax}`,
    ];
    for (const setting of settings) this.#database.pragma(setting);
  }

  /** A statement whose rows are objects of the given shape. */
  prepare<Row>(sql: string): Statement<Row> {
    return new Statement<Row>(this.#database.prepare(sql));
  }

  /** A statement whose rows are arrays in the order of its columns: for reading many. */
  prepareRaw<Row extends readonly unknown[]>(sql: string): Statement<Row> {
    return new Statement<Row>(this.#database.prepare(sql).raw());
  }

  execute(sql: string): void {
    this.#database.exec(sql);
  }

  /** All of it or nothing; durable when this returns. */
  transaction(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      if (this.#database.inTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }

  close(): void {
    this.#database.close();
  }
}

/** The border to SQL: rows come back as the statement's columns say, so their shape is claimed here and nowhere else. */
export class Statement<Row> {
  readonly #statement: Database.Statement;

  constructor(statement: Database.Statement) {
    this.#statement = statement;
  }

  run(values: readonly SqlValue[]): void {
    this.#statement.run(values);
  }

  all(values: readonly SqlValue[] = []): Row[] {
    const rows = this.#statement.all(values);
    for (const row of rows) if (!Array.isArray(row)) blobsToBytes(row);
    return rows as Row[];
  }

  first(values: readonly SqlValue[] = []): Row | null {
    return this.all(values)[0] ?? null;
  }
}

// libsql gives a blob as an ArrayBuffer in rows that are objects, and as a Buffer in rows that are arrays.
function blobsToBytes(row: unknown): void {
  if (typeof row !== "object" || row === null) return;
  for (const [column, value] of Object.entries(row)) {
    if (value instanceof ArrayBuffer) Object.assign(row, { [column]: Buffer.from(value) });
  }
}

function migrate(records: Records): RecordsError | null {
  records.execute("CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID");
  const found = Number(readMeta(records, "schema_version") ?? "0");
  if (found > migrations.length) {
    return recordsError("records_too_new", `${records.path} was written by a newer version (schema ${found})`);
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < found) continue;
    records.transaction(() => {
      records.execute(migration);
      writeMeta(records, "schema_version", String(index + 1));
    });
  }
  return null;
}

function agreeOnDataSet(records: Records, wanted: string | null): RecordsError | null {
  if (wanted === null) return null;
  const found = readMeta(records, "data_set_id");
  if (found === null) writeMeta(records, "data_set_id", wanted);
  if (found === null || found === wanted) return null;
  return recordsError("wrong_data_set", `${records.path} belongs to data set ${found}, not to ${wanted}`);
}

export function readMeta(records: Records, name: string): string | null {
  return records.prepare<{ value: string }>("SELECT value FROM meta WHERE name = ?").first([name])?.value ?? null;
}

function writeMeta(records: Records, name: string, value: string): void {
  records
    .prepare("INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
    .run([name, value]);
}
