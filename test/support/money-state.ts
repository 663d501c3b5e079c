import { assert, must } from "../../src/kernel/assert.ts";
import type { Place } from "../../src/kernel/ids.ts";
import type { Minor } from "../../src/kernel/money.ts";
import { type WindowInterval, intervalLetters, setNumberOf, windowStart } from "../../src/ledger/limits.ts";
import { ByteReader } from "../../src/store/bytes.ts";
import type { Redis } from "../../src/store/client.ts";
import { type Keyspace, fields } from "../../src/store/keys.ts";
import { luaConstants } from "../../src/store/library.ts";

/** What the money functions keep, read as bytes and unpacked here a second time. */
export class MoneyState {
  readonly #redis: Redis;
  readonly #keyspace: Keyspace;

  constructor(redis: Redis, keyspace: Keyspace) {
    this.#redis = redis;
    this.#keyspace = keyspace;
  }

  /** Available and held in minor units (0 where there never was money), and the last business time. */
  async account(
    account: Place,
    currency: number,
  ): Promise<{ available: bigint; held: bigint; lastBusinessMs: number }> {
    const key = this.#keyspace.account(account.shard, account.no);
    const [balance, head] = await this.#redis.hmgetBuffer(key, fields.balance(currency), fields.head);
    //  01 | version 4 | last business time 6 | hash 8
    const headReader = readerOf(must(head, "an account has a head"), 1);
    headReader.uint(4);
    const lastBusinessMs = headReader.uint(6);
    if (balance === null || balance === undefined) return { available: 0n, held: 0n, lastBusinessMs };
    //  01 | available 8, double | held 8, double
    const reader = readerOf(balance, 1);
    return { available: reader.double(), held: reader.double(), lastBusinessMs };
  }

  /** What remains of the open holds of a chain. */
  async openHolds(chain: Place): Promise<Minor[]> {
    return (await this.kept(chain)).open;
  }

  /** The same, and what is reserved there for messages that wait. */
  async kept(chain: Place): Promise<{ open: Minor[]; reserved: Minor[] }> {
    // Values alone: as the keys of an object, message keys are read as UTF-8, in which different bytes become one name.
    const values = await this.#redis.hvalsBuffer(this.#keyspace.chain(chain.shard, chain.no));
    const holds = values.filter((bytes) => holdFormats.includes(bytes[0] ?? 0)).map(holdIn);
    const inState = (wanted: number): Minor[] =>
      holds.filter(({ state }) => state === wanted).map(({ remaining }) => remaining);
    return { open: inState(luaConstants.HOLD_OPEN), reserved: inState(luaConstants.HOLD_PENDING) };
  }

  /** Whether what a message has made in the journal's entry is a hold that lies under that key. */
  async isHoldOf(chain: Place, messageKey: Uint8Array, journalNo: number): Promise<boolean> {
    const field = Buffer.concat([Buffer.from("m"), messageKey]);
    const bytes = await this.#redis.hgetBuffer(this.#keyspace.chain(chain.shard, chain.no), field);
    if (bytes === null || !holdFormats.includes(bytes[0] ?? 0)) return false;
    const reader = readerOf(bytes, bytes[0] ?? 0);
    reader.bytes(1 + 1 + 6 + 3);
    return reader.uint(5) === journalNo;
  }

  /** A counter's window and what was spent in it; null: there is none. */
  async counter(name: {
    readonly chain: Place;
    readonly account: Place;
    /** 0: the chain's own. */
    readonly cardholder: number;
    readonly interval: WindowInterval;
    readonly categories: readonly string[];
  }): Promise<{ windowStartMs: number; spent: Minor } | null> {
    const letter = intervalLetters[name.interval];
    const set = setNumberOf(name.categories);
    const isChains = name.cardholder === 0;
    const place = isChains ? name.chain : name.account;
    const key = isChains ? this.#keyspace.chain(place.shard, place.no) : this.#keyspace.account(place.shard, place.no);
    const field = isChains ? fields.chainCounter(letter, set) : fields.holderCounter(name.cardholder, letter, set);
    const bytes = await this.#redis.hgetBuffer(key, field);
    if (bytes === null) return null;
    //  01 | window 4 | spent 8, double
    const reader = readerOf(bytes, 1);
    return { windowStartMs: windowStart(name.interval, reader.uint(4)) * 1000, spent: reader.double() };
  }
}

/** A plain hold, and one with a tail: what was asked for, fuel, and what is held of other days. */
const holdFormats: readonly number[] = [0x11, 0x15];

//  11 | outcome 1 | state 1 | approved 6 | code 3 | journal number 5 | wall 4 | fingerprint 8 | chain 8 | remaining 6 | …
function holdIn(bytes: Uint8Array): { state: number; remaining: Minor } {
  const reader = readerOf(bytes, bytes[0] ?? 0);
  reader.uint(1);
  const state = reader.uint(1);
  reader.bytes(6 + 3 + 5 + 4 + 8 + 8);
  return { state, remaining: reader.minor() };
}

function readerOf(bytes: Uint8Array, format: number): ByteReader {
  const reader = new ByteReader(bytes);
  const found = reader.uint(1);
  assert(found === format, `format byte ${found} where ${format} was expected`);
  return reader;
}
