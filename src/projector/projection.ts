import type { HoldExpiryProfile } from "../../specs/hold-expiry.ts";
import type { Place } from "../kernel/ids.ts";
import type { Minor } from "../kernel/money.ts";
import { exceptionOf, isReversalInVain } from "../ledger/exceptions.ts";
import { movementOf } from "../ledger/postings.ts";
import type { RecordsQueries } from "../records/queries.ts";
import type { RecordsWriter } from "../records/writer.ts";
import { emptyHash, nextHash } from "../store/chain-hash.ts";
import { type CommitEntry, type JournalEntry, entryKinds } from "../store/entry.ts";
import type { MerchantText } from "../store/entry-part.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import type { Retention } from "../store/purge.ts";
import { MoneyRows } from "./money-rows.ts";
import { ProjectorStop } from "./projector-error.ts";
import { dueOf } from "./retention.ts";

const accountsCachedMax = 50_000;
const merchantsCachedMax = 10_000;

interface AccountState {
  readonly shard: number;
  readonly account: number;
  lastNo: number;
  chainHash: string;
  businessMs: number;
}

interface BalanceState {
  readonly shard: number;
  readonly account: number;
  readonly currency: number;
  available: Minor;
  held: Minor;
}

export interface PurgeDue {
  readonly shard: number;
  readonly chain: number;
  dueWallMs: number;
}

/**
 * Turns entries into rows. What an entry only overwrites (heads, balances, due times) is kept until `flush`, so that
 * an account that is busy costs one row a transaction and not one an entry.
 */
export class Projection {
  readonly #writer: RecordsWriter;
  readonly #queries: RecordsQueries;
  readonly #retention: Retention;
  readonly #money: MoneyRows;
  readonly #accounts = new Map<string, AccountState>();
  readonly #changedAccounts = new Set<AccountState>();
  readonly #changedBalances = new Map<string, BalanceState>();
  readonly #dues = new Map<string, PurgeDue>();
  readonly #merchants = new Set<string>();

  constructor(parts: {
    writer: RecordsWriter;
    queries: RecordsQueries;
    retention: Retention;
    holdExpiry: HoldExpiryProfile;
  }) {
    this.#writer = parts.writer;
    this.#queries = parts.queries;
    this.#retention = parts.retention;
    this.#money = new MoneyRows(parts.writer, parts.holdExpiry);
  }

  /** Inside a transaction of the writer; tells the entry's kind. Throws ProjectorStop where the bytes are not an entry. */
  apply(place: Place, bytes: Uint8Array): JournalEntry["kind"] {
    const entry = read(place, bytes);
    const { currency, available, held, other } = movementOf(entry);
    const { account } = entry;
    this.#writer.entry({ place, kind: entryKinds[entry.kind], account, currency, available, held, other, bytes });
    this.#chain(entry, bytes);
    this.#rows(entry);
    if (entry.kind !== "commit" && entry.kind !== "backfill") {
      this.#balance(entry, entry.cardCurrency);
      this.#due(entry);
    }
    return entry.kind;
  }

  /** Writes what has been kept back; afterwards the transaction may be committed. Tells the due times it wrote. */
  flush(): readonly PurgeDue[] {
    for (const account of this.#changedAccounts) this.#writer.account(account);
    for (const balance of this.#changedBalances.values()) this.#writer.balance(balance);
    const dues = [...this.#dues.values()];
    for (const due of dues) this.#writer.purgeDue(due.shard, due.chain, due.dueWallMs);
    this.#changedAccounts.clear();
    this.#changedBalances.clear();
    this.#dues.clear();
    if (this.#accounts.size > accountsCachedMax) this.#accounts.clear();
    if (this.#merchants.size > merchantsCachedMax) this.#merchants.clear();
    return dues;
  }

  #chain(entry: JournalEntry, bytes: Uint8Array): void {
    const account = this.#accountOf(entry);
    account.lastNo = entry.no;
    account.chainHash = nextHash(account.chainHash, bytes);
    account.businessMs = entry.businessMs;
    this.#changedAccounts.add(account);
  }

  #accountOf(entry: JournalEntry): AccountState {
    const key = `${entry.shard}/${entry.account}`;
    const cached = this.#accounts.get(key);
    if (cached !== undefined) return cached;
    const { shard, account } = entry;
    const recorded = this.#queries.account({ shard, no: account });
    const state = recorded ?? { shard, account, lastNo: 0, chainHash: emptyHash, businessMs: 0 };
    this.#accounts.set(key, state);
    return state;
  }

  #rows(entry: JournalEntry): void {
    switch (entry.kind) {
      case "authorization":
        this.#merchant(entry.merchantKey, entry.merchant);
        this.#money.authorization(entry);
        return;
      case "advice":
        this.#merchant(entry.merchantKey, entry.merchant);
        this.#money.advice(entry);
        return;
      case "financial":
        this.#merchant(entry.merchantKey, entry.merchant);
        this.#money.financial(entry);
        break;
      case "reversal":
        this.#merchant(entry.merchantKey, entry.merchant);
        this.#money.reversal(entry);
        break;
      case "expiry":
        this.#money.expiry(entry);
        return;
      case "answer":
        this.#money.answer(entry);
        return;
      case "clearing":
        this.#merchant(entry.merchantKey, entry.merchant);
        this.#money.clearing(entry);
        break;
      case "commit":
        this.#commit(entry);
        break;
      case "backfill":
        this.#writer.counterFilled(entry);
        return;
    }
    this.#exception(entry);
  }

  // rules: Clearing always posts. What is odd about it is listed.
  #exception(entry: JournalEntry): void {
    const cause = exceptionOf(entry);
    if (cause !== null) this.#writer.exception(entry, cause);
    if (entry.kind === "reversal" && isReversalInVain(entry)) {
      this.#writer.exceptionIfCaptured(entry, entry.targetNo, "reversal_after_capture");
    }
  }

  #commit(entry: CommitEntry): void {
    const row = {
      type: entry.objectType,
      // An exception is filed under the hash of its message; its place in the journal is what names it exactly.
      place: { shard: entry.shard, no: entry.objectType === "exception" ? entry.no : entry.objectNo },
      version: entry.version,
      account: entry.account,
      changedMs: entry.businessMs,
      body: entry.body,
    };
    this.#writer.object(row, { entryNo: entry.no, dueMs: dueIn(entry.body) });
    const { shard, no: asOf, account, businessMs } = entry;
    for (const counter of entry.counters) this.#writer.waitingCounter({ ...counter, shard, asOf, account, businessMs });
    if (entry.currency !== 0) this.#balance(entry, entry.currency);
  }

  #balance(entry: Exclude<JournalEntry, { kind: "backfill" }>, currency: number): void {
    const { shard, account, available, held } = entry;
    this.#changedBalances.set(`${shard}/${account}/${currency}`, { shard, account, currency, available, held });
  }

  #merchant(key: Uint8Array, text: MerchantText | null): void {
    if (text === null) return;
    const cacheKey = Buffer.from(key).toString("latin1");
    if (this.#merchants.has(cacheKey)) return;
    this.#merchants.add(cacheKey);
    this.#writer.merchant({ key, terminal: text.terminal, merchantId: text.id, nameLocation: text.nameLocation });
  }

  #due(entry: Exclude<JournalEntry, { kind: "commit" | "backfill" }>): void {
    const dueWallMs = dueOf(entry, this.#retention);
    if (dueWallMs === null) return;
    const { shard, chain } = entry;
    const key = `${shard}/${chain}`;
    const due = this.#dues.get(key);
    if (due === undefined) this.#dues.set(key, { shard, chain, dueWallMs });
    else due.dueWallMs = Math.min(due.dueWallMs, dueWallMs);
  }
}

// Bodies say in their own words when something is due of them; most say nothing and are not read for it.
function dueIn(body: string): number | null {
  if (!body.includes('"due_ms":')) return null;
  const { due_ms: dueMs } = JSON.parse(body) as { readonly due_ms?: unknown };
  return typeof dueMs === "number" ? dueMs : null;
}

function read(place: Place, bytes: Uint8Array): JournalEntry {
  try {
    return unpackEntry(place.shard, place.no, bytes);
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new ProjectorStop(
      "entry_unreadable",
      place,
      `entry ${place.no} of shard ${place.shard} is unreadable: ${cause}`,
    );
  }
}
