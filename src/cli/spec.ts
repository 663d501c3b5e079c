import type { SpecFile } from "../../specs/field-mapping.ts";
import { importSpecFile } from "../app/imported-links.ts";
import { renderNote } from "../iso8583/import-report.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { complain, print } from "./output.ts";

export interface SpecImportFlags {
  readonly file: string;
  /** Those that were named; none: by the end of the file's name, jPOS for .xml and moov for .json. */
  readonly formats: readonly SpecFile["format"][];
  readonly json: boolean;
}

/**
 * `cardswitch spec import`: what a spec of somebody else's becomes, and what could not be mapped. With `--json` the
 * dialect and the report as one line, which a link takes as `{"cardswitch": file}`. Exit code 1 where fields are missing.
 */
export async function importSpecCommand({ file, formats, json }: SpecImportFlags): Promise<ExitCode> {
  if (formats.length > 1)
    return complain(`${formats.map((name) => `--${name}`).join(" and ")} exclude each other`, exitCodes.usage);
  const meant = formats[0] ?? (file.toLowerCase().endsWith(".xml") ? "jpos" : "moov");
  const imported = await importSpecFile({ format: meant, file });
  if (!imported.ok) return complain(imported.error, exitCodes.usage);
  const { spec, report } = imported.value;
  const lost = report.filter(({ effect }) => effect === "left out").length;
  const summary = `${spec.title}: ${Object.keys(spec.fields).length} fields; ${report.length} notes, ${lost} of them left out`;
  print(json, { spec, report }, [...report.map(renderNote), summary].join("\n"));
  return lost === 0 ? exitCodes.ok : exitCodes.failed;
}
