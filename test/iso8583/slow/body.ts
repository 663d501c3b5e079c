import type { Bcd, CharacterSet, Encoding, FieldSpec, HexText, LengthPrefix } from "../../../specs/dialect.ts";
import { characterOf, isCharacterSet, isOf } from "./character-sets.ts";
import { type Body, hexOf, refuse } from "./reading.ts";

export function isBcd(encoding: Encoding): encoding is Bcd {
  return encoding.startsWith("bcd");
}

export function isHex(encoding: Encoding): encoding is HexText {
  return encoding.startsWith("hex");
}

/** Bytes that so many digits, characters or bytes of a field take. */
export function bytesOfUnits({ encoding, content }: FieldSpec, units: number): number {
  if (isHex(encoding)) return 2 * units;
  if (!isBcd(encoding)) return units;
  if (content === "x+n") return units === 0 ? 0 : 1 + Math.ceil((units - 1) / 2);
  return Math.ceil(units / 2);
}

/** Digits, characters or bytes in so many bytes, where nothing but the bytes tells it. */
export function unitsOfBytes({ encoding, content }: FieldSpec, bytes: number, path: string): number {
  if (isHex(encoding)) return bytes % 2 === 0 ? bytes / 2 : refuse(path, "half a byte of hexadecimal text");
  if (!isBcd(encoding)) return bytes;
  return content === "x+n" && bytes > 0 ? 2 * bytes - 1 : 2 * bytes;
}

export function readBody(field: FieldSpec, bytes: Uint8Array, units: number, path: string): Body {
  const { encoding } = field;
  if (encoding === "binary") return { value: `hex:${hexOf(bytes)}`, octets: bytes };
  if (isHex(encoding)) {
    const octets = octetsOf(encoding, bytes, path);
    return { value: `hex:${hexOf(octets)}`, octets };
  }
  if (field.content === "any" && !isPrintable(encoding, bytes)) return { value: `hex:${hexOf(bytes)}`, octets: bytes };
  const value = trimmed(field, textOf(field, bytes, units, path));
  // What lies in a composite says for itself what it may hold, except where it is one text cut by place.
  const isChecked = field.shape === undefined || field.shape.kind === "positional";
  const plain = encoding.startsWith("zoned") ? value.replace(/^[+-]/, "") : value;
  if (isChecked && !isOf(field.content, plain)) refuse(path, `not ${field.content}`);
  return { value, octets: bytes };
}

/** Bytes that are written as hexadecimal characters. */
export function octetsOf(encoding: HexText, bytes: Uint8Array, path: string): Uint8Array {
  const set = encoding === "hex-ebcdic" ? "cp037" : "ascii";
  const digits = [...bytes].map((byte) => characterOf(set, byte) ?? "?").join("");
  if (digits.length % 2 !== 0 || !/^[0-9A-Fa-f]*$/.test(digits)) refuse(path, "no hexadecimal text");
  return new Uint8Array(Buffer.from(digits, "hex"));
}

function isPrintable(encoding: Encoding, bytes: Uint8Array): boolean {
  if (encoding === "utf-8") return utf8Of(bytes) !== null;
  return !isCharacterSet(encoding) || [...bytes].every((byte) => characterOf(encoding, byte) !== undefined);
}

function textOf(field: FieldSpec, bytes: Uint8Array, units: number, path: string): string {
  const { encoding } = field;
  if (encoding === "utf-8") return utf8Of(bytes) ?? refuse(path, "no printable UTF-8");
  if (isBcd(encoding)) return digitsOf(field, bytes, units, path);
  if (encoding === "zoned-ascii" || encoding === "zoned-ebcdic") return zonedOf(encoding, bytes, path);
  if (!isCharacterSet(encoding)) return refuse(path, `no text in ${encoding}`);
  const isComposite = field.shape !== undefined && field.shape.kind !== "positional";
  const text = [...bytes].map(
    (byte) => characterOf(encoding, byte) ?? (isComposite ? "?" : refuse(path, "unprintable")),
  );
  return text.join("");
}

function utf8Of(bytes: Uint8Array): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return /\p{Cc}/u.test(text) ? null : text;
  } catch {
    return null;
  }
}

function digitsOf(field: FieldSpec, bytes: Uint8Array, units: number, path: string): string {
  if (field.content !== "x+n") return nibblesOf(field, bytes, units, path);
  if (units === 0) return "";
  const letter = characterOf(field.letter ?? "ascii", bytes[0] ?? 0) ?? refuse(path, "no letter");
  return letter + nibblesOf({ ...field, content: "n" }, bytes.subarray(1), units - 1, path);
}

/** The digits of BCD without the nibble that an odd count leaves over. */
function nibblesOf({ encoding, content }: FieldSpec, bytes: Uint8Array, units: number, path: string): string {
  const nibbles = hexOf(bytes).toUpperCase();
  const all = content === "z" ? nibbles.replaceAll("D", "=") : nibbles;
  // Track 2 may end with an F in place of its last digit, whatever its length says.
  const isEndedEarly = content === "z" && encoding === "bcd" && all.endsWith("F");
  if (all.length === units) return isEndedEarly ? all.slice(0, -1) : all;
  const [first, last] = [all[0], all.at(-1)];
  switch (encoding) {
    case "bcd":
      // An F behind leaves no digit over, so that a zero in front is one of the track.
      if (isEndedEarly) return all.slice(0, -1);
      return first === "0" ? all.slice(1) : refuse(path, "no zero in front");
    case "bcd-f":
      return first === "F" ? all.slice(1) : refuse(path, "no F in front");
    case "bcd-left":
      return last === "0" ? all.slice(0, -1) : refuse(path, "no zero behind");
    default:
      return last === "F" ? all.slice(0, -1) : refuse(path, "no F behind");
  }
}

function zonedOf(encoding: "zoned-ascii" | "zoned-ebcdic", bytes: Uint8Array, path: string): string {
  const set: CharacterSet = encoding === "zoned-ascii" ? "ascii" : "cp037";
  const text = [...bytes].map((byte) => characterOf(set, byte) ?? "?").join("");
  const last = text.at(-1) ?? "";
  const plus = "{ABCDEFGHI".indexOf(last);
  const minus = "}JKLMNOPQR".indexOf(last);
  if (last !== "" && plus >= 0) return `+${text.slice(0, -1)}${plus}`;
  if (last !== "" && minus >= 0) return `-${text.slice(0, -1)}${minus}`;
  return /^[0-9]*$/.test(text) ? text : refuse(path, "no digits");
}

/** Takes away what a value was filled up with, where the field says so. */
function trimmed(field: FieldSpec, text: string): string {
  const { pad } = field;
  if (pad?.isTrimmed !== true) return text;
  const isFixed = "length" in field;
  const cut = (value: string): string => (pad.side === "left" ? value.slice(1) : value.slice(0, -1));
  const isFilled = (value: string): boolean =>
    pad.side === "left" ? value.startsWith(pad.with) : value.endsWith(pad.with);
  if (pad.to === "even") return text.length % 2 === 0 && isFilled(text) ? cut(text) : text;
  const least = field.content === "n" ? 1 : 0;
  let value = text;
  while (isFixed && value.length > least && isFilled(value)) value = cut(value);
  return value;
}

export interface Prefix {
  /** Of the prefix itself. */
  readonly size: number;
  /** What it says, without its own bytes. */
  readonly count: number;
}

export function readPrefix(prefix: LengthPrefix, bytes: Uint8Array, path: string): Prefix {
  const { encoding, size } = prefix;
  const take = (count: number): Uint8Array =>
    bytes.length >= count ? bytes.subarray(0, count) : refuse(path, "ends inside its length");
  if (encoding === "ber") return berLength(bytes, size, path);
  const width = encoding === "bcd" ? Math.ceil(size / 2) : size;
  const told = numberOf(prefix, take(width), path);
  const count = prefix.isInclusive === true ? told - width : told;
  return count >= 0 ? { size: width, count } : refuse(path, "a length below its own");
}

function numberOf({ encoding, size }: LengthPrefix, bytes: Uint8Array, path: string): number {
  if (encoding === "binary") return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  const digits = encoding === "bcd" ? hexOf(bytes) : lettersOf(encoding, bytes);
  const isNumber = isHexName(encoding) ? /^[0-9A-Fa-f]+$/.test(digits) : /^[0-9]+$/.test(digits);
  if (!isNumber || (encoding === "bcd" && !digits.startsWith("0") && size % 2 === 1))
    refuse(path, "no digits in its length");
  return Number.parseInt(digits, isHexName(encoding) ? 16 : 10);
}

function isHexName(encoding: LengthPrefix["encoding"]): encoding is HexText {
  return encoding.startsWith("hex");
}

function lettersOf(encoding: LengthPrefix["encoding"], bytes: Uint8Array): string {
  const set = encoding === "hex-ebcdic" ? "cp037" : isHexName(encoding) ? "ascii" : encoding;
  if (set === "bcd" || set === "binary" || set === "ber") return "";
  return [...bytes].map((byte) => characterOf(set, byte) ?? "?").join("");
}

/** Up to 127 in one byte, else 81 to 83 and as many bytes; `most` bytes in all. */
export function berLength(bytes: Uint8Array, most: number, path: string): Prefix {
  const [first] = bytes;
  if (first === undefined) return refuse(path, "no length");
  if (first < 0x80) return { size: 1, count: first };
  const size = 1 + (first & 0x7f);
  if (first === 0x80 || size > most || bytes.length < size) refuse(path, "no length of BER");
  return { size, count: bytes.subarray(1, size).reduce((sum, byte) => sum * 256 + byte, 0) };
}
