import {
  issuingFundingInstructionsCreateParams,
  issuingFundingInstructionsListParams,
  testHelpersIssuingFundBalanceParams,
} from "../../../specs/api/beyond-sdk.ts";
import type { Place } from "../../kernel/ids.ts";
import type { AccountBody } from "../accounts/accounts.ts";
import { amountParam, currencyParam } from "../balances/money-params.ts";
import { addMovingObject } from "../plain-objects.ts";
import { type Route, objectAnswer, route } from "../route.ts";
import type { View } from "../view.ts";
import { type ShownFundingInstructions, fundingInstructionsOf } from "./funding-instructions.ts";

const url = "/v1/issuing/funding_instructions";

/** Money that came by bank transfer into an issuing balance. */
export interface FundingBody {
  readonly object: "funding";
  readonly account: number;
  readonly amount: number;
  readonly currency: string;
  readonly reference: string | null;
  readonly created: number;
  readonly events: readonly string[];
}

/** The SDK has none of these; they are called by `rawRequest`. */
export const fundingRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: null,
    scope: "funding_instructions:write",
    params: issuingFundingInstructionsCreateParams,
    answer: async ({ params, account, find }) => {
      const { body } = find<AccountBody>("acct", account.id, "account");
      return { kind: "body", body: fundingInstructionsOf(account.place, body, params.currency) };
    },
  }),
  route({
    method: "GET",
    path: url,
    operation: null,
    scope: "funding_instructions:read",
    params: issuingFundingInstructionsListParams,
    answer: async ({ account, find }) => {
      const { body } = find<AccountBody>("acct", account.id, "account");
      const data = [fundingInstructionsOf(account.place, body, body.default_currency)];
      return { kind: "body", body: { object: "list", url, has_more: false, data } };
    },
  }),
  route({
    method: "POST",
    path: "/v1/test_helpers/issuing/fund_balance",
    operation: null,
    scope: "funding_instructions:write",
    params: testHelpersIssuingFundBalanceParams,
    answer: async ({ params, program, account, nowS }) => {
      const currency = currencyParam(params.currency);
      const amount = amountParam(params.amount);
      const body: FundingBody = {
        object: "funding",
        account: account.place.no,
        amount: Number(amount),
        currency: currency.code,
        reference: params.reference ?? null,
        created: nowS,
        events: ["balance.available"],
      };
      const moved = { balance: currency.number, amount };
      const place = await addMovingObject(program, account.place, { type: "funding", body, moved });
      return objectAnswer({ type: "funding", place });
    },
  }),
];

/** What arrived is answered with the instructions by which it came. */
export function renderFunding(view: View, place: Place): ShownFundingInstructions | null {
  const funding = view.object<FundingBody>("funding", place);
  if (funding === null) return null;
  const owner = { shard: place.shard, no: funding.body.account };
  const account = view.object<AccountBody>("account", owner);
  return account === null ? null : fundingInstructionsOf(owner, account.body, funding.body.currency);
}
