import type { TextCode } from "./encodings.ts";
import type { DialectPlan } from "./plan.ts";
import type { Reader } from "./reader.ts";

/** The byte after the bitmaps that stand together at `reader.at`, or -1. */
export function decodeBitmaps(reader: Reader, plan: DialectPlan, path: string, limit: number): number {
  const size = plan.hasHexBitmaps ? 16 : 8;
  const count = plan.thirdBitmap === null ? plan.bitmapCount : 2;
  let at = reader.at;
  for (let index = 0; index < 3; index++) {
    if (!isBitmap(reader, plan, path, { at, limit })) return -1;
    const isContinued = bitmapByte(reader.bytes, plan, at, 0) >= 0x80;
    at += size;
    if (plan.hasFixedBitmaps ? index + 1 === count : plan.hasOneBitmap || !isContinued) return at;
    // Bit 65 announces the third bitmap also where that lies in field 65.
    if (index + 1 === count && plan.thirdBitmap !== null) return at;
    if (index + 1 >= count) {
      const found = `bit ${64 * index + 1} set`;
      reader.fail("bitmap_invalid", path, at - size, { expected: `at most ${count} bitmaps`, found });
      return -1;
    }
  }
  return at;
}

/** Whether a bitmap stands at `at`; a fault where it does not. */
export function isBitmap(
  reader: Reader,
  plan: DialectPlan,
  path: string,
  { at, limit }: { at: number; limit: number },
): boolean {
  const size = plan.hasHexBitmaps ? 16 : 8;
  if (at + size > limit) {
    const code = path === "1" ? "truncated" : "part_overrun";
    const found = `${Math.max(limit - at, 0)} bytes`;
    reader.fail(code, path, at, { expected: `a bitmap of ${size} bytes`, found });
    return false;
  }
  return !plan.hasHexBitmaps || isHexBitmap(reader, plan.bitmapCode, path, at);
}

function isHexBitmap(reader: Reader, code: TextCode, path: string, at: number): boolean {
  for (let i = at; i < at + 16; i++) {
    if ((code.hexValues[reader.bytes[i] ?? 0] ?? -1) >= 0) continue;
    const found = `0x${(reader.bytes[i] ?? 0).toString(16)}`;
    reader.fail("bitmap_invalid", path, i, { expected: "16 hexadecimal characters", found });
    return false;
  }
  return true;
}

/** Byte `index` of the bitmap that begins at `at`. */
export function bitmapByte(bytes: Uint8Array, plan: DialectPlan, at: number, index: number): number {
  if (!plan.hasHexBitmaps) return bytes[at + index] ?? 0;
  const { hexValues } = plan.bitmapCode;
  const high = hexValues[bytes[at + 2 * index] ?? 0] ?? 0;
  return ((high << 4) | ((hexValues[bytes[at + 2 * index + 1] ?? 0] ?? 0) & 0x0f)) & 0xff;
}

/** Writes one byte of a bitmap as the dialect has it; the position after it. */
export function writeBitmapByte(bytes: Uint8Array, plan: DialectPlan, at: number, bits: number): number {
  if (!plan.hasHexBitmaps) {
    bytes[at] = bits;
    return at + 1;
  }
  bytes[at] = hexByte(plan, bits >> 4);
  bytes[at + 1] = hexByte(plan, bits & 0x0f);
  return at + 2;
}

function hexByte({ bitmapCode, isLowerHex }: DialectPlan, digit: number): number {
  return bitmapCode.fromLatin[digit < 10 ? 0x30 + digit : (isLowerHex ? 0x57 : 0x37) + digit] ?? 0;
}
