import type { Brand } from "./brand.ts";
import { type Random, digits } from "./random.ts";

/** A primary account number: 12 to 19 digits, check digit included. */
export type Pan = Brand<string, "Pan">;

export function parsePan(text: string): Pan | null {
  return /^\d{12,19}$/.test(text) && isLuhnValid(text) ? (text as Pan) : null;
}

/** A PAN as a peer sent it. Its check digit may be wrong: then no card will have it. */
export function wirePan(text: string): Pan {
  return text as Pan;
}

export function isLuhnValid(text: string): boolean {
  return luhnCheckDigit(text.slice(0, -1)) === text.at(-1);
}

export function luhnCheckDigit(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = body.charCodeAt(body.length - 1 - i) - 48;
    const doubled = i % 2 === 0 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}

/** A random PAN of `length` digits that starts with `prefix`. */
export function randomPan(random: Random, prefix: string, length = 16): Pan {
  const body = prefix + digits(random, length - 1 - prefix.length);
  return (body + luhnCheckDigit(body)) as Pan;
}
