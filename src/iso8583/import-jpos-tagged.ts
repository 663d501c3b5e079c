import type { FieldSpec, Shape, Tagged } from "../../specs/dialect.ts";
import type { JposTag } from "./import-jpos-class.ts";
import { type JposField, type JposImport, type JposPart, note } from "./import-jpos-read.ts";

/** How tag and length of the parts are written. */
interface TagForm {
  readonly tag: JposTag;
  readonly lengthDigits: number;
  /** The sizes stand at the composite, so the classes of its parts say nothing of tags. */
  readonly isOfAll: boolean;
}

/** Tag and length with every part; null where nothing says how they are written. */
export function taggedShape(job: JposImport, field: JposField, parts: readonly JposPart[]): Shape | null {
  const form = formOfAll(field) ?? formOfFirst(parts);
  if (form === null) {
    note(job, field, { effect: "approximated", why: "no part says how tags are written: the field is kept whole" });
    return null;
  }
  const { tag, lengthDigits } = form;
  const tagText = tagsOf(job, field, tag.digits);
  const listed: Record<string, FieldSpec> = {};
  let leading: Tagged["leading"];
  for (const part of parts) {
    const { spec } = part;
    if (spec === null) continue;
    if (!form.isOfAll && tagOf(part) === null) leading = leadingOf(job, part) ?? leading;
    else if (isLike(form, part)) {
      const key = tagText(part.field.id);
      if (key !== null) listed[key] = withoutPrefix(spec);
    } else {
      const why = "tag or length is written otherwise than by the first part";
      note(job, part.field, { effect: "approximated", why });
    }
  }
  const keys = Object.keys(listed);
  const hasLetters = keys.length === 0 || keys.some((key) => /[A-Za-z]/.test(key));
  return {
    kind: "tagged",
    encoding: tag.encoding,
    tagDigits: tag.digits,
    ...(hasLetters ? ({ tagContent: "an" } as const) : {}),
    lengthDigits,
    ...orderOf(form),
    ...(leading === undefined ? {} : { leading }),
    parts: listed,
  };
}

/** tagSize, lenSize and swapTagAndLen of the composite. */
function formOfAll({ attributes }: JposField): TagForm | null {
  const [digits, lengthDigits] = [sizeOf(attributes.get("tagSize")), sizeOf(attributes.get("lenSize"))];
  if (digits === null || lengthDigits === null) return null;
  const tag = { digits, encoding: "ascii", isLengthFirst: attributes.get("swapTagAndLen") === "true" } as const;
  return { tag, lengthDigits, isOfAll: true };
}

function sizeOf(text: string | undefined): number | null {
  return text !== undefined && /^[1-6]$/.test(text) ? Number(text) : null;
}

/** The form of the first part that has a tag. */
function formOfFirst(parts: readonly JposPart[]): TagForm | null {
  for (const part of parts) {
    const tag = tagOf(part);
    const lengthDigits = prefixSize(part);
    if (tag !== null && lengthDigits !== null) return { tag, lengthDigits, isOfAll: false };
  }
  return null;
}

function isLike({ tag, lengthDigits, isOfAll }: TagForm, part: JposPart): boolean {
  const own = tagOf(part);
  const isAlike = own?.digits === tag.digits && own.encoding === tag.encoding && prefixSize(part) === lengthDigits;
  return isOfAll || isAlike;
}

/** The classes that write the length in front of the tag count the tag, too; a composite that swaps them does not. */
function orderOf({ tag, isOfAll }: TagForm): Pick<Tagged, "isLengthFirst" | "lengthCounts"> {
  if (!tag.isLengthFirst) return {};
  return isOfAll ? { isLengthFirst: true } : { isLengthFirst: true, lengthCounts: "tag-and-data" };
}

function tagOf({ field }: JposPart): JposTag | null {
  return field.found.kind === "field" ? field.found.form.tag : null;
}

function prefixSize({ field }: JposPart): number | null {
  return field.found.kind === "field" ? (field.found.form.prefix?.size ?? null) : null;
}

/** The tag of a subfield: its number, or what somebody's mapper of tags makes of it, which only the caller knows. */
function tagsOf(job: JposImport, field: JposField, digits: number): (id: number) => string | null {
  const given = Object.hasOwn(job.tags, field.path) ? job.tags[field.path] : undefined;
  if (given !== undefined) return (id) => (Object.hasOwn(given, String(id)) ? (given[String(id)] ?? null) : null);
  const mapper = field.attributes.get("tagMapper");
  const isNumber = mapper === undefined || /(?:^|\.)T*DecimalTagMapper$/.test(mapper);
  if (isNumber) return (id) => String(id).padStart(digits, "0");
  const why = "the tags of its parts are known to this class only: parts are found by their tags, without names";
  note(job, field, { effect: "approximated", found: mapper, why });
  return () => null;
}

/** A part without a tag is one letter before the first tag, which may be missing. */
function leadingOf(job: JposImport, { field, spec }: JposPart): Tagged["leading"] {
  if (field.id === 0 && spec !== null && "length" in spec && spec.length === 1) return { key: "0", name: spec.name };
  note(job, field, { effect: "left out", why: "a part without a tag can be one letter in front of all others only" });
  return undefined;
}

/** The composite tells the length of a part. */
function withoutPrefix(spec: FieldSpec): FieldSpec {
  if ("length" in spec || "terminator" in spec) return spec;
  const { prefix: _prefix, isFilled: _isFilled, ...rest } = spec;
  return rest;
}
