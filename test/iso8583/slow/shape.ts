import type {
  BerTlv,
  Bitmapped,
  DatasetBitmap,
  Datasets,
  FieldSpec,
  Positional,
  Sequence,
  Shape,
} from "../../../specs/dialect.ts";
import { berLength, isHex, octetsOf } from "./body.ts";
import { isOf } from "./character-sets.ts";
import { readField } from "./field.ts";
import { type Body, type Reading, freePath, hexOf, refuse } from "./reading.ts";
import { readTagged } from "./tagged.ts";

/** Reads the parts of a composite into the reading; whether there are any. */
export function readShape(shape: Shape, body: Body, reading: Reading, path: string): boolean {
  const { octets, value } = body;
  const before = reading.values.size;
  switch (shape.kind) {
    case "positional":
      readPositions(shape, value, reading, path);
      break;
    case "sequence":
      readSequence(shape, octets, reading, path);
      break;
    case "tagged":
      readTagged(shape, octets, reading, path);
      break;
    case "bitmapped":
      readBitmapped(shape, octets, reading, path);
      break;
    case "ber-tlv":
      readTags(shape, octets, reading, path);
      break;
    case "datasets":
      readDatasets(shape, octets, reading, path);
      break;
    case "dataset-bitmap":
      readDatasetBitmap(shape, octets, reading, path);
      break;
    case "message":
      readNested(reading.readers.message(shape.dialect, octets, "nested"), reading, path);
      break;
  }
  return reading.values.size > before;
}

function readPositions({ parts }: Positional, text: string, reading: Reading, path: string): void {
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (at >= text.length) return;
    const value = text.slice(at, at + part.length);
    const key = `${path}.${index + 1}`;
    at += value.length;
    const mayBeShort = part.mayEndEarly === true && at === text.length;
    if (value.length < part.length && !mayBeShort) refuse(key, "cut short");
    if (!isOf(part.content, value)) refuse(key, `not ${part.content}`);
    reading.texts.set(key, value);
    reading.values.set(key, value);
  }
  if (at < text.length) refuse(path, "more than its parts");
}

function readSequence({ parts }: Sequence, bytes: Uint8Array, reading: Reading, path: string): void {
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (at >= bytes.length) return;
    const place = { path: `${path}.${index + 1}`, isWhole: false, isInComposite: true };
    at += readField(part, bytes.subarray(at), reading, place);
  }
  if (at < bytes.length) refuse(path, "more than its parts");
}

function isSet(bits: Uint8Array, number: number): boolean {
  return ((bits[(number - 1) >> 3] ?? 0) & (0x80 >> ((number - 1) & 7))) !== 0;
}

function readBitmapped(shape: Bitmapped, bytes: Uint8Array, reading: Reading, path: string): void {
  const encoding = shape.bitmapEncoding ?? "binary";
  const width = isHex(encoding) ? 2 * shape.bitmapBytes : shape.bitmapBytes;
  let bits = new Uint8Array();
  let at = 0;
  do {
    if (bytes.length < at + width) refuse(path, "ends inside its bitmap");
    const raw = bytes.subarray(at, at + width);
    bits = Uint8Array.of(...bits, ...(isHex(encoding) ? octetsOf(encoding, raw, path) : raw));
    at += width;
  } while (shape.isContinued === true && isSet(bits, 8 * (bits.length - shape.bitmapBytes) + 1));
  const perBitmap = 8 * shape.bitmapBytes;
  for (let number = 1; number <= 8 * bits.length; number++) {
    if (!isSet(bits, number) || (shape.isContinued === true && number % perBitmap === 1)) continue;
    const part = shape.parts[number];
    if (part === undefined) {
      if (shape.keepsRest !== true) refuse(`${path}.${number}`, "nobody knows how long it is");
      const left = bitsFrom(shape, bits, number);
      reading.values.set(`${path}.rest`, `hex:${hexOf(left)}${hexOf(bytes.subarray(at))}`);
      return;
    }
    at += readField(part, bytes.subarray(at), reading, {
      path: `${path}.${number}`,
      isWhole: false,
      isInComposite: true,
    });
  }
  if (at < bytes.length) refuse(path, "more than its parts");
}

/** The bits from `number` on, as whole bitmaps of which each announces the next: as many as these bits need. */
function bitsFrom(shape: Bitmapped, bits: Uint8Array, number: number): Uint8Array {
  const { bitmapBytes } = shape;
  const isContinued = shape.isContinued === true;
  const perBitmap = 8 * bitmapBytes;
  const left: number[] = [];
  for (let bit = number; bit <= 8 * bits.length; bit++) {
    if (isSet(bits, bit) && !(isContinued && bit % perBitmap === 1)) left.push(bit);
  }
  const bitmaps = isContinued ? Math.ceil(Math.max(...left) / perBitmap) : 1;
  for (let index = 1; index < bitmaps; index++) left.push(perBitmap * (index - 1) + 1);
  const bytes = new Uint8Array(bitmaps * bitmapBytes);
  for (const bit of left) bytes[(bit - 1) >> 3] = (bytes[(bit - 1) >> 3] ?? 0) | (0x80 >> ((bit - 1) & 7));
  return bytes;
}

/** Tags of one byte, or of up to four: a first byte that ends in 1F is followed by bytes with the high bit, and a last one. */
function tagBytes(bytes: Uint8Array, nests: boolean, path: string): number {
  if (!nests || ((bytes[0] ?? 0) & 0x1f) !== 0x1f) return 1;
  for (let count = 2; count <= 4; count++) {
    const byte = bytes[count - 1];
    if (byte === undefined) return refuse(path, "ends inside a tag");
    if (byte < 0x80) return count;
  }
  return refuse(path, "a tag of more than four bytes");
}

function readTags(shape: BerTlv, bytes: Uint8Array, reading: Reading, path: string): void {
  const taken = new Map<string, number>();
  let at = 0;
  while (at < bytes.length) {
    const rest = bytes.subarray(at);
    if (rest[0] === 0) {
      at++;
      continue;
    }
    const size = tagBytes(rest, shape.nests, path);
    const tag = hexOf(rest.subarray(0, size)).toUpperCase();
    const key = freePath(taken, `${path}.${tag}`);
    const length = berLength(rest.subarray(size), 4, key);
    const from = size + length.size;
    if (rest.length < from + length.count) refuse(key, "reaches beyond its field");
    const content = rest.subarray(from, from + length.count);
    at += from + length.count;
    readTag(shape, { tag, key, content, isConstructed: shape.nests && ((rest[0] ?? 0) & 0x20) !== 0 }, reading);
  }
}

interface Tag {
  readonly tag: string;
  readonly key: string;
  readonly content: Uint8Array;
  readonly isConstructed: boolean;
}

function readTag(shape: BerTlv, { tag, key, content, isConstructed }: Tag, reading: Reading): void {
  const part = shape.parts?.[tag];
  if (part !== undefined) {
    readField(part, content, reading, { path: key, isWhole: true, isInComposite: true });
    return;
  }
  const before = reading.values.size;
  if (isConstructed) readTags(shape, content, reading, key);
  if (reading.values.size === before) reading.values.set(key, `hex:${hexOf(content)}`);
}

function readDatasets(shape: Datasets, bytes: Uint8Array, reading: Reading, path: string): void {
  const taken = new Map<string, number>();
  let at = 0;
  while (at < bytes.length) {
    // Zeros up to the end are padding.
    if (bytes.subarray(at).every((byte) => byte === 0)) return;
    const id = hexOf(bytes.subarray(at, at + 1)).toUpperCase();
    const key = freePath(taken, `${path}.${id}`);
    if (bytes.length < at + 3) refuse(key, "ends inside its length");
    const length = 256 * (bytes[at + 1] ?? 0) + (bytes[at + 2] ?? 0);
    const content = bytes.subarray(at + 3, at + 3 + length);
    if (content.length < length) refuse(key, "reaches beyond its field");
    at += 3 + length;
    readDataset(shape, { tag: id, key, content, isConstructed: false }, reading);
  }
}

function readDataset(shape: Datasets, { tag, key, content }: Tag, reading: Reading): void {
  const known = shape.parts?.[tag];
  const before = reading.values.size;
  if (known !== undefined) {
    const whole: FieldSpec = { name: known.name, content: "b", encoding: "binary", max: 65_535 };
    const field = known.shape === undefined ? whole : { ...whole, shape: known.shape };
    readField(field, content, reading, { path: key, isWhole: true, isInComposite: true });
  } else if (shape.parts === undefined || Number.parseInt(tag, 16) <= 0x70) {
    readTags({ kind: "ber-tlv", nests: shape.nests }, content, reading, key);
  }
  if (reading.values.size === before) reading.values.set(key, `hex:${hexOf(content)}`);
}

function readDatasetBitmap(shape: DatasetBitmap, bytes: Uint8Array, reading: Reading, path: string): void {
  let count = 2;
  while (isSet(bytes, count === 2 ? 1 : 8 * count - 7)) count++;
  if (bytes.length < count) refuse(path, "ends inside its bitmap");
  let at = count;
  let number = 0;
  for (let bit = 2; bit < 8 * count; bit++) {
    const isContinuation = bit > 16 && bit % 8 === 1;
    if (isContinuation) continue;
    number++;
    if (!isSet(bytes, bit)) continue;
    const part = shape.parts[number] ?? refuse(`${path}.${number}`, "nobody knows how long it is");
    at += readField(part, bytes.subarray(at), reading, {
      path: `${path}.${number}`,
      isWhole: false,
      isInComposite: true,
    });
  }
  if (isSet(bytes, 8 * count)) readTagsBehind(bytes.subarray(at), reading, `${path}.tags`);
  else if (at < bytes.length) refuse(path, "more than its parts");
}

/** Announced tags of which there is none are a value of their own. */
function readTagsBehind(bytes: Uint8Array, reading: Reading, path: string): void {
  const before = reading.values.size;
  readTags({ kind: "ber-tlv", nests: true }, bytes, reading, path);
  if (reading.values.size === before) reading.values.set(path, `hex:${hexOf(bytes)}`);
}

function readNested(inner: Reading, reading: Reading, path: string): void {
  for (const [key, value] of inner.values) reading.values.set(`${path}.${key}`, value);
  for (const [key, text] of inner.texts) reading.texts.set(`${path}.${key}`, text);
}
