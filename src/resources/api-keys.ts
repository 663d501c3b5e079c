import { createHmac } from "node:crypto";
import type { Place } from "../kernel/ids.ts";
import type { Random } from "../kernel/random.ts";
import { addPlainObject, changePlainObject } from "./plain-objects.ts";
import type { Program } from "./program.ts";

/** What a restricted key may do with a resource: nothing where it is not named. Who may write may read. */
export type Allowed = "read" | "write";
export type KeyScopes = Readonly<Record<string, Allowed>>;

/** A key of the API without the key itself: only what recognises it. */
export interface ApiKeyBody {
  readonly object: "api_key";
  readonly name: string;
  /** What a person recognises it by: sk_test_…4f2a. */
  readonly redacted: string;
  /** Hex of a keyed hash of the key. */
  readonly digest: string;
  /** null: everything. */
  readonly scopes: KeyScopes | null;
  readonly status: "active" | "revoked";
  /** Business time, in seconds. */
  readonly created: number;
}

export interface NewApiKey {
  readonly name: string;
  readonly secret: string;
  readonly scopes: KeyScopes | null;
}

/** The key of the demo's data sets: it opens nothing but a program of test cards on this machine. */
export const demoKey = "sk_test_demo";

const secretChars = 24;
const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** A key that nobody has had: it can be told only now. */
export function newKeySecret(random: Random, isRestricted: boolean): string {
  let text = isRestricted ? "rk_test_" : "sk_test_";
  for (let i = 0; i < secretChars; i++) text += alphabet[random.integer(alphabet.length)];
  return text;
}

/** Hex of the keyed hash by which a key is found; `hashKey` is a secret of the data set. */
export function keyDigest(hashKey: Uint8Array, secret: string): string {
  return createHmac("sha256", hashKey).update("api key\0").update(secret).digest("hex");
}

/** Makes a key of the platform known; returns where it lives. */
export async function createApiKey(
  program: Program,
  platform: Place,
  key: NewApiKey & { readonly hashKey: Uint8Array },
): Promise<Place> {
  const body: ApiKeyBody = {
    object: "api_key",
    name: key.name,
    redacted: redactedKey(key.secret),
    digest: keyDigest(key.hashKey, key.secret),
    scopes: key.scopes,
    status: "active",
    created: Math.floor(program.clock.businessNow() / 1000),
  };
  return keepApiKey(program, platform, body);
}

/** Writes a key that was known before, such as over a reset. */
export function keepApiKey(program: Program, platform: Place, body: ApiKeyBody): Promise<Place> {
  return addPlainObject(program, platform, "api_key", body);
}

/** From now on the key opens nothing. */
export async function revokeApiKey(program: Program, platform: Place, key: Place): Promise<void> {
  const revoke = (body: ApiKeyBody): ApiKeyBody => ({ ...body, status: "revoked" });
  await changePlainObject(program, platform, { type: "api_key", no: key.no }, revoke);
}

/** Only its beginning and its end, for lists and messages. */
export function redactedKey(secret: string): string {
  const kind = /^[a-z]{2}_test_/.exec(secret)?.[0] ?? "";
  return `${kind}...${secret.slice(kind.length).slice(-4)}`;
}
