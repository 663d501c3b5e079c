import { XMLParser, XMLValidator } from "fast-xml-parser";
import { type Result, fail, ok } from "../kernel/result.ts";
import type { ImportError } from "./import-report.ts";

/** An element of an XML text: its attributes without surrounding blanks, and its child elements in order. */
export interface XmlElement {
  readonly name: string;
  /** Of its opening tag, from 1. */
  readonly line: number;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
}

const textLengthMax = 1_048_576;
const elementsMax = 20_000;
const nestingMax = 12;

/**
 * The root element of a text. Nothing is fetched and no entity is expanded but the five of XML and numbers, so that a
 * document type has no effect; one with declarations of its own is refused.
 */
export function readXml(text: string): Result<XmlElement, ImportError> {
  if (text.length > textLengthMax) return refuse(null, `the text is longer than ${textLengthMax} characters`);
  const declarations = /<!DOCTYPE[^>[]*\[/i.exec(text);
  if (declarations !== null) {
    return refuse(
      lineOf(lineStartsOf(text), declarations.index),
      "a document type with declarations of its own is not read",
    );
  }
  const elements = text.match(/<[A-Za-z]/g)?.length ?? 0;
  if (elements > elementsMax) return refuse(null, `the text has more than ${elementsMax} elements`);
  try {
    const judgement = XMLValidator.validate(text);
    if (judgement !== true) return refuse(judgement.err.line, `this is not XML: ${judgement.err.msg}`);
    // The parser's types say no more than that it returns something.
    const nodes = parser.parse(text) as unknown;
    const [root] = elementsOf(nodes, lineStartsOf(text));
    return root === undefined ? refuse(null, "the text has no element") : ok(root);
  } catch (error) {
    return refuse(null, `this is not XML: ${error instanceof Error ? error.message : String(error)}`);
  }
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  processEntities: false,
  parseTagValue: false,
  parseAttributeValue: false,
  ignorePiTags: true,
  captureMetaData: true,
  maxNestedTags: nestingMax,
});
const metadata: unknown = XMLParser.getMetaDataSymbol();

function elementsOf(nodes: unknown, lineStarts: readonly number[]): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  const elements: XmlElement[] = [];
  for (const node of nodes as unknown[]) {
    if (typeof node !== "object" || node === null) continue;
    const entries: [string, unknown][] = Object.entries(node);
    const [name, children] = entries.find(([key]) => key !== ":@") ?? ["#text", null];
    if (name === "#text") continue;
    const attributes = new Map<string, string>();
    for (const [key, value] of Object.entries(entries.find(([key]) => key === ":@")?.[1] ?? {})) {
      attributes.set(key, withoutEntities(String(value)).trim());
    }
    const line = lineOf(lineStarts, indexOf(node));
    elements.push({ name, line, attributes, children: elementsOf(children, lineStarts) });
  }
  return elements;
}

function indexOf(node: object): number {
  // The parser hangs the place of a node on a symbol that its types do not name.
  const place: unknown = Reflect.get(node, metadata as symbol);
  const index: unknown = typeof place === "object" && place !== null ? Reflect.get(place, "startIndex") : 0;
  return typeof index === "number" ? index : 0;
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf("\n"); i >= 0; i = text.indexOf("\n", i + 1)) starts.push(i + 1);
  return starts;
}

function lineOf(lineStarts: readonly number[], index: number): number {
  let [low, high] = [0, lineStarts.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= index) low = middle;
    else high = middle;
  }
  return low + 1;
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function withoutEntities(text: string): string {
  return text.replaceAll(/&(?:([a-z]{2,4})|#(\d{1,6})|#x([0-9a-fA-F]{1,5}));/g, (whole, name, decimal, hex) => {
    if (typeof name === "string") return entities[name] ?? whole;
    return String.fromCharCode(typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16));
  });
}

function refuse(line: number | null, message: string): Result<never, ImportError> {
  return fail({ line, message });
}
