import { createHash } from "node:crypto";
import { must } from "../../../src/kernel/assert.ts";
import { type Commit, type CommitResult, type CommitStep, commit } from "../../../src/store/commit.ts";
import { nextHash } from "../../../src/store/chain-hash.ts";
import type { ArgumentsOf, FunctionName } from "../../../src/store/contracts.ts";
import { fields } from "../../../src/store/keys.ts";
import { luaConstants } from "../../../src/store/library.ts";
import {
  unpackBalance,
  unpackCounter,
  unpackHead,
  unpackMessage,
  unpackPointer,
} from "../../../src/store/packed-state.ts";
import { keptText, nameOf } from "./kept-text.ts";
import type { FunctionGround } from "./function-ground.ts";
import { type FunctionAnswer, answerOf } from "./function-answer.ts";
import { balanceBytes, eightBytes, headBytes, staticBytes } from "./packed.ts";
import {
  advice,
  change,
  clearing,
  expiry,
  forgetting,
  increment,
  noonMs,
  plainChange,
  posting,
  postingAdvice,
  purchase,
  resolution,
  reversal,
} from "./plain-calls.ts";

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
  readonly besideNo: number;
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

  authorize(
    changed: Partial<ArgumentsOf<"authorize">> = {},
    limits: readonly Uint8Array[] = [],
  ): Promise<FunctionAnswer> {
    const least = changed.amount ?? purchase.amount;
    return this.#ask("authorize", { ...purchase, least, ...changed }, ["purchase", ...limits]);
  }

  increment(
    changed: Partial<ArgumentsOf<"increment">> = {},
    limits: readonly Uint8Array[] = [],
  ): Promise<FunctionAnswer> {
    const least = changed.amount ?? increment.amount;
    return this.#ask("increment", { ...increment, least, ...changed }, ["increment", ...limits]);
  }

  advise(changed: Partial<ArgumentsOf<"advise">> = {}, limits: readonly Uint8Array[] = []): Promise<FunctionAnswer> {
    return this.#ask("advise", { ...advice, ...changed }, ["advice", ...limits]);
  }

  post(changed: Partial<ArgumentsOf<"post">> = {}, limits: readonly Uint8Array[] = []): Promise<FunctionAnswer> {
    const least = changed.amount ?? posting.amount;
    return this.#ask("post", { ...posting, least, ...changed }, ["posting", ...limits]);
  }

  postAdvice(
    changed: Partial<ArgumentsOf<"post_advice">> = {},
    limits: readonly Uint8Array[] = [],
  ): Promise<FunctionAnswer> {
    return this.#ask("post_advice", { ...postingAdvice, ...changed }, ["told", ...limits]);
  }

  /** In full, or down to the replacement amount; without `second_key` and `third_key`, DE90 names the one original. */
  reverse(changed: Partial<ArgumentsOf<"reverse">> = {}, limits: readonly Uint8Array[] = []): Promise<FunctionAnswer> {
    const named = changed.undo_key ?? reversal.undo_key;
    const inCurrency = changed.replacement === undefined ? {} : { in_currency: luaConstants.IN_CARD_CURRENCY };
    const values = { ...reversal, second_key: named, third_key: named, ...inCurrency, ...changed };
    return this.#ask("reverse", values, ["reversal", ...limits]);
  }

  expire(changed: Partial<ArgumentsOf<"expire">> = {}, limits: readonly Uint8Array[] = []): Promise<FunctionAnswer> {
    return this.#ask("expire", { ...expiry, ...changed }, ["expiry", ...limits]);
  }

  clear(changed: Partial<ArgumentsOf<"clear">> = {}, limits: readonly Uint8Array[] = []): Promise<FunctionAnswer> {
    return this.#ask("clear", { ...clearing, ...changed }, ["clearing", ...limits]);
  }

  resolve(changed: Partial<ArgumentsOf<"resolve">> = {}, limits: readonly Uint8Array[] = []): Promise<FunctionAnswer> {
    return this.#ask("resolve", { ...resolution, ...changed }, ["answer", ...limits]);
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
    return bytes === null ? "nothing" : keptText(unpackMessage(bytes));
  }

  /** The message that the chain's id names. */
  async chainNames(): Promise<string> {
    const bytes = await this.#read(this.chain, `x${eightBytes("chain").toString("latin1")}`);
    return bytes === null ? "nothing" : nameOf(unpackPointer(bytes));
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
    for (let at = 55; at < tail.length; at += 10) days.push(`${tail.readUInt16BE(at)}: ${tail.readDoubleBE(at + 2)}`);
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
      besideNo: tail.readUIntBE(49, 6),
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

  async #ask<Name extends FunctionName>(
    name: Name,
    values: ArgumentsOf<Name>,
    texts: readonly (string | Uint8Array)[],
  ): Promise<FunctionAnswer> {
    const keys = [this.account, this.chain, this.journal];
    const call = { function: name, shard: this.shard, keys, values, texts: [balance, holder, ...texts] };
    return answerOf(await this.#ground.call(call));
  }

  #read(key: string, field: string): Promise<Buffer | null> {
    return this.redis.hgetBuffer(key, field);
  }
}
