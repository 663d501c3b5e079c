import type { Committer } from "./commit.ts";

/** What a commit with that key has left: the request's fingerprint, and the journal number of its entry. */
export interface IdempotencyRecord {
  readonly fingerprint: Uint8Array;
  readonly journalNo: number;
}

export type IdempotencyRead =
  | { readonly kind: "read"; readonly record: IdempotencyRecord | null }
  | { readonly kind: "failed"; readonly cause: string };

/** Whether a request was committed under that digest: one GET. */
export function readIdempotency(committer: Committer, shard: number, digest: string): Promise<IdempotencyRead> {
  const { hot, keyspace, now, timeoutMs } = committer;
  return new Promise((resolve) => {
    const key = keyspace.idempotency(shard, digest);
    hot.read(keyspace.slot(shard), ["GET", key], now() + timeoutMs, (reply) => {
      if (reply.kind !== "ok") {
        resolve({ kind: "failed", cause: reply.kind === "redirected" ? reply.error.code : reply.cause });
        return;
      }
      resolve({ kind: "read", record: typeof reply.value === "string" ? recordOf(reply.value) : null });
    });
    hot.flush();
  });
}

//   | fingerprint 8 | journal number 6 |
function recordOf(value: string): IdempotencyRecord {
  const bytes = Buffer.from(value, "latin1");
  return { fingerprint: new Uint8Array(bytes.subarray(0, 8)), journalNo: bytes.readUIntBE(8, 6) };
}
