/**
 * A dialect of ISO 8583 as data. Four small vocabularies are combined freely: how a body is written (encoding),
 * which characters it may hold (content), how its length is told (extent), and what lies inside it (shape).
 */
export interface DialectSpec {
  /** "visa-style": what a configuration file writes. */
  readonly name: string;
  readonly title: string;
  readonly header: HeaderSpec;
  /** Four digits. */
  readonly mti: { readonly encoding: CharacterSet | Bcd };
  readonly bitmap: BitmapSpec;
  /** By data element number; 1, 65 and 129 belong to the bitmaps, but see BitmapSpec. */
  readonly fields: Fields;
  /**
   * By the first digit of the message type ("0" 1987, "1" 1993, "2" 2003): fields that are laid out otherwise in that
   * version, or (null) do not exist in it. A version that is not listed has `fields`.
   */
  readonly versions?: Readonly<Record<string, Readonly<Record<number, FieldSpec | null>>>>;
}

export type Fields = Readonly<Record<number, FieldSpec>>;

/**
 * What stands before the message type, in the frame. A message keeps it as it came; one that we make has a new one.
 *
 * base-22: 22 bytes with stations, and a loop of them where the network rejects, drawn in src/iso8583/header.ts.
 * tpdu: 5 bytes, `60 | destination 2 | source 2`; an answer swaps the two.
 * literal: always these characters ("ISO015000017") or bytes ("hex:…"); anything else is a fault.
 * skipped: so many bytes that nobody looks at; in a message of ours they are zeros.
 */
export type HeaderSpec =
  | "none"
  | "base-22"
  | "tpdu"
  | { readonly kind: "literal"; readonly value: string; readonly encoding: CharacterSet }
  | { readonly kind: "skipped"; readonly bytes: number };

/** latin1 is ASCII with the accented letters of ISO 8859-1; the others are the EBCDIC code pages of IBM. */
export type CharacterSet = "ascii" | "latin1" | "cp037" | "cp500" | "cp1047";

/**
 * Two digits a byte. An odd count leaves one nibble over:
 *   bcd          right-aligned, a zero in front       `123` is 01 23
 *   bcd-f        right-aligned, an F in front         `123` is F1 23
 *   bcd-left     left-aligned, a zero behind          `123` is 12 30
 *   bcd-left-f   left-aligned, an F behind            `123` is 12 3F
 * x+n in BCD is one byte with the letter (ASCII, or FieldSpec.letter), then the digits.
 */
export type Bcd = "bcd" | "bcd-f" | "bcd-left" | "bcd-left-f";

/**
 * A byte as two hexadecimal characters: ASCII in upper or lower case, or EBCDIC in upper case. Reading takes both cases;
 * the name says how it is written.
 */
export type HexText = "hex" | "hex-lower" | "hex-ebcdic";

/**
 * A digit a character; the last one carries the sign: { A–I for + and } J–R for − (C0–C9, D0–D9 in EBCDIC). Its value is
 * "+0123", "-0123", or "0123" where the last digit is a plain one. The sign is not counted in the length.
 */
export type Zoned = "zoned-ascii" | "zoned-ebcdic";

/** binary: a byte as itself. utf-8: text whose lengths count bytes, whatever they are said to count. */
export type Encoding = CharacterSet | Bcd | "binary" | HexText | Zoned | "utf-8";

/**
 * n digits; a letters and blanks; an letters and digits; anp also blanks; ans every printable character; z track 2
 * (digits around at most one separator: "=" or, kept as it came, "D" in text; nibble D in BCD, "=" in a value, where an F
 * at the end stands for no digit); x+n a C or D, then digits; b bytes; any: text where it is printable, else bytes (data
 * whose meaning the dialect does not know).
 */
export type Content = "n" | "a" | "an" | "anp" | "ans" | "z" | "x+n" | "b" | "any";

/** How a log, a screen or an error may show a value: pan as 6…4, everything else not at all. */
export type Sensitivity = "pan" | "track" | "pin" | "secret" | "chip" | "expiry";

export interface BitmapSpec {
  /** 8 bytes each, as they are or as 16 hexadecimal characters. */
  readonly encoding: "binary" | HexText;
  /** How many bitmaps there may be: bit 1 announces the second, bit 65 the third. */
  readonly count: 1 | 2 | 3;
  /**
   * auto (default): only the bitmaps that are needed, each announced by the first bit of the one before it.
   * fixed: all `count` of them, always, with the announcing bits set; on reading the first bit of each may have any value.
   * single: one bitmap, whose bit 1 is field 1 (and count is 1).
   */
  readonly extends?: "auto" | "fixed" | "single";
  /**
   * contiguous (default): the third bitmap lies behind the second. field-65: bit 65 announces it and it lies where field
   * 65 would, behind field 64.
   */
  readonly third?: "contiguous" | "field-65";
}

export interface LengthPrefix {
  /**
   * Decimal digits of a character set, in BCD (right-aligned) or as hexadecimal digits of a number; a big-endian binary
   * number; or BER: one byte up to 127, else 81 and one byte, 82 and two, 83 and three.
   */
  readonly encoding: CharacterSet | "bcd" | "binary" | HexText | "ber";
  /** Digits where it is written in digits (3 in BCD are two bytes), bytes (1 to 4) where it is binary; the most bytes of BER. */
  readonly size: 1 | 2 | 3 | 4 | 5 | 6;
  /**
   * What the number counts. Digits and characters differ from bytes in BCD, where a byte holds two digits, and in hex,
   * where a byte is two characters. With x+n in BCD the letter is one digit, or one byte. Where bytes of BCD are counted,
   * a value may have one digit more than an odd maximum, since nothing tells it from filler.
   */
  readonly counts: "characters" | "digits" | "bytes";
  /** The number counts the bytes of the prefix, too. */
  readonly isInclusive?: true;
}

/**
 * Lengths count what a value counts: digits in BCD, characters in text, bytes in binary, hex and UTF-8. A part of a
 * composite that tells its length itself (tagged, a tag of BER-TLV) has no prefix.
 *
 * isFilled: behind the prefix stand always `max` digits, characters or bytes; the prefix says how many of them count, and
 * the rest is filler as `pad` says (else zeros for digits and bytes, blanks for text) that nobody looks at.
 * terminator: one character of the encoding that ends the body and is not part of the value; the last part of a
 * composite may end without it.
 */
export type Extent =
  | { readonly length: number }
  | { readonly min?: number; readonly max: number; readonly prefix?: LengthPrefix; readonly isFilled?: true }
  | { readonly min?: number; readonly max: number; readonly terminator: string };

/**
 * What a value that is set is filled up with. A value that is too long is always refused, never cut.
 *
 * to "length" (default): fixed fields are filled up to their length. to "even": any field with an odd count gets one more.
 */
export interface Padding {
  readonly side: "left" | "right";
  /** One character; "F" also for BCD; two hexadecimal digits for bytes. */
  readonly with: string;
  readonly to?: "length" | "even";
  /**
   * Reading takes the filler away again (of digits one stays); to "even": one of it, where the count is even. Not for
   * fields of variable length that are padded to "length": what they hold is what was sent.
   */
  readonly isTrimmed?: true;
}

export type FieldSpec = Extent & {
  readonly name: string;
  readonly content: Content;
  readonly encoding: Encoding;
  readonly sensitive?: Sensitivity;
  readonly pad?: Padding;
  /** How the letter of x+n in BCD is written; ascii where it is absent. */
  readonly letter?: CharacterSet;
  readonly shape?: Shape;
  /**
   * Other layouts of the same field: the first whose condition holds takes the place of this one as a whole, name and
   * extent included. Conditions on first byte and length look at the field as this layout tells its span, and do not hold
   * where it cannot tell one within its limits.
   */
  readonly variants?: readonly Variant[];
};

export interface Variant {
  readonly when: Condition;
  readonly field: FieldSpec;
}

/**
 * first-byte: the first byte of the content is from–to (an empty content has none). length: the content has from–to
 * digits, characters or bytes. field: a field or part before this one ("3", "62.1") is there and, where values are
 * given, begins with one of them. mti: the message type begins with one of these ("1", "080").
 */
export type Condition =
  | { readonly test: "first-byte"; readonly from: number; readonly to: number }
  | { readonly test: "length"; readonly from: number; readonly to: number }
  | { readonly test: "field"; readonly path: string; readonly values?: readonly string[] }
  | { readonly test: "mti"; readonly values: readonly string[] }
  | { readonly test: "all"; readonly of: readonly Condition[] }
  | { readonly test: "not"; readonly of: Condition };

export type Shape = Positional | Sequence | Tagged | Bitmapped | BerTlv | Datasets | DatasetBitmap | NestedMessage;

/**
 * Parts side by side in one text or one run of BCD digits, known by their place; what is missing is missing at the end.
 * Path: "61.4".
 */
export interface Positional {
  readonly kind: "positional";
  readonly parts: readonly PositionalPart[];
}

export interface PositionalPart {
  readonly name: string;
  readonly content: Content;
  /** In the digits or characters of the composite. */
  readonly length: number;
  /** The last part may be shorter than its length. */
  readonly mayEndEarly?: true;
  readonly sensitive?: Sensitivity;
}

/**
 * Fields side by side, each with an encoding and extent of its own: fixed, with a prefix, or up to a terminator. The
 * composite may end after any of them; a last part without prefix and terminator takes what is left. Path: "43.2".
 */
export interface Sequence {
  readonly kind: "sequence";
  readonly parts: readonly FieldSpec[];
}

/**
 * Tag and length, then data: `42 07 0103210`. Path: "48.42"; the second of two equal tags is "48.42#2". A tag that is
 * not listed is kept as `any`, and counted as unknown.
 */
export interface Tagged {
  readonly kind: "tagged";
  /** Of tag and length, where these do not say otherwise, and of the data of unknown tags. */
  readonly encoding: CharacterSet;
  /** Characters; digits in BCD (two a byte); bytes in binary, where a key is in hexadecimal digits ("9F"). */
  readonly tagDigits: number;
  readonly tagEncoding?: CharacterSet | "bcd" | "binary";
  /** n (default): a tag in a character set has digits only. an: letters, too ("A1"). */
  readonly tagContent?: "n" | "an";
  /** Digits; bytes in binary. */
  readonly lengthDigits: number;
  readonly lengthEncoding?: CharacterSet | "bcd" | "binary";
  /** The length stands in front of the tag. */
  readonly isLengthFirst?: true;
  /** What the length counts, in bytes: the data (default), tag and data, or all with the length itself. */
  readonly lengthCounts?: "data" | "tag-and-data" | "all";
  /** One letter before the first tag; absent where the composite begins with a digit. Path: "48.TCC". */
  readonly leading?: { readonly key: string; readonly name: string };
  readonly parts: Readonly<Record<string, FieldSpec>>;
}

/** A bitmap of its own, then the announced parts in order. Path: "62.2". */
export interface Bitmapped {
  readonly kind: "bitmapped";
  readonly bitmapBytes: 1 | 2 | 3 | 4 | 8 | 16;
  /** binary where it is absent. `bitmapBytes` counts what it stands for, not its characters. */
  readonly bitmapEncoding?: "binary" | HexText;
  /** The first bit announces one more bitmap of the same size and stands for no part; else every bit stands for one. */
  readonly isContinued?: true;
  /**
   * A part that is not listed has no known length. With this set the rest of the composite is kept as it came and
   * counted as unknown: "62.rest" is `hex:`, the bits that could not be read as whole bitmaps (each announces the next,
   * as many as these bits need), and then the bytes.
   * Without it, it is a fault.
   */
  readonly keepsRest?: true;
  readonly parts: Readonly<Record<number, FieldSpec>>;
}

/**
 * EMV tags: `9F26 08 ...`. Order, repeated and unknown tags, long lengths (up to 83 and three bytes) and zero padding
 * (before, between and behind tags) survive. Path: "55.9F26"; the second of two equal tags is "55.9F26#2".
 */
export interface BerTlv {
  readonly kind: "ber-tlv";
  /** true: tags of one to four bytes, and those with bit 6 set hold tags themselves ("6F.A5.50"). false: tags of one byte. */
  readonly nests: boolean;
  /**
   * By tag in upper-case hexadecimal digits, at any depth: how its value is read. A tag that is not listed is kept as
   * bytes and counted as unknown; where nothing is listed at all, every tag is bytes and none is unknown.
   */
  readonly parts?: Readonly<Record<string, FieldSpec>>;
}

/** `id 1 | length 2 | content`, repeated; zeros up to the end are padding. Path: "55.01.9F26". */
export interface Datasets {
  readonly kind: "datasets";
  /** As in BerTlv, of datasets that are not listed. */
  readonly nests: boolean;
  /**
   * By id in two upper-case hexadecimal digits. Where any is listed, one that is not is unknown; it is read as BER-TLV
   * up to 70, as ISO 8583:2023 has it, and kept as bytes from 71 on.
   */
  readonly parts?: Readonly<Record<string, DatasetSpec>>;
}

export interface DatasetSpec {
  readonly name: string;
  readonly sensitive?: Sensitivity;
  /** Bytes where it is absent. */
  readonly shape?: Shape;
}

/**
 * ISO 8583:2023, a dataset with a bitmap: 16 bits, then 8 more as long as the first bit of the last ones is set. That
 * bit stands for no part, and parts are numbered without it: `6000` announces 1 and 2. The last bit of all says that
 * BER-TLV follows the parts. Paths: "34.71.2", "34.71.tags.9F26".
 */
export interface DatasetBitmap {
  readonly kind: "dataset-bitmap";
  readonly parts: Readonly<Record<number, FieldSpec>>;
}

/** A whole message inside a field, without header. Paths: "127.0" its type, "127.2" its fields. */
export interface NestedMessage {
  readonly kind: "message";
  readonly dialect: DialectSpec;
}
