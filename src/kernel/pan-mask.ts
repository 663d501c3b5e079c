import { parsePan } from "./pan.ts";

/** First six and last four digits: the most that a log or a screen may show (PCI DSS 3.4.1). */
export function maskPan(pan: string): string {
  if (pan.length < 11) return "*".repeat(pan.length);
  return `${pan.slice(0, 6)}${"*".repeat(pan.length - 10)}${pan.slice(-4)}`;
}

/** A text in which every number that can be a PAN is masked: what a caller sent comes back to where logs are kept. */
export function withoutPans(text: string): string {
  return text.replaceAll(/\d{13,19}/g, (digits) => (parsePan(digits) === null ? digits : maskPan(digits)));
}
