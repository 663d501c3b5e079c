/**
 * `cardswitch/iso8583/import`: specs of others as dialects.
 *
 *   const imported = importJposPackager(readFileSync("packager.xml", "utf8"));
 *   if (imported.ok) compile(imported.value.spec).decode(bytes);
 */
export { type JposOptions, importJposPackager } from "./import-jpos.ts";
export { type MoovOptions, importMoovSpec } from "./import-moov.ts";
export { importSpec } from "./import-spec.ts";
export { type ImportError, type ImportNote, type Imported, renderNote } from "./import-report.ts";
