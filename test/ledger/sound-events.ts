import { type AuthorizationHistory, foldAuthorization } from "../../src/ledger/authorization-history.ts";
import type { Records } from "../../src/records/database.ts";
import { placeOf } from "../../src/records/place.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import { entriesOfAuthorization, recordedEvents } from "../../src/resources/recorded-entries.ts";
import type { JournalEntry } from "../../src/store/entry.ts";

/**
 * Follows every authorization through its entries; null where it is told as created once, before all else, and as updated
 * by every entry after which it stands otherwise.
 */
export function eventFault(records: Records): string | null {
  const queries = new RecordsQueries(records);
  for (const { id } of records.prepare<{ id: number }>("SELECT id FROM authorizations ORDER BY id").all()) {
    const place = placeOf(id);
    const entries = entriesOfAuthorization(queries, place, null);
    const told: string[] = [];
    let before: string | null = null;
    for (const [index, entry] of entries.entries()) {
      const history = foldAuthorization(entries.slice(0, index + 1));
      const types = ownEvents(queries, entry, place.no);
      const now = seen(history);
      const where = `authorization ${place.no} of shard ${place.shard}, entry ${entry.no}, ${entry.kind}`;
      if (history.isReserved && types.length > 0) return `${where}: ${types.join()} while it waits`;
      // An increment that waits is told with its answer.
      if (history.waiting === null && now !== before && types.length !== 1) return `${where}: ${types.length} events`;
      told.push(...types);
      if (history.waiting === null) before = now;
    }
    const [first, ...later] = told;
    const isSound =
      first === undefined || (first.endsWith(".created") && later.every((type) => type.endsWith(".updated")));
    if (!isSound) return `authorization ${place.no} of shard ${place.shard}: ${told.join()}`;
  }
  return null;
}

function ownEvents(queries: RecordsQueries, entry: JournalEntry, no: number): string[] {
  return recordedEvents(queries, entry)
    .filter(({ subject }) => subject.type === "authorization" && subject.no === no)
    .map(({ type }) => type);
}

function seen({ amount, isApproved, requests, status }: AuthorizationHistory): string {
  return `${status} ${amount} ${isApproved} ${requests.length}`;
}
