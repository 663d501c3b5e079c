import type { Place } from "../../kernel/ids.ts";
import type { View } from "../view.ts";
import { type TransferReversalBody, reversalPlace } from "./transfer-reversals.ts";

/** What has come back of a transfer, as the API tells it. */
export interface ShownTransferReversal {
  id: string;
  object: "transfer_reversal";
  amount: number;
  balance_transaction: string | null;
  created: number;
  currency: string;
  destination_payment_refund: null;
  metadata: Record<string, string>;
  source_refund: null;
  transfer: string;
}

export interface ShownReversals {
  object: "list";
  data: ShownTransferReversal[];
  has_more: boolean;
  url: string;
}

/** Reversals that a transfer tells of itself. */
const shownMax = 10;

export function renderTransferReversal(view: View, place: Place): ShownTransferReversal | null {
  const found = view.object<TransferReversalBody>("transfer_reversal", place);
  if (found === null) return null;
  const { body } = found;
  return {
    id: view.ids.encode("trr", place),
    object: "transfer_reversal",
    amount: body.amount,
    balance_transaction: view.balanceTransaction("transfer_reversal", place),
    created: body.created,
    currency: body.currency,
    destination_payment_refund: null,
    metadata: { ...body.metadata },
    source_refund: null,
    transfer: view.ids.encode("tr", { shard: place.shard, no: body.transfer }),
  };
}

/** The newest reversals of a transfer that has so many of them. */
export function reversalsOf(view: View, transfer: Place, count: number): ShownReversals {
  const data: ShownTransferReversal[] = [];
  for (let index = count; index > 0 && data.length < shownMax; index--) {
    const shown = renderTransferReversal(view, reversalPlace(transfer, index));
    if (shown !== null) data.push(shown);
  }
  const url = `/v1/transfers/${view.ids.encode("tr", transfer)}/reversals`;
  return { object: "list", data, has_more: count > data.length, url };
}
