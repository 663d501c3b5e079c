import type { Brand } from "../kernel/brand.ts";

/** A clear PIN: one digit (0 to 9) a byte, 4 to 12 of them. Never a string, and filled with zeros after use. */
export type ClearPin = Brand<Uint8Array, "ClearPin">;

export const pinDigitsMin = 4;
export const pinDigitsMax = 12;

/** The PIN, or null where the bytes are not 4 to 12 digits. The bytes are not copied. */
export function clearPin(digits: Uint8Array): ClearPin | null {
  if (digits.length < pinDigitsMin || digits.length > pinDigitsMax) return null;
  return digits.every((digit) => digit <= 9) ? (digits as ClearPin) : null;
}

/** From ASCII digits, such as somebody has typed. */
export function clearPinOfText(text: Uint8Array): ClearPin | null {
  return clearPin(Uint8Array.from(text, (character) => character - 0x30));
}
