import type { CharacterSet, Content } from "../../specs/dialect.ts";
import { fromHexText, nibble } from "./octets.ts";

/** A character set as tables: byte → Latin-1 code, Latin-1 code → byte, and the classes of each byte. */
export interface TextCode {
  readonly name: CharacterSet;
  readonly toLatin: Uint8Array;
  readonly fromLatin: Uint8Array;
  readonly classes: Uint8Array;
  /** The value of each byte as a hexadecimal character, upper or lower case; -1 where it is none. */
  readonly hexValues: Int8Array;
}

const digit = 1;
const letter = 2;
const blank = 4;
const special = 8;
const separator = 16;
const creditDebit = 32;

/** Which classes of characters a content admits; x+n differs in its first character. */
export const contentMasks: Readonly<Record<Content, number>> = {
  n: digit,
  a: letter | blank,
  an: digit | letter,
  anp: digit | letter | blank,
  ans: digit | letter | blank | special,
  z: digit | separator,
  "x+n": digit,
  b: 0xff,
  any: 0xff,
};
export const digitMask = digit;
export const specialMask = special;
export const firstOfAmountMask = creditDebit;
export const printableMask = digit | letter | blank | special;

// cp037, sixteen bytes a row: row 8 begins at 0x80, which is Ø; 0x81 is "a"; 0xF0 is "0".
const cp037Rows =
  "000102039c09867f978d8e0b0c0d0e0f" +
  "101112139d8508871819928f1c1d1e1f" +
  "80818283840a171b88898a8b8c050607" +
  "909116939495960498999a9b14159e1a" +
  "20a0e2e4e0e1e3e5e7f1a22e3c282b7c" +
  "26e9eaebe8edeeefecdf21242a293bac" +
  "2d2fc2c4c0c1c3c5c7d1a62c255f3e3f" +
  "f8c9cacbc8cdcecfcc603a2340273d22" +
  "d8616263646566676869abbbf0fdfeb1" +
  "b06a6b6c6d6e6f707172aabae6b8c6a4" +
  "b57e737475767778797aa1bfd0dddeae" +
  "5ea3a5b7a9a7b6bcbdbe5b5dafa8b4d7" +
  "7b414243444546474849adf4f6f2f3f5" +
  "7d4a4b4c4d4e4f505152b9fbfcf9faff" +
  "5cf7535455565758595ab2d4d6d2d3d5" +
  "30313233343536373839b3dbdcd9da9f";

// cp500 differs from cp037 in seven bytes: brackets, bar, bang, caret, cent, not. cp1047 differs in six.
const cp500Differences: readonly (readonly [number, number])[] = [
  [0x4a, 0x5b],
  [0x4f, 0x21],
  [0x5a, 0x5d],
  [0x5f, 0x5e],
  [0xb0, 0xa2],
  [0xba, 0xac],
  [0xbb, 0x7c],
];
const cp1047Differences: readonly (readonly [number, number])[] = [
  [0x5f, 0x5e],
  [0xad, 0x5b],
  [0xb0, 0xac],
  [0xba, 0xdd],
  [0xbb, 0xa8],
  [0xbd, 0x5d],
];

export const textCodes: Readonly<Record<CharacterSet, TextCode>> = {
  ascii: textCode("ascii", latinTable()),
  latin1: textCode("latin1", latinTable()),
  cp037: textCode("cp037", ebcdicTable([])),
  cp500: textCode("cp500", ebcdicTable(cp500Differences)),
  cp1047: textCode("cp1047", ebcdicTable(cp1047Differences)),
};

function latinTable(): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, code) => code);
}

function ebcdicTable(differences: readonly (readonly [number, number])[]): Uint8Array {
  const table = fromHexText(cp037Rows) ?? new Uint8Array(256);
  for (const [byte, code] of differences) table[byte] = code;
  return table;
}

function textCode(name: CharacterSet, toLatin: Uint8Array): TextCode {
  const fromLatin = new Uint8Array(256);
  const classes = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const code = toLatin[byte] ?? 0;
    fromLatin[code] = byte;
    // ASCII ends at 0x7F; EBCDIC has the accented letters of Latin-1, and merchants' names use them.
    classes[byte] = name === "ascii" && code > 0x7f ? 0 : classesOf(code);
  }
  const hexValues = Int8Array.from(toLatin, (code) => nibble(code));
  return { name, toLatin, fromLatin, classes, hexValues };
}

/** The classes of a Latin-1 code; 0 for control characters. */
function classesOf(code: number): number {
  const isDigit = code >= 0x30 && code <= 0x39;
  const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  if (isDigit) return digit;
  if (code === 0x20) return blank;
  if (code === 0x43) return letter | creditDebit;
  if (code === 0x44) return letter | creditDebit | separator;
  if (code === 0x3d) return special | separator;
  if (isLetter) return letter;
  return (code > 0x20 && code < 0x7f) || code >= 0xa0 ? special : 0;
}
