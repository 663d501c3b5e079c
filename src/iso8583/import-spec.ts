import type { DialectSpec } from "../../specs/dialect.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { type Form, type ObjectForm, dialectForm } from "./import-spec-forms.ts";
import type { ImportError, Imported } from "./import-report.ts";

/**
 * A dialect in JSON, in the form of specs/dialect.ts, or what `cardswitch spec import --json` has printed. The error
 * names the first place that is not as that form wants it.
 */
export function importSpec(json: string): Result<Imported, ImportError> {
  if (json.length > textLengthMax) return refuse(`the text is longer than ${textLengthMax} characters`);
  let text: unknown;
  try {
    text = JSON.parse(json);
  } catch (error) {
    return refuse(`this is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const spec = isObject(text) && isObject(text["spec"]) ? text["spec"] : text;
  const fault = faultOf(spec, dialectForm, "", 0);
  // The whole of it has just been checked.
  return fault === null ? ok({ spec: spec as DialectSpec, report: [] }) : refuse(fault);
}

const textLengthMax = 1_048_576;
const nestingMax = 24;

function faultOf(value: unknown, form: Form, path: string, depth: number): string | null {
  if (depth > nestingMax) return `${path} lies deeper than ${nestingMax} levels`;
  const wrong = (expected: string): string => `"${path === "" ? "the dialect" : path}" has to be ${expected}`;
  switch (form.is) {
    case "text":
      return typeof value === "string" && form.like.test(value) ? null : wrong(form.told);
    case "true":
      return value === true ? null : wrong("true, or absent");
    case "truth":
      return typeof value === "boolean" ? null : wrong("true or false");
    case "null":
      return value === null ? null : wrong("null");
    case "one of":
      return form.choices.some((choice) => choice === value) ? null : wrong(`one of ${form.choices.join(", ")}`);
    case "number": {
      const isNumber = typeof value === "number" && Number.isInteger(value);
      const isWithin = isNumber && value >= form.least && value <= form.most;
      return isWithin ? null : wrong(`a whole number from ${form.least} to ${form.most}`);
    }
    case "list":
      if (!Array.isArray(value)) return wrong("a list");
      return firstFault(value.entries(), (item, key) => faultOf(item, form.of(), `${path}[${key}]`, depth + 1));
    case "either":
      return eitherFault(value, form.of(), path, depth);
    case "map":
    case "object":
    case "kind":
      return isObject(value) ? objectFault(value, form, path, depth) : wrong("an object");
  }
}

function objectFault(
  value: Fields,
  form: Extract<Form, { is: "map" | "object" | "kind" }>,
  path: string,
  depth: number,
): string | null {
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  if (form.is === "map") {
    return firstFault(Object.entries(value), (item, key) =>
      form.keys.test(key) ? faultOf(item, form.of(), at(key), depth + 1) : `"${path}" has no key "${key.slice(0, 40)}"`,
    );
  }
  const chosen = form.is === "object" ? form : kindOf(value, form);
  if (chosen === null) return `"${path}" has no ${form.is === "kind" ? form.by : "kind"} that is known`;
  const allowed: Readonly<Record<string, Form>> = { ...chosen.keys, ...chosen.optional };
  const missing = Object.keys(chosen.keys).find((key) => value[key] === undefined);
  if (missing !== undefined) return `"${at(missing)}" is missing`;
  if (chosen.oneOf?.every((key) => value[key] === undefined) === true) {
    return `"${path}" needs ${chosen.oneOf.map((key) => `"${key}"`).join(" or ")}`;
  }
  return firstFault(Object.entries(value), (item, key) => {
    if (form.is === "kind" && key === form.by) return null;
    const expected = Object.hasOwn(allowed, key) ? allowed[key] : undefined;
    if (expected === undefined) return `"${path}" has no key "${key.slice(0, 40)}"`;
    return faultOf(item, expected, at(key), depth + 1);
  });
}

function kindOf(value: Fields, form: Extract<Form, { is: "kind" }>): ObjectForm | null {
  const kinds = form.of();
  const name = value[form.by];
  return typeof name === "string" && Object.hasOwn(kinds, name) ? (kinds[name] ?? null) : null;
}

/** Of several forms the complaint of the last is told: the others are words, which it is plainly not. */
function eitherFault(value: unknown, forms: readonly Form[], path: string, depth: number): string | null {
  let fault: string | null = null;
  for (const form of forms) {
    fault = faultOf(value, form, path, depth + 1);
    if (fault === null) return null;
  }
  return fault;
}

function firstFault<Key>(
  entries: Iterable<readonly [Key, unknown]>,
  judge: (item: unknown, key: Key) => string | null,
): string | null {
  for (const [key, item] of entries) {
    const fault = judge(item, key);
    if (fault !== null) return fault;
  }
  return null;
}

type Fields = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function refuse(message: string): Result<never, ImportError> {
  return fail({ line: null, message });
}
