import type { DialectSpec, FieldSpec, Positional, Shape } from "../../../specs/dialect.ts";
import { pick, type Random } from "../../../src/kernel/random.ts";
import { bytesOfUnits, isBcd, isHex } from "./body.ts";
import { byteOf, isCharacterSet } from "./character-sets.ts";
import { inSet, prefixBytes, randomBody } from "./random-bytes.ts";

/** Chance, and what it makes of composites: these hold fields, which hold composites. */
export interface Chance extends Random {
  /** The bytes inside a composite of that field. */
  composite(shape: Shape, field: FieldSpec): Uint8Array;
  /** A message as it stands inside a field, of at most so many fields. */
  nested(dialect: DialectSpec, fieldsMax: number): Uint8Array;
}

/** One field with its length or terminator; of several layouts any. */
export function randomField(random: Chance, field: FieldSpec): Uint8Array {
  const variant = field.variants === undefined || random.integer(3) !== 0 ? undefined : pick(random, field.variants);
  if (variant !== undefined) return randomField(random, variant.field);
  const { content, units } = randomWhole(random, field);
  if ("length" in field) return content;
  if ("terminator" in field) return Uint8Array.of(...content, terminatorOf(field));
  if (field.prefix === undefined) return content;
  const prefix = prefixBytes(field.prefix, field, units);
  if (field.isFilled !== true) return Uint8Array.of(...prefix, ...content);
  const filler = new Uint8Array(bytesOfUnits(field, field.max) - content.length).fill(
    isCharacterSet(field.encoding) ? 0x40 : 0,
  );
  const isLeft = field.pad?.side === "left";
  return Uint8Array.of(...prefix, ...(isLeft ? filler : content), ...(isLeft ? content : filler));
}

/** The content of a field without its length, and how many units that is. */
export function randomWhole(random: Chance, field: FieldSpec): { content: Uint8Array; units: number } {
  const { shape } = field;
  if (shape !== undefined && shape.kind !== "positional" && random.integer(30) !== 0) {
    const octets = random.composite(shape, field);
    const asText = isHex(field.encoding)
      ? inSet(field.encoding === "hex-ebcdic" ? "cp037" : "ascii", Buffer.from(octets).toString("hex").toUpperCase())
      : octets;
    return { content: asText, units: isBcd(field.encoding) ? 2 * octets.length : octets.length };
  }
  const units = shape?.kind === "positional" ? positionsEnd(random, field) : randomUnits(random, field);
  return {
    content: shape?.kind === "positional" ? positions(random, field, shape, units) : randomBody(random, field, units),
    units,
  };
}

/** Each part with the characters of its own; digits that share bytes are all digits. */
function positions(random: Chance, field: FieldSpec, { parts }: Positional, units: number): Uint8Array {
  if (!isCharacterSet(field.encoding)) return randomBody(random, field, units);
  const pieces: Uint8Array[] = [];
  let left = units;
  for (const { content, length } of parts) {
    pieces.push(randomBody(random, { ...field, content }, Math.min(length, left)));
    left -= Math.min(length, left);
  }
  if (left > 0) pieces.push(randomBody(random, field, left));
  return new Uint8Array(Buffer.concat(pieces));
}

function randomUnits(random: Chance, field: FieldSpec): number {
  if ("length" in field) return field.length;
  const least = field.min ?? 0;
  const most = Math.min(field.max, least + 40);
  const slip = random.integer(80) === 0 ? 1 : 0;
  const units = pick(random, [least, most, least + random.integer(most - least + 1)]) + slip;
  return countsBytes(field) && isBcd(field.encoding) ? evenly(field, units) : units;
}

function countsBytes(field: FieldSpec): boolean {
  return "prefix" in field && field.prefix?.counts === "bytes";
}

/** Where bytes are counted, whole bytes of digits. */
function evenly(field: FieldSpec, units: number): number {
  const isOdd = (field.content === "x+n" ? units + 1 : units) % 2 === 1;
  return isOdd && units > 0 ? units - 1 : units;
}

function positionsEnd(random: Chance, field: FieldSpec): number {
  if ("length" in field || field.shape?.kind !== "positional") return randomUnits(random, field);
  const { parts } = field.shape;
  const count = pick(random, [parts.length, random.integer(parts.length + 1)]);
  const units = parts.slice(0, count).reduce((sum, part) => sum + part.length, 0);
  const cut = random.integer(4) === 0 ? random.integer(3) : 0;
  const wanted = Math.min(Math.max(units - cut, field.min ?? 0), field.max);
  return countsBytes(field) && isBcd(field.encoding) ? evenly(field, wanted) : wanted;
}

function terminatorOf(field: FieldSpec & { terminator: string }): number {
  return isCharacterSet(field.encoding) ? byteOf(field.encoding, field.terminator) : 0;
}
