import { exceptionOf, isReversalInVain } from "../ledger/exceptions.ts";
import { movementOf } from "../ledger/postings.ts";
import type { Records, Statement } from "../records/database.ts";
import { rowId } from "../records/place.ts";
import { type JournalEntry, entryKinds } from "../store/entry.ts";
import type { MerchantText } from "../store/entry-part.ts";
import { luaConstants } from "../store/library.ts";
import { daysText } from "./charged-days.ts";
import type { MoneyBook } from "./money-book.ts";
import { MoneyRowCheck } from "./money-row-check.ts";
import { otherSideOf } from "./other-side.ts";
import type { MoneyChange } from "./replayed-money.ts";
import { RowPage } from "./row-page.ts";
import type { ShardFindings } from "./violations.ts";

/** An entry as its row holds it. */
export interface EntryRow {
  readonly id: number;
  readonly kind: number;
  readonly account: number;
  readonly currency: number;
  readonly available: number;
  readonly held: number;
  readonly other: number;
  readonly bytes: Uint8Array;
}

const merchantsCheckedMax = 100_000;

/** Compares the rows that the projector made of entries with the entries themselves, a page at a time. */
export class RowCheck {
  readonly #findings: ShardFindings;
  readonly #book: MoneyBook;
  readonly #entries: Statement<[number, number, number, number, number, number, number, Uint8Array]>;
  readonly #followUps: RowPage<[target: number, amount: number]>;
  readonly #charges: RowPage<[day: number, chain: number, cardholder: number, mcc: number, amount: number]>;
  readonly #exceptions: RowPage<[cause: string]>;
  readonly #money: MoneyRowCheck;
  readonly #captured: Statement<[number]>;
  readonly #merchant: Statement<MerchantText>;
  readonly #merchantsChecked = new Set<string>();

  constructor({ findings, records, book }: { findings: ShardFindings; records: Records; book: MoneyBook }) {
    this.#findings = findings;
    this.#book = book;
    this.#entries = records.prepareRaw(
      `SELECT id, kind, account, currency, available, held, other, bytes FROM entries
        WHERE id > ? AND id < ? ORDER BY id LIMIT ?`,
    );
    this.#followUps = new RowPage(records, { table: "follow_ups", columns: "target_id, amount" });
    this.#charges = new RowPage(records, { table: "charges", columns: "day, chain, cardholder, mcc, amount" });
    this.#exceptions = new RowPage(records, { table: "exceptions", columns: "cause" });
    this.#money = new MoneyRowCheck(findings, records);
    this.#captured = records.prepareRaw(
      "SELECT 1 FROM authorizations WHERE id = ? AND status = 'closed' AND kind <> 6",
    );
    this.#merchant = records.prepare(
      "SELECT terminal, merchant_id AS id, name_location AS nameLocation FROM merchants WHERE key = ?",
    );
  }

  /** The next entries behind an id, with the rows that belong to them; none: the shard has no more. */
  page(afterId: number, rowsMax: number): EntryRow[] {
    const end = rowId({ shard: this.#findings.shard, no: 0 }) + 2 ** 40;
    const rows = this.#entries
      .all([afterId, end, rowsMax])
      .map(([id, kind, account, currency, available, held, other, bytes]) => {
        return { id, kind, account, currency, available, held, other, bytes };
      });
    const last = rows.at(-1)?.id ?? end - 1;
    for (const page of [this.#followUps, this.#charges, this.#exceptions, this.#money]) page.read(afterId, last);
    return rows;
  }

  check(row: EntryRow, entry: JournalEntry, change: MoneyChange | null): void {
    const name = this.#findings.entry(entry.no);
    const { currency, available, held } = movementOf(entry);
    const { number: other } = otherSideOf(entry);
    const head = `kind ${entryKinds[entry.kind]}, account ${entry.account}, currency ${currency}`;
    const expected = `${head}, available ${available}, held ${held}, other ${other}`;
    const foundHead = `kind ${row.kind}, account ${row.account}, currency ${row.currency}`;
    const found = `${foundHead}, available ${row.available}, held ${row.held}, other ${row.other}`;
    this.#findings.compare("row", "I1", { entity: `entries row of ${name}`, expected, found });
    this.#money.check(row.id, entry, change);
    this.#checkFollowUp(row.id, entry, change);
    this.#checkCharges(row.id, entry, change);
    this.#checkException(row.id, entry);
    if ("merchantKey" in entry) this.#checkMerchant(entry.merchantKey, entry.merchant);
  }

  /** After a page: rows that belong to none of its entries. */
  finishPage(): void {
    const pages = [this.#followUps, this.#charges, this.#exceptions, ...this.#money.pages];
    for (const entity of pages.flatMap((page) => page.orphans()))
      this.#findings.add("row", "I6", { entity, expected: "no row without its entry", found: "a row" });
  }

  #checkFollowUp(id: number, entry: JournalEntry, change: MoneyChange | null): void {
    const [row] = this.#followUps.take(id);
    const followed = change?.followed ?? null;
    const text = (target: number, amount: bigint | number): string => `${amount} of ${target}`;
    const target = followed === null ? 0 : rowId({ shard: entry.shard, no: followed.targetNo });
    const expected = followed === null ? "no row" : text(target, followed.amount);
    const found = row === undefined ? "no row" : text(...row);
    const entity = `follow_ups row of ${this.#findings.entry(entry.no)}`;
    this.#findings.compare("row", "I4", { entity, expected, found });
  }

  // What an authorization has charged on its own day stands in its own row.
  #checkCharges(id: number, entry: JournalEntry, change: MoneyChange | null): void {
    const rows = this.#charges.take(id);
    const isOwn = entry.kind === "authorization" && (change?.made ?? null) !== null;
    const days = change === null || isOwn ? [] : change.days;
    const spender = change === null ? "" : spenderText(change.spender);
    const expected = days.length === 0 ? "no row" : `${daysText(days)} by ${spender}`;
    const [first] = rows;
    const charged = rows.map(([day, , , , amount]) => ({ day, amount: BigInt(amount) }));
    const who = first === undefined ? "" : spenderText({ chain: first[1], cardholder: first[2], mcc: first[3] });
    const found = first === undefined ? "no row" : `${daysText(charged)} by ${who}`;
    const entity = `charges rows of ${this.#findings.entry(entry.no)}`;
    this.#findings.compare("row", "I7", { entity, expected, found });
  }

  #checkException(id: number, entry: JournalEntry): void {
    const [row] = this.#exceptions.take(id);
    const expected = exceptionOf(entry) ?? (this.#isAfterCapture(entry) ? "reversal_after_capture" : "no row");
    const entity = `exceptions row of ${this.#findings.entry(entry.no)}`;
    this.#findings.compare("row", "I6", { entity, expected, found: row?.[0] ?? "no row" });
  }

  #isAfterCapture(entry: JournalEntry): boolean {
    if (entry.kind !== "reversal" || !isReversalInVain(entry)) return false;
    // Of what is posted already, a reversal that names the authorization undoes nothing, though it could be undone.
    const posting = this.#book.posting(entry.targetNo);
    if (posting !== null) return posting.days.total > 0n;
    // What is open now may be captured later; what is forgotten here had ended before, and stays as it ended.
    const hold = this.#book.hold(entry.targetNo);
    if (hold !== null) return hold.state === luaConstants.HOLD_CAPTURED;
    return this.#captured.first([rowId({ shard: entry.shard, no: entry.targetNo })]) !== null;
  }

  #checkMerchant(key: Uint8Array, text: MerchantText | null): void {
    if (text === null) return;
    const name = Buffer.from(key.buffer, key.byteOffset, key.length).toString("hex");
    if (this.#merchantsChecked.has(name)) return;
    if (this.#merchantsChecked.size < merchantsCheckedMax) this.#merchantsChecked.add(name);
    const row = this.#merchant.first([key]);
    const expected = merchantText(text);
    const found = row === null ? "no row" : merchantText(row);
    this.#findings.compare("row", "I6", { entity: `merchants row ${name}`, expected, found });
  }
}

function spenderText({ chain, cardholder, mcc }: { chain: number; cardholder: number; mcc: number }): string {
  return `chain ${chain}, cardholder ${cardholder}, MCC ${mcc}`;
}

function merchantText(text: MerchantText): string {
  return `${text.terminal} | ${text.id} | ${text.nameLocation}`;
}
