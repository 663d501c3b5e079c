import type { DialectSpec, FieldSpec, LengthPrefix } from "../../specs/dialect.ts";

/** Layouts that published vectors describe in words; they exist for the checks only. */

const ll = { encoding: "ascii", size: 2, counts: "characters" } as const satisfies LengthPrefix;
const lll = { encoding: "ascii", size: 3, counts: "characters" } as const satisfies LengthPrefix;

const fixed = (content: FieldSpec["content"], length: number): FieldSpec => ({
  name: "Fixed",
  content,
  encoding: "ascii",
  length,
});
const upTo = (max: number, prefix: LengthPrefix): FieldSpec => ({
  name: "Variable",
  content: "ans",
  encoding: "ascii",
  max,
  prefix,
});

/** ISO 8583:1987 in ASCII as Python's pyiso8583 writes it: hex-text bitmaps, everything not a number is `ans`. */
export const asciiWithHexBitmaps: DialectSpec = {
  name: "ascii-hex-bitmaps",
  title: "ASCII, hex-text bitmaps",
  header: "none",
  mti: { encoding: "ascii" },
  bitmap: { encoding: "hex", count: 3 },
  fields: {
    2: upTo(19, ll),
    3: {
      ...fixed("n", 6),
      shape: {
        kind: "positional",
        parts: [
          { name: "Transaction", content: "n", length: 2 },
          { name: "From account", content: "n", length: 2 },
          { name: "To account", content: "n", length: 2 },
        ],
      },
    },
    4: fixed("n", 12),
    7: fixed("n", 10),
    11: fixed("n", 6),
    12: fixed("n", 6),
    13: fixed("n", 4),
    15: fixed("n", 4),
    18: fixed("n", 4),
    21: fixed("n", 3),
    32: upTo(11, ll),
    37: fixed("ans", 12),
    39: fixed("an", 2),
    42: fixed("ans", 15),
    48: upTo(999, lll),
    49: fixed("n", 3),
    55: upTo(999, lll),
    60: upTo(999, lll),
    63: upTo(999, lll),
    70: fixed("n", 3),
    90: fixed("n", 42),
    130: fixed("n", 1),
  },
};

/** ISO 8583:1993 in EBCDIC with a binary bitmap. */
export const ebcdic93: DialectSpec = {
  name: "ebcdic-93",
  title: "EBCDIC, 1993 layout",
  header: "none",
  mti: { encoding: "cp1047" },
  bitmap: { encoding: "binary", count: 2 },
  fields: Object.fromEntries(
    Object.entries({ 3: 6, 4: 12, 11: 6, 12: 12, 14: 4, 19: 3, 22: 12, 24: 3, 25: 4, 26: 4, 42: 15, 49: 3 })
      .map(([number, length]): [string, FieldSpec] => [number, { ...fixed("n", length), encoding: "cp1047" }])
      .concat([
        [
          "2",
          {
            name: "PAN",
            content: "n",
            encoding: "cp1047",
            max: 19,
            prefix: { encoding: "cp1047", size: 2, counts: "characters" },
            sensitive: "pan",
          },
        ],
      ]),
  ),
};

const line: FieldSpec = { name: "Line", content: "ans", encoding: "ascii", max: 99, terminator: "\\" };
const postcode = fixed("ans", 10);

/**
 * Clearing messages in ASCII with two binary bitmaps, always, as far as published vectors go.
 *
 *   DE43   name \ address \ town \ postcode 10 | state 3 | country 3
 *   DE48   | tag 4 | length 3 | data |, repeated
 */
export const clearing: DialectSpec = {
  name: "clearing",
  title: "ASCII, binary bitmaps",
  header: "none",
  mti: { encoding: "ascii" },
  bitmap: { encoding: "binary", count: 2, extends: "fixed" },
  fields: {
    2: upTo(19, ll),
    3: fixed("n", 6),
    4: fixed("n", 12),
    12: fixed("n", 12),
    22: fixed("an", 12),
    24: fixed("n", 3),
    26: fixed("n", 4),
    31: upTo(23, ll),
    33: upTo(11, ll),
    38: fixed("ans", 6),
    42: fixed("ans", 15),
    43: {
      ...upTo(99, ll),
      shape: { kind: "sequence", parts: [line, line, line, postcode, fixed("ans", 3), fixed("ans", 3)] },
    },
    48: {
      ...upTo(999, lll),
      content: "any",
      shape: { kind: "tagged", encoding: "ascii", tagDigits: 4, lengthDigits: 3, parts: {} },
    },
    49: fixed("n", 3),
    63: upTo(16, lll),
    71: fixed("n", 8),
    94: upTo(11, ll),
  },
};

/** ASCII with a binary bitmap and two currencies in BCD, one aligned to the right, one to the left. */
export const asciiWithMixedFields: DialectSpec = {
  name: "ascii-mixed",
  title: "ASCII, binary bitmap, BCD here and there",
  header: "none",
  mti: { encoding: "ascii" },
  bitmap: { encoding: "binary", count: 2 },
  fields: {
    2: upTo(19, ll),
    3: fixed("n", 6),
    4: fixed("n", 12),
    7: fixed("n", 10),
    11: fixed("n", 6),
    12: fixed("n", 6),
    13: fixed("n", 4),
    14: fixed("n", 4),
    19: { ...fixed("n", 3), encoding: "bcd" },
    22: fixed("n", 3),
    25: fixed("n", 2),
    32: upTo(11, ll),
    35: { name: "Track 2", content: "z", encoding: "ascii", max: 37, prefix: ll, sensitive: "track" },
    37: fixed("ans", 12),
    41: fixed("ans", 8),
    42: fixed("ans", 15),
    43: fixed("ans", 40),
    49: { ...fixed("n", 3), encoding: "bcd-left" },
    52: { name: "PIN data", content: "b", encoding: "binary", length: 8, sensitive: "pin" },
    53: fixed("n", 16),
    55: {
      name: "Chip data",
      content: "b",
      encoding: "binary",
      max: 999,
      prefix: { encoding: "ascii", size: 3, counts: "bytes" },
      sensitive: "chip",
      shape: {
        kind: "ber-tlv",
        nests: true,
        // Two tags hold text where EMV has digits.
        parts: {
          "9A": { name: "Transaction date", content: "n", encoding: "ascii", length: 6 },
          "9F02": { name: "Amount, authorized", content: "n", encoding: "ascii", length: 12 },
        },
      },
    },
    120: upTo(999, lll),
  },
};

/** A dataset with a bitmap, ISO 8583:2023. */
export const datasetWithBitmap = {
  kind: "datasets",
  nests: true,
  parts: {
    "71": {
      name: "Dataset with a bitmap",
      shape: {
        kind: "dataset-bitmap",
        parts: {
          1: { name: "First", content: "b", encoding: "binary", length: 1 },
          2: { name: "Second", content: "b", encoding: "binary", length: 1 },
        },
      },
    },
  },
} as const satisfies NonNullable<FieldSpec["shape"]>;

/** ASCII fields, a binary bitmap, chip data behind two BCD length bytes. */
export const asciiWithBinaryBitmap: DialectSpec = {
  name: "ascii-binary-bitmap",
  title: "ASCII, binary bitmap, chip data with a BCD length",
  header: "none",
  mti: { encoding: "ascii" },
  bitmap: { encoding: "binary", count: 2 },
  fields: {
    3: fixed("n", 6),
    4: fixed("n", 12),
    7: fixed("n", 10),
    11: fixed("n", 6),
    12: fixed("n", 12),
    22: fixed("n", 3),
    24: fixed("n", 3),
    25: fixed("n", 2),
    35: { name: "Track 2", content: "z", encoding: "ascii", max: 37, prefix: ll, sensitive: "track" },
    41: fixed("ans", 8),
    42: fixed("ans", 15),
    49: fixed("n", 3),
    55: {
      name: "Chip data",
      content: "b",
      encoding: "binary",
      max: 999,
      prefix: { encoding: "bcd", size: 4, counts: "bytes" },
      sensitive: "chip",
      shape: { kind: "ber-tlv", nests: true },
    },
  },
};

/** A message of one field, so that a published composite can be read alone: `0100 | bit 55 | length 2 | content`. */
export function fieldAlone(shape: NonNullable<FieldSpec["shape"]>): DialectSpec {
  return {
    name: `alone-${shape.kind}`,
    title: "One field",
    header: "none",
    mti: { encoding: "bcd" },
    bitmap: { encoding: "binary", count: 1 },
    fields: {
      55: {
        name: "Composite",
        content: "b",
        encoding: "binary",
        max: 9999,
        prefix: { encoding: "binary", size: 2, counts: "bytes" },
        shape,
      },
    },
  };
}

/** Bytes before the content in a message of `fieldAlone`. */
export const aloneContentAt = 12;

export function aloneMessage(content: Uint8Array): Uint8Array {
  return Uint8Array.of(0x01, 0x00, 0, 0, 0, 0, 0, 0, 0x02, 0, content.length >> 8, content.length & 0xff, ...content);
}

/** Every layout of this file, each as a dialect. */
export const localDialects: readonly DialectSpec[] = [
  asciiWithHexBitmaps,
  ebcdic93,
  clearing,
  asciiWithMixedFields,
  asciiWithBinaryBitmap,
  fieldAlone({ kind: "ber-tlv", nests: true }),
  fieldAlone({ kind: "datasets", nests: true }),
  { ...fieldAlone(datasetWithBitmap), name: "alone-dataset-bitmap" },
];
