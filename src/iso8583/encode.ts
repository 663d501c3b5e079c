import { writeBitmapByte } from "./bitmap.ts";
import { Element, Source } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { type Header, headerBytes, headerLength } from "./header.ts";
import type { Message } from "./message.ts";
import { bitmapCountOf, bitmapRun } from "./nested.ts";
import { allocate, copy } from "./octets.ts";
import { type DialectPlan, body, bytesOf } from "./plan.ts";

const noBytes = new Uint8Array();

/** What a base header's total can tell. */
export const messageBytesMax = 65_535;
/** Without one: beyond this nobody frames a message. */
const bareMessageBytesMax = 16_777_215;

/**
 * The bytes of a message, behind `headroom` bytes that are left to the frame's header. Every field already stands in
 * its wire form, so this is one allocation and one copy a field.
 */
export function encodeMessage(message: Message, headroom: number): Uint8Array {
  const { plan, header } = message;
  const elements = plan.thirdBitmap === null ? message.elements : withThirdBitmap(message);
  const head = plan.header === null ? noBytes : checkedHeader(plan, header);
  const mtiLength = bytesOf(plan.mti, 4);
  const { last, length: fieldsLength, count: runCount } = findRuns(elements);
  const { bitmaps } = message;
  const bitmapCount = bitmapCountOf(plan, last);
  const bitmapLength = bitmaps === null ? bitmapCount * (plan.hasHexBitmaps ? 16 : 8) : bitmaps.end - bitmaps.start;
  const length = head.length + mtiLength + bitmapLength + fieldsLength;
  const most = plan.header?.kind === "base-22" ? messageBytesMax : bareMessageBytesMax;
  if (length > most) throw new EncodeError("message_too_long", "", `${most} bytes at most`);

  const bytes = allocate(headroom + length);
  for (let i = 0; i < headroom; i++) bytes[i] = 0;
  let at = headroom;
  if (head.length > 0) copy(head, { start: 0, end: head.length }, bytes, at);
  if (header?.kind === "base-22" && head.length >= headerBytes) writeTotal(bytes, at, length);
  at += head.length;
  writeMti(message, bytes, at);
  at += mtiLength;
  if (bitmaps !== null) copy(bitmaps.bytes, bitmaps, bytes, at);
  else writeBitmaps(plan, elements, bytes, { at, count: bitmapCount });
  at += bitmapLength;
  writeRuns(runCount, bytes, at);
  return bytes;
}

/** A stretch of fields that lie side by side in the bytes that they came from. */
interface Run {
  bytes: Uint8Array;
  start: number;
  end: number;
}

// Made once: a message has as many runs as fields at most, and encoding is not interrupted.
const runs: Run[] = Array.from({ length: 193 }, () => ({ bytes: new Uint8Array(), start: 0, end: 0 }));
const found = { last: 1, length: 0, count: 0 };

/** Neighbours are copied in one run, found in the same pass as the length. 0.80 µs → 0.55 µs → 0.45 µs for 33 fields. */
function findRuns(elements: readonly (Element | undefined)[]): typeof found {
  let count = 0;
  let length = 0;
  let last = 1;
  let run: Run | undefined;
  for (let number = 1; number < elements.length; number++) {
    const element = elements[number];
    if (element === undefined) continue;
    const { source, start, end } = element;
    length += end - start;
    last = number;
    if (run === undefined || source.bytes !== run.bytes || start !== run.end) {
      run = runs[count++];
      if (run === undefined) break;
      run.bytes = source.bytes;
      run.start = start;
    }
    run.end = end;
  }
  found.last = last;
  found.length = length;
  found.count = count;
  return found;
}

function writeRuns(count: number, bytes: Uint8Array, from: number): void {
  let at = from;
  for (let index = 0; index < count; index++) {
    const run = runs[index];
    if (run === undefined) return;
    copy(run.bytes, run, bytes, at);
    at += run.end - run.start;
    // A message that is gone is not to be kept alive by its last encoding.
    run.bytes = noBytes;
  }
}

// Asked for once: a header that was read makes its bytes each time.
function checkedHeader(plan: DialectPlan, header: Header | null): Uint8Array {
  const { header: headerPlan } = plan;
  const least = headerPlan === null ? 0 : headerLength(headerPlan);
  const bytes = header?.bytes ?? noBytes;
  const isFitting =
    header !== null && (headerPlan?.kind === "base-22" ? bytes.length >= least : bytes.length === least);
  if (!isFitting) throw new EncodeError("header_missing", "header", `${least} bytes`);
  return bytes;
}

function writeTotal(bytes: Uint8Array, at: number, total: number): void {
  bytes[at + 3] = total >> 8;
  bytes[at + 4] = total & 0xff;
}
function writeMti({ mti, plan }: Message, bytes: Uint8Array, at: number): void {
  if (mti.length !== 4) throw new EncodeError("mti_invalid", "0", "four digits");
  for (let i = 0; i < 4; i++) {
    const digit = mti.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) throw new EncodeError("mti_invalid", "0", "four digits");
    if (plan.mti.body !== body.bcd) bytes[at + i] = plan.mti.code.fromLatin[0x30 + digit] ?? 0;
    else if (i % 2 === 0) bytes[at + (i >> 1)] = digit << 4;
    else bytes[at + (i >> 1)] = (bytes[at + (i >> 1)] ?? 0) | digit;
  }
}

interface BitmapsAt {
  readonly at: number;
  readonly count: number;
}

function writeBitmaps(
  plan: DialectPlan,
  elements: readonly (Element | undefined)[],
  bytes: Uint8Array,
  { at, count }: BitmapsAt,
): void {
  let to = at;
  for (let index = 0; index < 8 * count; index++) {
    // ISO 8583:1987: the first bit of a bitmap announces the next one.
    let bits = index % 8 === 0 && index < 8 * (count - 1) ? 0x80 : 0;
    for (let bit = 0; bit < 8; bit++) {
      if (elements[8 * index + bit + 1] !== undefined) bits |= 0x80 >> bit;
    }
    to = writeBitmapByte(bytes, plan, to, bits);
  }
}

/** The fields with a third bitmap in the place of field 65 that fits them; the one that was read, while they are the same. */
function withThirdBitmap(message: Message): readonly (Element | undefined)[] {
  const { plan, bitmaps } = message;
  if (bitmaps !== null || plan.thirdBitmap === null) return message.elements;
  const elements = message.elements.slice();
  elements[65] = undefined;
  const numbers: number[] = [];
  for (const [number, element] of elements.entries()) if (element !== undefined) numbers.push(number);
  if ((numbers.at(-1) ?? 0) <= 128) return elements;
  const source = new Source(bitmapRun(plan, numbers, { from: 2, count: 3 }));
  const end = source.bytes.length;
  elements[65] = new Element(plan.thirdBitmap, source, { start: 0, from: 0, to: end, end, units: 8, tag: 0 });
  return elements;
}
