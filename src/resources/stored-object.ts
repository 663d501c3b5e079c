import { assert } from "../kernel/assert.ts";
import type { Place } from "../kernel/ids.ts";
import type { RecordedType } from "../records/place.ts";
import type { RecordsQueries } from "../records/queries.ts";
import { unpackEntry } from "../store/journal-entry.ts";

export interface StoredVersion {
  readonly version: number;
  readonly body: string;
}

/** A committed object as entries up to `asOf` (null: all) have left it; null where it was not there. */
export function storedObject(
  records: RecordsQueries,
  type: RecordedType,
  { place, asOf }: { readonly place: Place; readonly asOf: number | null },
): StoredVersion | null {
  const present = records.present.find(type, place);
  if (present === null || asOf === null || present.writtenNo <= asOf) return present?.object ?? null;
  const written = records.history.objectAsOf(type, place, asOf);
  if (written === null) return null;
  const entry = unpackEntry(place.shard, written.no, written.bytes);
  assert(entry.kind === "commit", "versions of an object are written by commits");
  return { version: entry.version, body: entry.body };
}
