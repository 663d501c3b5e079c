import type { Redis } from "../store/client.ts";
import type { Keyspace } from "../store/keys.ts";
import { type ShardKeys, readHashes } from "../store/snapshot.ts";
import { packIndexedChain, unpackIndexedChain } from "../store/statics.ts";
import type { ExpectedRange, ProgramState } from "./program-state.ts";
import type { ShardFindings } from "./violations.ts";

export interface RouteSource {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly keys: ShardKeys;
}

/**
 * What leads from a PAN to its cards: the range table and the PAN index. The index's field names are keyed hashes of
 * PANs, which cannot be recomputed without the keys; but each value names a chain of cards, and a chain has to be named
 * once for every PAN that its cards have, in whatever shard.
 */
export class PanRoutes {
  /** How often a value is still to be found; below zero: was found too often. Shards that agree leave nothing here. */
  readonly #due = new Map<string, number>();

  async readShard(source: RouteSource, program: ProgramState, findings: ShardFindings): Promise<void> {
    const { redis, keyspace, keys } = source;
    const { shard } = findings;
    for (const [chain, cards] of program.chains) {
      const [first] = cards;
      if (first === undefined) continue;
      const { account, cardholder } = first;
      const pans = new Set(cards.map(({ panTag }) => panTag)).size;
      this.#count(latin1(packIndexedChain({ shard, account, chain, cardholder })), pans);
    }
    const buckets = [...keys.buckets].map((bucket) => keyspace.panIndex(shard, bucket));
    for await (const [, bucket] of readHashes(redis, buckets)) {
      for (const value of bucket.values()) this.#count(latin1(value), -1);
    }
    // The range table lies in shard 0 alone, and so do the objects that it was made from.
    if (shard === 0) await compareRanges(source, program, findings);
  }

  /** After the last shard: a PAN may be filed in another shard than its card. */
  finish(findingsOf: (shard: number) => ShardFindings): void {
    for (const [value, due] of this.#due) {
      const named = namedBy(value);
      const findings = findingsOf(named?.shard ?? 0);
      const chain =
        named === null
          ? `bytes ${Buffer.from(value, "latin1").toString("hex")}`
          : `account ${named.account}, card chain ${findings.name("ic", named.chain)}, cardholder ${named.cardholder}`;
      const [expected, found] = due > 0 ? [`filed ${due} times more`, "no more"] : ["not filed", `filed ${-due} times`];
      findings.add("object", "I6", { entity: `PAN index: ${chain}`, expected, found });
    }
  }

  #count(value: string, change: number): void {
    const due = (this.#due.get(value) ?? 0) + change;
    if (due === 0) this.#due.delete(value);
    else this.#due.set(value, due);
  }
}

async function compareRanges(source: RouteSource, program: ProgramState, findings: ShardFindings): Promise<void> {
  const key = source.keyspace.ranges();
  const inRedis = new Map<string, string>();
  for await (const [, hash] of readHashes(source.redis, [key])) {
    for (const [prefix, value] of hash) inRedis.set(prefix, latin1(value));
  }
  for (const prefix of new Set([...program.ranges.keys(), ...inRedis.keys()])) {
    const range = program.ranges.get(prefix);
    const expected = range === undefined ? "no range" : textOf(range);
    const found = inRedis.get(prefix) ?? "no range";
    findings.compare("object", "I6", { entity: `range ${prefix} of the range table`, expected, found });
  }
}

// As the writer of the table puts it.
function textOf({ prefix, shard, network, currency, no }: ExpectedRange): string {
  return JSON.stringify({ prefix, shard, network, currency, no });
}

function namedBy(value: string): ReturnType<typeof unpackIndexedChain> | null {
  try {
    return unpackIndexedChain(Buffer.from(value, "latin1"));
  } catch {
    return null;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
