import type { LengthPrefix } from "../../specs/dialect.ts";
import type { NoteList } from "./import-report.ts";

/** A field of moov's JSON with its words checked, and nothing decided yet. */
export interface MoovField {
  readonly path: string;
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly enc: string;
  readonly length: number;
  readonly prefix: MoovPrefix | null;
  readonly padding: { readonly side: "left" | "right"; readonly with: string } | null;
  readonly tag: MoovTag | null;
  readonly bitmap: MoovField | null;
  readonly isFixedBitmap: boolean;
  readonly subfields: readonly MoovField[];
}

/** "BCD.LL": how a length is written, and in how many digits or bytes; size 0: the field is fixed. */
export interface MoovPrefix {
  readonly encoding: LengthPrefix["encoding"];
  readonly size: number;
}

export interface MoovTag {
  readonly length: number;
  readonly enc: string;
  readonly padding: MoovField["padding"];
  readonly isByNumber: boolean;
}

const lengthMax = 999_999;
const nestingMax = 6;
const known: ReadonlySet<string> = new Set(
  "type length description enc prefix padding tag bitmap subfields disableAutoExpand disableautoexpand".split(" "),
);

/** null where it cannot be a field, which has then been noted. */
export function readMoovField(notes: NoteList, value: unknown, path: string): MoovField | null {
  const drop = (found: string, why: string): null => {
    notes.add({ line: null, field: path, found: found.slice(0, 80), effect: "left out", why });
    return null;
  };
  const keys = path.split(".");
  if (keys.length > nestingMax) return drop(path, `there are at most ${nestingMax} levels of fields`);
  const fields = objectOf(value);
  if (fields === null) return drop(`field ${path}`, "it is no object");
  const length: unknown = fields["length"] ?? 0;
  if (typeof length !== "number" || !Number.isInteger(length) || length < 0 || length > lengthMax) {
    return drop(`length ${JSON.stringify(length)}`, "it is no length");
  }
  const prefixText = textOf(fields["prefix"]);
  const prefix = prefixOf(prefixText);
  if (prefix === null && prefixText !== "") return drop(`prefix ${prefixText}`, "there is no such prefix");
  for (const name of Object.keys(fields)) {
    if (known.has(name)) continue;
    notes.add({
      line: null,
      field: path,
      found: name.slice(0, 80),
      effect: "ignored",
      why: "no field has this setting",
    });
  }
  const description = textOf(fields["description"]);
  return {
    path,
    key: keys.at(-1) ?? "",
    name: description === "" ? `Field ${path}` : description,
    type: textOf(fields["type"]),
    enc: textOf(fields["enc"]),
    length,
    prefix,
    padding: paddingOf(fields["padding"]),
    tag: tagOf(fields["tag"]),
    bitmap: fields["bitmap"] === undefined ? null : readMoovField(notes, fields["bitmap"], `${path}.bitmap`),
    isFixedBitmap: (fields["disableAutoExpand"] ?? fields["disableautoexpand"]) === true,
    subfields: subfieldsOf(notes, fields["subfields"], path),
  };
}

function subfieldsOf(notes: NoteList, value: unknown, path: string): MoovField[] {
  const fields: MoovField[] = [];
  for (const [key, field] of Object.entries(objectOf(value) ?? {})) {
    const read = /^[0-9A-Za-z]{1,8}$/.test(key) ? readMoovField(notes, field, `${path}.${key}`) : null;
    if (read !== null) fields.push(read);
  }
  return fields;
}

const prefixEncodings: Readonly<Record<string, LengthPrefix["encoding"]>> = {
  ASCII: "ascii",
  BCD: "bcd",
  Hex: "hex",
  EBCDIC: "cp500",
  EBCDIC1047: "cp1047",
  Binary: "binary",
};

/** None.Fixed | BerTLV | encoding.Fixed | encoding.L to LLLLLL; "Hex.L" is one byte, so two characters. */
function prefixOf(text: string): MoovPrefix | null {
  if (text === "None.Fixed") return { encoding: "ascii", size: 0 };
  if (text === "BerTLV") return { encoding: "ber", size: 4 };
  const match = /^([A-Za-z0-9]+)\.(Fixed|L{1,6})$/.exec(text);
  const [, name = "", size = ""] = match ?? [];
  const encoding = Object.hasOwn(prefixEncodings, name) ? prefixEncodings[name] : undefined;
  if (encoding === undefined) return null;
  if (size === "Fixed") return { encoding, size: 0 };
  return { encoding, size: encoding === "hex" ? 2 * size.length : size.length };
}

function paddingOf(value: unknown): MoovField["padding"] {
  const padding = objectOf(value);
  const [type, pad] = [textOf(padding?.["type"]), textOf(padding?.["pad"])];
  if (pad.length !== 1) return null;
  return type === "Left" ? { side: "left", with: pad } : type === "Right" ? { side: "right", with: pad } : null;
}

function tagOf(value: unknown): MoovTag | null {
  const tag = objectOf(value);
  if (tag === null) return null;
  const length = typeof tag["length"] === "number" ? tag["length"] : 0;
  const isByNumber = textOf(tag["sort"]) !== "StringsByHex";
  return { length, enc: textOf(tag["enc"]), padding: paddingOf(tag["padding"]), isByNumber };
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  // An object of JSON has strings for keys, and nothing is known of its values.
  return isObject ? (value as Record<string, unknown>) : null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
