import type { Content, Sensitivity } from "../../specs/dialect.ts";
import type { Branch, Change } from "./change.ts";
import type { Element } from "./element.ts";
import type { TextCode } from "./encodings.ts";
import type { Reader } from "./reader.ts";
import type { StraightPlan } from "./straight.ts";

/** How a body is written. A count of digits, characters or bytes is its `units`. */
export const body = { text: 0, bcd: 1, bytes: 2, hex: 3, zoned: 4, utf8: 5, amountBcd: 6 } as const;
export type Body = (typeof body)[keyof typeof body];

/** How a length is written. */
export const prefixForm = { digits: 0, bcd: 1, binary: 2, hex: 3, ber: 4 } as const;

export interface PrefixPlan {
  readonly form: (typeof prefixForm)[keyof typeof prefixForm];
  readonly code: TextCode;
  readonly isLowerHex: boolean;
  /** Bytes on the wire; the most of them for BER. */
  readonly bytes: number;
  /** The largest number that it can write. */
  readonly countMax: number;
  /** What the number counts, where that is not what the body counts. */
  readonly counts: "units" | "bytes" | "hex-characters";
  /** Bytes of the prefix itself, where the number counts them too; else 0. */
  readonly own: number;
}

export interface PadPlan {
  readonly isLeft: boolean;
  /** A Latin-1 code ("F" in BCD); the byte itself where the field holds bytes. */
  readonly code: number;
  readonly isToEven: boolean;
  readonly isTrimmed: boolean;
}

/** A field or part, ready to be read and written without looking at its spec again. */
export interface FieldPlan {
  /** Full path in the message, "62.2"; of a tag inside BER-TLV only that of the composite. */
  readonly path: string;
  /** Last step of the path: the number, or the tag. */
  readonly key: string;
  /** Data element or bit; 0 where the key is a tag. */
  readonly number: number;
  readonly name: string;
  readonly content: Content;
  readonly body: Body;
  /** Of text, and of hexadecimal or zoned digits; of the letter of an amount in BCD. */
  readonly code: TextCode;
  /** Classes that a character must have one of. */
  readonly mask: number;
  readonly min: number;
  readonly max: number;
  readonly prefix: PrefixPlan | null;
  /** The byte that ends the body; -1 where none does. */
  readonly terminator: number;
  /** Neither fixed nor told: takes what is left of its composite. */
  readonly isOpenEnded: boolean;
  readonly isFilled: boolean;
  /** BCD: where an odd count leaves a nibble over, and what stands there. */
  readonly isLeftAligned: boolean;
  readonly spareNibble: number;
  readonly isLowerHex: boolean;
  readonly pad: PadPlan | null;
  readonly sensitive: Sensitivity | null;
  readonly shape: ShapePlan | null;
  readonly variants: readonly VariantPlan[] | null;
  /** Nobody has described it: a tag, a dataset or a rest that is kept as it came. */
  readonly isUnknown: boolean;
  /** The third bitmap in the place of field 65: no value of a message. */
  readonly isBitmap: boolean;
}

export interface VariantPlan {
  /** Whether the layout holds for the field whose span the first layout tells (null where it cannot). */
  readonly isMet: (reader: Reader, span: Element | null) => boolean;
  readonly plan: FieldPlan;
}

export interface PositionPlan {
  readonly key: string;
  readonly name: string;
  readonly content: Content;
  readonly code: TextCode;
  readonly mask: number;
  readonly offset: number;
  readonly length: number;
  readonly mayEndEarly: boolean;
  readonly sensitive: Sensitivity | null;
}

/** What lies inside a composite: one file a kind reads it and builds it. */
export interface ShapePlan {
  readonly kind:
    | "positional"
    | "sequence"
    | "tagged"
    | "bitmapped"
    | "ber-tlv"
    | "datasets"
    | "dataset-bitmap"
    | "message";
  /** Positional only: its parts are substrings of the value, all others have elements of their own. */
  readonly positions: readonly PositionPlan[] | null;
  /** Reads and checks the parts into `element.parts`; false where something is faulty. Sound parts are kept. */
  readonly decode: (reader: Reader, element: Element, path: string) => boolean;
  /** The content after a change to parts of it; null where no part is left. Throws EncodeError. */
  readonly build: (plan: FieldPlan, path: string, change: Change) => Built | null;
  /** The most bytes that a new one of these parts can have, where their number tells it. */
  readonly bytesMax?: (branches: readonly Branch[]) => number;
}

/** The content of a field or part, without length or tag, and how many digits, characters or bytes it has. */
export interface Built {
  readonly bytes: Uint8Array;
  readonly units: number;
}

export type HeaderPlan =
  | { readonly kind: "base-22" }
  | { readonly kind: "tpdu" }
  | { readonly kind: "literal"; readonly bytes: Uint8Array }
  | { readonly kind: "skipped"; readonly length: number };

export interface DialectPlan {
  readonly name: string;
  readonly header: HeaderPlan | null;
  readonly hasHeader: boolean;
  readonly mti: FieldPlan;
  readonly hasHexBitmaps: boolean;
  readonly bitmapCode: TextCode;
  readonly isLowerHex: boolean;
  readonly bitmapCount: number;
  /** All bitmaps always stand there. */
  readonly hasFixedBitmaps: boolean;
  /** Bit 1 is field 1. */
  readonly hasOneBitmap: boolean;
  /** The third bitmap lies in field 65: the plan of its bytes. */
  readonly thirdBitmap: FieldPlan | null;
  /** By data element number. */
  readonly fields: readonly (FieldPlan | undefined)[];
  /** By data element number as well: those that are read the straight way. */
  readonly straight: readonly (StraightPlan | undefined)[];
  /** By the first digit of the message type; null where all versions are alike. */
  readonly versions: readonly DialectPlan[] | null;
  /** Some layout depends on other fields or on the message type. */
  readonly hasConditions: boolean;
}

/** The plan of the version that a message type names. */
export function versionOf(plan: DialectPlan, mti: string): DialectPlan {
  return plan.versions === null ? plan : (plan.versions[mti.charCodeAt(0) - 0x30] ?? plan);
}

/** Bytes that so many digits, characters or bytes take on the wire. */
export function bytesOf(plan: FieldPlan, units: number): number {
  switch (plan.body) {
    case body.bcd:
      return (units + 1) >> 1;
    case body.hex:
      return 2 * units;
    case body.amountBcd:
      return units === 0 ? 0 : 1 + (units >> 1);
    default:
      return units;
  }
}

/**
 * The most units that a field takes, on either way: where bytes of BCD are counted, one more than an odd maximum, since
 * nothing tells the digit from filler. The letter of an amount is a byte of its own.
 */
export function unitsMax({ prefix, body: form, max }: FieldPlan): number {
  if (prefix?.counts !== "bytes") return max;
  return form === body.bcd ? max + (max & 1) : form === body.amountBcd ? max + 1 - (max & 1) : max;
}

/** Digits, characters or bytes that so many bytes hold; no whole number where hexadecimal characters are odd. */
export function unitsOf(plan: FieldPlan, bytes: number): number {
  if (plan.min === plan.max && bytes === bytesOf(plan, plan.max)) return plan.max;
  switch (plan.body) {
    case body.bcd:
      return 2 * bytes;
    case body.hex:
      return bytes / 2;
    case body.amountBcd:
      return bytes === 0 ? 0 : 2 * bytes - 1;
    default:
      return bytes;
  }
}
