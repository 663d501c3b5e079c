import { setImmediate as turnOfTheLoop } from "node:timers/promises";
import type { Records } from "../records/database.ts";
import { placeOf, rowId } from "../records/place.ts";
import type { Redis } from "../store/client.ts";
import type { JournalEntry } from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { readJournal } from "../store/journal.ts";
import type { Keyspace } from "../store/keys.ts";
import type { ShardKeys } from "../store/snapshot.ts";
import { AccountReplay, type LedgerSums } from "./account-replay.ts";
import { ChainPointers } from "./chain-pointers.ts";
import { CounterReplay, type WaitingCounters } from "./counter-replay.ts";
import { expectAnswers } from "./expected-answers.ts";
import { MoneyBook } from "./money-book.ts";
import { MoneyReplay } from "./money-replay.ts";
import { ObjectReplay, compareStatics, objectRows } from "./object-replay.ts";
import type { PanRoutes } from "./pan-routes.ts";
import { PinTries } from "./pin-tries.ts";
import { ProgramState } from "./program-state.ts";
import { type RedisShard, readRedisShard } from "./redis-shard.ts";
import type { MoneyChange } from "./replayed-money.ts";
import { RowCheck } from "./row-check.ts";
import { StoredAnswers } from "./stored-answers.ts";
import type { ShardFindings } from "./violations.ts";

export interface ShardSource {
  readonly redis: Redis;
  readonly keyspace: Keyspace;
  readonly records: Records;
  readonly keys: ShardKeys;
  /** Last number of the shard's journal. */
  readonly end: number;
}

export interface ShardCount {
  readonly entries: number;
  readonly accounts: number;
  readonly openHolds: number;
}

const pageEntries = 500;

/**
 * Recomputes one shard from its recorded entries and the journal's tail, and compares it with Redis and the records. Adds
 * the shard's postings and what leads to its cards to what is compared over all shards.
 */
export async function verifyShard(
  source: ShardSource,
  findings: ShardFindings,
  { sums, routes }: { readonly sums: LedgerSums; readonly routes: PanRoutes },
): Promise<ShardCount> {
  const redis = await readRedisShard(source, findings);
  const program = await readProgram(source, findings.shard);
  const own: LedgerSums = new Map();
  const verifier = new ShardVerifier(source, { findings, sums: own, redis, program });
  await verifier.replayRecords();
  await verifier.replayTail();
  verifier.compareRedis();
  await routes.readShard(source, program, findings);
  for (const [key, sum] of own) sums.set(key, (sums.get(key) ?? 0n) + sum);
  return verifier.count;
}

/** The newest state of the program's objects: as recorded, and as the commits in the journal's tail have left it. */
async function readProgram(source: ShardSource, shard: number): Promise<ProgramState> {
  const program = new ProgramState();
  for await (const row of objectRows(source.records, shard)) program.put(row);
  for await (const { no, bytes } of journalEntries(source, shard)) {
    const entry = tryUnpack(shard, no, bytes);
    if (typeof entry === "string" || entry.kind !== "commit") continue;
    const { objectType: type, objectNo, version, account, body } = entry;
    if (version > versionIn(program, type, objectNo)) program.put({ type, no: objectNo, version, account, body });
  }
  return program;
}

// Entries that are recorded and not yet trimmed must not set an object back.
function versionIn(program: ProgramState, type: string, no: number): number {
  if (type === "account") return program.accounts.get(no)?.version ?? 0;
  if (type === "cardholder") return program.holders.get(no)?.version ?? 0;
  return type === "card" ? program.versionOfCard(no) : 0;
}

class ShardVerifier {
  readonly #source: ShardSource;
  readonly #findings: ShardFindings;
  readonly #redis: RedisShard;
  readonly #program: ProgramState;
  readonly #accounts: AccountReplay;
  readonly #answers: StoredAnswers;
  readonly #money: MoneyReplay;
  readonly #pointers: ChainPointers;
  readonly #pinTries: PinTries;
  readonly #counters: CounterReplay;
  readonly #objects: ObjectReplay;
  /** Of this shard alone. */
  readonly #sums: LedgerSums;
  #recordedEnd = 0;
  #last = 0;
  #entries = 0;

  constructor(
    source: ShardSource,
    parts: { findings: ShardFindings; sums: LedgerSums; redis: RedisShard; program: ProgramState },
  ) {
    this.#source = source;
    this.#findings = parts.findings;
    this.#redis = parts.redis;
    this.#program = parts.program;
    this.#accounts = new AccountReplay(parts);
    this.#answers = new StoredAnswers(parts);
    const book = new MoneyBook({ findings: parts.findings, answers: this.#answers });
    this.#money = new MoneyReplay({ findings: parts.findings, book, answers: this.#answers });
    this.#pointers = new ChainPointers(parts);
    this.#pinTries = new PinTries(parts);
    this.#counters = new CounterReplay(parts);
    this.#objects = new ObjectReplay(parts.findings);
    this.#sums = parts.sums;
  }

  get count(): ShardCount {
    return { entries: this.#entries, accounts: this.#accounts.count, openHolds: this.#money.book.openCount };
  }

  async replayRecords(): Promise<void> {
    const { records } = this.#source;
    const { shard } = this.#findings;
    const rows = new RowCheck({ findings: this.#findings, records, book: this.#money.book });
    for (let after = rowId({ shard, no: 0 }); ; ) {
      const page = rows.page(after, pageEntries);
      for (const row of page) {
        const { no } = placeOf(row.id);
        const applied = this.#apply(no, row.bytes, "the records");
        if (applied !== null) rows.check(row, applied.entry, applied.change);
        after = row.id;
      }
      rows.finishPage();
      if (page.length === 0) break;
      // SQL calls block: whatever else lives in this process has its turn between two pages.
      await turnOfTheLoop();
    }
    this.#recordedEnd = this.#last;
    this.#comparePostings(records);
    this.#money.book.compareRows();
    this.#money.waiting.compareRows(records);
    this.#accounts.compareRows(records);
    await this.#objects.compareRows(records);
    const checkpoint =
      records.prepareRaw<[number]>("SELECT no FROM checkpoints WHERE shard = ?").first([shard])?.[0] ?? 0;
    const entity = `checkpoint of shard ${shard}`;
    this.#findings.compare("journal", "I6", { entity, expected: this.#recordedEnd, found: checkpoint });
  }

  async replayTail(): Promise<void> {
    const { shard } = this.#findings;
    const recorded = this.#source.records.prepareRaw<[Uint8Array]>("SELECT bytes FROM entries WHERE id = ?");
    for await (const { no, bytes } of journalEntries(this.#source, shard)) {
      if (no > this.#recordedEnd) {
        this.#apply(no, bytes, "the journal");
        continue;
      }
      const row = recorded.first([rowId({ shard, no })])?.[0];
      if (row !== undefined && Buffer.compare(row, bytes) === 0) continue;
      const entity = `${this.#findings.entry(no)} in the journal`;
      this.#findings.add("entry", "I6", { entity, expected: "the bytes that are recorded", found: "other bytes" });
    }
    const entity = `journal of shard ${shard}`;
    const [expected, found] = [`entries up to ${this.#source.end}`, `entries up to ${this.#last}`];
    this.#findings.compare("journal", "I6", { entity, expected, found });
  }

  compareRedis(): void {
    this.#accounts.compareRedis(this.#redis);
    this.#money.waiting.finish();
    this.#money.book.compareRedis();
    this.#answers.finish();
    this.#pointers.finish();
    this.#pinTries.finish();
    this.#counters.finish(this.#waitingCounters());
    compareStatics(this.#findings, this.#program, this.#redis);
  }

  // The view has to unfold what is recorded into the same double entry as the replay did.
  #comparePostings(records: Records): void {
    const { shard } = this.#findings;
    const first = rowId({ shard, no: 0 });
    const rows = records.prepareRaw<[account: string, currency: number, sum: number]>(
      `SELECT ledger_account, currency, sum(amount) FROM postings WHERE entry >= ? AND entry < ?
        GROUP BY ledger_account, currency`,
    );
    const found = new Map(
      rows.all([first, first + 2 ** 40]).map(([account, currency, sum]) => [`${account} ${currency}`, BigInt(sum)]),
    );
    for (const key of new Set([...this.#sums.keys(), ...found.keys()])) {
      const entity = `postings ${key} of shard ${shard}`;
      this.#findings.compare("ledger", "I1", {
        entity,
        expected: this.#sums.get(key) ?? 0n,
        found: found.get(key) ?? 0n,
      });
    }
  }

  // A counter that waits is sound as long as the records know that somebody has to fill it.
  #waitingCounters(): WaitingCounters {
    const rows = this.#source.records.prepareRaw<[number, string]>(
      "SELECT as_of, field FROM waiting_counters WHERE shard = ?",
    );
    const keys = new Set(rows.all([this.#findings.shard]).map(([asOf, field]) => `${asOf} ${field}`));
    return { has: (asOf, field) => asOf > this.#recordedEnd || keys.has(`${asOf} ${field}`) };
  }

  #apply(no: number, bytes: Uint8Array, where: string): Applied | null {
    const { shard } = this.#findings;
    const expected = this.#last + 1;
    if (no !== expected) {
      const entity = `numbers of shard ${shard} in ${where}`;
      this.#findings.add("journal", "I6", { entity, expected: `entry ${expected}`, found: `entry ${no}` });
    }
    this.#last = no;
    this.#entries++;
    const entry = tryUnpack(shard, no, bytes);
    if (typeof entry === "string") {
      this.#findings.add("entry", "I6", { entity: this.#findings.entry(no), expected: "an entry", found: entry });
      return null;
    }
    this.#accounts.apply(entry, bytes);
    if (entry.kind === "commit") this.#objects.apply(entry);
    const change = this.#money.apply(entry);
    expectAnswers(this.#answers, entry, change);
    this.#pointers.apply(entry, change);
    this.#pinTries.apply(entry);
    if (change !== null) this.#count(no, change);
    return { entry, change };
  }

  #count(no: number, { days, spender }: MoneyChange): void {
    const { account, chain, cardholder, mcc } = spender;
    for (const { day, amount } of days) {
      this.#counters.count({ no, account, chain, cardholder, mcc, chargedS: day * 86_400, amount });
    }
  }
}

interface Applied {
  readonly entry: JournalEntry;
  readonly change: MoneyChange | null;
}

async function* journalEntries(source: ShardSource, shard: number) {
  for (let after = 0; after < source.end; ) {
    const read = { shard, after, entriesMax: pageEntries };
    const entries = await readJournal(source.redis, source.keyspace, read);
    for (const entry of entries) if (entry.no <= source.end) yield entry;
    const last = entries.at(-1);
    if (last === undefined) return;
    after = last.no;
  }
}

function tryUnpack(shard: number, no: number, bytes: Uint8Array): JournalEntry | string {
  try {
    return unpackEntry(shard, no, bytes);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
