/**
 * A dialect of ISO 8583 as data. Four small vocabularies are combined freely: how a body is written (encoding),
 * which characters it may hold (content), how its length is told (extent), and what lies inside it (shape).
 */
export interface DialectSpec {
  /** "visa-style": what a configuration file writes. */
  readonly name: string;
  readonly title: string;
  /** base-22: the 22-byte header with stations, drawn in src/iso8583/header.ts. */
  readonly header: "none" | "base-22";
  /** Four digits. */
  readonly mti: { readonly encoding: CharacterSet | "bcd" };
  readonly bitmap: BitmapSpec;
  /** By data element number; 1, 65 and 129 belong to the bitmaps. */
  readonly fields: Readonly<Record<number, FieldSpec>>;
}

export type CharacterSet = "ascii" | "cp037" | "cp500" | "cp1047";

/**
 * bcd: two digits a byte, right-aligned, so an odd count begins with a zero nibble.
 * hex: a byte as two hexadecimal ASCII characters. binary: a byte as itself.
 */
export type Encoding = CharacterSet | "bcd" | "binary" | "hex";

/**
 * n digits; a letters; an letters and digits; anp also blanks; ans every printable character; z track 2 (digits and
 * one separator, "=" in a value, nibble D in BCD); x+n a C or D, then digits; b bytes; any: text where it is printable,
 * else bytes (data whose meaning the dialect does not know).
 */
export type Content = "n" | "a" | "an" | "anp" | "ans" | "z" | "x+n" | "b" | "any";

/** How a log, a screen or an error may show a value: pan as 6…4, everything else not at all. */
export type Sensitivity = "pan" | "track" | "pin" | "secret" | "chip" | "expiry";

export interface BitmapSpec {
  /** binary: 8 bytes each. hex: 16 characters each, written in upper case. */
  readonly encoding: "binary" | "hex";
  /** How many bitmaps there may be: bit 1 announces the second, bit 65 the third. */
  readonly count: 1 | 2 | 3;
}

export interface LengthPrefix {
  /** Decimal digits of a character set or in BCD, or a big-endian binary number. */
  readonly encoding: CharacterSet | "bcd" | "binary";
  /** Digits (1 to 4) where it is written in digits, bytes (1 or 2) where it is binary. */
  readonly size: 1 | 2 | 3 | 4;
  /** What the number counts. Digits and characters differ from bytes in BCD and hex, where a byte holds two. */
  readonly counts: "characters" | "digits" | "bytes";
}

/**
 * Lengths count what a value counts: digits in BCD, characters in text, bytes in binary and hex. A part of a composite
 * that tells its length itself (tagged) has no prefix.
 */
export type Extent =
  | { readonly length: number }
  | { readonly min?: number; readonly max: number; readonly prefix?: LengthPrefix };

export type FieldSpec = Extent & {
  readonly name: string;
  readonly content: Content;
  readonly encoding: Encoding;
  readonly sensitive?: Sensitivity;
  readonly shape?: Shape;
};

export type Shape = Positional | Tagged | Bitmapped | BerTlv | Datasets;

/** Parts side by side, known by their place; what is missing is missing at the end. Path: "61.4". */
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

/** Tag and length in digits, then data: `42 07 0103210`. Path: "48.42". A tag that is not listed is kept as `any`. */
export interface Tagged {
  readonly kind: "tagged";
  readonly encoding: CharacterSet;
  readonly tagDigits: number;
  readonly lengthDigits: number;
  /** One letter before the first tag; absent where the composite begins with a digit. Path: "48.TCC". */
  readonly leading?: { readonly key: string; readonly name: string };
  readonly parts: Readonly<Record<string, FieldSpec>>;
}

/** A bitmap of its own, then the announced parts in order. Every bit stands for a part. Path: "62.2". */
export interface Bitmapped {
  readonly kind: "bitmapped";
  readonly bitmapBytes: 3 | 8 | 16;
  readonly parts: Readonly<Record<number, FieldSpec>>;
}

/**
 * EMV tags: `9F26 08 ...`. Order, repeated and unknown tags, long lengths and zero padding survive. Path: "55.9F26";
 * the second of two equal tags is "55.9F26#2".
 */
export interface BerTlv {
  readonly kind: "ber-tlv";
  /** true: tags of one to four bytes, and those with bit 6 set hold tags themselves ("6F.A5.50"). false: tags of one byte. */
  readonly nests: boolean;
}

/** `id 1 | length 2 | tags`, repeated. Path: "55.01.9F26". */
export interface Datasets {
  readonly kind: "datasets";
  /** As in BerTlv. */
  readonly nests: boolean;
}
