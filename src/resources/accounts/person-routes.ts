import {
  accountCreatePersonParams,
  accountDeletePersonParams,
  accountListPersonsParams,
  accountRetrievePersonParams,
  accountUpdatePersonParams,
} from "../../../specs/api/accounts.ts";
import { must } from "../../kernel/assert.ts";
import type { Place } from "../../kernel/ids.ts";
import type { CommitEntry } from "../../store/entry.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import { type Details, detailsIn, mergeDetails } from "../details.ts";
import { mergeMetadata } from "../metadata.ts";
import type { ParamsOf } from "../params.ts";
import { addPlainObject, changePlainObject } from "../plain-objects.ts";
import { type Answer, type Route, objectAnswer, route } from "../route.ts";
import { personAfter } from "./account-details.ts";
import { updateAccount } from "./accounts.ts";
import { foundAccount, shardInPath } from "./found-account.ts";
import { type PersonBody, individualOf, isIndividual } from "./person-view.ts";

type CreateParams = ParamsOf<typeof accountCreatePersonParams>;
type UpdateParams = ParamsOf<typeof accountUpdatePersonParams>;
type ListParams = ParamsOf<typeof accountListPersonsParams>;

const url = "/v1/accounts/{account_id}/persons/{id}";
const limitDefault = 10;
/** Persons of an account, those included that were deleted. */
const personsMax = 500;

/** The people of an account. Who is named as the individual of an account is one of them. */
export const personRoutes: readonly Route[] = [
  route({
    method: "POST",
    path: "/v1/accounts/{id}/persons",
    operation: "accounts.createPerson",
    scope: "accounts:write",
    params: accountCreatePersonParams,
    answer: create,
    shardOf: shardInPath,
  }),
  route({
    method: "GET",
    path: "/v1/accounts/{id}/persons",
    operation: "accounts.listPersons",
    scope: "accounts:read",
    params: accountListPersonsParams,
    answer: list,
  }),
  route({
    method: "GET",
    path: url,
    operation: "accounts.retrievePerson",
    scope: "accounts:read",
    params: accountRetrievePersonParams,
    answer: async (call) => objectAnswer({ type: "person", place: foundPerson(call).place }),
  }),
  route({
    method: "POST",
    path: url,
    operation: "accounts.updatePerson",
    scope: "accounts:write",
    params: accountUpdatePersonParams,
    answer: update,
    shardOf: shardInPath,
    // What is said of an individual is written into their account. They may be deleted by now.
    repeated: (call, { no }: CommitEntry) =>
      objectAnswer({ type: "person", place: must(placeIn(call), "it was changed") }, no),
  }),
  route({
    method: "DELETE",
    path: url,
    operation: "accounts.deletePerson",
    scope: "accounts:write",
    params: accountDeletePersonParams,
    answer: remove,
  }),
];

async function create(call: Call<CreateParams>): Promise<Answer> {
  const { place: account } = foundAccount(call);
  const { details, metadata } = toldBy(call.params);
  if (knownPersons(call, account).length >= personsMax) {
    throw new ApiError("invalid_state", `An account has at most ${personsMax} persons.`);
  }
  const body: PersonBody = {
    object: "person",
    account: account.no,
    details: personAfter({}, details),
    metadata: mergeMetadata({}, metadata),
    deleted: false,
    created: call.nowS,
    events: ["person.created"],
  };
  const { no, shard } = await addPlainObject(call.program, account, "person", body);
  return objectAnswer({ type: "person", place: { shard, no } });
}

async function update(call: Call<UpdateParams>): Promise<Answer> {
  const { account, place } = foundPerson(call);
  const { details, metadata } = toldBy(call.params);
  if (isIndividual(place)) {
    await updateAccount(call.program, account, (body) => ({
      details: { ...body.details, individual: individualAfter(body.details.individual ?? {}, details, metadata) },
    }));
  } else {
    await changePlainObject<PersonBody>(call.program, account, { type: "person", no: place.no }, (body) => ({
      ...body,
      details: personAfter(body.details, details),
      metadata: mergeMetadata(body.metadata, metadata),
      events: ["person.updated"],
    }));
  }
  return objectAnswer({ type: "person", place });
}

function individualAfter(before: Details, details: Details, metadata: UpdateParams["metadata"]): Details {
  const after = personAfter(before, details);
  return metadata === undefined ? after : { ...after, metadata: mergeDetails(detailsIn(before, "metadata"), metadata) };
}

async function remove<Params>(call: Call<Params>): Promise<Answer> {
  const { account, place } = foundPerson(call);
  if (isIndividual(place)) {
    throw new ApiError("invalid_state", "This is the individual whose account it is, who cannot be deleted.", "id");
  }
  await changePlainObject<PersonBody>(call.program, account, { type: "person", no: place.no }, (body) => ({
    ...body,
    deleted: true,
    events: ["person.deleted"],
  }));
  return { kind: "body", body: { id: call.path["id"], object: "person", deleted: true } };
}

/** What a request tells of somebody, without what is kept beside it. */
function toldBy(params: UpdateParams): { readonly details: Details; readonly metadata: UpdateParams["metadata"] } {
  const { expand: _expand, metadata, person_token: token, ...details } = params;
  if (token === undefined) return { details, metadata };
  throw new ApiError("resource_missing", `No such token: '${token}'`, "person_token");
}

// An account has few people, and one of them is no object of its own.
async function list(call: Call<ListParams>): Promise<Answer> {
  const { params } = call;
  const found = foundAccount(call);
  const wanted = Object.entries(params.relationship ?? {});
  const isWanted = (details: Details): boolean =>
    wanted.every(([name, value]) => (detailsIn(details, "relationship")[name] ?? false) === value);
  const all = knownPersons(call, found.place)
    .filter(({ body }) => !body.deleted && isWanted(body.details))
    .map(({ place }) => place);
  const { individual } = found.body.details;
  if (individual !== null && isWanted(individual)) all.push(individualOf(found.place));
  const start = positionOf(call, all, "starting_after");
  const end = positionOf(call, all, "ending_before");
  const rest = end === null ? all.slice(start === null ? 0 : start + 1) : all.slice(0, end);
  const limit = params.limit ?? limitDefault;
  const page = end === null ? rest.slice(0, limit) : rest.slice(-limit);
  const refs = page.map((place) => ({ type: "person", place }) as const);
  return { kind: "list", url: `/v1/accounts/${call.path["id"]}/persons`, refs, hasMore: rest.length > limit };
}

function positionOf(
  call: Call<ListParams>,
  all: readonly Place[],
  name: "starting_after" | "ending_before",
): number | null {
  const id = call.params[name];
  if (id === undefined) return null;
  const cursor = call.ids.decode("person", id);
  const at = all.findIndex(({ no, shard }) => no === cursor?.no && shard === cursor.shard);
  if (at < 0) throw new ApiError("resource_missing", `No such person: '${id}'`, name);
  return at;
}

interface KnownPerson {
  readonly place: Place;
  readonly body: PersonBody;
}

/** Everybody that an account has had, newest first. */
function knownPersons<Params>({ records }: Call<Params>, account: Place): KnownPerson[] {
  const rows = records.objectsOfAccount("person", account, { before: null, rowsMax: personsMax });
  // The bodies were written here.
  return rows.map(({ body, place }) => ({ place, body: JSON.parse(body) as PersonBody }));
}

// Found as the account in the path would find them, which the caller was allowed to name.
function foundPerson<Params>(call: Call<Params>): { readonly account: Place; readonly place: Place } {
  const { body, place: account } = foundAccount(call, "account_id");
  const place = placeIn(call);
  if (place !== null && place.shard === account.shard) {
    const isOwn = isIndividual(place)
      ? place.no === individualOf(account).no && body.details.individual !== null
      : isPersonOf(call, account, place);
    if (isOwn) return { account, place };
  }
  throw new ApiError("resource_missing", `No such person: '${call.path["id"]}'`, "id");
}

function placeIn<Params>({ ids, path }: Call<Params>): Place | null {
  return ids.decode("person", must(path["id"], "the path names a person"));
}

function isPersonOf<Params>({ records }: Call<Params>, account: Place, place: Place): boolean {
  const stored = records.object("person", place);
  // The body was written here.
  return stored !== null && stored.account === account.no && !(JSON.parse(stored.body) as PersonBody).deleted;
}
