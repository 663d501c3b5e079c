import { assert } from "../kernel/assert.ts";
import type { Redis } from "./client.ts";
import type { Keyspace } from "./keys.ts";

/** A journal is a stream with ids 0-1, 0-2 … and one field `e`: the packed entry. */
export interface RawEntry {
  readonly no: number;
  readonly bytes: Uint8Array;
}

/** The entries behind the given numbers, a list for each shard, at most `entriesMax` of each. */
export async function readJournals(
  redis: Redis,
  keyspace: Keyspace,
  read: { after: readonly number[]; entriesMax: number },
) {
  const pipeline = redis.pipeline();
  for (const [shard, no] of read.after.entries()) {
    pipeline.xrangeBuffer(keyspace.journal(shard), `0-${no + 1}`, "+", "COUNT", read.entriesMax);
  }
  return (await answers(pipeline)).map(entriesOf);
}

/** The entries of one shard behind a number. */
export async function readJournal(
  redis: Redis,
  keyspace: Keyspace,
  read: { shard: number; after: number; entriesMax: number },
): Promise<RawEntry[]> {
  const key = keyspace.journal(read.shard);
  return entriesOf(await redis.xrangeBuffer(key, `0-${read.after + 1}`, "+", "COUNT", read.entriesMax));
}

/** Number of the last entry ever appended to each shard's journal, trimmed or not; 0: none. */
export async function lastNumbers(redis: Redis, keyspace: Keyspace): Promise<number[]> {
  const pipeline = redis.pipeline();
  for (let shard = 0; shard < keyspace.shardCount; shard++) pipeline.xinfo("STREAM", keyspace.journal(shard));
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error !== null && /no such key/.test(error.message)) return 0;
    if (error !== null) throw error;
    assert(Array.isArray(reply), "XINFO STREAM answers a list");
    const id: unknown = reply[reply.indexOf("last-generated-id") + 1];
    return numberOf(String(id));
  });
}

/** Number of the oldest entry that each journal still has; null: it has none. */
export async function firstNumbers(redis: Redis, keyspace: Keyspace): Promise<(number | null)[]> {
  const pipeline = redis.pipeline();
  for (let shard = 0; shard < keyspace.shardCount; shard++) {
    pipeline.xrangeBuffer(keyspace.journal(shard), "-", "+", "COUNT", 1);
  }
  return (await answers(pipeline)).map((reply) => entriesOf(reply)[0]?.no ?? null);
}

/** Forgets the entries up to and including the given numbers: only what is durable elsewhere. */
export async function trimJournals(
  redis: Redis,
  keyspace: Keyspace,
  upTo: readonly { readonly shard: number; readonly no: number }[],
): Promise<void> {
  const pipeline = redis.pipeline();
  for (const { shard, no } of upTo) pipeline.xtrim(keyspace.journal(shard), "MINID", `0-${no + 1}`);
  await answers(pipeline);
}

async function answers(pipeline: ReturnType<Redis["pipeline"]>): Promise<unknown[]> {
  const replies = (await pipeline.exec()) ?? [];
  return replies.map(([error, reply]) => {
    if (error !== null) throw error;
    return reply;
  });
}

function entriesOf(reply: unknown): RawEntry[] {
  assert(Array.isArray(reply), "XRANGE answers a list");
  return reply.map((item: readonly [Buffer, readonly [Buffer, Buffer]]) => ({
    no: numberOf(item[0].latin1Slice(0, item[0].length)),
    bytes: item[1][1],
  }));
}

function numberOf(id: string): number {
  assert(id.startsWith("0-"), "a journal id begins with 0-");
  return Number(id.slice(2));
}
