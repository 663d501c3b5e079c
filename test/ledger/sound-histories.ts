import { add, zero } from "../../src/kernel/money.ts";
import { foldAuthorization } from "../../src/ledger/authorization-history.ts";
import type { Records } from "../../src/records/database.ts";
import { placeOf } from "../../src/records/place.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import { entriesOfAuthorization } from "../../src/resources/recorded-entries.ts";

/** Folds every authorization; null where each comes to what the projector has made of it, and its holds to what is held. */
export function historyFault(records: Records): string | null {
  const queries = new RecordsQueries(records);
  for (const { id } of records.prepare<{ id: number }>("SELECT id FROM authorizations ORDER BY id").all()) {
    const place = placeOf(id);
    const row = queries.authorization(place);
    const history = foldAuthorization(entriesOfAuthorization(queries, place, null));
    const { balanceTransactions, held, isReserved, requests, status } = history;
    const where = `authorization ${place.no} of shard ${place.shard}`;
    const told = isReserved ? "reserved" : status;
    if (row?.status !== told) return `${where}: ${row?.status} in its row, ${told} by its messages`;
    if (row.remaining !== held) return `${where}: ${row.remaining} held by its row, ${held} by its messages`;
    const sum = balanceTransactions.reduce((total, { amount }) => add(total, amount), zero);
    if (-sum !== (isReserved ? zero : held)) return `${where}: holds of ${sum}, ${held} is held`;
    if (!isReserved && requests.length === 0) return `${where}: nobody has asked for it`;
  }
  return null;
}
