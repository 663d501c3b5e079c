import type {
  AnyOfSchema,
  ListSchema,
  MapSchema,
  NumberSchema,
  ObjectSchema,
  ParamSchema,
  ParamsSchema,
  TextSchema,
} from "../../../specs/api/schema.ts";
import { ApiError } from "../api-error.ts";
import type { ParamsOf } from "../params.ts";

/** What a form, a query or a part of a multipart body holds: texts, lists, and objects of them. */
export type RawValue = string | readonly RawValue[] | RawParams;
export interface RawParams {
  readonly [name: string]: RawValue;
}

/** Characters of one text. */
const textCharactersMax = 5_000;
const digitsShownMax = 12;

/**
 * What a caller wrote as what a handler gets, in one walk over the schema: texts become integers and flags, lists may be
 * numbered objects. Throws `ApiError` at the first fault, with `param` as the caller would write it. `expand` is known to
 * every operation. Only what the schema knows is looked into, so its depth bounds the walk.
 */
export function readParams<const Schema extends ParamsSchema>(schema: Schema, raw: RawParams): ParamsOf<Schema> {
  // The walk makes exactly what ParamsOf says of the schema; the compiler cannot follow it there.
  return readObject(schema, raw, "") as ParamsOf<Schema>;
}

const bornNames: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"]);
const expandSchema: ListSchema = { type: "array", items: { type: "string", minLength: 1 } };

function readObject(schema: ObjectSchema, raw: RawValue, path: string): Readonly<Record<string, unknown>> {
  if (!isObject(raw)) throw raw === "" ? emptyText(path) : invalid("object", path);
  const read: Record<string, unknown> = {};
  for (const name of Object.keys(raw)) {
    const value = raw[name];
    if (value === undefined) continue;
    const param = path === "" ? name : `${path}[${name}]`;
    const property = propertyOf(schema, name, path);
    if (property === undefined) throw new ApiError("parameter_unknown", `Received unknown parameter: ${param}`, param);
    read[name] = readValue(property, value, param);
  }
  for (const name of schema.required) {
    if (Object.hasOwn(read, name)) continue;
    const param = path === "" ? name : `${path}[${name}]`;
    throw new ApiError("parameter_missing", `Missing required param: ${param}.`, param);
  }
  return read;
}

function propertyOf(schema: ObjectSchema, name: string, path: string): ParamSchema | undefined {
  if (Object.hasOwn(schema.properties, name)) return schema.properties[name];
  return path === "" && name === "expand" ? expandSchema : undefined;
}

function readValue(schema: ParamSchema, raw: RawValue, path: string): unknown {
  if ("anyOf" in schema) return readValue(memberFor(schema, raw), raw, path);
  switch (schema.type) {
    case "string":
      return readText(schema, raw, path);
    case "integer":
    case "number":
      return readNumber(schema, raw, path);
    case "boolean":
      if (raw === "") throw emptyText(path);
      if (raw === "true") return true;
      if (raw === "false" && schema.enum === undefined) return false;
      throw invalid("boolean", path);
    case "array":
      return readList(schema, raw, path);
    case "object":
      return "properties" in schema ? readObject(schema, raw, path) : readMap(schema, raw, path);
  }
}

/** The first alternative that the value could be; else the one whose fault tells the caller most. */
function memberFor(schema: AnyOfSchema, raw: RawValue): ParamSchema {
  const [first, ...others] = schema.anyOf.filter((member) => couldBe(member, raw));
  if (first !== undefined)
    return others.length === 0 ? first : ([first, ...others].find((one) => fits(one, raw)) ?? first);
  const sameKind = schema.anyOf.findLast((member) => (typeof raw === "string") === isScalar(member));
  const last = schema.anyOf.at(-1);
  const isUnset = sameKind !== undefined && "enum" in sameKind && sameKind.enum?.length === 1;
  return (isUnset ? last : sameKind) ?? last ?? schema;
}

function couldBe(schema: ParamSchema, raw: RawValue): boolean {
  if ("anyOf" in schema) return schema.anyOf.some((member) => couldBe(member, raw));
  if (typeof raw !== "string") return couldHold(schema, raw);
  switch (schema.type) {
    case "string":
      return schema.enum?.includes(raw) ?? (raw !== "" || schema.minLength === undefined);
    case "integer":
      return wholeNumber.test(raw);
    case "number":
      return fraction.test(raw);
    case "boolean":
      return raw === "true" || raw === "false";
    default:
      return false;
  }
}

function couldHold(schema: ParamSchema, raw: readonly RawValue[] | RawParams): boolean {
  if ("anyOf" in schema || isScalar(schema)) return false;
  if ("items" in schema) return Array.isArray(raw) || isNumbered(raw);
  if (!("properties" in schema)) return true;
  if (!isObject(raw)) return false;
  // Of several objects, the one whose kind the caller names: external_account[object]=bank_account.
  const kind = schema.properties["object"];
  const named = raw["object"];
  return kind === undefined || named === undefined || couldBe(kind, named);
}

/** An object that knows every name that is given, and is given every name that it wants. */
function fits(schema: ParamSchema, raw: RawValue): boolean {
  if ("anyOf" in schema || !("properties" in schema) || !isObject(raw)) return true;
  const isKnown = Object.keys(raw).every((name) => Object.hasOwn(schema.properties, name));
  return isKnown && schema.required.every((name) => Object.hasOwn(raw, name));
}

function isScalar(schema: ParamSchema): boolean {
  return !("anyOf" in schema) && schema.type !== "array" && schema.type !== "object";
}

function readText(schema: TextSchema, raw: RawValue, path: string): string {
  if (typeof raw !== "string") throw invalid("string", path);
  if (schema.enum !== undefined) {
    if (schema.enum.includes(raw)) return raw;
    throw raw === "" ? emptyText(path) : notAmong(schema.enum, path);
  }
  if (raw === "" && schema.minLength !== undefined) throw emptyText(path);
  if (schema.format === "decimal" && !decimal.test(raw)) throw invalid("decimal", path);
  refuseNul(raw, path);
  if (isLongerThan(raw, textCharactersMax)) {
    throw new ApiError("parameter_invalid", `Invalid string: must be at most ${textCharactersMax} characters`, path);
  }
  return raw;
}

/** SQL reads a text up to its first U+0000, so that the records would hold another than the journal. */
function refuseNul(text: string, param: string): void {
  if (text.includes("\0")) throw invalid("string", param);
}

const wholeNumber = /^-?\d{1,16}$/;
const fraction = /^-?\d{1,12}(\.\d{1,12})?$/;
const decimal = /^-?\d{1,20}(\.\d{1,12})?$/;

function readNumber(schema: NumberSchema, raw: RawValue, path: string): number {
  const isWhole = schema.type === "integer";
  if (typeof raw !== "string") throw isWhole ? notWhole(path) : invalid("number", path);
  if (raw === "") throw emptyText(path);
  if (!isWhole) {
    if (!fraction.test(raw)) throw invalid("number", path);
    return Number(raw);
  }
  // The sum makes 0 of "-0".
  const value = wholeNumber.test(raw) ? Number(raw) + 0 : Number.NaN;
  if (!Number.isSafeInteger(value)) throw notWhole(path, raw);
  const { minimum, maximum } = schema;
  if (minimum !== undefined && value < minimum) throw outOfRange(`greater than or equal to ${minimum}`, path);
  if (maximum !== undefined && value > maximum) throw outOfRange(`less than or equal to ${maximum}`, path);
  return value;
}

function readList(schema: ListSchema, raw: RawValue, path: string): readonly unknown[] {
  // A form cannot write an empty list; its name with nothing is how a list is emptied.
  if (raw === "") return [];
  if (typeof raw === "string") throw invalid("array", path);
  if (!isObject(raw)) return raw.map((item, index) => readValue(schema.items, item, `${path}[${index}]`));
  if (!isNumbered(raw)) throw invalid("array", path);
  // Keys that are whole numbers come in their order, whatever the order in which they were set.
  return Object.keys(raw).map((index) => readValue(schema.items, raw[index] ?? "", `${path}[${index}]`));
}

function readMap(schema: MapSchema, raw: RawValue, path: string): Readonly<Record<string, string>> {
  if (raw === "") throw emptyText(path);
  if (typeof raw === "string") throw invalid("object", path);
  const entries = Object.entries(raw);
  if (entries.length > schema.maxProperties) {
    throw new ApiError("parameter_invalid", `${path} can have at most ${schema.maxProperties} keys`, path);
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, valueOfMap(schema, key, value, path)]));
}

function valueOfMap(schema: MapSchema, key: string, value: RawValue, path: string): string {
  const param = `${path}[${key}]`;
  if (bornNames.has(key)) throw new ApiError("parameter_unknown", `Received unknown parameter: ${param}`, param);
  if (typeof value !== "string") throw invalid("string", param);
  refuseNul(key, path);
  refuseNul(value, param);
  const { maxLength: keyMax } = schema.propertyNames;
  if (isLongerThan(key, keyMax)) {
    throw new ApiError("parameter_invalid", `Keys of ${path} can be at most ${keyMax} characters long`, path);
  }
  const { maxLength } = schema.additionalProperties;
  if (isLongerThan(value, maxLength)) {
    throw new ApiError("parameter_invalid", `Values of ${path} can be at most ${maxLength} characters long`, param);
  }
  return value;
}

function isObject(raw: RawValue): raw is RawParams {
  return typeof raw === "object" && !Array.isArray(raw);
}

function isNumbered(raw: RawValue): boolean {
  return isObject(raw) && Object.keys(raw).every((key) => /^\d{1,6}$/.test(key));
}

function isLongerThan(value: string, charactersMax: number): boolean {
  if (value.length <= charactersMax) return false;
  return value.length > 2 * charactersMax || Array.from(value).length > charactersMax;
}

function invalid(kind: string, path: string): ApiError {
  return new ApiError("parameter_invalid", `Invalid ${kind}`, path);
}

// What was written is shown where it is too short to be the number of a card.
function notWhole(path: string, raw = ""): ApiError {
  const shown = raw !== "" && raw.length <= digitsShownMax ? `: ${raw}` : "";
  return new ApiError("parameter_invalid_integer", `Invalid integer${shown}`, path);
}

function outOfRange(bound: string, path: string): ApiError {
  return new ApiError("parameter_invalid_integer", `This value must be ${bound}.`, path);
}

function emptyText(path: string): ApiError {
  const message =
    `You passed an empty string for '${path}'. We assume empty values are an attempt to unset a parameter; ` +
    `however '${path}' cannot be unset. Remove it, or supply a value that is not empty.`;
  return new ApiError("parameter_invalid_empty", message, path);
}

function notAmong(members: readonly string[], path: string): ApiError {
  const shown = members.filter((member) => member !== "").slice(0, 20);
  const more = members.length > 21 ? `, … (${members.length} values)` : "";
  return new ApiError("parameter_invalid", `Invalid ${path}: must be one of ${shown.join(", ")}${more}`, path);
}
