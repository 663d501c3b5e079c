import { createHash } from "node:crypto";
import { must } from "../../../src/kernel/assert.ts";
import { type Commit, type CommitResult, type CommitStep, commit } from "../../../src/store/commit.ts";
import { nextHash } from "../../../src/store/chain-hash.ts";
import type { ArgumentsOf } from "../../../src/store/contracts.ts";
import { fields } from "../../../src/store/keys.ts";
import { luaConstants } from "../../../src/store/library.ts";
import { unpackBalance, unpackCounter, unpackHead, unpackMessage } from "../../../src/store/packed-state.ts";
import type { FunctionGround } from "./function-ground.ts";
import { type FunctionAnswer, answerOf } from "./function-answer.ts";
import { balanceBytes, eightBytes, headBytes, staticBytes } from "./packed.ts";

/** Thursday, 1 October 2026, 12:00 UTC. */
export const noonMs = Date.UTC(2026, 9, 1, 12);
export const noonS = noonMs / 1000;
export const today = Math.floor(noonS / 86_400);
export const holder = fields.holder(5);
export const balance = fields.balance(840);

export interface EffectFacts {
  readonly outcome: number;
  readonly reason: number;
  readonly businessMs: number;
  readonly amount: number;
  readonly available: number;
  readonly held: number;
  readonly before: number;
  readonly touched: number;
  readonly targetNo: number;
  readonly viaNo: number;
  readonly days: string;
}

/** One account, one cardholder, one chain of cards and the journal of their shard. */
export class Scene {
  readonly shard: number;
  readonly account: string;
  readonly chain: string;
  readonly journal: string;
  readonly #ground: FunctionGround;

  private constructor(ground: FunctionGround, shard: number) {
    const { keyspace } = ground;
    this.#ground = ground;
    this.shard = shard;
    this.account = keyspace.account(shard, 1);
    this.chain = keyspace.chain(shard, 1);
    this.journal = keyspace.journal(shard);
  }

  static async open(ground: FunctionGround, shard: number): Promise<Scene> {
    const scene = new Scene(ground, shard);
    await scene.put(scene.account, fields.head, headBytes({ version: 1, businessMs: noonMs }));
    await scene.put(scene.account, balance, balanceBytes({ available: 10_000, held: 0 }));
    await scene.put(scene.account, holder, staticBytes(1));
    await scene.put(scene.chain, fields.chainStatic, staticBytes(1));
    return scene;
  }

  get redis(): FunctionGround["redis"] {
    return this.#ground.redis;
  }

  get committer(): FunctionGround["committer"] {
    return this.#ground.committer;
  }

  async authorize(
    changed: Partial<ArgumentsOf<"authorize">> = {},
    limits: readonly Uint8Array[] = [],
  ): Promise<FunctionAnswer> {
    const values = { ...purchase, least: changed.amount ?? purchase.amount, ...changed };
    return answerOf(
      await this.#ground.call({
        function: "authorize",
        shard: this.shard,
        keys: [this.account, this.chain, this.journal],
        values,
        texts: [balance, holder, "purchase", ...limits],
      }),
    );
  }

  async reverse(
    changed: Partial<ArgumentsOf<"reverse">> = {},
    limits: readonly Uint8Array[] = [],
  ): Promise<FunctionAnswer> {
    const inCurrency = changed.replacement === undefined ? {} : { in_currency: luaConstants.IN_CARD_CURRENCY };
    const values = { ...reversal, ...inCurrency, ...changed };
    return answerOf(
      await this.#ground.call({
        function: "reverse",
        shard: this.shard,
        keys: [this.account, this.chain, this.journal],
        values,
        texts: [balance, holder, "reversal", ...limits],
      }),
    );
  }

  /** A commit with steps as they cross, for what store/commit.ts never sends. */
  async commit(steps: readonly string[], changed: Partial<ArgumentsOf<"commit">> = {}): Promise<FunctionAnswer> {
    const values = { ...change, ...changed };
    return answerOf(
      await this.#ground.call({
        function: "commit",
        shard: this.shard,
        keys: [this.account, this.journal, this.#ground.keyspace.idempotency(this.shard, "digest"), this.chain],
        values,
        texts: [balance, "change", ...steps],
      }),
    );
  }

  /** A commit as the program makes it. */
  change(steps: readonly CommitStep[], changed: Partial<Commit> = {}): Promise<CommitResult> {
    return commit(this.committer, { ...plainChange, shard: this.shard, steps, ...changed });
  }

  async backfill(field: string, changed: Partial<ArgumentsOf<"backfill">> = {}): Promise<FunctionAnswer> {
    const values = { wall_now: noonMs, business_now: noonMs, as_of: 7, window: 0, spent: 500, ...changed };
    return answerOf(
      await this.#ground.call({
        function: "backfill",
        shard: this.shard,
        keys: [this.account, this.chain, this.journal],
        values,
        texts: [field, "past"],
      }),
    );
  }

  async purge(changed: Partial<ArgumentsOf<"purge">> = {}): Promise<FunctionAnswer> {
    const values = { ...forgetting, ...changed };
    const keys = [this.chain];
    return answerOf(await this.#ground.call({ function: "purge", shard: this.shard, keys, values, texts: [] }));
  }

  async put(key: string, field: string, bytes: Uint8Array): Promise<void> {
    await this.redis.hset(key, field, Buffer.from(bytes));
  }

  async putAll(key: string, names: readonly string[], bytes: Buffer): Promise<void> {
    await this.redis.hset(key, new Map(names.map((name) => [name, bytes])));
  }

  async drop(key: string, field: string): Promise<void> {
    await this.redis.hdel(key, field);
  }

  async fields(key: string): Promise<string[]> {
    return (await this.redis.hkeys(key)).toSorted();
  }

  async money(): Promise<string> {
    const bytes = await this.#read(this.account, balance);
    if (bytes === null) return "no balance";
    const { available, held } = unpackBalance(bytes);
    return `${available} available, ${held} held`;
  }

  async head(): Promise<{ version: number; businessMs: number; chainHash: string }> {
    return unpackHead(must(await this.#read(this.account, fields.head), "a head"));
  }

  /** "in window 5: 120", and " without its past up to 7" while it waits. */
  async counter(key: string, field: string): Promise<string> {
    const bytes = await this.#read(key, field);
    if (bytes === null) return "no counter";
    const { spent, waitsFor, window } = unpackCounter(bytes);
    return `in window ${window}: ${spent}${waitsFor === null ? "" : ` without its past up to ${waitsFor}`}`;
  }

  /** What is kept under a message key, without its time. */
  async message(name: string): Promise<string> {
    const bytes = await this.#read(this.chain, `m${eightBytes(name).toString("latin1")}`);
    if (bytes === null) return "nothing";
    const kept = unpackMessage(bytes);
    if (kept.kind === "message") return `outcome ${kept.outcome}, reason ${kept.reason}, ${kept.amount}`;
    const state = kept.state === luaConstants.HOLD_OPEN ? "open" : "reversed";
    return `${state} hold, ${kept.remaining} of ${kept.approved}`;
  }

  /** Wall second that is kept with a message. */
  async messageWallS(name: string): Promise<number> {
    const bytes = await this.#read(this.chain, `m${eightBytes(name).toString("latin1")}`);
    return unpackMessage(must(bytes, "a message")).wallS;
  }

  /** Milliseconds for which the answer to an idempotency key is still kept. */
  idempotencyKeptMs(digest: string): Promise<number> {
    return this.redis.pttl(this.#ground.keyspace.idempotency(this.shard, digest));
  }

  /** The tail that the function appends to an entry, after the bytes that the caller gave. */
  async entryTail(no: number, given: string): Promise<Buffer> {
    const entry = must((await this.#entries())[no - 1], "an entry");
    return entry.subarray(given.length);
  }

  /** What an advice, a financial message, a reversal or an expiry did, as its entry tells it; days as "20362: -1000". */
  async effect(no: number, given: string): Promise<EffectFacts> {
    const tail = await this.entryTail(no, given);
    const days: string[] = [];
    for (let at = 49; at < tail.length; at += 10) days.push(`${tail.readUInt16BE(at)}: ${tail.readDoubleBE(at + 2)}`);
    return {
      outcome: tail.readUInt8(0),
      reason: tail.readUInt8(1),
      businessMs: tail.readUIntBE(2, 6),
      amount: tail.readUIntBE(8, 6),
      available: tail.readDoubleBE(14),
      held: tail.readDoubleBE(22),
      before: tail.readUIntBE(30, 6),
      touched: tail.readUInt8(36),
      targetNo: tail.readUIntBE(37, 6),
      viaNo: tail.readUIntBE(43, 6),
      days: days.join(", "),
    };
  }

  async entryCount(): Promise<number> {
    return (await this.#entries()).length;
  }

  /** The account's chain of hashes over every entry of the journal, as the head should have it. */
  async hashOfEntries(): Promise<string> {
    const entries = await this.#entries();
    return entries.reduce((hash, entry) => nextHash(hash, entry), "0000000000000000");
  }

  /** A digest of everything that the scene keeps: a refusal leaves it as it was. */
  async digest(): Promise<string> {
    const hash = createHash("sha1");
    for (const key of [this.account, this.chain]) {
      const kept = await this.redis.hgetallBuffer(key);
      for (const field of Object.keys(kept).sort()) hash.update(field).update(must(kept[field], "a value"));
    }
    for (const entry of await this.#entries()) hash.update(entry);
    return hash.digest("hex");
  }

  async #entries(): Promise<Buffer[]> {
    const rows = await this.redis.xrangeBuffer(this.journal, "-", "+");
    return rows.map(([, texts]) => must(texts[1], "the bytes of an entry"));
  }

  #read(key: string, field: string): Promise<Buffer | null> {
    return this.redis.hgetBuffer(key, field);
  }
}

const purchase: ArgumentsOf<"authorize"> = {
  message_key: eightBytes("first"),
  chain_key: eightBytes("chain"),
  fingerprint: eightBytes("finger"),
  wall_now: noonMs,
  business_now: noonMs,
  deadline: 2 ** 47,
  account_version: 1,
  holder_version: 1,
  chain_version: 1,
  refusal: 0,
  purpose: 0,
  chain_id: 0,
  amount: 1_000,
  least: 1_000,
  code: 123_456,
  mcc: 5_411,
  rate: 0,
};

const reversal: ArgumentsOf<"reverse"> = {
  message_key: eightBytes("undo"),
  undo_key: eightBytes("first"),
  second_key: eightBytes("first"),
  third_key: eightBytes("first"),
  fingerprint: eightBytes("finger"),
  wall_now: noonMs,
  business_now: noonMs,
  account_version: 1,
  holder_version: 1,
  chain_version: 1,
  counted_mcc: 5_411,
  in_currency: luaConstants.REVERSED_IN_FULL,
  replacement: 0,
};

const change: ArgumentsOf<"commit"> = {
  fingerprint: eightBytes("finger"),
  wall_now: noonMs,
  business_now: noonMs,
  keep_ms: 0,
  account_version: 0,
};

const plainChange: Omit<Commit, "shard" | "steps"> = {
  account: 1,
  objectType: "topup",
  objectNo: 1,
  version: 1,
  body: {},
  currency: 840,
  accountVersion: 0,
  idempotency: null,
  wallMs: noonMs,
  businessMs: noonMs,
};

const forgetting: ArgumentsOf<"purge"> = {
  wall_now: noonMs,
  holdless_s: 100,
  terminal_s: 200,
  tombstone_s: 400,
  most: 500,
  listpack_entries: 128,
};
