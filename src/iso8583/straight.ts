import type { Content } from "../../specs/dialect.ts";
import { Element, nextSpan } from "./element.ts";
import { digitMask } from "./encodings.ts";
import { type FieldPlan, type PositionPlan, type PrefixPlan, body, prefixForm } from "./plan.ts";
import type { Reader } from "./reader.ts";

/**
 * A field that is read without asking its plan anything: a length of fixed size or none, content of one class, nothing
 * around or inside it that could be faulty. Most fields of most messages are such.
 */
export interface StraightPlan {
  readonly field: FieldPlan;
  /** Of the length prefix; 0 without one. */
  readonly prefixBytes: number;
  /** The number that a byte of the prefix stands for; -1 where none. */
  readonly prefixValues: Int16Array;
  readonly prefixBase: number;
  /** Two digits share a byte, and an odd count has a zero in front. */
  readonly isPacked: boolean;
  /** Any byte is sound. */
  readonly isFree: boolean;
  /** By byte: 0 where the content admits it anywhere, 1 where it is or holds a separator of tracks, else 2. */
  readonly weights: Uint8Array;
  /** What the bytes may weigh together: a track has one separator. */
  readonly weightMax: number;
}

/**
 * The field at `reader.at`, or null where anything is not as it should be: then nothing has been read, and the walk of
 * `decodeField` says what is wrong. 19 plain fields are decoded in 0.58 µs instead of 0.89 (bench/codec-bench).
 */
export function readStraight(reader: Reader, plan: StraightPlan, limit: number): Element | null {
  const { field, weights } = plan;
  const { bytes, at: start } = reader;
  let units = field.max;
  const from = start + plan.prefixBytes;
  if (from > start) {
    // A read behind the last byte would make every later read of the loop slower.
    if (from > limit) return null;
    units = 0;
    for (let at = start; at < from; at++) {
      const value = plan.prefixValues[bytes[at] ?? 0] ?? -1;
      if (value < 0) return null;
      units = units * plan.prefixBase + value;
    }
    if (units < field.min || units > field.max) return null;
  }
  const end = from + (plan.isPacked ? (units + 1) >> 1 : units);
  if (end > limit) return null;
  if (!plan.isFree) {
    let weight = plan.isPacked && (units & 1) === 1 ? ((bytes[from] ?? 0) >> 4) << 1 : 0;
    for (let at = from; at < end; at++) weight += weights[bytes[at] ?? 0] ?? 0;
    if (weight > plan.weightMax) return null;
  }
  reader.at = end;
  nextSpan.start = start;
  nextSpan.from = from;
  nextSpan.to = end;
  nextSpan.end = end;
  nextSpan.units = units;
  nextSpan.tag = 0;
  return new Element(field, reader.source, nextSpan);
}

/** The straight way of a field; undefined where only the walk can tell whether it is sound. */
export function planStraight(field: FieldPlan | undefined): StraightPlan | undefined {
  if (field === undefined || !isStraight(field)) return undefined;
  const { prefix } = field;
  return {
    field,
    prefixBytes: prefix?.bytes ?? 0,
    prefixValues: prefix === null ? noValues : valuesOf(prefix),
    prefixBase: prefix === null ? 0 : prefixBases[prefix.form],
    isPacked: field.body === body.bcd,
    isFree: field.body === body.bytes || (field.body === body.text && field.mask === 0xff),
    weights: weightsOf(field),
    weightMax: field.content === "z" ? 1 : 0,
  };
}

function isStraight(field: FieldPlan): boolean {
  const { prefix, variants, pad, terminator, isFilled, isOpenEnded } = field;
  const isBare = variants === null && pad === null && terminator < 0 && !isFilled && !isOpenEnded;
  return isBare && isUniform(field) && isInnerSound(field) && (prefix === null || isStraightPrefix(prefix));
}

function isStraightPrefix({ form, counts, own }: PrefixPlan): boolean {
  return form !== prefixForm.ber && counts === "units" && own === 0;
}

/** Every byte may be weighed by itself. */
function isUniform(field: FieldPlan): boolean {
  if (field.content === "x+n") return false;
  if (field.body === body.bcd) return !field.isLeftAligned && field.spareNibble === 0;
  return field.body === body.text || field.body === body.bytes;
}

/** A field of positions is sound with its content where their classes are its own and all of them have their place. */
function isInnerSound({ shape, mask, body: form, prefix, max }: FieldPlan): boolean {
  if (shape === null) return true;
  if (shape.positions === null || prefix !== null) return false;
  const fits = ({ offset, length, mayEndEarly }: PositionPlan): boolean =>
    offset >= max || offset + length <= max || mayEndEarly;
  const isAlike = (part: PositionPlan): boolean => part.mask === mask && part.content !== "z" && part.content !== "x+n";
  return shape.positions.every((part) => fits(part) && (form !== body.text || isAlike(part)));
}

const prefixBases = {
  [prefixForm.digits]: 10,
  [prefixForm.bcd]: 100,
  [prefixForm.binary]: 256,
  [prefixForm.hex]: 16,
  [prefixForm.ber]: 0,
} as const;

const noValues = new Int16Array();
// By what they depend on: there are few, and each of a thousand fields had 768 bytes of its own else.
const valueTables = new Map<string, Int16Array>();
const weightTables = new Map<string, Uint8Array>();

function valuesOf(prefix: PrefixPlan): Int16Array {
  const key = `${prefix.form} ${prefix.code.name}`;
  const values = valueTables.get(key) ?? Int16Array.from({ length: 256 }, (_, byte) => valueOf(prefix, byte));
  valueTables.set(key, values);
  return values;
}

function weightsOf(field: FieldPlan): Uint8Array {
  const key = `${field.body} ${field.code.name} ${field.content}`;
  const weights = weightTables.get(key) ?? Uint8Array.from({ length: 256 }, (_, byte) => weightOf(field, byte));
  weightTables.set(key, weights);
  return weights;
}

function valueOf({ form, code }: PrefixPlan, byte: number): number {
  switch (form) {
    case prefixForm.digits: {
      const digit = (code.toLatin[byte] ?? 0) - 0x30;
      return digit >= 0 && digit <= 9 ? digit : -1;
    }
    case prefixForm.bcd:
      return isTwoDigits(byte) ? 10 * (byte >> 4) + (byte & 0x0f) : -1;
    case prefixForm.hex:
      return code.hexValues[byte] ?? -1;
    default:
      return byte;
  }
}

function weightOf({ body: form, content, code, mask }: FieldPlan, byte: number): number {
  if (form === body.bcd) return Math.min(nibbleWeight(content, byte >> 4) + nibbleWeight(content, byte & 0x0f), 2);
  const classes = code.classes[byte] ?? 0;
  if ((classes & mask) === 0) return 2;
  return content === "z" && (classes & digitMask) === 0 ? 1 : 0;
}

// An F behind the digits of a track is left to the walk.
function nibbleWeight(content: Content, nibble: number): number {
  if (nibble <= 9) return 0;
  return content === "z" && nibble === 0x0d ? 1 : 2;
}

function isTwoDigits(byte: number): boolean {
  return byte <= 0x99 && (byte & 0x0f) <= 9;
}
