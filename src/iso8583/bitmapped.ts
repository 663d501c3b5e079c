import { type Change, type Segment, below, concatenated, segmentsOf, writeField } from "./change.ts";
import { decodeField } from "./composite.ts";
import { Element } from "./element.ts";
import type { TextCode } from "./encodings.ts";
import { EncodeError } from "./faults.ts";
import { fromHexText } from "./octets.ts";
import { type Built, type FieldPlan, type ShapePlan } from "./plan.ts";
import type { Reader } from "./reader.ts";
import { type StraightPlan, planStraight, readStraight } from "./straight.ts";

export interface BitmappedPlan {
  /** Bytes that one bitmap stands for. */
  readonly size: number;
  /** Null where bitmaps are bytes as they are. */
  readonly hexCode: TextCode | null;
  readonly isLowerHex: boolean;
  /** The first bit of a bitmap announces the next one. */
  readonly isContinued: boolean;
  /** By bit. */
  readonly parts: readonly (FieldPlan | undefined)[];
  /** What is kept from the first unknown part on; null where that is a fault. */
  readonly rest: FieldPlan | null;
}

interface ReadPlan extends BitmappedPlan {
  /** By bit: parts that are read the straight way. */
  readonly straight: readonly (StraightPlan | undefined)[];
}

export function bitmappedShape(described: BitmappedPlan): ShapePlan {
  const plan = { ...described, straight: described.parts.map(planStraight) };
  return {
    kind: "bitmapped",
    positions: null,
    decode: (reader, element, path) => decodeBitmapped(reader, element, path, plan),
    build: (_plan, path, change) => buildBitmapped(path, change, plan),
  };
}

/** | bitmap | part | part | … */
function decodeBitmapped(reader: Reader, element: Element, path: string, plan: ReadPlan): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  const { from, to } = element;
  const bitmapBytes = bitmapsSize(reader, element, path, plan);
  if (bitmapBytes < 0) return false;
  reader.at = from + (plan.hexCode === null ? bitmapBytes : 2 * bitmapBytes);
  let isSound = true;
  for (let index = 0; index < bitmapBytes; index++) {
    let bits = bitmapByte(reader.bytes, plan.hexCode, from, index);
    if (plan.isContinued && index % plan.size === 0) bits &= 0x7f;
    while (bits !== 0) {
      const lead = Math.clz32(bits) - 24;
      bits &= ~(0x80 >> lead);
      const number = 8 * index + lead + 1;
      const partPlan = plan.parts[number];
      if (partPlan === undefined) {
        if (plan.rest !== null) {
          parts.push(restOf(reader, element, plan, { number, bitmapBytes }));
          return isSound;
        }
        const detail = { expected: "a part of the dialect", found: `bit ${number}` };
        reader.fail("part_undefined", `${path}.${number}`, reader.at, detail);
        return false;
      }
      const straight = plan.straight[number];
      const part =
        (straight === undefined ? null : readStraight(reader, straight, to)) ??
        decodeField(reader, partPlan, partPlan.path, to);
      if (part === null) return false;
      if (part.isFaulty) isSound = false;
      parts.push(part);
    }
  }
  if (reader.at < to) {
    const detail = { expected: "the end of the field", found: `${to - reader.at} more bytes` };
    reader.fail("trailing_bytes", path, reader.at, detail);
    return false;
  }
  return isSound;
}

/** Byte `index` of the bitmaps that begin at `at`. */
function bitmapByte(bytes: Uint8Array, hexCode: TextCode | null, at: number, index: number): number {
  if (hexCode === null) return bytes[at + index] ?? 0;
  const high = hexCode.hexValues[bytes[at + 2 * index] ?? 0] ?? 0;
  return (high << 4) | ((hexCode.hexValues[bytes[at + 2 * index + 1] ?? 0] ?? 0) & 0x0f);
}

/** How many bytes the bitmaps stand for, or -1 after a fault. */
function bitmapsSize(reader: Reader, { from, to }: Element, path: string, plan: BitmappedPlan): number {
  const { size, hexCode } = plan;
  const scale = hexCode === null ? 1 : 2;
  for (let count = size; ; count += size) {
    if (from + scale * count > to) {
      const expected = `a bitmap of ${scale * size} bytes`;
      reader.fail("part_overrun", path, from, { expected, found: `${to - from - scale * (count - size)} bytes` });
      return -1;
    }
    for (let at = from + scale * (count - size); hexCode !== null && at < from + scale * count; at++) {
      if ((hexCode.hexValues[reader.bytes[at] ?? 0] ?? -1) >= 0) continue;
      const found = `0x${(reader.bytes[at] ?? 0).toString(16)}`;
      reader.fail("bitmap_invalid", path, at, { expected: "a bitmap in hexadecimal characters", found });
      return -1;
    }
    const isFollowed = plan.isContinued && bitmapByte(reader.bytes, hexCode, from, count - size) >= 0x80;
    if (!isFollowed) return count;
  }
}

/** The bits from `number` on, as a whole bitmap, and the bytes that stand for them. */
function restOf(
  reader: Reader,
  element: Element,
  plan: BitmappedPlan,
  { number, bitmapBytes }: { number: number; bitmapBytes: number },
): Element {
  const { at, bytes } = reader;
  const end = element.to;
  const restPlan = plan.rest ?? element.plan;
  const rest = new Element(restPlan, reader.source, { start: at, from: at, to: end, end, units: end - at, tag: 0 });
  const numbers: number[] = [];
  for (let bit = number; bit <= 8 * bitmapBytes; bit++) {
    const isAnnouncing = plan.isContinued && (bit - 1) % (8 * plan.size) === 0;
    const byte = bitmapByte(bytes, plan.hexCode, element.from, (bit - 1) >> 3);
    if (!isAnnouncing && (byte & (0x80 >> ((bit - 1) & 7))) !== 0) numbers.push(bit);
  }
  rest.bits = bitsOf(plan, numbers);
  reader.at = end;
  return rest;
}

function setBit(bitmap: Uint8Array, number: number): void {
  const at = (number - 1) >> 3;
  bitmap[at] = (bitmap[at] ?? 0) | (0x80 >> ((number - 1) & 7));
}

// Behind every part that has a number.
const restOrder = Number.MAX_SAFE_INTEGER;

function buildBitmapped(path: string, change: Change, plan: BitmappedPlan): Built | null {
  let restBits = change.element?.parts?.find((part) => part.bits !== null)?.bits ?? null;
  const make = (branch: Change["branch"], element: Element | undefined): Segment | null => {
    const key = branch.step?.key ?? "";
    if (plan.rest !== null && key === plan.rest.key) {
      const rest = restSegment(plan, `${path}.${key}`, branch.value ?? null);
      restBits = rest?.bits ?? null;
      return rest;
    }
    const partPlan = plan.parts[Number(key)];
    if (partPlan === undefined) throw new EncodeError("path_undefined", `${path}.${key}`, "a part of the dialect");
    const bytes = writeField(partPlan, partPlan.path, below(change, branch, element));
    return bytes === null ? null : { order: partPlan.number, bytes };
  };
  const segments = segmentsOf(change, make, (part) => (part.bits === null ? part.plan.number : restOrder));
  if (segments.length === 0) return null;
  const numbers = segments.map(({ order }) => order).filter((order) => order !== restOrder);
  if (restBits !== null) {
    for (let bit = 1; bit <= 8 * restBits.length; bit++) {
      if (((restBits[(bit - 1) >> 3] ?? 0) & (0x80 >> ((bit - 1) & 7))) !== 0) numbers.push(bit);
    }
  }
  const bytes = concatenated([bitmapOf(plan, numbers), ...segments.map((segment) => segment.bytes)]);
  return { bytes, units: bytes.length };
}

/** As many bitmaps as these bits need, each announced by the one before it. */
function bitsOf({ size, isContinued }: BitmappedPlan, numbers: readonly number[]): Uint8Array {
  const last = numbers.reduce((most, number) => Math.max(most, number), 1);
  const count = isContinued ? Math.ceil(last / (8 * size)) : 1;
  const bitmap = new Uint8Array(count * size);
  for (const number of numbers) setBit(bitmap, number);
  for (let index = 0; index < count - 1; index++) setBit(bitmap, 8 * size * index + 1);
  return bitmap;
}

/** The bitmaps for these bits, as they are written. */
function bitmapOf(plan: BitmappedPlan, numbers: readonly number[]): Uint8Array {
  const { hexCode, isLowerHex } = plan;
  const bitmap = bitsOf(plan, numbers);
  if (hexCode === null) return bitmap;
  const letters = isLowerHex ? 0x57 : 0x37;
  return Uint8Array.from({ length: 2 * bitmap.length }, (_, index) => {
    const octet = bitmap[index >> 1] ?? 0;
    const digit = index % 2 === 0 ? octet >> 4 : octet & 0x0f;
    return hexCode.fromLatin[digit < 10 ? 0x30 + digit : letters + digit] ?? 0;
  });
}

interface RestSegment extends Segment {
  readonly bits: Uint8Array;
}

/** "hex:", the unread bits as one bitmap, then the bytes. */
function restSegment(plan: BitmappedPlan, path: string, value: string | null): RestSegment | null {
  if (value === null) return null;
  const octets = value.startsWith("hex:") ? fromHexText(value.slice("hex:".length)) : null;
  if (octets === null || octets.length < plan.size) {
    throw new EncodeError("content_invalid", path, `"hex:", a bitmap of ${plan.size} bytes, and what it stands for`);
  }
  let size = plan.size;
  while (plan.isContinued && ((octets[size - plan.size] ?? 0) & 0x80) !== 0 && size + plan.size <= octets.length) {
    size += plan.size;
  }
  const bits = octets.slice(0, size);
  for (let at = 0; plan.isContinued && at < size; at += plan.size) bits[at] = (bits[at] ?? 0) & 0x7f;
  return { order: restOrder, bytes: octets.subarray(size), bits };
}
