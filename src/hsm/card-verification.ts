import { assert } from "../kernel/assert.ts";
import { type BlockCipher, tripleDes, xor } from "./block-cipher.ts";
import { decimalize, packDigits } from "./decimals.ts";

/** Service codes that make one key pair give codes of their own for each place. */
export const serviceCodes = {
  /** Printed on the back. */
  cvv2: "000",
  /** In the track of a chip. */
  icvv: "999",
} as const;

export interface CardVerificationData {
  readonly pan: string;
  /** YYMM, as on the track. */
  readonly expiry: string;
  /** Three digits. */
  readonly serviceCode: string;
}

/** A pair of keys that computes card verification codes and nothing else. */
export interface CardVerificationKey {
  readonly first: BlockCipher;
  readonly pair: BlockCipher;
}

/** From 16 bytes, the two keys one behind the other. */
export function cardVerificationKey(key: Uint8Array): CardVerificationKey {
  assert(key.length === 16, "a card verification key is a pair of 8 bytes each");
  return { first: tripleDes(key.subarray(0, 8)), pair: tripleDes(key) };
}

/**
 * CVV, CVV2 or iCVV, by the service code: three digits.
 *
 *   | PAN | expiry 4 | service code 3 | zeros ... |  32 digits = two blocks
 *   first block → DES(A), plus second block → triple DES(A, B) → decimal digits
 */
export function cardVerificationCode(key: CardVerificationKey, data: CardVerificationData): string {
  const digits = `${data.pan}${data.expiry}${data.serviceCode}`;
  assert(digits.length <= 32 && data.expiry.length === 4 && data.serviceCode.length === 3, "no data of a card");
  const blocks = packDigits(digits.padEnd(32, "0"));
  const first = key.first.encrypt(blocks.subarray(0, 8));
  return decimalize(key.pair.encrypt(xor(first, blocks.subarray(8))), 3);
}
