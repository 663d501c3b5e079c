import type { CharacterSet, Encoding, FieldSpec, LengthPrefix } from "../../specs/dialect.ts";
import { type TextCode, textCodes } from "./encodings.ts";
import { type Body, type FieldPlan, type PrefixPlan, body, prefixForm } from "./plan.ts";

type Extents = Pick<FieldPlan, "min" | "max" | "prefix" | "terminator" | "isOpenEnded" | "isFilled">;

/** How long a field may be, and what tells how long it is. */
export function planExtent(spec: FieldSpec): Extents {
  const told = { prefix: null, terminator: -1, isOpenEnded: false, isFilled: false };
  if ("length" in spec) return { ...told, min: spec.length, max: spec.length };
  const { min = 0, max } = spec;
  if ("terminator" in spec) {
    const terminator = codeOf(spec).fromLatin[spec.terminator.charCodeAt(0)] ?? 0;
    return { ...told, min, max, terminator, isOpenEnded: true };
  }
  if (spec.prefix === undefined) return { ...told, min, max, isOpenEnded: true };
  return {
    ...told,
    min,
    max,
    prefix: planPrefix(spec.prefix, bodyOf(spec)),
    isFilled: spec.isFilled ?? false,
  };
}

export function bodyOf({ encoding, content }: Pick<FieldSpec, "encoding" | "content">): Body {
  switch (encoding) {
    case "bcd":
    case "bcd-f":
    case "bcd-left":
    case "bcd-left-f":
      return content === "x+n" ? body.amountBcd : body.bcd;
    case "binary":
      return body.bytes;
    case "hex":
    case "hex-lower":
    case "hex-ebcdic":
      return body.hex;
    case "zoned-ascii":
    case "zoned-ebcdic":
      return body.zoned;
    case "utf-8":
      return body.utf8;
    default:
      return body.text;
  }
}

/** The characters of an encoding; of BCD those of the letter of an amount. */
export function codeOf({ encoding, letter }: { encoding: Encoding; letter?: CharacterSet }): TextCode {
  switch (encoding) {
    case "ascii":
    case "latin1":
    case "cp037":
    case "cp500":
    case "cp1047":
      return textCodes[encoding];
    case "hex-ebcdic":
    case "zoned-ebcdic":
      return textCodes.cp037;
    default:
      return textCodes[letter ?? "ascii"];
  }
}

/** The characters of hexadecimal digits: digits and letters A–F are the same in every EBCDIC code page. */
export function hexCodeOf(encoding: Encoding): TextCode {
  return encoding === "hex-ebcdic" ? textCodes.cp037 : textCodes.ascii;
}

function planPrefix(spec: LengthPrefix, of: Body): PrefixPlan {
  const { encoding, size } = spec;
  const base = { code: textCodes.ascii, isLowerHex: encoding === "hex-lower", bytes: size, ...unitsCounted(spec, of) };
  switch (encoding) {
    case "binary":
      return { ...base, form: prefixForm.binary, countMax: 256 ** size - 1, own: spec.isInclusive ? size : 0 };
    case "bcd": {
      const bytes = (size + 1) >> 1;
      return { ...base, form: prefixForm.bcd, bytes, countMax: 10 ** size - 1, own: spec.isInclusive ? bytes : 0 };
    }
    case "hex":
    case "hex-lower":
    case "hex-ebcdic": {
      const code = hexCodeOf(encoding);
      return { ...base, form: prefixForm.hex, code, countMax: 16 ** size - 1, own: spec.isInclusive ? size : 0 };
    }
    case "ber":
      return {
        ...base,
        form: prefixForm.ber,
        countMax: size === 1 ? 127 : 256 ** (size - 1) - 1,
        own: spec.isInclusive ? 1 : 0,
      };
    default: {
      const code = textCodes[encoding];
      return { ...base, form: prefixForm.digits, code, countMax: 10 ** size - 1, own: spec.isInclusive ? size : 0 };
    }
  }
}

function unitsCounted({ counts }: LengthPrefix, of: Body): Pick<PrefixPlan, "counts"> {
  if (counts === "bytes" && (of === body.bcd || of === body.amountBcd)) return { counts: "bytes" };
  return { counts: of === body.hex && counts === "characters" ? "hex-characters" : "units" };
}
