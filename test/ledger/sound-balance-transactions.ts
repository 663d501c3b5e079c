import { isoTime } from "../../src/kernel/clock.ts";
import { type Minor, add, subtract, zero } from "../../src/kernel/money.ts";
import { isPaymentsBalance } from "../../src/ledger/balances.ts";
import type { Records } from "../../src/records/database.ts";
import { placeOf } from "../../src/records/place.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import { recordedBalanceTransactions } from "../../src/resources/recorded-entries.ts";
import type { JournalEntry } from "../../src/store/entry.ts";
import { unpackEntry } from "../../src/store/journal-entry.ts";
import { luaConstants } from "../../src/store/library.ts";

/** What is known of one balance of an account after an entry. */
interface Followed {
  sum: Minor;
  /** First messages that wait for their endpoint, by the number of their entry. */
  readonly reserved: Map<number, Minor>;
}

/**
 * Adds up the balance transactions of every balance, entry by entry; null where they sum to what is available, less what
 * is reserved, after every single one.
 */
export function balanceTransactionFault(records: Records): string | null {
  const queries = new RecordsQueries(records);
  const balances = new Map<string, Followed>();
  const rows = records.prepare<{ id: number; bytes: Uint8Array }>("SELECT id, bytes FROM entries ORDER BY id").all();
  for (const { id, bytes } of rows) {
    const place = placeOf(id);
    const entry = unpackEntry(place.shard, place.no, bytes);
    if (entry.kind === "backfill") continue;
    const currency = entry.kind === "commit" ? entry.currency : entry.cardCurrency;
    if (currency === 0) continue;
    const key = `${entry.shard}/${entry.account}/${currency}`;
    const followed = balances.get(key) ?? { sum: zero, reserved: new Map<number, Minor>() };
    balances.set(key, followed);
    for (const part of recordedBalanceTransactions(queries, entry)) {
      if (part.amount === zero) return `${said(entry)}: a balance transaction of nothing`;
      if ((part.balance === "payments") !== isPaymentsBalance(currency)) return `${said(entry)}: another balance`;
      followed.sum = add(followed.sum, part.amount);
    }
    follow(followed.reserved, entry);
    const reserved = [...followed.reserved.values()].reduce((sum, amount) => add(sum, amount), zero);
    if (subtract(followed.sum, reserved) !== entry.available) {
      return `${said(entry)}: available ${entry.available}, transactions ${followed.sum}, reserved ${reserved}`;
    }
  }
  return null;
}

function follow(reserved: Map<number, Minor>, entry: JournalEntry): void {
  if (entry.kind === "authorization" && entry.outcome === luaConstants.PENDING && entry.holdNo === 0) {
    reserved.set(entry.no, entry.approved);
    return;
  }
  if (!("targetNo" in entry)) return;
  const isIncrement = entry.viaNo !== entry.targetNo && entry.viaNo !== 0;
  const isEnd =
    entry.kind === "answer" ||
    entry.outcome === luaConstants.KILLED_PENDING ||
    endsByWordOfNetwork.has(entry.outcome) ||
    (entry.kind === "clearing" && entry.before > zero);
  if (isEnd && !isIncrement) reserved.delete(entry.targetNo);
}

const { CAPTURED_HOLD, COMPLETED, MERGED, RELEASED } = luaConstants;
const endsByWordOfNetwork: ReadonlySet<number> = new Set([CAPTURED_HOLD, COMPLETED, MERGED, RELEASED]);

function said(entry: Exclude<JournalEntry, { kind: "backfill" }>): string {
  return `entry ${entry.no} of shard ${entry.shard}, ${entry.kind}, ${isoTime(entry.businessMs)}`;
}
