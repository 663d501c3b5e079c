import {
  payoutCancelParams,
  payoutListParams,
  payoutRetrieveParams,
  payoutReverseParams,
  payoutUpdateParams,
} from "../../../specs/api/payouts.ts";
import { payoutCreateParams } from "../../../specs/api/beyond-sdk.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import type { BankAccountBody } from "../accounts/external-account-view.ts";
import { defaultBankAccount } from "../accounts/external-accounts.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import { changePlainObject } from "../plain-objects.ts";
import { type Route, objectAnswer, route } from "../route.ts";
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
    answer: async ({ params, program, account, find, records }) => {
      const funds = { amount: amountParam(params.amount), currency: currencyParam(params.currency) };
      const { destination } = params;
      const place = await payOut(program, account.place, funds, {
        source_type: params.source_type ?? "card",
        method: params.method ?? "standard",
        destination:
          destination === undefined
            ? defaultBankAccount(records, account.place, funds.currency.code)
            : find("ba", destination, "destination").place.no,
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
