import type { DialectSpec } from "../../specs/dialect.ts";

/** What became of a part of a foreign spec that has no exact counterpart here. */
export interface ImportNote {
  /** Line of the text, from 1; null where the format has none. */
  readonly line: number | null;
  /** Path of the field as messages know it, "48.2"; "" for the spec as a whole. */
  readonly field: string;
  /** The class, type or setting as it was written. */
  readonly found: string;
  /**
   * left out: the field is not in the spec, so a message that has it is refused there. approximated: it is read in
   * another way, said in `why`. ignored: a setting without effect on the bytes that we read and write.
   */
  readonly effect: "left out" | "approximated" | "ignored";
  readonly why: string;
}

export interface Imported {
  readonly spec: DialectSpec;
  /** In the order of the text. Empty: everything was mapped exactly. */
  readonly report: readonly ImportNote[];
}

/** Why nothing could be made of a text. */
export interface ImportError {
  readonly line: number | null;
  /** One sentence. */
  readonly message: string;
}

/** Collects notes while a spec is read; a text full of faults does not fill the memory. */
export class NoteList {
  readonly notes: ImportNote[] = [];

  add(note: ImportNote): void {
    if (this.notes.length < notesMax) this.notes.push(note);
  }
}

const notesMax = 10_000;

/** A note as one line for a person. */
export function renderNote({ line, field, found, effect, why }: ImportNote): string {
  const place = [line === null ? "" : `line ${line}`, field === "" ? "" : `field ${field}`].filter(
    (text) => text !== "",
  );
  return `${[...place, `"${found}"`].join(", ")}: ${effect}, ${why}`;
}
