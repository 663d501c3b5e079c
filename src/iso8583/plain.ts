import { assert } from "../kernel/assert.ts";
import { faultyByte, expectation } from "./content.ts";
import { Element, Source, nextSpan } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { allocate, copy, putOctets } from "./octets.ts";
import { type Built, type FieldPlan, body, unitsMax } from "./plan.ts";
import { prefixBytes, writeCount } from "./prefix.ts";
import { Reader } from "./reader.ts";
import { countOf, digitOf, lengthError } from "./write.ts";

/** The longest prefix that a field may have. */
const prefixBytesMax = 6;

/** Fields that are set together stand side by side in these bytes: one source, one run to copy. */
export class Ground {
  readonly bytes: Uint8Array;
  readonly source: Source;
  at = 0;
  #reader: Reader | null = null;

  constructor(length: number) {
    this.bytes = allocate(length);
    this.source = new Source(this.bytes);
  }

  /** For fields that have to be read back. */
  get reader(): Reader {
    this.#reader ??= new Reader(this.source);
    return this.#reader;
  }
}

/**
 * A field without parts, layouts, filler, padding or end marks: what it reads back is what was written, so that it need
 * not be read back to be known. Most fields are such.
 */
export function isPlain(plan: FieldPlan): boolean {
  const isSimple = plan.shape === null && plan.variants === null && plan.pad === null;
  const isBody = plan.body === body.text || plan.body === body.bcd || plan.body === body.bytes;
  return isSimple && isBody && plan.terminator < 0 && !plan.isFilled && !plan.isOpenEnded && isPlainPrefix(plan);
}

function isPlainPrefix({ prefix, body: form }: FieldPlan): boolean {
  // Bytes of BCD that are counted hold whole bytes only, which the longer way looks at.
  return prefix === null || (prefix.own === 0 && (form !== body.bcd || prefix.counts === "units"));
}

/** At most so many bytes for a value that fits. */
export function plainBytesMax({ prefix, body: form, content }: FieldPlan, value: string): number {
  const isHalf = form !== body.text || (content === "any" && value.startsWith("hex:"));
  return (isHalf ? (value.length + 1) >> 1 : value.length) + (prefix === null ? 0 : prefix.bytes);
}

/** The element of a plain field for a value, written behind those before it. Throws EncodeError. */
export function writePlain(ground: Ground, plan: FieldPlan, value: string): Element {
  const isOctets = value.startsWith("hex:") && (plan.body === body.bytes || plan.content === "any");
  if (plan.body === body.bytes && !isOctets)
    throw new EncodeError("content_invalid", plan.path, 'bytes, written "hex:…"');
  const units = isOctets ? (value.length - 4) / 2 : value.length;
  if (!Number.isInteger(units)) throw octetsError(plan);
  if (units < plan.min || units > plan.max) throw lengthError(plan, plan.path);
  const start = ground.at;
  const from = start + writePrefix(ground, plan, units);
  const end = isOctets
    ? putOctets(ground.bytes, from, value)
    : plan.body === body.bcd
      ? putDigits(ground.bytes, from, plan, value)
      : putText(ground.bytes, from, plan, value);
  if (end < 0) throw octetsError(plan);
  nextSpan.start = start;
  nextSpan.from = from;
  nextSpan.to = end;
  nextSpan.end = end;
  nextSpan.units = units;
  nextSpan.tag = 0;
  const element = new Element(plan, ground.source, nextSpan);
  if (faultyByte(plan, ground.bytes, element) >= 0) {
    throw new EncodeError("content_invalid", plan.path, expectation(plan));
  }
  assert(end <= ground.bytes.length, "room for a plain field");
  ground.at = end;
  return element;
}

/**
 * The element of a composite whose content has been written, behind the fields before it; its content is yet to be
 * checked. Null where its span is not simply its prefix and its content, or where no room is left.
 */
export function placeContent(ground: Ground, plan: FieldPlan, { bytes, units }: Built): Element | null {
  const { prefix, path } = plan;
  if (plan.terminator >= 0 || plan.isFilled || plan.isOpenEnded || (prefix !== null && prefix.own > 0)) return null;
  if (prefix === null && units !== plan.max) return null;
  if (units < plan.min || units > unitsMax(plan)) throw lengthError(plan, path);
  const start = ground.at;
  let from = start;
  if (start + prefixBytesMax + bytes.length > ground.bytes.length) return null;
  if (prefix !== null) {
    const count = countOf(prefix, units, bytes.length);
    if (count > prefix.countMax) throw lengthError(plan, path);
    writeCount(prefix, ground.bytes, start, count);
    from += prefixBytes(prefix, count);
  }
  const end = from + bytes.length;
  copy(bytes, { start: 0, end: bytes.length }, ground.bytes, from);
  ground.at = end;
  return new Element(plan, ground.source, { start, from, to: end, end, units, tag: 0 });
}

function writePrefix({ bytes, at }: Ground, plan: FieldPlan, units: number): number {
  const { prefix } = plan;
  if (prefix === null) return 0;
  if (units > prefix.countMax) throw lengthError(plan, plan.path);
  writeCount(prefix, bytes, at, units);
  return prefixBytes(prefix, units);
}

function putText(bytes: Uint8Array, from: number, plan: FieldPlan, value: string): number {
  const { fromLatin } = plan.code;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0xff) throw new EncodeError("content_invalid", plan.path, plan.content);
    bytes[from + i] = fromLatin[code] ?? 0;
  }
  return from + value.length;
}

/** Two digits a byte, to the left or to the right of a spare nibble. */
function putDigits(bytes: Uint8Array, from: number, plan: FieldPlan, value: string): number {
  const count = value.length;
  const isShifted = (count & 1) === 1 && !plan.isLeftAligned;
  let at = from;
  let high = isShifted ? plan.spareNibble : -1;
  for (let i = 0; i < count; i++) {
    const digit = digitOf(plan, plan.path, value.charCodeAt(i));
    if (high < 0) {
      high = digit;
    } else {
      bytes[at++] = (high << 4) | digit;
      high = -1;
    }
  }
  if (high >= 0) bytes[at++] = (high << 4) | plan.spareNibble;
  return at;
}

function octetsError(plan: FieldPlan): EncodeError {
  return new EncodeError("content_invalid", plan.path, "hexadecimal digits, two a byte");
}
