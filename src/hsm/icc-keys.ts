import { createHash } from "node:crypto";
import { assert } from "../kernel/assert.ts";
import { type BlockCipher, xor } from "./block-cipher.ts";
import { decimalize, packDigits } from "./decimals.ts";
import { withOddParity } from "./parity.ts";

/** A card as its keys are derived from it. */
export interface CardApplication {
  readonly pan: string;
  /** Tag 5F34: two digits. */
  readonly sequence: string;
}

const ones = Buffer.alloc(8, 0xff);

/**
 * A card's own key (UDK, ICC master key), option A: triple DES of the last 16 digits of PAN and sequence number, and of
 * their complement. 16 bytes of odd parity.
 */
export function iccKeyA(issuerKey: BlockCipher, { pan, sequence }: CardApplication): Buffer {
  return derived(issuerKey, `${pan}${sequence}`.slice(-16).padStart(16, "0"));
}

/** Option B: as A up to 16 digits of a PAN; of a longer one, 16 decimal digits of a SHA-1 of it. */
export function iccKeyB(issuerKey: BlockCipher, card: CardApplication): Buffer {
  const { pan, sequence } = card;
  if (pan.length <= 16) return iccKeyA(issuerKey, card);
  const digits = `${pan}${sequence}`;
  const hash = createHash("sha1")
    .update(packDigits(digits.length % 2 === 0 ? digits : `0${digits}`))
    .digest();
  return derived(issuerKey, decimalize(hash, 16));
}

/**
 * EMV's common session key: triple DES of the diversifier with F0 in its third byte, and with 0F. For cryptograms
 * the diversifier is the ATC with six zeros behind it, for M/Chip's own derivation | ATC 2 | 00 00 | UN 4 |.
 */
export function sessionKey(iccKey: BlockCipher, diversifier: Uint8Array): Buffer {
  assert(diversifier.length === 8, "a diversifier has 8 bytes");
  const left = Buffer.from(diversifier);
  const right = Buffer.from(diversifier);
  left[2] = 0xf0;
  right[2] = 0x0f;
  return withOddParity(Buffer.concat([iccKey.encrypt(left), iccKey.encrypt(right)]));
}

export function commonSessionKey(iccKey: BlockCipher, atc: Uint8Array): Buffer {
  return sessionKey(iccKey, Buffer.concat([atc, Buffer.alloc(6)]));
}

export function mchipSessionKey(iccKey: BlockCipher, atc: Uint8Array, unpredictable: Uint8Array): Buffer {
  return sessionKey(iccKey, Buffer.concat([atc, Buffer.alloc(2), unpredictable]));
}

function derived(issuerKey: BlockCipher, digits: string): Buffer {
  const block = packDigits(digits);
  return withOddParity(Buffer.concat([issuerKey.encrypt(block), issuerKey.encrypt(xor(block, ones))]));
}
