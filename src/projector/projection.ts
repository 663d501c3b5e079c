import type { Place } from "../kernel/ids.ts";
import { type Minor, zero } from "../kernel/money.ts";
import type { RecordsQueries } from "../records/queries.ts";
import type { AuthorizationStatus, RecordsWriter } from "../records/writer.ts";
import { emptyHash, nextHash } from "../store/chain-hash.ts";
import {
  type AuthorizationEntry,
  type CommitEntry,
  type JournalEntry,
  type MerchantText,
  type ReversalEntry,
  entryKinds,
} from "../store/entry.ts";
import { unpackEntry } from "../store/journal-entry.ts";
import { luaConstants } from "../store/library.ts";
import type { Retention } from "../store/purge.ts";
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
  readonly #accounts = new Map<string, AccountState>();
  readonly #changedAccounts = new Set<AccountState>();
  readonly #changedBalances = new Map<string, BalanceState>();
  readonly #dues = new Map<string, PurgeDue>();
  readonly #merchants = new Set<string>();

  constructor(parts: { writer: RecordsWriter; queries: RecordsQueries; retention: Retention }) {
    this.#writer = parts.writer;
    this.#queries = parts.queries;
    this.#retention = parts.retention;
  }

  /** Inside a transaction of the writer. Throws ProjectorStop where the bytes are not an entry. */
  apply(place: Place, bytes: Uint8Array): void {
    const entry = read(place, bytes);
    const { currency, amount } = movement(entry);
    const kind = entryKinds[entry.kind];
    this.#writer.entry({ place, kind, account: entry.account, currency, amount, bytes });
    this.#chain(entry, bytes);
    switch (entry.kind) {
      case "authorization":
        this.#authorization(entry);
        break;
      case "reversal":
        this.#reversal(entry);
        break;
      case "commit":
        this.#commit(entry);
        break;
      case "backfill":
        this.#writer.counterFilled(entry);
        break;
    }
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

  #authorization(entry: AuthorizationEntry): void {
    this.#merchant(entry.merchantKey, entry.merchant);
    this.#writer.authorization({
      place: entry,
      account: entry.account,
      card: entry.card,
      chain: entry.chain,
      cardholder: entry.cardholder,
      network: entry.network,
      status: statusOf(entry),
      outcome: entry.outcome,
      reason: entry.reason,
      currency: entry.cardCurrency,
      amount: entry.cardAmount,
      approved: entry.approved,
      remaining: entry.approved,
      transactionCurrency: entry.transactionCurrency,
      transactionAmount: entry.transactionAmount,
      mcc: entry.mcc,
      createdMs: entry.businessMs,
      wallMs: entry.wallMs,
      stan: Number(entry.stan),
      rrn: entry.rrn,
      authorizationCode: entry.authorizationCode,
      merchantKey: entry.merchantKey,
    });
    this.#balance(entry, entry.cardCurrency);
    this.#due(entry);
  }

  #reversal(entry: ReversalEntry): void {
    this.#merchant(entry.merchantKey, entry.merchant);
    if (isRelease(entry)) {
      const authorization = { shard: entry.shard, no: entry.targetNo };
      const isFull = entry.outcome === luaConstants.RELEASED;
      this.#writer.release(entry, { authorization, amount: entry.amount, isFull });
    }
    this.#balance(entry, entry.cardCurrency);
    this.#due(entry);
  }

  #commit(entry: CommitEntry): void {
    this.#writer.object({
      type: entry.objectType,
      // An exception is filed under the hash of its message; its place in the journal is what names it exactly.
      place: { shard: entry.shard, no: entry.objectType === "exception" ? entry.no : entry.objectNo },
      version: entry.version,
      account: entry.account,
      changedMs: entry.businessMs,
      body: entry.body,
    });
    const { shard, no: asOf, account, businessMs } = entry;
    for (const counter of entry.counters) this.#writer.waitingCounter({ ...counter, shard, asOf, account, businessMs });
    if (entry.currency !== 0) this.#balance(entry, entry.currency);
  }

  #balance(entry: AuthorizationEntry | ReversalEntry | CommitEntry, currency: number): void {
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

  #due(entry: AuthorizationEntry | ReversalEntry): void {
    const dueWallMs = dueOf(entry, this.#retention);
    if (dueWallMs === null) return;
    const { shard, chain } = entry;
    const key = `${shard}/${chain}`;
    const due = this.#dues.get(key);
    if (due === undefined) this.#dues.set(key, { shard, chain, dueWallMs });
    else due.dueWallMs = Math.min(due.dueWallMs, dueWallMs);
  }
}

/** Money that an entry moves, in the currency of the balance that it moves in. */
export function movement(entry: JournalEntry): { readonly currency: number; readonly amount: Minor } {
  switch (entry.kind) {
    case "authorization":
      return { currency: entry.cardCurrency, amount: entry.approved };
    case "reversal":
      return { currency: entry.cardCurrency, amount: entry.amount };
    case "commit":
      return { currency: entry.currency, amount: entry.moved };
    default:
      return { currency: 0, amount: zero };
  }
}

/** Whether the reversal touched a hold, and so has a row of its own. */
export function isRelease(entry: ReversalEntry): boolean {
  return entry.outcome === luaConstants.RELEASED || entry.outcome === luaConstants.LOWERED;
}

/** The state in which an authorization is born. */
export function statusOf(entry: AuthorizationEntry): AuthorizationStatus {
  if (entry.outcome === luaConstants.APPROVED) return "pending";
  return entry.outcome === luaConstants.REVERSED_BEFORE ? "reversed" : "closed";
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
