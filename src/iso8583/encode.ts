import type { Element } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { headerBytes } from "./header.ts";
import type { Message } from "./message.ts";
import { allocate, copy } from "./octets.ts";
import { body } from "./plan.ts";

/** What a two-byte length can tell. */
export const messageBytesMax = 65_535;

/**
 * The bytes of a message, behind `headroom` bytes that are left to the frame's header. Every field already stands in
 * its wire form, so this is one allocation and one copy a field.
 */
export function encodeMessage(message: Message, headroom: number): Uint8Array {
  const { plan, header, elements } = message;
  if (plan.hasHeader && header === null) throw new EncodeError("header_missing", "header", "stations");
  const headerLength = plan.hasHeader && header !== null ? header.bytes.length : 0;
  const mtiLength = plan.mti.body === body.bcd ? 2 : 4;
  let last = 1;
  let fieldsLength = 0;
  for (let number = 2; number < elements.length; number++) {
    const element = elements[number];
    if (element === undefined) continue;
    fieldsLength += element.end - element.start;
    last = number;
  }
  const bitmapCount = (last + 63) >> 6;
  const bitmapLength = message.bitmaps === null ? bitmapCount * (plan.hasHexBitmaps ? 16 : 8) : bitmapsSpan(message);
  const length = headerLength + mtiLength + bitmapLength + fieldsLength;
  if (length > messageBytesMax) throw new EncodeError("message_too_long", "", `${messageBytesMax} bytes at most`);

  const bytes = allocate(headroom + length);
  bytes.fill(0, 0, headroom);
  let at = headroom;
  if (headerLength > 0 && header !== null) writeHeader(bytes, at, header.bytes, length);
  at += headerLength;
  writeMti(message, bytes, at);
  at += mtiLength;
  writeBitmaps(message, bytes, { at, count: bitmapCount });
  at += bitmapLength;
  writeFields(elements, last, bytes, at);
  return bytes;
}

/** Neighbours that came from the same bytes are copied in one run. 0.80 µs → 0.55 µs for 33 fields. */
function writeFields(elements: readonly (Element | undefined)[], last: number, bytes: Uint8Array, from: number): void {
  let at = from;
  let run: Uint8Array = bytes;
  let start = 0;
  let end = 0;
  for (let number = 2; number <= last; number++) {
    const element = elements[number];
    if (element === undefined) continue;
    if (element.source.bytes !== run || element.start !== end) {
      copy(run, { start, end }, bytes, at);
      at += end - start;
      run = element.source.bytes;
      start = element.start;
    }
    end = element.end;
  }
  copy(run, { start, end }, bytes, at);
}

function writeHeader(bytes: Uint8Array, at: number, header: Uint8Array, total: number): void {
  if (header.length < headerBytes) throw new EncodeError("header_missing", "header", `${headerBytes} bytes`);
  bytes.set(header, at);
  bytes[at + 3] = total >> 8;
  bytes[at + 4] = total & 0xff;
}

function writeMti(message: Message, bytes: Uint8Array, at: number): void {
  const { mti, plan } = message;
  if (mti.length !== 4) throw new EncodeError("mti_invalid", "0", "four digits");
  for (let i = 0; i < 4; i++) {
    const digit = mti.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) throw new EncodeError("mti_invalid", "0", "four digits");
    if (plan.mti.body !== body.bcd) bytes[at + i] = plan.mti.code.fromLatin[0x30 + digit] ?? 0;
    else if (i % 2 === 0) bytes[at + (i >> 1)] = digit << 4;
    else bytes[at + (i >> 1)] = (bytes[at + (i >> 1)] ?? 0) | digit;
  }
}

function bitmapsSpan(message: Message): number {
  return message.bitmaps === null ? 0 : message.bitmaps.end - message.bitmaps.start;
}

const upperHex = Uint8Array.from("0123456789ABCDEF", (character) => character.charCodeAt(0));

function writeBitmaps(message: Message, bytes: Uint8Array, { at, count }: { at: number; count: number }): void {
  const { bitmaps, elements, plan } = message;
  if (bitmaps !== null) {
    copy(bitmaps.bytes, bitmaps, bytes, at);
    return;
  }
  for (let index = 0; index < 8 * count; index++) {
    // ISO 8583:1987: the first bit of a bitmap announces the next one.
    let bits = index % 8 === 0 && index < 8 * (count - 1) ? 0x80 : 0;
    for (let bit = 0; bit < 8; bit++) {
      if (elements[8 * index + bit + 1] !== undefined) bits |= 0x80 >> bit;
    }
    if (plan.hasHexBitmaps) {
      bytes[at + 2 * index] = upperHex[bits >> 4] ?? 0;
      bytes[at + 2 * index + 1] = upperHex[bits & 0x0f] ?? 0;
    } else {
      bytes[at + index] = bits;
    }
  }
}
