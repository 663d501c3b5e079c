import { actionCodes, otherActionCode } from "../../specs/action-codes.ts";
import type { DialectSpec, FieldSpec, Shape } from "../../specs/dialect.ts";
import { iso87Ascii } from "../../specs/dialects/iso87-ascii.ts";
import { type FieldMapping, type FieldSource, type MappedField, mappedFields } from "../../specs/field-mapping.ts";

/** One thing that messages say: where the imported dialect has it, and where plain ISO 8583:1987 does. */
export interface FieldPair {
  readonly name: MappedField;
  /** The path in plain ISO 8583:1987, and its number. */
  readonly plainPath: string;
  readonly plainNumber: number;
  readonly plain: FieldSpec;
  readonly source: FieldSource;
  /** Where we write it; null where it is only read. */
  readonly written: { readonly path: string; readonly field: FieldSpec } | null;
  readonly toOurs: ReadonlyMap<string, string>;
  readonly toTheirs: ReadonlyMap<string, string>;
  /** What we write for a value that `toTheirs` does not have; null: the value itself. */
  readonly otherwise: string | null;
}

const actionDigits = 3;
const plainFields: Readonly<Record<string, FieldSpec>> = iso87Ascii.fields;

/** Every field of a mapping that the dialect has. */
export function fieldPairs(spec: DialectSpec, mapping: FieldMapping): FieldPair[] {
  const pairs: FieldPair[] = [];
  for (const [key, plainPath] of Object.entries(mappedFields)) {
    // The keys of a literal are its names.
    const name = key as MappedField;
    const source = sourceOf(spec, mapping, name);
    const plain = plainFields[plainPath];
    if (source === null || plain === undefined) continue;
    const field = "path" in source && source.slice === undefined ? fieldAt(spec, source.path) : null;
    const values = Object.entries("path" in source ? (source.values ?? {}) : {});
    const isAction = name === "responseCode" && field !== null && "length" in field && field.length === actionDigits;
    const usual = isAction ? Object.entries(actionCodes) : [];
    pairs.push({
      name,
      plainPath,
      plainNumber: Number(plainPath),
      plain,
      source,
      written: field === null || !("path" in source) ? null : { path: source.path, field },
      toOurs: new Map(values),
      toTheirs: new Map([...usual, ...values.toReversed().map(([theirs, ours]) => [ours, theirs] as const)]),
      otherwise: isAction ? otherActionCode : null,
    });
  }
  return pairs;
}

/** Of each data element of plain ISO 8583:1987 that the dialect has somewhere, the number of the field that has it. */
export function numbersOnWire(spec: DialectSpec, mapping: FieldMapping): ReadonlyMap<number, number> {
  const { originalStan, replacementAmount } = mapping.fields;
  const places: (readonly [number, FieldSource | null | undefined])[] = [
    [90, originalStan],
    [95, replacementAmount],
    ...fieldPairs(spec, mapping).map(({ plainNumber, source }) => [plainNumber, source] as const),
  ];
  const numbers = new Map<number, number>();
  for (const [number, source] of places) {
    if (source === null || source === undefined || !("path" in source) || numbers.has(number)) continue;
    numbers.set(number, Number.parseInt(source.path, 10));
  }
  return numbers;
}

function sourceOf(spec: DialectSpec, mapping: FieldMapping, name: MappedField): FieldSource | null {
  const given = mapping.fields[name];
  if (given !== undefined) return given;
  const path = mappedFields[name];
  return fieldAt(spec, path) === null ? null : { path };
}

/** The field or part at a path; null where the dialect has none. Tags that are not listed are there all the same. */
export function fieldAt(spec: DialectSpec, path: string): FieldSpec | null {
  const [first = "", ...rest] = path.split(".");
  let field = /^[1-9]\d{0,2}$/.test(first) ? spec.fields[Number(first)] : undefined;
  for (const step of rest) {
    const shape: Shape | undefined = field?.shape;
    field = shape === undefined || field === undefined ? undefined : partAt(shape, step, field);
  }
  return field ?? null;
}

function partAt(shape: Shape, step: string, whole: FieldSpec): FieldSpec | undefined {
  switch (shape.kind) {
    case "positional": {
      const part = shape.parts[Number(step) - 1];
      return part === undefined ? undefined : { ...part, encoding: whole.encoding };
    }
    case "sequence":
      return shape.parts[Number(step) - 1];
    case "bitmapped":
    case "dataset-bitmap":
      return shape.parts[Number(step)];
    case "message":
      return fieldAt(shape.dialect, step) ?? undefined;
    case "tagged":
      return shape.parts[step] ?? { name: step, content: "any", encoding: shape.encoding, max: 999 };
    case "ber-tlv":
      return shape.parts?.[step] ?? bytes;
    case "datasets": {
      const dataset = shape.parts?.[step]?.shape;
      return { ...bytes, shape: dataset ?? { kind: "ber-tlv", nests: shape.nests } };
    }
  }
}

const bytes: FieldSpec = { name: "Tag", content: "b", encoding: "binary", max: 65_535 };

/** What is wrong with a mapping, as one line that names the key; null where nothing is. */
export function mappingFault(spec: DialectSpec, mapping: FieldMapping): string | null {
  for (const [name, source] of Object.entries(mapping.fields)) {
    if (source === null || !("path" in source) || fieldAt(spec, source.path) !== null) continue;
    return `"mapping.${name}" names the field ${source.path}, which the spec does not have`;
  }
  const { presence } = mapping;
  if (presence !== null && fieldAt(spec, presence.path) === null) {
    return `"mapping.presence" names the field ${presence.path}, which the spec does not have`;
  }
  for (const [kind, paths] of Object.entries(mapping.mandatory)) {
    const missing = paths.find((path) => fieldAt(spec, path) === null);
    if (missing !== undefined)
      return `"mapping.mandatory.${kind}" names the field ${missing}, which the spec does not have`;
  }
  for (const [kind, numbers] of Object.entries(mapping.echo)) {
    const missing = numbers.find((number) => spec.fields[number] === undefined);
    if (missing !== undefined) return `"mapping.echo.${kind}" names the field ${missing}, which the spec does not have`;
  }
  const pairs = fieldPairs(spec, mapping);
  for (const name of needed) {
    if (pairs.some((pair) => pair.name === name && pair.written !== null)) continue;
    return `"mapping.${name}" is needed: the spec has no field ${mappedFields[name]}, or only a part of one is named`;
  }
  return null;
}

/** Without these no request can be answered. */
const needed = ["stan", "responseCode"] as const satisfies readonly MappedField[];
