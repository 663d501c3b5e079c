import { faultyByte, expectation } from "./content.ts";
import { Element, Source, nextSpan } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { allocate, nibble } from "./octets.ts";
import { type FieldPlan, body } from "./plan.ts";
import { prefixBytes, writeCount } from "./prefix.ts";
import { digitOf, lengthError } from "./write.ts";

/** The longest prefix that a plain field may have. */
export const prefixBytesMax = 6;

/** Fields that are set together stand side by side in these bytes: one source, one run to copy. */
export class Ground {
  readonly bytes: Uint8Array;
  readonly source: Source;
  at = 0;

  constructor(length: number) {
    this.bytes = allocate(length);
    this.source = new Source(this.bytes);
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

/** At most so many bytes, whatever the value is. */
export function plainBytesMax(value: string): number {
  return value.length + prefixBytesMax;
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
    ? putOctets(ground.bytes, from, plan, value)
    : plan.body === body.bcd
      ? putDigits(ground.bytes, from, plan, value)
      : putText(ground.bytes, from, plan, value);
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
  ground.at = end;
  return element;
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

function putOctets(bytes: Uint8Array, from: number, plan: FieldPlan, value: string): number {
  let at = from;
  for (let i = 4; i < value.length; i += 2) {
    const high = nibble(value.charCodeAt(i));
    const low = nibble(value.charCodeAt(i + 1));
    if (high < 0 || low < 0) throw octetsError(plan);
    bytes[at++] = (high << 4) | low;
  }
  return at;
}

function octetsError(plan: FieldPlan): EncodeError {
  return new EncodeError("content_invalid", plan.path, "hexadecimal digits, two a byte");
}
