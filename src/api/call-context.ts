import type { IdPrefix } from "../kernel/ids.ts";
import { type RecordedType, isRecorded } from "../records/place.ts";
import { ApiError } from "../resources/api-error.ts";
import type { Call, Found } from "../resources/call.ts";
import { typeOfPrefix } from "../resources/expand.ts";
import { assert } from "../kernel/assert.ts";
import type { ActingAccount } from "../resources/route.ts";
import { isDeleted, platformOf } from "./acting-account.ts";
import type { ApiBooks, ApiParts, ApiRequest } from "./api-parts.ts";
import { unavailableText } from "./envelope.ts";
import type { RequestIdentity } from "./request-identity.ts";

/** Which entry of which shard a request's last commit has written. */
export interface LastCommit {
  shard: number;
  no: number;
}

export interface CallSources {
  readonly parts: ApiParts;
  readonly books: ApiBooks;
  readonly request: ApiRequest;
  readonly account: ActingAccount;
  readonly identity: RequestIdentity;
  readonly params: unknown;
  readonly expand: readonly string[];
}

/** What a handler is given, and where it can be seen what it has committed. */
export function callOf(sources: CallSources): { readonly call: Call<never>; readonly last: LastCommit } {
  const { account, books, identity, params, parts, request } = sources;
  const { idempotencyKeepMs: keepMs, readWaitMs } = parts.limits;
  const last: LastCommit = { shard: 0, no: 0 };
  const { digest, fingerprint } = identity;
  const wait = async (isThere: Promise<boolean>): Promise<void> => {
    if (!(await isThere)) throw new ApiError("unavailable", unavailableText);
  };
  const call: Call<unknown> = {
    params,
    path: request.path,
    account,
    platform: platformOf(books),
    program: {
      ...books.program,
      idempotency: digest === null ? null : { digest, fingerprint, keepMs },
      onCommitted: (shard, no) => Object.assign(last, { shard, no }),
    },
    records: books.records,
    ids: books.ids,
    undelivered: books.undelivered,
    authorizer: books.authorizer,
    identity: identity.identity,
    fingerprint,
    upload: request.upload,
    origin: `http://${request.host ?? "127.0.0.1"}`,
    expand: sources.expand,
    find: (prefix, id, param) => find(books, account, { prefix, id, param }),
    recorded: (shard, no) => wait(books.recorded(shard, no, readWaitMs)),
    caughtUp: (shard) => wait(books.caughtUp(shard, readWaitMs)),
    nowS: Math.floor(parts.clock.businessNow() / 1000),
  };
  // The parameters were read by the schema of the route whose handler gets the call.
  return { call: call as Call<never>, last };
}

function find<Body>(
  books: ApiBooks,
  account: ActingAccount,
  { id, param, prefix }: { readonly prefix: IdPrefix; readonly id: string; readonly param: string },
): Found<Body> {
  const type = typeOfPrefix[prefix];
  assert(type !== undefined && isRecorded(type), "only committed objects are found by their prefix");
  const place = books.ids.decode(prefix, id);
  const stored = place === null ? null : books.records.object(type, place);
  if (place === null || stored === null || isDeleted(stored.body) || !owns(account, type, stored)) {
    throw new ApiError("resource_missing", `No such ${type.replaceAll("_", " ")}: '${id}'`, param);
  }
  // The room that asks has written the body.
  return { place, type, version: stored.version, body: JSON.parse(stored.body) as Body };
}

function owns(
  account: ActingAccount,
  type: RecordedType,
  stored: { readonly place: { readonly shard: number; readonly no: number }; readonly account: number },
): boolean {
  if (type === "account" && account.isPlatform) return true;
  const owner = type === "account" ? stored.place.no : stored.account;
  return stored.place.shard === account.place.shard && owner === account.place.no;
}
