import {
  issuingDisputeCreateParams,
  issuingDisputeListParams,
  issuingDisputeRetrieveParams,
  issuingDisputeSubmitParams,
  issuingDisputeUpdateParams,
} from "../../../specs/api/issuing-disputes.ts";
import { must } from "../../kernel/assert.ts";
import { ApiError } from "../api-error.ts";
import type { Call, Found } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { objectListAnswer } from "../object-list.ts";
import type { ParamsOf } from "../params.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { evidenceAfter } from "./dispute-evidence.ts";
import {
  type Capture,
  captureAt,
  captureNamed,
  checkWindow,
  claimOf,
  disputeEndMs,
  postingNamed,
} from "./dispute-rules.ts";
import { type DisputeBody, editDispute, noteDispute, openDispute, submitDispute } from "./disputes.ts";

type ListParams = ParamsOf<typeof issuingDisputeListParams>;

const url = "/v1/issuing/disputes";

/** What an account holds against captures. */
export const disputeRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: url,
    operation: "issuing.disputes.create",
    scope: "issuing_disputes:write",
    params: issuingDisputeCreateParams,
    answer: create,
  }),
  route({
    method: "GET",
    path: url,
    operation: "issuing.disputes.list",
    scope: "issuing_disputes:read",
    params: issuingDisputeListParams,
    answer: async (call) => list(call),
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.disputes.retrieve",
    scope: "issuing_disputes:read",
    params: issuingDisputeRetrieveParams,
    answer: async (call) => objectAnswer({ type: "dispute", place: foundDispute(call).place }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "issuing.disputes.update",
    scope: "issuing_disputes:write",
    params: issuingDisputeUpdateParams,
    answer: update,
  }),
  route({
    method: "POST",
    path: `${url}/{id}/submit`,
    operation: "issuing.disputes.submit",
    scope: "issuing_disputes:write",
    params: issuingDisputeSubmitParams,
    answer: submit,
  }),
];

async function create(call: Call<ParamsOf<typeof issuingDisputeCreateParams>>): Promise<Answer> {
  const { amount, evidence: told, metadata, transaction, treasury } = call.params;
  if (treasury !== undefined) {
    throw new ApiError("parameter_invalid", "There are no financial accounts: name a transaction.", "treasury");
  }
  if (transaction === undefined) {
    throw new ApiError("parameter_missing", "Missing required param: transaction.", "transaction");
  }
  const capture = captureNamed(call, transaction, "transaction");
  const nowMs = call.program.clock.businessNow();
  checkWindow(capture, null, nowMs, "transaction");
  const evidence = evidenceAfter(call, capture.place, null, told);
  checkWindow(capture, evidence.reason, nowMs, "evidence[reason]");
  const place = await openDispute(call.program, call.account.place, {
    transaction: capture.place.no,
    amount: Number(claimOf(capture, evidence.reason, amount)),
    currency: capture.currency,
    evidence,
    metadata: mergeMetadata({}, metadata),
    created: call.nowS,
    due_ms: disputeEndMs(capture),
  });
  return objectAnswer({ type: "dispute", place });
}

function list(call: Call<ListParams>): Answer {
  const { status, transaction } = call.params;
  const about = transaction === undefined ? null : postingNamed(call, transaction, "transaction");
  return objectListAnswer<DisputeBody, ListParams>(call, {
    url,
    type: "dispute",
    prefix: "idp",
    params: call.params,
    matches: (body) =>
      (status === undefined || body.status === status) && (about === null || body.transaction === about.no),
  });
}

async function update(call: Call<ParamsOf<typeof issuingDisputeUpdateParams>>): Promise<Answer> {
  const { amount, evidence: told, metadata } = call.params;
  const { body: found, place } = foundDispute(call);
  const account = call.account.place;
  if (amount === undefined && told === undefined) {
    await noteDispute(call.program, account, place.no, (before) => mergeMetadata(before, metadata));
    return objectAnswer({ type: "dispute", place });
  }
  const capture = captureOf(call, found);
  await editDispute(call.program, account, place.no, (body) => {
    const evidence = evidenceAfter(call, capture.place, body.evidence, told);
    if (told !== undefined) checkWindow(capture, evidence.reason, call.program.clock.businessNow(), "evidence[reason]");
    return {
      amount: Number(claimOf(capture, evidence.reason, amount ?? body.amount)),
      evidence,
      metadata: mergeMetadata(body.metadata, metadata),
    };
  });
  return objectAnswer({ type: "dispute", place });
}

async function submit(call: Call<ParamsOf<typeof issuingDisputeSubmitParams>>): Promise<Answer> {
  const { body: found, place } = foundDispute(call);
  const capture = captureOf(call, found);
  await submitDispute(call.program, call.account.place, place.no, {
    check: ({ amount, evidence: { reason } }) => {
      checkWindow(capture, reason, call.program.clock.businessNow(), "id");
      claimOf(capture, reason, amount);
    },
    metadataAfter: (before) => mergeMetadata(before, call.params.metadata),
  });
  return objectAnswer({ type: "dispute", place });
}

function foundDispute<Params>(call: Call<Params>): Found<DisputeBody> {
  return call.find<DisputeBody>("idp", must(call.path["id"], "the path names a dispute"), "id");
}

// What a single message has taken may have been given back in full since.
function captureOf<Params>(call: Call<Params>, { transaction }: DisputeBody): Capture {
  const capture = captureAt(call, { shard: call.account.place.shard, no: transaction });
  if (capture !== null) return capture;
  throw new ApiError("invalid_state", "Nothing of this transaction is left to dispute.", "id");
}
