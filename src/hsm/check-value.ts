import { aes, tripleDes } from "./block-cipher.ts";
import { cmac } from "./cmac.ts";

/** Key check value of a DES key: the first three bytes of zeros encrypted, as six hexadecimal digits. */
export function checkValue(key: Uint8Array): string {
  return digits(tripleDes(key).encrypt(Buffer.alloc(8)));
}

/** Of an AES key: the first three bytes of a CMAC over a block of zeros (X9.24-1). */
export function aesCheckValue(key: Uint8Array): string {
  return digits(cmac(aes(key), Buffer.alloc(16)));
}

function digits(block: Buffer): string {
  return block.subarray(0, 3).toString("hex").toUpperCase();
}
