import {
  issuingAuthorizationApproveParams,
  issuingAuthorizationDeclineParams,
} from "../../../specs/api/issuing-authorizations.ts";
import { type AskAnswer, askedMessageOf } from "../../authorizer/resolve.ts";
import { foldAuthorization } from "../../ledger/authorization-history.ts";
import { type AnsweringRequest, type EntryDetails, readDetails } from "../../ledger/entry-details.ts";
import type { JournalEntry } from "../../store/entry.ts";
import { ApiError, otherRequest } from "../api-error.ts";
import { amountParam } from "../balances/money-params.ts";
import type { Call } from "../call.ts";
import { mergeMetadata } from "../metadata.ts";
import { entriesOfAuthorization } from "../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, repeatAnswer, route } from "../route.ts";
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
        details: detailsOf(call, metadata),
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
        details: detailsOf(call, call.params.metadata),
      }),
  }),
];

async function resolve<Params>(call: Call<Params>, answer: AskAnswer): Promise<Answer> {
  const place = authorizationOf(call);
  const entries = entriesOfAuthorization(call.records, place, null);
  const given = answerGivenBy(call, entries);
  if (given !== null) return repeatAnswer({ type: "authorization", place }, given);
  const { waiting } = foldAuthorization(entries);
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

/** Number of the entry in which this very request has answered before; null: it has not. */
function answerGivenBy<Params>(call: Call<Params>, entries: readonly JournalEntry[]): number | null {
  const own = requestOf(call);
  for (const entry of entries) {
    const by = entry.kind === "answer" ? readDetails(entry.details).answered_by : undefined;
    if (by?.identity !== own.identity) continue;
    if (by.fingerprint !== own.fingerprint) throw otherRequest();
    return entry.no;
  }
  return null;
}

function requestOf<Params>({ fingerprint, identity }: Call<Params>): AnsweringRequest {
  return { identity: Buffer.from(identity).toString("hex"), fingerprint: Buffer.from(fingerprint).toString("hex") };
}

function notWaiting(): ApiError {
  return new ApiError("invalid_state", "This authorization does not wait for an answer.", "id");
}

function detailsOf<Params>(call: Call<Params>, given: Parameters<typeof mergeMetadata>[1]): string {
  const metadata = mergeMetadata({}, given);
  const told = Object.keys(metadata).length === 0 ? {} : { metadata };
  return JSON.stringify({ ...told, answered_by: requestOf(call) } satisfies EntryDetails);
}
