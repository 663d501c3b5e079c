import { assert } from "../kernel/assert.ts";

/**
 * How messages are told apart on a stream. Multi-byte numbers are big-endian; unless said otherwise a length counts the
 * message only.
 *
 *   two-byte-length      | 00 c1 | message …
 *   two-byte-inclusive   | 00 c3 | message …          the length counts its own two bytes
 *   two-byte-bcd         | 01 93 | message …          four decimal digits
 *   three-byte-length    | 00 00 c1 | message …
 *   four-byte-length     | 00 00 00 c1 | message …
 *   zeros-two-byte       | 00 00 | 00 c1 | message …  the zeros have to be zero
 *   vli                  | 00 c1 | 00 00 | message …  the last two bytes are zero in front of a message
 *   ascii-digits-4       | "0193" | message …         other counts of digits: `asciiDigits`
 *   hex-4                | "00C1" | message …         ASCII, upper case; lower case is read, too
 *   etx                  | message … | 03             for messages of text, in which no byte is 03
 *   two-byte-etx         | 00 c2 | message … | 03     the length counts the 03
 *
 * An empty message is a keep-alive, in each of them. With vli the two bytes behind its length may carry flags of the
 * session and are not looked at; with an inclusive length a zero is one, too.
 */
export interface Framing {
  readonly name: string;
  /** Bytes in front of a message. */
  readonly headerBytes: number;
  /** How the length is written; none: the trailer alone ends a message. */
  readonly length: "binary" | "bcd" | "digits" | "hex" | "none";
  readonly lengthAt: number;
  readonly lengthBytes: number;
  /** What the length counts beyond the message. */
  readonly own: number;
  /** Header bytes that are zero in front of a message. */
  readonly zeros: { readonly from: number; readonly to: number } | null;
  /** The byte behind a message; null where there is none. */
  readonly trailer: number | null;
}

const bare = { lengthAt: 0, own: 0, zeros: null, trailer: null } as const;
const etx = 0x03;

export const framings = {
  "two-byte-length": { ...bare, name: "two-byte-length", headerBytes: 2, length: "binary", lengthBytes: 2 },
  "two-byte-inclusive": {
    ...bare,
    name: "two-byte-inclusive",
    headerBytes: 2,
    length: "binary",
    lengthBytes: 2,
    own: 2,
  },
  "two-byte-bcd": { ...bare, name: "two-byte-bcd", headerBytes: 2, length: "bcd", lengthBytes: 2 },
  "three-byte-length": { ...bare, name: "three-byte-length", headerBytes: 3, length: "binary", lengthBytes: 3 },
  "four-byte-length": { ...bare, name: "four-byte-length", headerBytes: 4, length: "binary", lengthBytes: 4 },
  "zeros-two-byte": {
    ...bare,
    name: "zeros-two-byte",
    headerBytes: 4,
    length: "binary",
    lengthAt: 2,
    lengthBytes: 2,
    zeros: { from: 0, to: 2 },
  },
  vli: { ...bare, name: "vli", headerBytes: 4, length: "binary", lengthBytes: 2, zeros: { from: 2, to: 4 } },
  "ascii-digits-4": { ...bare, name: "ascii-digits-4", headerBytes: 4, length: "digits", lengthBytes: 4 },
  "hex-4": { ...bare, name: "hex-4", headerBytes: 4, length: "hex", lengthBytes: 4 },
  etx: { ...bare, name: "etx", headerBytes: 0, length: "none", lengthBytes: 0, trailer: etx },
  "two-byte-etx": {
    ...bare,
    name: "two-byte-etx",
    headerBytes: 2,
    length: "binary",
    lengthBytes: 2,
    own: 1,
    trailer: etx,
  },
} as const satisfies Record<string, Framing>;
export type FramingName = keyof typeof framings;

/** A length of so many ASCII digits, 1 to 8. */
export function asciiDigits(digits: number): Framing {
  assert(Number.isInteger(digits) && digits >= 1 && digits <= 8, "a length of 1 to 8 digits");
  return { ...bare, name: `ascii-digits-${digits}`, headerBytes: digits, length: "digits", lengthBytes: digits };
}

/** The framing of a name, "ascii-digits-6" too; null where there is none. */
export function framingNamed(name: string): Framing | null {
  for (const framing of Object.values(framings)) if (framing.name === name) return framing;
  const digits = /^ascii-digits-([1-8])$/.exec(name);
  return digits === null ? null : asciiDigits(Number(digits[1]));
}

/** The longest message that a framing can tell, in bytes. */
export function framedBytesMax(framing: Framing): number {
  return lengthMax(framing) - framing.own;
}

/** A message in a frame: one buffer with the header in front. */
export function frame(framing: Framing, message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(framing.headerBytes + message.length);
  bytes.set(message, framing.headerBytes);
  return sealFrame(framing, bytes);
}

/**
 * Writes the header into the headroom that the encoder has left: `sealFrame(f, codec.encode(message, f.headerBytes))`.
 * The same bytes, or where the framing has a trailer new ones that end in it.
 */
export function sealFrame(framing: Framing, bytes: Uint8Array): Uint8Array {
  const { headerBytes, lengthAt, lengthBytes, trailer } = framing;
  let length = bytes.length - headerBytes + framing.own;
  assert(length >= framing.own && length <= lengthMax(framing), "frame beyond what its length can tell");
  const base = bases[framing.length];
  for (let at = lengthAt + lengthBytes - 1; at >= lengthAt; at--) {
    bytes[at] = digitByte(framing, length % base);
    length = Math.floor(length / base);
  }
  if (trailer === null) return bytes;
  const ended = new Uint8Array(bytes.length + 1);
  ended.set(bytes);
  ended[bytes.length] = trailer;
  return ended;
}

const bases = { binary: 256, bcd: 100, digits: 10, hex: 16, none: 1 } as const;

function digitByte(framing: Framing, digit: number): number {
  switch (framing.length) {
    case "bcd":
      return (Math.floor(digit / 10) << 4) | (digit % 10);
    case "digits":
      return 0x30 + digit;
    case "hex":
      return digit < 10 ? 0x30 + digit : 0x37 + digit;
    case "binary":
    case "none":
      return digit;
  }
}

function lengthMax(framing: Framing): number {
  return framing.length === "none" ? Number.MAX_SAFE_INTEGER : bases[framing.length] ** framing.lengthBytes - 1;
}

export function keepAliveFrame(framing: Framing): Uint8Array {
  return sealFrame(framing, new Uint8Array(framing.headerBytes));
}
