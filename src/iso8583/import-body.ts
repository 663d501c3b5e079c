import type { CharacterSet, Extent, FieldSpec, Shape } from "../../specs/dialect.ts";

/**
 * A field with parts, in the encoding in which its whole value is of most use: digits where all parts are whole bytes of
 * BCD, text where all are in one character set, else bytes. Its length counts bytes.
 */
export function composed(spec: FieldSpec, shape: Shape): FieldSpec {
  const { name, sensitive } = spec;
  const shown = sensitive === undefined ? {} : { sensitive };
  const digits = bcdPositions(spec, shape);
  if (digits !== null) return { name, ...shown, ...digits };
  const charset = charsetOf(shape);
  const body = charset === null ? ({ content: "b", encoding: "binary" } as const) : textBody(charset);
  return { name, ...body, ...byteExtent(spec), ...shown, shape };
}

function textBody(encoding: CharacterSet): Pick<FieldSpec, "content" | "encoding"> {
  return { content: "ans", encoding };
}

/** The extent of a field that is now counted in bytes. */
function byteExtent(spec: FieldSpec): Extent {
  if ("length" in spec) return { length: spec.length };
  if ("terminator" in spec) return { max: spec.max, terminator: spec.terminator };
  const prefix = spec.prefix === undefined ? {} : { prefix: { ...spec.prefix, counts: "bytes" as const } };
  const filled = spec.isFilled === undefined ? {} : { isFilled: spec.isFilled };
  return { max: spec.max, ...prefix, ...filled };
}

/** A fixed field of nothing but even counts of BCD digits is one run of digits. */
function bcdPositions(
  spec: FieldSpec,
  shape: Shape,
): (Pick<FieldSpec, "content" | "encoding" | "shape"> & Extent) | null {
  if (shape.kind !== "sequence" || !("length" in spec)) return null;
  const parts: { name: string; content: "n"; length: number }[] = [];
  for (const part of shape.parts) {
    const isEven = "length" in part && part.length % 2 === 0;
    if (!isEven || part.shape !== undefined || !part.encoding.startsWith("bcd")) return null;
    parts.push({ name: part.name, content: "n", length: part.length });
  }
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return { content: "n", encoding: "bcd", length, shape: { kind: "positional", parts } };
}

/** The one character set of all parts with their lengths; null where there is none. ASCII is part of Latin-1. */
function charsetOf(shape: Shape): CharacterSet | null {
  if (shape.kind !== "sequence" && shape.kind !== "tagged") return null;
  const parts = shape.kind === "sequence" ? shape.parts : Object.values(shape.parts);
  const charsets = new Set<string>();
  if (shape.kind === "tagged") {
    charsets.add(shape.encoding);
    if (shape.tagEncoding !== undefined) charsets.add(shape.tagEncoding);
    if (shape.lengthEncoding !== undefined) charsets.add(shape.lengthEncoding);
  }
  for (const part of parts) {
    charsets.add(part.shape === undefined ? part.encoding : "nested");
    if (!("length" in part) && !("terminator" in part) && part.prefix !== undefined) charsets.add(part.prefix.encoding);
  }
  if (charsets.has("latin1")) charsets.delete("ascii");
  const [only, other] = charsets;
  const isOne = only !== undefined && other === undefined;
  return isOne && isCharset(only) ? only : null;
}

function isCharset(name: string): name is CharacterSet {
  return ["ascii", "latin1", "cp037", "cp500", "cp1047"].includes(name);
}
