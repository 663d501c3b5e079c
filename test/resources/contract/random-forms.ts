import type { ObjectSchema, ParamSchema, TextSchema } from "../../../specs/api/schema.ts";
import { type Random, pick } from "../../../src/kernel/random.ts";

/** A value that a schema lets through, and the names and texts by which a form says it. */
export interface RandomForm {
  readonly value: unknown;
  readonly pairs: readonly (readonly [string, string])[];
}

const words = ["a", "0", "usd", "Jenny Rosen", "+18008675309", "ü€😀", " ", "[x]", "a=b&c", "%41", "null", "-1"];

/** Parameters of an operation as a caller might send them: all that is required, and some of the rest. */
export function randomForm(random: Random, schema: ObjectSchema): RandomForm {
  return objectForm(random, schema, "", false);
}

/** The form on the wire. Brackets stand bare, as the SDK leaves them. */
export function textOf(pairs: RandomForm["pairs"]): string {
  return pairs.map(([name, value]) => `${nameOnWire(name)}=${encodeURIComponent(value)}`).join("&");
}

function nameOnWire(name: string): string {
  return encodeURIComponent(name).replaceAll("%5B", "[").replaceAll("%5D", "]");
}

function objectForm(random: Random, schema: ObjectSchema, path: string, mustSpeak: boolean): RandomForm {
  const value: Record<string, unknown> = {};
  const pairs: (readonly [string, string])[] = [];
  for (const [name, property] of Object.entries(schema.properties)) {
    const isRequired = schema.required.includes(name);
    if (!isRequired && !mustSpeak && random.integer(4) > 0) continue;
    const form = formOf(random, property, path === "" ? name : `${path}[${name}]`, isRequired || mustSpeak);
    // A form cannot say an object that has nothing in it.
    if (form.pairs.length === 0) continue;
    value[name] = form.value;
    pairs.push(...form.pairs);
  }
  return { value, pairs };
}

function formOf(random: Random, schema: ParamSchema, path: string, mustSpeak: boolean): RandomForm {
  if ("anyOf" in schema) {
    const form = formOf(random, pick(random, schema.anyOf), path, mustSpeak);
    // What can be unset is unset by an empty text, and so by an empty list.
    return form.pairs[0]?.[1] === "" && Array.isArray(form.value) ? { ...form, value: "" } : form;
  }
  switch (schema.type) {
    case "string":
      return scalar(path, randomText(random, schema));
    case "number":
      return scalar(path, random.integer(10_000) / 100);
    case "integer":
      return scalar(path, randomInteger(random, schema.minimum, schema.maximum));
    case "boolean":
      return scalar(path, schema.enum?.[0] ?? random.integer(2) === 0);
    case "array":
      return listForm(random, schema.items, path);
    case "object":
      if ("properties" in schema) return objectForm(random, schema, path, mustSpeak);
      return mapForm(random, path);
  }
}

function scalar(path: string, value: string | number | boolean): RandomForm {
  return { value, pairs: [[path, String(value)]] };
}

function randomText(random: Random, { enum: members, format, minLength }: TextSchema): string {
  if (members !== undefined) return pick(random, members);
  if (format === "decimal") return `${random.integer(1_000)}.${random.integer(1_000)}`;
  return minLength === undefined && random.integer(3) === 0 ? "" : pick(random, words);
}

function randomInteger(random: Random, minimum = -9_007_199_254_740_991, maximum = 9_007_199_254_740_991): number {
  const near = [minimum, maximum, 0, 1, 100, 4_242].filter((value) => value >= minimum && value <= maximum);
  return pick(random, near);
}

function listForm(random: Random, items: ParamSchema, path: string): RandomForm {
  const count = random.integer(4);
  if (count === 0) return { value: [], pairs: [[path, ""]] };
  const isNumbered = !("type" in items && items.type === "string") || random.integer(2) === 0;
  const forms = Array.from({ length: count }, (_, index) =>
    formOf(random, items, isNumbered ? `${path}[${index}]` : `${path}[]`, true),
  );
  return { value: forms.map(({ value }) => value), pairs: forms.flatMap(({ pairs }) => pairs) };
}

function mapForm(random: Random, path: string): RandomForm {
  const keys = ["order", "user id", "ключ"].slice(0, 1 + random.integer(3));
  const entries = keys.map((key) => [key, random.integer(4) === 0 ? "" : pick(random, words)] as const);
  return { value: Object.fromEntries(entries), pairs: entries.map(([key, value]) => [`${path}[${key}]`, value]) };
}
