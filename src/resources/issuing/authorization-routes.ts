import {
  issuingAuthorizationListParams,
  issuingAuthorizationRetrieveParams,
  issuingAuthorizationUpdateParams,
} from "../../../specs/api/issuing-authorizations.ts";
import type { Place } from "../../kernel/ids.ts";
import { foldAuthorization } from "../../ledger/authorization-history.ts";
import type { Page } from "../../records/page.ts";
import type { AuthorizationRow } from "../../records/rows.ts";
import type { Call } from "../call.ts";
import { listAnswer } from "../list.ts";
import { mergeMetadata } from "../metadata.ts";
import type { ParamsOf } from "../params.ts";
import { entriesOfAuthorization } from "../recorded-entries.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { authorizationMetadata } from "./authorization-metadata.ts";
import { placeOfId, rowsInRange, spenderOf } from "./money-list.ts";
import { changeNote } from "./notes.ts";

type ListParams = ParamsOf<typeof issuingAuthorizationListParams>;

const url = "/v1/issuing/authorizations";

/** What is read of authorizations, and their metadata; what moves money stands with what moves it. */
export const authorizationRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "issuing.authorizations.list",
    scope: "issuing_authorizations:read",
    params: issuingAuthorizationListParams,
    answer: async (call) => list(call),
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "issuing.authorizations.retrieve",
    scope: "issuing_authorizations:read",
    params: issuingAuthorizationRetrieveParams,
    answer: async (call) => objectAnswer({ type: "authorization", place: authorizationOf(call) }),
  }),
  route({
    method: "POST",
    path: `${url}/{id}`,
    operation: "issuing.authorizations.update",
    scope: "issuing_authorizations:write",
    params: issuingAuthorizationUpdateParams,
    answer: update,
  }),
];

function list(call: Call<ListParams>): Answer {
  const { card, cardholder, status } = call.params;
  const spender = spenderOf(call);
  const holder = card !== undefined && cardholder !== undefined ? call.find("ich", cardholder, "cardholder") : null;
  const isFiltered = status !== undefined || holder !== null;
  return listAnswer<AuthorizationRow, ListParams>(call, {
    url,
    prefix: "iauth",
    params: call.params,
    rows: (range) =>
      rowsInRange(
        range,
        (page) => authorizationsOf(call, spender, page),
        ({ createdMs }) => createdMs,
      ),
    refOf: ({ place }) => ({ type: "authorization", place }),
    ...(isFiltered
      ? {
          matches: (row) =>
            // What waits for its program's endpoint is pending, too.
            (status === undefined || (row.status === "reserved" ? "pending" : row.status) === status) &&
            (holder === null || row.cardholder === holder.place.no),
        }
      : {}),
  });
}

function authorizationsOf(
  { records }: Call<ListParams>,
  { kind, place }: ReturnType<typeof spenderOf>,
  page: Page,
): AuthorizationRow[] {
  if (kind === "card") return records.authorizationsOfCard(place, page);
  return kind === "cardholder"
    ? records.authorizationsOfCardholder(place, page)
    : records.authorizationsOfAccount(place, page);
}

async function update(call: Call<ParamsOf<typeof issuingAuthorizationUpdateParams>>): Promise<Answer> {
  const place = authorizationOf(call);
  const history = foldAuthorization(entriesOfAuthorization(call.records, place, null));
  await changeNote(call, "authorization_note", place, (note, version) => ({
    fraud_challenges: note.fraud_challenges,
    due_ms: note.due_ms,
    metadata: mergeMetadata(authorizationMetadata(history, { note, version }), call.params.metadata),
  }));
  return objectAnswer({ type: "authorization", place });
}

/** The authorization that the path names. Throws `resource_missing` where it is not the acting account's. */
export function authorizationOf<Params>(call: Call<Params>): Place {
  const isOwn = (place: Place): boolean =>
    call.records.history.authorizationHead(place)?.account === call.account.place.no;
  return placeOfId(call, { prefix: "iauth", what: "issuing authorization" }, isOwn);
}
