import type { Redis } from "./client.ts";
import type { Keyspace } from "./keys.ts";

const keysPerStep = 1_000;

/** Deletes every key of one namespace, and no other: a reset. Nobody may be using the namespace. Tells how many. */
export async function eraseNamespace(redis: Redis, keyspace: Keyspace): Promise<number> {
  let erased = 0;
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "MATCH", keyspace.pattern(), "COUNT", keysPerStep);
    cursor = next;
    if (keys.length > 0) erased += await redis.unlink(...keys);
  } while (cursor !== "0");
  return erased;
}
