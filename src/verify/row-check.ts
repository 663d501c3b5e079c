import type { Records, Statement } from "../records/database.ts";
import { rowId } from "../records/place.ts";
import { type AuthorizationEntry, type JournalEntry, type MerchantText, entryKinds } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import type { ShardFindings } from "./violations.ts";

/** An entry as its row holds it. */
export interface EntryRow {
  readonly id: number;
  readonly kind: number;
  readonly account: number;
  readonly currency: number;
  readonly amount: number;
  readonly bytes: Uint8Array;
}

type Cell = number | string | Uint8Array | null;

const columns = [
  "account",
  "card",
  "chain",
  "cardholder",
  "network",
  "outcome",
  "reason",
  "currency",
  "amount",
  "approved",
  "transaction_currency",
  "transaction_amount",
  "mcc",
  "created_ms",
  "wall_ms",
  "stan",
  "rrn",
  "authorization_code",
] as const;

const merchantsCheckedMax = 100_000;

/** Compares the rows that the projector made of entries with the entries themselves, a page at a time. */
export class RowCheck {
  readonly #findings: ShardFindings;
  readonly #entries: Statement<[number, number, number, number, number, Uint8Array]>;
  readonly #authorizations: Statement<
    [id: number, status: string, remaining: number, released: number, merchant: Uint8Array, ...rest: Cell[]]
  >;
  readonly #releases: Statement<[id: number, authorization: number, amount: number]>;
  readonly #merchant: Statement<MerchantText>;
  readonly #merchantsChecked = new Set<string>();
  #authorizationRows = new Map<number, [string, number, number, Uint8Array, ...Cell[]]>();
  #releaseRows = new Map<number, [number, number]>();

  constructor(findings: ShardFindings, records: Records) {
    this.#findings = findings;
    this.#entries = records.prepareRaw(
      "SELECT id, kind, account, currency, amount, bytes FROM entries WHERE id > ? AND id < ? ORDER BY id LIMIT ?",
    );
    this.#authorizations = records.prepareRaw(
      `SELECT id, status, remaining,
          (SELECT coalesce(sum(amount), 0) FROM releases WHERE authorization_id = authorizations.id),
          merchant_key, ${columns.join(", ")}
        FROM authorizations WHERE id > ? AND id <= ?`,
    );
    this.#releases = records.prepareRaw("SELECT id, authorization_id, amount FROM releases WHERE id > ? AND id <= ?");
    this.#merchant = records.prepare(
      "SELECT terminal, merchant_id AS id, name_location AS nameLocation FROM merchants WHERE key = ?",
    );
  }

  /** The next entries behind an id, with the rows that belong to them; none: the shard has no more. */
  page(afterId: number, rowsMax: number): EntryRow[] {
    const end = rowId({ shard: this.#findings.shard, no: 0 }) + 2 ** 40;
    const rows = this.#entries.all([afterId, end, rowsMax]).map(([id, kind, account, currency, amount, bytes]) => {
      return { id, kind, account, currency, amount, bytes };
    });
    const last = rows.at(-1)?.id ?? end - 1;
    this.#authorizationRows = new Map(this.#authorizations.all([afterId, last]).map(([id, ...rest]) => [id, rest]));
    this.#releaseRows = new Map(this.#releases.all([afterId, last]).map(([id, ...rest]) => [id, rest]));
    return rows;
  }

  check(row: EntryRow, entry: JournalEntry): void {
    const name = this.#findings.entry(entry.no);
    const [currency, amount] = movementOf(entry);
    const expected = `kind ${entryKinds[entry.kind]}, account ${entry.account}, currency ${currency}, amount ${amount}`;
    const found = `kind ${row.kind}, account ${row.account}, currency ${row.currency}, amount ${row.amount}`;
    this.#findings.compare("row", "I1", { entity: `entries row of ${name}`, expected, found });
    if (entry.kind === "authorization") this.#checkAuthorization(row.id, entry);
    else if (entry.kind === "reversal") this.#checkMerchant(entry.merchantKey, entry.merchant);
    if (entry.kind !== "reversal" || !isRelease(entry.outcome)) return;
    const release = this.#releaseRows.get(row.id);
    this.#releaseRows.delete(row.id);
    const wanted = `${entry.amount} of authorization ${rowId({ shard: entry.shard, no: entry.targetNo })}`;
    const given = release === undefined ? "no row" : `${release[1]} of authorization ${release[0]}`;
    this.#findings.compare("row", "I4", { entity: `releases row of ${name}`, expected: wanted, found: given });
  }

  /** After a page: rows that belong to none of its entries. */
  finishPage(): void {
    const orphans = [
      ...[...this.#authorizationRows.keys()].map((id) => `authorizations row ${id}`),
      ...[...this.#releaseRows.keys()].map((id) => `releases row ${id}`),
    ];
    for (const entity of orphans)
      this.#findings.add("row", "I6", { entity, expected: "no row without its entry", found: "a row" });
  }

  #checkAuthorization(id: number, entry: AuthorizationEntry): void {
    const entity = `authorizations row of ${this.#findings.name("iauth", entry.no)}`;
    const row = this.#authorizationRows.get(id);
    this.#authorizationRows.delete(id);
    if (row === undefined) {
      this.#findings.add("row", "I6", { entity, expected: "a row", found: "no row" });
      return;
    }
    const [status, remaining, released, merchantKey, ...cells] = row;
    for (const [index, value] of cellsOf(entry).entries()) {
      const column = columns[index];
      if (cells[index] === value) continue;
      this.#findings.add("row", "I6", {
        entity,
        expected: `${column} ${value}`,
        found: `${column} ${String(cells[index])}`,
      });
    }
    const left = Number(entry.approved) - released;
    const expected = `${statusAfter(entry, left)}, remaining ${left}, merchant ${hex(entry.merchantKey)}`;
    const found = `${status}, remaining ${remaining}, merchant ${hex(merchantKey)}`;
    this.#findings.compare("row", "I4", { entity, expected, found });
    this.#checkMerchant(entry.merchantKey, entry.merchant);
  }

  #checkMerchant(key: Uint8Array, text: MerchantText | null): void {
    if (text === null) return;
    const name = hex(key);
    if (this.#merchantsChecked.has(name)) return;
    if (this.#merchantsChecked.size < merchantsCheckedMax) this.#merchantsChecked.add(name);
    const row = this.#merchant.first([key]);
    const expected = merchantText(text);
    const found = row === null ? "no row" : merchantText(row);
    this.#findings.compare("row", "I6", { entity: `merchants row ${name}`, expected, found });
  }
}

function movementOf(entry: JournalEntry): readonly [currency: number, amount: bigint] {
  if (entry.kind === "authorization") return [entry.cardCurrency, entry.approved];
  if (entry.kind === "reversal") return [entry.cardCurrency, entry.amount];
  return entry.kind === "commit" ? [entry.currency, entry.moved] : [0, 0n];
}

function isRelease(outcome: number): boolean {
  return outcome === luaConstants.RELEASED || outcome === luaConstants.LOWERED;
}

// A hold of which nothing remains has been reversed; lowering always leaves something.
function statusAfter(entry: AuthorizationEntry, left: number): string {
  if (entry.outcome === luaConstants.APPROVED) return left === 0 && entry.approved > 0n ? "reversed" : "pending";
  return entry.outcome === luaConstants.REVERSED_BEFORE ? "reversed" : "closed";
}

function cellsOf(entry: AuthorizationEntry): readonly (number | string)[] {
  return [
    entry.account,
    entry.card,
    entry.chain,
    entry.cardholder,
    entry.network,
    entry.outcome,
    entry.reason,
    entry.cardCurrency,
    Number(entry.cardAmount),
    Number(entry.approved),
    entry.transactionCurrency,
    Number(entry.transactionAmount),
    entry.mcc,
    entry.businessMs,
    entry.wallMs,
    Number(entry.stan),
    entry.rrn,
    entry.authorizationCode,
  ];
}

function merchantText(text: MerchantText): string {
  return `${text.terminal} | ${text.id} | ${text.nameLocation}`;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
