import { assert } from "../kernel/assert.ts";

const slotCount = 16_384;

export interface KeyPlace {
  readonly kind: "account" | "chain" | "pan_index";
  readonly shard: number;
  readonly no: number;
}

const kindByLetter: ReadonlyMap<string, KeyPlace["kind"]> = new Map([
  ["a:", "account"],
  ["c:", "chain"],
  ["i:", "pan_index"],
]);

/**
 * Every key of a data set, and the only place where keys are built. All of a connected account's state lies in one
 * shard, whose tag in braces puts it into one cluster slot:
 *
 *   cs:{4r}:a:7      account 7: head h, static s, balances b<currency>, cardholders p<n>, their counters n…
 *   cs:{4r}:c:19     chain of cards 19: cards v, counters n…, messages and holds m…, chain ids x…
 *   cs:{4r}:i:803    a bucket of the PAN index: blind index → account, chain, cardholder
 *   cs:{4r}:o:7      versions of what account 7 owns and no message of a network reads: designs, files, keys
 *   cs:{4r}:journal  what happened, in order
 */
export class Keyspace {
  readonly namespace: string;
  readonly shardCount: number;
  readonly #prefixes: readonly string[];
  readonly #slots: readonly number[];

  constructor(namespace: string, shardCount: number) {
    assert(/^[a-z0-9_-]{1,24}$/.test(namespace), "a namespace is 1 to 24 of a-z, 0-9, _ and -");
    assert(shardCount >= 1 && shardCount <= 256, "1 to 256 shards");
    this.namespace = namespace;
    this.shardCount = shardCount;
    const tags = shardTags(shardCount);
    this.#prefixes = tags.map((tag) => `${namespace}:{${tag}}:`);
    this.#slots = tags.map((tag) => slotOf(tag));
  }

  slot(shard: number): number {
    return this.#slots[shard] ?? 0;
  }

  account(shard: number, account: number): string {
    return `${this.#prefixes[shard]}a:${account}`;
  }

  chain(shard: number, chain: number): string {
    return `${this.#prefixes[shard]}c:${chain}`;
  }

  panIndex(shard: number, bucket: number): string {
    return `${this.#prefixes[shard]}i:${bucket}`;
  }

  objects(shard: number, account: number): string {
    return `${this.#prefixes[shard]}o:${account}`;
  }

  journal(shard: number): string {
    return `${this.#prefixes[shard]}journal`;
  }

  idempotency(shard: number, digest: string): string {
    return `${this.#prefixes[shard]}k:${digest}`;
  }

  /** The range table: in shard 0, because a PAN has no shard before it is looked up. */
  ranges(): string {
    return `${this.#prefixes[0]}ranges`;
  }

  /** Data-set id, epoch, clock offset and frozen flag. */
  setting(): string {
    return `${this.#prefixes[0]}setting`;
  }

  /** The account, the chain or the bucket of the PAN index that a key of this namespace is; null for every other key. */
  parse(key: string): KeyPlace | null {
    const end = key.indexOf("}:") + 2;
    const shard = this.#prefixes.indexOf(key.slice(0, end));
    const letter = key.slice(end, end + 2);
    const kind = kindByLetter.get(letter);
    return shard < 0 || kind === undefined ? null : { kind, shard, no: Number(key.slice(end + 2)) };
  }

  /** What SCAN and a reset match: this namespace's keys and no others. */
  pattern(): string {
    return `${this.namespace}:{*`;
  }
}

export const fields = {
  head: "h",
  accountStatic: "s",
  chainStatic: "v",
  balance: (currency: number): string => `b${currency}`,
  holder: (cardholder: number): string => `p${cardholder}`,
  /** The version of an object of `objects`: type and number. */
  objectVersion: (type: number, no: number): string => `${type}:${no}`,
  /** A transaction that somebody has disputed, beside the versions of `objects`. */
  disputed: (transaction: number): string => `d${transaction}`,
  /** A payout that another one has taken back, beside these. */
  takenBack: (payout: number): string => `r${payout}`,
  /** Tries of a card's PIN that failed in a row. */
  pinTries: (card: number): string => `t${card}`,
  message: (key: Uint8Array): string => `m${Buffer.from(key).toString("latin1")}`,
  /** A counter of a chain: interval letter and the number of its category set. */
  chainCounter: (interval: string, setNumber: number): string => `n${interval}${setNumber.toString(36)}`,
  holderCounter: (cardholder: number, interval: string, setNumber: number): string =>
    `n${cardholder}${interval}${setNumber.toString(36)}`,
} as const;

/** The cluster slot of a hash tag: CRC-16 XMODEM modulo 16384. */
export function slotOf(tag: string): number {
  let crc = 0;
  for (let i = 0; i < tag.length; i++) {
    crc ^= tag.charCodeAt(i) << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc % slotCount;
}

/** Short tags whose slots spread evenly over the cluster: shard i of n lies in the i-th n-th of the slots. */
function shardTags(shardCount: number): string[] {
  const tags = new Array<string>(shardCount);
  let missing = shardCount;
  for (let candidate = 0; missing > 0; candidate++) {
    const tag = candidate.toString(36);
    const shard = Math.floor((slotOf(tag) * shardCount) / slotCount);
    if (tags[shard] === undefined) {
      tags[shard] = tag;
      missing--;
    }
  }
  return tags;
}
