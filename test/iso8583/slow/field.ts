import type { Condition, FieldSpec } from "../../../specs/dialect.ts";
import { bytesOfUnits, isBcd, isHex, readBody, readPrefix, unitsOfBytes } from "./body.ts";
import { byteOf, isCharacterSet } from "./character-sets.ts";
import { type Body, NotSound, type Reading, refuse } from "./reading.ts";

/** Where a field stands: in bytes that go on behind it, or (isWhole) filling what a tag or a dataset has told. */
export interface Place {
  readonly path: string;
  readonly isWhole: boolean;
  /** The composite may end after any part, and the last one that is there without its terminator. */
  readonly isInComposite: boolean;
}

interface Span {
  /** Of the whole field, length or terminator included. */
  readonly size: number;
  readonly content: Uint8Array;
  readonly units: number;
}

/** Reads one field from the front of `bytes` into the reading; how many bytes it takes. */
export function readField(field: FieldSpec, bytes: Uint8Array, reading: Reading, place: Place): number {
  const layout = layoutOf(field, bytes, reading, place);
  const { path } = place;
  const { size, content, units } = spanOf(layout, bytes, place);
  const body = readBody(layout, content, units, path);
  reading.texts.set(path, body.value);
  addValues(layout, body, reading, path);
  return size;
}

function addValues({ shape }: FieldSpec, body: Body, reading: Reading, path: string): void {
  const hasParts = shape !== undefined && reading.readers.shape(shape, body, reading, path);
  if (!hasParts) reading.values.set(path, body.value);
}

function spanOf(field: FieldSpec, bytes: Uint8Array, place: Place): Span {
  const { path } = place;
  const span = place.isWhole ? wholeSpan(field, bytes, path) : openSpan(field, bytes, place);
  const least = "length" in field ? field.length : (field.min ?? 0);
  const most = "length" in field ? field.length : mostOf(field);
  if (span.units < least || span.units > most) refuse(path, `${span.units} is not within ${least} to ${most}`);
  return span;
}

/** Where bytes are counted, whole ones: the digit beyond an odd maximum cannot be told from filler. */
function mostOf(field: FieldSpec & { max: number }): number {
  const isCountedInBytes = "prefix" in field && field.prefix?.counts === "bytes" && isBcd(field.encoding);
  return isCountedInBytes ? unitsOfBytes(field, bytesOfUnits(field, field.max), "") : field.max;
}

/** All of the bytes are this field. */
function wholeSpan(field: FieldSpec, bytes: Uint8Array, path: string): Span {
  const isFixed = "length" in field && bytesOfUnits(field, field.length) === bytes.length;
  const units = isFixed ? field.length : unitsOfBytes(field, bytes.length, path);
  return { size: bytes.length, content: bytes, units };
}

function openSpan(field: FieldSpec, bytes: Uint8Array, place: Place): Span {
  const { path } = place;
  if ("length" in field) {
    const size = bytesOfUnits(field, field.length);
    return { size, content: front(bytes, size, path), units: field.length };
  }
  if ("terminator" in field) return terminated(field, bytes, place);
  if (field.prefix === undefined) return wholeSpan(field, bytes, path);
  const { size: prefixBytes, count } = readPrefix(field.prefix, bytes, path);
  const rest = bytes.subarray(prefixBytes);
  const { counts } = field.prefix;
  const isInBytes = counts === "bytes" || !(isBcd(field.encoding) || isHex(field.encoding));
  if (!isInBytes && isHex(field.encoding) && count % 2 !== 0) refuse(path, "half a byte of hexadecimal text");
  const width = isInBytes && isHex(field.encoding) ? 2 * count : count;
  const units = isBcd(field.encoding) && !isInBytes ? count : unitsOfBytes(field, width, path);
  const size = bytesOfUnits(field, units);
  if (field.isFilled !== true) return { size: prefixBytes + size, content: front(rest, size, path), units };
  if (units > field.max) refuse(path, "longer than its place");
  const held = front(rest, bytesOfUnits(field, field.max), path);
  const content = field.pad?.side === "left" ? held.subarray(held.length - size) : held.subarray(0, size);
  return { size: prefixBytes + held.length, content, units };
}

function terminated(
  field: FieldSpec & { terminator: string },
  bytes: Uint8Array,
  { path, isInComposite }: Place,
): Span {
  if (!isCharacterSet(field.encoding)) return refuse(path, "no character ends it");
  const at = bytes.indexOf(byteOf(field.encoding, field.terminator));
  if (at < 0 && !isInComposite) refuse(path, "nothing ends it");
  const content = at < 0 ? bytes : bytes.subarray(0, at);
  return { size: content.length + (at < 0 ? 0 : 1), content, units: content.length };
}

function front(bytes: Uint8Array, count: number, path: string): Uint8Array {
  return bytes.length >= count ? bytes.subarray(0, count) : refuse(path, `${bytes.length} of ${count} bytes`);
}

function layoutOf(field: FieldSpec, bytes: Uint8Array, reading: Reading, place: Place): FieldSpec {
  if (field.variants === undefined) return field;
  const span = spanIfSound(field, bytes, place);
  const holding = field.variants.find(({ when }) => holds(when, span, reading));
  return holding === undefined ? field : layoutOf(holding.field, bytes, reading, place);
}

function spanIfSound(field: FieldSpec, bytes: Uint8Array, place: Place): Span | null {
  try {
    return spanOf(field, bytes, place);
  } catch (error) {
    if (error instanceof NotSound) return null;
    throw error;
  }
}

function holds(condition: Condition, span: Span | null, reading: Reading): boolean {
  switch (condition.test) {
    case "first-byte": {
      const first = span?.content[0];
      return first !== undefined && first >= condition.from && first <= condition.to;
    }
    case "length": {
      const units = span?.units ?? -1;
      return units >= condition.from && units <= condition.to;
    }
    case "field": {
      const text = reading.texts.get(condition.path);
      return text !== undefined && (condition.values?.some((value) => text.startsWith(value)) ?? true);
    }
    case "mti":
      return condition.values.some((value) => reading.mti.startsWith(value));
    case "all":
      return condition.of.every((one) => holds(one, span, reading));
    case "not":
      return !holds(condition.of, span, reading);
  }
}
