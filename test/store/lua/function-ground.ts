import { type Redis, createClient } from "../../../src/store/client.ts";
import type { ArgumentsOf, FunctionName } from "../../../src/store/contracts.ts";
import { ArgumentPacker } from "../../../src/store/functions.ts";
import type { Committer } from "../../../src/store/commit.ts";
import { HotClient } from "../../../src/store/hot-client.ts";
import type { HotAddress, HotReply } from "../../../src/store/hot-connection.ts";
import { Keyspace } from "../../../src/store/keys.ts";
import type { LuaLibrary } from "../../../src/store/library.ts";
import { Scene } from "./scene.ts";

/** An example that does not get its answer by then has failed: a function of these takes microseconds. */
const answerMsMax = 2_000;
const shardCount = 256;

export interface FunctionCall<Name extends FunctionName> {
  readonly function: Name;
  readonly shard: number;
  readonly keys: readonly string[];
  readonly values: ArgumentsOf<Name>;
  readonly texts: readonly (string | Uint8Array)[];
}

/** One library on a real Redis: its functions are called one by one, each example in a shard of its own. */
export class FunctionGround {
  readonly redis: Redis;
  readonly #hot: HotClient;
  readonly #namespace: string;
  #keyspace: Keyspace;
  #scenes = 0;

  private constructor(address: HotAddress, hot: HotClient, namespace: string) {
    this.redis = createClient({ address, commandTimeoutMs: answerMsMax });
    this.#namespace = namespace;
    this.#keyspace = new Keyspace(namespace, shardCount);
    this.#hot = hot;
  }

  /** Null where Redis refuses the library. */
  static async open(address: HotAddress, library: LuaLibrary, namespace: string): Promise<FunctionGround | null> {
    const hot = new HotClient({ address, library, now: () => performance.now() });
    const failure = await hot.start(2 * answerMsMax);
    if (failure === null) return new FunctionGround(address, hot, namespace);
    hot.close();
    return null;
  }

  /** Keys of the newest scene. */
  get keyspace(): Keyspace {
    return this.#keyspace;
  }

  get committer(): Committer {
    return { hot: this.#hot, keyspace: this.#keyspace, now: () => performance.now(), timeoutMs: answerMsMax };
  }

  /** An account with 10,000 minor units, its cardholder and its chain of cards. */
  scene(): Promise<Scene> {
    const scene = this.#scenes++;
    const shard = scene % shardCount;
    // A shard, and with it a journal, for every scene.
    if (shard === 0) this.#keyspace = new Keyspace(`${this.#namespace}x${scene / shardCount}`, shardCount);
    return Scene.open(this, shard);
  }

  call<Name extends FunctionName>(call: FunctionCall<Name>): Promise<HotReply> {
    const { function: name, keys, shard, texts, values } = call;
    const argv = [new ArgumentPacker(name).pack(values), ...texts];
    const deadlineMs = performance.now() + answerMsMax;
    return new Promise((resolve) => {
      this.#hot.call({ slot: this.#keyspace.slot(shard), function: name, keys, argv, deadlineMs }, resolve);
      this.#hot.flush();
    });
  }

  close(): void {
    this.redis.disconnect();
    this.#hot.close();
  }
}
