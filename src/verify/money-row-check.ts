import { settlementDay } from "../ledger/settlement-position.ts";
import type { Records } from "../records/database.ts";
import { rowId } from "../records/place.ts";
import {
  type AdviceEntry,
  type AuthorizationEntry,
  type ClearingEntry,
  type FinancialEntry,
  type JournalEntry,
  entryKinds,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import type { MoneyChange } from "./replayed-money.ts";
import { RowPage } from "./row-page.ts";
import type { ShardFindings } from "./violations.ts";

type Cell = number | string | Uint8Array | null;
type AmountEntry = AuthorizationEntry | AdviceEntry | ClearingEntry | FinancialEntry;
type Cells = Readonly<Record<string, number | string>>;

const ofMessage = [
  "account",
  "card",
  "chain",
  "cardholder",
  "network",
  "purpose",
  "outcome",
  "currency",
  "amount",
  "transaction_currency",
  "transaction_amount",
  "mcc",
  "created_ms",
  "wall_ms",
  "original_id",
  "stan",
  "rrn",
  "authorization_code",
] as const;
const ofAuthorization = [...ofMessage, "kind", "reason", "approved"] as const;
const ofTransaction = [...ofMessage, "counted_mcc", "settlement_day"] as const;

/** Compares the rows of authorizations and of transactions with the entries that made them. */
export class MoneyRowCheck {
  readonly #findings: ShardFindings;
  readonly #authorizations: RowPage<
    [status: string, remaining: number, expires: number, merchant: Uint8Array, ...rest: Cell[]]
  >;
  readonly #transactions: RowPage<[reversible: number, merchant: Uint8Array, ...rest: Cell[]]>;

  constructor(findings: ShardFindings, records: Records) {
    this.#findings = findings;
    this.#authorizations = new RowPage(records, {
      table: "authorizations",
      columns: `status, remaining, expires_ms, merchant_key, ${ofAuthorization.join(", ")}`,
    });
    this.#transactions = new RowPage(records, {
      table: "transactions",
      columns: `reversible, merchant_key, ${ofTransaction.join(", ")}`,
    });
  }

  get pages() {
    return [this.#authorizations, this.#transactions] as const;
  }

  read(afterId: number, lastId: number): void {
    for (const page of this.pages) page.read(afterId, lastId);
  }

  check(id: number, entry: JournalEntry, change: MoneyChange | null): void {
    if (entry.kind === "clearing" && entry.amount > 0n) this.#checkCleared(id, entry);
    if (entry.kind !== "authorization" && entry.kind !== "advice" && entry.kind !== "financial") return;
    const made = change?.made ?? null;
    const isPart = entry.kind === "authorization" && change !== null && made === null;
    const isRequest = entry.kind === "authorization" || (entry.kind === "financial" && !entry.isAdvice);
    if (isRequest ? !isPart : made?.kind === "hold") this.#checkAuthorization(id, entry, change);
    if (entry.kind === "financial" && made !== null && entry.amount > 0n) this.#checkTransaction(id, entry, change);
  }

  #checkAuthorization(id: number, entry: Exclude<AmountEntry, ClearingEntry>, change: MoneyChange | null): void {
    const entity = `authorizations row of ${this.#findings.name("iauth", entry.no)}`;
    const [row] = this.#authorizations.take(id);
    if (row === undefined) {
      this.#findings.add("row", "I6", { entity, expected: "a row", found: "no row" });
      return;
    }
    const [status, remaining, expiresMs, merchantKey, ...cells] = row;
    const approved = entry.kind === "authorization" ? entry.approved : entry.amount;
    const isBeside = entry.kind === "advice" && entry.touched === touches.decline;
    const originalId = isBeside ? rowId({ shard: entry.shard, no: entry.viaNo }) : 0;
    const expected = {
      ...cellsOf(entry, Number(entry.cardAmount), originalId),
      kind: entryKinds[entry.kind],
      reason: entry.reason,
      approved: Number(approved),
    };
    this.#compareCells(entity, { expected, columns: ofAuthorization, cells });
    this.#compareMerchant(entity, entry, merchantKey);
    const hold = change?.made?.kind === "hold" ? change.made : null;
    if (hold !== null) {
      // How a hold stands in the end, and how long it may, is known in the end.
      hold.row = { status, remaining, expiresMs };
      return;
    }
    const isReversed = entry.outcome === luaConstants.REVERSED_BEFORE;
    const texts = {
      expected: `${isReversed ? "reversed" : "closed"}, remaining 0`,
      found: `${status}, remaining ${remaining}`,
    };
    this.#findings.compare("row", "I4", { entity, ...texts });
  }

  #checkTransaction(id: number, entry: FinancialEntry, change: MoneyChange | null): void {
    const entity = `transactions row of ${this.#findings.entry(entry.no)}`;
    const [row] = this.#transactions.take(id);
    const made = change?.made ?? null;
    if (row === undefined || made === null) {
      this.#findings.add("row", "I6", { entity, expected: "a row", found: "no row" });
      return;
    }
    const [reversible, merchantKey, ...cells] = row;
    const amount = entry.purpose === luaConstants.PURPOSE_REFUND ? entry.amount : -entry.amount;
    const isLinked = entry.isAdvice && entry.targetNo > 0;
    const originalId = isLinked ? rowId({ shard: entry.shard, no: entry.targetNo }) : 0;
    const expected = {
      ...cellsOf(entry, Number(amount), originalId),
      counted_mcc: made.mcc,
      settlement_day: settlementDay(entry.settlementDate, entry.businessMs),
    };
    this.#compareCells(entity, { expected, columns: ofTransaction, cells });
    this.#compareMerchant(entity, entry, merchantKey);
    made.row = { status: amount > 0n ? "credit" : "debit", remaining: reversible, expiresMs: 0 };
  }

  #checkCleared(id: number, entry: ClearingEntry): void {
    const entity = `transactions row of ${this.#findings.entry(entry.no)}`;
    const [row] = this.#transactions.take(id);
    if (row === undefined) {
      this.#findings.add("row", "I6", { entity, expected: "a row", found: "no row" });
      return;
    }
    const [reversible, merchantKey, ...cells] = row;
    const isRefund = entry.purpose === luaConstants.PURPOSE_REFUND;
    const { shard, targetNo } = entry;
    const originalId = targetNo > 0 ? rowId({ shard, no: targetNo }) : 0;
    const expected = {
      ...cellsOf(entry, Number(isRefund ? entry.amount : -entry.amount), originalId),
      counted_mcc: entry.mcc,
      settlement_day: settlementDay(entry.settlementDate, entry.businessMs),
    };
    this.#compareCells(entity, { expected, columns: ofTransaction, cells });
    this.#compareMerchant(entity, entry, merchantKey);
    const texts = { expected: "reversible 0", found: `reversible ${reversible}` };
    this.#findings.compare("row", "I4", { entity, ...texts });
  }

  #compareCells(entity: string, parts: { expected: Cells; columns: readonly string[]; cells: readonly Cell[] }): void {
    for (const [index, column] of parts.columns.entries()) {
      const [expected, found] = [parts.expected[column], parts.cells[index]];
      if (expected === found) continue;
      const texts = { expected: `${column} ${expected}`, found: `${column} ${String(found)}` };
      this.#findings.add("row", "I6", { entity, ...texts });
    }
  }

  #compareMerchant(entity: string, entry: AmountEntry, key: Uint8Array): void {
    const texts = { expected: `merchant ${hex(entry.merchantKey)}`, found: `merchant ${hex(key)}` };
    this.#findings.compare("row", "I6", { entity, ...texts });
  }
}

function cellsOf(entry: AmountEntry, amount: number, originalId: number): Cells {
  return {
    account: entry.account,
    card: entry.card,
    chain: entry.chain,
    cardholder: entry.cardholder,
    network: entry.network,
    purpose: entry.purpose,
    outcome: entry.outcome,
    currency: entry.cardCurrency,
    amount,
    transaction_currency: entry.transactionCurrency,
    transaction_amount: Number(entry.transactionAmount),
    mcc: entry.mcc,
    created_ms: entry.businessMs,
    wall_ms: entry.wallMs,
    original_id: originalId,
    stan: Number(entry.stan),
    rrn: entry.rrn,
    authorization_code: entry.authorizationCode,
  };
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("hex");
}
