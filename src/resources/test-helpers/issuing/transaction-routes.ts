import {
  testHelpersIssuingTransactionCreateForceCaptureParams,
  testHelpersIssuingTransactionCreateUnlinkedRefundParams,
  testHelpersIssuingTransactionRefundParams,
} from "../../../../specs/api/test-helpers-issuing-transactions.ts";
import type { ClearingRequest } from "../../../authorizer/clearing.ts";
import type { Place } from "../../../kernel/ids.ts";
import { minor, zero } from "../../../kernel/money.ts";
import { ApiError } from "../../api-error.ts";
import { amountParam, currencyParam } from "../../balances/money-params.ts";
import type { Call, Found } from "../../call.ts";
import type { CardBody } from "../../issuing/cards.ts";
import { transactionOf } from "../../issuing/transaction-routes.ts";
import type { ParamsOf } from "../../params.ts";
import { aside } from "../../program.ts";
import { type Answer, type Route, objectAnswer, repeatAnswer, route } from "../../route.ts";
import { forcedOf } from "./clearing-request.ts";
import { postedOf } from "./decided.ts";
import { type RefundClaim, claimIn, claimRefund, postRefund, settleRefund } from "./refunds.ts";

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
    // What carries the request's key is its claim, behind which a crash may have come.
    repeated: (call, { body, objectNo, shard }) => refunded(call, { shard, no: objectNo }, claimIn(body)),
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
  const row = call.records.transaction(place);
  if (row === null || row.amount >= zero) {
    throw new ApiError("invalid_state", "Only a capture can be refunded.", "id");
  }
  const { refund_amount: wanted } = call.params;
  const amount = wanted === undefined ? null : amountParam(wanted, "refund_amount");
  return refunded(call, place, await claimRefund(call, place, { captured: minor(-row.amount), wanted: amount }));
}

/** Stripe answers with the capture; the refund is found by the authorization, a list or the event. */
async function refunded<Params>(call: Call<Params>, place: Place, claim: RefundClaim): Promise<Answer> {
  const { journalNo, shard } = await postRefund(call, place, claim);
  await call.recorded(shard, journalNo);
  await settleRefund({ ...call, program: aside(call.program) }, place, claim);
  return objectAnswer({ type: "transaction", place }, journalNo);
}

async function post<Params>(call: Call<Params>, request: ClearingRequest): Promise<Answer> {
  const { isDuplicate, journalNo, shard } = postedOf(await call.authorizer.clear(request));
  await call.recorded(shard, journalNo);
  const ref = { type: "transaction", place: { shard, no: journalNo } } as const;
  return isDuplicate ? repeatAnswer(ref, journalNo) : objectAnswer(ref, journalNo);
}
