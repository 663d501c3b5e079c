import { assert } from "../kernel/assert.ts";
import { type BlockCipher, encryptCbc, tripleDes } from "./block-cipher.ts";

/** ISO 9797-1: method 1 fills with zeros where a block is short, method 2 puts 80 behind the data first. */
export type Padding = "zeros" | "one-and-zeros";

/** What chains the blocks and ends, and what the last block is decrypted with in between. */
export interface MacKey {
  readonly first: BlockCipher;
  readonly second: BlockCipher;
}

/** From 16 bytes, two keys of single DES one behind the other. */
export function macKey(key: Uint8Array): MacKey {
  assert(key.length === 16, "a retail MAC takes a pair of 8 bytes each");
  return { first: tripleDes(key.subarray(0, 8)), second: tripleDes(key.subarray(8)) };
}

/** ISO 9797-1 algorithm 3 (X9.19): CBC under the first key, the last block through the second and the first. 8 bytes. */
export function retailMac({ first, second }: MacKey, data: Uint8Array, padding: Padding): Buffer {
  const padded = pad(data, padding);
  const chained = encryptCbc(first, Buffer.alloc(8), padded);
  padded.fill(0);
  return first.encrypt(second.decrypt(chained.subarray(-8)));
}

function pad(data: Uint8Array, padding: Padding): Buffer {
  const marked = data.length + (padding === "one-and-zeros" ? 1 : 0);
  const result = Buffer.alloc(Math.max(8, Math.ceil(marked / 8) * 8));
  result.set(data);
  if (padding === "one-and-zeros") result[data.length] = 0x80;
  return result;
}
