import type { Place } from "../kernel/ids.ts";
import type { Minor } from "../kernel/money.ts";
import { foldAuthorization } from "../ledger/authorization-history.ts";
import { type BalanceTransactionPart, balanceTransactionsOf } from "../ledger/balance-transactions.ts";
import { type EventPart, eventsOf } from "../ledger/event-types.ts";
import type { RecordedEntry } from "../records/history.ts";
import type { RecordsQueries } from "../records/queries.ts";
import type { JournalEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";

/** The entry at a place; null where there is none. */
export function entryAt(records: RecordsQueries, place: Place): JournalEntry | null {
  const bytes = records.entryBytes(place);
  return bytes === null ? null : unpackEntry(place.shard, place.no, bytes);
}

/** What has touched an authorization up to an entry (null: all), its own entry first. */
export function entriesOfAuthorization(records: RecordsQueries, place: Place, upTo: number | null): JournalEntry[] {
  if (upTo !== place.no) return records.history.entriesOfTarget(place, upTo).map(unpacked);
  const own = entryAt(records, place);
  return own === null ? [] : [own];
}

/** The balance transactions of an entry, whatever it has put an end to. */
export function recordedBalanceTransactions(records: RecordsQueries, entry: JournalEntry): BalanceTransactionPart[] {
  return balanceTransactionsOf(entry, reservedBefore(records, entry));
}

export function recordedEvents(records: RecordsQueries, entry: JournalEntry): EventPart[] {
  return eventsOf(entry, reservedBefore(records, entry) !== null);
}

/** What was reserved of the first message of the hold that an entry is about, until that entry; null: nothing. */
function reservedBefore(records: RecordsQueries, entry: JournalEntry): Minor | null {
  if (entry.kind !== "advice" && entry.kind !== "financial" && entry.kind !== "clearing") return null;
  const target = { shard: entry.shard, no: entry.targetNo };
  // A row keeps what the first message was told: all but those that had to wait are done with here.
  if (target.no === 0 || records.history.authorizationHead(target)?.outcome !== luaConstants.PENDING) return null;
  const { held, isReserved } = foldAuthorization(entriesOfAuthorization(records, target, entry.no - 1));
  return isReserved ? held : null;
}

export function unpacked({ place, bytes }: RecordedEntry): JournalEntry {
  return unpackEntry(place.shard, place.no, bytes);
}
