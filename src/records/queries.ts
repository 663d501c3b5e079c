import type { Place } from "../kernel/ids.ts";
import { type Minor, minor } from "../kernel/money.ts";
import type { Records, SqlValue } from "./database.ts";
import { RecordsHistory } from "./history.ts";
import { LastingRows } from "./lasting-rows.ts";
import { ObjectSearch, type RecordedObject, type SqlObject, objectColumns, objectOf } from "./object-search.ts";
import { type Page, objectRange, pageOf } from "./page.ts";
import { type RecordedType, placeOf, rowId } from "./place.ts";
import { type LastCommit, PresentObjects } from "./present-objects.ts";
import type { AccountRow, AuthorizationRow, BalanceRow, MerchantRow, TransactionRow, WaitingCounter } from "./rows.ts";

/** An open hold and the business time at which it ends by itself. */
export interface DueHold {
  readonly place: Place;
  readonly expiresMs: number;
}

/** What a person has to look at: its cause, and the entry in which it stands. */
export interface RecordedException {
  readonly place: Place;
  readonly cause: string;
  readonly bytes: Uint8Array;
}

export interface ChargedWindow {
  readonly shard: number;
  readonly counted: { readonly chain: number } | { readonly cardholder: number };
  /** null: every category. */
  readonly mccs: readonly number[] | null;
  /** Business seconds: from ≤ charged < until. */
  readonly fromS: number;
  readonly untilS: number;
  /** Entries up to this journal number count, later ones do not. */
  readonly asOfNo: number;
}

/** What others ask of the records. Each prepares its statements once; give every thread its own. */
export class RecordsQueries {
  /** The records as they stood at an entry. */
  readonly history: RecordsHistory;
  /** Objects by what their bodies say. */
  readonly search: ObjectSearch;
  readonly present: PresentObjects;
  readonly #records: Records;
  readonly #statements = new Map<string, ReturnType<Records["prepare"]>>();
  readonly #lasting: LastingRows;

  /** `lastCommit`: for who is told how far the records are; objects are kept in memory then. */
  constructor(records: Records, lastCommit: LastCommit | null = null) {
    this.present = new PresentObjects(records, lastCommit);
    this.history = new RecordsHistory(records);
    this.search = new ObjectSearch(records);
    this.#lasting = new LastingRows(records);
    this.#records = records;
  }

  authorization(place: Place): AuthorizationRow | null {
    const sql = `SELECT ${authorizationColumns} FROM authorizations WHERE id = ?`;
    const row = this.#all<SqlAuthorization>(sql, [rowId(place)])[0];
    return row === undefined ? null : authorizationOf(row);
  }

  /** Of one shard, newest first. */
  authorizations(shard: number, page: Page): AuthorizationRow[] {
    const sql = `SELECT ${authorizationColumns} FROM authorizations WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?`;
    return this.#all<SqlAuthorization>(sql, pageOf(shard, page)).map(authorizationOf);
  }

  /** Newest first. */
  authorizationsOfAccount(account: Place, page: Page): AuthorizationRow[] {
    const sql = `WITH own AS (SELECT id AS entry FROM entries WHERE account = ? AND id >= ? AND id < ?)
      SELECT ${authorizationColumns} FROM own JOIN authorizations ON id = entry ORDER BY entry DESC LIMIT ?`;
    return this.#all<SqlAuthorization>(sql, [account.no, ...pageOf(account.shard, page)]).map(authorizationOf);
  }

  /** Newest first. */
  authorizationsOfCard(card: Place, page: Page): AuthorizationRow[] {
    return this.#authorizationsBy("card", card, page);
  }

  /** Newest first. */
  authorizationsOfCardholder(cardholder: Place, page: Page): AuthorizationRow[] {
    return this.#authorizationsBy("cardholder", cardholder, page);
  }

  /** Holds whose business time is over, the earliest first; `after`: those behind that one. */
  dueHolds(businessNowMs: number, page: { readonly after: DueHold | null; readonly rowsMax: number }): DueHold[] {
    const { after, rowsMax } = page;
    const sql = `SELECT id, expires_ms AS expiresMs FROM authorizations
      WHERE status = 'pending' AND (expires_ms, id) > (?, ?) AND expires_ms <= ? ORDER BY expires_ms, id LIMIT ?`;
    // Without an end of its own a hold has the time 0.
    const from = after === null ? [0, Number.MAX_SAFE_INTEGER] : [after.expiresMs, rowId(after.place)];
    const rows = this.#all<{ id: number; expiresMs: number }>(sql, [...from, businessNowMs, rowsMax]);
    return rows.map(({ id, expiresMs }) => ({ place: placeOf(id), expiresMs }));
  }

  /** Messages whose question to the program's endpoint should have ended by that wall time, the earliest first. */
  overdueQuestions(wallNowMs: number, rowsMax: number): Place[] {
    const sql = "SELECT id FROM asked WHERE deadline_wall_ms <= ? ORDER BY deadline_wall_ms, id LIMIT ?";
    return this.#all<{ id: number }>(sql, [wallNowMs, rowsMax]).map(({ id }) => placeOf(id));
  }

  transaction(place: Place): TransactionRow | null {
    const sql = `SELECT ${transactionColumns} FROM transactions WHERE id = ?`;
    const row = this.#all<SqlTransaction>(sql, [rowId(place)])[0];
    return row === undefined ? null : transactionOf(row);
  }

  /** Newest first. */
  transactionsOfCard(card: Place, page: Page): TransactionRow[] {
    const sql = `SELECT ${transactionColumns} FROM transactions WHERE card = ? AND id >= ? AND id < ?
      ORDER BY id DESC LIMIT ?`;
    return this.#all<SqlTransaction>(sql, [card.no, ...pageOf(card.shard, page)]).map(transactionOf);
  }

  /** What has happened to a hold or to a posting since it was made, in order. */
  followUps(target: Place): { readonly entry: Place; readonly amount: Minor }[] {
    const sql = "SELECT id, amount FROM follow_ups WHERE target_id = ? ORDER BY id";
    const rows = this.#all<{ id: number; amount: number }>(sql, [rowId(target)]);
    return rows.map(({ id, amount }) => ({ entry: placeOf(id), amount: minor(amount) }));
  }

  /** Of one shard, newest first. */
  exceptions(shard: number, page: Page): RecordedException[] {
    const sql = `SELECT e.id, e.cause, n.bytes FROM exceptions e JOIN entries n ON n.id = e.id
      WHERE e.id >= ? AND e.id < ? ORDER BY e.id DESC LIMIT ?`;
    const rows = this.#all<{ id: number; cause: string; bytes: Uint8Array }>(sql, pageOf(shard, page));
    return rows.map(({ id, cause, bytes }) => ({ place: placeOf(id), cause, bytes }));
  }

  /** The journal entry as the function wrote it. */
  entryBytes(place: Place): Uint8Array | null {
    return this.#lasting.entryBytes(rowId(place));
  }

  /** Spares the reading of an entry that the records hold. */
  keepEntry(place: Place, bytes: Uint8Array): void {
    this.#lasting.keepEntry(rowId(place), bytes);
  }

  /**
   * What is rendered with an entry that is not recorded yet, but lies in the journal, with nothing behind the last recorded
   * commit in between; null where it refers to a merchant whose text is not recorded yet.
   */
  withEntry<Rendered>(place: Place, bytes: Uint8Array, render: () => Rendered): Rendered | null {
    return this.#lasting.withEntry(rowId(place), bytes, render);
  }

  object(type: RecordedType, place: Place): RecordedObject | null {
    return this.present.find(type, place)?.object ?? null;
  }

  /** Of one type in one shard, newest first. */
  objects(type: RecordedType, shard: number, page: Page): RecordedObject[] {
    const sql = `SELECT ${objectColumns} FROM objects WHERE id >= ? AND id < ? ORDER BY id DESC LIMIT ?`;
    return this.#all<SqlObject>(sql, objectRange(type, shard, page)).map(objectOf);
  }

  /** Of one type that belong to an account, newest first. */
  objectsOfAccount(type: RecordedType, account: Place, page: Page): RecordedObject[] {
    const sql = `SELECT ${objectColumns} FROM objects WHERE account = ? AND id >= ? AND id < ? ORDER BY id DESC LIMIT ?`;
    return this.#all<SqlObject>(sql, [account.no, ...objectRange(type, account.shard, page)]).map(objectOf);
  }

  objectCount(type: RecordedType, shard: number): number {
    const sql = "SELECT count(*) AS n FROM objects WHERE id >= ? AND id < ?";
    const [from, until] = objectRange(type, shard, { before: null, rowsMax: 0 });
    return this.#all<{ n: number }>(sql, [from, until])[0]?.n ?? 0;
  }

  balances(account: Place): BalanceRow[] {
    const sql = `SELECT shard, account, currency, available, held FROM balances WHERE shard = ? AND account = ?
      ORDER BY currency`;
    return this.#all<SqlBalance>(sql, [account.shard, account.no]).map(balanceOf);
  }

  account(account: Place): AccountRow | null {
    const sql = `SELECT shard, account, last_no AS lastNo, chain_hash AS chainHash, business_ms AS businessMs
      FROM accounts WHERE shard = ? AND account = ?`;
    return this.#all<AccountRow>(sql, [account.shard, account.no])[0] ?? null;
  }

  /** Last journal number of the shard that is in the records; 0: none. */
  checkpoint(shard: number): number {
    return this.#all<{ no: number }>("SELECT no FROM checkpoints WHERE shard = ?", [shard])[0]?.no ?? 0;
  }

  merchant(key: Uint8Array): MerchantRow | null {
    return this.#lasting.merchant(key);
  }

  /** Sum of what was charged in a window less what was given back, for a counter that is new (rules: Limits). */
  chargedSum(window: ChargedWindow): Minor {
    const owner = "chain" in window.counted ? "chain" : "cardholder";
    const counted = "chain" in window.counted ? window.counted.chain : window.counted.cardholder;
    const categories = window.mccs === null ? "" : `AND mcc IN (${window.mccs.map(() => "?").join(", ")})`;
    const sql = `SELECT (SELECT coalesce(sum(approved), 0) FROM authorizations
          WHERE ${owner} = ? AND id >= ? AND id <= ? AND kind = 2 AND created_ms >= ? AND created_ms < ? ${categories})
      + (SELECT coalesce(sum(amount), 0) FROM charges
          WHERE ${owner} = ? AND id >= ? AND id <= ? AND day >= ? AND day < ? ${categories}) AS charged`;
    const ids = [counted, rowId({ shard: window.shard, no: 0 }), rowId({ shard: window.shard, no: window.asOfNo })];
    const mccs = window.mccs ?? [];
    const times = [window.fromS * 1000, window.untilS * 1000];
    // Windows begin and end with UTC days.
    const days = [Math.floor(window.fromS / dayS), Math.ceil(window.untilS / dayS)];
    const values = [...ids, ...times, ...mccs, ...ids, ...days, ...mccs];
    return minor(this.#all<{ charged: number }>(sql, values)[0]?.charged ?? 0);
  }

  /** Counters whose second step has not been recorded, the oldest commit of a shard first. */
  waitingCounters(rowsMax: number): WaitingCounter[] {
    const sql = `SELECT shard, as_of AS asOf, field, account, chain, cardholder, interval, categories,
        business_ms AS businessMs
      FROM waiting_counters ORDER BY shard, as_of, field LIMIT ?`;
    return this.#all<SqlWaitingCounter>(sql, [rowsMax]).map((row) => ({
      ...row,
      categories: row.categories === null ? null : (JSON.parse(row.categories) as readonly string[]),
    }));
  }

  counts(): { readonly entries: number; readonly authorizations: number; readonly objects: number } {
    const sql = `SELECT (SELECT count(*) FROM entries) AS entries, (SELECT count(*) FROM authorizations) AS authorizations,
      (SELECT count(*) FROM objects) AS objects`;
    return this.#all<{ entries: number; authorizations: number; objects: number }>(sql, [])[0] ?? nothing;
  }

  /** Sum of the postings of each system account, by currency. */
  systemBalances(): { readonly name: string; readonly currency: number; readonly amount: Minor }[] {
    const sql = `SELECT ledger_account AS name, currency, sum(amount) AS amount FROM postings WHERE account = 0
      GROUP BY ledger_account, currency ORDER BY 1, 2`;
    return this.#all<{ name: string; currency: number; amount: number }>(sql, []).map((row) => ({
      ...row,
      amount: minor(row.amount),
    }));
  }

  #authorizationsBy(column: "card" | "cardholder", owner: Place, page: Page): AuthorizationRow[] {
    const sql = `SELECT ${authorizationColumns} FROM authorizations WHERE ${column} = ? AND id >= ? AND id < ?
      ORDER BY id DESC LIMIT ?`;
    return this.#all<SqlAuthorization>(sql, [owner.no, ...pageOf(owner.shard, page)]).map(authorizationOf);
  }

  #all<Row>(sql: string, values: readonly SqlValue[]): Row[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= statementsMax) this.#statements.clear();
      statement = this.#records.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement.all(values) as Row[];
  }
}

const statementsMax = 64;
const dayS = 86_400;
const nothing = { entries: 0, authorizations: 0, objects: 0 };

const messageColumns = `id, account, card, chain, cardholder, network, purpose, outcome, currency, amount,
  transaction_currency AS transactionCurrency, transaction_amount AS transactionAmount, mcc, created_ms AS createdMs,
  wall_ms AS wallMs, original_id AS originalId, stan, rrn, authorization_code AS authorizationCode,
  merchant_key AS merchantKey`;
const authorizationColumns = `${messageColumns}, kind, status, reason, approved, remaining, expires_ms AS expiresMs`;
const transactionColumns = `${messageColumns}, reversible, counted_mcc AS countedMcc, settlement_day AS settlementDay`;

type Amounts = "amount" | "approved" | "remaining" | "transactionAmount";
type SqlAuthorization = Omit<AuthorizationRow, Amounts | "place"> & Record<Amounts | "id", number>;

function authorizationOf(row: SqlAuthorization): AuthorizationRow {
  const { id, ...rest } = row;
  return {
    ...rest,
    place: placeOf(id),
    amount: minor(row.amount),
    approved: minor(row.approved),
    remaining: minor(row.remaining),
    transactionAmount: minor(row.transactionAmount),
  };
}

type SqlTransaction = Omit<TransactionRow, "amount" | "reversible" | "transactionAmount" | "place"> &
  Record<"amount" | "reversible" | "transactionAmount" | "id", number>;

function transactionOf(row: SqlTransaction): TransactionRow {
  const { id, ...rest } = row;
  return {
    ...rest,
    place: placeOf(id),
    amount: minor(row.amount),
    reversible: minor(row.reversible),
    transactionAmount: minor(row.transactionAmount),
  };
}

type SqlWaitingCounter = Omit<WaitingCounter, "categories"> & { categories: string | null };

type SqlBalance = Omit<BalanceRow, "available" | "held"> & { available: number; held: number };

function balanceOf(row: SqlBalance): BalanceRow {
  return { ...row, available: minor(row.available), held: minor(row.held) };
}
