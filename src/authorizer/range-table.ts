import type { HotClient } from "../store/hot-client.ts";
import type { Keyspace } from "../store/keys.ts";

/** A block of PANs that share their first digits, and the shard that their cards live in. */
export interface AccountRange {
  readonly prefix: string;
  readonly shard: number;
  readonly network: number;
  readonly currency: number;
  /** Number of the range in shard 0. */
  readonly no: number;
}

/** Digits of a block: an eight-digit BIN and three more, so that a block of 16-digit PANs holds 10,000. */
export const blockDigits = 11;

/** `unread`: Redis did not tell, so that nothing follows from a PAN that is not found. */
export type RangeRefresh = "same" | "grown" | "unread";

export interface RangeTableOptions {
  readonly hot: HotClient;
  readonly keyspace: Keyspace;
}

/** Which shard a PAN's card lives in, in memory: one map lookup. Blocks are added as programs grow. */
export class RangeTable {
  readonly #options: RangeTableOptions;
  readonly #blocks = new Map<string, AccountRange>();

  constructor(options: RangeTableOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#blocks.size;
  }

  shardOf(pan: string): number | undefined {
    return this.#blocks.get(pan.slice(0, blockDigits))?.shard;
  }

  /** Reads the table. The question leaves with the next flush. */
  refresh(deadlineMs: number, done: (refresh: RangeRefresh) => void): void {
    const { hot, keyspace } = this.#options;
    hot.read(keyspace.slot(0), ["HGETALL", keyspace.ranges()], deadlineMs, (reply) => {
      if (reply.kind !== "ok" || !Array.isArray(reply.value)) {
        done("unread");
        return;
      }
      const before = this.#blocks.size;
      for (let i = 1; i < reply.value.length; i += 2) {
        const json = reply.value[i];
        if (typeof json !== "string") continue;
        const range = JSON.parse(json) as AccountRange;
        this.#blocks.set(range.prefix, range);
      }
      done(this.#blocks.size === before ? "same" : "grown");
    });
  }

  /**
   * After a PAN that nobody knows: reads the table again only where its length says that blocks were added. `size` is
   * that of the table when the PAN was looked up; meanwhile another miss may have read it.
   */
  refreshAfterMiss(size: number, deadlineMs: number, done: (refresh: RangeRefresh) => void): void {
    const { hot, keyspace } = this.#options;
    hot.read(keyspace.slot(0), ["HLEN", keyspace.ranges()], deadlineMs, (reply) => {
      if (this.#blocks.size !== size) done("grown");
      else if (reply.kind !== "ok") done("unread");
      else if (reply.value === String(size)) done("same");
      else this.refresh(deadlineMs, (refresh) => done(this.#blocks.size === size ? refresh : "grown"));
    });
  }
}
