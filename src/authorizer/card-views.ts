import type { Pan } from "../kernel/pan.ts";
import type { PanVault } from "../hsm/pan-vault.ts";
import type { HotClient } from "../store/hot-client.ts";
import type { HotReply } from "../store/hot-connection.ts";
import { type Keyspace, fields } from "../store/keys.ts";
import { indexPlaceOf } from "../store/pan-index.ts";
import {
  accountVersionOf,
  unpackAccount,
  unpackChain,
  unpackHolder,
  unpackIndexedChain,
  type IndexedChain,
} from "../store/statics.ts";
import { type CardView, buildCardViews } from "./card-view.ts";
import type { RangeTable } from "./range-table.ts";

export interface CardViewsOptions {
  readonly hot: HotClient;
  readonly keyspace: Keyspace;
  readonly vault: PanVault;
  readonly ranges: RangeTable;
  readonly cardViewsMax: number;
  readonly decimalsOf: (currency: number) => number;
}

/** `null` views: no card has this PAN. `failed`: Redis did not tell. */
export type LoadedViews =
  | { readonly kind: "loaded"; readonly views: readonly CardView[] | null }
  | { readonly kind: "failed"; readonly cause: string };

interface Lookup {
  readonly pan: Pan;
  readonly indexes: readonly Uint8Array[];
  readonly at: number;
  /** Size of the range table when the shard was looked up in it. */
  readonly rangeCount: number;
  readonly deadlineMs: number;
  readonly done: (loaded: LoadedViews) => void;
}

/**
 * Card views by PAN, the least recently used forgotten first. Filled on a miss by the PAN index and one more round trip;
 * the function's version check guards what is cached, so nothing has to be invalidated.
 */
export class CardViews {
  readonly #options: CardViewsOptions;
  readonly #views = new Map<Pan, readonly CardView[]>();

  constructor(options: CardViewsOptions) {
    this.#options = options;
  }

  get(pan: Pan): readonly CardView[] | undefined {
    const views = this.#views.get(pan);
    if (views !== undefined && this.#views.size >= this.#options.cardViewsMax) {
      this.#views.delete(pan);
      this.#views.set(pan, views);
    }
    return views;
  }

  forget(pan: Pan): void {
    this.#views.delete(pan);
  }

  clear(): void {
    this.#views.clear();
  }

  shardOf(pan: Pan): number | undefined {
    return this.#options.ranges.shardOf(pan);
  }

  /** The keyed index of a PAN as Latin-1, for messages of PANs that no card has. */
  blindIndexOf(pan: Pan): string {
    return Buffer.from(this.#options.vault.indexOf(pan)).toString("latin1");
  }

  load(pan: Pan, deadlineMs: number, done: (loaded: LoadedViews) => void): void {
    const { ranges, vault } = this.#options;
    this.#find({ pan, indexes: vault.indexesOf(pan), at: 0, rangeCount: ranges.size, deadlineMs, done });
  }

  // A PAN is filed under the key that was newest when its card was made: newest first, older keys after it.
  #find(lookup: Lookup): void {
    const { keyspace, hot, ranges } = this.#options;
    const { pan, deadlineMs, done } = lookup;
    const index = lookup.indexes[lookup.at];
    if (index === undefined) {
      this.#miss(lookup);
      return;
    }
    // Imported PANs lie in no range: shard 0 keeps an index of them that names their shard.
    const shard = ranges.shardOf(pan) ?? 0;
    const place = indexPlaceOf(index);
    const command = ["HGET", keyspace.panIndex(shard, place.bucket), place.field];
    hot.read(keyspace.slot(shard), command, deadlineMs, (reply) => {
      if (reply.kind !== "ok") done({ kind: "failed", cause: causeOf(reply) });
      else if (typeof reply.value !== "string") this.#find({ ...lookup, at: lookup.at + 1 });
      else this.#read(lookup, index, unpackIndexedChain(latin1(reply.value)));
    });
  }

  #miss(lookup: Lookup): void {
    const { ranges } = this.#options;
    ranges.refreshAfterMiss(lookup.rangeCount, lookup.deadlineMs, (refresh) => {
      if (refresh === "grown") this.#find({ ...lookup, at: 0, rangeCount: ranges.size });
      else if (refresh === "same") lookup.done({ kind: "loaded", views: null });
      // A reversal of a card that exists would be filed as one of an unknown PAN, and its hold would stay.
      else lookup.done({ kind: "failed", cause: "the range table could not be read" });
    });
  }

  #read(lookup: Lookup, index: Uint8Array, indexed: IndexedChain): void {
    const { keyspace, hot } = this.#options;
    const { pan, deadlineMs, done } = lookup;
    const slot = keyspace.slot(indexed.shard);
    const holderField = fields.holder(indexed.cardholder);
    let account: (Uint8Array | null)[] | null = null;
    const accountCommand = ["HMGET", keyspace.account(indexed.shard, indexed.account), "h", "s", holderField];
    // Two commands in one round trip; answers come in order.
    hot.read(slot, accountCommand, deadlineMs, (reply) => {
      account = reply.kind === "ok" ? texts(reply) : null;
    });
    hot.read(slot, ["HGET", keyspace.chain(indexed.shard, indexed.chain), "v"], deadlineMs, (reply) => {
      const [head, static_, holder] = account ?? [];
      if (reply.kind !== "ok" || account === null) {
        done({ kind: "failed", cause: causeOf(reply) });
      } else if (typeof reply.value !== "string" || !head || !static_ || !holder) {
        done({ kind: "failed", cause: "the card's account is not there" });
      } else {
        const views = buildCardViews({
          indexed,
          panIndex: index,
          accountVersion: accountVersionOf(head),
          account: unpackAccount(static_),
          holder: unpackHolder(holder),
          chain: unpackChain(latin1(reply.value)),
          decimalsOf: this.#options.decimalsOf,
        });
        this.#keep(pan, views);
        done({ kind: "loaded", views });
      }
    });
  }

  #keep(pan: Pan, views: readonly CardView[]): void {
    if (this.#views.size >= this.#options.cardViewsMax) {
      const oldest = this.#views.keys().next();
      if (!oldest.done) this.#views.delete(oldest.value);
    }
    this.#views.set(pan, views);
  }
}

function latin1(text: string): Uint8Array {
  return Buffer.from(text, "latin1");
}

function texts(reply: HotReply): (Uint8Array | null)[] {
  if (reply.kind !== "ok" || !Array.isArray(reply.value)) return [];
  return reply.value.map((value) => (typeof value === "string" ? latin1(value) : null));
}

function causeOf(reply: HotReply): string {
  return reply.kind === "refused" || reply.kind === "unknown" ? reply.cause : "unexpected reply";
}
