import type { CharacterSet, Content, Extent, FieldSpec } from "../../specs/dialect.ts";
import type { FieldForm } from "./import-jpos-class.ts";
import { type JposField, type JposImport, type JposPart, leaveOut, note, readFields } from "./import-jpos-read.ts";
import { withShape } from "./import-jpos-shape.ts";
import { usualSensitivity } from "./import-sensitivity.ts";

/** A field as messages are read and written by it; null where it cannot be, which has then been noted. */
export function jposFieldSpec(job: JposImport, field: JposField): FieldSpec | null {
  const { found } = field;
  if (found.kind === "bitmap") return leaveOut(job, field, "a bitmap is no field of its own here");
  if (found.kind === "nothing") return leaveOut(job, field, "the class writes nothing");
  const extent = extentOf(job, field, found.form);
  if (extent === null) return null;
  const { form } = found;
  if (form.caveat !== null) note(job, field, { effect: "approximated", why: form.caveat });
  // What a foreign spec never says: which values may be shown.
  const sensitive = usualSensitivity(field.path.split(".")[0] ?? "");
  const spec = {
    name: field.name,
    content: contentOf(field, found.content),
    encoding: encodingOf(job, field, found.encoding),
    ...extent,
    ...(sensitive === null ? {} : { sensitive }),
  };
  if (field.packager !== null) {
    const parts = jposParts(job, readFields(job, field, field.path));
    return withShape(job, { field, spec, parts });
  }
  if (spec.content === "x+n") return withAnySign(spec, field.length);
  return form.pad === null ? spec : { ...spec, pad: trimmed(field, form.pad) };
}

/** jPOS takes any character for the letter of an amount; with another than C or D the amount is kept as bytes. */
function withAnySign(spec: FieldSpec, length: number): FieldSpec {
  const when = { test: "first-byte", from: 0x43, to: 0x44 } as const;
  const bytes = { name: spec.name, content: "b", encoding: "binary", length: 1 + (length >> 1) } as const;
  const shown = spec.sensitive === undefined ? {} : { sensitive: spec.sensitive };
  return { ...bytes, ...shown, variants: [{ when, field: spec }] };
}

/** The fields inside an element with what becomes of them; bitmaps have no spec. */
export function jposParts(job: JposImport, fields: ReadonlyMap<number, JposField>): JposPart[] {
  return Array.from(fields.values(), (field) => ({
    field,
    spec: field.found.kind === "bitmap" ? null : jposFieldSpec(job, field),
  }));
}

function extentOf(job: JposImport, field: JposField, form: FieldForm): Extent | null {
  const length = form.isHexDigits ? (field.length + 1) >> 1 : field.length;
  if (form.hasToken) {
    const terminator = field.attributes.get("token") ?? "";
    if (terminator.length === 1) return { max: Math.max(length, tokenLengthMax), terminator };
    return leaveOut(job, field, "its token is not one character");
  }
  const { prefix } = form;
  if (prefix === null) return { length };
  const countMax = prefix.encoding === "binary" ? 256 ** prefix.size - 1 : 10 ** prefix.size - 1;
  const max = Math.min(length, countMax);
  if (max < length) note(job, field, { effect: "approximated", why: `its prefix writes no more than ${countMax}` });
  const isFilled = form.isFilled ? ({ isFilled: true } as const) : {};
  const isInclusive = field.attributes.get("inclusive") === "true";
  return { max, prefix: isInclusive ? { ...prefix, isInclusive } : prefix, ...isFilled };
}

// The length of a class with a token is that of the last value read, so any length has to be taken.
const tokenLengthMax = 999;

/** Track 2 has a separator, which a class of numbers takes along in jPOS. */
function contentOf({ path }: JposField, content: Content): Content {
  return path === "35" && content === "n" ? "z" : content;
}

const javaCharsets: Readonly<Record<string, CharacterSet>> = {
  "us-ascii": "ascii",
  "iso-8859-1": "latin1",
  iso8859_1: "latin1",
  latin1: "latin1",
  cp037: "cp037",
  ibm037: "cp037",
  cp500: "cp500",
  ibm500: "cp500",
  cp1047: "cp1047",
  ibm1047: "cp1047",
};

/** The attribute "encoding" names a character set of Java for classes of characters. */
function encodingOf(job: JposImport, field: JposField, encoding: FieldSpec["encoding"]): FieldSpec["encoding"] {
  const named = field.attributes.get("encoding");
  if (named === undefined) return encoding;
  const isText = encoding === "latin1" || encoding === "cp1047";
  const key = named.toLowerCase();
  const wanted =
    key === "utf-8" || key === "utf8" ? "utf-8" : Object.hasOwn(javaCharsets, key) ? javaCharsets[key] : undefined;
  if (isText && wanted !== undefined) return wanted;
  const why = isText ? "its character set is not known here" : "its class has a character set of its own";
  note(job, field, { effect: "ignored", why, found: `encoding="${named}"` });
  return encoding;
}

function trimmed(field: JposField, pad: NonNullable<FieldSpec["pad"]>): NonNullable<FieldSpec["pad"]> {
  return field.attributes.get("trim") === "true" ? { ...pad, isTrimmed: true } : pad;
}
