import type { ParamsSchema } from "../../../specs/api/schema.ts";
import { readForm } from "../../../src/api/form.ts";
import { type Random, pick, seededRandom } from "../../../src/kernel/random.ts";
import { ApiError } from "../../../src/resources/api-error.ts";
import { readParams } from "../../../src/resources/contract/read-params.ts";
import { randomForm, textOf } from "./random-forms.ts";

export interface FuzzReport {
  readonly read: number;
  readonly refused: Readonly<Record<string, number>>;
  /** Bodies that did neither: each is a fault of ours. */
  readonly faults: readonly string[];
}

export const formLimits = { formDepthMax: 20, formParametersMax: 5_000 };

/** Sends damaged bodies of random operations through the form parser and the schemas. */
export function fuzzBodies(schemas: readonly ParamsSchema[], seed: number, bodies: number): FuzzReport {
  const random = seededRandom(seed);
  const refused: Record<string, number> = {};
  const faults: string[] = [];
  let read = 0;
  for (let i = 0; i < bodies && faults.length < 10; i++) {
    const schema = pick(random, schemas);
    const body = damaged(random, textOf(randomForm(random, schema).pairs));
    try {
      readParams(schema, readForm(body, formLimits));
      read++;
    } catch (error) {
      if (error instanceof ApiError) refused[error.code] = (refused[error.code] ?? 0) + 1;
      else faults.push(`${String(error)}: ${body.slice(0, 500)}`);
    }
  }
  return { read, refused, faults };
}

const bits = [
  "&",
  "=",
  "[",
  "]",
  "[]",
  "[0]",
  "[99999]",
  "[-1]",
  "[a]",
  "[__proto__]",
  "[constructor][prototype]",
  "__proto__=1&",
  "hasOwnProperty=1&",
  "toString[valueOf]=1&",
  "%",
  "%00",
  "%ff",
  "%5B",
  "\u0000",
  "😀",
  "1e9",
  "9007199254740993",
  "0x10",
  "-0",
  "NaN",
  "true",
  ".5",
  "[[[[",
  "expand[]=a&",
  "expand[0][1]=a&",
  "metadata=&",
  "metadata[][]=1&",
  "limit=0&",
  "[x]".repeat(25),
  "9".repeat(400),
];

/** A few octets of it gone, doubled or replaced by what parsers stumble over. */
export function damaged(random: Random, text: string): string {
  let body = text;
  for (let count = 1 + random.integer(3); count > 0; count--) {
    const at = random.integer(body.length + 1);
    const until = Math.min(body.length, at + random.integer(8));
    const kind = random.integer(4);
    if (kind === 0) body = body.slice(0, at) + body.slice(until);
    else if (kind === 1) body = `${body}&${body.slice(at, until)}${pick(random, bits)}`;
    else body = body.slice(0, at) + pick(random, bits) + body.slice(kind === 2 ? at : until);
  }
  return body;
}
