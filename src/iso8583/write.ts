import { EncodeError } from "./faults.ts";
import { allocate, fromHexText } from "./octets.ts";
import { type FieldPlan, type PrefixPlan, body } from "./plan.ts";

/** The content of a field or part, without length or tag, and how many digits, characters or bytes it has. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly units: number;
}

/** Characters to bytes. The length is checked here, the classes when the element is read back. */
export function writeContent(plan: FieldPlan, path: string, value: string): Content {
  const mayBeOctets = plan.body === body.bytes || plan.body === body.hex || plan.content === "any";
  if (mayBeOctets && value.startsWith("hex:")) return writeOctets(plan, path, value.slice("hex:".length));
  if (plan.body === body.bytes || plan.body === body.hex) {
    throw new EncodeError("content_invalid", path, 'bytes, written "hex:…"');
  }
  const units = value.length;
  if (units < plan.min || units > plan.max) throw lengthError(plan, path);
  if (plan.body === body.bcd) return { bytes: writeDigits(plan, path, value), units };
  const bytes = allocate(units);
  for (let i = 0; i < units; i++) {
    const code = value.charCodeAt(i);
    if (code > 0xff) throw new EncodeError("content_invalid", path, plan.content);
    bytes[i] = plan.code.fromLatin[code] ?? 0;
  }
  return { bytes, units };
}

function writeOctets(plan: FieldPlan, path: string, hex: string): Content {
  const octets = fromHexText(hex);
  if (octets === null) throw new EncodeError("content_invalid", path, "hexadecimal digits, two a byte");
  if (octets.length < plan.min || octets.length > plan.max) throw lengthError(plan, path);
  if (plan.body !== body.hex) return { bytes: octets, units: octets.length };
  const characters = Uint8Array.from(hex.toUpperCase(), (character) => character.charCodeAt(0));
  return { bytes: characters, units: octets.length };
}

/** Right-aligned: an odd count has a zero nibble in front. */
function writeDigits(plan: FieldPlan, path: string, value: string): Uint8Array {
  const shift = value.length & 1;
  // Counted in bytes, an odd digit would come back with a zero that nobody set.
  if (shift === 1 && plan.prefix?.multiply === 2) throw new EncodeError("length_out_of_range", path, "an even count");
  const bytes = new Uint8Array((value.length + 1) >> 1);
  for (let i = 0; i < value.length; i++) {
    const character = value.charCodeAt(i);
    const isSeparator = plan.content === "z" && (character === 0x3d || character === 0x44);
    const digit = isSeparator ? 0x0d : character - 0x30;
    if (digit < 0 || (digit > 9 && !isSeparator)) throw new EncodeError("content_invalid", path, plan.content);
    const at = (i + shift) >> 1;
    bytes[at] = (bytes[at] ?? 0) | ((i + shift) % 2 === 0 ? digit << 4 : digit);
  }
  return bytes;
}

export function lengthError(plan: FieldPlan, path: string): EncodeError {
  const length = plan.min === plan.max ? String(plan.max) : `${plan.min} to ${plan.max}`;
  return new EncodeError("length_out_of_range", path, `${length} ${plan.content}`);
}

/** The bytes of a field or part with the length prefix of its plan, where it has one. */
export function withPrefix(plan: FieldPlan, content: Content): Uint8Array {
  const { prefix } = plan;
  if (prefix === null) return content.bytes;
  const count = (content.units * prefix.divide) / prefix.multiply;
  if (count > prefix.countMax || content.units > plan.max) throw lengthError(plan, plan.path);
  const bytes = allocate(prefix.bytes + content.bytes.length);
  bytes.set(content.bytes, prefix.bytes);
  writeCount(prefix, bytes, count);
  return bytes;
}

function writeCount(prefix: PrefixPlan, bytes: Uint8Array, count: number): void {
  const base = prefix.code !== null ? 10 : prefix.isBcd ? 100 : 256;
  let left = count;
  for (let i = prefix.bytes - 1; i >= 0; i--) {
    const digit = left % base;
    left = (left - digit) / base;
    if (prefix.code !== null) bytes[i] = prefix.code.fromLatin[0x30 + digit] ?? 0;
    else bytes[i] = prefix.isBcd ? (Math.floor(digit / 10) << 4) | (digit % 10) : digit;
  }
}
