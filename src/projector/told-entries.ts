import type { Place } from "../kernel/ids.ts";
import type { RawEntry } from "../store/journal.ts";
import { isCommit } from "../store/journal-entry.ts";

/** Entries that were just recorded, as they cross from the thread to those who wait for them: all bytes in one piece. */
export interface ToldEntries {
  readonly places: readonly Place[];
  readonly lengths: readonly number[];
  readonly bytes: Uint8Array;
}

export interface PlacedEntry {
  readonly place: Place;
  readonly bytes: Uint8Array;
}

/** Those who wait for more read the rest from the records. */
const toldMax = 128;

/** Of each shard those before its first commit: behind it objects are not what the records say they are. */
export function entriesBeforeCommits(journals: readonly (readonly RawEntry[])[]): PlacedEntry[] {
  const before: PlacedEntry[] = [];
  for (const [shard, entries] of journals.entries()) {
    for (const { bytes, no } of entries) {
      if (isCommit(bytes)) break;
      before.push({ place: { shard, no }, bytes });
    }
  }
  return before;
}

/** null: too many, or none. */
export function tellEntries(entries: readonly PlacedEntry[]): ToldEntries | null {
  if (entries.length === 0 || entries.length > toldMax) return null;
  const lengths = entries.map(({ bytes }) => bytes.length);
  // A piece of its own: what is cut out of Redis's answer would take all of that answer along.
  const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  let at = 0;
  for (const entry of entries) {
    bytes.set(entry.bytes, at);
    at += entry.bytes.length;
  }
  return { places: entries.map(({ place }) => place), lengths, bytes };
}

export function readTold(
  { bytes, lengths, places }: ToldEntries,
  keep: (place: Place, bytes: Uint8Array) => void,
): void {
  let at = 0;
  for (const [index, place] of places.entries()) {
    const end = at + (lengths[index] ?? 0);
    keep(place, Buffer.from(bytes.buffer, at, end - at));
    at = end;
  }
}
