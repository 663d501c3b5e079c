import { type PrefixPlan, prefixForm } from "./plan.ts";

/** What a length prefix says: the number, -1 where it is not well written; and how many bytes it takes. */
export interface Count {
  count: number;
  bytes: number;
}

/** Reads the prefix at `at`; the caller has seen that `limit - at` bytes are there. One object a reader: no garbage. */
export function readCount(prefix: PrefixPlan, bytes: Uint8Array, at: number, into: Count): void {
  into.bytes = prefix.bytes;
  switch (prefix.form) {
    case prefixForm.digits:
      into.count = readDigits(prefix, bytes, at);
      return;
    case prefixForm.bcd:
      into.count = readBcd(prefix, bytes, at);
      return;
    case prefixForm.hex:
      into.count = readHex(prefix, bytes, at);
      return;
    case prefixForm.binary:
      into.count = readBinary(bytes, at, at + prefix.bytes);
      return;
    case prefixForm.ber:
      readBer(prefix, bytes, at, into);
  }
}

function readDigits(prefix: PrefixPlan, bytes: Uint8Array, at: number): number {
  let count = 0;
  for (let i = at; i < at + prefix.bytes; i++) {
    const digit = (prefix.code.toLatin[bytes[i] ?? 0] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    count = 10 * count + digit;
  }
  return count;
}

function readBcd(prefix: PrefixPlan, bytes: Uint8Array, at: number): number {
  let count = 0;
  for (let i = at; i < at + prefix.bytes; i++) {
    const byte = bytes[i] ?? 0;
    if (byte > 0x99 || (byte & 0x0f) > 9) return -1;
    count = 100 * count + 10 * (byte >> 4) + (byte & 0x0f);
  }
  return count;
}

function readHex(prefix: PrefixPlan, bytes: Uint8Array, at: number): number {
  let count = 0;
  for (let i = at; i < at + prefix.bytes; i++) {
    const digit = prefix.code.hexValues[bytes[i] ?? 0] ?? -1;
    if (digit < 0) return -1;
    count = 16 * count + digit;
  }
  return count;
}

function readBinary(bytes: Uint8Array, from: number, end: number): number {
  let count = 0;
  for (let i = from; i < end; i++) count = 256 * count + (bytes[i] ?? 0);
  return count;
}

// Below 80 the length itself; above, how many bytes of it follow. 80 alone is a length of unknown end, which ISO 8583 has not.
function readBer(prefix: PrefixPlan, bytes: Uint8Array, at: number, into: Count): void {
  const form = bytes[at] ?? 0;
  into.bytes = form > 0x80 ? 1 + (form & 0x7f) : 1;
  if (form < 0x80) into.count = form;
  else if (form === 0x80 || into.bytes > prefix.bytes || at + into.bytes > bytes.length) into.count = -1;
  else into.count = readBinary(bytes, at + 1, at + into.bytes);
}

/** Bytes that the prefix takes for a number. */
export function prefixBytes(prefix: PrefixPlan, count: number): number {
  if (prefix.form !== prefixForm.ber) return prefix.bytes;
  return berLengthBytes(count);
}

export function berLengthBytes(length: number): number {
  if (length < 0x80) return 1;
  return length < 0x100 ? 2 : length < 0x10000 ? 3 : 4;
}

/** Writes the number at `at`. The caller has compared it with `countMax`. */
export function writeCount(prefix: PrefixPlan, bytes: Uint8Array, at: number, count: number): void {
  if (prefix.form === prefixForm.ber) {
    writeBerLength(bytes, at, count);
    return;
  }
  const base = bases[prefix.form];
  let left = count;
  for (let i = at + prefix.bytes - 1; i >= at; i--) {
    const digit = left % base;
    left = (left - digit) / base;
    bytes[i] = digitByte(prefix, digit);
  }
}

const bases = [10, 100, 256, 16] as const;

function digitByte(prefix: PrefixPlan, digit: number): number {
  switch (prefix.form) {
    case prefixForm.digits:
      return prefix.code.fromLatin[0x30 + digit] ?? 0;
    case prefixForm.bcd:
      return (Math.floor(digit / 10) << 4) | (digit % 10);
    case prefixForm.hex:
      return prefix.code.fromLatin[digit < 10 ? 0x30 + digit : (prefix.isLowerHex ? 0x57 : 0x37) + digit] ?? 0;
    default:
      return digit;
  }
}

/** The shortest form: one byte up to 127, else their number and the bytes. */
export function writeBerLength(bytes: Uint8Array, at: number, length: number): void {
  const count = berLengthBytes(length);
  if (count > 1) bytes[at] = 0x7f + count;
  let left = length;
  for (let i = at + count - 1; i > at - (count > 1 ? 0 : 1); i--) {
    bytes[i] = left & 0xff;
    left = Math.floor(left / 256);
  }
}
