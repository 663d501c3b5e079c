import { refusingBanks } from "../../../specs/refusing-banks.ts";
import type { Place } from "../../kernel/ids.ts";
import type { View } from "../view.ts";
import { creditedBy } from "./credited-by.ts";
import type { PayoutBody } from "./payouts.ts";

/** Money out of a balance, to a bank, as the API tells it. */
export interface ShownPayout {
  id: string;
  object: "payout";
  amount: number;
  application_fee: null;
  application_fee_amount: null;
  arrival_date: number;
  automatic: boolean;
  balance_transaction: string | null;
  created: number;
  currency: string;
  description: string | null;
  destination: string | null;
  failure_balance_transaction: string | null;
  failure_code: string | null;
  failure_message: string | null;
  livemode: boolean;
  metadata: Record<string, string>;
  method: "standard" | "instant";
  original_payout: string | null;
  payout_method: null;
  reconciliation_status: "not_applicable";
  reversed_by: string | null;
  source_type: string;
  statement_descriptor: string | null;
  status: PayoutBody["status"];
  trace_id: null;
  type: "bank_account";
}

export function renderPayout(view: View, place: Place): ShownPayout | null {
  const found = view.object<PayoutBody>("payout", place);
  if (found === null) return null;
  const { body } = found;
  const { destination, failure_code: code } = body;
  const failure = refusingBanks.find((refusing) => refusing.code === code);
  const idOf = (no: number | undefined): string | null =>
    no === undefined ? null : view.ids.encode("po", { shard: place.shard, no });
  return {
    id: view.ids.encode("po", place),
    object: "payout",
    amount: body.amount,
    application_fee: null,
    application_fee_amount: null,
    arrival_date: body.arrival_date,
    automatic: false,
    balance_transaction: view.balanceTransaction("payout", place),
    created: body.created,
    currency: body.currency,
    description: body.description,
    destination: destination === null ? null : view.ids.encode("ba", { shard: place.shard, no: destination }),
    failure_balance_transaction: returnOf(view, place, body),
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    livemode: false,
    metadata: { ...body.metadata },
    method: body.method,
    original_payout: idOf(body.original_payout),
    payout_method: null,
    reconciliation_status: "not_applicable",
    reversed_by: idOf(body.reversed_by),
    source_type: body.source_type,
    statement_descriptor: body.statement_descriptor,
    status: body.status,
    trace_id: null,
    type: "bank_account",
  };
}

/** Id of the balance transaction that gave the money of a payout back; null: it was not given back. */
function returnOf(view: View, place: Place, { status }: PayoutBody): string | null {
  return status === "canceled" || status === "failed" ? creditedBy(view, "payout", place) : null;
}
