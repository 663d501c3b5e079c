import type {
  Bcd,
  BitmapSpec,
  CharacterSet,
  DialectSpec,
  Encoding,
  FieldSpec,
  Fields,
  HeaderSpec,
  LengthPrefix,
  Shape,
} from "../../specs/dialect.ts";

/** A dialect with one thing said otherwise: what somebody who wrote a spec may have mistaken. */
export interface ChangedDialect {
  readonly spec: DialectSpec;
  /** "field 35: a length that counts digits". */
  readonly change: string;
  readonly reach: "everywhere" | "one field";
}

/** Everything that is said of a whole message, the other way. What concerns a single field is a change of that field. */
export function changesEverywhere(spec: DialectSpec): ChangedDialect[] {
  const changed: ChangedDialect[] = [];
  const add = (change: string, other: DialectSpec): void => {
    if (otherPlaces(spec, other) > 1) changed.push({ spec: other, change, reach: "everywhere" });
  };
  for (const [change, bitmap] of otherBitmaps(spec.bitmap)) {
    changed.push({ spec: { ...spec, bitmap }, change, reach: "everywhere" });
  }
  add("text and digits in ASCII", textEverywhere(spec, "ascii"));
  add("text and digits in EBCDIC", textEverywhere(spec, "cp037"));
  add(
    "digits in BCD",
    everyField({ ...spec, mti: { encoding: "bcd" } }, (field) => digitsIn(field, "bcd")),
  );
  for (const [change, alter] of fieldChanges) {
    add(
      `${change} everywhere`,
      everyField(spec, (field) => alter(field) ?? field),
    );
  }
  return changed;
}

/** Fields, message type and bitmaps that two dialects do not have alike. */
function otherPlaces(spec: DialectSpec, other: DialectSpec): number {
  const isLike = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  const numbers = Object.keys(spec.fields).map(Number);
  const fields = numbers.filter((number) => !isLike(spec.fields[number], other.fields[number])).length;
  return fields + (isLike(spec.mti, other.mti) ? 0 : 1) + (isLike(spec.bitmap, other.bitmap) ? 0 : 1);
}

/** The same with one field laid out otherwise. */
export function changesOfField(spec: DialectSpec, number: number): ChangedDialect[] {
  const field = spec.fields[number];
  if (field === undefined) return [];
  const changed: ChangedDialect[] = [];
  for (const [change, alter] of [...fieldChanges, ...lengthChanges]) {
    const other = alter(field);
    if (other === null) continue;
    const fields: Fields = { ...spec.fields, [number]: other };
    changed.push({ spec: { ...spec, fields }, change: `field ${number}: ${change}`, reach: "one field" });
  }
  return changed;
}

/** The dialect behind another header; null is its own. */
export function behindHeader(spec: DialectSpec, header: HeaderSpec): DialectSpec {
  return { ...spec, header };
}

type Change = readonly [string, (field: FieldSpec) => FieldSpec | null];

const fieldChanges: readonly Change[] = [
  ["a length that counts digits", (field) => counting(field, "digits")],
  ["a length that counts bytes", (field) => counting(field, "bytes")],
  ["digits aligned to the right", (field) => (isLeft(field.encoding) ? digitsIn(field, "bcd") : null)],
  ["digits aligned to the left", (field) => (field.encoding === "bcd" ? digitsIn(field, "bcd-left") : null)],
  ["a length in BCD", (field) => prefixed(field, "bcd")],
  ["a length in ASCII", (field) => prefixed(field, "ascii")],
  ["a length in EBCDIC", (field) => prefixed(field, "cp037")],
  ["a binary length", binaryLength],
];

const lengthChanges: readonly Change[] = [
  ["a length of one digit less", (field) => prefixDigits(field, -1)],
  ["a length of one digit more", (field) => prefixDigits(field, 1)],
  ["text in EBCDIC", (field) => (isLatin(field.encoding) ? textIn(field, "cp037") : null)],
  ["text in ASCII", (field) => (isEbcdic(field.encoding) ? textIn(field, "ascii") : null)],
  ["digits in BCD", (field) => (isText(field.encoding) && field.content === "n" ? digitsIn(field, "bcd") : null)],
  ["digits as text", (field) => (isBcd(field.encoding) ? { ...field, encoding: "ascii" } : null)],
  ["one digit or character less", (field) => lengthened(field, -1)],
  ["one digit or character more", (field) => lengthened(field, 1)],
  ["bytes as they are", (field) => (isHex(field.encoding) ? { ...field, encoding: "binary" } : null)],
  [
    "bytes in hexadecimal text",
    (field) => (field.encoding === "binary" && !field.shape ? { ...field, encoding: "hex" } : null),
  ],
];

function otherBitmaps(bitmap: BitmapSpec): (readonly [string, BitmapSpec])[] {
  const others = (["binary", "hex", "hex-ebcdic"] as const).filter((encoding) => encoding !== bitmap.encoding);
  const names = { binary: "bitmaps in binary", hex: "bitmaps in hexadecimal text", "hex-ebcdic": "bitmaps in EBCDIC" };
  return others.map((encoding) => [names[encoding], { ...bitmap, encoding }]);
}

function textEverywhere(spec: DialectSpec, set: CharacterSet): DialectSpec {
  const { mti, bitmap } = spec;
  const own = isBcd(mti.encoding) ? mti : { encoding: set };
  const encoding = set === "ascii" ? "hex" : "hex-ebcdic";
  const bitmaps: BitmapSpec = bitmap.encoding === "binary" ? bitmap : { ...bitmap, encoding };
  return everyField({ ...spec, mti: own, bitmap: bitmaps }, (field) => textIn(field, set));
}

function everyField(spec: DialectSpec, alter: (field: FieldSpec) => FieldSpec): DialectSpec {
  const fields: Record<number, FieldSpec> = {};
  for (const [number, field] of Object.entries(spec.fields)) fields[Number(number)] = alter(field);
  return { ...spec, fields };
}

function textIn(field: FieldSpec, set: CharacterSet): FieldSpec {
  const shape = field.shape === undefined ? {} : { shape: shapeIn(field.shape, set) };
  const body = isText(field.encoding) ? { encoding: set } : {};
  const prefix = "prefix" in field && field.prefix !== undefined && isText(field.prefix.encoding);
  const length = prefix ? { prefix: { ...field.prefix, encoding: set } } : {};
  return { ...field, ...body, ...length, ...shape };
}

function shapeIn(shape: Shape, set: CharacterSet): Shape {
  switch (shape.kind) {
    case "tagged":
      return { ...shape, encoding: set, parts: each(shape.parts, (part) => textIn(part, set)) };
    case "sequence":
      return { ...shape, parts: shape.parts.map((part) => textIn(part, set)) };
    case "bitmapped":
      return { ...shape, parts: each(shape.parts, (part) => textIn(part, set)) };
    default:
      return shape;
  }
}

function each(
  parts: Readonly<Record<string, FieldSpec>>,
  alter: (part: FieldSpec) => FieldSpec,
): Record<string, FieldSpec> {
  return Object.fromEntries(Object.entries(parts).map(([key, part]) => [key, alter(part)]));
}

function digitsIn(field: FieldSpec, encoding: Bcd): FieldSpec {
  const isNumber = field.content === "n" || (field.content === "z" && isBcd(field.encoding));
  if (!isNumber || field.encoding.startsWith("zoned") || field.encoding === "utf-8") return field;
  return { ...field, encoding };
}

function counting(field: FieldSpec, counts: LengthPrefix["counts"]): FieldSpec | null {
  const isWide = isBcd(field.encoding) || isHex(field.encoding);
  if (!isWide || !("prefix" in field) || field.prefix === undefined || field.prefix.counts === counts) return null;
  return { ...field, prefix: { ...field.prefix, counts } };
}

function prefixed(field: FieldSpec, encoding: LengthPrefix["encoding"]): FieldSpec | null {
  if (!("prefix" in field) || field.prefix === undefined || field.prefix.encoding === encoding) return null;
  const size = field.max > 999 ? 4 : field.max > 99 ? 3 : 2;
  return { ...field, prefix: { ...field.prefix, encoding, size } };
}

function binaryLength(field: FieldSpec): FieldSpec | null {
  if (!("prefix" in field) || field.prefix === undefined || field.prefix.encoding === "binary") return null;
  return { ...field, prefix: { ...field.prefix, encoding: "binary", size: field.max > 255 ? 2 : 1 } };
}

const sizes = [1, 2, 3, 4, 5, 6] as const;

function prefixDigits(field: FieldSpec, more: 1 | -1): FieldSpec | null {
  if (!("prefix" in field) || field.prefix === undefined || field.prefix.encoding === "ber") return null;
  const size = sizes[field.prefix.size - 1 + more];
  if (size === undefined || (field.prefix.encoding === "binary" && size > 4)) return null;
  // Fewer digits allow no longer values, but more digits may.
  const max = more === 1 ? Math.max(field.max, 10 ** size - 1) : field.max;
  return { ...field, max, prefix: { ...field.prefix, size } };
}

function lengthened(field: FieldSpec, more: 1 | -1): FieldSpec | null {
  if (!("length" in field) || field.shape !== undefined || field.length + more < 1) return null;
  return { ...field, length: field.length + more };
}

function isText(encoding: Encoding | LengthPrefix["encoding"]): boolean {
  return isLatin(encoding) || isEbcdic(encoding);
}

function isLatin(encoding: string): boolean {
  return encoding === "ascii" || encoding === "latin1";
}

function isEbcdic(encoding: string): boolean {
  return encoding.startsWith("cp");
}

function isBcd(encoding: Encoding): boolean {
  return encoding.startsWith("bcd");
}

function isLeft(encoding: Encoding): boolean {
  return encoding.startsWith("bcd-left");
}

function isHex(encoding: Encoding): boolean {
  return encoding.startsWith("hex");
}
