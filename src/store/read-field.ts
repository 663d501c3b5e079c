import type { Committer } from "./commit.ts";

export type FieldRead =
  | { readonly kind: "read"; readonly value: Uint8Array | null }
  | { readonly kind: "failed"; readonly cause: string };

/** One field of one hash, for cold code. */
export function readField(committer: Committer, shard: number, key: string, field: string): Promise<FieldRead> {
  const { hot, keyspace, now, timeoutMs } = committer;
  return new Promise((resolve) => {
    hot.read(keyspace.slot(shard), ["HGET", key, field], now() + timeoutMs, (reply) => {
      if (reply.kind === "ok") {
        resolve({ kind: "read", value: typeof reply.value === "string" ? Buffer.from(reply.value, "latin1") : null });
      } else {
        resolve({ kind: "failed", cause: reply.kind === "redirected" ? reply.error.code : reply.cause });
      }
    });
    hot.flush();
  });
}
