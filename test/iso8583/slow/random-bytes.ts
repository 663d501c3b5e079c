import { pick, type Random } from "../../../src/kernel/random.ts";
import type { CharacterSet, Content, FieldSpec, LengthPrefix } from "../../../specs/dialect.ts";
import { bytesOfUnits, isBcd, isHex } from "./body.ts";
import { byteOf, isCharacterSet } from "./character-sets.ts";

const digits = "0123456789";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const specials = " .,-/'&*#@!";
const accents = "éÄ[]^|¬";

/** `units` random digits, characters or bytes of the field's content, as they stand on the wire. */
export function randomBody(random: Random, field: FieldSpec, units: number): Uint8Array {
  const { encoding, content } = field;
  if (encoding === "binary") return random.bytes(units);
  if (isHex(encoding)) return hexCharacters(random, encoding, units);
  if (encoding === "utf-8") return new TextEncoder().encode(textOf(random, content, units));
  if (encoding === "zoned-ascii" || encoding === "zoned-ebcdic") {
    const set = encoding === "zoned-ascii" ? "ascii" : "cp037";
    const last = units === 0 ? "" : pick(random, Array.from("{ABCDEFGHI}JKLMNOPQR0123456789"));
    return inSet(set, textOf(random, "n", Math.max(units - 1, 0)) + last);
  }
  if (isCharacterSet(encoding)) {
    const extra =
      content === "ans" && encoding !== "ascii" && random.integer(4) === 0 ? pick(random, Array.from(accents)) : "";
    const text =
      extra === "" || units === 0 ? textOf(random, content, units) : textOf(random, content, units - 1) + extra;
    return content === "any" && random.integer(8) === 0 ? random.bytes(units) : inSet(encoding, text);
  }
  return packed(random, field, units);
}

function textOf(random: Random, content: Content, units: number): string {
  const of = (alphabet: string, count: number): string =>
    Array.from({ length: count }, () => pick(random, Array.from(alphabet))).join("");
  if (units === 0) return "";
  switch (content) {
    case "n":
      return of(digits, units);
    case "a":
      return of(letters, units);
    case "an":
      return of(digits + letters, units);
    case "anp":
      return of(`${digits}${letters} `, units);
    case "z":
      return withSeparator(random, of(digits, units));
    case "x+n":
      return pick(random, ["C", "D"]) + of(digits, units - 1);
    default:
      return of(digits + letters + specials, units);
  }
}

function withSeparator(random: Random, text: string): string {
  const at = random.integer(text.length);
  return text.slice(0, at) + pick(random, ["=", "=", "D"]) + text.slice(at + 1);
}

export function inSet(set: CharacterSet, text: string): Uint8Array {
  return Uint8Array.from(text, (character) => byteOf(set, character));
}

function hexCharacters(random: Random, encoding: string, units: number): Uint8Array {
  const text = Buffer.from(random.bytes(units)).toString("hex");
  if (encoding === "hex-ebcdic") return inSet("cp037", random.integer(4) === 0 ? text : text.toUpperCase());
  return inSet("ascii", random.integer(2) === 0 ? text : text.toUpperCase());
}

function packed(random: Random, field: FieldSpec, units: number): Uint8Array {
  if (!isBcd(field.encoding) || units === 0) return new Uint8Array();
  if (field.content === "x+n") {
    const rest = packed(random, { ...field, content: "n" }, units - 1);
    return Uint8Array.of(byteOf(field.letter ?? "ascii", pick(random, ["C", "D"])), ...rest);
  }
  const text = textOf(random, field.content, units).replaceAll("=", "D");
  const filler = field.encoding.endsWith("-f") ? "F" : "0";
  if (units % 2 === 0) return Buffer.from(text, "hex");
  const endsWithF =
    field.content === "z" && field.encoding === "bcd" && random.integer(4) === 0 && !text.startsWith("0");
  if (endsWithF) return Buffer.from(`${text}F`, "hex");
  return Buffer.from(field.encoding.startsWith("bcd-left") ? text + filler : filler + text, "hex");
}

/** What a prefix says of a body, as it stands on the wire. */
export function prefixBytes(prefix: LengthPrefix, field: FieldSpec, units: number): Uint8Array {
  const { encoding, size, counts } = prefix;
  const width = encoding === "bcd" ? Math.ceil(size / 2) : size;
  const bytes = bytesOfUnits(field, units);
  const counted = counts === "bytes" || isCharacterSet(field.encoding) ? bytes : isHex(field.encoding) ? bytes : units;
  const inHex = isHex(field.encoding) && counts === "bytes" ? units : counted;
  const told = inHex + (prefix.isInclusive === true ? width : 0);
  if (encoding === "ber") return berLength(told);
  if (encoding === "binary") return bigEndian(told, size);
  if (encoding === "bcd") return Buffer.from(String(told).padStart(2 * width, "0"), "hex");
  if (encoding === "hex" || encoding === "hex-lower")
    return inSet("ascii", told.toString(16).toUpperCase().padStart(size, "0"));
  if (encoding === "hex-ebcdic") return inSet("cp037", told.toString(16).toUpperCase().padStart(size, "0"));
  return inSet(encoding, String(told).padStart(size, "0"));
}

export function bigEndian(value: number, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, at) => Math.floor(value / 256 ** (size - 1 - at)) % 256);
}

export function berLength(count: number, least = 0): Uint8Array {
  if (count < 0x80 && least === 0) return Uint8Array.of(count);
  const size = Math.max(least, count > 0xffff ? 3 : count > 0xff ? 2 : 1);
  return Uint8Array.of(0x80 | size, ...bigEndian(count, size));
}
