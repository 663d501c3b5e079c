import { maskPan } from "./pan-mask.ts";
import { parsePan } from "./pan.ts";

/** A text in which every number that can be a PAN is masked: what a caller sent comes back to where logs are kept. */
export function withoutPans(text: string): string {
  return text.replaceAll(/\d{13,19}/g, (digits) => (parsePan(digits) === null ? digits : maskPan(digits)));
}
