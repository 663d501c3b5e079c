import type { Element } from "./element.ts";
import { digitMask, firstOfAmountMask, specialMask } from "./encodings.ts";
import { nibble } from "./octets.ts";
import { type FieldPlan, type PadPlan, body } from "./plan.ts";

type CharacterPlan = Pick<FieldPlan, "code" | "content" | "mask">;

/** The first byte of an element that the content of its field does not admit, or -1. */
export function faultyByte(plan: FieldPlan, bytes: Uint8Array, element: Element): number {
  const { from, to, units } = element;
  switch (plan.body) {
    case body.text:
      if (plan.mask === 0xff) return -1;
      return plan.pad === null ? faultyCharacter(plan, bytes, from, to) : faultyPadded(plan, plan.pad, bytes, element);
    case body.bcd:
      if (plan.pad !== null || plan.isLeftAligned || plan.spareNibble !== 0) return faultyNibble(plan, bytes, element);
      return plan.content === "z" ? faultyTrackByte(bytes, from, to, units) : faultyDigits(bytes, from, to, units);
    case body.bytes:
      return -1;
    case body.hex:
      return faultyHex(plan, bytes, from, to);
    case body.zoned:
      return faultyZoned(plan, bytes, from, to);
    case body.utf8:
      return faultyUtf8(plan, bytes, from, to);
    case body.amountBcd:
      return faultyAmount(plan, bytes, element);
  }
}

/** Filler need not be of the class of the content: the F behind digits, the blank behind letters. */
function faultyPadded(plan: FieldPlan, pad: PadPlan, bytes: Uint8Array, { from, to }: Element): number {
  const filler = plan.code.fromLatin[pad.code] ?? 0;
  const shortest = Math.max(from, to - (pad.isToEven ? 1 : to - from));
  let start = from;
  let stop = to;
  if (pad.isLeft) while (start < from + (to - shortest) && bytes[start] === filler) start++;
  else while (stop > shortest && bytes[stop - 1] === filler) stop--;
  return faultyCharacter(plan, bytes, start, stop);
}

/** The first character between `from` and `end` that is outside its class, or -1. */
export function faultyCharacter(plan: CharacterPlan, bytes: Uint8Array, from: number, end: number): number {
  const { classes } = plan.code;
  const { mask } = plan;
  let at = from;
  if (plan.content === "z") return faultyTrackCharacter(plan, bytes, from, end);
  if (plan.content === "x+n" && at < end) {
    if (((classes[bytes[at] ?? 0] ?? 0) & firstOfAmountMask) === 0) return at;
    at++;
  }
  for (; at < end; at++) {
    if (((classes[bytes[at] ?? 0] ?? 0) & mask) === 0) return at;
  }
  return -1;
}

// Digits around one separator.
function faultyTrackCharacter(plan: CharacterPlan, bytes: Uint8Array, from: number, end: number): number {
  let hasSeparator = false;
  for (let at = from; at < end; at++) {
    const classes = plan.code.classes[bytes[at] ?? 0] ?? 0;
    if ((classes & digitMask) !== 0) continue;
    if (hasSeparator || (classes & plan.mask) === 0) return at;
    hasSeparator = true;
  }
  return -1;
}

function faultyDigits(bytes: Uint8Array, from: number, end: number, units: number): number {
  if ((units & 1) === 1 && ((bytes[from] ?? 0) & 0xf0) !== 0) return from;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte > 0x99 || (byte & 0x0f) > 9) return at;
  }
  return -1;
}

// A nibble is a digit or D, the separator, once. An odd count has a 0 in front; an F behind ends the track early.
function faultyTrackByte(bytes: Uint8Array, from: number, end: number, units: number): number {
  const isLeftAligned = end > from && ((bytes[end - 1] ?? 0) & 0x0f) === 0x0f;
  if ((units & 1) === 1 && !isLeftAligned && ((bytes[from] ?? 0) & 0xf0) !== 0) return from;
  const nibbles = 2 * (end - from) - (isLeftAligned ? 1 : 0);
  let hasSeparator = false;
  for (let i = 0; i < nibbles; i++) {
    const byte = bytes[from + (i >> 1)] ?? 0;
    const value = (i & 1) === 0 ? byte >> 4 : byte & 0x0f;
    if (value <= 9) continue;
    if (hasSeparator || value !== 0x0d) return from + (i >> 1);
    hasSeparator = true;
  }
  return -1;
}

/** Digits with a spare nibble on either side, or filled up: the slower way, for layouts that need it. */
function faultyNibble(plan: FieldPlan, bytes: Uint8Array, { from, to, units }: Element): number {
  let first = 2 * from;
  let last = 2 * to;
  if ((units & 1) === 1) {
    const spare = plan.isLeftAligned ? last - 1 : first;
    if (nibbleAt(bytes, spare) !== plan.spareNibble) return spare >> 1;
    if (plan.isLeftAligned) last--;
    else first++;
  }
  if (plan.pad !== null) {
    const filler = nibble(plan.pad.code);
    let left = plan.pad.isToEven ? 1 : last - first;
    if (plan.pad.isLeft) for (; left > 0 && first < last && nibbleAt(bytes, first) === filler; left--) first++;
    else for (; left > 0 && last > first && nibbleAt(bytes, last - 1) === filler; left--) last--;
  }
  return faultyNibbleBetween(plan, bytes, first, last);
}

function faultyNibbleBetween(plan: FieldPlan, bytes: Uint8Array, first: number, last: number): number {
  let hasSeparator = plan.content !== "z";
  for (let i = first; i < last; i++) {
    const value = nibbleAt(bytes, i);
    if (value <= 9) continue;
    if (hasSeparator || value !== 0x0d) return i >> 1;
    hasSeparator = true;
  }
  return -1;
}

function nibbleAt(bytes: Uint8Array, index: number): number {
  const byte = bytes[index >> 1] ?? 0;
  return (index & 1) === 0 ? byte >> 4 : byte & 0x0f;
}

function faultyHex(plan: FieldPlan, bytes: Uint8Array, from: number, to: number): number {
  const { hexValues } = plan.code;
  for (let at = from; at < to; at++) {
    if ((hexValues[bytes[at] ?? 0] ?? -1) < 0) return at;
  }
  return -1;
}

// The last digit may be one of { A–I } J–R, which carry the sign.
function faultyZoned(plan: FieldPlan, bytes: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) {
    const code = plan.code.toLatin[bytes[at] ?? 0] ?? 0;
    if (code >= 0x30 && code <= 0x39) continue;
    const isSigned = code === 0x7b || code === 0x7d || (code >= 0x41 && code <= 0x52);
    if (at < to - 1 || !isSigned) return at;
  }
  return -1;
}

/** One byte with C or D, then digits. */
function faultyAmount(plan: FieldPlan, bytes: Uint8Array, { from, to, units }: Element): number {
  if (units === 0) return -1;
  if (((plan.code.classes[bytes[from] ?? 0] ?? 0) & firstOfAmountMask) === 0) return from;
  let first = 2 * (from + 1);
  let last = 2 * to;
  if ((units & 1) === 0) {
    const spare = plan.isLeftAligned ? last - 1 : first;
    if (nibbleAt(bytes, spare) !== plan.spareNibble) return spare >> 1;
    if (plan.isLeftAligned) last--;
    else first++;
  }
  return faultyNibbleBetween(plan, bytes, first, last);
}

/**
 * RFC 3629: a lead byte tells how many bytes follow; overlong forms, surrogates and what is beyond U+10FFFF are none. The
 * ASCII part obeys the class of the field, and what is not ASCII counts as special characters do.
 */
function faultyUtf8(plan: FieldPlan, bytes: Uint8Array, from: number, to: number): number {
  const { classes } = plan.code;
  const admitsOthers = (plan.mask & specialMask) !== 0;
  let at = from;
  while (at < to) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) {
      if (plan.mask !== 0xff && ((classes[lead] ?? 0) & plan.mask) === 0) return at;
      at++;
      continue;
    }
    const more =
      lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
    if (more === 0 || !admitsOthers || at + more >= to) return at;
    const second = bytes[at + 1] ?? 0;
    const least = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const most = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) return at;
    for (let i = at + 2; i <= at + more; i++) if (((bytes[i] ?? 0) & 0xc0) !== 0x80) return at;
    at += more + 1;
  }
  return -1;
}

/** What a fault says that it found: nothing about a sensitive value, not even one byte of it. */
export function foundByte(plan: Pick<FieldPlan, "sensitive">, bytes: Uint8Array, at: number): string {
  if (plan.sensitive !== null) return "another character";
  return `0x${(bytes[at] ?? 0).toString(16).padStart(2, "0")}`;
}

/** "12 n", "0 to 19 n": what a field should have held. */
export function expectation(plan: FieldPlan): string {
  const count = plan.min === plan.max ? String(plan.max) : `${plan.min} to ${plan.max}`;
  return `${count} ${plan.content}`;
}
