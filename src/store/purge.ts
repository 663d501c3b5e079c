import type { Committer } from "./commit.ts";
import { ArgumentPacker } from "./functions.ts";

/** Seconds of wall time for which the outcome of a message is kept (rules: Identity). */
export interface Retention {
  readonly holdlessS: number;
  readonly terminalS: number;
  readonly tombstoneS: number;
}

export interface Purged {
  readonly forgotten: number;
  /** Messages that will fall due; open holds do not count. */
  readonly remaining: number;
  /** Wall milliseconds at which the next of them falls due; 0: none. */
  readonly nextDueMs: number;
}

/** Messages forgotten in one call: it has to stay short. */
const forgottenMax = 5_000;
const listpackEntries = 128;
const packer = new ArgumentPacker("purge");

/** Forgets what a chain of cards no longer has to remember; null where Redis did not answer. */
export function purge(
  committer: Committer,
  chain: { readonly shard: number; readonly chain: number },
  retention: Retention,
  wallMs: number,
): Promise<Purged | null> {
  const { hot, keyspace, now, timeoutMs } = committer;
  const packed = packer.pack({
    wall_now: wallMs,
    holdless_s: retention.holdlessS,
    terminal_s: retention.terminalS,
    tombstone_s: retention.tombstoneS,
    most: forgottenMax,
    listpack_entries: listpackEntries,
  });
  return new Promise((resolve) => {
    hot.call(
      {
        slot: keyspace.slot(chain.shard),
        function: "purge",
        keys: [keyspace.chain(chain.shard, chain.chain)],
        argv: [packed],
        deadlineMs: now() + timeoutMs,
      },
      (reply) => {
        const [forgotten, remaining, nextDueMs] = reply.kind === "ok" && Array.isArray(reply.value) ? reply.value : [];
        if (forgotten === undefined) resolve(null);
        else resolve({ forgotten: Number(forgotten), remaining: Number(remaining), nextDueMs: Number(nextDueMs) });
      },
    );
    hot.flush();
  });
}
