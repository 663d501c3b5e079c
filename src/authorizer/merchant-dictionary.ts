import { type Merchant } from "./request.ts";
import { hash64 } from "./identity.ts";

interface Known {
  readonly key: Uint8Array;
  /** Shards whose journal is known to hold the text. */
  readonly shards: Set<number>;
}

/** How an entry names a merchant. */
export interface MerchantReference {
  readonly key: Uint8Array;
  readonly text: Merchant | null;
}

/**
 * A merchant's text goes into a journal once for each shard and process; after that its 8-byte key stands for it.
 * Nothing is shared: a process that starts afresh says each text once more.
 */
export class MerchantDictionary {
  readonly #known = new Map<string, Known>();
  readonly #merchantsMax: number;

  constructor(merchantsMax: number) {
    this.#merchantsMax = merchantsMax;
  }

  /** The key, and the text where the shard's journal may not have it yet. */
  lookup(merchant: Merchant, shard: number): MerchantReference {
    const known = this.#entry(merchant);
    return { key: known.key, text: known.shards.has(shard) ? null : merchant };
  }

  /** Called when an entry with the text has been committed. */
  confirm(merchant: Merchant, shard: number): void {
    this.#entry(merchant).shards.add(shard);
  }

  #entry(merchant: Merchant): Known {
    const text = `${merchant.terminal}|${merchant.id}|${merchant.nameLocation}`;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    if (this.#known.size >= this.#merchantsMax) this.#known.clear();
    const fresh = { key: hash64(text), shards: new Set<number>() };
    this.#known.set(text, fresh);
    return fresh;
  }
}
