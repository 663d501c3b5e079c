import { readFileSync } from "node:fs";
import type { DialectSpec } from "../../specs/dialect.ts";
import type { SpecFile } from "../../specs/field-mapping.ts";
import { importSpecFile } from "../app/imported-links.ts";
import { dialects } from "../iso8583/public.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { isFile } from "./is-file.ts";

/** Every dialect that is shipped. */
export const shippedDialects: readonly DialectSpec[] = Object.values(dialects);

/** A shipped dialect by its name; the error lists them. */
export function dialectNamed(name: string): Result<DialectSpec, string> {
  const spec = shippedDialects.find((dialect) => dialect.name === name);
  return spec === undefined
    ? fail(`a dialect is one of ${shippedDialects.map((one) => one.name).join(", ")}`)
    : ok(spec);
}

/** A spec of somebody else's: a jPOS packager, a moov spec, or a dialect in JSON; which, its text tells. */
export async function dialectOfFile(file: string): Promise<Result<DialectSpec, string>> {
  const imported = await importSpecFile({ format: formatOf(file), file });
  return imported.ok ? ok(imported.value.spec) : imported;
}

/** Fields of a dialect have a content, those of moov a type. */
function formatOf(file: string): SpecFile["format"] {
  const text = isFile(file) ? readFileSync(file, "utf8") : "";
  if (text.trimStart().startsWith("<")) return "jpos";
  return /"content"\s*:/.test(text) ? "cardswitch" : "moov";
}
