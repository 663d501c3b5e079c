import type { DialectSpec } from "../../specs/dialect.ts";
import { type Reading, decodeMessage } from "./decode.ts";
import { compile } from "./dialect.ts";
import type { Element } from "./element.ts";
import { type DecodeFault, decodeErrorCodes } from "./faults.ts";
import { readHeader } from "./header.ts";
import { type Leaf, addLeaves } from "./leaves.ts";
import { maskValue } from "./mask.ts";
import { hexText } from "./octets.ts";

/** One run of bytes of a message and what it says. `from` to `to` counts bytes from 0, `to` not included. */
export interface DescribedPart {
  /** "" for what nobody could read. */
  readonly path: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Hexadecimal digits; "**" for each byte of a sensitive value. */
  readonly raw: string;
  /** Masked by the spec. */
  readonly value: string;
  readonly note?: string;
}

export interface Description {
  readonly dialect: string;
  readonly isSound: boolean;
  readonly parts: readonly DescribedPart[];
  /** With the sentence that its code stands for. */
  readonly error: (DecodeFault & { readonly reason: string }) | null;
}

/** Every byte of a message with its field, its meaning, and what is wrong with it; of a broken one as much as can be read. */
export function describe(bytes: Uint8Array, dialect: DialectSpec): Description {
  const { plan } = compile(dialect);
  const reading = decodeMessage(plan, bytes);
  const parts: DescribedPart[] = [];
  describeStart(parts, reading);
  describeBitmaps(parts, reading, plan.hasHexBitmaps ? 16 : 8);
  for (const element of reading.elements) {
    if (element !== undefined) describeField(parts, element, reading.fault);
  }
  const read = parts.reduce((end, part) => Math.max(end, part.to), 0);
  if (read < bytes.length) parts.push(unread(bytes, read, reading.fault));
  return { dialect: dialect.name, isSound: reading.fault === null, parts, error: explained(reading.fault) };
}

/** A line a part, the way `cardswitch describe` prints it. */
export function renderDescription(description: Description): string {
  const lines = [`${description.dialect}: ${description.isSound ? "sound" : "not sound"}`];
  for (const part of description.parts) {
    const place = `${part.from}–${part.to}`.padEnd(10);
    const note = part.note === undefined ? "" : `  ← ${part.note}`;
    lines.push(`${place}${part.path.padEnd(14)}${part.name.padEnd(42)}${part.value}  [${part.raw}]${note}`);
  }
  const { error } = description;
  if (error !== null) {
    const where = error.path === "" ? "message" : error.path;
    lines.push(`${error.code} at ${where}, byte ${error.offset}: ${error.reason}`);
    lines.push(`expected ${error.expected}, found ${error.found}`);
  }
  return lines.join("\n");
}

function describeStart(parts: DescribedPart[], { source, headerEnd, mti }: Reading): void {
  const { bytes } = source;
  if (headerEnd > 0) {
    const { destination, source: sender, rejectCode } = readHeader(bytes, headerEnd);
    const value = `to ${destination} from ${sender}${rejectCode === null ? "" : `, rejected with ${rejectCode}`}`;
    parts.push({ path: "header", name: "Header", from: 0, to: headerEnd, raw: hexText(bytes, 0, headerEnd), value });
  }
  if (mti === null) return;
  const raw = hexText(bytes, mti.start, mti.end);
  parts.push({ path: "0", name: "Message type", from: mti.start, to: mti.end, raw, value: mti.value });
}

function describeBitmaps(parts: DescribedPart[], { source, mti, bitmapEnd, elements }: Reading, size: number): void {
  if (mti === null) return;
  const names = ["Bitmap", "Second bitmap", "Third bitmap"];
  for (let from = mti.end, index = 0; from < bitmapEnd; from += size, index++) {
    const numbers: number[] = [];
    for (let number = 64 * index + 1; number <= 64 * index + 64; number++) {
      if (elements[number] !== undefined) numbers.push(number);
    }
    const raw = hexText(source.bytes, from, from + size);
    parts.push({ path: "1", name: names[index] ?? "Bitmap", from, to: from + size, raw, value: numbers.join(" ") });
  }
}

/** A field on one line, or a line for its length, one for each of its parts, and one for tags that hold others. */
function describeField(parts: DescribedPart[], element: Element, fault: DecodeFault | null): void {
  const leaves: Leaf[] = [];
  const { plan, start, end, source } = element;
  addLeaves(leaves, element, plan.path);
  let at = start;
  for (const leaf of leaves) {
    if (leaf.from > at) {
      const isOutermost = at === start;
      const path = isOutermost ? plan.path : leaf.path.slice(0, leaf.path.lastIndexOf("."));
      const name = isOutermost ? plan.name : "Tag and length";
      const raw = hexText(source.bytes, at, leaf.from);
      parts.push({ path, name, from: at, to: leaf.from, raw, value: "", ...noteOf(path, fault) });
    }
    parts.push(describeLeaf(leaf, source.bytes, fault));
    at = leaf.end;
  }
  if (at === end) return;
  const name = element.isFaulty ? "Not read" : "Padding";
  const note = fault !== null && fault.path.startsWith(`${plan.path}.`) ? noteOf(fault.path, fault) : {};
  parts.push({ path: plan.path, name, from: at, to: end, raw: hidden(end - at), value: "", ...note });
}

function describeLeaf(leaf: Leaf, bytes: Uint8Array, fault: DecodeFault | null): DescribedPart {
  const isHidden = leaf.sensitive !== null;
  return {
    path: leaf.path,
    name: leaf.name,
    from: leaf.from,
    to: leaf.end,
    raw: isHidden ? hidden(leaf.end - leaf.from) : hexText(bytes, leaf.from, leaf.end),
    value: leaf.value === null ? "" : maskValue(leaf.value, leaf.sensitive),
    ...noteOf(leaf.path, fault),
  };
}

function noteOf(path: string, fault: DecodeFault | null): { note?: string } {
  if (fault === null || fault.path !== path) return {};
  return { note: `${fault.code}: expected ${fault.expected}, found ${fault.found}` };
}

/** What follows a fault of structure may be anything, a PAN too, so none of it is shown. */
function unread(bytes: Uint8Array, from: number, fault: DecodeFault | null): DescribedPart {
  const count = bytes.length - from;
  const note = fault === null ? {} : noteOf(fault.path, fault);
  return { path: "", name: "Not read", from, to: bytes.length, raw: hidden(count), value: `${count} bytes`, ...note };
}

function hidden(count: number): string {
  return "*".repeat(2 * count);
}

function explained(fault: DecodeFault | null): Description["error"] {
  return fault === null ? null : { ...fault, reason: decodeErrorCodes[fault.code] };
}
