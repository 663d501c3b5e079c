import type { Place } from "../kernel/ids.ts";
import type { Records, SqlValue, Statement } from "./database.ts";
import { type RecordedType, objectRowId } from "./place.ts";
import type { ObjectRow } from "./rows.ts";

export interface RecordedObject extends ObjectRow {
  readonly createdMs: number;
}

/** Which objects of an account are wanted. */
export interface ObjectQuery {
  /** Numbers below this one; null: from the newest. */
  readonly before: number | null;
  /** Numbers above this one; null: down to the oldest. */
  readonly after: number | null;
  /** Business seconds: from ≤ created < until. */
  readonly created: { readonly fromS: number; readonly untilS: number };
  readonly order: "newest_first" | "oldest_first";
  readonly rowsMax: number;
  /** What fields of the bodies have to be. */
  readonly fields: Readonly<Record<string, string | number>>;
}

export const objectColumns =
  "type, shard, no, version, account, created_ms AS createdMs, updated_ms AS changedMs, body";
export type SqlObject = Omit<RecordedObject, "place"> & Place;

export function objectOf(row: SqlObject): RecordedObject {
  const { shard, no, ...rest } = row;
  return { ...rest, place: { shard, no } };
}

const shardStep = 2 ** 40;

/**
 * Finds objects by what their bodies say. SQL compares, so that no row is read for nothing: one card of 20,000 by its
 * cardholder took 1,100 ms row by row, and takes 60 ms.
 */
export class ObjectSearch {
  readonly #records: Records;
  readonly #statements = new Map<string, Statement<SqlObject>>();

  constructor(records: Records) {
    this.#records = records;
  }

  find(type: RecordedType, account: Place, query: ObjectQuery): RecordedObject[] {
    const { after, before, created, fields, order, rowsMax } = query;
    const first = objectRowId(type, { shard: account.shard, no: 0 });
    const compared = Object.entries(fields);
    const sql = `SELECT ${objectColumns} FROM objects
      WHERE account = ? AND id > ? AND id < ? AND created_ms >= ? AND created_ms < ?${" AND body ->> ? = ?".repeat(compared.length)}
      ORDER BY id ${order === "newest_first" ? "DESC" : "ASC"} LIMIT ?`;
    const values: SqlValue[] = [
      account.no,
      first + (after ?? 0),
      before === null ? first + shardStep : first + before,
      created.fromS * 1000,
      created.untilS * 1000,
      ...compared.flatMap(([name, value]): SqlValue[] => [`$.${name}`, value]),
      rowsMax,
    ];
    return this.#prepared(sql).all(values).map(objectOf);
  }

  // As many statements as there are numbers of compared fields, twice.
  #prepared(sql: string): Statement<SqlObject> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#records.prepare<SqlObject>(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
