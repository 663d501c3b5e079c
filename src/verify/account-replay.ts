import { type Minor, add, minor, subtract, zero } from "../kernel/money.ts";
import { postingsOf } from "../ledger/postings.ts";
import type { Records } from "../records/database.ts";
import { emptyHash, nextHash } from "../store/chain-hash.ts";
import type { AuthorizationEntry, BackfillEntry, FinancialEntry, JournalEntry } from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { otherSideOf, sideTexts } from "./other-side.ts";
import type { RedisShard } from "./redis-shard.ts";
import type { ShardFindings } from "./violations.ts";

interface ReplayedBalance {
  available: Minor;
  held: Minor;
}

interface ReplayedAccount {
  lastNo: number;
  chainHash: string;
  businessMs: number;
  /** Journal version of the account's own object; 0 for what belongs to no account. */
  version: number;
  readonly balances: Map<number, ReplayedBalance>;
}

/** Sums of postings by ledger account and currency. */
export type LedgerSums = Map<string, bigint>;

/** Balances, hashes and times of a shard's accounts, recomputed from the entries by double entry. */
export class AccountReplay {
  readonly #findings: ShardFindings;
  readonly #accounts = new Map<number, ReplayedAccount>();
  readonly #sums: LedgerSums;

  constructor(parts: { findings: ShardFindings; sums: LedgerSums }) {
    this.#findings = parts.findings;
    this.#sums = parts.sums;
  }

  get count(): number {
    return this.#accounts.size;
  }

  apply(entry: JournalEntry, bytes: Uint8Array): void {
    const account = this.#accountOf(entry.account);
    const entity = this.#findings.entry(entry.no);
    account.lastNo = entry.no;
    account.chainHash = nextHash(account.chainHash, bytes);
    if (entry.businessMs < account.businessMs) {
      const expected = `a business time from ${account.businessMs} on`;
      this.#findings.add("entry", "I12", { entity, expected, found: entry.businessMs });
    }
    account.businessMs = entry.businessMs;
    if (entry.kind === "commit" && entry.objectType === "account") account.version = entry.version;
    if (entry.kind !== "backfill") this.#move(entry, account, entity);
  }

  /** Compares the records' rows, which stand at the end of the recorded entries. */
  compareRows(records: Records): void {
    const { shard } = this.#findings;
    const heads = records.prepareRaw<[number, number, string, number]>(
      "SELECT account, last_no, chain_hash, business_ms FROM accounts WHERE shard = ?",
    );
    const seen = new Set<number>();
    for (const [no, ...found] of heads.all([shard])) {
      seen.add(no);
      const account = this.#accounts.get(no);
      const expected =
        account === undefined ? "no row" : [account.lastNo, account.chainHash, account.businessMs].join(" ");
      const entity = `accounts row of ${this.#findings.name("acct", no)}`;
      this.#findings.compare("account", "I6", { entity, expected, found: found.join(" ") });
    }
    for (const no of this.#accounts.keys()) {
      const entity = `accounts row of ${this.#findings.name("acct", no)}`;
      if (!seen.has(no)) this.#findings.add("account", "I6", { entity, expected: "a row", found: "no row" });
    }
    this.#compareBalanceRows(records);
  }

  /** Compares the heads and balances in Redis, at the end of the journal. */
  compareRedis(redis: RedisShard): void {
    for (const [no, account] of this.#accounts) {
      const entity = `account ${this.#findings.name("acct", no)}`;
      const found = redis.accounts.get(no);
      if (found === undefined || found.head === null) {
        this.#findings.add("account", "I6", { entity, expected: "a head", found: "none in Redis" });
        continue;
      }
      const { chainHash, version, businessMs } = account;
      const expected = `hash ${chainHash}, version ${version}, time ${businessMs}`;
      const head = `hash ${found.head.chainHash}, version ${found.head.version}, time ${found.head.businessMs}`;
      this.#findings.compare("account", "I6", { entity, expected, found: head });
      for (const currency of new Set([...account.balances.keys(), ...found.balances.keys()])) {
        const balance = `balance ${currency} of ${entity}`;
        const texts = [account.balances.get(currency), found.balances.get(currency)].map(balanceText);
        this.#findings.compare("balance", "I2", { entity: balance, expected: texts[0], found: texts[1] });
      }
    }
    for (const no of redis.accounts.keys()) {
      const entity = `account ${this.#findings.name("acct", no)}`;
      if (this.#accounts.has(no)) continue;
      this.#findings.add("account", "I6", { entity, expected: "no account without an entry", found: "one in Redis" });
    }
  }

  #compareBalanceRows(records: Records): void {
    const rows = records.prepareRaw<[number, number, number, number]>(
      "SELECT account, currency, available, held FROM balances WHERE shard = ?",
    );
    const found = new Map<string, string>();
    for (const [no, currency, available, held] of rows.all([this.#findings.shard])) {
      found.set(`${no} ${currency}`, `available ${available}, held ${held}`);
    }
    for (const [no, account] of this.#accounts) {
      for (const [currency, balance] of account.balances) {
        const key = `${no} ${currency}`;
        const entity = `balances row ${currency} of ${this.#findings.name("acct", no)}`;
        const text = found.get(key) ?? balanceText(undefined);
        this.#findings.compare("row", "I2", { entity, expected: balanceText(balance), found: text });
        found.delete(key);
      }
    }
    for (const [key, text] of found) {
      const entity = `balances row ${key} of shard ${this.#findings.shard}`;
      this.#findings.compare("row", "I2", { entity, expected: balanceText(undefined), found: text });
    }
  }

  #move(entry: Exclude<JournalEntry, BackfillEntry>, account: ReplayedAccount, entity: string): void {
    const currency = entry.kind === "commit" ? entry.currency : entry.cardCurrency;
    if (currency === 0) return;
    const before = account.balances.get(currency) ?? { available: zero, held: zero };
    if (entry.kind === "authorization") this.#judge(entry, entry.approved, before, entity);
    if (entry.kind === "financial" && !entry.isAdvice) this.#judge(entry, entry.amount, before, entity);
    const after = { ...before };
    const postings = postingsOf(entry);
    for (const posting of postings) {
      const key = `${posting.account} ${posting.currency}`;
      this.#sums.set(key, (this.#sums.get(key) ?? 0n) + posting.amount);
      if (posting.account === "available") after.available = add(after.available, posting.amount);
      else if (posting.account === "held") after.held = add(after.held, posting.amount);
    }
    this.#findings.compare("entry", "I1", { entity: `postings of ${entity}`, ...sideTexts(entry, postings) });
    // Whatever the other side gets is gone from the account, and nothing else is.
    const lost = add(before.available, before.held) - add(entry.available, entry.held);
    const { gets: expected } = otherSideOf(entry);
    this.#findings.compare("entry", "I1", { entity: `money lost by ${entity}`, expected, found: lost });
    this.#findings.compare("entry", "I2", { entity, expected: balanceText(after), found: balanceText(entry) });
    if (entry.held < zero) this.#findings.add("entry", "I2", { entity, expected: "held from 0 on", found: entry.held });
    // What the entry says becomes the state: one wrong entry is named once and not with all that follow it.
    account.balances.set(currency, { available: entry.available, held: entry.held });
  }

  /** No request is approved beyond the funds, nor declined for lack of them where they would do. */
  #judge(entry: AuthorizationEntry | FinancialEntry, approved: Minor, before: ReplayedBalance, entity: string): void {
    const { cardAmount, outcome, purpose, reason } = entry;
    const isDebit = purpose !== luaConstants.PURPOSE_REFUND;
    const most = mostApproved(entry);
    if (approved > most) {
      this.#findings.add("entry", "I8", { entity, expected: `at most ${most} approved`, found: approved });
    }
    if (most > zero && approved > before.available && approved > zero && isDebit) {
      const expected = `at most the available ${before.available} approved`;
      this.#findings.add("entry", "I8", { entity, expected, found: approved });
    }
    // Fuel is declined below one whole unit of the card currency, which is not what its message asks for.
    const isForFunds = outcome === luaConstants.DECLINED && reason === luaConstants.REFUSED_FOR_FUNDS;
    if (isForFunds && purpose !== luaConstants.PURPOSE_FUEL && subtract(before.available, cardAmount) >= zero) {
      const found = `declined ${cardAmount} for lack of funds`;
      this.#findings.add("entry", "I8", { entity, expected: `approval, with ${before.available} available`, found });
    }
  }

  #accountOf(no: number): ReplayedAccount {
    let account = this.#accounts.get(no);
    if (account === undefined) {
      account = { lastNo: 0, chainHash: emptyHash, businessMs: 0, version: 0, balances: new Map() };
      this.#accounts.set(no, account);
    }
    return account;
  }
}

/** What may be approved or posted of a request. How much fuel a pump may give does not stand in its message. */
function mostApproved({ cardAmount, outcome, purpose }: AuthorizationEntry | FinancialEntry): Minor {
  const { APPROVED, PARTIAL, PENDING, POSTED, PURPOSE_FUEL } = luaConstants;
  if (outcome === PARTIAL) return subtract(cardAmount, minor(1n));
  if (outcome !== APPROVED && outcome !== POSTED && outcome !== PENDING) return zero;
  return outcome !== POSTED && purpose === PURPOSE_FUEL ? minorMax : cardAmount;
}

const minorMax = minor(luaConstants.MOST_MINOR);

function balanceText(balance: { readonly available: bigint; readonly held: bigint } | undefined): string {
  return `available ${balance?.available ?? 0n}, held ${balance?.held ?? 0n}`;
}
