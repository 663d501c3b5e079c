import { must } from "../kernel/assert.ts";
import { ApiError, type ApiErrorCode, apiErrors } from "../resources/api-error.ts";
import type { Call } from "../resources/call.ts";
import { RequestRepeated, tryChange } from "../resources/program.ts";
import { renderers } from "../resources/renderers.ts";
import { type Answer, type Route, objectAnswer } from "../resources/route.ts";
import type { RenderedType } from "../resources/view.ts";
import type { CommitEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { readIdempotency } from "../store/read-idempotency.ts";
import type { ApiBooks, ApiResponse } from "./api-parts.ts";
import { errorResponse, isPassing, refusalOf, unavailableText } from "./envelope.ts";

/** Digests of keys whose requests are being answered in this process, with the fingerprints of these. */
export type InFlight = Map<string, Uint8Array>;

export interface OnceParts {
  readonly books: ApiBooks;
  readonly call: Call<never>;
  readonly digest: string;
  readonly route: Route;
  readonly inFlight: InFlight;
  readonly finish: (answer: Answer, isReplayed: boolean) => Promise<ApiResponse>;
}

/**
 * Answers a request with an idempotency key: the first time by its handler, and afterwards with the first answer again,
 * rendered as of the entry that the first has left. Throws `idempotency_error` for another request under the same key, and
 * `idempotency_key_in_use` while the first is being answered.
 */
export async function answerOnce(parts: OnceParts): Promise<ApiResponse> {
  const { call, digest, inFlight } = parts;
  const running = inFlight.get(digest);
  if (running !== undefined) {
    if (!isSame(running, call.fingerprint)) throw misuse();
    throw new ApiError(
      "idempotency_key_in_use",
      "There is currently another in-progress request using this idempotency key. Please try again later.",
    );
  }
  inFlight.set(digest, call.fingerprint);
  try {
    return (await repeated(parts)) ?? (await first(parts));
  } finally {
    inFlight.delete(digest);
  }
}

async function first(parts: OnceParts): Promise<ApiResponse> {
  const { call, finish, route } = parts;
  try {
    return await finish(await route.answer(call), false);
  } catch (error) {
    // Another process, or an attempt whose outcome nobody knew, has committed under this key meanwhile.
    if (error instanceof RequestRepeated) return must(await repeated(parts), "what was repeated can be read");
    const refusal = refusalOf(error);
    if (refusal === null) throw error;
    // Whatever had been committed before the refusal is the answer: told that it was refused, nobody would look for it.
    if (!isPassing(refusal) && !(await keepRefusal(parts, refusal))) {
      return must(await repeated(parts), "what was repeated can be read");
    }
    throw refusal;
  }
}

/** The first answer again; null where there was none. */
async function repeated(parts: OnceParts): Promise<ApiResponse | null> {
  const { call, route } = parts;
  const { shard } = call.account.place;
  const elsewhere = route.shardOf?.(call) ?? shard;
  return (await repeatedIn(parts, shard)) ?? (elsewhere === shard ? null : repeatedIn(parts, elsewhere));
}

async function repeatedIn(parts: OnceParts, shard: number): Promise<ApiResponse | null> {
  const { books, call, digest, finish, route } = parts;
  const read = await readIdempotency(books.program.committer, shard, digest);
  if (read.kind === "failed") throw new ApiError("unavailable", unavailableText);
  if (read.record === null) return null;
  const { fingerprint, journalNo } = read.record;
  if (!isSame(fingerprint, call.fingerprint)) throw misuse();
  await call.recorded(shard, journalNo);
  const bytes = must(books.records.entryBytes({ shard, no: journalNo }), "a recorded entry has bytes");
  const entry = unpackEntry(shard, journalNo, bytes);
  if (entry.kind !== "commit") throw new Error(`entry ${journalNo} of shard ${shard} has a key and is no commit`);
  if (entry.objectType === "refusal") return errorResponse(refusalIn(entry), true);
  if (route.repeated !== undefined) return finish(await route.repeated(call, entry), true);
  return finish(objectAnswer({ type: typeOf(entry), place: { shard, no: entry.objectNo } }, journalNo), true);
}

/** What an entry changed, as the API calls it: a note belongs to the object that it is a note on. */
function typeOf({ no, objectType }: CommitEntry): RenderedType {
  if (objectType === "authorization_note") return "authorization";
  if (objectType === "transaction_note") return "transaction";
  if (isRendered(objectType)) return objectType;
  throw new Error(`entry ${no} has a key, but a ${objectType} is no answer to a request`);
}

function isRendered(type: string): type is RenderedType {
  return Object.hasOwn(renderers, type);
}

interface RefusalBody {
  readonly object: "refusal";
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly param: string | null;
}

/** False where something was committed under the key before. */
async function keepRefusal({ call }: OnceParts, { code, message, param }: ApiError): Promise<boolean> {
  const { place } = call.account;
  const body: RefusalBody = { object: "refusal", code, message, param };
  try {
    // Where the store does not answer, the refusal is told all the same, and a repeat of it is decided again.
    await tryChange(call.program, {
      shard: place.shard,
      account: place.no,
      objectType: "refusal",
      objectNo: await call.program.numbers.next("refusal", place.shard),
      version: 1,
      body,
      currency: 0,
      accountVersion: 0,
      steps: [],
    });
    return true;
  } catch (error) {
    if (error instanceof RequestRepeated) return false;
    if (refusalOf(error) === null) throw error;
    return true;
  }
}

function refusalIn({ body }: CommitEntry): ApiError {
  // Written by keepRefusal.
  const { code, message, param } = JSON.parse(body) as RefusalBody;
  return new ApiError(Object.hasOwn(apiErrors, code) ? code : "invalid_state", message, param);
}

function misuse(): ApiError {
  return new ApiError(
    "idempotency_error",
    "Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than the one of the first request if you meant to execute a different request.",
  );
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
