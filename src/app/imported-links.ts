import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type { SpecFile } from "../../specs/field-mapping.ts";
import type { LinkSpec } from "../../specs/links.ts";
import type { ImportNote, Imported } from "../iso8583/import-report.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import type { Log } from "../log.ts";
import { importedFault } from "../switch/imported.ts";

/**
 * Links with the specs that they name as files in place of the names. What an import could not map is logged. The error
 * is one line that names link, file and key.
 */
export async function withImportedSpecs(
  links: readonly LinkSpec[],
  log: Pick<Log, "warn">,
): Promise<Result<readonly LinkSpec[], string>> {
  const read: LinkSpec[] = [];
  for (const link of links) {
    const { imported } = link;
    if (imported === undefined) {
      read.push(link);
      continue;
    }
    const spec =
      "format" in imported.spec ? await importSpecFile(imported.spec) : ok({ spec: imported.spec, report: [] });
    if (!spec.ok) return fail(`link ${link.name}: ${spec.error}`);
    const file = "format" in imported.spec ? imported.spec.file : imported.spec.name;
    warnOf(log, { link: link.name, file: basename(file) }, spec.value.report);
    const dialect = { spec: spec.value.spec, mapping: imported.mapping };
    const fault = importedFault(dialect.spec, dialect);
    if (fault !== null) return fail(`link ${link.name} with ${file}: ${fault}`);
    read.push({ ...link, imported: dialect });
  }
  return ok(read);
}

/** The reader of XML is loaded only where a link has a spec of its own. */
export async function importSpecFile(source: SpecFile): Promise<Result<Imported, string>> {
  const { file, format, tags, lengthUnit } = source;
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    return fail(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { importJposPackager, importMoovSpec, importSpec } = await import("../iso8583/import.ts");
  const imported =
    format === "jpos"
      ? importJposPackager(text, tags === undefined ? {} : { tags })
      : format === "moov"
        ? importMoovSpec(text, lengthUnit === undefined ? {} : { lengthUnit })
        : importSpec(text);
  if (imported.ok) return ok(imported.value);
  const { line, message } = imported.error;
  return fail(`${file}${line === null ? "" : `, line ${line}`}: ${message}`);
}

const warningsMax = 5;

function warnOf(log: Pick<Log, "warn">, place: { link: string; file: string }, report: readonly ImportNote[]): void {
  const lost = report.filter(({ effect }) => effect !== "ignored");
  for (const { line, field, found, effect, why } of lost.slice(0, warningsMax)) {
    log.warn({ ...place, line, field, found, why }, `a field of an imported spec is ${effect}`);
  }
  if (lost.length <= warningsMax) return;
  log.warn(
    { ...place, more: lost.length - warningsMax },
    "more of an imported spec is missing: see `cardswitch spec import`",
  );
}
