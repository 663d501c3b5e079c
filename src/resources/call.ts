import type { IdCodec, IdPrefix, Place } from "../kernel/ids.ts";
import type { RecordsQueries } from "../records/queries.ts";
import type { ObjectType } from "../store/entry.ts";
import type { Authorizer } from "../authorizer/authorizer.ts";
import type { Program } from "./program.ts";
import type { ActingAccount } from "./route.ts";

/** One request of the API as a handler sees it: read, checked, and allowed to act for an account. */
export interface Call<Params> {
  readonly params: Params;
  /** What stood in the braces of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly account: ActingAccount;
  /** The platform that owns every connected account. */
  readonly platform: ActingAccount;
  /** Writes on behalf of this request: a commit takes the request's idempotency along. */
  readonly program: Program;
  /** The records, which hold everything that the acting account's shard held when the request came. */
  readonly records: RecordsQueries;
  readonly ids: IdCodec;
  /** How many endpoints have not taken an event: yet, or at all. */
  readonly undelivered: (event: Place) => number;
  /** The same that decides messages of the networks; callers flush it. */
  readonly authorizer: Authorizer;
  /**
   * Sixteen bytes that a repeat of this request has as well, and no other request: of its idempotency key, or of chance
   * where it has none. What the hot functions know a message by is derived from them.
   */
  readonly identity: Uint8Array;
  /** Eight bytes of what the request asks for: the same identity with others is a misuse of the key. */
  readonly fingerprint: Uint8Array;
  /** The part `file` of a multipart request; null: it has none. */
  readonly upload: Upload | null;
  /** Where the caller has found us: http://127.0.0.1:12120. */
  readonly origin: string;
  /** Paths of `expand`, such as "number" or "data.cardholder"; the core fills in ids, handlers look for the rest. */
  readonly expand: readonly string[];
  /**
   * The place and body of an object of the acting account. Throws `resource_missing` with `param` where the id is none,
   * is of another kind, belongs to somebody else or was deleted (its body says `deleted: true`). Of committed objects only;
   * "acct" finds the acting account, and for the platform every account.
   */
  readonly find: <Body>(prefix: IdPrefix, id: string, param: string) => Found<Body>;
  /** Waits until the records hold that entry, at most two seconds, then throws `unavailable`. */
  readonly recorded: (shard: number, no: number) => Promise<void>;
  /** The same for everything that a shard's journal holds now: for shards other than the acting account's. */
  readonly caughtUp: (shard: number) => Promise<void>;
  /** Business time in seconds: `created` of whatever is made now. */
  readonly nowS: number;
}

export interface Upload {
  readonly filename: string;
  readonly contentType: string;
  readonly bytes: Uint8Array;
}

export interface Found<Body> {
  readonly place: Place;
  readonly type: ObjectType;
  readonly version: number;
  readonly body: Body;
}
