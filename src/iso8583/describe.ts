import type { DialectSpec } from "../../specs/dialect.ts";
import { emvTags } from "../../specs/emv-tags.ts";
import { type Reading, decodeMessage } from "./decode.ts";
import { faultsOf } from "./describe-faults.ts";
import { typeMeaning } from "./describe-type.ts";
import { compile } from "./dialect.ts";
import type { Element } from "./element.ts";
import { type DecodeFault, decodeErrorCodes } from "./faults.ts";
import { readHeader } from "./header.ts";
import { type Leaf, addLeaves } from "./leaves.ts";
import { maskValue } from "./mask.ts";
import { hexText } from "./octets.ts";
import type { HeaderPlan } from "./plan.ts";

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
  /** What the value says in words: "authorization request, acquirer". */
  readonly meaning?: string;
  readonly note?: string;
}

export interface Description {
  readonly dialect: string;
  readonly isSound: boolean;
  readonly parts: readonly DescribedPart[];
  /** With the sentence that its code stands for. */
  readonly error: DescribedFault | null;
  /** That one, and every other content that is not of its class. */
  readonly faults: readonly DescribedFault[];
}

export type DescribedFault = DecodeFault & { readonly reason: string };

/** Every byte of a message with its field, its meaning, and what is wrong with it; of a broken one as much as can be read. */
export function describe(bytes: Uint8Array, dialect: DialectSpec): Description {
  const { plan } = compile(dialect);
  const reading = decodeMessage(plan, bytes);
  const faults = faultsOf(reading);
  const parts: DescribedPart[] = [];
  describeStart(parts, reading);
  describeBitmaps(parts, reading, plan.hasHexBitmaps ? 16 : 8);
  for (const element of reading.elements) {
    if (element !== undefined) describeField(parts, element, faults);
  }
  const read = parts.reduce((end, part) => Math.max(end, part.to), 0);
  if (read < bytes.length) parts.push(unread(bytes, read, reading.fault));
  const explained = faults.map((fault) => ({ ...fault, reason: decodeErrorCodes[fault.code] }));
  return {
    dialect: dialect.name,
    isSound: reading.fault === null,
    parts,
    error: explained[0] ?? null,
    faults: explained,
  };
}

/** A line a part, the way `cardswitch describe` prints it. */
export function renderDescription(description: Description): string {
  const lines = [`${description.dialect}: ${description.isSound ? "sound" : "not sound"}`];
  for (const part of description.parts) {
    const place = `${part.from}–${part.to}`.padEnd(10);
    const note = part.note === undefined ? "" : `  ← ${part.note}`;
    const meaning = part.meaning === undefined ? "" : ` (${part.meaning})`;
    lines.push(`${place}${part.path.padEnd(14)}${part.name.padEnd(41)} ${part.value}${meaning}  [${part.raw}]${note}`);
  }
  for (const { code, path, offset, expected, found, reason } of description.faults) {
    lines.push(`${code} at ${path === "" ? "message" : path}, byte ${offset}: ${reason}`);
    lines.push(`expected ${expected}, found ${found}`);
  }
  return lines.join("\n");
}

function describeStart(parts: DescribedPart[], reading: Reading): void {
  const { source, headerEnd, mti, plan } = reading;
  const { bytes } = source;
  if (headerEnd > 0) {
    const raw = hexText(bytes, 0, headerEnd);
    parts.push({
      path: "header",
      name: "Header",
      from: 0,
      to: headerEnd,
      raw,
      value: headerValue(reading, plan.header),
    });
  }
  if (mti === null) return;
  const raw = hexText(bytes, mti.start, mti.end);
  const meaning = typeMeaning(mti.value);
  parts.push({ path: "0", name: "Message type", from: mti.start, to: mti.end, raw, value: mti.value, meaning });
}

function headerValue({ source, headerEnd }: Reading, header: HeaderPlan | null): string {
  if (header === null || header.kind === "skipped") return `${headerEnd} bytes`;
  if (header.kind === "literal") return "always the same";
  const { destination, source: sender, rejectCode } = readHeader(source.bytes, headerEnd, header.kind);
  return `to ${destination} from ${sender}${rejectCode === null ? "" : `, rejected with ${rejectCode}`}`;
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
function describeField(parts: DescribedPart[], element: Element, faults: readonly DecodeFault[]): void {
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
      parts.push({ path, name, from: at, to: leaf.from, raw, value: "", ...noteOf(path, faults) });
    }
    parts.push(describeLeaf(leaf, source.bytes, faults));
    at = leaf.end;
  }
  if (at === end) return;
  const name = element.isFaulty ? "Not read" : "Padding";
  const inside = faults.find(({ path }) => path.startsWith(`${plan.path}.`));
  const note = inside === undefined ? {} : noteOf(inside.path, faults);
  parts.push({ path: plan.path, name, from: at, to: end, raw: hidden(end - at), value: "", ...note });
}

function describeLeaf(leaf: Leaf, bytes: Uint8Array, faults: readonly DecodeFault[]): DescribedPart {
  const isHidden = leaf.sensitive !== null;
  return {
    path: leaf.path,
    name: nameOf(leaf),
    from: leaf.from,
    to: leaf.end,
    raw: isHidden ? hidden(leaf.end - leaf.from) : hexText(bytes, leaf.from, leaf.end),
    value: leaf.value === null ? "" : maskValue(leaf.value, leaf.sensitive),
    ...noteOf(leaf.path, faults),
  };
}

const tagNames: Readonly<Record<string, { readonly name: string }>> = emvTags;

/** A tag that the dialect does not name has the name that EMV gives it. */
function nameOf({ path, name }: Leaf): string {
  const tag = /\.([0-9A-F]{2,8})(#\d+)?$/.exec(path)?.[1] ?? "";
  return name.endsWith(` ${tag}`) && tag !== "" ? (tagNames[tag]?.name ?? name) : name;
}

function noteOf(path: string, faults: readonly DecodeFault[]): { note?: string } {
  const fault = faults.find((one) => one.path === path);
  return fault === undefined ? {} : { note: `${fault.code}: expected ${fault.expected}, found ${fault.found}` };
}

/** What follows a fault of structure may be anything, a PAN too, so none of it is shown. */
function unread(bytes: Uint8Array, from: number, fault: DecodeFault | null): DescribedPart {
  const count = bytes.length - from;
  const note = fault === null ? {} : noteOf(fault.path, [fault]);
  return { path: "", name: "Not read", from, to: bytes.length, raw: hidden(count), value: `${count} bytes`, ...note };
}

function hidden(count: number): string {
  return "*".repeat(2 * count);
}
