import {
  testHelpersIssuingTransactionCreateForceCaptureParams,
  testHelpersIssuingTransactionCreateUnlinkedRefundParams,
  testHelpersIssuingTransactionRefundParams,
} from "../../../../specs/api/test-helpers-issuing-transactions.ts";
import type { ClearingRequest } from "../../../authorizer/clearing.ts";
import type { Place } from "../../../kernel/ids.ts";
import { minor } from "../../../kernel/money.ts";
import { ApiError } from "../../api-error.ts";
import { amountParam, currencyParam } from "../../balances/money-params.ts";
import type { Call, Found } from "../../call.ts";
import type { CardBody } from "../../issuing/cards.ts";
import { transactionOf } from "../../issuing/transaction-routes.ts";
import type { ParamsOf } from "../../params.ts";
import { entryAt } from "../../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, repeatAnswer, route } from "../../route.ts";
import { clearingOf, forcedOf } from "./clearing-request.ts";
import { postedOf } from "./decided.ts";
import { readAuthorization } from "./named-authorization.ts";

const url = "/v1/test_helpers/issuing/transactions";
const scope = "issuing_transactions:write";

/** Postings that no authorization asked for, and refunds. */
export const testTransactionRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: `${url}/create_force_capture`,
    operation: "testHelpers.issuing.transactions.createForceCapture",
    scope,
    params: testHelpersIssuingTransactionCreateForceCaptureParams,
    answer: async (call) => force(call, "capture"),
  }),
  route({
    method: "POST",
    path: `${url}/create_unlinked_refund`,
    operation: "testHelpers.issuing.transactions.createUnlinkedRefund",
    scope,
    params: testHelpersIssuingTransactionCreateUnlinkedRefundParams,
    answer: async (call) => force(call, "refund"),
  }),
  route({
    method: "POST",
    path: `${url}/{id}/refund`,
    operation: "testHelpers.issuing.transactions.refund",
    scope,
    params: testHelpersIssuingTransactionRefundParams,
    answer: refund,
  }),
];

type ForceParams = ParamsOf<typeof testHelpersIssuingTransactionCreateForceCaptureParams>;

async function force(call: Call<ForceParams>, kind: ClearingRequest["kind"]): Promise<Answer> {
  const { params } = call;
  const card = call.find<CardBody>("ic", params.card, "card");
  requireCardCurrency(card, params.currency);
  const posted = { kind, amount: amountParam(params.amount), isFinal: true };
  const details = { purchase_details: params.purchase_details };
  return post(call, forcedOf(call, card, { ...posted, details, merchant: params.merchant_data }));
}

function requireCardCurrency({ body }: Found<CardBody>, currency: string | undefined): void {
  if (currency === undefined || currencyParam(currency).code === body.currency) return;
  throw new ApiError("parameter_invalid", `The card's currency is ${body.currency}.`, "currency");
}

async function refund(call: Call<ParamsOf<typeof testHelpersIssuingTransactionRefundParams>>): Promise<Answer> {
  const place = transactionOf(call);
  const entry = entryAt(call.records, place);
  const row = call.records.transaction(place);
  if (entry === null || row === null || row.amount >= 0n) {
    throw new ApiError("invalid_state", "Only a capture can be refunded.", "id");
  }
  const captured = minor(-row.amount);
  const { refund_amount: wanted } = call.params;
  const amount = wanted === undefined ? captured : amountParam(wanted, "refund_amount");
  if (amount > captured) {
    throw new ApiError("parameter_invalid", "A refund is at most what was captured.", "refund_amount");
  }
  // Stripe answers with the capture; the refund is found by the authorization, a list or the event.
  return post(call, await refundOf(call, { entry, amount }), place);
}

async function refundOf<Params>(
  call: Call<Params>,
  {
    entry,
    amount,
  }: { readonly entry: NonNullable<ReturnType<typeof entryAt>>; readonly amount: ReturnType<typeof minor> },
): Promise<ClearingRequest> {
  const posted = { kind: "refund", amount, isFinal: false, details: {} } as const;
  const authorizationNo = "targetNo" in entry ? entry.targetNo : 0;
  if (authorizationNo > 0) {
    return clearingOf(call, await readAuthorization(call, { shard: entry.shard, no: authorizationNo }), posted);
  }
  if (entry.kind === "financial" && !entry.isAdvice) {
    return clearingOf(call, await readAuthorization(call, entry), posted);
  }
  const cardNo = "card" in entry ? entry.card : 0;
  const card = call.find<CardBody>("ic", call.ids.encode("ic", { shard: entry.shard, no: cardNo }), "id");
  return forcedOf(call, card, { ...posted, merchant: undefined });
}

/** Answers with what was posted, or with another transaction of the card as it stands after that. */
async function post<Params>(call: Call<Params>, request: ClearingRequest, told?: Place): Promise<Answer> {
  const { isDuplicate, journalNo, shard } = postedOf(await call.authorizer.clear(request));
  await call.recorded(shard, journalNo);
  const ref = { type: "transaction", place: told ?? { shard, no: journalNo } } as const;
  return isDuplicate ? repeatAnswer(ref, journalNo) : objectAnswer(ref, journalNo);
}
