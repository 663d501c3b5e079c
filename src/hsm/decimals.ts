import { timingSafeEqual } from "node:crypto";

/**
 * The first `count` digits of a ciphertext's hexadecimal text: its digits 0 to 9 in their order, and behind them its
 * letters as digits, A as 0 to F as 5.
 */
export function decimalize(ciphertext: Uint8Array, count: number): string {
  let figures = "";
  let letters = "";
  for (const byte of ciphertext) {
    for (const nibble of [byte >> 4, byte & 15]) {
      if (nibble < 10) figures += nibble;
      else letters += nibble - 10;
    }
  }
  return (figures + letters).slice(0, count);
}

/** Packs an even number of hexadecimal digits into bytes. */
export function packDigits(digits: string): Buffer {
  return Buffer.from(digits, "hex");
}

/** Whether two codes are the same, in a time that does not tell where they differ. */
export function isSameCode(given: string, right: string): boolean {
  return isSame(Buffer.from(given, "latin1"), Buffer.from(right, "latin1"));
}

/** The same for bytes. Their lengths are no secret. */
export function isSame(given: Uint8Array, right: Uint8Array): boolean {
  return given.length === right.length && timingSafeEqual(given, right);
}
