import { type Random, pick } from "../../src/kernel/random.ts";

/** Bytes that lengths, tags and bitmaps turn on: the least, the most, signs of BER, digits at either end. */
const tellingBytes = [
  0x00, 0x01, 0x0f, 0x10, 0x1f, 0x30, 0x39, 0x7f, 0x80, 0x81, 0x82, 0x83, 0x84, 0x99, 0xe1, 0xf0, 0xf9, 0xff,
];

/** One of the frames, damaged in one to four ways; at most `frameBytesMax` bytes. */
export function mutatedFrame(random: Random, frames: readonly Uint8Array[], frameBytesMax: number): Uint8Array {
  let bytes: Uint8Array = pick(random, frames).slice();
  const changes = 1 + random.integer(4);
  for (let i = 0; i < changes; i++) bytes = mutated(random, bytes, frames);
  return bytes.length > frameBytesMax ? bytes.subarray(0, frameBytesMax) : bytes;
}

function mutated(random: Random, bytes: Uint8Array, frames: readonly Uint8Array[]): Uint8Array {
  const at = random.integer(bytes.length + 1);
  switch (random.integer(8)) {
    case 0:
      return withByte(bytes, at, random.integer(256));
    case 1:
      return withByte(bytes, at, pick(random, tellingBytes));
    case 2:
      return withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << random.integer(8)));
    case 3:
      return bytes.subarray(0, at);
    case 4:
      return joined(bytes.subarray(0, at), random.bytes(1 + random.integer(8)), bytes.subarray(at));
    case 5:
      return joined(bytes.subarray(0, at), pick(random, frames).subarray(random.integer(bytes.length + 1)));
    case 6:
      return repeated(random, bytes, at);
    default:
      return joined(bytes.subarray(0, at), bytes.subarray(Math.min(at + 1 + random.integer(6), bytes.length)));
  }
}

function withByte(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const changed = bytes.slice();
  if (at < changed.length) changed[at] = byte;
  return changed;
}

/** A run of bytes many times over: tags in tags in tags, or fields that nobody announced. */
function repeated(random: Random, bytes: Uint8Array, at: number): Uint8Array {
  const run = bytes.subarray(at, at + 1 + random.integer(4));
  const runs = Array.from({ length: 1 + random.integer(40) }, () => run);
  return joined(bytes.subarray(0, at), ...runs, bytes.subarray(at));
}

function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}
