import type { Place } from "../kernel/ids.ts";
import { type Minor, minor } from "../kernel/money.ts";
import type { Records, SqlValue, Statement } from "./database.ts";
import { type Page, pageOf } from "./page.ts";
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

  /**
   * What has touched an authorization or a transaction up to an entry (null: all), its own entry first: what names it, and
   * what undoes what was posted for it.
   */
  entriesOfTarget(target: Place, upTo: number | null): RecordedEntry[] {
    const { shard } = target;
    const last = upTo === null ? rowId({ shard, no: 0 }) + shardStep : rowId({ shard, no: upTo });
    const sql = `SELECT id, bytes FROM entries WHERE id <= ?2 AND id IN (
        SELECT ?1
        UNION SELECT id FROM follow_ups WHERE target_id = ?1
        UNION SELECT f.id FROM transactions t JOIN follow_ups f ON f.target_id = t.id WHERE t.original_id = ?1)
      ORDER BY id`;
    return this.#all<SqlEntry>(sql, [rowId(target), last]).map(entryOf);
  }

  /** The last entry of an account in a currency's balance, up to an entry: it tells what the balance was. */
  lastEntryOfBalance(account: Place, currency: number, upTo: number): RecordedEntry | null {
    const first = rowId({ shard: account.shard, no: 0 });
    const sql = `SELECT id, bytes FROM entries WHERE account = ? AND currency = ? AND id >= ? AND id <= ?
      ORDER BY id DESC LIMIT 1`;
    const row = this.#first<SqlEntry>(sql, [account.no, currency, first, first + upTo]);
    return row === null ? null : entryOf(row);
  }

  /** Newest first; `amount`: what the account has got, negative where it has paid. */
  postingsOf(spender: PostingSpender, page: Page): RecordedPosting[] {
    const { shard } = spender.place;
    const range = pageOf(shard, page);
    if (spender.kind === "account") {
      // Only what posts changes the sum of free and held money by the side of a network: kinds 3, 6 and 8.
      const sql = `SELECT id, available + held AS amount FROM entries
        WHERE account = ? AND id >= ? AND id < ? AND available + held <> 0 AND kind IN (3, 6, 8)
        ORDER BY id DESC LIMIT ?`;
      return this.#all<SqlPosting>(sql, [spender.place.no, ...range]).map(postingOf);
    }
    const [from, until, rowsMax] = range;
    const sql = `SELECT id, amount FROM transactions WHERE ${spender.kind} = ?1 AND id >= ?2 AND id < ?3
      UNION ALL
      SELECT e.id, e.available + e.held FROM transactions t
        JOIN follow_ups f ON f.target_id = t.id JOIN entries e ON e.id = f.id
        WHERE t.${spender.kind} = ?1 AND t.id >= ?4 AND f.id >= ?2 AND f.id < ?3 AND e.kind = 3
          AND e.available + e.held <> 0
      ORDER BY 1 DESC LIMIT ?5`;
    const values = [spender.place.no, from, until, rowId({ shard, no: 0 }), rowsMax];
    return this.#all<SqlPosting>(sql, values).map(postingOf);
  }

  /** Number of the dispute of a transaction that was made up to an entry (null: whenever); null: there is none. */
  disputeOf(transaction: Place, upTo: number | null): number | null {
    const sql = `SELECT o.no FROM objects o JOIN object_versions v ON v.object = o.id
      WHERE o.type = 'dispute' AND json_extract(o.body, '$.transaction') = ? AND o.shard = ? AND v.no <= ?
      ORDER BY v.no LIMIT 1`;
    return this.#first<{ no: number }>(sql, [transaction.no, transaction.shard, upTo ?? shardStep])?.no ?? null;
  }

  /** Whose an authorization is, and what its first message was told; null: no such authorization. */
  authorizationHead(place: Place): { readonly account: number; readonly outcome: number } | null {
    return this.#first("SELECT account, outcome FROM authorizations WHERE id = ?", [rowId(place)]);
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

/** Whose postings. */
export interface PostingSpender {
  readonly kind: "account" | "card" | "cardholder";
  readonly place: Place;
}

/** Money that an entry has posted: the place is the entry's. */
export interface RecordedPosting {
  readonly place: Place;
  readonly amount: Minor;
}

interface SqlPosting {
  readonly id: number;
  readonly amount: number;
}

function postingOf({ id, amount }: SqlPosting): RecordedPosting {
  return { place: placeOf(id), amount: minor(amount) };
}

interface SqlEntry {
  readonly id: number;
  readonly bytes: Uint8Array;
}

function entryOf({ id, bytes }: SqlEntry): RecordedEntry {
  return { place: placeOf(id), bytes };
}
