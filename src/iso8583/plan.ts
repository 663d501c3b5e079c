import type {
  Content,
  DialectSpec,
  Encoding,
  Extent,
  FieldSpec,
  LengthPrefix,
  Sensitivity,
  Shape,
} from "../../specs/dialect.ts";
import { type TextCode, contentMasks, textCodes } from "./encodings.ts";

/** How a body is written. A count of digits, characters or bytes is its `units`. */
export const body = { text: 0, bcd: 1, bytes: 2, hex: 3 } as const;
export type Body = (typeof body)[keyof typeof body];

export interface PrefixPlan {
  readonly code: TextCode | null;
  readonly isBcd: boolean;
  readonly bytes: number;
  /** The largest number that it can write. */
  readonly countMax: number;
  /** units = count × multiply ÷ divide: a byte count of BCD digits is doubled, a character count of hex is halved. */
  readonly multiply: number;
  readonly divide: number;
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
  readonly code: TextCode;
  /** Classes that a character must have one of. */
  readonly mask: number;
  readonly min: number;
  readonly max: number;
  readonly prefix: PrefixPlan | null;
  readonly sensitive: Sensitivity | null;
  readonly shape: ShapePlan | null;
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

export type ShapePlan =
  | { readonly kind: "positional"; readonly parts: readonly PositionPlan[] }
  | TaggedPlan
  | { readonly kind: "bitmapped"; readonly bitmapBytes: number; readonly parts: readonly (FieldPlan | undefined)[] }
  | TlvPlan
  | { readonly kind: "datasets"; readonly dataset: FieldPlan; readonly tags: TlvPlan };

export interface TlvPlan {
  readonly kind: "ber-tlv";
  readonly nests: boolean;
  /** The plan that all its tags share. */
  readonly tag: FieldPlan;
}

export interface TaggedPlan {
  readonly kind: "tagged";
  readonly path: string;
  readonly code: TextCode;
  readonly tagBytes: number;
  readonly lengthBytes: number;
  readonly leading: FieldPlan | null;
  /** Known tags; unknown ones join when they are first met (at most ten to the number of tag digits). */
  readonly parts: Map<string, FieldPlan>;
}

export interface DialectPlan {
  readonly name: string;
  readonly hasHeader: boolean;
  readonly mti: FieldPlan;
  readonly hasHexBitmaps: boolean;
  readonly bitmapCount: number;
  /** By data element number. */
  readonly fields: readonly (FieldPlan | undefined)[];
}

/** A spec turned into plans once, so that a message costs table look-ups only. */
export function planDialect(spec: DialectSpec): DialectPlan {
  const fields: (FieldPlan | undefined)[] = new Array<FieldPlan | undefined>(64 * spec.bitmap.count + 1).fill(
    undefined,
  );
  for (const [key, field] of Object.entries(spec.fields)) {
    if (Number(key) < fields.length) fields[Number(key)] = planField(key, key, field);
  }
  const mti = { name: "Message type", content: "n", encoding: spec.mti.encoding, length: 4 } as const;
  return {
    name: spec.name,
    hasHeader: spec.header === "base-22",
    mti: planField("0", "0", mti),
    hasHexBitmaps: spec.bitmap.encoding === "hex",
    bitmapCount: spec.bitmap.count,
    fields,
  };
}

function planField(path: string, key: string, spec: FieldSpec, inherited: Sensitivity | null = null): FieldPlan {
  const number = Number(key);
  const sensitive = spec.sensitive ?? inherited;
  const { min, max, prefix } = planExtent(spec, spec.encoding);
  return {
    path,
    key,
    number: Number.isInteger(number) ? number : 0,
    name: spec.name,
    content: spec.content,
    body: bodyOf(spec.encoding),
    code: codeOf(spec.encoding),
    mask: contentMasks[spec.content],
    min,
    max,
    prefix,
    sensitive,
    shape: spec.shape === undefined ? null : planShape(path, spec.shape, codeOf(spec.encoding), sensitive),
  };
}

function bodyOf(encoding: Encoding): Body {
  if (encoding === "bcd") return body.bcd;
  if (encoding === "binary") return body.bytes;
  return encoding === "hex" ? body.hex : body.text;
}

function codeOf(encoding: Encoding): TextCode {
  return encoding === "bcd" || encoding === "binary" || encoding === "hex" ? textCodes.ascii : textCodes[encoding];
}

function planExtent(spec: Extent, encoding: Encoding): { min: number; max: number; prefix: PrefixPlan | null } {
  if ("length" in spec) return { min: spec.length, max: spec.length, prefix: null };
  const prefix = spec.prefix === undefined ? null : planPrefix(spec.prefix, encoding);
  return { min: spec.min ?? 0, max: spec.max, prefix };
}

function planPrefix(spec: LengthPrefix, encoding: Encoding): PrefixPlan {
  const isBinary = spec.encoding === "binary";
  const isBcd = spec.encoding === "bcd";
  return {
    code: spec.encoding === "binary" || spec.encoding === "bcd" ? null : textCodes[spec.encoding],
    isBcd,
    bytes: isBcd ? (spec.size + 1) >> 1 : spec.size,
    countMax: (isBinary ? 256 : 10) ** spec.size - 1,
    multiply: encoding === "bcd" && spec.counts === "bytes" ? 2 : 1,
    divide: encoding === "hex" && spec.counts === "characters" ? 2 : 1,
  };
}

function planShape(path: string, shape: Shape, code: TextCode, sensitive: Sensitivity | null): ShapePlan {
  switch (shape.kind) {
    case "positional":
      return { kind: "positional", parts: planPositions(shape, code, sensitive) };
    case "tagged":
      return planTagged(path, shape, sensitive);
    case "bitmapped": {
      const parts = new Array<FieldPlan | undefined>(8 * shape.bitmapBytes + 1).fill(undefined);
      for (const [key, part] of Object.entries(shape.parts)) {
        parts[Number(key)] = planField(`${path}.${key}`, key, part, sensitive);
      }
      return { kind: "bitmapped", bitmapBytes: shape.bitmapBytes, parts };
    }
    case "ber-tlv":
      return planTlv(path, shape.nests, sensitive);
    case "datasets": {
      const tags = planTlv(path, shape.nests, sensitive);
      return { kind: "datasets", dataset: opaque(path, { name: "Dataset", sensitive, shape: tags }), tags };
    }
  }
}

function planPositions(
  shape: Extract<Shape, { kind: "positional" }>,
  code: TextCode,
  sensitive: Sensitivity | null,
): PositionPlan[] {
  let offset = 0;
  return shape.parts.map((part, index) => {
    const at = offset;
    offset += part.length;
    return {
      key: String(index + 1),
      name: part.name,
      content: part.content,
      code,
      mask: contentMasks[part.content],
      offset: at,
      length: part.length,
      mayEndEarly: part.mayEndEarly ?? false,
      sensitive: part.sensitive ?? sensitive,
    };
  });
}

function planTagged(
  path: string,
  shape: Extract<Shape, { kind: "tagged" }>,
  sensitive: Sensitivity | null,
): TaggedPlan {
  const parts = new Map<string, FieldPlan>();
  for (const [key, part] of Object.entries(shape.parts)) {
    parts.set(key, planField(`${path}.${key}`, key, part, sensitive));
  }
  const { leading } = shape;
  const letter = { content: "a", encoding: shape.encoding, length: 1 } as const;
  return {
    kind: "tagged",
    path,
    code: textCodes[shape.encoding],
    tagBytes: shape.tagDigits,
    lengthBytes: shape.lengthDigits,
    leading: leading ? planField(`${path}.${leading.key}`, leading.key, { name: leading.name, ...letter }) : null,
    parts,
  };
}

/** The plan of a tag, known or not. What nobody has described is treated as secret. */
export function taggedPart(plan: TaggedPlan, tag: string): FieldPlan {
  const known = plan.parts.get(tag);
  if (known !== undefined) return known;
  const max = 10 ** plan.lengthBytes - 1;
  const spec = {
    name: `Subelement ${tag}`,
    content: "any",
    encoding: plan.code.name,
    max,
    sensitive: "secret",
  } as const;
  const part = planField(`${plan.path}.${tag}`, tag, spec);
  plan.parts.set(tag, part);
  return part;
}

function planTlv(path: string, nests: boolean, sensitive: Sensitivity | null): TlvPlan {
  return { kind: "ber-tlv", nests, tag: opaque(path, { name: "Tag", sensitive, shape: null }) };
}

/** A plan for bytes whose length is told from outside. */
function opaque(path: string, { name, sensitive, shape }: Pick<FieldPlan, "name" | "sensitive" | "shape">): FieldPlan {
  const spec = { name, content: "b", encoding: "binary", max: 65_535 } as const;
  return { ...planField(path, "", spec, sensitive), shape };
}
