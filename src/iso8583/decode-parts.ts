import { faultyByte, foundByte } from "./content.ts";
import { type Reader, checkContent, decodeField } from "./decode.ts";
import { Element, tagNumber, tagText } from "./element.ts";
import { latinText } from "./octets.ts";
import { type PositionPlan, type ShapePlan, type TaggedPlan, type TlvPlan, body, taggedPart } from "./plan.ts";

// The deepest template of a chip card has four levels.
const nestingMax = 8;

/** Reads what lies inside a composite and checks it; false where something in it is faulty. Sound parts are kept. */
export function decodeParts(reader: Reader, element: Element, path: string): boolean {
  const { shape } = element.plan;
  if (shape === null) return true;
  const after = reader.at;
  const isSound = decodeShape(reader, element, path, shape);
  reader.at = after;
  return isSound;
}

function decodeShape(reader: Reader, element: Element, path: string, shape: ShapePlan): boolean {
  switch (shape.kind) {
    case "positional":
      return checkPositions(reader, element, path, shape.parts);
    case "tagged":
      return decodeTagged(reader, element, path, shape);
    case "bitmapped":
      return decodeBitmapped(reader, element, path, shape);
    case "ber-tlv":
      return decodeTlv(reader, element, path, shape);
    case "datasets":
      return decodeDatasets(reader, element, path, shape);
  }
}

/** The parts are substrings of the value: only their classes and the place where they stop are checked here. */
function checkPositions(reader: Reader, element: Element, path: string, parts: readonly PositionPlan[]): boolean {
  const { plan, units, from } = element;
  let isSound = true;
  for (const part of parts) {
    if (part.offset >= units) break;
    const stop = part.offset + part.length;
    if (stop > units && !part.mayEndEarly) {
      const offset = from + (plan.body === body.bcd ? part.offset >> 1 : part.offset);
      const detail = { expected: `${part.length} ${part.content}`, found: `${units - part.offset}` };
      reader.fail("part_overrun", `${path}.${part.key}`, offset, detail);
      return false;
    }
    if (plan.body !== body.text) continue;
    const narrowed = { ...plan, mask: part.mask, content: part.content, sensitive: part.sensitive };
    const end = from + Math.min(stop, units);
    const faulty = faultyByte(narrowed, reader.bytes, from + part.offset, end, 0);
    if (faulty < 0) continue;
    const found = foundByte(narrowed, reader.bytes, faulty);
    reader.fail("content_invalid", `${path}.${part.key}`, faulty, {
      expected: `${part.length} ${part.content}`,
      found,
    });
    isSound = false;
  }
  return isSound;
}

/** | letter | tag | length | data | tag | length | data | … */
function decodeTagged(reader: Reader, element: Element, path: string, shape: TaggedPlan): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  let at = element.from;
  let isSound = true;
  if (shape.leading !== null && at < element.end && !isDigits(shape, reader.bytes, at, at + 1)) {
    const leading = new Element(shape.leading, reader.source, { start: at, from: at, end: at + 1, units: 1, tag: 0 });
    checkContent(reader, leading, shape.leading.path);
    isSound = !leading.isFaulty;
    parts.push(leading);
    at++;
  }
  while (at < element.end) {
    const part = decodeTaggedPart(reader, element, path, { shape, at });
    if (part === null) return false;
    if (part.isFaulty) isSound = false;
    parts.push(part);
    at = part.end;
  }
  return isSound;
}

interface TaggedAt {
  readonly shape: TaggedPlan;
  readonly at: number;
}

function decodeTaggedPart(reader: Reader, parent: Element, path: string, { shape, at }: TaggedAt): Element | null {
  const { bytes } = reader;
  const lengthAt = at + shape.tagBytes;
  const from = lengthAt + shape.lengthBytes;
  if (from > parent.end) {
    const detail = { expected: "a tag and its length", found: `${parent.end - at} bytes` };
    return reader.fail("part_overrun", path, at, detail);
  }
  if (!isDigits(shape, bytes, at, lengthAt)) {
    return reader.fail("part_undefined", path, at, { expected: "a tag in digits", found: "another character" });
  }
  const tag = digitsText(shape, bytes, at, lengthAt);
  const partPath = `${path}.${tag}`;
  if (!isDigits(shape, bytes, lengthAt, from)) {
    const detail = { expected: "a length in digits", found: "another character" };
    return reader.fail("length_invalid", partPath, lengthAt, detail);
  }
  const units = Number(digitsText(shape, bytes, lengthAt, from));
  const end = from + units;
  if (end > parent.end) {
    const detail = { expected: `${units} bytes`, found: `${parent.end - from} bytes` };
    return reader.fail("part_overrun", partPath, from, detail);
  }
  const plan = taggedPart(shape, tag);
  const part = new Element(plan, reader.source, { start: at, from, end, units, tag: 0 });
  if (units < plan.min || units > plan.max) {
    const expected = `${plan.min} to ${plan.max} ${plan.content}`;
    reader.fail("length_out_of_range", partPath, lengthAt, { expected, found: `length ${units}` });
    part.isFaulty = true;
  } else {
    checkContent(reader, part, partPath);
  }
  return part;
}

function isDigits(shape: TaggedPlan, bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) {
    const code = shape.code.toLatin[bytes[i] ?? 0] ?? 0;
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

function digitsText(shape: TaggedPlan, bytes: Uint8Array, from: number, end: number): string {
  if (shape.code.name === "ascii") return latinText(bytes, from, end);
  let text = "";
  for (let i = from; i < end; i++) text += String.fromCharCode(shape.code.toLatin[bytes[i] ?? 0] ?? 0);
  return text;
}

/** | bitmap | part | part | …   every bit stands for a part, the first one too */
function decodeBitmapped(
  reader: Reader,
  element: Element,
  path: string,
  shape: Extract<ShapePlan, { kind: "bitmapped" }>,
): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  const { from, end } = element;
  if (from + shape.bitmapBytes > end) {
    const detail = { expected: `a bitmap of ${shape.bitmapBytes} bytes`, found: `${end - from} bytes` };
    reader.fail("part_overrun", path, from, detail);
    return false;
  }
  reader.at = from + shape.bitmapBytes;
  let isSound = true;
  for (let number = 1; number <= 8 * shape.bitmapBytes; number++) {
    const byte = reader.bytes[from + ((number - 1) >> 3)] ?? 0;
    if ((byte & (0x80 >> ((number - 1) & 7))) === 0) continue;
    const plan = shape.parts[number];
    if (plan === undefined) {
      const detail = { expected: "a part of the dialect", found: `bit ${number}` };
      reader.fail("part_undefined", `${path}.${number}`, reader.at, detail);
      return false;
    }
    const part = decodeField(reader, plan, plan.path, end);
    if (part === null) return false;
    if (part.isFaulty) isSound = false;
    parts.push(part);
  }
  if (reader.at < end) {
    const detail = { expected: "the end of the field", found: `${end - reader.at} more bytes` };
    reader.fail("trailing_bytes", path, reader.at, detail);
    return false;
  }
  return isSound;
}

/** | id 1 | length 2 | tags | id 1 | …   a tail of zero bytes is padding */
function decodeDatasets(
  reader: Reader,
  element: Element,
  path: string,
  shape: Extract<ShapePlan, { kind: "datasets" }>,
): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  const { bytes } = reader;
  let isSound = true;
  let at = element.from;
  while (at < element.end && !isZeroTail(bytes, at, element.end)) {
    const from = at + 3;
    const units = ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const tag = tagNumber(bytes, at, at + 1);
    const partPath = `${path}.${tagText(tag)}`;
    if (from > element.end || from + units > element.end) {
      const expected = from > element.end ? "a dataset and its length" : `${units} bytes`;
      const found = `${Math.max(element.end - from, 0)} bytes`;
      reader.fail("part_overrun", partPath, Math.min(from, element.end), { expected, found });
      return false;
    }
    const part = new Element(shape.dataset, reader.source, { start: at, from, end: from + units, units, tag });
    part.isFaulty = !decodeParts(reader, part, partPath);
    if (part.isFaulty) isSound = false;
    parts.push(part);
    at = part.end;
  }
  return isSound;
}

function isZeroTail(bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) if (bytes[i] !== 0) return false;
  return true;
}

/** | tag 1–4 | length 1–4 | value | …   zero bytes between tags are padding (EMV book 3, annex B) */
function decodeTlv(reader: Reader, element: Element, path: string, shape: TlvPlan, depth = 1): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  const { bytes } = reader;
  let at = element.from;
  while (at < element.end) {
    if (bytes[at] === 0) {
      at++;
      continue;
    }
    const part = decodeTag(reader, element, path, { shape, at });
    if (part === null) return false;
    parts.push(part);
    at = part.end;
    if (!shape.nests || ((bytes[part.start] ?? 0) & 0x20) === 0) continue;
    const partPath = `${path}.${part.key}`;
    if (depth === nestingMax) {
      const detail = { expected: `at most ${nestingMax} levels of tags`, found: "another one" };
      reader.fail("tlv_invalid", partPath, part.start, detail);
      return false;
    }
    if (!decodeTlv(reader, part, partPath, shape, depth + 1)) return false;
  }
  return true;
}

interface TagAt {
  readonly shape: TlvPlan;
  readonly at: number;
}

function decodeTag(reader: Reader, parent: Element, path: string, { shape, at }: TagAt): Element | null {
  const { bytes } = reader;
  const { end } = parent;
  const tagEnd = shape.nests ? endOfTag(bytes, at, end) : at + 1;
  if (tagEnd < 0) {
    return reader.fail("tlv_invalid", path, at, { expected: "a tag of at most four bytes", found: "a longer one" });
  }
  const tag = tagNumber(bytes, at, tagEnd);
  const form = bytes[tagEnd] ?? 0;
  const from = tagEnd + 1 + (form > 0x80 ? form & 0x7f : 0);
  // Lengths of unknown end (80) do not exist in EMV, and four length bytes would exceed any frame.
  if (tagEnd >= end || form === 0x80 || form > 0x83 || from > end) {
    const found = tagEnd >= end ? "the end of the field" : `0x${form.toString(16).padStart(2, "0")}`;
    return reader.fail("tlv_invalid", `${path}.${tagText(tag)}`, Math.min(tagEnd, end), {
      expected: "a length",
      found,
    });
  }
  const units = form < 0x80 ? form : tagNumber(bytes, tagEnd + 1, from) - 256 ** (form & 0x7f);
  if (from + units > end) {
    const detail = { expected: `${units} bytes`, found: `${end - from} bytes` };
    return reader.fail("part_overrun", `${path}.${tagText(tag)}`, from, detail);
  }
  return new Element(shape.tag, reader.source, { start: at, from, end: from + units, units, tag });
}

/** The byte after a tag, or -1 where it does not end within four bytes. Bits 5–1 all set: more bytes, until bit 8 is clear. */
function endOfTag(bytes: Uint8Array, at: number, end: number): number {
  if (((bytes[at] ?? 0) & 0x1f) !== 0x1f) return at + 1;
  for (let i = at + 1; i < Math.min(end, at + 4); i++) {
    if (((bytes[i] ?? 0) & 0x80) === 0) return i + 1;
  }
  return -1;
}
