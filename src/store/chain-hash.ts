import { createHash } from "node:crypto";

/** What an account's first entry is chained to. */
export const emptyHash = "0000000000000000";

/**
 * The hash in an account's head after one more entry: 16 hex digits over the previous ones and the entry's bytes.
 * The functions compute the same in Lua, with redis.sha1hex.
 */
export function nextHash(previous: string, entry: Uint8Array): string {
  return createHash("sha1").update(previous).update(entry).digest("hex").slice(0, 16);
}
