import type { Place } from "../kernel/ids.ts";
import type { Minor } from "../kernel/money.ts";
import type { Records, Statement } from "./database.ts";
import { type RecordedType, objectRowId, rowId } from "./place.ts";

export interface EntryRow {
  readonly place: Place;
  readonly kind: number;
  readonly account: number;
  readonly currency: number;
  /** Approved, released, or moved by a commit. */
  readonly amount: Minor;
  readonly bytes: Uint8Array;
}

export interface AccountRow {
  readonly shard: number;
  readonly account: number;
  readonly lastNo: number;
  readonly chainHash: string;
  readonly businessMs: number;
}

export interface BalanceRow {
  readonly shard: number;
  readonly account: number;
  readonly currency: number;
  readonly available: Minor;
  readonly held: Minor;
}

export interface ObjectRow {
  readonly type: RecordedType;
  readonly place: Place;
  readonly version: number;
  readonly account: number;
  /** Business time of the change; kept as created_ms from the first one. */
  readonly changedMs: number;
  readonly body: string;
}

/** Names a counter by the commit that made it. */
export interface CounterKey {
  readonly shard: number;
  /** The commit's journal number: what was spent up to it is missing. */
  readonly asOf: number;
  readonly field: string;
}

export interface WaitingCounter extends CounterKey {
  readonly account: number;
  /** 0: a cardholder's counter. */
  readonly chain: number;
  /** 0: a chain's counter. */
  readonly cardholder: number;
  /** The interval's letter. */
  readonly interval: string;
  /** null: everything counts. */
  readonly categories: readonly string[] | null;
  /** Business time of the commit: it tells the window. */
  readonly businessMs: number;
}

export type AuthorizationStatus = "pending" | "closed" | "reversed";

export interface AuthorizationRow {
  readonly place: Place;
  readonly account: number;
  readonly card: number;
  readonly chain: number;
  readonly cardholder: number;
  readonly network: number;
  readonly status: AuthorizationStatus;
  readonly outcome: number;
  readonly reason: number;
  readonly currency: number;
  readonly amount: Minor;
  readonly approved: Minor;
  readonly remaining: Minor;
  readonly transactionCurrency: number;
  readonly transactionAmount: Minor;
  readonly mcc: number;
  readonly createdMs: number;
  readonly wallMs: number;
  readonly stan: number;
  readonly rrn: string;
  readonly authorizationCode: number;
  readonly merchantKey: Uint8Array;
}

export interface MerchantRow {
  readonly key: Uint8Array;
  readonly terminal: string;
  readonly merchantId: string;
  readonly nameLocation: string;
}

/** Everything that the projector writes, as prepared statements on its own connection, inside its transactions. */
export class RecordsWriter {
  readonly #records: Records;
  readonly #statements: Readonly<Record<keyof typeof inserts, Statement<unknown>>>;

  constructor(records: Records) {
    this.#records = records;
    this.#statements = prepareAll(records);
  }

  transaction(work: () => void): void {
    this.#records.transaction(work);
  }

  entry(row: EntryRow): void {
    const { kind, account, currency, bytes } = row;
    this.#statements.entry.run([rowId(row.place), kind, account, currency, Number(row.amount), bytes]);
  }

  authorization(row: AuthorizationRow): void {
    this.#statements.authorization.run([
      rowId(row.place),
      row.account,
      row.card,
      row.chain,
      row.cardholder,
      row.network,
      row.status,
      row.outcome,
      row.reason,
      row.currency,
      Number(row.amount),
      Number(row.approved),
      Number(row.remaining),
      row.transactionCurrency,
      Number(row.transactionAmount),
      row.mcc,
      row.createdMs,
      row.wallMs,
      row.stan,
      row.rrn,
      row.authorizationCode,
      row.merchantKey,
    ]);
  }

  /** Lowers what an authorization holds by what a reversal gave back. */
  release(reversal: Place, released: { authorization: Place; amount: Minor; isFull: boolean }): void {
    const amount = Number(released.amount);
    const authorization = rowId(released.authorization);
    this.#statements.release.run([rowId(reversal), authorization, amount]);
    this.#statements.lowered.run([amount, released.isFull ? "reversed" : "pending", authorization]);
  }

  object(row: ObjectRow): void {
    const { type, place, version, account, changedMs, body } = row;
    const id = objectRowId(type, place);
    this.#statements.object.run([id, type, place.shard, place.no, version, account, changedMs, changedMs, body]);
  }

  merchant(row: MerchantRow): void {
    this.#statements.merchant.run([row.key, row.terminal, row.merchantId, row.nameLocation]);
  }

  account(row: AccountRow): void {
    this.#statements.account.run([row.shard, row.account, row.lastNo, row.chainHash, row.businessMs]);
  }

  balance(row: BalanceRow): void {
    const { shard, account, currency } = row;
    this.#statements.balance.run([shard, account, currency, Number(row.available), Number(row.held)]);
  }

  waitingCounter(row: WaitingCounter): void {
    const { shard, asOf, field, account, chain, cardholder, interval, businessMs } = row;
    const categories = row.categories === null ? null : JSON.stringify(row.categories);
    const values = [shard, asOf, field, account, chain, cardholder, interval, categories, businessMs];
    this.#statements.waitingCounter.run(values);
  }

  counterFilled({ shard, asOf, field }: CounterKey): void {
    this.#statements.counterFilled.run([shard, asOf, field]);
  }

  checkpoint(shard: number, no: number): void {
    this.#statements.checkpoint.run([shard, no]);
  }

  /** Something of the chain is to be forgotten at that wall time; an earlier one stays. */
  purgeDue(shard: number, chain: number, dueWallMs: number): void {
    this.#statements.purgeDue.run([shard, chain, dueWallMs]);
  }

  /** The time at which the chain is looked at next, whatever stood there; null: never. */
  settlePurge(shard: number, chain: number, dueWallMs: number | null): void {
    if (dueWallMs === null) this.#statements.purgeGone.run([shard, chain]);
    else this.#statements.purgeSettled.run([shard, chain, dueWallMs]);
  }
}

const inserts = {
  entry: "INSERT INTO entries (id, kind, account, currency, amount, bytes) VALUES (?, ?, ?, ?, ?, ?)",
  authorization: `INSERT INTO authorizations (id, account, card, chain, cardholder, network, status, outcome, reason,
      currency, amount, approved, remaining, transaction_currency, transaction_amount, mcc, created_ms, wall_ms, stan,
      rrn, authorization_code, merchant_key)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  release: "INSERT INTO releases (id, authorization_id, amount) VALUES (?, ?, ?)",
  lowered: "UPDATE authorizations SET remaining = remaining - ?, status = ? WHERE id = ?",
  object: `INSERT INTO objects (id, type, shard, no, version, account, created_ms, updated_ms, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET version = excluded.version, account = excluded.account,
      updated_ms = excluded.updated_ms, body = excluded.body`,
  merchant: `INSERT INTO merchants (key, terminal, merchant_id, name_location) VALUES (?, ?, ?, ?)
    ON CONFLICT (key) DO NOTHING`,
  account: `INSERT INTO accounts (shard, account, last_no, chain_hash, business_ms) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (shard, account) DO UPDATE SET last_no = excluded.last_no, chain_hash = excluded.chain_hash,
      business_ms = excluded.business_ms`,
  balance: `INSERT INTO balances (shard, account, currency, available, held) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (shard, account, currency) DO UPDATE SET available = excluded.available, held = excluded.held`,
  waitingCounter: `INSERT INTO waiting_counters
      (shard, as_of, field, account, chain, cardholder, interval, categories, business_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  counterFilled: "DELETE FROM waiting_counters WHERE shard = ? AND as_of = ? AND field = ?",
  checkpoint: "INSERT INTO checkpoints (shard, no) VALUES (?, ?) ON CONFLICT (shard) DO UPDATE SET no = excluded.no",
  purgeDue: `INSERT INTO purges (shard, chain, due_wall_ms) VALUES (?, ?, ?)
    ON CONFLICT (shard, chain) DO UPDATE SET due_wall_ms = excluded.due_wall_ms
    WHERE excluded.due_wall_ms < purges.due_wall_ms`,
  purgeSettled: `INSERT INTO purges (shard, chain, due_wall_ms) VALUES (?, ?, ?)
    ON CONFLICT (shard, chain) DO UPDATE SET due_wall_ms = excluded.due_wall_ms`,
  purgeGone: "DELETE FROM purges WHERE shard = ? AND chain = ?",
} as const;

function prepareAll(records: Records): Readonly<Record<keyof typeof inserts, Statement<unknown>>> {
  const prepare = (name: keyof typeof inserts) => records.prepare(inserts[name]);
  return {
    entry: prepare("entry"),
    authorization: prepare("authorization"),
    release: prepare("release"),
    lowered: prepare("lowered"),
    object: prepare("object"),
    merchant: prepare("merchant"),
    account: prepare("account"),
    balance: prepare("balance"),
    waitingCounter: prepare("waitingCounter"),
    counterFilled: prepare("counterFilled"),
    checkpoint: prepare("checkpoint"),
    purgeDue: prepare("purgeDue"),
    purgeSettled: prepare("purgeSettled"),
    purgeGone: prepare("purgeGone"),
  };
}
