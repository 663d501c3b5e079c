import { type Change, type Segment, below, buildContent, concatenated, joined, segmentsOf } from "./change.ts";
import { checkContent, decodePart } from "./composite.ts";
import { Element } from "./element.ts";
import type { TextCode } from "./encodings.ts";
import { EncodeError } from "./faults.ts";
import { fromHexText, hexText } from "./octets.ts";
import { type Built, type FieldPlan, type ShapePlan } from "./plan.ts";
import type { Reader } from "./reader.ts";
import { lengthError } from "./write.ts";

/** How a tag or its length is written: characters of a code, BCD digits, or bytes. */
export interface TagForm {
  readonly kind: "text" | "bcd" | "binary";
  readonly code: TextCode;
  readonly bytes: number;
  /** Digits or characters of a key; hexadecimal digits where it is binary. */
  readonly characters: number;
}

export interface TaggedPlan {
  readonly tag: TagForm;
  readonly admitsLetters: boolean;
  readonly length: TagForm;
  readonly isLengthFirst: boolean;
  /** Bytes that the length counts beyond those of the data. */
  readonly extra: number;
  readonly leading: FieldPlan | null;
  /** The known tags; `unknown` makes the plan of another one. */
  readonly parts: Map<string, FieldPlan>;
  readonly unknown: (key: string) => FieldPlan;
}

export function taggedShape(plan: TaggedPlan): ShapePlan {
  return {
    kind: "tagged",
    positions: null,
    decode: (reader, element, path) => decodeTagged(reader, element, path, plan),
    build: (_plan, path, change) => buildTagged(path, change, plan),
  };
}

// Unknown tags are remembered, since a peer repeats them; a hostile one must not fill the memory with them.
const partsMax = 2_000;

function partOf(plan: TaggedPlan, key: string): FieldPlan {
  const known = plan.parts.get(key);
  if (known !== undefined) return known;
  const part = plan.unknown(key);
  if (plan.parts.size < partsMax) plan.parts.set(key, part);
  return part;
}

/** | letter | tag | length | data | tag | length | data | … */
function decodeTagged(reader: Reader, element: Element, path: string, plan: TaggedPlan): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  let at = element.from;
  let isSound = true;
  if (plan.leading !== null && at < element.to && !isDigits(plan.tag.code, reader.bytes, at, at + 1)) {
    const span = { start: at, from: at, to: at + 1, end: at + 1, units: 1, tag: 0 };
    const leading = new Element(plan.leading, reader.source, span);
    checkContent(reader, leading, plan.leading.path);
    isSound = !leading.isFaulty;
    parts.push(leading);
    at++;
  }
  while (at < element.to) {
    const part = decodeTaggedPart(reader, element, path, { plan, at });
    if (part === null) return false;
    if (part.isFaulty) isSound = false;
    parts.push(part);
    at = part.end;
  }
  return isSound;
}

interface TaggedAt {
  readonly plan: TaggedPlan;
  readonly at: number;
}

function decodeTaggedPart(reader: Reader, parent: Element, path: string, { plan, at }: TaggedAt): Element | null {
  const { bytes } = reader;
  const tagAt = plan.isLengthFirst ? at + plan.length.bytes : at;
  const lengthAt = plan.isLengthFirst ? at : at + plan.tag.bytes;
  const from = at + plan.tag.bytes + plan.length.bytes;
  if (from > parent.to) {
    const detail = { expected: "a tag and its length", found: `${parent.to - at} bytes` };
    return reader.fail("part_overrun", path, at, detail);
  }
  const key = readKey(plan, bytes, tagAt);
  if (key === null) {
    const expected = plan.admitsLetters ? "a tag in letters and digits" : "a tag in digits";
    return reader.fail("part_undefined", path, tagAt, { expected, found: "another character" });
  }
  const partPath = `${path}.${key}`;
  const length = readLength(plan.length, bytes, lengthAt);
  if (length < 0) {
    const detail = { expected: "a length in digits", found: "another character" };
    return reader.fail("length_invalid", partPath, lengthAt, detail);
  }
  const end = from + length - plan.extra;
  if (end < from) {
    const detail = { expected: `${plan.extra} or more`, found: `length ${length}` };
    return reader.fail("length_out_of_range", partPath, lengthAt, detail);
  }
  if (end > parent.to) {
    const detail = { expected: `${end - from} bytes`, found: `${parent.to - from} bytes` };
    return reader.fail("part_overrun", partPath, from, detail);
  }
  return decodePart(reader, partOf(plan, key), { start: at, lengthAt, from, end, tag: 0, path: partPath });
}

function isDigits(code: TextCode, bytes: Uint8Array, from: number, end: number): boolean {
  for (let i = from; i < end; i++) {
    const character = code.toLatin[bytes[i] ?? 0] ?? 0;
    if (character < 0x30 || character > 0x39) return false;
  }
  return true;
}

/** The tag at `at`, or null where it is not written as tags are. */
function readKey({ tag, admitsLetters }: TaggedPlan, bytes: Uint8Array, at: number): string | null {
  if (tag.kind === "binary") return hexText(bytes, at, at + tag.bytes).toUpperCase();
  if (tag.kind === "bcd") {
    const key = hexText(bytes, at, at + tag.bytes).slice(2 * tag.bytes - tag.characters);
    return readLength(tag, bytes, at) < 0 ? null : key;
  }
  let key = "";
  for (let i = at; i < at + tag.bytes; i++) {
    const character = tag.code.toLatin[bytes[i] ?? 0] ?? 0;
    if (!isOfTag(character, admitsLetters)) return null;
    key += String.fromCharCode(character);
  }
  return key;
}

function isOfTag(character: number, admitsLetters: boolean): boolean {
  if (character >= 0x30 && character <= 0x39) return true;
  return admitsLetters && ((character >= 0x41 && character <= 0x5a) || (character >= 0x61 && character <= 0x7a));
}

/** The number at `at`, or -1 where it is not written in digits. */
function readLength({ kind, code, bytes: count }: TagForm, bytes: Uint8Array, at: number): number {
  let length = 0;
  for (let i = at; i < at + count; i++) {
    const byte = bytes[i] ?? 0;
    if (kind === "binary") {
      length = 256 * length + byte;
    } else if (kind === "bcd") {
      if (byte > 0x99 || (byte & 0x0f) > 9) return -1;
      length = 100 * length + 10 * (byte >> 4) + (byte & 0x0f);
    } else {
      const digit = (code.toLatin[byte] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      length = 10 * length + digit;
    }
  }
  return length;
}

function buildTagged(path: string, change: Change, plan: TaggedPlan): Built | null {
  const make = (branch: Change["branch"], element: Element | undefined): Segment | null => {
    const key = branch.step?.key ?? "";
    if (plan.leading !== null && key === plan.leading.key) {
      const letter = buildContent(plan.leading, plan.leading.path, below(change, branch, element));
      return letter === null ? null : { order: 0, bytes: letter.bytes };
    }
    const tag = writeKey(plan, `${path}.${key}`, key);
    const part = partOf(plan, key);
    const content = buildContent(part, part.path, below(change, branch, element));
    if (content === null) return null;
    const length = writeLength(plan.length, content.bytes.length + plan.extra);
    if (length === null) throw lengthError(part, part.path);
    const head = plan.isLengthFirst ? [length, tag] : [tag, length];
    return { order: 1, bytes: concatenated([...head, content.bytes]) };
  };
  return joined(segmentsOf(change, make, (part) => (part.plan === plan.leading ? 0 : 1)));
}

function writeKey({ tag, admitsLetters }: TaggedPlan, path: string, key: string): Uint8Array {
  const isFitting = key.length === tag.characters;
  if (tag.kind !== "text") {
    const octets = isFitting ? fromHexText(key.padStart(2 * tag.bytes, "0")) : null;
    if (octets === null || (tag.kind === "bcd" && readLength(tag, octets, 0) < 0)) {
      throw new EncodeError("path_undefined", path, `a tag of ${tag.characters} digits`);
    }
    return octets;
  }
  const bytes = new Uint8Array(tag.bytes);
  for (let i = 0; i < key.length; i++) {
    const character = key.charCodeAt(i);
    if (!isFitting || !isOfTag(character, admitsLetters)) {
      throw new EncodeError(
        "path_undefined",
        path,
        `a tag of ${tag.characters} ${admitsLetters ? "characters" : "digits"}`,
      );
    }
    bytes[i] = tag.code.fromLatin[character] ?? 0;
  }
  return bytes;
}

/** Null where the number has more digits than there is room for. */
function writeLength(form: TagForm, length: number): Uint8Array | null {
  const text = form.kind === "binary" ? length.toString(16) : String(length);
  if (text.length > form.characters) return null;
  if (form.kind !== "text") return fromHexText(text.padStart(2 * form.bytes, "0"));
  const digits = text.padStart(form.bytes, "0");
  return Uint8Array.from(digits, (digit) => form.code.fromLatin[digit.charCodeAt(0)] ?? 0);
}
