import { expectation, faultyByte, faultyCharacter, foundByte } from "./content.ts";
import { Element } from "./element.ts";
import { readSpan } from "./field.ts";
import { latinText } from "./octets.ts";
import { type FieldPlan, type PositionPlan, type ShapePlan, type TaggedPlan, body, taggedPart } from "./plan.ts";
import type { Reader } from "./reader.ts";
import { decodeDatasets, decodeTlv } from "./tlv.ts";

/**
 * One field at `reader.at`, of which nothing may lie beyond `limit`. Null where its length cannot be known or is not
 * there; an element marked faulty where only its content is wrong.
 */
export function decodeField(reader: Reader, plan: FieldPlan, path: string, limit: number): Element | null {
  const element = readSpan(reader, plan, path, limit);
  if (element !== null) checkContent(reader, element, path);
  return element;
}

/** Checks characters and parts of an element whose span is known; marks it where they are wrong. */
function checkContent(reader: Reader, element: Element, path: string): void {
  const { plan } = element;
  // Positions first: a fault in one of them is to be named as theirs.
  const isPositional = plan.shape?.kind === "positional" && plan.body === body.text;
  if (isPositional && !decodeParts(reader, element, path)) {
    element.isFaulty = true;
    return;
  }
  const faulty = faultyByte(plan, reader.bytes, element);
  if (faulty >= 0) {
    element.isFaulty = true;
    const found = foundByte(plan, reader.bytes, faulty);
    reader.fail(path === "0" ? "mti_invalid" : "content_invalid", path, faulty, { expected: expectation(plan), found });
  } else if (plan.shape !== null && !isPositional) {
    element.isFaulty = !decodeParts(reader, element, path);
  }
}

/** Reads what lies inside a composite and checks it; false where something in it is faulty. Sound parts are kept. */
function decodeParts(reader: Reader, element: Element, path: string): boolean {
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
    const faulty = faultyCharacter(part, reader.bytes, from + part.offset, from + Math.min(stop, units));
    if (faulty < 0) continue;
    const found = foundByte(part, reader.bytes, faulty);
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
  for (let index = 0; index < shape.bitmapBytes; index++) {
    let bits = reader.bytes[from + index] ?? 0;
    while (bits !== 0) {
      const lead = Math.clz32(bits) - 24;
      bits &= ~(0x80 >> lead);
      const number = 8 * index + lead + 1;
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
  }
  if (reader.at < end) {
    const detail = { expected: "the end of the field", found: `${end - reader.at} more bytes` };
    reader.fail("trailing_bytes", path, reader.at, detail);
    return false;
  }
  return isSound;
}
