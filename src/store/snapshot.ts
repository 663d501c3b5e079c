import { assert } from "../kernel/assert.ts";
import type { Redis } from "./client.ts";
import type { Keyspace } from "./keys.ts";

/** Numbers of the accounts, card chains and buckets of the PAN index that have keys in a shard. */
export interface ShardKeys {
  readonly accounts: Set<number>;
  readonly chains: Set<number>;
  readonly buckets: Set<number>;
}

/** Fields and values of a hash; field names are Latin-1, so that bytes survive. */
export type HashFields = Map<string, Uint8Array>;

const scanCount = 2_000;
const keysPerTrip = 500;

/** What there is in a namespace, by shard. Reads every key name once. */
export async function scanKeys(redis: Redis, keyspace: Keyspace): Promise<ShardKeys[]> {
  const shards = Array.from({ length: keyspace.shardCount }, () => ({
    accounts: new Set<number>(),
    chains: new Set<number>(),
    buckets: new Set<number>(),
  }));
  let cursor = "0";
  do {
    const [next, keys] = await redis.scan(cursor, "MATCH", keyspace.pattern(), "COUNT", scanCount);
    for (const key of keys) {
      const place = keyspace.parse(key);
      if (place?.kind === "account") shards[place.shard]?.accounts.add(place.no);
      else if (place?.kind === "chain") shards[place.shard]?.chains.add(place.no);
      else if (place?.kind === "pan_index") shards[place.shard]?.buckets.add(place.no);
    }
    cursor = next;
  } while (cursor !== "0");
  return shards;
}

/** Every field of the hashes, in the order of the keys and in bounded slices. */
export async function* readHashes(
  redis: Redis,
  keys: readonly string[],
): AsyncGenerator<[index: number, fields: HashFields]> {
  for (let start = 0; start < keys.length; start += keysPerTrip) {
    const pipeline = redis.pipeline();
    for (const key of keys.slice(start, start + keysPerTrip)) pipeline.callBuffer("HGETALL", key);
    for (const [offset, [error, reply]] of ((await pipeline.exec()) ?? []).entries()) {
      if (error !== null) throw error;
      yield [start + offset, fieldsOf(reply)];
    }
  }
}

/** Some fields of each hash, null where one is absent. */
export async function readFields(
  redis: Redis,
  reads: readonly { readonly key: string; readonly fields: readonly string[] }[],
): Promise<(Uint8Array | null)[][]> {
  const pipeline = redis.pipeline();
  for (const { key, fields } of reads) pipeline.hmgetBuffer(key, ...fields);
  return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error !== null) throw error;
    assert(Array.isArray(reply), "HMGET answers a list");
    return reply.map((value: unknown) => (value instanceof Uint8Array ? value : null));
  });
}

function fieldsOf(reply: unknown): HashFields {
  assert(Array.isArray(reply), "HGETALL answers a list");
  const fields: HashFields = new Map();
  for (let i = 0; i + 1 < reply.length; i += 2) {
    const field: unknown = reply[i];
    const value: unknown = reply[i + 1];
    assert(Buffer.isBuffer(field) && Buffer.isBuffer(value), "HGETALL answers fields and values");
    fields.set(field.latin1Slice(0, field.length), value);
  }
  return fields;
}
