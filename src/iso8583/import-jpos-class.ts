import type { Bcd, CharacterSet, Content, Encoding, LengthPrefix, Padding } from "../../specs/dialect.ts";

/**
 * A field class of jPOS by the grammar of its name:
 *
 *   IF | family | _ | F filled | T tag digits | L length digits | H binary length | kind
 *   IF   A|B|E       F           TT              LL                H                 NUM
 *
 * The family says how a length is written (A ASCII, B BCD or binary, E EBCDIC), the kind how the body is. Only names that
 * the grammar of their family allows are read: IFA_LLHBINARY is in published files, and no such class exists.
 */
export type JposClass =
  | { readonly kind: "field"; readonly encoding: Encoding; readonly content: Content; readonly form: FieldForm }
  /** encoding: how the bitmap is written; isPlain: its first bit announces nothing. */
  | { readonly kind: "bitmap"; readonly encoding: "binary" | "hex" | "hex-ebcdic"; readonly isPlain: boolean }
  | { readonly kind: "nothing" };

export interface FieldForm {
  /** null: fixed. */
  readonly prefix: LengthPrefix | null;
  readonly pad: Padding | null;
  readonly isFilled: boolean;
  /** Ends with the character of the attribute "token". */
  readonly hasToken: boolean;
  /** Where the class writes a tag beside the length, as the parts of a composite do. */
  readonly tag: JposTag | null;
  /** The value has hexadecimal digits, which are bytes here: "12AB" → hex:12ab. Its length counts digits. */
  readonly isHexDigits: boolean;
  /** What is not exactly the same; null where all is. */
  readonly caveat: string | null;
}

export interface JposTag {
  readonly digits: number;
  readonly encoding: CharacterSet;
  readonly isLengthFirst: boolean;
}

/** jPOS knows one EBCDIC code page. */
export const ebcdic = "cp1047";

/** The class of a name such as "org.jpos.iso.IFB_LLNUM"; null where there is none. `isPadded` is the attribute "pad". */
export function jposClass(name: string, isPadded: boolean): JposClass | null {
  const simple = /^(?:org\.jpos\.iso\.(?:packager\.)?)?([A-Za-z0-9_]{1,40})$/.exec(name)?.[1];
  if (simple === undefined) return null;
  return bitmapClass(simple) ?? bareClass(simple) ?? foreignTagClass(simple) ?? familyClass(simple, isPadded);
}

function bitmapClass(name: string): JposClass | null {
  if (name === "Base1_BITMAP126") return { kind: "bitmap", encoding: "binary", isPlain: true };
  if (name === "IFB_BITMAP") return { kind: "bitmap", encoding: "binary", isPlain: false };
  if (name === "IFA_BITMAP") return { kind: "bitmap", encoding: "hex", isPlain: false };
  return name === "IFE_BITMAP" ? { kind: "bitmap", encoding: "hex-ebcdic", isPlain: false } : null;
}

/** Classes without a family: characters of a fixed length, up to a token, or nothing at all. */
function bareClass(name: string): JposClass | null {
  const blanks = { side: "right", with: " " } as const;
  if (name === "IF_CHAR") return text("latin1", { pad: blanks });
  if (name === "IF_ECHAR" || name === "IFE_CHAR") return text(ebcdic, { pad: blanks });
  if (name === "IF_TCHAR") return text("latin1", { hasToken: true });
  return name === "IF_NOP" || name === "IF_UNUSED" ? { kind: "nothing" } : null;
}

/** Classes of composites that write a tag: length before tag or tag before length, of two or four digits. */
const foreignTags: Readonly<
  Record<string, { readonly tag: JposTag; readonly size: 2 | 3; readonly body: CharacterSet }>
> = {
  IFEP_LLCHAR: { tag: { digits: 2, encoding: "ascii", isLengthFirst: true }, size: 2, body: "latin1" },
  IFELPE_LLLCHAR: { tag: { digits: 2, encoding: ebcdic, isLengthFirst: true }, size: 3, body: ebcdic },
  IFMC_LLCHAR: { tag: { digits: 2, encoding: "ascii", isLengthFirst: false }, size: 2, body: "latin1" },
  IFEMC_LLCHAR: { tag: { digits: 2, encoding: ebcdic, isLengthFirst: false }, size: 2, body: ebcdic },
  IFEMC_LLLCHAR: { tag: { digits: 2, encoding: ebcdic, isLengthFirst: false }, size: 3, body: ebcdic },
  IFIPM_LLLCHAR: { tag: { digits: 4, encoding: "ascii", isLengthFirst: false }, size: 3, body: "latin1" },
};

function foreignTagClass(name: string): JposClass | null {
  const found = Object.hasOwn(foreignTags, name) ? foreignTags[name] : undefined;
  if (found === undefined) return null;
  const { tag, size, body } = found;
  return text(body, { tag, prefix: { encoding: tag.encoding, size, counts: "bytes" } });
}

const kinds =
  "NUMERIC|SIGNED_NUMERIC|AMOUNT|AMOUNT2003|NUM|BNUM|CHAR|ECHAR|BINARY|ABINARY|EBINARY|FBINARY|HEX" as const;
const grammar = new RegExp(`^IF(A|B|E|AE|EA|EB)_(F?)(T{0,3})(L{0,6})(H?)(${kinds})$`);

/** IF | A, B, E or two of them | _ | the rest. */
function familyClass(name: string, isPadded: boolean): JposClass | null {
  const match = grammar.exec(name);
  if (match === null) return null;
  const [, family = "", filled = "", tag = "", length = "", binary = "", kind = ""] = match;
  const parts = {
    family,
    isFilled: filled !== "",
    tagDigits: tag.length,
    size: length.length,
    isBinary: binary !== "",
  };
  if (parts.tagDigits > 0 && (family !== "A" || parts.tagDigits < 2 || parts.size === 0)) return null;
  if (parts.isBinary && (family !== "B" || parts.size < 2 || parts.size > 3)) return null;
  if (parts.size === 0) return fixedClass(`${family} ${filled}${kind}`, isPadded);
  return variableClass(parts, kind, isPadded);
}

function fixedClass(kind: string, isPadded: boolean): JposClass | null {
  const zeros = { side: "left", with: "0" } as const;
  switch (kind) {
    case "A NUMERIC":
    case "A AMOUNT2003":
      return numbers("ascii", { pad: zeros });
    case "E NUMERIC":
    case "E AMOUNT2003":
      return numbers(ebcdic, { pad: zeros });
    case "B NUMERIC":
    case "B AMOUNT2003":
      return numbers(bcd(isPadded), { pad: zeros });
    case "B FNUMERIC":
      return numbers(isPadded ? "bcd" : "bcd-left-f", { pad: zeros });
    case "E SIGNED_NUMERIC":
      return numbers("zoned-ebcdic", { pad: zeros });
    case "A AMOUNT":
      return text("ascii", {});
    case "E AMOUNT":
      return text(ebcdic, {});
    case "B AMOUNT":
      return field(bcd(isPadded), "x+n", {});
    case "A BINARY":
      return field("hex", "b", {});
    case "E BINARY":
      return field("hex-ebcdic", "b", {});
    case "B BINARY":
      return field("binary", "b", {});
    case "B HEX":
      return field("binary", "b", { isHexDigits: true, caveat: "its digits are shown as bytes" });
    default:
      return null;
  }
}

interface NameParts {
  readonly family: string;
  readonly isFilled: boolean;
  readonly tagDigits: number;
  readonly size: number;
  readonly isBinary: boolean;
}

function variableClass(parts: NameParts, kind: string, isPadded: boolean): JposClass | null {
  const { family, isFilled, tagDigits } = parts;
  const size = sizeOf(parts);
  if (size === null) return null;
  const encoding = family === "B" ? (parts.isBinary ? "binary" : "bcd") : family.startsWith("A") ? "ascii" : ebcdic;
  const tag: JposTag | null = tagDigits === 0 ? null : { digits: tagDigits, encoding: "ascii", isLengthFirst: false };
  const prefix = (counts: LengthPrefix["counts"]): LengthPrefix => ({ encoding, size, counts });
  const form = { isFilled, tag };
  const blanks: Padding | null = isFilled ? { side: "right", with: " " } : null;
  const own = family === "A" || family === "AE" ? "A" : family;
  switch (`${own} ${kind}`) {
    case "A CHAR":
      return text(family === "AE" ? ebcdic : "latin1", { ...form, prefix: prefix("characters"), pad: blanks });
    case "EA CHAR":
    case "B CHAR":
      return text("latin1", { ...form, prefix: prefix("characters"), pad: blanks });
    case "E CHAR":
    case "B ECHAR":
      return text(ebcdic, { ...form, prefix: prefix("characters"), pad: blanks });
    case "A NUM":
      return numbers("ascii", { ...form, prefix: prefix("digits") });
    case "E NUM":
      return numbers(ebcdic, { ...form, prefix: prefix("digits") });
    case "B NUM":
      return numbers(bcd(isPadded), { ...form, prefix: prefix("digits") });
    case "A BNUM":
      return numbers(bcd(isPadded), {
        ...form,
        prefix: prefix("digits"),
        pad: { side: isPadded ? "left" : "right", with: "0", to: "even" },
      });
    case "EB NUM":
      // An odd count has an F behind it, and the length counts bytes.
      return numbers("bcd-left-f", {
        ...form,
        prefix: prefix("bytes"),
        pad: { side: "right", with: "F", to: "even", isTrimmed: true },
      });
    case "A BINARY":
    case "B BINARY":
    case "E BINARY":
      return field("binary", "b", { ...form, prefix: prefix("bytes") });
    case "B FBINARY":
      return field("binary", "b", { ...form, isFilled: true, prefix: prefix("bytes") });
    case "A ABINARY":
      return field("hex", "b", { ...form, prefix: prefix("bytes") });
    case "E EBINARY":
      return field("hex-ebcdic", "b", { ...form, prefix: prefix("bytes") });
    case "B HEX":
      return numbers("bcd", {
        ...form,
        prefix: prefix("digits"),
        caveat: "digits A to F but the separator are refused",
      });
    default:
      return null;
  }
}

/** LLH is one byte and LLLH two; in BCD and text every L is a digit. */
function sizeOf({ size, isBinary }: NameParts): LengthPrefix["size"] | null {
  if (isBinary) return size === 2 ? 1 : 2;
  return size === 1 || size === 2 || size === 3 || size === 4 || size === 5 || size === 6 ? size : null;
}

/** The attribute "pad": true is right-aligned with a zero in front, false left-aligned with a zero behind. */
function bcd(isPadded: boolean): Bcd {
  return isPadded ? "bcd" : "bcd-left";
}

function text(encoding: CharacterSet, form: Partial<FieldForm>): JposClass {
  return field(encoding, "ans", form);
}

/** No class of jPOS looks at the characters of a value, so numbers in text may hold letters; nibbles are digits. */
function numbers(encoding: Encoding, form: Partial<FieldForm>): JposClass {
  return field(encoding, encoding === "ascii" || encoding === ebcdic ? "ans" : "n", form);
}

function field(encoding: Encoding, content: Content, form: Partial<FieldForm>): JposClass {
  const usual = { prefix: null, pad: null, isFilled: false, hasToken: false, tag: null, isHexDigits: false };
  return { kind: "field", encoding, content, form: { ...usual, caveat: null, ...form } };
}
