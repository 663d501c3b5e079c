import { expectation, faultyByte, foundByte } from "./content.ts";
import { Element, Source } from "./element.ts";
import type { DecodeErrorCode, DecodeFault } from "./faults.ts";
import { decodeParts } from "./decode-parts.ts";
import { headersEnd } from "./header.ts";
import { nibble } from "./octets.ts";
import { type DialectPlan, type FieldPlan, type PrefixPlan, body } from "./plan.ts";

/** What was read of a message, up to a fault where there is one. */
export interface Reading {
  readonly source: Source;
  readonly headerEnd: number;
  readonly mti: Element | null;
  /** The bitmaps lie between the message type and this byte. */
  readonly bitmapEnd: number;
  readonly elements: (Element | undefined)[];
  readonly end: number;
  readonly fault: DecodeFault | null;
}

/** Reads one byte string from left to right; remembers its first fault. */
export class Reader {
  readonly source: Source;
  readonly bytes: Uint8Array;
  at = 0;
  fault: DecodeFault | null = null;

  constructor(source: Source) {
    this.source = source;
    this.bytes = source.bytes;
  }

  fail(code: DecodeErrorCode, path: string, offset: number, detail: { expected: string; found: string }): null {
    this.fault ??= { code, path, offset, expected: detail.expected, found: detail.found };
    return null;
  }
}

/**
 *   | header | message type | bitmap | second | third | field | field | …
 * A fault of structure ends the reading, since nobody knows where the next field begins. A fault of content does not:
 * a format error is answered with the message's own keys (DE11, DE37 …), which mostly come after it.
 */
export function decodeMessage(plan: DialectPlan, bytes: Uint8Array): Reading {
  const reader = new Reader(new Source(bytes));
  const elements = new Array<Element | undefined>(plan.fields.length).fill(undefined);
  const headerEnd = plan.hasHeader ? headersEnd(reader) : 0;
  reader.at = headerEnd;
  const mti = headerEnd < 0 ? null : decodeField(reader, plan.mti, "0", bytes.length);
  const isMtiSound = mti !== null && !mti.isFaulty;
  const bitmapStart = reader.at;
  const bitmapEnd = isMtiSound ? decodeBitmaps(reader, plan) : -1;
  if (bitmapEnd >= 0) {
    reader.at = bitmapEnd;
    const isWhole = decodeFields(reader, plan, { bitmapStart, elements });
    if (isWhole && reader.at < bytes.length) {
      const found = `${bytes.length - reader.at} more bytes`;
      reader.fail("trailing_bytes", "", reader.at, { expected: "the end of the message", found });
    }
  }
  return {
    source: reader.source,
    headerEnd: Math.max(headerEnd, 0),
    mti: isMtiSound ? mti : null,
    bitmapEnd,
    elements,
    end: reader.at,
    fault: reader.fault,
  };
}

/** The byte after the bitmaps, or -1. */
function decodeBitmaps(reader: Reader, plan: DialectPlan): number {
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
function bitmapByte(bytes: Uint8Array, isHex: boolean, at: number, index: number): number {
  if (!isHex) return bytes[at + index] ?? 0;
  return (nibble(bytes[at + 2 * index] ?? 0) << 4) | nibble(bytes[at + 2 * index + 1] ?? 0);
}

interface FieldsAt {
  readonly bitmapStart: number;
  readonly elements: (Element | undefined)[];
}

/** False where a fault of structure has stopped the reading. */
function decodeFields(reader: Reader, plan: DialectPlan, { bitmapStart, elements }: FieldsAt): boolean {
  const bitmapBytes = plan.hasHexBitmaps ? (reader.at - bitmapStart) >> 1 : reader.at - bitmapStart;
  const { bytes } = reader;
  for (let index = 0; index < bitmapBytes; index++) {
    let bits = bitmapByte(bytes, plan.hasHexBitmaps, bitmapStart, index);
    // ISO 8583:1987: the first bit of each bitmap announces the next one and stands for no field.
    if (index % 8 === 0) bits &= 0x7f;
    while (bits !== 0) {
      const lead = Math.clz32(bits) - 24;
      bits &= ~(0x80 >> lead);
      const number = 8 * index + lead + 1;
      const field = plan.fields[number];
      if (field === undefined) {
        const detail = { expected: "a field of the dialect", found: `bit ${number}` };
        reader.fail("field_undefined", String(number), reader.at, detail);
        return false;
      }
      const element = decodeField(reader, field, field.path, bytes.length);
      if (element === null) return false;
      elements[number] = element;
    }
  }
  return true;
}

/**
 * One field at `reader.at`, of which nothing may lie beyond `limit`. Null where its length cannot be known or is not
 * there; an element marked faulty where only its content is wrong.
 */
export function decodeField(reader: Reader, plan: FieldPlan, path: string, limit: number): Element | null {
  const start = reader.at;
  const { prefix } = plan;
  let units = plan.max;
  let from = start;
  if (prefix !== null) {
    units = decodeLength(reader, plan, path, limit);
    if (units < 0) return null;
    from += prefix.bytes;
  }
  const end = from + bytesOf(plan, units);
  if (end > limit) {
    const expected = `${end - from} bytes`;
    return reader.fail(shortage(path), path, from, { expected, found: `${Math.max(limit - from, 0)} bytes` });
  }
  reader.at = end;
  const element = new Element(plan, reader.source, { start, from, end, units, tag: 0 });
  checkContent(reader, element, path);
  return element;
}

/** A part is bounded by its field, a field by the message. */
function shortage(path: string): DecodeErrorCode {
  return path.includes(".") ? "part_overrun" : "truncated";
}

/** Bytes that so many digits, characters or bytes take on the wire. */
export function bytesOf(plan: FieldPlan, units: number): number {
  if (plan.body === body.bcd) return (units + 1) >> 1;
  return plan.body === body.hex ? 2 * units : units;
}

/** The length in units, or -1 after a fault. */
function decodeLength(reader: Reader, plan: FieldPlan, path: string, limit: number): number {
  const { prefix } = plan;
  if (prefix === null) return plan.max;
  const { at } = reader;
  if (at + prefix.bytes > limit) {
    const found = `${Math.max(limit - at, 0)} bytes`;
    reader.fail(shortage(path), path, at, { expected: `a length of ${prefix.bytes} bytes`, found });
    return -1;
  }
  const count = readCount(prefix, reader.bytes, at);
  if (count < 0) {
    const found = `0x${(reader.bytes[at] ?? 0).toString(16)} …`;
    reader.fail("length_invalid", path, at, { expected: "a length in digits", found });
    return -1;
  }
  const units = (count * prefix.multiply) / prefix.divide;
  if (units < plan.min || units > plan.max || !Number.isInteger(units)) {
    reader.fail("length_out_of_range", path, at, { expected: expectation(plan), found: `length ${count}` });
    return -1;
  }
  return units;
}

/** The number that a length prefix holds, or -1 where it is not written in digits. */
export function readCount(prefix: PrefixPlan, bytes: Uint8Array, at: number): number {
  let count = 0;
  for (let i = at; i < at + prefix.bytes; i++) {
    const byte = bytes[i] ?? 0;
    if (prefix.code !== null) {
      const digit = (prefix.code.toLatin[byte] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      count = 10 * count + digit;
    } else if (prefix.isBcd) {
      if (byte > 0x99 || (byte & 0x0f) > 9) return -1;
      count = 100 * count + 10 * (byte >> 4) + (byte & 0x0f);
    } else {
      count = 256 * count + byte;
    }
  }
  return count;
}

/** Checks characters and parts of an element whose span is known; marks it where they are wrong. */
export function checkContent(reader: Reader, element: Element, path: string): void {
  const { plan } = element;
  // Positions first: a fault in one of them is to be named as theirs.
  const isPositional = plan.shape?.kind === "positional" && plan.body === body.text;
  if (isPositional && !decodeParts(reader, element, path)) {
    element.isFaulty = true;
    return;
  }
  const faulty = faultyByte(plan, reader.bytes, element.from, element.end, element.units);
  if (faulty >= 0) {
    element.isFaulty = true;
    const found = foundByte(plan, reader.bytes, faulty);
    reader.fail(path === "0" ? "mti_invalid" : "content_invalid", path, faulty, { expected: expectation(plan), found });
  } else if (plan.shape !== null && !isPositional) {
    element.isFaulty = !decodeParts(reader, element, path);
  }
}
