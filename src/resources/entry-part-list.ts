import { partsOfEntry } from "../ledger/entry-parts.ts";
import type { RecordsQueries } from "../records/queries.ts";
import type { JournalEntry } from "../store/entry.ts";
import type { Call } from "./call.ts";
import type { ListRange } from "./list.ts";
import { unpacked } from "./recorded-entries.ts";

/** A part of an entry, numbered as in its id. */
export interface PartRow<Part> {
  readonly no: number;
  readonly part: Part;
}

const pageRowsMax = 500;

/** Parts of the acting account's entries in a range of a list. */
export function entryPartRows<Part extends { readonly index: number }, Params>(
  call: Call<Params>,
  range: ListRange,
  partsOf: (records: RecordsQueries, entry: JournalEntry) => readonly Part[],
): PartRow<Part>[] {
  const { created, order, rowsMax } = range;
  const rows: PartRow<Part>[] = [];
  // An entry has a part or two, or none.
  const pageRows = Math.min(pageRowsMax, rowsMax + 10);
  // Entries whose last part is above `after`, and whose first part is below `before`.
  let after = range.after === null ? null : Math.floor(range.after / partsOfEntry) - 1;
  let before = range.before === null ? null : Math.ceil(range.before / partsOfEntry);
  for (;;) {
    const page = call.records.history.entriesOfAccount(call.account.place, { before, after, order, rowsMax: pageRows });
    for (const recorded of page) {
      const entry = unpacked(recorded);
      const createdS = Math.floor(entry.businessMs / 1000);
      // Business time of an account never goes back.
      const isPast = order === "newest_first" ? createdS < created.fromS : createdS >= created.untilS;
      if (isPast) return rows;
      if (createdS < created.fromS || createdS >= created.untilS) continue;
      for (const row of rowsOf(entry, range, partsOf(call.records, entry))) if (rows.length < rowsMax) rows.push(row);
      if (rows.length === rowsMax) return rows;
    }
    const last = page.at(-1);
    if (last === undefined || page.length < pageRows) return rows;
    if (order === "newest_first") before = last.place.no;
    else after = last.place.no;
  }
}

function rowsOf<Part extends { readonly index: number }>(
  entry: JournalEntry,
  { after, before, order }: ListRange,
  parts: readonly Part[],
): PartRow<Part>[] {
  const rows = parts
    .map((part) => ({ no: entry.no * partsOfEntry + part.index, part }))
    .filter(({ no }) => (before === null || no < before) && (after === null || no > after));
  return order === "newest_first" ? rows.toReversed() : rows;
}
