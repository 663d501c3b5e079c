import type { FieldSpec } from "../../specs/dialect.ts";
import type { XmlElement } from "./import-jpos-xml.ts";
import { type JposClass, jposClass } from "./import-jpos-class.ts";
import type { ImportNote, NoteList } from "./import-report.ts";

/** An isofield or isofieldpackager, its attributes read. */
export interface JposField {
  readonly id: number;
  readonly path: string;
  readonly line: number;
  readonly name: string;
  readonly className: string;
  readonly found: JposClass;
  /** Digits, characters or bytes, at most. */
  readonly length: number;
  readonly attributes: ReadonlyMap<string, string>;
  /** null where the field is not composed of others. */
  readonly packager: string | null;
  readonly children: readonly XmlElement[];
}

/** A field inside another one, and what becomes of it; a bitmap, or what is left out, has no spec. */
export interface JposPart {
  readonly field: JposField;
  readonly spec: FieldSpec | null;
}

/** What a whole import shares. */
export interface JposImport {
  readonly notes: NoteList;
  /** Tags of composites whose mapper of tags is a class of somebody's own: by path of the field, then by subfield id. */
  readonly tags: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const idMax = 192;
const lengthMax = 999_999;
const knownAttributes: ReadonlySet<string> = new Set([
  ..."id length name class pad trim token encoding inclusive".split(" "),
  ..."packager tagMapper tagSize lenSize swapTagAndLen".split(" "),
  ..."emitBitmap bitmapField firstField maxValidField headerLength".split(" "),
]);

/** The fields of an element that have a class that exists, by id; of two with one id the later counts, as in jPOS. */
export function readFields(
  job: JposImport,
  parent: Pick<XmlElement, "children">,
  path: string,
): Map<number, JposField> {
  const fields = new Map<number, JposField>();
  for (const element of parent.children) {
    const field = readField(job, element, path);
    if (field === null) continue;
    const earlier = fields.get(field.id);
    if (earlier !== undefined) leaveOut(job, earlier, "another field with the same id follows");
    fields.set(field.id, field);
  }
  return new Map(Array.from(fields).toSorted(([a], [b]) => a - b));
}

function readField(job: JposImport, element: XmlElement, parentPath: string): JposField | null {
  const { attributes, line, name: kind } = element;
  const idText = attributes.get("id") ?? "";
  const path = parentPath === "" ? idText : `${parentPath}.${idText}`;
  const className = attributes.get("class") ?? "";
  const drop = (found: string, why: string): null => {
    job.notes.add({ line, field: path, found, effect: "left out", why });
    return null;
  };
  if (kind !== "isofield" && kind !== "isofieldpackager")
    return drop(`<${kind}>`, "it is neither a field nor a packager");
  const id = wholeNumber(idText, parentPath === "" ? idMax : 9_999);
  if (id === null) return drop(`id ${idText}`, "it is no number of a field");
  const length = wholeNumber(attributes.get("length") ?? "", lengthMax);
  if (length === null) return drop(`length ${attributes.get("length") ?? ""}`, "it is no length");
  const found = jposClass(className, attributes.get("pad") === "true");
  if (found === null) return drop(className, "there is no such class in jPOS");
  for (const [name, value] of attributes) {
    if (knownAttributes.has(name)) continue;
    const why = name === "params" ? "parameters reach classes of your own only" : "jPOS has no such attribute";
    job.notes.add({ line, field: path, found: `${name}="${value}"`, effect: "ignored", why });
  }
  const packager = kind === "isofieldpackager" ? (attributes.get("packager") ?? "") : null;
  const name = attributes.get("name") ?? "";
  const { children } = element;
  const shown = name === "" ? `Field ${path}` : name;
  return { id, path, line, name: shown, className, found, length, attributes, packager, children };
}

export function note(
  { notes }: JposImport,
  { line, path, className }: JposField,
  { effect, why, found }: Pick<ImportNote, "effect" | "why"> & { readonly found?: string },
): void {
  notes.add({ line, field: path, found: found ?? className, effect, why });
}

/** Notes that a field cannot be mapped. */
export function leaveOut(job: JposImport, field: JposField, why: string): null {
  note(job, field, { effect: "left out", why });
  return null;
}

export function wholeNumber(text: string, most: number): number | null {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  return number <= most ? number : null;
}
