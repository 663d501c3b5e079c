import { createHash, createHmac } from "node:crypto";
import type { Random } from "../kernel/random.ts";
import { ApiError } from "../resources/api-error.ts";
import type { Upload } from "../resources/call.ts";
import type { Route } from "../resources/route.ts";
import type { RawParams, RawValue } from "../resources/contract/read-params.ts";

const keyCharsMax = 255;

/** What a repeat of a request has in common with it. */
export interface RequestIdentity {
  /** Names the key in the store, for one account; null: the request has no key. */
  readonly digest: string | null;
  /** Sixteen bytes from which the hot functions' names of a message are derived. */
  readonly identity: Uint8Array;
  /** Eight bytes of what is asked for. */
  readonly fingerprint: Uint8Array;
}

export interface Asked {
  readonly route: Pick<Route, "method" | "path">;
  readonly path: Readonly<Record<string, string>>;
  readonly raw: RawParams;
  readonly upload: Upload | null;
}

/** Throws `parameter_invalid` for a key that is too long. */
export function identityOf(
  key: string | null,
  account: string,
  asked: Asked,
  chance: { readonly hashKey: Uint8Array; readonly random: Random },
): RequestIdentity {
  // What changes nothing may be asked as often as anybody likes.
  if (asked.route.method === "GET") return nameless;
  const fingerprint = fingerprintOf(asked);
  if (key === null || key === "" || asked.route.method !== "POST") {
    return { digest: null, identity: chance.random.bytes(16), fingerprint };
  }
  if (key.length > keyCharsMax) {
    throw new ApiError("parameter_invalid", `Idempotency keys may be at most ${keyCharsMax} characters long.`);
  }
  const hash = createHmac("sha256", chance.hashKey).update(`idempotency\0${account}\0`).update(key).digest();
  return {
    digest: hash.subarray(0, 16).toString("base64url"),
    identity: new Uint8Array(hash.subarray(16)),
    fingerprint,
  };
}

const nameless: RequestIdentity = { digest: null, identity: new Uint8Array(16), fingerprint: new Uint8Array(8) };

// In the order in which they were sent: a repeat is sent by the same program.
function fingerprintOf({ path, raw, route, upload }: Asked): Uint8Array {
  const hash = createHash("sha256").update(`${route.method} ${route.path}`);
  for (const name of Object.keys(path)) hash.update(`\0${name}=${path[name]}`);
  for (const name of Object.keys(raw)) addValue(hash, name, raw[name] ?? "");
  if (upload !== null) hash.update("\0\0").update(upload.bytes);
  return new Uint8Array(hash.digest().subarray(0, 8));
}

function addValue(hash: ReturnType<typeof createHash>, name: string, value: RawValue): void {
  hash.update(`\0${name}=`).update(typeof value === "string" ? value : JSON.stringify(value));
}
