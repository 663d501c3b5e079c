import {
  payoutCancelParams,
  payoutListParams,
  payoutRetrieveParams,
  payoutUpdateParams,
} from "../../../specs/api/payouts.ts";
import { payoutCreateParams } from "../../../specs/api/beyond-sdk.ts";
import type { Place } from "../../kernel/ids.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import { changePlainObject } from "../plain-objects.ts";
import { type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { amountParam, currencyParam, isIn } from "./money-params.ts";
import { type PayoutBody, cancelPayout, payOut } from "./payouts.ts";

const url = "/v1/payouts";

/** Money out of a balance, to a bank. */
export const payoutRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "payouts.create",
    scope: "payouts:write",
    params: payoutCreateParams,
    answer: async ({ params, program, account, find }) => {
      const funds = { amount: amountParam(params.amount), currency: currencyParam(params.currency) };
      const { destination } = params;
      const place = await payOut(program, account.place, funds, {
        source_type: params.source_type ?? "card",
        method: params.method ?? "standard",
        destination: destination === undefined ? null : find("ba", destination, "destination").place.no,
        description: params.description ?? null,
        statement_descriptor: params.statement_descriptor ?? null,
        metadata: mergeMetadata({}, params.metadata),
      });
      return objectAnswer({ type: "payout", place });
    },
  }),
  route({
    method: "GET",
    path: `${url}/{payout}`,
    operation: "payouts.retrieve",
    scope: "payouts:read",
    params: payoutRetrieveParams,
    answer: async ({ find, path }) => {
      const { place } = find("po", path["payout"] ?? "", "payout");
      return objectAnswer({ type: "payout", place });
    },
  }),
  route({
    method: "POST",
    path: `${url}/{payout}`,
    operation: "payouts.update",
    scope: "payouts:write",
    params: payoutUpdateParams,
    answer: async ({ params, find, path, program, account }) => {
      const { place } = find("po", path["payout"] ?? "", "payout");
      await changePlainObject<PayoutBody>(program, account.place, { type: "payout", no: place.no }, (body) => ({
        ...body,
        metadata: mergeMetadata(body.metadata, params.metadata),
        events: ["payout.updated"],
      }));
      return objectAnswer({ type: "payout", place });
    },
  }),
  route({
    method: "POST",
    path: `${url}/{payout}/cancel`,
    operation: "payouts.cancel",
    scope: "payouts:write",
    params: payoutCancelParams,
    answer: async ({ find, path, program, account }) => {
      const { place, body } = find<PayoutBody>("po", path["payout"] ?? "", "payout");
      await cancelPayout(program, account.place, place.no, currencyParam(body.currency).number);
      return objectAnswer({ type: "payout", place });
    },
  }),
  route({
    method: "GET",
    path: url,
    operation: "payouts.list",
    scope: "payouts:read",
    params: payoutListParams,
    answer: async (call) => {
      const { arrival_date: arrival, destination, status } = call.params;
      const bank = destination === undefined ? undefined : call.find("ba", destination, "destination").place.no;
      return objectListAnswer<PayoutBody, unknown>(call, {
        url,
        type: "payout",
        prefix: "po",
        params: call.params,
        matches: (body) =>
          isIn(arrival, body.arrival_date) &&
          (bank === undefined || bank === body.destination) &&
          (status === undefined || status === body.status),
      });
    },
  }),
];

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
  failure_balance_transaction: null;
  failure_code: null;
  failure_message: null;
  livemode: boolean;
  metadata: Record<string, string>;
  method: "standard" | "instant";
  original_payout: null;
  payout_method: null;
  reconciliation_status: "not_applicable";
  reversed_by: null;
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
  const { destination } = body;
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
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    livemode: false,
    metadata: { ...body.metadata },
    method: body.method,
    original_payout: null,
    payout_method: null,
    reconciliation_status: "not_applicable",
    reversed_by: null,
    source_type: body.source_type,
    statement_descriptor: body.statement_descriptor,
    status: body.status,
    trace_id: null,
    type: "bank_account",
  };
}
