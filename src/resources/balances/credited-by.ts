import type { Place } from "../../kernel/ids.ts";
import { zero } from "../../kernel/money.ts";
import { unpackEntry } from "../../store/journal-entry.ts";
import { partId } from "../shown.ts";
import type { View } from "../view.ts";

/** Id of the balance transaction of an object's newest version that has added to its balance; null: none has. */
export function creditedBy({ asOf, ids, records }: View, type: "payout" | "topup", place: Place): string | null {
  const { history } = records;
  let written = history.objectAsOf(type, place, asOf ?? Number.MAX_SAFE_INTEGER);
  while (written !== null) {
    const entry = unpackEntry(place.shard, written.no, written.bytes);
    if (entry.kind === "commit" && entry.moved > zero) return partId(ids, "txn", entry, 0);
    written = history.objectBefore(type, place, written.no);
  }
  return null;
}
