import type { Place } from "../kernel/ids.ts";
import { ApiError } from "../resources/api-error.ts";
import type { Call } from "../resources/call.ts";
import { readParams } from "../resources/contract/read-params.ts";
import { Expansion, checkExpand } from "../resources/expand.ts";
import { type Moment, type RenderParts, renderObject } from "../resources/rendering.ts";
import type { ActingAccount, Answer, Route } from "../resources/route.ts";
import type { ObjectRef } from "../resources/view.ts";
import { actingAccount, actingPlace } from "./acting-account.ts";
import type { ApiBooks, ApiParts, ApiRequest, ApiResponse } from "./api-parts.ts";
import { type LastCommit, callOf } from "./call-context.ts";
import { unavailableText } from "./envelope.ts";
import { ephemeralRequest } from "./ephemeral-access.ts";
import { requireScope } from "./key-ring.ts";
import { type InFlight, answerOnce } from "./once.ts";
import { identityOf } from "./request-identity.ts";

/** One request of the API, from its key to its answer. Throws ApiError; anything else is a fault of ours. */
export async function serve(
  parts: ApiParts,
  inFlight: InFlight,
  { request: sent, route }: { readonly route: Route; readonly request: ApiRequest },
): Promise<ApiResponse> {
  const books = parts.books();
  const { opens } = sent.key;
  const request = opens === null ? sent : ephemeralRequest(books, opens, { request: sent, route });
  requireScope(request.key, route.scope);
  const begins = { beginsAtOnce: route.beginsAtOnce === true, waitMs: parts.limits.readWaitMs };
  const place = await actingPlace(books, request, begins);
  const question = isLasting(route, request) ? questionOf(route, request) : null;
  if (question !== null) {
    const { shard } = place;
    const at = { shard, no: books.position(shard) };
    const told = books.answers.find(question, at);
    if (told !== null) return responseOf(told, false);
    const account = actingAccount(books, request, place);
    const response = await answerAnew(parts, inFlight, { books, account, request, route });
    // Nobody knows whether the records got further while it was rendered.
    if (books.position(shard) === at.no) books.answers.keep(question, at, JSON.stringify(response.body));
    return response;
  }
  const account = actingAccount(books, request, place);
  return answerAnew(parts, inFlight, { books, account, request, route });
}

interface Accepted {
  readonly books: ApiBooks;
  readonly account: ActingAccount;
  readonly request: ApiRequest;
  readonly route: Route;
}

async function answerAnew(
  parts: ApiParts,
  inFlight: InFlight,
  { books, account, request, route }: Accepted,
): Promise<ApiResponse> {
  const params: unknown = readParams(route.params, request.raw);
  const expand = expandOf(request);
  const asked = { route, path: request.path, raw: request.raw, upload: request.upload };
  const identity = identityOf(request.idempotencyKey, account.id, asked, parts);
  await catchUpWith(books, request, parts.limits.readWaitMs);
  const { call, last } = callOf({ parts, books, request, account, identity, params, expand });
  const finish = (answer: Answer, isReplayed: boolean): Promise<ApiResponse> =>
    render({ parts, books, call, route, last }, answer, isReplayed);
  const { digest } = identity;
  if (digest === null) return finish(await route.answer(call), false);
  return answerOnce({ books, call, digest, finish, inFlight, route });
}

/**
 * Whether the answer follows from the records of the acting account's shard alone. Other accounts live in other shards, and
 * what is told by `expand` only (a number, say) is metered. An event says who has not taken it yet, which no record knows,
 * and a file where its caller gets it.
 */
function isLasting({ method, path }: Route, request: ApiRequest): boolean {
  return (
    method === "GET" &&
    request.key.opens === null &&
    request.raw["expand"] === undefined &&
    !path.startsWith("/v1/accounts") &&
    !path.startsWith("/v1/events") &&
    !path.startsWith("/v1/file")
  );
}

function questionOf({ path }: Route, request: ApiRequest): string {
  return JSON.stringify([request.stripeAccount, path, request.path, request.raw]);
}

// What is named in the path may live in another shard than the one who asks: an account, for its platform.
async function catchUpWith(books: ApiBooks, { path, raw }: ApiRequest, waitMs: number): Promise<void> {
  for (const value of [...Object.values(path), ...Object.values(raw)]) {
    if (typeof value !== "string" || !value.startsWith("acct_")) continue;
    const place = books.ids.decode("acct", value);
    if (place === null || place.shard >= books.program.committer.keyspace.shardCount) continue;
    if (!(await books.caughtUp(place.shard, waitMs))) throw new ApiError("unavailable", unavailableText);
  }
}

function expandOf({ raw }: ApiRequest): readonly string[] {
  const expand = raw["expand"];
  if (expand === undefined || expand === "") return [];
  const paths = typeof expand === "string" ? [expand] : Object.values(expand);
  const wanted = paths.filter((path): path is string => typeof path === "string");
  checkExpand(wanted);
  return wanted;
}

interface Served {
  readonly parts: ApiParts;
  readonly books: ApiBooks;
  readonly call: Call<never>;
  readonly route: Route;
  readonly last: LastCommit;
}

async function render(served: Served, answer: Answer, isReplayed: boolean): Promise<ApiResponse> {
  switch (answer.kind) {
    case "body":
      if (served.last.no > 0) await served.call.recorded(served.last.shard, served.last.no);
      return responseOf(answer.body, isReplayed);
    case "contents":
      return responseOf(answer.contents, isReplayed);
    case "list":
      return responseOf(renderList(served, answer), isReplayed);
    case "object":
      return responseOf(await renderOne(served, answer), isReplayed || answer.isRepeat);
  }
}

async function renderOne(served: Served, answer: Answer & { readonly kind: "object" }): Promise<object> {
  const { call, last, route } = served;
  const { ref } = answer;
  const asOf = answer.asOf ?? (last.no > 0 && last.shard === ref.place.shard ? last.no : null);
  const moment: Moment | null = asOf === null ? null : { shard: ref.place.shard, no: asOf };
  const bodyNow = (): object => {
    const expansion = new Expansion(call.expand, route.method === "GET" ? "retrieval" : "write");
    const rendering = renderingOf(served);
    const body = renderObject(rendering, ref, moment, expansion.wants);
    if (body === null) throw new ApiError("resource_missing", `There is no such ${ref.type.replaceAll("_", " ")}.`);
    expansion.fill(rendering, body, moment);
    return body;
  };
  if (moment === null) return bodyNow();
  const early = isFresh(ref, moment) ? await renderedEarly(served, ref.place, bodyNow) : null;
  if (early !== null) return early;
  await call.recorded(moment.shard, moment.no);
  return bodyNow();
}

/** Whether nothing but its own entry tells of an object: an authorization that has just been decided. */
function isFresh({ place, type }: ObjectRef, { no, shard }: Moment): boolean {
  return type === "authorization" && place.shard === shard && place.no === no;
}

/**
 * An entry that lies in the journal is as durable as a recorded one, and whoever asks next is kept waiting until it is
 * recorded; so it is told before that. null: it refers to something that is not recorded. 50 connections kept in step by the
 * records' transactions made 3,800 authorizations a second, with half of two cores idle.
 */
async function renderedEarly({ books, parts }: Served, place: Place, render: () => object): Promise<object | null> {
  const reached = await books.reach(place.shard, place.no, parts.limits.readWaitMs);
  switch (reached.kind) {
    case "read":
      return books.records.withEntry(place, reached.bytes, render);
    case "recorded":
      return render();
    case "late":
      throw new ApiError("unavailable", unavailableText);
  }
}

function renderList(served: Served, answer: Answer & { readonly kind: "list" }): object {
  const rendering = renderingOf(served);
  const paths = served.call.expand.map((path) => {
    if (path.startsWith("data.")) return path.slice("data.".length);
    throw new ApiError("expand_invalid", `This property cannot be expanded (${path}).`, "expand");
  });
  const data: object[] = [];
  for (const ref of answer.refs) {
    const expansion = new Expansion(paths, "list");
    const body = renderObject(rendering, ref, null, expansion.wants);
    if (body === null) continue;
    expansion.fill(rendering, body, null);
    data.push(body);
  }
  return { object: "list", data, has_more: answer.hasMore, url: answer.url };
}

function renderingOf({ books, call, parts }: Served): RenderParts {
  const { cardSecrets, ids, records, undelivered } = books;
  return { renderers: parts.renderers, records, ids, cardSecrets, undelivered, origin: call.origin };
}

function responseOf(body: object | string, isReplayed: boolean): ApiResponse {
  return { status: 200, body, isReplayed, shouldRetry: null };
}
