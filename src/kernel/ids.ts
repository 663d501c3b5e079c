import { type Cipher, createCipheriv, createDecipheriv } from "node:crypto";

/** Where an object lives: its shard, and its number in that shard. */
export interface Place {
  readonly shard: number;
  readonly no: number;
}

/** Prefix of an id as Stripe writes it, and the byte that keeps kinds apart inside the encrypted part. */
const kinds = {
  acct: 1,
  ich: 2,
  ic: 3,
  iauth: 4,
  tu: 5,
  rng: 6,
  txn: 7,
  ipi: 8,
  idp: 9,
  po: 10,
  tr: 11,
  trr: 12,
  evt: 13,
  we: 14,
  ipd: 15,
  ics: 16,
  file: 17,
  link: 18,
  ba: 19,
  ephkey: 20,
  mk: 21,
  /** Secret of an ephemeral key. */
  ek: 22,
} as const;
export type IdPrefix = keyof typeof kinds;

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const bodyChars = 22;

/**
 * Ids carry their own place, so that nothing has to be looked up: `ic_` and 22 characters are one AES block of
 * kind, shard and number under the data set's id key. A guessed or altered id does not decode.
 *
 *   | kind 1 | shard 2 | number 6 | zeros 7 |  → AES-128 → base 62
 */
export class IdCodec {
  readonly #key: Uint8Array;
  /** Each block stands for itself, so that one cipher serves them all: 4.0 → 2.4 µs an id. */
  readonly #cipher: Cipher;

  constructor(key: Uint8Array) {
    this.#key = key;
    this.#cipher = createCipheriv("aes-128-ecb", key, null).setAutoPadding(false);
  }

  encode(prefix: IdPrefix, place: Place): string {
    const block = Buffer.alloc(16);
    block.writeUInt8(kinds[prefix], 0);
    block.writeUInt16BE(place.shard, 1);
    block.writeUIntBE(place.no, 3, 6);
    let number = BigInt(`0x${this.#cipher.update(block).toString("hex")}`);
    let body = "";
    for (let i = 0; i < bodyChars; i++) {
      body = `${alphabet[Number(number % 62n)]}${body}`;
      number /= 62n;
    }
    return `${prefix}_${body}`;
  }

  /** The place that an id names, or null where the text is not an id of that kind in this data set. */
  decode(prefix: IdPrefix, id: string): Place | null {
    if (!id.startsWith(`${prefix}_`) || id.length !== prefix.length + 1 + bodyChars) return null;
    let number = 0n;
    for (const character of id.slice(prefix.length + 1)) {
      const value = alphabet.indexOf(character);
      if (value < 0) return null;
      number = number * 62n + BigInt(value);
    }
    const hex = number.toString(16).padStart(32, "0");
    if (hex.length !== 32) return null;
    const decipher = createDecipheriv("aes-128-ecb", this.#key, null).setAutoPadding(false);
    const block = decipher.update(Buffer.from(hex, "hex"));
    const isOurs = block.readUInt8(0) === kinds[prefix] && block.readUIntBE(9, 6) === 0 && block.readUInt8(15) === 0;
    return isOurs ? { shard: block.readUInt16BE(1), no: block.readUIntBE(3, 6) } : null;
  }
}
