import { EncodeError } from "./faults.ts";
import { allocate, fromHexText, nibble } from "./octets.ts";
import { padded } from "./pad.ts";
import { type Built, type FieldPlan, type PrefixPlan, body, bytesOf, unitsMax } from "./plan.ts";
import { prefixBytes, writeCount } from "./prefix.ts";

/** Characters to bytes. The length is checked here, the classes when the element is read back. */
export function writeContent(plan: FieldPlan, path: string, given: string): Built {
  const value = padded(plan, given);
  if (takesOctets(plan) && value.startsWith("hex:")) return writeOctets(plan, path, value.slice("hex:".length));
  switch (plan.body) {
    case body.text:
      return writeText(plan, path, value);
    case body.bcd:
      return writeNibbles(plan, path, value);
    case body.zoned:
      return writeZoned(plan, path, value);
    case body.utf8:
      return writeUtf8(plan, path, value);
    case body.amountBcd:
      return writeAmount(plan, path, value);
    case body.bytes:
    case body.hex:
      throw new EncodeError("content_invalid", path, 'bytes, written "hex:…"');
  }
}

/** Whether a value "hex:…" is octets here, and not a text that begins so. */
export function takesOctets(plan: FieldPlan): boolean {
  return plan.body === body.bytes || plan.body === body.hex || plan.content === "any";
}

function checkUnits(plan: FieldPlan, path: string, units: number): void {
  if (units < plan.min || units > unitsMax(plan)) throw lengthError(plan, path);
}

function writeText(plan: FieldPlan, path: string, value: string): Built {
  const units = value.length;
  checkUnits(plan, path, units);
  const bytes = allocate(units);
  for (let i = 0; i < units; i++) {
    const code = value.charCodeAt(i);
    if (code > 0xff) throw new EncodeError("content_invalid", path, plan.content);
    bytes[i] = plan.code.fromLatin[code] ?? 0;
  }
  if (plan.terminator >= 0 && bytes.includes(plan.terminator)) {
    throw new EncodeError("content_invalid", path, "a value without the character that ends it");
  }
  return { bytes, units };
}

function writeOctets(plan: FieldPlan, path: string, hex: string): Built {
  const octets = fromHexText(hex);
  if (octets === null) throw new EncodeError("content_invalid", path, "hexadecimal digits, two a byte");
  checkUnits(plan, path, octets.length);
  return plan.body === body.hex ? hexCharacters(plan, octets) : { bytes: octets, units: octets.length };
}

/** Bytes as the hexadecimal characters of a field. */
export function hexCharacters(plan: FieldPlan, octets: Uint8Array): Built {
  const bytes = allocate(2 * octets.length);
  const letters = plan.isLowerHex ? 0x57 : 0x37;
  for (let i = 0; i < bytes.length; i++) {
    const octet = octets[i >> 1] ?? 0;
    const digit = (i & 1) === 0 ? octet >> 4 : octet & 0x0f;
    bytes[i] = plan.code.fromLatin[digit < 10 ? 0x30 + digit : letters + digit] ?? 0;
  }
  return { bytes, units: octets.length };
}

function writeNibbles(plan: FieldPlan, path: string, value: string): Built {
  checkUnits(plan, path, value.length);
  // Counted in bytes, an odd digit would come back with a nibble that nobody set.
  if ((value.length & 1) === 1 && plan.prefix?.counts === "bytes") {
    throw new EncodeError("length_out_of_range", path, "an even count");
  }
  const bytes = new Uint8Array((value.length + 1) >> 1);
  writeDigits(plan, path, value, bytes);
  return { bytes, units: value.length };
}

/** Digits into nibbles, to the left or to the right of a spare one. */
function writeDigits(plan: FieldPlan, path: string, value: string, bytes: Uint8Array): void {
  const isOdd = (value.length & 1) === 1;
  const shift = isOdd && !plan.isLeftAligned ? 1 : 0;
  for (let i = 0; i < value.length; i++) putNibble(bytes, i + shift, digitOf(plan, path, value.charCodeAt(i)));
  if (isOdd) putNibble(bytes, plan.isLeftAligned ? value.length : 0, plan.spareNibble);
}

function putNibble(bytes: Uint8Array, index: number, value: number): void {
  const at = index >> 1;
  bytes[at] = (bytes[at] ?? 0) | ((index & 1) === 0 ? value << 4 : value);
}

/** The nibble of a digit, of a separator of track 2, or of filler. */
export function digitOf(plan: FieldPlan, path: string, character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  if (plan.content === "z" && (character === 0x3d || character === 0x44)) return 0x0d;
  if (plan.pad !== null && character === plan.pad.code) return nibble(character);
  throw new EncodeError("content_invalid", path, plan.content);
}

/** A letter in one byte, then digits. */
function writeAmount(plan: FieldPlan, path: string, value: string): Built {
  checkUnits(plan, path, value.length);
  const bytes = new Uint8Array(bytesOf(plan, value.length));
  if (value.length === 0) return { bytes, units: 0 };
  const letter = value.charCodeAt(0);
  if (letter > 0xff) throw new EncodeError("content_invalid", path, plan.content);
  bytes[0] = plan.code.fromLatin[letter] ?? 0;
  writeDigits(plan, path, value.slice(1), bytes.subarray(1));
  return { bytes, units: value.length };
}

/** "-0123" is 012L: the sign stands over the last digit. */
function writeZoned(plan: FieldPlan, path: string, value: string): Built {
  const sign = value.charAt(0);
  const isSigned = sign === "+" || sign === "-";
  const digits = isSigned ? value.slice(1) : value;
  if (!isSigned) return writeText(plan, path, digits);
  const last = digits.charCodeAt(digits.length - 1) - 0x30;
  if (!(last >= 0 && last <= 9)) throw new EncodeError("content_invalid", path, "a sign, then digits");
  const overpunched = (sign === "+" ? "{ABCDEFGHI" : "}JKLMNOPQR").charAt(last);
  return writeText(plan, path, digits.slice(0, -1) + overpunched);
}

function writeUtf8(plan: FieldPlan, path: string, value: string): Built {
  const bytes = new TextEncoder().encode(value);
  checkUnits(plan, path, bytes.length);
  return { bytes, units: bytes.length };
}

export function lengthError(plan: FieldPlan, path: string): EncodeError {
  const length = plan.min === plan.max ? String(plan.max) : `${plan.min} to ${plan.max}`;
  return new EncodeError("length_out_of_range", path, `${length} ${plan.content}`);
}

/** The bytes of a field or part with what its plan puts around it: length prefix, filler, terminator. */
export function withPrefix(plan: FieldPlan, path: string, content: Built): Uint8Array {
  const { prefix } = plan;
  const length = content.bytes.length;
  if (plan.terminator >= 0) {
    const ended = allocate(length + 1);
    ended.set(content.bytes);
    ended[length] = plan.terminator;
    return ended;
  }
  if (prefix === null) return content.bytes;
  if (content.units < plan.min || content.units > unitsMax(plan)) throw lengthError(plan, path);
  const counted = countOf(prefix, content.units, length);
  const own = prefix.own > 0 ? inclusiveBytes(prefix, counted) : prefixBytes(prefix, counted);
  const count = prefix.own > 0 ? counted + own : counted;
  if (count > prefix.countMax) throw lengthError(plan, path);
  const end = own + (plan.isFilled ? bytesOf(plan, plan.max) : length);
  const bytes = allocate(end);
  writeCount(prefix, bytes, 0, count);
  bytes.set(content.bytes, own);
  if (end > own + length) bytes.fill(fillerOf(plan), own + length, end);
  return bytes;
}

// A BER length that counts itself may need a byte more for doing so.
function inclusiveBytes(prefix: PrefixPlan, counted: number): number {
  return prefixBytes(prefix, counted + prefixBytes(prefix, counted));
}

/** What a prefix says of a content. */
export function countOf(prefix: PrefixPlan, units: number, bytes: number): number {
  if (prefix.counts === "units") return units;
  return prefix.counts === "bytes" ? bytes : 2 * units;
}

/** The byte that fills a filled field up behind its value: nobody looks at it, but it is not to be a secret of ours. */
function fillerOf(plan: FieldPlan): number {
  const code = plan.pad?.code;
  switch (plan.body) {
    case body.bytes:
      return code ?? 0;
    case body.bcd:
    case body.amountBcd:
      return code === undefined ? 0 : (nibble(code) << 4) | nibble(code);
    case body.text:
    case body.utf8:
      return plan.code.fromLatin[code ?? (plan.content === "n" ? 0x30 : 0x20)] ?? 0;
    case body.hex:
    case body.zoned:
      return plan.code.fromLatin[0x30] ?? 0;
  }
}
