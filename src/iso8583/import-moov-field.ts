import type { Content, Encoding, Extent, FieldSpec, LengthPrefix, Shape } from "../../specs/dialect.ts";
import { composed } from "./import-body.ts";
import type { MoovField, MoovPrefix } from "./import-moov-read.ts";
import { moovShape } from "./import-moov-shape.ts";
import type { ImportNote, NoteList } from "./import-report.ts";
import { usualSensitivity } from "./import-sensitivity.ts";

/** What a whole import shares. */
export interface MoovImport {
  readonly notes: NoteList;
  readonly lengthUnit: Readonly<Record<string, LengthPrefix["counts"]>>;
}

/** A field as messages are read and written by it; null where it cannot be, which has then been noted. */
export function moovFieldSpec(job: MoovImport, field: MoovField): FieldSpec | null {
  const extent = extentOf(job, field);
  if (extent === null) return null;
  const sensitive = usualSensitivity(field.path.split(".")[0] ?? "");
  const shown = sensitive === null ? {} : { sensitive };
  if (field.type === "Composite" || field.subfields.length > 0) {
    const whole = { name: field.name, content: "b", encoding: "binary", ...extent, ...shown } as const;
    const shape = shapeOf(job, field);
    return shape === null ? whole : composed(whole, shape);
  }
  const body = bodyOf(job, field);
  if (body === null) return null;
  const pad = field.padding === null ? {} : { pad: field.padding };
  return { name: field.name, ...body, ...extent, ...shown, ...pad };
}

function shapeOf(job: MoovImport, field: MoovField): Shape | null {
  const parts = field.subfields.map((part) => ({ field: part, spec: moovFieldSpec(job, part) }));
  return moovShape(field, parts, (found, why) => note(job, field, { effect: "approximated", found, why }));
}

interface BodySpec {
  readonly encoding: Encoding;
  readonly content: Content;
}

/** HexToASCII writes bytes as hexadecimal text; ASCIIToHex writes hexadecimal text as bytes. */
function bodyOf(job: MoovImport, field: MoovField): BodySpec | null {
  const { type, enc, path } = field;
  if (enc === "ASCIIToHex" && unitOf(job, path) === "digits") return { encoding: "bcd", content: "z" };
  if (enc === "ASCIIToHex" || type === "Binary" || type === "Hex") {
    if (enc === "Binary" || enc === "ASCIIToHex") return { encoding: "binary", content: "b" };
    if (enc === "HexToASCII") return { encoding: "hex", content: "b" };
    return leaveOut(job, field, `${type} ${enc}`, "bytes are written as they are or as hexadecimal text");
  }
  const content = contents[type];
  if (content === undefined) return leaveOut(job, field, `type ${type}`, "there is no such type");
  if (enc === "HexToASCII") return { encoding: "hex", content: "b" };
  if (enc === "Binary") return { encoding: "latin1", content };
  const encoding = encodings[enc];
  if (encoding === undefined) return leaveOut(job, field, `enc ${enc}`, "there is no such encoding");
  const isBcd = encoding === "bcd" || encoding === "bcd-left";
  return { encoding, content: isBcd && content === "ans" ? "n" : content };
}

const contents: Readonly<Partial<Record<string, Content>>> = {
  String: "ans",
  Numeric: "n",
  Track1: "ans",
  Track2: "z",
  Track3: "ans",
};

/** The table that it calls EBCDIC is that of code page 500 but for the bar and the cent. */
const encodings: Readonly<Partial<Record<string, Encoding>>> = {
  ASCII: "ascii",
  EBCDIC: "cp500",
  EBCDIC1047: "cp1047",
  BCD: "bcd",
  LBCD: "bcd-left",
};

function extentOf(job: MoovImport, field: MoovField): Extent | null {
  const { prefix, length } = field;
  if (prefix === null) return leaveOut(job, field, "prefix", "a field needs a prefix");
  if (prefix.size === 0) return { length: units(job, field, length) };
  const spec = prefixSpec(prefix, unitOf(job, field.path) ?? usualUnit(field));
  if (spec === null) return leaveOut(job, field, "prefix", "its prefix is longer than any that is read");
  return { max: units(job, field, length), prefix: spec };
}

function prefixSpec({ encoding, size }: MoovPrefix, counts: LengthPrefix["counts"]): LengthPrefix | null {
  if (size < 1 || size > 6 || (encoding === "binary" && size > 4)) return null;
  // 1 to 6 has just been checked, and lengths are whole numbers.
  return { encoding, size: size as LengthPrefix["size"], counts };
}

/** The length of bytes that are shown as digits is in bytes. */
function units(job: MoovImport, { enc, path }: MoovField, length: number): number {
  return enc === "ASCIIToHex" && unitOf(job, path) === "digits" ? 2 * length : length;
}

function usualUnit({ type, enc }: MoovField): LengthPrefix["counts"] {
  if (enc === "BCD" || enc === "LBCD") return "digits";
  const isBytes = type === "Composite" || type === "Binary" || type === "Hex" || enc === "HexToASCII";
  return isBytes || enc === "ASCIIToHex" ? "bytes" : "characters";
}

function unitOf(job: MoovImport, path: string): LengthPrefix["counts"] | null {
  return Object.hasOwn(job.lengthUnit, path) ? (job.lengthUnit[path] ?? null) : null;
}

function leaveOut(job: MoovImport, field: MoovField, found: string, why: string): null {
  note(job, field, { effect: "left out", found, why });
  return null;
}

function note({ notes }: MoovImport, { path }: MoovField, what: Pick<ImportNote, "effect" | "found" | "why">): void {
  notes.add({ line: null, field: path, ...what });
}
