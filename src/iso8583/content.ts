import { digitMask, firstOfAmountMask } from "./encodings.ts";
import { nibble } from "./octets.ts";
import type { Element } from "./element.ts";
import { type FieldPlan, body } from "./plan.ts";

type CharacterPlan = Pick<FieldPlan, "code" | "content" | "mask">;

/** The first byte of an element that the content of its field does not admit, or -1. */
export function faultyByte(plan: FieldPlan, bytes: Uint8Array, { from, end, units }: Element): number {
  switch (plan.body) {
    case body.text:
      return plan.mask === 0xff ? -1 : faultyCharacter(plan, bytes, from, end);
    case body.bcd:
      return plan.content === "z" ? faultyTrackByte(bytes, from, end, units) : faultyDigits(bytes, from, end, units);
    case body.bytes:
      return -1;
    case body.hex:
      return faultyHex(bytes, from, end);
  }
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

function faultyHex(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end; at++) {
    if (nibble(bytes[at] ?? 0) < 0) return at;
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
