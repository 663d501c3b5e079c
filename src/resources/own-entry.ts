import type { Place } from "../kernel/ids.ts";
import type { JournalEntry } from "../store/entry.ts";
import type { Call } from "./call.ts";
import { entryAt } from "./recorded-entries.ts";

/** An entry of the acting account; null where it is somebody else's, or none. */
export function ownEntry<Params>({ account, records }: Call<Params>, place: Place): JournalEntry | null {
  if (place.shard !== account.place.shard) return null;
  const entry = entryAt(records, place);
  return entry?.account === account.place.no ? entry : null;
}
