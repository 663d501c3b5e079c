import { LineCounter, type Node, type Pair, isMap, isScalar, isSeq, parseDocument } from "yaml";
import { type Result, fail, ok } from "../../src/kernel/result.ts";
import type { Place, Text } from "./scenario.ts";

/** What is wrong with a file, as one line: file, line, key, and what should be there. */
export class ScenarioFault extends Error {}

/** A node of a YAML file that knows where it stands. Every reader throws a ScenarioFault that names file, line and key. */
export class YamlReader implements Place {
  readonly line: number;
  readonly path: string;
  readonly #file: YamlFile;
  readonly #node: unknown;

  constructor(file: YamlFile, node: unknown, at: Place) {
    this.#file = file;
    this.#node = node;
    this.line = at.line;
    this.path = at.path;
  }

  get isMap(): boolean {
    return isMap(this.#node);
  }

  /** The keys of a map with what stands under them, in order. Refuses a key that is none of `known`, if there is such. */
  entries(known: readonly string[] | null): Map<string, YamlReader> {
    if (!isMap(this.#node)) return this.fault("has to be a list of keys with values");
    const entries = new Map<string, YamlReader>();
    for (const pair of this.#node.items) {
      const key = this.#keyOf(pair);
      const path = this.path === "" ? key : `${this.path}.${key}`;
      const at = { line: this.#file.lineOf(pair.key) ?? this.line, path };
      const reader = new YamlReader(this.#file, pair.value, at);
      if (known !== null && !known.includes(key)) reader.fault(`is not known here; there are ${known.join(", ")}`);
      entries.set(key, reader);
    }
    return entries;
  }

  items(): YamlReader[] {
    if (!isSeq(this.#node)) return this.fault("has to be a list");
    return this.#node.items.map((item, index) => {
      const at = { line: this.#file.lineOf(item) ?? this.line, path: `${this.path}[${index + 1}]` };
      return new YamlReader(this.#file, item, at);
    });
  }

  /** A scalar as it is written: 0100 stays four digits, 12.50 keeps its last one. */
  text(): Text {
    if (!isScalar(this.#node)) return this.fault("has to be a single value");
    const { value, source } = this.#node;
    if (value === null) return this.fault("has no value");
    const text = typeof value === "string" ? value : (source ?? "");
    return { text, line: this.line, path: this.path };
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const { text } = this.text();
    return choices.find((choice) => choice === text) ?? this.fault(`is "${text}"; it has to be ${choices.join(", ")}`);
  }

  truth(): boolean {
    return this.oneOf(["true", "false"]) === "true";
  }

  matching(pattern: RegExp, expected: string): string {
    const { text } = this.text();
    return pattern.test(text) ? text : this.fault(`is "${text}"; it has to be ${expected}`);
  }

  fault(what: string): never {
    throw new ScenarioFault(`${this.#file.name}:${this.line}: ${this.path === "" ? "the file" : this.path} ${what}`);
  }

  #keyOf({ key }: Pair): string {
    return isScalar(key) ? String(key.source ?? key.value) : this.fault("has a key that is no plain word");
  }
}

interface YamlFile {
  readonly name: string;
  lineOf(node: unknown): number | null;
}

/** The root of a file's text; the error names file and line. */
export function readYaml(name: string, text: string): Result<YamlReader, string> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) return fail(`${name}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  const file: YamlFile = {
    name,
    lineOf: (node) => {
      const start = isNode(node) ? node.range?.[0] : undefined;
      return start === undefined ? null : lines.linePos(start).line;
    },
  };
  return ok(new YamlReader(file, document.contents, { line: 1, path: "" }));
}

function isNode(node: unknown): node is Node {
  return typeof node === "object" && node !== null && "range" in node;
}
