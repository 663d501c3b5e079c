import {
  payoutCancelParams,
  payoutListParams,
  payoutRetrieveParams,
  payoutReverseParams,
  payoutUpdateParams,
} from "../../../specs/api/payouts.ts";
import { payoutCreateParams } from "../../../specs/api/beyond-sdk.ts";
import type { Place } from "../../kernel/ids.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import type { BankAccountBody } from "../accounts/external-account-view.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import { changePlainObject } from "../plain-objects.ts";
import { type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { amountParam, currencyParam, isIn } from "./money-params.ts";
import { type PayoutBody, cancelPayout, payOut, reversePayout } from "./payouts.ts";

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
    method: "POST",
    path: `${url}/{payout}/reverse`,
    operation: "payouts.reverse",
    scope: "payouts:write",
    params: payoutReverseParams,
    answer: async (call) => {
      const original = call.find<PayoutBody>("po", call.path["payout"] ?? "", "payout");
      checkReversible(call, original.body);
      const place = await reversePayout(call.program, original, mergeMetadata({}, call.params.metadata));
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

const reversibleDays = 90;
const dayS = 86_400;
const reversibleCountries: ReadonlySet<string> = new Set(["CA", "US"]);

/** A bank is asked for money back by those whom a platform answers for, and where banks allow it. Throws ApiError. */
function checkReversible<Params>(call: Call<Params>, body: PayoutBody): void {
  const { account, nowS } = call;
  if (account.isPlatform) {
    throw new ApiError("invalid_state", "Only payouts of connected accounts can be reversed.", "payout");
  }
  if (body.status !== "paid") {
    const way = body.status === "pending" ? " Cancel it instead." : "";
    throw new ApiError(
      "invalid_state",
      `This payout is ${body.status}, so that it cannot be reversed.${way}`,
      "payout",
    );
  }
  if (body.method === "instant" || body.original_payout !== undefined) {
    throw new ApiError("invalid_state", "Neither instant payouts nor reversals can be reversed.", "payout");
  }
  if (body.arrival_date + reversibleDays * dayS < nowS) {
    throw new ApiError("invalid_state", `A payout can be reversed for ${reversibleDays} days.`, "payout");
  }
  if (!reversibleCountries.has(countryOfBank(call, body))) {
    throw new ApiError("invalid_state", "Only payouts to banks in the US and in Canada can be reversed.", "payout");
  }
}

/** Where no bank account was named, the bank is where the account is. */
function countryOfBank<Params>({ account, find, records }: Call<Params>, { destination }: PayoutBody): string {
  const { shard } = account.place;
  const bank = destination === null ? null : records.object("external_account", { shard, no: destination });
  // The body was written by the resource of bank accounts.
  if (bank !== null) return (JSON.parse(bank.body) as BankAccountBody).country;
  return find<AccountBody>("acct", account.id, "account").body.country;
}

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
  const { destination } = body;
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
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
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
