import { nibble } from "./octets.ts";
import type { DialectPlan } from "./plan.ts";
import type { Reader } from "./reader.ts";

/** The byte after the bitmaps, or -1. */
export function decodeBitmaps(reader: Reader, plan: DialectPlan): number {
  const size = plan.hasHexBitmaps ? 16 : 8;
  let at = reader.at;
  for (let index = 0; index < 3; index++) {
    if (at + size > reader.bytes.length) {
      const found = `${reader.bytes.length - at} bytes`;
      reader.fail("truncated", "1", at, { expected: `a bitmap of ${size} bytes`, found });
      return -1;
    }
    if (plan.hasHexBitmaps && !isHexBitmap(reader, at)) return -1;
    const isContinued = bitmapByte(reader.bytes, plan.hasHexBitmaps, at, 0) >= 0x80;
    if (!isContinued) return at + size;
    if (index + 1 >= plan.bitmapCount) {
      const expected = `at most ${plan.bitmapCount} bitmaps`;
      reader.fail("bitmap_invalid", "1", at, { expected, found: `bit ${64 * index + 1} set` });
      return -1;
    }
    at += size;
  }
  return at;
}

function isHexBitmap(reader: Reader, at: number): boolean {
  for (let i = at; i < at + 16; i++) {
    if (nibble(reader.bytes[i] ?? 0) >= 0) continue;
    const found = `0x${(reader.bytes[i] ?? 0).toString(16)}`;
    reader.fail("bitmap_invalid", "1", i, { expected: "16 hexadecimal characters", found });
    return false;
  }
  return true;
}

/** Byte `index` of the bitmap that begins at `at`. */
export function bitmapByte(bytes: Uint8Array, isHex: boolean, at: number, index: number): number {
  if (!isHex) return bytes[at + index] ?? 0;
  return (nibble(bytes[at + 2 * index] ?? 0) << 4) | nibble(bytes[at + 2 * index + 1] ?? 0);
}
