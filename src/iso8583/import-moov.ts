import type { BitmapSpec, DialectSpec, FieldSpec } from "../../specs/dialect.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type MoovImport, moovFieldSpec } from "./import-moov-field.ts";
import { type MoovField, readMoovField } from "./import-moov-read.ts";
import { type ImportError, type Imported, NoteList } from "./import-report.ts";

export interface MoovOptions {
  /** Of the dialect; the name in the text where it is absent. */
  readonly name?: string;
  /**
   * What a length counts, by path ("35"), where the text cannot say it: digits for values that are written two a byte
   * under a length that counts them one by one (ASCIIToHex with track 2), bytes or characters else.
   */
  readonly lengthUnit?: Readonly<Record<string, "characters" | "digits" | "bytes">>;
}

const textLengthMax = 1_048_576;

/**
 * A message spec of moov-io/iso8583 in JSON as a dialect. What has no exact counterpart is in the report; the error is a
 * sentence, where nothing can be made of the text.
 */
export function importMoovSpec(json: string, options: MoovOptions = {}): Result<Imported, ImportError> {
  if (json.length > textLengthMax) return refuse(`the text is longer than ${textLengthMax} characters`);
  let text: unknown;
  try {
    text = JSON.parse(json);
  } catch (error) {
    return refuse(`this is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const root = asObject(text);
  const listed = asObject(root?.["fields"]);
  if (root === null || listed === null) return refuse('there is no object with "fields"');
  const job: MoovImport = { notes: new NoteList(), lengthUnit: options.lengthUnit ?? {} };
  const fields = new Map<number, MoovField>();
  for (const [key, value] of Object.entries(listed)) {
    const field = readMoovField(job.notes, value, key);
    if (field !== null && /^\d{1,3}$/.test(key)) fields.set(Number(key), field);
    else if (field !== null) note(job, key, "it is no number of a field");
  }
  const mti = mtiOf(fields.get(0));
  const bitmap = bitmapOf(job, fields);
  if (mti === null) return refuse("field 0 is no message type of four digits");
  if (bitmap === null) return refuse("field 1 is no bitmap that can be read");
  const name = options.name ?? nameOf(root["name"]);
  const spec: DialectSpec = {
    name,
    title: typeof root["name"] === "string" ? root["name"] : "imported from a spec of moov",
    header: "none",
    mti,
    bitmap,
    fields: fieldSpecs(job, fields, 64 * bitmap.count),
  };
  return ok({ spec, report: job.notes.notes });
}

function fieldSpecs(job: MoovImport, fields: ReadonlyMap<number, MoovField>, last: number): Record<number, FieldSpec> {
  const specs: Record<number, FieldSpec> = {};
  for (const [number, field] of fields) {
    if (number < 2) continue;
    if (number > last || number === 65 || number === 129) note(job, String(number), "no bitmap announces it");
    else {
      const spec = moovFieldSpec(job, field);
      if (spec !== null) specs[number] = spec;
    }
  }
  return specs;
}

function mtiOf(field: MoovField | undefined): DialectSpec["mti"] | null {
  if (field === undefined || field.prefix?.size !== 0) return null;
  const { enc, length } = field;
  if (length === 2 && (enc === "ASCIIToHex" || enc === "Binary")) return { encoding: "bcd" };
  if (length !== 4) return null;
  if (enc === "ASCII") return { encoding: "ascii" };
  if (enc === "BCD" || enc === "LBCD") return { encoding: "bcd" };
  return enc === "EBCDIC" ? { encoding: "cp500" } : enc === "EBCDIC1047" ? { encoding: "cp1047" } : null;
}

/** Bitmaps extend themselves unless this is switched off; then all that the length has room for are always there. */
function bitmapOf(job: MoovImport, fields: ReadonlyMap<number, MoovField>): BitmapSpec | null {
  const field = fields.get(1);
  if (field?.type !== "Bitmap") return null;
  const encoding = field.enc === "Binary" ? "binary" : field.enc === "HexToASCII" ? "hex" : null;
  if (encoding === null) return null;
  const bytes = field.length === 0 ? 8 : field.length;
  if (field.isFixedBitmap && bytes !== 8 && bytes !== 16 && bytes !== 24) return null;
  if (field.isFixedBitmap) return { encoding, count: bytes === 24 ? 3 : bytes === 16 ? 2 : 1, extends: "fixed" };
  if (bytes !== 8) {
    const why = "bitmaps of 8 bytes that announce each other are read, as its older versions meant it";
    job.notes.add({ line: null, field: "1", found: `length ${bytes}`, effect: "approximated", why });
  }
  return { encoding, count: Math.max(...fields.keys()) > 128 ? 3 : 2 };
}

function nameOf(text: unknown): string {
  const name = typeof text === "string" ? text.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-") : "";
  const trimmed = name.replaceAll(/^-|-$/g, "").slice(0, 40);
  return trimmed === "" ? "moov" : trimmed;
}

function note(job: MoovImport, field: string, why: string): void {
  job.notes.add({ line: null, field, found: `field ${field}`, effect: "left out", why });
}

function refuse(message: string): Result<never, ImportError> {
  return fail({ line: null, message });
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  // An object of JSON has strings for keys, and nothing is known of its values.
  return isObject ? (value as Record<string, unknown>) : null;
}
