import { randomBytes } from "node:crypto";
import { assert } from "../kernel/assert.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type BlockCipher, xor } from "./block-cipher.ts";
import { packDigits } from "./decimals.ts";
import { type ClearPin, clearPin, pinDigitsMax, pinDigitsMin } from "./pin.ts";

/** ISO 9564-1. Format 1 is not bound to a PAN, format 4 is a block of AES. */
export type PinBlockFormat = 0 | 1 | 3 | 4;

export type PinBlockError = "bad_length" | "bad_format" | "bad_filling" | "bad_pin";

/** A PIN under a key. */
export interface EncryptedPin {
  readonly key: BlockCipher;
  readonly format: PinBlockFormat;
  /** 12 to 19 digits, check digit included; format 1 does not read it. */
  readonly pan: string;
}

/** Encrypts a PIN: 8 bytes, or 16 in format 4. */
export function encryptPin({ key, format, pan }: EncryptedPin, pin: ClearPin): Buffer {
  assert(key.blockBytes === (format === 4 ? 16 : 8), "formats 0, 1 and 3 are blocks of triple DES, format 4 of AES");
  const field = format === 4 ? pinField4(pin) : pinField(format, pin);
  const clear = format === 4 ? xor(key.encrypt(field), panField4(pan)) : bound(format, pan, field);
  field.fill(0);
  const block = key.encrypt(clear);
  clear.fill(0);
  return block;
}

/** The clear PIN of a block, which its caller fills with zeros after use. A wrong key or PAN is a block of no format. */
export function decryptPin({ key, format, pan }: EncryptedPin, block: Uint8Array): Result<ClearPin, PinBlockError> {
  const size = format === 4 ? 16 : 8;
  if (block.length !== size || key.blockBytes !== size) return fail("bad_length");
  const clear = key.decrypt(block);
  const field = format === 4 ? key.decrypt(xor(clear, panField4(pan))) : bound(format, pan, clear);
  clear.fill(0);
  const pin = pinOf(format, field);
  field.fill(0);
  return pin;
}

/**
 * The field with the PIN, before the PAN is added:
 *
 *   | format 4 bits | length 4 bits | PIN | filling |      filling: F in format 0, random in 1, random A to F in 3
 */
export function pinField(format: 0 | 1 | 3, pin: ClearPin): Buffer {
  const field = Buffer.alloc(8);
  field[0] = (format << 4) | pin.length;
  const filling = randomBytes(14);
  for (let i = 0; i < 14; i++) {
    const random = filling[i] ?? 0;
    const digit = pin[i] ?? (format === 0 ? 15 : format === 1 ? random & 15 : 10 + (random % 6));
    putNibble(field, i + 2, digit);
  }
  return field;
}

/** The block that is encrypted in formats 0 and 3: the field with the PIN plus | 0000 | last 12 of the PAN, no check digit |. */
export function bound(format: 0 | 1 | 3, pan: string, field: Uint8Array): Buffer {
  if (format === 1) return Buffer.from(field);
  return xor(field, packDigits(pan.slice(-13, -1).padStart(16, "0")));
}

/**
 * Format 4:   | 4 | length | PIN, filled with A to 14 digits | random 8 |  → AES, plus the PAN's field → AES
 */
function pinField4(pin: ClearPin): Buffer {
  const field = Buffer.alloc(16);
  field[0] = 0x40 | pin.length;
  for (let i = 0; i < 14; i++) putNibble(field, i + 2, pin[i] ?? 10);
  field.set(randomBytes(8), 8);
  return field;
}

/** | digits beyond 12 | PAN, at least 12 digits | zeros |, check digit included. */
function panField4(pan: string): Buffer {
  const digits = pan.padStart(12, "0");
  return packDigits(`${digits.length - 12}${digits}`.padEnd(32, "0"));
}

function pinOf(format: PinBlockFormat, field: Uint8Array): Result<ClearPin, PinBlockError> {
  const [head = 0] = field;
  const length = head & 15;
  if (head >> 4 !== format) return fail("bad_format");
  if (length < pinDigitsMin || length > pinDigitsMax) return fail("bad_pin");
  const digits = new Uint8Array(length);
  let isFilled = true;
  for (let i = 0; i < 14; i++) {
    const nibble = nibbleOf(field, i + 2);
    if (i < length) digits[i] = nibble;
    else isFilled &&= isFilling(format, nibble);
  }
  const pin = clearPin(digits);
  if (pin !== null && isFilled) return ok(pin);
  digits.fill(0);
  return fail(pin === null ? "bad_pin" : "bad_filling");
}

function isFilling(format: PinBlockFormat, nibble: number): boolean {
  if (format === 0) return nibble === 15;
  if (format === 3) return nibble >= 10;
  return format === 1 || nibble === 10;
}

function putNibble(bytes: Uint8Array, at: number, nibble: number): void {
  const index = at >> 1;
  bytes[index] = (bytes[index] ?? 0) | (at % 2 === 0 ? nibble << 4 : nibble);
}

function nibbleOf(bytes: Uint8Array, at: number): number {
  const byte = bytes[at >> 1] ?? 0;
  return at % 2 === 0 ? byte >> 4 : byte & 15;
}
