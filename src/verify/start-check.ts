import { type Result, fail, ok } from "../kernel/result.ts";
import type { Minor } from "../kernel/money.ts";
import { minor, zero } from "../kernel/money.ts";
import { type Records, readMeta } from "../records/database.ts";
import { emptyHash, nextHash } from "../store/chain-hash.ts";
import type { Redis } from "../store/client.ts";
import type { JournalEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { firstNumbers, lastNumbers, readJournals } from "../store/journal.ts";
import { type Keyspace, fields } from "../store/keys.ts";
import { type PackedBalance, unpackBalance, unpackHead } from "../store/packed-state.ts";
import { readFields } from "../store/snapshot.ts";
import { type NameObject, nameByPlace } from "./entity-name.ts";
import { type StartError, startError } from "./start-error.ts";

export interface StartCheckOptions {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly records: Records;
  /** The data set that Redis says it holds; null: it says nothing. */
  readonly redisDataSetId: string | null;
  readonly name?: NameObject;
}

export interface StartReport {
  readonly accounts: number;
  /** Entries that the projector has still to copy. */
  readonly tailEntries: number;
}

/**
 * Whether Redis and records may go on together: one data set, a journal that begins where the records end, and every
 * account's head and balances as its entries left them. Cheap enough for every start; `verify` looks at all the rest.
 */
export async function checkStart(options: StartCheckOptions): Promise<Result<StartReport, StartError>> {
  const recorded = readMeta(options.records, "data_set_id");
  if (recorded !== options.redisDataSetId) {
    const message = `Redis holds data set ${options.redisDataSetId ?? "none"}, records hold ${recorded ?? "none"}`;
    return fail(startError("wrong_data_set", message));
  }
  const checkpoints = readCheckpoints(options);
  const ends = await lastNumbers(options.redis, options.keyspace);
  const refusal = compareEnds(checkpoints, ends, await firstNumbers(options.redis, options.keyspace));
  if (refusal !== null) return fail(refusal);
  const accounts = readAccounts(options.records);
  const tail = await foldTail(options, checkpoints, accounts);
  if (!tail.ok) return tail;
  const difference = await compareAccounts(options, [...accounts.values()]);
  return difference === null ? ok({ accounts: accounts.size, tailEntries: tail.value }) : fail(difference);
}

interface ExpectedAccount {
  readonly shard: number;
  readonly account: number;
  version: number;
  chainHash: string;
  businessMs: number;
  readonly balances: Map<number, PackedBalance>;
}

const pageEntries = 2_000;
const accountsPerTrip = 2_000;

function readCheckpoints({ records, keyspace }: StartCheckOptions): number[] {
  const checkpoints = new Array<number>(keyspace.shardCount).fill(0);
  for (const [shard, no] of records.prepareRaw<[number, number]>("SELECT shard, no FROM checkpoints").all()) {
    checkpoints[shard] = no;
  }
  return checkpoints;
}

function compareEnds(
  checkpoints: readonly number[],
  ends: readonly number[],
  firsts: readonly (number | null)[],
): StartError | null {
  for (const [shard, recorded] of checkpoints.entries()) {
    const end = ends[shard] ?? 0;
    if (end < recorded) {
      const message = `Redis has lost entries that records hold: shard ${shard} ends at ${end}, records at ${recorded}; cardswitch rebuild --from-records`;
      return startError("entries_lost", message);
    }
    const first = firsts[shard] ?? end + 1;
    if (first > recorded + 1) {
      const message = `a gap in the journal of shard ${shard}: records end at ${recorded}, the journal begins at ${first}`;
      return startError("journal_gap", message);
    }
  }
  return null;
}

function readAccounts(records: Records): Map<string, ExpectedAccount> {
  const accounts = new Map<string, ExpectedAccount>();
  const heads = records.prepareRaw<[number, number, string, number, number]>(
    `SELECT a.shard, a.account, a.chain_hash, a.business_ms, coalesce(o.version, 0) FROM accounts a
      LEFT JOIN objects o ON o.id = 281474976710656 + a.shard * 1099511627776 + a.account`,
  );
  for (const [shard, account, chainHash, businessMs, version] of heads.all()) {
    accounts.set(`${shard}/${account}`, { shard, account, version, chainHash, businessMs, balances: new Map() });
  }
  const balances = records.prepareRaw<[number, number, number, number, number]>(
    "SELECT shard, account, currency, available, held FROM balances",
  );
  for (const [shard, account, currency, available, held] of balances.all()) {
    accounts.get(`${shard}/${account}`)?.balances.set(currency, { available: minor(available), held: minor(held) });
  }
  return accounts;
}

/** Carries the accounts over the entries that are in the journal only; tells how many those are. */
async function foldTail(
  options: StartCheckOptions,
  checkpoints: readonly number[],
  accounts: Map<string, ExpectedAccount>,
): Promise<Result<number, StartError>> {
  const after = [...checkpoints];
  let count = 0;
  for (;;) {
    const journals = await readJournals(options.redis, options.keyspace, { after, entriesMax: pageEntries });
    const before = count;
    for (const [shard, entries] of journals.entries()) {
      for (const { no, bytes } of entries) {
        const expected = (after[shard] ?? 0) + 1;
        if (no !== expected) {
          return fail(
            startError("journal_gap", `a gap in the journal of shard ${shard}: entry ${expected} is missing`),
          );
        }
        const entry = readEntry(shard, no, bytes);
        if (!entry.ok) return entry;
        fold(accounts, entry.value, bytes);
        after[shard] = no;
        count++;
      }
    }
    if (count === before) return ok(count);
  }
}

function readEntry(shard: number, no: number, bytes: Uint8Array): Result<JournalEntry, StartError> {
  try {
    return ok(unpackEntry(shard, no, bytes));
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return fail(startError("entry_unreadable", `entry ${no} of shard ${shard} is unreadable: ${cause}`));
  }
}

function fold(accounts: Map<string, ExpectedAccount>, entry: JournalEntry, bytes: Uint8Array): void {
  const { shard, account } = entry;
  const key = `${shard}/${account}`;
  let expected = accounts.get(key);
  if (expected === undefined) {
    expected = { shard, account, version: 0, chainHash: emptyHash, businessMs: 0, balances: new Map() };
    accounts.set(key, expected);
  }
  expected.chainHash = nextHash(expected.chainHash, bytes);
  expected.businessMs = entry.businessMs;
  if (entry.kind === "backfill") return;
  if (entry.kind === "commit" && entry.objectType === "account") expected.version = entry.version;
  const currency = entry.kind === "commit" ? entry.currency : entry.cardCurrency;
  if (currency !== 0) expected.balances.set(currency, { available: entry.available, held: entry.held });
}

async function compareAccounts(
  options: StartCheckOptions,
  accounts: readonly ExpectedAccount[],
): Promise<StartError | null> {
  const { redis, keyspace, name = nameByPlace } = options;
  for (let start = 0; start < accounts.length; start += accountsPerTrip) {
    const slice = accounts.slice(start, start + accountsPerTrip);
    const reads = slice.map((account) => ({
      key: keyspace.account(account.shard, account.account),
      fields: [fields.head, ...[...account.balances.keys()].map(fields.balance)],
    }));
    const replies = await readFields(redis, reads);
    for (const [index, account] of slice.entries()) {
      const difference = differenceOf(account, replies[index] ?? []);
      if (difference === null) continue;
      const entity = name("acct", account.shard, account.account);
      return startError("account_differs", `account ${entity} in Redis is not what its entries say: ${difference}`);
    }
  }
  return null;
}

function differenceOf(account: ExpectedAccount, found: readonly (Uint8Array | null)[]): string | null {
  const [packedHead, ...packedBalances] = found;
  if (packedHead === null || packedHead === undefined) return "it is missing";
  try {
    const head = unpackHead(packedHead);
    const { version, businessMs, chainHash } = account;
    if (head.chainHash !== chainHash) return `chain hash ${head.chainHash}, expected ${chainHash}`;
    if (head.version !== version) return `version ${head.version}, expected ${version}`;
    if (head.businessMs !== businessMs) return `last business time ${head.businessMs}, expected ${businessMs}`;
    for (const [index, [currency, balance]] of [...account.balances].entries()) {
      const packed = packedBalances[index];
      const { available, held } = packed === null || packed === undefined ? nothing : unpackBalance(packed);
      if (available !== balance.available || held !== balance.held) {
        return `balance ${currency}: ${pair(available, held)}, expected ${pair(balance.available, balance.held)}`;
      }
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const nothing: PackedBalance = { available: zero, held: zero };

function pair(available: Minor, held: Minor): string {
  return `available ${available}, held ${held}`;
}
