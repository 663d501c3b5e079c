import type { Place } from "../kernel/ids.ts";
import type { RecordedEntry } from "../records/history.ts";
import type { RecordsQueries } from "../records/queries.ts";
import type { JournalEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";

/** The entry at a place; null where there is none. */
export function entryAt(records: RecordsQueries, place: Place): JournalEntry | null {
  const bytes = records.entryBytes(place);
  return bytes === null ? null : unpackEntry(place.shard, place.no, bytes);
}

/** What has touched an authorization up to an entry (null: all), its own entry first. */
export function entriesOfAuthorization(records: RecordsQueries, place: Place, upTo: number | null): JournalEntry[] {
  return records.history.entriesOfAuthorization(place, upTo).map(unpacked);
}

export function unpacked({ place, bytes }: RecordedEntry): JournalEntry {
  return unpackEntry(place.shard, place.no, bytes);
}
