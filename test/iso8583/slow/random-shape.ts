import { pick } from "../../../src/kernel/random.ts";
import type {
  BerTlv,
  Bitmapped,
  CharacterSet,
  DatasetBitmap,
  Datasets,
  FieldSpec,
  Sequence,
  Shape,
  Tagged,
} from "../../../specs/dialect.ts";
import { isHex } from "./body.ts";
import { berLength, bigEndian, inSet } from "./random-bytes.ts";
import { type Chance, randomField, randomWhole } from "./random-field.ts";

/** Bytes inside a composite that is not one text: its parts by chance, mostly sound, and no longer than the field may be. */
export function randomContent(random: Chance, shape: Shape, field: FieldSpec): Uint8Array {
  const most = "length" in field ? field.length : field.max;
  for (let attempt = 0; attempt < 8; attempt++) {
    const bytes = contentOf(random, shape, attempt);
    if (bytes.length <= most) return bytes;
  }
  return new Uint8Array();
}

function contentOf(random: Chance, shape: Shape, attempt: number): Uint8Array {
  const count = Math.max(1 + random.integer(5) - attempt, 0);
  switch (shape.kind) {
    case "sequence":
      return sequence(random, shape);
    case "tagged":
      return tagged(random, shape, count);
    case "bitmapped":
      return bitmapped(random, shape, count);
    case "ber-tlv":
      return tags(random, shape, { count, depth: 0 });
    case "datasets":
      return datasets(random, shape, count);
    case "dataset-bitmap":
      return datasetBitmap(random, shape);
    case "message":
      return random.nested(shape.dialect, count);
    case "positional":
      return new Uint8Array();
  }
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

function sequence(random: Chance, { parts }: Sequence): Uint8Array {
  const count = random.integer(3) === 0 ? random.integer(parts.length + 1) : parts.length;
  return joined(parts.slice(0, count).map((part) => randomField(random, part)));
}

function tagged(random: Chance, shape: Tagged, count: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  if (shape.leading !== undefined && random.integer(2) === 0)
    pieces.push(inSet(shape.encoding, pick(random, Array.from("TRXZ"))));
  for (let i = 0; i < count; i++) pieces.push(taggedPart(random, shape));
  return joined(pieces);
}

function taggedPart(random: Chance, shape: Tagged): Uint8Array {
  const { encoding, tagEncoding = encoding, lengthEncoding = encoding } = shape;
  const keys = Object.keys(shape.parts);
  const isKnown = keys.length > 0 && random.integer(5) !== 0;
  const alphabet =
    tagEncoding === "binary" ? "0123456789ABCDEF" : shape.tagContent === "an" ? "0123456789AZ" : "0123456789";
  const width = tagEncoding === "binary" ? 2 * shape.tagDigits : shape.tagDigits;
  const chance = Array.from({ length: width }, () => pick(random, Array.from(alphabet))).join("");
  const key = isKnown ? pick(random, keys) : chance;
  const unknown: FieldSpec = { name: "Unknown", content: "any", encoding, max: 20 };
  const data = randomWhole(random, shape.parts[key] ?? unknown).content;
  const tag = packedText(tagEncoding, key);
  const lengthBytes = lengthEncoding === "bcd" ? Math.ceil(shape.lengthDigits / 2) : shape.lengthDigits;
  const counts = { data: 0, "tag-and-data": tag.length, all: tag.length + lengthBytes };
  const told = data.length + counts[shape.lengthCounts ?? "data"];
  const length =
    lengthEncoding === "binary"
      ? bigEndian(told, lengthBytes)
      : packedText(lengthEncoding, String(told).padStart(shape.lengthDigits, "0"));
  return joined(shape.isLengthFirst === true ? [length, tag, data] : [tag, length, data]);
}

function packedText(encoding: CharacterSet | "bcd" | "binary", digits: string): Uint8Array {
  if (encoding === "binary") return Buffer.from(digits, "hex");
  if (encoding === "bcd") return Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, "hex");
  return inSet(encoding, digits);
}

function bitmapped(random: Chance, shape: Bitmapped, count: number): Uint8Array {
  const known = Object.keys(shape.parts).map(Number);
  const perBitmap = 8 * shape.bitmapBytes;
  const chosen = new Set(Array.from({ length: count }, () => pick(random, known)));
  if (random.integer(10) === 0) chosen.add(1 + random.integer(perBitmap));
  const numbers = [...chosen]
    .filter((number) => shape.isContinued !== true || number % perBitmap !== 1)
    .sort((a, b) => a - b);
  const bitmaps = Math.max(1, Math.ceil(Math.max(0, ...numbers) / perBitmap));
  const bits = new Uint8Array(bitmaps * shape.bitmapBytes);
  const announced = shape.isContinued === true ? Array.from({ length: bitmaps - 1 }, (_, i) => perBitmap * i + 1) : [];
  for (const number of [...numbers, ...announced]) setBit(bits, number);
  const encoding = shape.bitmapEncoding ?? "binary";
  const text = Buffer.from(bits).toString("hex").toUpperCase();
  const written = isHex(encoding) ? inSet(encoding === "hex-ebcdic" ? "cp037" : "ascii", text) : bits;
  const parts = numbers
    .map((number) => shape.parts[number])
    .map((part) => (part === undefined ? random.bytes(3) : randomField(random, part)));
  return joined([written, ...parts]);
}

function setBit(bits: Uint8Array, number: number): void {
  bits[(number - 1) >> 3] = (bits[(number - 1) >> 3] ?? 0) | (0x80 >> ((number - 1) & 7));
}

const plainTags = ["9F26", "9F36", "82", "95", "DF8101", "5F2A", "57", "9F7C", "C1", "DF818103"];
const constructedTags = ["71", "72", "6F", "A5", "E1", "BF0C"];

function tags(random: Chance, shape: BerTlv, { count, depth }: { count: number; depth: number }): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < count; i++) pieces.push(tag(random, shape, depth));
  if (random.integer(12) === 0) pieces.push(new Uint8Array(1 + random.integer(4)));
  return joined(pieces);
}

function tag(random: Chance, shape: BerTlv, depth: number): Uint8Array {
  if (!shape.nests) {
    const data = random.bytes(random.integer(12));
    return joined([Uint8Array.of(1 + random.integer(255)), berLength(data.length), data]);
  }
  const isConstructed = depth < 3 && random.integer(6) === 0;
  const listed = Object.keys(shape.parts ?? {});
  const key = isConstructed ? pick(random, constructedTags) : pick(random, [...plainTags, ...listed]);
  const part = shape.parts?.[key];
  const inner = isConstructed
    ? tags(random, shape, { count: random.integer(4), depth: depth + 1 })
    : part === undefined || part.shape !== undefined
      ? random.bytes(random.integer(12))
      : randomWhole(random, part).content;
  const data = part?.shape === undefined ? inner : randomContent(random, part.shape, part);
  return joined([
    Buffer.from(key, "hex"),
    berLength(data.length, random.integer(8) === 0 ? 1 + random.integer(3) : 0),
    data,
  ]);
}

function datasets(random: Chance, shape: Datasets, count: number): Uint8Array {
  const pieces: Uint8Array[] = [];
  for (let i = 0; i < Math.min(count, 3); i++) {
    const listed = Object.keys(shape.parts ?? {});
    const id = pick(random, [...listed, ...listed, ...listed, "57", "66", "70", "71", "80"]);
    const known = shape.parts?.[id];
    const whole: FieldSpec = { name: "", content: "b", encoding: "binary", max: 80 };
    const data =
      known === undefined
        ? tags(random, { kind: "ber-tlv", nests: shape.nests }, { count: random.integer(4), depth: 0 })
        : known.shape === undefined
          ? random.bytes(random.integer(10))
          : randomContent(random, known.shape, whole);
    pieces.push(Buffer.from(id, "hex"), bigEndian(data.length, 2), data);
  }
  if (random.integer(8) === 0) pieces.push(new Uint8Array(1 + random.integer(5)));
  return joined(pieces);
}

function datasetBitmap(random: Chance, { parts }: DatasetBitmap): Uint8Array {
  const numbers = Object.keys(parts)
    .map(Number)
    .filter(() => random.integer(2) === 0);
  const last = Math.max(0, ...numbers);
  // 15 parts in the first two bytes, one fewer where their last bit is asked for tags; seven in each byte behind them.
  const more = last <= 14 ? 0 : Math.ceil((last + 1 - 15) / 7);
  const bits = new Uint8Array(2 + more);
  for (const number of numbers)
    setBit(bits, number <= 15 ? number + 1 : 17 + number - 15 + Math.floor((number - 16) / 7));
  for (let i = 0; i < more; i++) setBit(bits, i === 0 ? 1 : 17 + 8 * (i - 1));
  const hasTags = random.integer(3) === 0;
  if (hasTags) setBit(bits, 8 * bits.length);
  const pieces = numbers
    .map((number) => parts[number])
    .map((part) => (part === undefined ? new Uint8Array() : randomField(random, part)));
  const behind = hasTags ? tags(random, { kind: "ber-tlv", nests: true }, { count: 2, depth: 1 }) : new Uint8Array();
  return joined([bits, ...pieces, behind]);
}
