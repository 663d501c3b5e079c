import { timingSafeEqual } from "node:crypto";
import type { IdCodec } from "../kernel/ids.ts";
import type { RecordsQueries } from "../records/queries.ts";
import { ApiError } from "../resources/api-error.ts";
import { type ApiKeyBody, type KeyScopes, keyDigest, redactedKey } from "../resources/api-keys.ts";
import { type OpenedCard, openEphemeralKey } from "../resources/ephemeral-keys.ts";
import type { Scope } from "../resources/route.ts";

/** A key that was presented and is known. */
export interface PresentedKey {
  /** Names the key without telling it. */
  readonly digest: string;
  readonly redacted: string;
  /** null: everything. */
  readonly scopes: KeyScopes | null;
  /** Of an ephemeral key, the one card that it opens; null: it is another key. */
  readonly opens: OpenedCard | null;
}

/** What a key is looked for in, beside the keys of the platform. */
export interface KeySources {
  readonly records: RecordsQueries;
  readonly ids: IdCodec;
  readonly wallNowS: number;
}

const keysMax = 1_000;

/** The keys of a data set as its records have them, in memory: asked with each request. */
export class KeyRing {
  readonly #hashKey: Uint8Array;
  readonly #keys = new Map<string, PresentedKey>();
  readonly #ofProcess: PresentedKey | null;

  /** `processKey` lives as long as the process and stands in no record; null: there is none. */
  constructor(hashKey: Uint8Array, processKey: string | null) {
    this.#hashKey = hashKey;
    this.#ofProcess =
      processKey === null
        ? null
        : { digest: keyDigest(hashKey, processKey), redacted: redactedKey(processKey), scopes: null, opens: null };
  }

  /** Reads again which keys there are: after every change of one. */
  load(queries: RecordsQueries): void {
    this.#keys.clear();
    if (this.#ofProcess !== null) this.#keys.set(this.#ofProcess.digest, this.#ofProcess);
    for (const { body } of queries.objects("api_key", 0, { before: null, rowsMax: keysMax })) {
      // The body was written by resources/api-keys.
      const { digest, redacted, scopes, status } = JSON.parse(body) as ApiKeyBody;
      if (status === "active") this.#keys.set(digest, { digest, redacted, scopes, opens: null });
    }
  }

  /**
   * The key of an `Authorization` header, which has it as a bearer token or as the user name of Basic. Throws
   * `api_key_missing`, `api_key_invalid` or `secret_key_required`.
   */
  present(authorization: string | undefined, sources: KeySources): PresentedKey {
    const secret = secretOf(authorization ?? "");
    if (secret === "") {
      throw new ApiError(
        "api_key_missing",
        "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
      );
    }
    if (secret.startsWith("pk_")) {
      throw new ApiError("secret_key_required", "This API call cannot be made with a publishable API key.");
    }
    // What is looked up is a keyed hash, so the time that it takes tells nothing about any key.
    const digest = keyDigest(this.#hashKey, secret);
    const known = this.#keys.get(digest) ?? ephemeralKey(secret, digest, sources);
    if (known === undefined || !timingSafeEqual(Buffer.from(known.digest), Buffer.from(digest))) {
      throw new ApiError("api_key_invalid", `Invalid API Key provided: ${redactedKey(secret)}`);
    }
    return known;
  }
}

function ephemeralKey(secret: string, digest: string, { wallNowS, ...sources }: KeySources): PresentedKey | undefined {
  const opens = openEphemeralKey(sources, secret, wallNowS);
  if (opens === null) return undefined;
  return { digest, redacted: redactedKey(secret), scopes: { issuing_cards: "read" }, opens };
}

const secretCharsMax = 255;

function secretOf(header: string): string {
  const space = header.indexOf(" ");
  const [scheme, rest] = [header.slice(0, space).toLowerCase(), header.slice(space + 1).trim()];
  if (rest.length > secretCharsMax * 2) return rest.slice(0, secretCharsMax);
  if (scheme === "bearer") return rest;
  if (scheme !== "basic") return "";
  const user = Buffer.from(rest, "base64").toString("utf8");
  const colon = user.indexOf(":");
  return colon < 0 ? user : user.slice(0, colon);
}

/** Throws `permission_denied` where a restricted key does not have the scope. */
export function requireScope(key: PresentedKey, scope: Scope): void {
  if (key.scopes === null) return;
  const colon = scope.lastIndexOf(":");
  const [resource, wanted] = [scope.slice(0, colon), scope.slice(colon + 1)];
  const allowed = Object.hasOwn(key.scopes, resource) ? key.scopes[resource] : undefined;
  if (allowed === "write" || (allowed === "read" && wanted === "read")) return;
  throw new ApiError(
    "permission_denied",
    `The provided key '${key.redacted}' does not have the required permissions for this endpoint. Having the '${resource}:${wanted}' permission would allow this request to continue.`,
  );
}
