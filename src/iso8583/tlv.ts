import { Element, tagNumber, tagText } from "./element.ts";
import type { ShapePlan, TlvPlan } from "./plan.ts";
import type { Reader } from "./reader.ts";

// The deepest template of a chip card has four levels.
const nestingMax = 8;

/** | id 1 | length 2 | tags | id 1 | …   a tail of zero bytes is padding */
export function decodeDatasets(
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
    part.isFaulty = !decodeTlv(reader, part, partPath, shape.tags);
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
export function decodeTlv(reader: Reader, element: Element, path: string, shape: TlvPlan): boolean {
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
    if (reader.templates + 1 === nestingMax) {
      const detail = { expected: `at most ${nestingMax} levels of tags`, found: "another one" };
      reader.fail("tlv_invalid", partPath, part.start, detail);
      return false;
    }
    reader.templates++;
    const isSound = decodeTlv(reader, part, partPath, shape);
    reader.templates--;
    if (!isSound) return false;
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
