import {
  balanceTransactionListParams,
  balanceTransactionRetrieveParams,
} from "../../../specs/api/balance-transactions.ts";
import type { BalanceTransactionPart } from "../../ledger/balance-transactions.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { type PartRow, entryPartRows } from "../entry-part-list.ts";
import { listAnswer } from "../list.ts";
import { ownEntry } from "../own-entry.ts";
import type { ParamsOf } from "../params.ts";
import { recordedBalanceTransactions } from "../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { codeOf, partOf } from "../shown.ts";
import { prefixes } from "./balance-transaction-view.ts";

const url = "/v1/balance_transactions";

export const balanceTransactionRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "balanceTransactions.list",
    scope: "balance_transactions:read",
    params: balanceTransactionListParams,
    answer: async (call) => list(call),
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "balanceTransactions.retrieve",
    scope: "balance_transactions:read",
    params: balanceTransactionRetrieveParams,
    answer: async (call) => retrieve(call),
  }),
];

function list(call: Call<ParamsOf<typeof balanceTransactionListParams>>): Answer {
  const { currency, payout, source = payout, type } = call.params;
  const { shard } = call.account.place;
  const isFiltered = currency !== undefined || source !== undefined || type !== undefined;
  const isWanted = ({ part }: PartRow<BalanceTransactionPart>): boolean => {
    const about = part.source;
    const sourceId = about === null ? null : call.ids.encode(prefixes[about.type], { shard, no: about.no });
    return (
      (type === undefined || part.type === type) &&
      (currency === undefined || codeOf(part.currency) === currency) &&
      (source === undefined || sourceId === source)
    );
  };
  return listAnswer<PartRow<BalanceTransactionPart>, typeof call.params>(call, {
    url,
    prefix: "txn",
    params: call.params,
    rows: (range) => entryPartRows(call, range, recordedBalanceTransactions),
    refOf: ({ no }) => ({ type: "balance_transaction", place: { shard, no } }),
    ...(isFiltered ? { matches: isWanted } : {}),
  });
}

function retrieve(call: Call<ParamsOf<typeof balanceTransactionRetrieveParams>>): Answer {
  const id = call.path["id"] ?? "";
  const place = call.ids.decode("txn", id);
  const found = place === null ? null : partOf(place);
  const entry = found === null ? null : ownEntry(call, found.entry);
  if (
    place === null ||
    found === null ||
    entry === null ||
    recordedBalanceTransactions(call.records, entry)[found.index] === undefined
  ) {
    throw new ApiError("resource_missing", `No such balance transaction: '${id}'`, "id");
  }
  return objectAnswer({ type: "balance_transaction", place });
}
