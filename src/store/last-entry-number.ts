import type { Committer } from "./commit.ts";

/**
 * Number of the last entry that lies in a shard's journal; 0 where none does, since all that there was is recorded then;
 * null where Redis does not answer. One command on the hot connection.
 */
export function lastEntryNumber(committer: Committer, shard: number, timeoutMs: number): Promise<number | null> {
  const { hot, keyspace, now } = committer;
  return new Promise((resolve) => {
    const command = ["XREVRANGE", keyspace.journal(shard), "+", "-", "COUNT", "1"];
    hot.read(keyspace.slot(shard), command, now() + timeoutMs, (reply) => {
      if (reply.kind !== "ok") {
        resolve(null);
        return;
      }
      const newest = Array.isArray(reply.value) ? reply.value[0] : undefined;
      const id = Array.isArray(newest) ? newest[0] : undefined;
      resolve(typeof id === "string" ? Number(id.slice(id.indexOf("-") + 1)) : 0);
    });
    hot.flush();
  });
}
