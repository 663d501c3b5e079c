import type { DialectSpec } from "../../specs/dialect.ts";
import { type Result, fail, ok } from "../kernel/result.ts";
import { messageParts } from "./import-jpos-dialect.ts";
import { jposParts } from "./import-jpos-field.ts";
import { type JposImport, readFields, wholeNumber } from "./import-jpos-read.ts";
import { type XmlElement, readXml } from "./import-jpos-xml.ts";
import { type ImportError, type Imported, NoteList } from "./import-report.ts";

export interface JposOptions {
  /** Of the dialect; "jpos" where it is absent. */
  readonly name?: string;
  /**
   * Tags of composites whose tagMapper is a class of your own: by path of the field, then by id of the subfield:
   * `{ "48": { "1": "A1" } }`. Without them such parts are found by their tags and have no names.
   */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * The XML of a GenericPackager of jPOS as a dialect. Field classes are read by the grammar of their names, so all of
 * them are known; what has no exact counterpart is in the report, with its line. Nothing that the text names is loaded or
 * fetched. The error is a sentence, where nothing can be made of the text.
 */
export function importJposPackager(xml: string, options: JposOptions = {}): Result<Imported, ImportError> {
  const root = readXml(xml);
  if (!root.ok) return root;
  const { name, line, attributes } = root.value;
  if (name !== "isopackager") return fail({ line, message: `the text is a <${name}>, not an <isopackager>` });
  const job: JposImport = { notes: new NoteList(), tags: options.tags ?? {} };
  noteAttributes(job, root.value);
  const parts = jposParts(job, readFields(job, root.value, ""));
  const message = messageParts(job, { attributes, parts });
  if (typeof message === "string") return fail({ line, message });
  const spec: DialectSpec = {
    name: options.name ?? "jpos",
    title: "imported from a jPOS packager",
    header: headerOf(attributes),
    ...message,
  };
  return ok({ spec, report: job.notes.notes });
}

function headerOf(attributes: ReadonlyMap<string, string>): DialectSpec["header"] {
  const bytes = wholeNumber(attributes.get("headerLength") ?? "0", headerBytesMax) ?? 0;
  return bytes === 0 ? "none" : { kind: "skipped", bytes };
}

const headerBytesMax = 255;
// maxValidField and firstField say no more than which fields there are.
const readAttributes: ReadonlySet<string> = new Set(
  "bitmapField thirdBitmapField emitBitmap headerLength maxValidField firstField".split(" "),
);

function noteAttributes({ notes }: JposImport, { attributes, line }: XmlElement): void {
  for (const [name, value] of attributes) {
    if (readAttributes.has(name)) continue;
    notes.add({ line, field: "", found: `${name}="${value}"`, effect: "ignored", why: "jPOS has no such attribute" });
  }
}
