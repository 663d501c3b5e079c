import { expect } from "chai";
import type { Extent, FieldSpec, LengthPrefix, Padding } from "../../specs/dialect.ts";
import { EncodeError, compile } from "../../src/iso8583/public.ts";
import { fieldHex, messageOf, oneField, read, refusal } from "./one-field.ts";

interface Row {
  readonly says: string;
  readonly field: Extent & Pick<FieldSpec, "content" | "encoding" | "letter" | "pad">;
  readonly value: string;
  readonly hex: string;
}

const lll = (encoding: LengthPrefix["encoding"], size: LengthPrefix["size"], counts: LengthPrefix["counts"]) =>
  ({ encoding, size, counts }) as const;
const digits = { content: "n", length: 3 } as const;
const text = { content: "ans", length: 3 } as const;
const upTo9 = { content: "n", max: 9 } as const;
const chars9 = { content: "ans", max: 9 } as const;
const bytes9 = { content: "b", max: 9 } as const;
const filler = (side: Padding["side"], char: string, more: Pick<Padding, "isTrimmed" | "to"> = {}): Padding => ({
  side,
  with: char,
  ...more,
});

const rows: readonly Row[] = [
  { says: "BCD to the right, zero in front", field: { ...digits, encoding: "bcd" }, value: "123", hex: "0123" },
  { says: "BCD to the right, F in front", field: { ...digits, encoding: "bcd-f" }, value: "123", hex: "f123" },
  { says: "BCD to the left, zero behind", field: { ...digits, encoding: "bcd-left" }, value: "123", hex: "1230" },
  { says: "BCD to the left, F behind", field: { ...digits, encoding: "bcd-left-f" }, value: "123", hex: "123f" },
  { says: "ASCII digits", field: { ...digits, encoding: "ascii" }, value: "123", hex: "313233" },
  { says: "EBCDIC digits", field: { ...digits, encoding: "cp500" }, value: "123", hex: "f1f2f3" },
  { says: "accents in Latin-1", field: { ...text, encoding: "latin1" }, value: "Zü!", hex: "5afc21" },
  { says: "a bracket in cp037", field: { ...text, encoding: "cp037" }, value: "[a]", hex: "ba81bb" },
  { says: "a bracket in cp500", field: { ...text, encoding: "cp500" }, value: "[a]", hex: "4a815a" },
  { says: "a bracket in cp1047", field: { ...text, encoding: "cp1047" }, value: "[a]", hex: "ad81bd" },
  {
    says: "UTF-8, counted in bytes",
    field: { ...chars9, encoding: "utf-8", prefix: lll("binary", 1, "characters") },
    value: "Zü€",
    hex: "065ac3bce282ac",
  },
  {
    says: "bytes in upper-case hex",
    field: { content: "b", length: 2, encoding: "hex" },
    value: "hex:a0bf",
    hex: "41304246",
  },
  {
    says: "bytes in lower-case hex",
    field: { content: "b", length: 2, encoding: "hex-lower" },
    value: "hex:a0bf",
    hex: "61306266",
  },
  {
    says: "bytes in EBCDIC hex",
    field: { content: "b", length: 2, encoding: "hex-ebcdic" },
    value: "hex:a0bf",
    hex: "c1f0c2c6",
  },
  {
    says: "an amount with its letter in ASCII",
    field: { content: "x+n", length: 5, encoding: "ascii" },
    value: "D0030",
    hex: "4430303330",
  },
  {
    says: "an amount in BCD behind an ASCII letter",
    field: { content: "x+n", length: 9, encoding: "bcd" },
    value: "C00000030",
    hex: "4300000030",
  },
  {
    says: "an amount of odd digits behind an EBCDIC letter",
    field: { content: "x+n", length: 4, encoding: "bcd-left-f", letter: "cp037" },
    value: "D123",
    hex: "c4123f",
  },
  {
    says: "a negative zoned amount",
    field: { ...digits, length: 4, encoding: "zoned-ebcdic" },
    value: "-0123",
    hex: "f0f1f2d3",
  },
  {
    says: "a positive zoned amount",
    field: { ...digits, length: 4, encoding: "zoned-ebcdic" },
    value: "+0120",
    hex: "f0f1f2c0",
  },
  {
    says: "an unsigned zoned amount",
    field: { ...digits, length: 4, encoding: "zoned-ebcdic" },
    value: "0123",
    hex: "f0f1f2f3",
  },
  {
    says: "a zoned amount in ASCII",
    field: { ...digits, length: 4, encoding: "zoned-ascii" },
    value: "-0120",
    hex: "3031327d",
  },
  {
    says: "track 2 to the left with an F",
    field: { content: "z", max: 37, encoding: "bcd-left-f", prefix: lll("bcd", 2, "digits") },
    value: "12=345678",
    hex: "0912d345678f",
  },
  { says: "no length at all: what is left", field: { ...chars9, encoding: "ascii" }, value: "abc", hex: "616263" },
  {
    says: "two ASCII digits",
    field: { ...chars9, encoding: "ascii", prefix: lll("ascii", 2, "characters") },
    value: "abc",
    hex: "3033616263",
  },
  {
    says: "six ASCII digits",
    field: { content: "ans", max: 999_999, encoding: "ascii", prefix: lll("ascii", 6, "characters") },
    value: "abc",
    hex: "303030303033616263",
  },
  {
    says: "three EBCDIC digits",
    field: { ...chars9, encoding: "cp037", prefix: lll("cp037", 3, "characters") },
    value: "abc",
    hex: "f0f0f3818283",
  },
  {
    says: "three BCD digits in two bytes",
    field: { ...chars9, encoding: "ascii", prefix: lll("bcd", 3, "characters") },
    value: "abc",
    hex: "0003616263",
  },
  {
    says: "two binary bytes",
    field: { ...bytes9, encoding: "binary", prefix: lll("binary", 2, "bytes") },
    value: "hex:abcd",
    hex: "0002abcd",
  },
  {
    says: "a length in hex characters",
    field: { content: "ans", max: 99, encoding: "ascii", prefix: lll("hex", 2, "characters") },
    value: "abcdefghijkl",
    hex: "30436162636465666768696a6b6c",
  },
  {
    says: "a length in EBCDIC hex characters",
    field: { content: "ans", max: 99, encoding: "ascii", prefix: lll("hex-ebcdic", 2, "characters") },
    value: "abcdefghijkl",
    hex: "f0c36162636465666768696a6b6c",
  },
  {
    says: "a length of two hex characters that are both digits of it",
    field: { content: "ans", max: 99, encoding: "ascii", prefix: lll("hex-lower", 2, "characters") },
    value: "abcdefghijklmnopqrstuvwxyz",
    hex: "31616162636465666768696a6b6c6d6e6f707172737475767778797a",
  },
  {
    says: "a BER length below 128",
    field: { content: "b", max: 300, encoding: "binary", prefix: lll("ber", 3, "bytes") },
    value: "hex:abcd",
    hex: "02abcd",
  },
  {
    says: "a BER length of two bytes",
    field: { content: "b", max: 300, encoding: "binary", prefix: lll("ber", 3, "bytes") },
    value: `hex:${"ab".repeat(200)}`,
    hex: `81c8${"ab".repeat(200)}`,
  },
  {
    says: "a BER length of three bytes",
    field: { content: "b", max: 300, encoding: "binary", prefix: lll("ber", 3, "bytes") },
    value: `hex:${"ab".repeat(300)}`,
    hex: `82012c${"ab".repeat(300)}`,
  },
  {
    says: "an odd number of BCD digits, counted in digits",
    field: { ...upTo9, encoding: "bcd", prefix: lll("binary", 1, "digits") },
    value: "12345",
    hex: "05012345",
  },
  {
    says: "BCD digits, counted in bytes",
    field: { ...upTo9, encoding: "bcd", prefix: lll("binary", 1, "bytes") },
    value: "001234",
    hex: "03001234",
  },
  {
    says: "hex characters, counted in characters",
    field: { ...bytes9, encoding: "hex", prefix: lll("ascii", 2, "characters") },
    value: "hex:abcd",
    hex: "303441424344",
  },
  {
    says: "hex characters, counted in bytes",
    field: { ...bytes9, encoding: "hex", prefix: lll("ascii", 2, "bytes") },
    value: "hex:abcd",
    hex: "303241424344",
  },
  {
    says: "a length that counts itself",
    field: { ...chars9, encoding: "ascii", prefix: { ...lll("binary", 2, "bytes"), isInclusive: true } },
    value: "abc",
    hex: "0005616263",
  },
  {
    says: "a terminator",
    field: { content: "ans", max: 9, encoding: "ascii", terminator: "\\" },
    value: "abc",
    hex: "6162635c",
  },
  {
    says: "text that is filled to its most behind the length",
    field: { ...chars9, encoding: "ascii", prefix: lll("ascii", 2, "characters"), isFilled: true },
    value: "abc",
    hex: "3033616263202020202020",
  },
  {
    says: "BCD that is filled with F behind the length",
    field: {
      ...upTo9,
      encoding: "bcd-left-f",
      prefix: lll("bcd", 2, "digits"),
      isFilled: true,
      pad: { side: "right", with: "F" },
    },
    value: "1234",
    hex: "041234ffffff",
  },
  {
    says: "blanks that reading takes away",
    field: { content: "ans", length: 6, encoding: "ascii", pad: filler("right", " ", { isTrimmed: true }) },
    value: "abc",
    hex: "616263202020",
  },
  {
    says: "zeros that reading takes away",
    field: { content: "n", length: 6, encoding: "cp037", pad: filler("left", "0", { isTrimmed: true }) },
    value: "123",
    hex: "f0f0f0f1f2f3",
  },
  {
    says: "zero, of which one digit stays",
    field: { content: "n", length: 6, encoding: "ascii", pad: filler("left", "0", { isTrimmed: true }) },
    value: "0",
    hex: "303030303030",
  },
  {
    says: "F behind the digits of a fixed field",
    field: { content: "n", length: 19, encoding: "bcd-left-f", pad: filler("right", "F") },
    value: "4000056655665556",
    hex: "4000056655665556ffff",
  },
  {
    says: "F behind an odd count that is counted in bytes",
    field: {
      content: "z",
      max: 37,
      encoding: "bcd",
      prefix: lll("binary", 1, "bytes"),
      pad: filler("right", "F", { to: "even" }),
    },
    value: "12=34",
    hex: "0312d34f",
  },
  {
    says: "zero bytes that reading takes away",
    field: { content: "b", length: 4, encoding: "binary", pad: filler("right", "00", { isTrimmed: true }) },
    value: "hex:abcd",
    hex: "abcd0000",
  },
];

describe("iso8583/fields", () => {
  for (const { says, field, value, hex } of rows) {
    it(`reads and writes ${says}`, () => {
      const spec = oneField({ name: "Field", ...field });
      const codec = compile(spec);
      const message = codec.create("0100");

      message.set("2", value);

      expect(fieldHex(codec, message)).to.equal(hex);
      const again = read(spec, messageOf(hex));
      expect(again.get("2")).to.equal(value);
      expect(fieldHex(codec, again)).to.equal(hex);
    });
  }

  const refused: readonly (readonly [string, FieldSpec, string, string])[] = [
    [
      "a spare nibble that is not zero",
      { name: "F", ...digits, encoding: "bcd" },
      "f123",
      "content_invalid at 2, byte 10",
    ],
    [
      "a spare nibble that is not F",
      { name: "F", ...digits, encoding: "bcd-left-f" },
      "1230",
      "content_invalid at 2, byte 11",
    ],
    [
      "a letter in left-aligned BCD",
      { name: "F", ...digits, encoding: "bcd-left" },
      "1a30",
      "content_invalid at 2, byte 10",
    ],
    [
      "a sign over another digit than the last",
      { name: "F", ...digits, encoding: "zoned-ebcdic" },
      "f1d2f3",
      "content_invalid at 2, byte 11",
    ],
    [
      "an amount without a letter",
      { name: "F", content: "x+n", length: 5, encoding: "bcd" },
      "311234",
      "content_invalid at 2, byte 10",
    ],
    [
      "UTF-8 in an overlong form",
      { name: "F", ...chars9, encoding: "utf-8" },
      "61c1a1",
      "content_invalid at 2, byte 11",
    ],
    ["UTF-8 that is cut short", { name: "F", ...chars9, encoding: "utf-8" }, "61e282", "content_invalid at 2, byte 11"],
    [
      "a UTF-16 surrogate in UTF-8",
      { name: "F", ...chars9, encoding: "utf-8" },
      "eda080",
      "content_invalid at 2, byte 10",
    ],
    [
      "EBCDIC hex that is ASCII",
      { name: "F", content: "b", length: 1, encoding: "hex-ebcdic" },
      "4142",
      "content_invalid at 2, byte 10",
    ],
    [
      "a length that counts itself and is less than itself",
      { name: "F", ...chars9, encoding: "ascii", prefix: { ...lll("binary", 2, "bytes"), isInclusive: true } },
      "0001616263",
      "length_out_of_range at 2, byte 10",
    ],
    [
      "a BER length of unknown end",
      { name: "F", ...bytes9, encoding: "binary", prefix: lll("ber", 3, "bytes") },
      "80abcd",
      "length_invalid at 2, byte 10",
    ],
    [
      "a BER length of more bytes than the layout has",
      { name: "F", ...bytes9, encoding: "binary", prefix: lll("ber", 3, "bytes") },
      "8300000102",
      "length_invalid at 2, byte 10",
    ],
    [
      "a BER length of 2^31",
      { name: "F", content: "b", max: 2 ** 32, encoding: "binary", prefix: lll("ber", 5, "bytes") },
      "8480000000ab",
      "truncated at 2, byte 15",
    ],
    [
      "a length in hex that is none",
      { name: "F", ...chars9, encoding: "ascii", prefix: lll("hex", 2, "characters") },
      "3047616263",
      "length_invalid at 2, byte 10",
    ],
    [
      "text without its terminator",
      { name: "F", content: "ans", max: 9, encoding: "ascii", terminator: "\\" },
      "616263",
      "truncated at 2, byte 10",
    ],
    [
      "text whose terminator comes too late",
      { name: "F", content: "ans", max: 2, encoding: "ascii", terminator: "\\" },
      "6162635c",
      "length_out_of_range at 2, byte 10",
    ],
    [
      "a filled field whose filler is missing",
      { name: "F", ...chars9, encoding: "ascii", prefix: lll("ascii", 2, "characters"), isFilled: true },
      "3033616263",
      "truncated at 2, byte 12",
    ],
    [
      "a letter among digits that are filled with F",
      { name: "F", content: "n", length: 5, encoding: "bcd-left-f", pad: { side: "right", with: "F" } },
      "1f3fff",
      "content_invalid at 2, byte 10",
    ],
  ];
  for (const [says, field, hex, expected] of refused) {
    it(`refuses ${says} and says where`, () => {
      expect(refusal(oneField(field), messageOf(hex))).to.equal(expected);
    });
  }

  it("never cuts a value that is too long, whatever it is filled up with", () => {
    const field = {
      name: "F",
      content: "ans",
      length: 3,
      encoding: "ascii",
      pad: { side: "right", with: " " },
    } as const;
    const message = compile(oneField(field)).create("0100");

    message.set("2", "ab");

    expect(message.get("2")).to.equal("ab ");
    expect(() => message.set("2", "abcd"))
      .to.throw(EncodeError)
      .with.property("code", "length_out_of_range");
    expect(message.get("2")).to.equal("ab ");
  });

  it("refuses to write a terminator inside a value", () => {
    const message = compile(
      oneField({ name: "F", content: "ans", max: 9, encoding: "ascii", terminator: "\\" }),
    ).create("0100");

    expect(() => message.set("2", "a\\b"))
      .to.throw(EncodeError)
      .with.property("code", "content_invalid");
  });

  it("keeps the bytes of a length in the long form and of filler that nobody looks at", () => {
    const ber = oneField({ name: "F", ...bytes9, encoding: "binary", prefix: lll("ber", 3, "bytes") });
    const filled = oneField({
      name: "F",
      ...chars9,
      encoding: "ascii",
      prefix: lll("ascii", 2, "characters"),
      isFilled: true,
    });

    expect(fieldHex(compile(ber), read(ber, messageOf("820002abcd")))).to.equal("820002abcd");
    expect(fieldHex(compile(filled), read(filled, messageOf("3033616263ff00ff00ff00")))).to.equal(
      "3033616263ff00ff00ff00",
    );
    expect(read(filled, messageOf("3033616263ff00ff00ff00")).get("2")).to.equal("abc");
  });
});
