import {
  issuingAuthorizationApproveParams,
  issuingAuthorizationDeclineParams,
} from "../../../specs/api/issuing-authorizations.ts";
import { type AskAnswer, askedMessageOf } from "../../authorizer/resolve.ts";
import { foldAuthorization } from "../../ledger/authorization-history.ts";
import { ApiError } from "../api-error.ts";
import { amountParam } from "../balances/money-params.ts";
import type { Call } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { entriesOfAuthorization } from "../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { authorizationOf } from "./authorization-routes.ts";

const url = "/v1/issuing/authorizations";

/** The older way to answer a question: by a call of one's own while the endpoint is asked. */
export const authorizationAnswerRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: `${url}/{id}/approve`,
    operation: "issuing.authorizations.approve",
    scope: "issuing_authorizations:write",
    params: issuingAuthorizationApproveParams,
    answer: async (call) => {
      const { amount, metadata } = call.params;
      return resolve(call, {
        reason: "webhook_approved",
        amount: amount === undefined ? null : amountParam(amount),
        details: detailsOf(mergeMetadata({}, metadata)),
      });
    },
  }),
  route({
    method: "POST",
    path: `${url}/{id}/decline`,
    operation: "issuing.authorizations.decline",
    scope: "issuing_authorizations:write",
    params: issuingAuthorizationDeclineParams,
    answer: async (call) =>
      resolve(call, {
        reason: "webhook_declined",
        amount: null,
        details: detailsOf(mergeMetadata({}, call.params.metadata)),
      }),
  }),
];

async function resolve<Params>(call: Call<Params>, answer: AskAnswer): Promise<Answer> {
  const place = authorizationOf(call);
  const { waiting } = foldAuthorization(entriesOfAuthorization(call.records, place, null));
  if (waiting === null) throw notWaiting();
  if (answer.amount !== null && !waiting.allowsPartial) {
    throw new ApiError("parameter_invalid", "The amount of this authorization is not controllable.", "amount");
  }
  const resolved = await call.authorizer.resolve(askedMessageOf(waiting), answer);
  if (resolved.outcome === "failed") throw new ApiError("unavailable", "The authorization could not be answered now.");
  if (resolved.outcome !== "done") throw notWaiting();
  await call.recorded(place.shard, resolved.journalNo);
  return objectAnswer({ type: "authorization", place }, resolved.journalNo);
}

function notWaiting(): ApiError {
  return new ApiError("invalid_state", "This authorization does not wait for an answer.", "id");
}

function detailsOf(metadata: Readonly<Record<string, string>>): string {
  return Object.keys(metadata).length === 0 ? "" : JSON.stringify({ metadata });
}
