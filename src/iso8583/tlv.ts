import {
  type Branch,
  type Change,
  type Segment,
  below,
  buildContent,
  concatenated,
  joined,
  segmentsOf,
} from "./change.ts";
import { decodePart } from "./composite.ts";
import { Element, nextSpan, tagNumber, tagText } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { allocate, putOctets } from "./octets.ts";
import { type Built, type FieldPlan, type ShapePlan, body } from "./plan.ts";
import { berLengthBytes, writeBerLength } from "./prefix.ts";
import type { Reader } from "./reader.ts";
import { lengthError } from "./write.ts";

export interface TlvPlan {
  readonly nests: boolean;
  /** The plan that all tags share that are not listed. */
  readonly tag: FieldPlan;
  /** The listed tags, by their number. */
  readonly parts: ReadonlyMap<number, FieldPlan>;
}

// The deepest template of a chip card has four levels.
const nestingMax = 8;

export function tlvShape(plan: TlvPlan): ShapePlan {
  return {
    kind: "ber-tlv",
    positions: null,
    decode: (reader, element, path) => decodeTlv(reader, element, path, plan),
    build: (_plan, path, change) => buildTlv(path, change, plan),
  };
}

/** | tag 1–4 | length 1–4 | value | …   zero bytes between tags are padding (EMV book 3, annex B) */
function decodeTlv(reader: Reader, element: Element, path: string, plan: TlvPlan): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  const { bytes } = reader;
  let isSound = true;
  let at = element.from;
  while (at < element.to) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    const part = decodeTag(reader, element, path, { plan, at });
    if (part === null) return false;
    if (part.isFaulty) isSound = false;
    parts.push(part);
    at = part.end;
    if (part.plan !== plan.tag || !plan.nests || ((bytes[part.start] ?? 0) & 0x20) === 0) continue;
    const partPath = `${path}.${part.key}`;
    if (reader.templates + 1 === nestingMax) {
      const detail = { expected: `at most ${nestingMax} levels of tags`, found: "another one" };
      reader.fail("tlv_invalid", partPath, part.start, detail);
      return false;
    }
    reader.templates++;
    const isTemplateSound = decodeTlv(reader, part, partPath, plan);
    reader.templates--;
    if (!isTemplateSound) return false;
  }
  return isSound;
}

interface TagAt {
  readonly plan: TlvPlan;
  readonly at: number;
}

function decodeTag(reader: Reader, parent: Element, path: string, { plan, at }: TagAt): Element | null {
  const { bytes } = reader;
  const limit = parent.to;
  const tagEnd = plan.nests ? endOfTag(bytes, at, limit) : at + 1;
  if (tagEnd < 0) {
    return reader.fail("tlv_invalid", path, at, { expected: "a tag of at most four bytes", found: "a longer one" });
  }
  const tag = tagNumber(bytes, at, tagEnd);
  const form = bytes[tagEnd] ?? 0;
  const from = tagEnd + 1 + (form > 0x80 ? form & 0x7f : 0);
  // Lengths of unknown end (80) do not exist in EMV, and four length bytes would exceed any frame.
  if (tagEnd >= limit || form === 0x80 || form > 0x83 || from > limit) {
    const found = tagEnd >= limit ? "the end of the field" : `0x${form.toString(16).padStart(2, "0")}`;
    return reader.fail("tlv_invalid", `${path}.${tagText(tag)}`, Math.min(tagEnd, limit), {
      expected: "a length",
      found,
    });
  }
  const units = form < 0x80 ? form : tagNumber(bytes, tagEnd + 1, from) - 256 ** (form & 0x7f);
  const end = from + units;
  if (end > limit) {
    const detail = { expected: `${units} bytes`, found: `${limit - from} bytes` };
    return reader.fail("part_overrun", `${path}.${tagText(tag)}`, from, detail);
  }
  const listed = plan.parts.size === 0 ? undefined : plan.parts.get(tag);
  if (listed !== undefined && !isBare(listed, units)) {
    return decodePart(reader, listed, { start: at, lengthAt: tagEnd, from, end, tag, path: `${path}.${listed.key}` });
  }
  nextSpan.start = at;
  nextSpan.from = from;
  nextSpan.to = end;
  nextSpan.end = end;
  nextSpan.units = units;
  nextSpan.tag = tag;
  return new Element(listed ?? plan.tag, reader.source, nextSpan);
}

/** Bytes of a sound length with nothing in them to be checked, as most tags are. */
function isBare({ body: form, shape, variants, min, max }: FieldPlan, units: number): boolean {
  return form === body.bytes && shape === null && variants === null && units >= min && units <= max;
}

/** The byte after a tag, or -1 where it does not end within four bytes. Bits 5–1 all set: more bytes, until bit 8 is clear. */
function endOfTag(bytes: Uint8Array, at: number, limit: number): number {
  if (((bytes[at] ?? 0) & 0x1f) !== 0x1f) return at + 1;
  for (let i = at + 1; i < Math.min(limit, at + 4); i++) {
    if (((bytes[i] ?? 0) & 0x80) === 0) return i + 1;
  }
  return -1;
}

function buildTlv(path: string, change: Change, plan: TlvPlan): Built | null {
  const make = (branch: Branch, element: Element | undefined): Segment | null => {
    const { tag, part } = namedTag(path, branch, plan);
    const partPath = `${path}.${branch.step?.key}`;
    const inner = below(change, branch, element);
    const isTemplate = part === plan.tag && branch.branches.length > 0 && plan.nests;
    const content = isTemplate ? buildTlv(partPath, inner, plan) : buildContent(part, partPath, inner);
    return content === null ? null : { order: 1, bytes: taggedBytes(tag, content.bytes) };
  };
  const isNew = change.element === undefined && change.branch.branches.every((branch) => isPlainTag(branch, plan));
  return isNew ? plainTags(path, change.branch.branches, plan) : joined(segmentsOf(change, make, null));
}

interface NamedTag {
  readonly tag: Uint8Array;
  readonly part: FieldPlan;
}

function namedTag(path: string, { step }: Branch, plan: TlvPlan): NamedTag {
  const tag = step?.octets ?? null;
  if (tag === null || tag.length === 0) {
    throw new EncodeError("path_undefined", `${path}.${step?.key ?? ""}`, "a tag in hexadecimal digits");
  }
  return { tag, part: plan.parts.get(step?.tag ?? 0) ?? plan.tag };
}

/** A tag whose value is given as bytes and is nothing but bytes. */
function isPlainTag({ step, value, branches }: Branch, plan: TlvPlan): boolean {
  if (step === null || step.octets === null || typeof value !== "string" || branches.length > 0) return false;
  const part = plan.parts.get(step.tag) ?? plan.tag;
  return part.body === body.bytes && part.pad === null && part.variants === null && value.startsWith("hex:");
}

const noOctets = new Uint8Array();

/** All tags of a new field in one run of bytes: 12 tags 9.3 µs → 3.4 µs. */
function plainTags(path: string, branches: readonly Branch[], plan: TlvPlan): Built | null {
  let length = 0;
  for (const { step, value } of branches) {
    const count = octetsIn(value ?? "");
    length += (step?.octets?.length ?? 0) + berLengthBytes(count) + count;
  }
  if (length === 0) return null;
  const bytes = allocate(length);
  let at = 0;
  for (const { step, value = "" } of branches) {
    const part = plan.parts.get(step?.tag ?? 0) ?? plan.tag;
    const count = octetsIn(value ?? "");
    if (count < part.min || count > part.max) throw lengthError(part, `${path}.${step?.key}`);
    const octets = step?.octets ?? noOctets;
    for (let i = 0; i < octets.length; i++) bytes[at++] = octets[i] ?? 0;
    writeBerLength(bytes, at, count);
    at = putOctets(bytes, at + berLengthBytes(count), value ?? "");
    if (at < 0) throw new EncodeError("content_invalid", `${path}.${step?.key}`, "hexadecimal digits, two a byte");
  }
  return { bytes, units: length };
}

/** Of "hex:9f26", half a byte counted as none. */
function octetsIn(value: string): number {
  return (value.length - "hex:".length) >> 1;
}

function taggedBytes(tag: Uint8Array, content: Uint8Array): Uint8Array {
  const from = tag.length + berLengthBytes(content.length);
  const bytes = allocate(from + content.length);
  bytes.set(tag);
  writeBerLength(bytes, tag.length, content.length);
  bytes.set(content, from);
  return bytes;
}

export interface DatasetsPlan {
  /** A dataset that is not listed, as tags and as bytes. */
  readonly tags: FieldPlan;
  readonly opaque: FieldPlan;
  /** Listed ones, by the number of their id; empty where any id is as good as another. */
  readonly parts: ReadonlyMap<number, FieldPlan>;
}

export function datasetsShape(plan: DatasetsPlan): ShapePlan {
  return {
    kind: "datasets",
    positions: null,
    decode: (reader, element, path) => decodeDatasets(reader, element, path, plan),
    build: (_plan, path, change) => concatenatedDatasets(path, change, plan),
  };
}

// ISO 8583:2023: ids up to 70 hold BER-TLV, those above a bitmap.
const lastOfTags = 0x70;

function datasetOf(plan: DatasetsPlan, id: number): FieldPlan {
  const listed = plan.parts.get(id);
  if (listed !== undefined) return listed;
  return plan.parts.size > 0 && (id & 0xff) > lastOfTags ? plan.opaque : plan.tags;
}

/** | id 1 | length 2 | tags | id 1 | …   a tail of zero bytes is padding */
function decodeDatasets(reader: Reader, element: Element, path: string, plan: DatasetsPlan): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  const { bytes } = reader;
  const zeroTail = startOfZeroTail(bytes, element);
  let isSound = true;
  let at = element.from;
  while (at < zeroTail) {
    const from = at + 3;
    const length = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const tag = tagNumber(bytes, at, at + 1);
    const partPath = `${path}.${tagText(tag)}`;
    if (from > element.to || from + length > element.to) {
      const expected = from > element.to ? "a dataset and its length" : `${length} bytes`;
      const found = `${Math.max(element.to - from, 0)} bytes`;
      reader.fail("part_overrun", partPath, Math.min(from, element.to), { expected, found });
      return false;
    }
    const part = decodePart(reader, datasetOf(plan, tag), {
      start: at,
      lengthAt: at + 1,
      from,
      end: from + length,
      tag,
      path: partPath,
    });
    if (part.isFaulty) isSound = false;
    parts.push(part);
    at = part.end;
  }
  return isSound;
}

function startOfZeroTail(bytes: Uint8Array, { from, to }: Element): number {
  let at = to;
  while (at > from && bytes[at - 1] === 0) at--;
  return at;
}

function concatenatedDatasets(path: string, change: Change, plan: DatasetsPlan): Built | null {
  const make = (branch: Branch, element: Element | undefined): Segment | null => {
    const id = branch.step?.octets;
    const partPath = `${path}.${branch.step?.key}`;
    if (id?.length !== 1) throw new EncodeError("path_undefined", partPath, "a dataset of two hexadecimal digits");
    const part = datasetOf(plan, tagNumber(id, 0, 1));
    const content = buildContent(part, partPath, below(change, branch, element));
    if (content === null) return null;
    const length = content.bytes.length;
    if (length > 0xffff) throw new EncodeError("length_out_of_range", partPath, "65535 bytes at most");
    return { order: 1, bytes: concatenated([id, Uint8Array.of(length >> 8, length & 0xff), content.bytes]) };
  };
  return joined(segmentsOf(change, make, null));
}
