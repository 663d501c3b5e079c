import type { BitmapSpec, DialectSpec, FieldSpec } from "../../specs/dialect.ts";
import { type JposField, type JposImport, type JposPart, note } from "./import-jpos-read.ts";

/** What a packager says of a message as a whole. */
export interface MessageParts {
  readonly mti: DialectSpec["mti"];
  readonly bitmap: BitmapSpec;
  readonly fields: Readonly<Record<number, FieldSpec>>;
}

export interface MessageSource {
  /** The attributes of the packager. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly parts: readonly JposPart[];
}

/** Type, bitmap and fields of a packager; a sentence where it is no packager of messages. */
export function messageParts(job: JposImport, { attributes, parts }: MessageSource): MessageParts | string {
  const byId = new Map(parts.map((part) => [part.field.id, part]));
  const mti = mtiOf(byId.get(0)?.spec);
  if (mti === null) return "field 0 is no message type of four digits";
  if (attributes.get("emitBitmap") === "false") return "a message without a bitmap cannot be read";
  const bitmapId = Number(attributes.get("bitmapField") ?? "1");
  const bitmapField = byId.get(bitmapId)?.field;
  if (bitmapField?.found.kind !== "bitmap") return `field ${bitmapId} is no bitmap`;
  const isThirdInside = byId.get(65)?.field.found.kind === "bitmap" || attributes.get("thirdBitmapField") === "65";
  const bitmap = bitmapOf(bitmapField, isThirdInside);
  const fields: Record<number, FieldSpec> = {};
  for (const { field, spec } of parts) {
    if (spec === null || field.id < 2 || field.id === bitmapId) continue;
    const last = 64 * bitmap.count;
    if (field.id > last) note(job, field, { effect: "left out", why: `the bitmap ends with field ${last}` });
    else fields[field.id] = spec;
  }
  return { mti, bitmap, fields };
}

function mtiOf(spec: FieldSpec | null | undefined): DialectSpec["mti"] | null {
  if (spec === null || spec === undefined || !("length" in spec)) return null;
  const { encoding, length } = spec;
  if (encoding === "binary" && length === 2) return { encoding: "bcd" };
  if (length !== 4) return null;
  if (encoding === "ascii" || encoding === "latin1") return { encoding: "ascii" };
  return encoding === "cp1047" || encoding === "bcd" || encoding === "bcd-left" || encoding === "bcd-left-f"
    ? { encoding }
    : null;
}

/** The length counts bytes of all bitmaps together, also where they are hexadecimal characters. */
function bitmapOf({ found, length }: JposField, isThirdInside: boolean): BitmapSpec {
  const encoding = found.kind === "bitmap" ? found.encoding : "binary";
  if (isThirdInside) return { encoding, count: 3, third: "field-65" };
  return { encoding, count: length > 16 ? 3 : length > 8 ? 2 : 1 };
}

/** A packager of messages inside a field; null where it is none. */
export function nestedDialect(job: JposImport, field: JposField, parts: readonly JposPart[]): DialectSpec | null {
  const message = messageParts(job, { attributes: field.attributes, parts });
  if (typeof message === "string") return null;
  return { name: `field-${field.path.replaceAll(".", "-")}`, title: field.name, header: "none", ...message };
}
