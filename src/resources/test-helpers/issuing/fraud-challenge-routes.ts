import { testHelpersIssuingAuthorizationRespondParams } from "../../../../specs/api/test-helpers-issuing-authorizations.ts";
import { foldAuthorization } from "../../../ledger/authorization-history.ts";
import { ApiError } from "../../api-error.ts";
import type { Call } from "../../call.ts";
import { authorizationMetadata } from "../../issuing/authorization-metadata.ts";
import { authorizationOf } from "../../issuing/authorization-routes.ts";
import { fraudChallengesOf } from "../../issuing/fraud-challenges.ts";
import { changeNote } from "../../issuing/notes.ts";
import type { ParamsOf } from "../../params.ts";
import { entriesOfAuthorization } from "../../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, route } from "../../route.ts";

/** What a cardholder answers to the message about a declined authorization. */
export const testFraudChallengeRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v1/test_helpers/issuing/authorizations/{id}/fraud_challenges/respond",
    operation: "testHelpers.issuing.authorizations.respond",
    scope: "issuing_authorizations:write",
    params: testHelpersIssuingAuthorizationRespondParams,
    answer: respond,
  }),
];

async function respond(call: Call<ParamsOf<typeof testHelpersIssuingAuthorizationRespondParams>>): Promise<Answer> {
  const place = authorizationOf(call);
  const history = foldAuthorization(entriesOfAuthorization(call.records, place, null));
  const status = call.params.confirmed ? "verified" : "rejected";
  await changeNote(call, "authorization_note", place, (note, version) => {
    const isOver = note.due_ms !== null && call.program.clock.businessNow() >= note.due_ms;
    const challenges = isOver ? [] : (fraudChallengesOf(history, note) ?? []);
    if (!challenges.some((challenge) => challenge.status === "pending")) {
      throw new ApiError("invalid_state", "This authorization has no fraud challenge that waits for an answer.", "id");
    }
    return {
      metadata: authorizationMetadata(history, { note, version }),
      fraud_challenges: challenges.map((one) => (one.status === "pending" ? { ...one, status } : one)),
      due_ms: null,
    };
  });
  return objectAnswer({ type: "authorization", place });
}
