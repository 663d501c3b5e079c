import {
  issuingTransactionListParams,
  issuingTransactionRetrieveParams,
  issuingTransactionUpdateParams,
} from "../../../specs/api/issuing-transactions.ts";
import type { Place } from "../../kernel/ids.ts";
import { zero } from "../../kernel/money.ts";
import type { RecordedPosting } from "../../records/history.ts";
import type { Call } from "../call.ts";
import { listAnswer } from "../list.ts";
import { mergeMetadata } from "../metadata.ts";
import { ownEntry } from "../own-entry.ts";
import type { ParamsOf } from "../params.ts";
import { entryAt, recordedBalanceTransactions } from "../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { placeOfId, rowsInRange, spenderOf } from "./money-list.ts";
import { changeNote } from "./notes.ts";

type ListParams = ParamsOf<typeof issuingTransactionListParams>;

const url = "/v1/issuing/transactions";

export const transactionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "issuing.transactions.list",
    scope: "issuing_transactions:read",
    params: issuingTransactionListParams,
    answer: async (call) => list(call),
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.transactions.retrieve",
    scope: "issuing_transactions:read",
    params: issuingTransactionRetrieveParams,
    answer: async (call) => objectAnswer({ type: "transaction", place: transactionOf(call) }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "issuing.transactions.update",
    scope: "issuing_transactions:write",
    params: issuingTransactionUpdateParams,
    answer: update,
  }),
];

function list(call: Call<ListParams>): Answer {
  const { card, cardholder, type } = call.params;
  const spender = spenderOf(call);
  const holder = card !== undefined && cardholder !== undefined ? call.find("ich", cardholder, "cardholder") : null;
  const isFiltered = type !== undefined || holder !== null;
  return listAnswer<RecordedPosting, ListParams>(call, {
    url,
    prefix: "ipi",
    params: call.params,
    rows: (range) =>
      rowsInRange(
        range,
        (page) => call.records.history.postingsOf(spender, page),
        ({ place }) => entryAt(call.records, place)?.businessMs ?? 0,
      ),
    refOf: ({ place }) => ({ type: "transaction", place }),
    ...(isFiltered
      ? {
          matches: ({ amount, place }) =>
            (type === undefined || type === (amount < zero ? "capture" : "refund")) &&
            (holder === null || cardholderOf(call, place) === holder.place.no),
        }
      : {}),
  });
}

function cardholderOf(call: Call<ListParams>, place: Place): number | null {
  const entry = entryAt(call.records, place);
  return entry !== null && "cardholder" in entry ? entry.cardholder : null;
}

async function update(call: Call<ParamsOf<typeof issuingTransactionUpdateParams>>): Promise<Answer> {
  const place = transactionOf(call);
  await changeNote(call, "transaction_note", place, ({ due_ms: dueMs = null, metadata, refunds }) => ({
    metadata: mergeMetadata(metadata, call.params.metadata),
    ...(refunds === undefined ? {} : { refunds, due_ms: dueMs }),
  }));
  return objectAnswer({ type: "transaction", place });
}

/** The transaction that the path names. Throws `resource_missing` where it is not the acting account's. */
export function transactionOf<Params>(call: Call<Params>): Place {
  return placeOfId(call, { prefix: "ipi", what: "issuing transaction" }, (place) => {
    const entry = ownEntry(call, place);
    return (
      entry !== null &&
      recordedBalanceTransactions(call.records, entry).some(({ type }) => type === "issuing_transaction")
    );
  });
}
