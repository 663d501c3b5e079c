import { assert } from "../kernel/assert.ts";
import type { BlockCipher } from "./block-cipher.ts";
import { decimalize, isSame, isSameCode, packDigits } from "./decimals.ts";
import type { ClearPin } from "./pin.ts";

export interface PvvInput {
  readonly pan: string;
  /** Which of up to seven keys: one digit. */
  readonly keyIndex: string;
  readonly pin: ClearPin;
}

/**
 * Visa's PIN verification value: four digits.
 *
 *   | PAN 11, without the check digit | key index 1 | first 4 of the PIN |
 */
export function pvv(key: BlockCipher, { pan, keyIndex, pin }: PvvInput): string {
  assert(pan.length >= 12 && keyIndex.length === 1, "a PVV needs a PAN of 12 digits and a key index");
  const block = packDigits(`${pan.slice(-12, -1)}${keyIndex}0000`);
  block.writeUInt16BE(firstFour(pin), 6);
  const value = decimalize(key.encrypt(block), 4);
  block.fill(0);
  return value;
}

export function isPvvRight(key: BlockCipher, input: PvvInput, value: string): boolean {
  return isSameCode(pvv(key, input), value);
}

export interface Ibm3624 {
  /** 16 digits: what each hexadecimal digit of the ciphertext becomes. */
  readonly decimalization: string;
  /** 16 digits, commonly of the PAN. */
  readonly validationData: string;
}

export const standardDecimalization = "0123456789012345";

/** The PIN that follows from the card alone: `length` digits of the decimalized ciphertext. */
export function naturalPin(key: BlockCipher, { decimalization, validationData }: Ibm3624, length: number): ClearPin {
  assert(decimalization.length === 16 && validationData.length === 16, "IBM 3624 works on 16 digits");
  const ciphertext = key.encrypt(packDigits(validationData));
  const digits = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const byte = ciphertext[i >> 1] ?? 0;
    digits[i] = decimalization.charCodeAt(i % 2 === 0 ? byte >> 4 : byte & 15) - 48;
  }
  ciphertext.fill(0);
  return digits as ClearPin;
}

/** What leads from the natural PIN to the chosen one: a digit for each of its digits, added without a carry. */
export function pinOffset(key: BlockCipher, data: Ibm3624, pin: ClearPin): string {
  const natural = naturalPin(key, data, pin.length);
  const offset = natural.map((digit, i) => ((pin[i] ?? 0) + 10 - digit) % 10).join("");
  natural.fill(0);
  return offset;
}

/** The PIN that belongs to an offset. */
export function pinOfOffset(key: BlockCipher, data: Ibm3624, offset: string): ClearPin {
  const digits = naturalPin(key, data, offset.length);
  for (let i = 0; i < digits.length; i++) digits[i] = ((digits[i] ?? 0) + offset.charCodeAt(i) - 48) % 10;
  return digits;
}

export function isIbm3624Right(key: BlockCipher, data: Ibm3624, given: { pin: ClearPin; offset: string }): boolean {
  const right = pinOfOffset(key, data, given.offset);
  const isRight = isSame(right, given.pin);
  right.fill(0);
  return isRight;
}

/** Four digits of a PIN as they stand in a block, two a byte. */
function firstFour(pin: ClearPin): number {
  let packed = 0;
  for (let i = 0; i < 4; i++) packed = (packed << 4) | (pin[i] ?? 0);
  return packed;
}
