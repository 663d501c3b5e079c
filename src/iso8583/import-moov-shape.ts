import type { CharacterSet, FieldSpec, HexText, Shape, Tagged } from "../../specs/dialect.ts";
import type { MoovField, MoovTag } from "./import-moov-read.ts";

interface MoovPart {
  readonly field: MoovField;
  readonly spec: FieldSpec | null;
}

type Note = (found: string, why: string) => void;

/** The parts of a composite: by bitmap, by tag, or one after another; null where they cannot be told apart. */
export function moovShape(field: MoovField, parts: readonly MoovPart[], note: Note): Shape | null {
  const { bitmap, tag } = field;
  if (bitmap !== null) return bitmappedOf(bitmap, parts, note);
  if (tag !== null && tag.enc === "BerTLVTag") return { kind: "ber-tlv", nests: true, parts: berParts(parts) };
  if (tag !== null && tag.enc !== "") return taggedOf(tag, parts, note);
  return sequenceOf(tag, parts, note);
}

function bitmappedOf(bitmap: MoovField, parts: readonly MoovPart[], note: Note): Shape | null {
  const bytes = bitmap.length === 0 ? 8 : bitmap.length;
  const encoding: "binary" | HexText | null =
    bitmap.enc === "Binary" ? "binary" : bitmap.enc === "HexToASCII" ? "hex" : null;
  const isKnown = bytes === 1 || bytes === 2 || bytes === 3 || bytes === 4 || bytes === 8 || bytes === 16;
  if (!isKnown || encoding === null) {
    note(`bitmap ${bitmap.enc} ${bytes}`, "no such bitmap is read: the field is kept whole");
    return null;
  }
  const listed: Record<number, FieldSpec> = {};
  for (const { field, spec } of parts) {
    if (spec !== null && /^[1-9]\d{0,2}$/.test(field.key)) listed[Number(field.key)] = spec;
  }
  const continued = bitmap.isFixedBitmap ? {} : ({ isContinued: true } as const);
  const written = encoding === "binary" ? {} : { bitmapEncoding: encoding };
  return { kind: "bitmapped", bitmapBytes: bytes, ...written, ...continued, keepsRest: true, parts: listed };
}

function berParts(parts: readonly MoovPart[]): Record<string, FieldSpec> {
  const listed: Record<string, FieldSpec> = {};
  for (const { field, spec } of parts) if (spec !== null) listed[field.key.toUpperCase()] = withoutPrefix(spec);
  return listed;
}

const tagEncodings: Readonly<Partial<Record<string, CharacterSet | "bcd" | "binary">>> = {
  ASCII: "ascii",
  EBCDIC: "cp500",
  EBCDIC1047: "cp1047",
  BCD: "bcd",
  LBCD: "bcd",
  Binary: "binary",
  ASCIIToHex: "binary",
};

/** Tag, then length and data as the part says; the prefix of the first part is that of all. */
function taggedOf(tag: MoovTag, parts: readonly MoovPart[], note: Note): Shape | null {
  const tagEncoding = tagEncodings[tag.enc];
  const first = parts.find(({ spec }) => spec !== null)?.field.prefix;
  const isLength = first !== null && first !== undefined && first.size > 0;
  const lengthEncoding = isLength ? lengthEncodingOf(first.encoding) : null;
  if (tagEncoding === undefined || tag.length < 1 || !isLength || lengthEncoding === null) {
    note(`tag ${tag.enc}`, "such tags or lengths cannot be read: the field is kept whole");
    return null;
  }
  const listed: Record<string, FieldSpec> = {};
  for (const { field, spec } of parts) {
    if (spec === null) continue;
    if (field.prefix?.encoding === first.encoding && field.prefix.size === first.size) {
      listed[padded(field.key, tag)] = withoutPrefix(spec);
    } else
      note(`field ${field.path}`, "its length is written otherwise than that of the first part: bytes as they come");
  }
  const hasLetters = tagEncoding !== "binary" && Object.keys(listed).some((key) => /[A-Za-z]/.test(key));
  const encoding = tagEncoding === "bcd" || tagEncoding === "binary" ? "ascii" : tagEncoding;
  return {
    kind: "tagged",
    encoding,
    tagDigits: tag.length,
    ...(tagEncoding === encoding ? {} : { tagEncoding }),
    ...(hasLetters ? ({ tagContent: "an" } as const) : {}),
    lengthDigits: first.size,
    ...(lengthEncoding === encoding ? {} : { lengthEncoding }),
    parts: listed,
  };
}

function lengthEncodingOf(encoding: string): NonNullable<Tagged["lengthEncoding"]> | null {
  const isKnown = encoding === "ascii" || encoding === "cp500" || encoding === "cp1047";
  return isKnown || encoding === "bcd" || encoding === "binary" ? encoding : null;
}

/** Tags in the spec may lack the padding that they have on the wire. */
function padded(key: string, { length, padding }: MoovTag): string {
  if (padding === null) return key;
  return padding.side === "left" ? key.padStart(length, padding.with) : key.padEnd(length, padding.with);
}

/** In the order of the keys; paths count from 1. */
function sequenceOf(tag: MoovTag | null, parts: readonly MoovPart[], note: Note): Shape | null {
  const base = tag?.isByNumber === false ? 16 : 10;
  const ordered = parts.toSorted((a, b) => Number.parseInt(a.field.key, base) - Number.parseInt(b.field.key, base));
  const fields: FieldSpec[] = [];
  for (const { field, spec } of ordered) {
    // What lies behind a part of unknown length cannot be found.
    if (spec === null) break;
    fields.push(spec);
    if (Number.parseInt(field.key, base) === fields.length) continue;
    const parent = field.path.split(".").slice(0, -1).join(".");
    note(`field ${field.path}`, `parts are counted from 1: its path is ${parent}.${fields.length}`);
  }
  return fields.length === 0 ? null : { kind: "sequence", parts: fields };
}

/** The composite tells the length of a part. */
function withoutPrefix(spec: FieldSpec): FieldSpec {
  if ("length" in spec || "terminator" in spec) return spec;
  const { prefix: _prefix, ...rest } = spec;
  return rest;
}
