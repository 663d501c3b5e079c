import type { Records } from "../records/database.ts";
import type { Redis } from "../store/client.ts";
import { lastNumbers } from "../store/journal.ts";
import type { Keyspace } from "../store/keys.ts";
import { scanKeys } from "../store/snapshot.ts";
import type { LedgerSums } from "./account-replay.ts";
import { type NameObject, nameByPlace } from "./entity-name.ts";
import { PanRoutes } from "./pan-routes.ts";
import { verifyShard } from "./shard-verifier.ts";
import { ShardFindings, type Violation, ViolationList } from "./violations.ts";

export interface VerifyOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly records: Records;
  readonly name?: NameObject;
  /** Violations that are listed; all are counted. Default 20. */
  readonly violationsMax?: number;
}

export interface VerifyReport {
  readonly isSound: boolean;
  readonly violationCount: number;
  /** The smallest wrong thing first. */
  readonly violations: readonly Violation[];
  readonly entries: number;
  readonly accounts: number;
  readonly openHolds: number;
}

const violationsMaxDefault = 20;

/**
 * Recomputes all state from records and journal, and compares Redis and the records' tables with it. The system may be
 * up but has to be at rest: nothing decides meanwhile, and the projector has caught up or stands still.
 */
export async function verify(options: VerifyOptions): Promise<VerifyReport> {
  const { redis, keyspace, records, name = nameByPlace } = options;
  const list = new ViolationList(options.violationsMax ?? violationsMaxDefault);
  const ends = await lastNumbers(redis, keyspace);
  const keys = await scanKeys(redis, keyspace);
  const sums: LedgerSums = new Map();
  const routes = new PanRoutes();
  let [entries, accounts, openHolds] = [0, 0, 0];
  for (let shard = 0; shard < keyspace.shardCount; shard++) {
    const findings = new ShardFindings(shard, { list, name });
    const shardKeys = keys[shard] ?? { accounts: new Set(), chains: new Set(), buckets: new Set() };
    const source = { redis, keyspace, records, keys: shardKeys, end: ends[shard] ?? 0 };
    const count = await verifyShard(source, findings, { sums, routes });
    entries += count.entries;
    accounts += count.accounts;
    openHolds += count.openHolds;
  }
  routes.finish((shard) => new ShardFindings(shard, { list, name }));
  compareSums(new ShardFindings(0, { list, name }), sums);
  return {
    isSound: list.count === 0,
    violationCount: list.count,
    violations: list.smallest(),
    entries,
    accounts,
    openHolds,
  };
}

// rules: Postings. Over all entries the postings of each currency sum to zero.
function compareSums(findings: ShardFindings, sums: LedgerSums): void {
  const byCurrency = new Map<string, bigint>();
  for (const [key, sum] of sums) {
    const currency = key.slice(key.indexOf(" ") + 1);
    byCurrency.set(currency, (byCurrency.get(currency) ?? 0n) + sum);
  }
  for (const [currency, found] of byCurrency) {
    findings.compare("ledger", "I1", { entity: `sum of all postings in ${currency}`, expected: 0n, found });
  }
}
