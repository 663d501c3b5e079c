import type {
  Condition,
  Content,
  DatasetSpec,
  DialectSpec,
  Encoding,
  FieldSpec,
  HeaderSpec,
  Padding,
  Sensitivity,
  Shape,
  Tagged,
} from "../../specs/dialect.ts";
import { assert, must } from "../kernel/assert.ts";
import { bitmappedShape } from "./bitmapped.ts";
import { planCondition } from "./condition.ts";
import { datasetBitmapShape } from "./dataset-bitmap.ts";
import { tagNumber } from "./element.ts";
import { type TextCode, contentMasks, textCodes } from "./encodings.ts";
import { nestedShape } from "./nested.ts";
import { fromHexText } from "./octets.ts";
import { type DialectPlan, type FieldPlan, type HeaderPlan, type PadPlan, type ShapePlan, body } from "./plan.ts";
import { bodyOf, codeOf, hexCodeOf, planExtent } from "./plan-extent.ts";
import { positionalShape } from "./positional.ts";
import { sequenceShape } from "./sequence.ts";
import { planStraight } from "./straight.ts";
import { type TagForm, taggedShape } from "./tagged.ts";
import { datasetsShape, tlvShape } from "./tlv.ts";

/** A spec turned into plans once, so that a message costs table look-ups only. `prefix` is "127." of a nested message. */
export function planDialect(spec: DialectSpec, prefix = ""): DialectPlan {
  const base = planVersion(spec, prefix, spec.fields);
  if (spec.versions === undefined) return base;
  const versions: DialectPlan[] = [];
  const shared = { ...base, versions };
  for (let digit = 0; digit <= 9; digit++) {
    const changes = spec.versions[digit];
    versions.push(changes === undefined ? shared : { ...planVersion(spec, prefix, changed(spec, changes)), versions });
  }
  return shared;
}

type Changes = Readonly<Record<number, FieldSpec | null>>;

function changed(spec: DialectSpec, changes: Changes): Readonly<Record<string, FieldSpec>> {
  const fields: Record<string, FieldSpec> = {};
  for (const [key, field] of Object.entries({ ...spec.fields, ...changes })) if (field !== null) fields[key] = field;
  return fields;
}

function planVersion(spec: DialectSpec, prefix: string, specs: Readonly<Record<string, FieldSpec>>): DialectPlan {
  const { bitmap } = spec;
  const isSingle = bitmap.extends === "single";
  const fields = new Array<FieldPlan | undefined>(64 * bitmap.count + 1).fill(undefined);
  for (const [key, field] of Object.entries(specs)) {
    const number = Number(key);
    const isAnnouncing = number % 64 === 1 && !isSingle;
    if (number < fields.length && !isAnnouncing) fields[number] = planField(`${prefix}${key}`, key, field);
  }
  const hasHexBitmaps = bitmap.encoding !== "binary";
  const third = { name: "Third bitmap", content: "b", encoding: "binary", length: 8 } as const;
  const mti = { name: "Message type", content: "n", encoding: spec.mti.encoding, length: 4 } as const;
  return {
    name: spec.name,
    header: planHeader(spec.header),
    hasHeader: spec.header !== "none",
    mti: planField(`${prefix}0`, "0", mti),
    hasHexBitmaps,
    bitmapCode: hexCodeOf(bitmap.encoding),
    isLowerHex: bitmap.encoding === "hex-lower",
    bitmapCount: bitmap.count,
    hasFixedBitmaps: bitmap.extends === "fixed",
    hasOneBitmap: isSingle,
    thirdBitmap: bitmap.third === "field-65" ? { ...planField(`${prefix}65`, "65", third), isBitmap: true } : null,
    fields,
    straight: fields.map(planStraight),
    versions: null,
    hasConditions: Object.values(specs).some(hasConditions),
  };
}

function planHeader(spec: HeaderSpec): HeaderPlan | null {
  if (spec === "none") return null;
  if (spec === "base-22" || spec === "tpdu") return { kind: spec };
  if (spec.kind === "skipped") return { kind: "skipped", length: spec.bytes };
  if (spec.value.startsWith("hex:")) {
    return { kind: "literal", bytes: must(fromHexText(spec.value.slice("hex:".length)), "a literal header in hex") };
  }
  const { fromLatin } = textCodes[spec.encoding];
  const bytes = Uint8Array.from(spec.value, (character) => fromLatin[character.charCodeAt(0)] ?? 0);
  return { kind: "literal", bytes };
}

/** Whether a layout below asks for other fields or the message type. */
function hasConditions(field: Pick<FieldSpec, "variants" | "shape">): boolean {
  if (field.variants?.some(({ when, field: layout }) => asksOutside(when) || hasConditions(layout))) return true;
  const { shape } = field;
  if (shape === undefined || shape.kind === "positional" || shape.kind === "message") return false;
  return Object.values(shape.parts ?? {}).some((part) => hasConditions(part));
}

function asksOutside(condition: Condition): boolean {
  if (condition.test === "all") return condition.of.some(asksOutside);
  return condition.test === "not" ? asksOutside(condition.of) : condition.test === "field" || condition.test === "mti";
}

function planField(path: string, key: string, spec: FieldSpec, inherited: Sensitivity | null = null): FieldPlan {
  const number = Number(key);
  const sensitive = spec.sensitive ?? inherited;
  const code = codeOf(spec);
  const isLeftAligned = spec.encoding === "bcd-left" || spec.encoding === "bcd-left-f";
  const variants = spec.variants?.map(({ when, field }) => ({
    isMet: planCondition(when),
    plan: planField(path, key, field, sensitive),
  }));
  return {
    path,
    key,
    number: Number.isInteger(number) ? number : 0,
    name: spec.name,
    content: spec.content,
    body: bodyOf(spec),
    code,
    mask: contentMasks[spec.content],
    ...planExtent(spec),
    isLeftAligned,
    spareNibble: spec.encoding === "bcd-f" || spec.encoding === "bcd-left-f" ? 0x0f : 0,
    isLowerHex: spec.encoding === "hex-lower",
    pad: spec.pad === undefined ? null : planPadding(spec, spec.pad),
    sensitive,
    shape: spec.shape === undefined ? null : planShape(path, spec.shape, code, sensitive),
    variants: variants ?? null,
    isUnknown: false,
    isBitmap: false,
  };
}

function planPadding(spec: FieldSpec, pad: Padding): PadPlan {
  const isBytes = bodyOf(spec) === body.bytes || bodyOf(spec) === body.hex;
  const isToEven = pad.to === "even";
  const isFixed = "length" in spec;
  const letter = pad.with === "F" && bodyOf(spec) === body.bcd;
  return {
    isLeft: pad.side === "left",
    code: isBytes ? Number.parseInt(pad.with, 16) : (letter ? "f" : pad.with).charCodeAt(0),
    isToEven,
    // An F among digits is never part of a value; what fills a field of variable length may be.
    isTrimmed: letter || (pad.isTrimmed === true && (isFixed || isToEven)),
  };
}

function planShape(path: string, shape: Shape, code: TextCode, sensitive: Sensitivity | null): ShapePlan {
  const part = (key: string, spec: FieldSpec): FieldPlan => planField(`${path}.${key}`, key, spec, sensitive);
  switch (shape.kind) {
    case "positional":
      return planPositions(shape, code, sensitive);
    case "sequence":
      return sequenceShape(shape.parts.map((spec, index) => part(String(index + 1), spec)));
    case "tagged":
      return planTagged(path, shape, part);
    case "bitmapped":
      return bitmappedShape({
        size: shape.bitmapBytes,
        hexCode: (shape.bitmapEncoding ?? "binary") === "binary" ? null : hexCodeOf(shape.bitmapEncoding ?? "binary"),
        isLowerHex: shape.bitmapEncoding === "hex-lower",
        isContinued: shape.isContinued ?? false,
        parts: numbered(shape.parts, part),
        rest:
          shape.keepsRest === true
            ? { ...opaque(`${path}.rest`, "rest", "Unknown parts", "secret"), isUnknown: true }
            : null,
      });
    case "ber-tlv":
      return planTlv(path, shape, sensitive);
    case "datasets":
      return planDatasets(path, shape, sensitive);
    case "dataset-bitmap": {
      const all = opaque(`${path}.tags`, "tags", "Tags", sensitive);
      const tags = { ...all, shape: planTlv(path, { nests: true }, sensitive) };
      return datasetBitmapShape({ parts: numbered(shape.parts, part), tags });
    }
    case "message":
      return nestedShape(planDialect(shape.dialect, `${path}.`), `${path}.`);
  }
}

type PlanPart = (key: string, spec: FieldSpec) => FieldPlan;

function numbered(specs: Readonly<Record<number, FieldSpec>>, part: PlanPart): (FieldPlan | undefined)[] {
  const parts: (FieldPlan | undefined)[] = [];
  for (const [key, spec] of Object.entries(specs)) parts[Number(key)] = part(key, spec);
  return parts;
}

function planPositions(
  shape: Extract<Shape, { kind: "positional" }>,
  code: TextCode,
  sensitive: Sensitivity | null,
): ShapePlan {
  let offset = 0;
  const positions = shape.parts.map((part, index) => {
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
  return positionalShape(positions);
}

function planTagged(path: string, shape: Tagged, part: PlanPart): ShapePlan {
  const tag = tagForm(shape.tagEncoding ?? shape.encoding, shape.tagDigits);
  const length = tagForm(shape.lengthEncoding ?? shape.encoding, shape.lengthDigits);
  const counts = shape.lengthCounts ?? "data";
  const letter = { content: "a", encoding: shape.encoding, length: 1 } as const;
  const max = (length.kind === "binary" ? 256 : 10) ** shape.lengthDigits - 1;
  const { leading, encoding } = shape;
  return taggedShape({
    tag,
    admitsLetters: shape.tagContent === "an",
    length,
    isLengthFirst: shape.isLengthFirst ?? false,
    extra: counts === "data" ? 0 : counts === "all" ? tag.bytes + length.bytes : tag.bytes,
    leading: leading ? planField(`${path}.${leading.key}`, leading.key, { name: leading.name, ...letter }) : null,
    parts: new Map(Object.entries(shape.parts).map(([key, spec]) => [key, part(key, spec)])),
    // What nobody has described is treated as secret.
    unknown: (key) => {
      const spec = { name: `Subelement ${key}`, content: "any", encoding, max, sensitive: "secret" } as const;
      return { ...planField(`${path}.${key}`, key, spec), isUnknown: true };
    },
  });
}

function tagForm(encoding: Encoding, digits: number): TagForm {
  const code = textCodes.ascii;
  if (encoding === "binary") return { kind: "binary", code, bytes: digits, characters: 2 * digits };
  if (encoding === "bcd") return { kind: "bcd", code, bytes: (digits + 1) >> 1, characters: digits };
  return { kind: "text", code: codeOf({ encoding }), bytes: digits, characters: digits };
}

interface TlvSpec {
  readonly nests: boolean;
  readonly parts?: Readonly<Record<string, FieldSpec>>;
}

function planTlv(path: string, { nests, parts }: TlvSpec, sensitive: Sensitivity | null): ShapePlan {
  const listed = new Map<number, FieldPlan>();
  for (const [key, spec] of Object.entries(parts ?? {})) {
    listed.set(tagOf(key), planField(path, key.toUpperCase(), spec, sensitive));
  }
  const tag = { ...opaque(path, "", "Tag", sensitive), isUnknown: parts !== undefined };
  return tlvShape({ nests, tag, parts: listed });
}

function tagOf(key: string): number {
  const octets = fromHexText(key);
  assert(octets !== null && octets.length > 0, `the tag ${key} in hexadecimal digits`);
  return tagNumber(octets, 0, octets.length);
}

interface DatasetsSpec {
  readonly nests: boolean;
  readonly parts?: Readonly<Record<string, DatasetSpec>>;
}

function planDatasets(path: string, { nests, parts }: DatasetsSpec, sensitive: Sensitivity | null): ShapePlan {
  const listed = new Map<number, FieldPlan>();
  for (const [key, spec] of Object.entries(parts ?? {})) {
    const sensitivity = spec.sensitive ?? sensitive;
    const plan = opaque(`${path}.${key}`, key, spec.name, sensitivity);
    const shape = spec.shape && planShape(`${path}.${key}`, spec.shape, textCodes.ascii, sensitivity);
    listed.set(tagOf(key), { ...plan, shape: shape ?? null });
  }
  const unlisted = { ...opaque(path, "", "Dataset", sensitive), isUnknown: parts !== undefined };
  const tags = { ...unlisted, shape: planTlv(path, { nests }, sensitive) };
  return datasetsShape({ tags, opaque: unlisted, parts: listed });
}

/** A plan for bytes whose length is told from outside. */
function opaque(path: string, key: string, name: string, sensitive: Sensitivity | null): FieldPlan {
  const content: Content = "b";
  return planField(path, key, { name, content, encoding: "binary", max: 0xffffff }, sensitive);
}
