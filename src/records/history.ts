import type { Place } from "../kernel/ids.ts";
import type { Records, SqlValue, Statement } from "./database.ts";
import { type RecordedType, objectPlaceOf, objectRowId, placeOf, rowId } from "./place.ts";

/** An object as one of its entries wrote it; the bytes are those of the entry. */
export interface WrittenVersion {
  /** Journal number of the entry. */
  readonly no: number;
  readonly bytes: Uint8Array;
}

export interface RecordedEntry {
  readonly place: Place;
  readonly bytes: Uint8Array;
}

export interface EntryRange {
  /** Numbers below this one; null: from the newest. */
  readonly before: number | null;
  /** Numbers above this one; null: down to the oldest. */
  readonly after: number | null;
  readonly order: "newest_first" | "oldest_first";
  readonly rowsMax: number;
}

export interface DueObject {
  readonly type: RecordedType;
  readonly place: Place;
  readonly dueMs: number;
}

const shardStep = 2 ** 40;

/** The records as they stood: entries, and what they made of the program's objects. Each thread needs its own. */
export class RecordsHistory {
  readonly #records: Records;
  readonly #statements = new Map<string, Statement<unknown>>();

  constructor(records: Records) {
    this.#records = records;
  }

  /** The newest version of an object that entries up to `no` have written; null where there was none. */
  objectAsOf(type: RecordedType, place: Place, no: number): WrittenVersion | null {
    const sql = `SELECT v.no, e.bytes FROM object_versions v JOIN entries e ON e.id = ? + v.no
      WHERE v.object = ? AND v.no <= ? ORDER BY v.no DESC LIMIT 1`;
    return this.#first<WrittenVersion>(sql, [place.shard * shardStep, objectRowId(type, place), no]);
  }

  /** The version before the one that entry `no` has written. */
  objectBefore(type: RecordedType, place: Place, no: number): WrittenVersion | null {
    return this.objectAsOf(type, place, no - 1);
  }

  /** Number of the entry that made an object. */
  firstEntryOf(type: RecordedType, place: Place): number | null {
    const sql = "SELECT no FROM object_versions WHERE object = ? ORDER BY no LIMIT 1";
    return this.#first<{ no: number }>(sql, [objectRowId(type, place)])?.no ?? null;
  }

  /** What happened to an account, in either order. */
  entriesOfAccount(account: Place, range: EntryRange): RecordedEntry[] {
    const { before, after, order, rowsMax } = range;
    const first = rowId({ shard: account.shard, no: 0 });
    const sql = `SELECT id, bytes FROM entries WHERE account = ? AND id > ? AND id < ?
      ORDER BY id ${order === "newest_first" ? "DESC" : "ASC"} LIMIT ?`;
    const until = before === null ? first + shardStep : first + before;
    return this.#all<SqlEntry>(sql, [account.no, first + (after ?? 0), until, rowsMax]).map(entryOf);
  }

  /** What happened in a shard after an entry, in order. */
  entriesAfter(after: Place, rowsMax: number): RecordedEntry[] {
    const sql = "SELECT id, bytes FROM entries WHERE id > ? AND id < ? ORDER BY id LIMIT ?";
    const until = rowId({ shard: after.shard, no: 0 }) + shardStep;
    return this.#all<SqlEntry>(sql, [rowId(after), until, rowsMax]).map(entryOf);
  }

  /** What has touched an authorization or a transaction up to an entry (null: all), its own entry first. */
  entriesOfTarget(target: Place, upTo: number | null): RecordedEntry[] {
    const last = upTo === null ? rowId({ shard: target.shard, no: 0 }) + shardStep : rowId({ ...target, no: upTo });
    const sql = `SELECT e.id, e.bytes FROM entries e WHERE e.id = ? AND e.id <= ?
      UNION ALL
      SELECT e.id, e.bytes FROM follow_ups f JOIN entries e ON e.id = f.id WHERE f.target_id = ? AND f.id <= ?
      ORDER BY 1`;
    const id = rowId(target);
    return this.#all<SqlEntry>(sql, [id, last, id, last]).map(entryOf);
  }

  /** Objects whose business time has come, the earliest first. */
  dueObjects(businessNowMs: number, rowsMax: number): DueObject[] {
    const sql = "SELECT object, due_ms AS dueMs FROM object_dues WHERE due_ms <= ? ORDER BY due_ms, object LIMIT ?";
    const rows = this.#all<{ object: number; dueMs: number }>(sql, [businessNowMs, rowsMax]);
    return rows.map(({ object, dueMs }) => ({ ...objectPlaceOf(object), dueMs }));
  }

  #first<Row>(sql: string, values: readonly SqlValue[]): Row | null {
    return this.#all<Row>(sql, values)[0] ?? null;
  }

  #all<Row>(sql: string, values: readonly SqlValue[]): Row[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#records.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(values) as Row[];
  }
}

interface SqlEntry {
  readonly id: number;
  readonly bytes: Uint8Array;
}

function entryOf({ id, bytes }: SqlEntry): RecordedEntry {
  return { place: placeOf(id), bytes };
}
