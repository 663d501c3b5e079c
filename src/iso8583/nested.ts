import { writeBitmapByte } from "./bitmap.ts";
import { type Change, type Segment, below, concatenated, segmentsOf, writeField } from "./change.ts";
import type { Element } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { decodeBody } from "./fields.ts";
import { type Built, type DialectPlan, type ShapePlan, versionOf } from "./plan.ts";
import type { Reader } from "./reader.ts";

/** A whole message inside a field: type, bitmaps, fields. `prefix` is the field's path and a dot. */
export function nestedShape(plan: DialectPlan, prefix: string): ShapePlan {
  return {
    kind: "message",
    positions: null,
    decode: (reader, element) => decodeNested(reader, element, plan, prefix),
    build: (_field, path, change) => buildNested(path, change, plan),
  };
}

function decodeNested(reader: Reader, element: Element, plan: DialectPlan, prefix: string): boolean {
  const before = reader.fault;
  reader.at = element.from;
  const { mti, elements, isWhole } = decodeBody(reader, plan, { prefix, limit: element.to });
  element.parts = [];
  if (mti !== null) element.parts.push(mti);
  for (const part of elements) if (part !== undefined) element.parts.push(part);
  if (isWhole && reader.at < element.to) {
    const found = `${element.to - reader.at} more bytes`;
    reader.fail("trailing_bytes", prefix.slice(0, -1), reader.at, { expected: "the end of the message", found });
  }
  return isWhole && reader.at === element.to && (before !== null || reader.fault === null);
}

/** The message is written anew with the bitmaps that it needs; untouched fields keep their bytes. */
function buildNested(path: string, change: Change, dialect: DialectPlan): Built | null {
  const before = change.element?.parts?.find((part) => part.plan.key === "0");
  const mti = change.branch.branches.find((branch) => branch.step?.key === "0")?.value ?? before?.value ?? "";
  const plan = versionOf(dialect, mti);
  const make = (branch: Change["branch"], element: Element | undefined): Segment | null => {
    const key = branch.step?.key ?? "";
    const part = key === "0" ? plan.mti : plan.fields[Number(key)];
    if (part === undefined) throw new EncodeError("path_undefined", `${path}.${key}`, "a field of the message");
    const bytes = writeField(part, part.path, below(change, branch, element));
    return bytes === null ? null : { order: part.number, bytes };
  };
  const segments = segmentsOf(change, make, (part) => part.plan.number).filter(({ order }) => order !== 65);
  if (segments.length === 0) return null;
  if (segments[0]?.order !== 0) throw new EncodeError("mti_invalid", `${path}.0`, "a message type");
  const [type, ...fields] = segments.map((segment) => segment.bytes);
  const numbers = segments.slice(1).map(({ order }) => order);
  const runs = [type ?? new Uint8Array(), bitmapsOf(plan, numbers), ...fields];
  if (plan.thirdBitmap !== null && (numbers.at(-1) ?? 0) > 128) {
    const index = numbers.filter((number) => number < 65).length;
    runs.splice(2 + index, 0, bitmapRun(plan, numbers, { from: 2, count: 3 }));
  }
  const bytes = concatenated(runs);
  return { bytes, units: bytes.length };
}

/** The bitmaps that stand together at the start of a message with these fields. */
export function bitmapsOf(plan: DialectPlan, numbers: readonly number[]): Uint8Array {
  return bitmapRun(plan, numbers, { from: 0, count: bitmapCountOf(plan, numbers.at(-1) ?? 1) });
}

/** How many bitmaps stand together at the start where `last` is the highest field. */
export function bitmapCountOf(plan: DialectPlan, last: number): number {
  const together = plan.thirdBitmap === null ? plan.bitmapCount : 2;
  return plan.hasFixedBitmaps ? together : Math.min((last + 63) >> 6, together);
}

/** Bitmaps `from` to `count` (not included), numbered from 0. */
export function bitmapRun(
  plan: DialectPlan,
  numbers: readonly number[],
  { from, count }: { from: number; count: number },
): Uint8Array {
  const bits = new Uint8Array(8 * count);
  for (const number of numbers) {
    const at = (number - 1) >> 3;
    bits[at] = (bits[at] ?? 0) | (0x80 >> ((number - 1) & 7));
  }
  // ISO 8583:1987: the first bit of a bitmap announces the next one.
  for (let index = 0; index < count - 1 && !plan.hasOneBitmap; index++) bits[8 * index] = (bits[8 * index] ?? 0) | 0x80;
  if (plan.thirdBitmap !== null && (numbers.at(-1) ?? 0) > 128 && count === 2) bits[8] = (bits[8] ?? 0) | 0x80;
  const written = new Uint8Array((plan.hasHexBitmaps ? 16 : 8) * (count - from));
  let at = 0;
  for (const byte of bits.subarray(8 * from)) at = writeBitmapByte(written, plan, at, byte);
  return written;
}
