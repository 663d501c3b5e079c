import type { Place } from "../kernel/ids.ts";
import type { CommitEntry } from "../store/entry.ts";
import type { Call } from "./call.ts";
import type { FileContents } from "./files/file-contents.ts";
import type { ParamsOf, ParamsSchema } from "./params.ts";
import type { ObjectRef } from "./view.ts";

export type Method = "GET" | "POST" | "DELETE";

/** What a restricted key has to be allowed: a resource, and whether it is read or written. */
export type Scope = `${string}:${"read" | "write"}`;

/** What a handler answers. The core renders it, so that the answer to a repeat is the answer to the first. */
export type Answer =
  /** An object as it stood after entry `asOf` of its shard; null: as it stands. */
  | {
      readonly kind: "object";
      readonly ref: ObjectRef;
      readonly asOf: number | null;
      /** A hot function has known the request by its identity: this is the first answer again. */
      readonly isRepeat: boolean;
    }
  /** Newest first. `url` is the path of the list. */
  | { readonly kind: "list"; readonly url: string; readonly refs: readonly ObjectRef[]; readonly hasMore: boolean }
  /** What is no object of its own: a balance, a deletion. */
  | { readonly kind: "body"; readonly body: object }
  /** What somebody has uploaded, as it came. */
  | { readonly kind: "contents"; readonly contents: FileContents };

/** One operation of the API, as data: the server, the contract, the parity table and the scopes are made from these. */
export interface Route<Schema extends ParamsSchema = ParamsSchema> {
  readonly method: Method;
  /** Parameters in braces: /v1/issuing/cards/{card}. */
  readonly path: string;
  /** The SDK's name of it: issuing.cards.create; null: the SDK has none and `rawRequest` is used. */
  readonly operation: string | null;
  readonly scope: Scope;
  readonly params: Schema;
  readonly answer: (call: Call<ParamsOf<Schema>>) => Promise<Answer>;
  /**
   * What a repeat is answered with, where that is not the object that the commit of the first has written: a request that
   * pays in and returns where to pay.
   */
  readonly repeated?: (call: Call<ParamsOf<Schema>>, first: CommitEntry) => Answer | Promise<Answer>;
  /**
   * The handler begins with whatever the records hold: it reads what lasts, and a function decides the rest. Every other
   * waits first until they hold what the journal held when the request came.
   */
  readonly beginsAtOnce?: true;
  /** Where the request commits, if that is not the acting account's shard: an account that the platform makes. */
  readonly shardOf?: (call: Call<ParamsOf<Schema>>) => number;
}

/** Keeps the type of the parameters between a route's schema and its handler. */
export function route<const Schema extends ParamsSchema>(definition: Route<Schema>): Route {
  // The server hands a handler what the schema of the same route has let through.
  return definition as unknown as Route;
}

/** Without `asOf` the core takes the entry of the request's last commit, or, of a request that has made none, now. */
export function objectAnswer(ref: ObjectRef, asOf: number | null = null): Answer {
  return { kind: "object", ref, asOf, isRepeat: false };
}

/** What a hot function that says `duplicate` is answered with. */
export function repeatAnswer(ref: ObjectRef, asOf: number): Answer {
  return { kind: "object", ref, asOf, isRepeat: true };
}

/** Whose object it is, where it lives, and how it is called by those who ask for it. */
export interface ActingAccount {
  readonly place: Place;
  readonly id: string;
  /** The platform itself, and no connected account. */
  readonly isPlatform: boolean;
}
