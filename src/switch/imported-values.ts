import type { FieldSpec } from "../../specs/dialect.ts";

/**
 * A value in the form that a field wants: digits filled up with zeros or freed from them, text filled up with blanks or
 * freed from them, bytes that are digits as these digits. What still does not fit is for the field to refuse.
 */
export function fitted(value: string, field: FieldSpec): string {
  const { content } = field;
  const isBytes = value.startsWith("hex:");
  const length = "length" in field ? field.length : null;
  const most = "length" in field ? field.length : field.max;
  if (content === "b") return isBytes ? value : `hex:${evenDigits(value, 2 * (length ?? 0), 2 * most)}`;
  const text = isBytes ? digitsOf(value, content) : value;
  if (content === "n") return fittedDigits(text, length ?? 0, most);
  const cut = text.length > most ? withoutBlanks(text, most) : text;
  if (content === "z" || content === "x+n" || content === "any") return cut;
  return length === null ? cut : cut.padEnd(length, " ");
}

/** Track 2 in bytes has nibble D for its separator, and F behind its last digit where the count is odd. */
function digitsOf(value: string, content: FieldSpec["content"]): string {
  const digits = value.slice("hex:".length);
  if (content !== "z") return digits;
  const end = digits.endsWith("f") ? digits.length - 1 : digits.length;
  return digits.slice(0, end).replace("d", "=");
}

function evenDigits(text: string, least: number, most: number): string {
  return fittedDigits(text.length % 2 === 1 ? `0${text}` : text, least, most);
}

function fittedDigits(text: string, least: number, most: number): string {
  let start = 0;
  while (text.length - start > most && text.charAt(start) === "0") start++;
  return text.slice(start).padStart(least, "0");
}

function withoutBlanks(text: string, most: number): string {
  let end = text.length;
  while (end > most && text.charAt(end - 1) === " ") end--;
  return text.slice(0, end);
}
