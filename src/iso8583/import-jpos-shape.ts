import type { CharacterSet, DatasetSpec, FieldSpec, Shape } from "../../specs/dialect.ts";
import { composed } from "./import-body.ts";
import { nestedDialect } from "./import-jpos-dialect.ts";
import { type JposField, type JposImport, type JposPart, note } from "./import-jpos-read.ts";
import { taggedShape } from "./import-jpos-tagged.ts";

interface Composite {
  readonly field: JposField;
  /** The field without parts. */
  readonly spec: FieldSpec;
  readonly parts: readonly JposPart[];
}

/** A field with the parts that its packager finds in it, or as it is where they cannot be told. */
export function withShape(job: JposImport, composite: Composite): FieldSpec {
  const shape = shapeOf(job, composite);
  if (shape === null) return composite.spec;
  return inBody(job, composite, shape);
}

/** By the last part of the packager's name. */
function shapeOf(job: JposImport, composite: Composite): Shape | null {
  const { field, parts } = composite;
  const packager = (field.packager ?? "").replace(/^.*\./, "");
  switch (packager) {
    case "GenericPackager":
    case "GenericValidatingPackager":
      return messageOf(job, composite) ?? plainShape(job, composite);
    case "GenericSubFieldPackager":
    case "Base1SubFieldPackager":
      return plainShape(job, composite);
    case "CTCSubFieldPackager":
    case "CTCSubElementPackager":
      return sequenceOf(job, parts);
    case "EuroSubFieldPackager":
    case "MasterCardEBCDICSubFieldPackager":
    case "GICCSubFieldPackager":
    case "GenericTaggedFieldsPackager":
      return taggedShape(job, field, parts);
    case "ICCDataPackager":
      return { kind: "ber-tlv", nests: true };
    case "DatasetPackager":
      return datasetsOf(parts);
    default:
      note(job, field, { effect: "approximated", found: field.packager ?? "", why: "no such packager: kept whole" });
      return null;
  }
}

/** A whole message inside a field: type, bitmap, fields. */
function messageOf(job: JposImport, { field, parts }: Composite): Shape | null {
  const dialect = nestedDialect(job, field, parts);
  return dialect === null ? null : { kind: "message", dialect };
}

/** With a bitmap where the packager emits one and has one; else part after part. */
function plainShape(job: JposImport, composite: Composite): Shape | null {
  const { field, parts } = composite;
  const bitmap = parts.find((part) => part.field.found.kind === "bitmap");
  if (bitmap === undefined || field.attributes.get("emitBitmap") === "false") return sequenceOf(job, parts);
  return bitmappedOf(job, bitmap.field, parts);
}

function bitmappedOf(job: JposImport, bitmap: JposField, parts: readonly JposPart[]): Shape | null {
  const { found, length } = bitmap;
  if (found.kind !== "bitmap") return null;
  const bitmapBytes = length >= 8 ? 8 : length;
  if (bitmapBytes !== 1 && bitmapBytes !== 2 && bitmapBytes !== 3 && bitmapBytes !== 4 && bitmapBytes !== 8) {
    note(job, bitmap, { effect: "approximated", why: `no bitmap of ${length} bytes is read: the field is kept whole` });
    return null;
  }
  const listed: Record<number, FieldSpec> = {};
  for (const { field, spec } of parts) if (spec !== null && field.id > 0) listed[field.id] = spec;
  const hasFirst = listed[1] !== undefined;
  const isContinued = length > 8 && !found.isPlain && !hasFirst;
  if (length > 8 && hasFirst) {
    // jPOS itself wrote 8 bytes here and read 16, until it was mended to 8.
    note(job, bitmap, {
      effect: "approximated",
      why: "subfield 1 is data, so the bitmap has 8 bytes and no second one",
    });
  }
  const bitmapEncoding = found.encoding === "binary" ? {} : { bitmapEncoding: found.encoding };
  const continued = isContinued ? ({ isContinued: true } as const) : {};
  return { kind: "bitmapped", bitmapBytes, ...bitmapEncoding, ...continued, keepsRest: true, parts: listed };
}

/** Paths count from 1, whatever the ids are. */
function sequenceOf(job: JposImport, parts: readonly JposPart[]): Shape | null {
  const fields: FieldSpec[] = [];
  for (const { field, spec } of parts) {
    if (spec === null) {
      // What lies behind a part of unknown length cannot be found.
      if (field.found.kind === "field") break;
      continue;
    }
    fields.push(spec);
    if (field.id === fields.length) continue;
    const parent = field.path.split(".").slice(0, -1).join(".");
    const why = `parts are counted from 1: its path is ${parent}.${fields.length}`;
    note(job, field, { effect: "approximated", why });
  }
  return fields.length === 0 ? null : { kind: "sequence", parts: fields };
}

/** ISO 8583:2023: tags up to 70, from there on bitmaps, whose parts are the same in every dataset of the packager. */
function datasetsOf(parts: readonly JposPart[]): Shape {
  const listed: Record<number, FieldSpec> = {};
  for (const { field, spec } of parts) if (spec !== null && field.id > 0) listed[field.id] = spec;
  if (Object.keys(listed).length === 0) return { kind: "datasets", nests: true };
  const datasets: Record<string, DatasetSpec> = {};
  for (let id = 1; id < 255; id++) {
    const key = id.toString(16).toUpperCase().padStart(2, "0");
    const shape: Shape = id <= 0x70 ? { kind: "ber-tlv", nests: true } : { kind: "dataset-bitmap", parts: listed };
    datasets[key] = { name: `Dataset ${key}`, shape };
  }
  return { kind: "datasets", nests: true, parts: datasets };
}

/**
 * A class of characters hands its value on as Latin-1, so the parts of an EBCDIC field are written in EBCDIC although
 * their classes say ASCII; a class of bytes hands them on as they are.
 */
function inBody(job: JposImport, { field, spec }: Composite, shape: Shape): FieldSpec {
  const { encoding } = spec;
  if (encoding === "hex" || encoding === "hex-ebcdic") {
    note(job, field, { effect: "approximated", why: "parts inside hexadecimal text are not told apart" });
    return spec;
  }
  if (encoding === "bcd" || encoding === "bcd-left" || encoding === "bcd-left-f")
    return inDigits(job, field, spec, shape);
  if (encoding === "cp1047") {
    const translated = inCharset(shape, encoding);
    if (translated !== null) return { ...spec, shape: translated };
  }
  return composed(spec, shape);
}

/** Parts of BCD digits are known by their place. */
function inDigits(job: JposImport, field: JposField, spec: FieldSpec, shape: Shape): FieldSpec {
  const parts = shape.kind === "sequence" ? shape.parts : [];
  const positions = parts.map((part) =>
    "length" in part ? { name: part.name, content: "n" as const, length: part.length } : null,
  );
  if (positions.length > 0 && positions.every((position) => position !== null)) {
    return { ...spec, shape: { kind: "positional", parts: positions } };
  }
  note(job, field, { effect: "approximated", why: "parts of BCD digits have to be of fixed lengths: kept whole" });
  return spec;
}

/** The same parts in another character set; null where some are not in characters. */
function inCharset(shape: Shape, charset: CharacterSet): Shape | null {
  if (shape.kind === "tagged") {
    const parts: Record<string, FieldSpec> = {};
    for (const [key, part] of Object.entries(shape.parts)) {
      const moved = partInCharset(part, charset);
      if (moved === null) return null;
      parts[key] = moved;
    }
    return { ...shape, encoding: charset, parts };
  }
  if (shape.kind !== "sequence") return null;
  const parts = shape.parts.map((part) => partInCharset(part, charset));
  return parts.every((part) => part !== null) ? { ...shape, parts } : null;
}

function partInCharset(part: FieldSpec, charset: CharacterSet): FieldSpec | null {
  const isText = part.encoding === "ascii" || part.encoding === "latin1";
  if (!isText || part.shape !== undefined) return null;
  if ("length" in part || "terminator" in part || part.prefix === undefined) return { ...part, encoding: charset };
  if (part.prefix.encoding !== "ascii") return null;
  return { ...part, encoding: charset, prefix: { ...part.prefix, encoding: charset } };
}
