import type { CharacterSet, FieldSpec, Tagged } from "../../../specs/dialect.ts";
import { characterOf } from "./character-sets.ts";
import { readField } from "./field.ts";
import { type Reading, freePath, hexOf, refuse } from "./reading.ts";

type Encoding = CharacterSet | "bcd" | "binary";

/** `| tag | length | data |`, repeated, behind one letter where the composite has one. */
export function readTagged(shape: Tagged, bytes: Uint8Array, reading: Reading, path: string): void {
  const taken = new Map<string, number>();
  let at = readLeading(shape, bytes, reading, path);
  while (at < bytes.length) {
    const { tag, count, size } = readHead(shape, bytes.subarray(at), path);
    const key = freePath(taken, `${path}.${tag}`);
    const from = at + size;
    if (bytes.length < from + count) refuse(key, "reaches beyond its field");
    const content = bytes.subarray(from, from + count);
    // What nobody has listed is text where it can be printed.
    const unknown: FieldSpec = { name: "Unknown", content: "any", encoding: shape.encoding, max: bytes.length };
    readField(shape.parts[tag] ?? unknown, content, reading, { path: key, isWhole: true, isInComposite: true });
    at = from + count;
  }
}

function readLeading({ leading, encoding }: Tagged, bytes: Uint8Array, reading: Reading, path: string): number {
  const [first] = bytes;
  if (leading === undefined || first === undefined) return 0;
  const character = characterOf(encoding, first) ?? refuse(path, "no letter in front");
  if (/[0-9]/.test(character)) return 0;
  const key = `${path}.${leading.key}`;
  if (!/[A-Za-z]/.test(character)) refuse(key, "no letter in front");
  reading.values.set(key, character);
  reading.texts.set(key, character);
  return 1;
}

interface Head {
  readonly tag: string;
  /** Bytes of data. */
  readonly count: number;
  /** Bytes of tag and length. */
  readonly size: number;
}

function readHead(shape: Tagged, bytes: Uint8Array, path: string): Head {
  const tagEncoding = shape.tagEncoding ?? shape.encoding;
  const lengthEncoding = shape.lengthEncoding ?? shape.encoding;
  const tagBytes = width(tagEncoding, shape.tagDigits);
  const lengthBytes = width(lengthEncoding, shape.lengthDigits);
  const size = tagBytes + lengthBytes;
  if (bytes.length < size) refuse(path, "ends inside a tag");
  const tagAt = shape.isLengthFirst === true ? lengthBytes : 0;
  const lengthAt = shape.isLengthFirst === true ? 0 : tagBytes;
  const tag = textOf(tagEncoding, bytes.subarray(tagAt, tagAt + tagBytes));
  const isTag = tagEncoding === "binary" || (shape.tagContent === "an" ? /^[0-9A-Za-z]+$/ : /^[0-9]+$/).test(tag);
  if (!isTag) refuse(path, "no tag");
  const digits = textOf(lengthEncoding, bytes.subarray(lengthAt, lengthAt + lengthBytes));
  if (lengthEncoding !== "binary" && !/^[0-9]+$/.test(digits)) refuse(`${path}.${tag}`, "no length");
  const told = Number.parseInt(digits, lengthEncoding === "binary" ? 16 : 10);
  const own = { data: 0, "tag-and-data": tagBytes, all: size }[shape.lengthCounts ?? "data"];
  return told >= own ? { tag, count: told - own, size } : refuse(`${path}.${tag}`, "a length below its own");
}

function width(encoding: Encoding, digits: number): number {
  return encoding === "bcd" ? Math.ceil(digits / 2) : digits;
}

function textOf(encoding: Encoding, bytes: Uint8Array): string {
  if (encoding === "bcd" || encoding === "binary") return hexOf(bytes).toUpperCase();
  return [...bytes].map((byte) => characterOf(encoding, byte) ?? "?").join("");
}
