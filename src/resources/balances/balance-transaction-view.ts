import type { Place } from "../../kernel/ids.ts";
import { type BalanceSource, type BalanceTransactionPart } from "../../ledger/balance-transactions.ts";
import { entryAt, recordedBalanceTransactions } from "../recorded-entries.ts";
import { codeOf, partId, partOf, secondsOf } from "../shown.ts";
import type { View } from "../view.ts";

/** A change of what an account has available, as the API tells it. */
export interface ShownBalanceTransaction {
  id: string;
  object: "balance_transaction";
  amount: number;
  available_on: number;
  balance_type: "issuing" | "payments";
  created: number;
  currency: string;
  description: string | null;
  exchange_rate: number | null;
  fee: number;
  fee_details: never[];
  net: number;
  reporting_category: string;
  source: string | null;
  status: "available";
  type: BalanceTransactionPart["type"];
}

export const prefixes = {
  authorization: "iauth",
  transaction: "ipi",
  dispute: "idp",
  payout: "po",
  topup: "tu",
  transfer: "tr",
  transfer_reversal: "trr",
} as const satisfies Record<BalanceSource["type"], string>;

/** How a report sums them; what is not here has a row of its own name. */
const reportingCategories: Readonly<Partial<Record<BalanceTransactionPart["type"], string>>> = {
  payment: "charge",
  payment_refund: "refund",
  payout_cancel: "payout_reversal",
  payout_failure: "payout_reversal",
  transfer_refund: "transfer_reversal",
};

export function renderBalanceTransaction(view: View, place: Place): ShownBalanceTransaction | null {
  const { entry: entryPlace, index } = partOf(place);
  if (view.asOf !== null && view.asOf < entryPlace.no) return null;
  const entry = entryAt(view.records, entryPlace);
  const part = entry === null ? undefined : recordedBalanceTransactions(view.records, entry)[index];
  return entry === null || part === undefined ? null : shownBalanceTransaction(view, part, entry);
}

export function shownBalanceTransaction(
  { ids }: View,
  part: BalanceTransactionPart,
  entry: Place & { readonly businessMs: number },
): ShownBalanceTransaction {
  const { shard } = entry;
  const { amount, source, type } = part;
  return {
    id: partId(ids, "txn", entry, part.index),
    object: "balance_transaction",
    amount: Number(amount),
    available_on: secondsOf(entry.businessMs),
    balance_type: part.balance,
    created: secondsOf(entry.businessMs),
    currency: codeOf(part.currency),
    description: null,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: Number(amount),
    reporting_category: reportingCategories[type] ?? type,
    source: source === null ? null : ids.encode(prefixes[source.type], { shard, no: source.no }),
    status: "available",
    type,
  };
}
