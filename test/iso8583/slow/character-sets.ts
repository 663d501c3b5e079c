import type { CharacterSet, Content, Encoding } from "../../../specs/dialect.ts";

/** Rows 4 to F of the code pages as IBM prints them, sixteen characters a row; "·" stands for what cannot be printed. */
const pages = {
  cp037: [
    " \u00a0âäàáãåçñ¢.<(+|",
    "&éêëèíîïìß!$*);¬",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?",
    "øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±",
    "°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿ÐÝÞ®",
    "^£¥·©§¶¼½¾[]¯¨´×",
    "{ABCDEFGHI\u00adôöòóõ",
    "}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ",
    "0123456789³ÛÜÙÚ",
  ],
  cp500: [
    " \u00a0âäàáãåçñ[.<(+!",
    "&éêëèíîïìß]$*);^",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?",
    "øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±",
    "°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿ÐÝÞ®",
    "¢£¥·©§¶¼½¾¬|¯¨´×",
    "{ABCDEFGHI\u00adôöòóõ",
    "}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ",
    "0123456789³ÛÜÙÚ",
  ],
  cp1047: [
    " \u00a0âäàáãåçñ¢.<(+|",
    "&éêëèíîïìß!$*);^",
    "-/ÂÄÀÁÃÅÇÑ¦,%_>?",
    "øÉÊËÈÍÎÏÌ`:#@'=\"",
    "Øabcdefghi«»ðýþ±",
    "°jklmnopqrªºæ¸Æ¤",
    "µ~stuvwxyz¡¿Ð[Þ®",
    "¬£¥·©§¶¼½¾Ý¨¯]´×",
    "{ABCDEFGHI\u00adôöòóõ",
    "}JKLMNOPQR¹ûüùúÿ",
    "\\÷STUVWXYZ²ÔÖÒÓÕ",
    "0123456789³ÛÜÙÚ",
  ],
} as const;

const names: readonly Encoding[] = ["ascii", "latin1", "cp037", "cp500", "cp1047"];

export function isCharacterSet(encoding: Encoding): encoding is CharacterSet {
  return names.includes(encoding);
}

/** The character of a byte; undefined where it cannot be printed. */
export function characterOf(set: CharacterSet, byte: number): string | undefined {
  if (set === "ascii" || set === "latin1") {
    const isPrintable = (byte >= 0x20 && byte < 0x7f) || (set === "latin1" && byte >= 0xa0);
    return isPrintable ? String.fromCharCode(byte) : undefined;
  }
  return byte < 0x40 ? undefined : pages[set][(byte >> 4) - 4]?.[byte & 0x0f];
}

/** The byte of a character that the set has. */
export function byteOf(set: CharacterSet, character: string): number {
  for (let byte = 0; byte < 256; byte++) if (characterOf(set, byte) === character) return byte;
  throw new Error(`${set} has no ${character}`);
}

/** Whether a value has the characters of its content; lengths are looked at elsewhere. */
export function isOf(content: Content, value: string): boolean {
  switch (content) {
    case "n":
      return /^[0-9]*$/.test(value);
    case "a":
      return /^[A-Za-z ]*$/.test(value);
    case "an":
      return /^[A-Za-z0-9]*$/.test(value);
    case "anp":
      return /^[A-Za-z0-9 ]*$/.test(value);
    case "z":
      return /^[0-9]*[=D]?[0-9]*$/.test(value);
    case "x+n":
      return /^([CD][0-9]*)?$/.test(value);
    case "ans":
    case "any":
    case "b":
      return true;
  }
}
