import { dirname, resolve } from "node:path";
import {
  type FieldMapping,
  type ImportedDialect,
  type MappedKind,
  type SpecFile,
  defaultFieldMapping,
  mappedFields,
  mappedParts,
} from "../../specs/field-mapping.ts";
import { type Result, fail, ok } from "../kernel/result.ts";

type Fields = Readonly<Record<string, unknown>>;

/**
 * "spec" and "mapping" of a link in a links file:
 *
 *   "spec": { "jpos": "packager.xml", "tags": … } | { "moov": "spec.json", "lengthUnit": … } | { "cardswitch": "dialect.json" }
 *   "mapping": { "pan": "2", "mcc": { "path": "26" }, "currency": { "value": "840" }, "rrn": null, "presence": …, … }
 *
 * Files lie beside the links file unless their path is absolute. The error names the key.
 */
export function readImportedDialect(
  linksFile: string,
  spec: unknown,
  mapping: unknown,
): Result<ImportedDialect, string> {
  const file = readSpecFile(linksFile, spec);
  if (!file.ok) return file;
  const read = readMapping(mapping ?? {});
  return read.ok ? ok({ spec: file.value, mapping: read.value }) : read;
}

const formats = ["jpos", "moov", "cardswitch"] as const satisfies readonly SpecFile["format"][];
const specForm = '"spec" has to be {"jpos": file}, {"moov": file} or {"cardswitch": file}';

function readSpecFile(linksFile: string, value: unknown): Result<SpecFile, string> {
  if (!isFields(value)) return fail(specForm);
  const [format, ...others] = formats.filter((name) => value[name] !== undefined);
  const path = format === undefined ? undefined : value[format];
  if (format === undefined || others.length > 0 || typeof path !== "string" || path === "") return fail(specForm);
  const { tags, lengthUnit, ...rest } = value;
  const unknown = Object.keys(rest).find((name) => name !== format);
  if (unknown !== undefined) return fail(`"spec" has no key "${unknown}"`);
  const file = resolve(dirname(linksFile), path);
  if (tags !== undefined && !isTags(tags)) return fail('"spec.tags" has to be {path: {subfield: tag}}');
  if (lengthUnit !== undefined && !isUnits(lengthUnit)) {
    return fail('"spec.lengthUnit" has to be {path: "characters", "digits" or "bytes"}');
  }
  return ok({
    format,
    file,
    ...(tags === undefined ? {} : { tags }),
    ...(lengthUnit === undefined ? {} : { lengthUnit }),
  });
}

const names: ReadonlySet<string> = new Set([...Object.keys(mappedFields), ...mappedParts]);
const kinds = ["authorization", "advice", "reversal", "management", "other"] as const satisfies readonly MappedKind[];

function readMapping(value: unknown): Result<FieldMapping, string> {
  if (!isFields(value)) return fail('"mapping" has to be an object');
  const { presence = null, version = "0", echo = {}, mandatory = {}, ...fields } = value;
  for (const [name, source] of Object.entries(fields)) {
    if (!names.has(name)) return fail(`"mapping" has no key "${name}"`);
    if (source !== null && !isSource(source)) return fail(`"mapping.${name}" has to be ${sourceForm}`);
  }
  if (presence !== null && !isPresence(presence)) return fail(`"mapping.presence" has to be ${presenceForm}`);
  if (version !== "0" && version !== "1" && version !== "2") return fail('"mapping.version" has to be "0", "1" or "2"');
  if (!isByKind(echo, isNumber)) return fail(`"mapping.echo" has to be lists of field numbers by ${kinds.join(", ")}`);
  if (!isByKind(mandatory, isPath)) return fail(`"mapping.mandatory" has to be lists of paths by ${kinds.join(", ")}`);
  const sources: Fields = Object.fromEntries(
    Object.entries(fields).map(([name, source]) => [name, isPath(source) ? { path: source } : source]),
  );
  // Every key and every form has just been checked.
  return ok({
    ...defaultFieldMapping,
    fields: sources,
    presence,
    version,
    echo,
    mandatory,
  } as FieldMapping);
}

const sourceForm =
  'null, a path, {"value": text}, or {"path": …} with "slice": {"from", "length"} and "values": {theirs: ours}';
const presenceForm = '{"path": …, "present": list of first characters}';

function isSource(value: unknown): boolean {
  if (isPath(value)) return true;
  if (!isFields(value)) return false;
  if (value["value"] !== undefined) return typeof value["value"] === "string" && Object.keys(value).length === 1;
  const { path, slice, values, ...rest } = value;
  const isSliced = slice === undefined || (isFields(slice) && isWhole(slice["from"]) && isWhole(slice["length"]));
  return isPath(path) && isSliced && (values === undefined || isTexts(values)) && Object.keys(rest).length === 0;
}

function isPresence(value: unknown): boolean {
  if (!isFields(value) || !isPath(value["path"])) return false;
  const { present } = value;
  return Array.isArray(present) && present.every((start) => typeof start === "string" && start !== "");
}

function isByKind(value: unknown, isItem: (item: unknown) => boolean): boolean {
  if (!isFields(value)) return false;
  return Object.entries(value).every(
    ([kind, list]) => kinds.some((known) => known === kind) && Array.isArray(list) && list.every(isItem),
  );
}

function isTags(value: unknown): value is NonNullable<SpecFile["tags"]> {
  return isFields(value) && Object.values(value).every(isTexts);
}

function isUnits(value: unknown): value is NonNullable<SpecFile["lengthUnit"]> {
  return (
    isFields(value) && Object.values(value).every((unit) => ["characters", "digits", "bytes"].includes(String(unit)))
  );
}

function isTexts(value: unknown): boolean {
  return isFields(value) && Object.values(value).every((text) => typeof text === "string");
}

function isPath(value: unknown): value is string {
  return typeof value === "string" && /^[1-9]\d{0,2}(?:\.[0-9A-Za-z#]{1,12}){0,8}$/.test(value);
}

function isNumber(value: unknown): boolean {
  return isWhole(value) && value >= 2 && value <= 192;
}

function isWhole(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
