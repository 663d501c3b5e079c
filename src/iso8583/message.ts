import { type Branch, changeField, noBranches } from "./change.ts";
import { type Element, noElements } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { type Header, headerLength, readHeader } from "./header.ts";
import { leavesOf } from "./leaves.ts";
import { fromHexText, hexText } from "./octets.ts";
import { partOf, partValue } from "./part-value.ts";
import { Ground, isPlain, plainBytesMax, writePlain } from "./plain.ts";
import { type DialectPlan, versionOf } from "./plan.ts";
import { type Route, routeOf } from "./route.ts";
import { type UnknownParts, unknownParts } from "./unknown.ts";

/** The bitmaps as they were read: kept while the set of fields stays, so that they are written as they came. */
export interface ReadBitmaps {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * One ISO 8583 message of one dialect. Values are text: digits and characters as they stand on the wire (blanks and
 * leading zeros too), bytes as "hex:9f26…" in lower case, the separator of track 2 as "=".
 * Paths: "2" a field, "62.2" "48.42" "61.4" a part, "55.01.9F26" "55.9F26#2" a tag, "0" the message type.
 *
 * A message that was decoded reads from the bytes it was decoded from: they must not be overwritten while it lives,
 * and values longer than 12 characters keep them in memory.
 */
export class Message {
  /** Four digits: "0100". */
  mti: string;
  /** Stations and status, in dialects that have a header. */
  header: Header | null;
  /** By number of the data element. For the rooms of the codec; others use paths. */
  readonly elements: (Element | undefined)[];
  #plan: DialectPlan;
  #bitmaps: ReadBitmaps | null;

  constructor(plan: DialectPlan, mti: string, read: Partial<Pick<Message, "header" | "elements" | "bitmaps">> = {}) {
    this.#plan = plan;
    this.mti = mti;
    this.header = read.header ?? null;
    this.elements = read.elements ?? noElements(Math.min(plan.fields.length, 65));
    this.#bitmaps = read.bitmaps ?? null;
  }

  get bitmaps(): ReadBitmaps | null {
    return this.#bitmaps;
  }

  /** Of the version that the message type names. */
  get plan(): DialectPlan {
    return this.#plan;
  }

  /** What nobody has described (tags, subelements, datasets, rests): it was kept as it came, and is written so. */
  get unknown(): UnknownParts {
    return unknownParts(this.elements);
  }

  /** The value at a path, or undefined where it is absent or could not be read. */
  get(path: string): string | undefined {
    if (path === "0") return this.mti;
    if (path === "header") return this.header === null ? undefined : `hex:${wholeHex(this.header.bytes)}`;
    const route = routeOf(this.#plan, path);
    const element = route === null ? undefined : this.elements[route.number];
    if (route === null || element === undefined) return undefined;
    if (route.steps.length === 0) return element.isFaulty ? undefined : element.value;
    return partValue(element, route.steps);
  }

  /** The bytes of the content at a path as they stand on the wire, without length or tag; a view, not a copy. */
  bytes(path: string): Uint8Array | undefined {
    const route = routeOf(this.#plan, path);
    let element = route === null ? undefined : this.elements[route.number];
    for (const step of route?.steps ?? []) element = element === undefined ? undefined : partOf(element, step);
    if (element === undefined || element.isFaulty) return undefined;
    return element.source.bytes.subarray(element.from, element.end);
  }

  has(path: string): boolean {
    return this.get(path) !== undefined;
  }

  /**
   * Sets a field, or a part of one; fields of fixed length want all their characters. Bytes are given as such or as
   * "hex:…". Throws EncodeError where the value does not fit.
   */
  set(path: string, value: string | Uint8Array): void {
    if (path === "header") return this.#setHeader(value);
    const text = typeof value === "string" ? value : `hex:${wholeHex(value)}`;
    if (path === "0") return this.#setType(text);
    this.#change(path, text);
  }

  /** Takes a field or part away; nothing happens where it is absent. */
  remove(path: string): void {
    const route = routeOf(this.#plan, path);
    if (route !== null && route.steps.length === 0) {
      if (this.elements[route.number] !== undefined) this.#bitmaps = null;
      this.elements[route.number] = undefined;
    } else if (this.has(path)) {
      this.#change(path, null);
    }
  }

  /** Takes over fields of another message of the same dialect byte for byte; absent and faulty ones are left out. */
  echo(from: Message, numbers: readonly number[]): void {
    for (const number of numbers) {
      const element = from.elements[number];
      if (element === undefined || element.isFaulty || element.plan.isBitmap || from.plan !== this.#plan) continue;
      if (this.elements[number] === undefined) this.#bitmaps = null;
      this.elements[number] = element;
    }
  }

  /** Every value by its path, composites by their parts; "0" is the message type, "header" the header. */
  toJSON(): Record<string, string> {
    const json: Record<string, string> = { "0": this.mti };
    for (const leaf of leavesOf(this.elements)) if (leaf.value !== null) json[leaf.path] = leaf.value;
    if (this.header !== null) json["header"] = `hex:${wholeHex(this.header.bytes)}`;
    return json;
  }

  #change(path: string, value: string | null): void {
    const route = routeOf(this.#plan, path);
    if (route === null) throw new EncodeError("path_undefined", path, "a field of the dialect");
    const field = route.steps.length === 0 ? this.#plan.fields[route.number] : undefined;
    if (value !== null && field !== undefined && isPlain(field)) {
      if (this.elements[route.number] === undefined) this.#bitmaps = null;
      this.elements[route.number] = writePlain(new Ground(plainBytesMax(field, value)), field, value);
      return;
    }
    this.apply(route.number, branchOf(route, value));
  }

  /** For the rooms of the codec: a change to one field and to any of its parts, beside others where there is ground for it. */
  apply(number: number, branch: Branch, ground: Ground | null = null): void {
    const field = this.#plan.fields[number];
    if (field === undefined) throw new EncodeError("path_undefined", String(number), "a field of the dialect");
    const before = this.elements[number];
    const after = changeField(field, { element: before, branch, context: this }, ground);
    if ((before === undefined) !== (after === undefined)) this.#bitmaps = null;
    this.elements[number] = after;
  }

  /** Fields keep the layout of the version that they were set in, so a type of another version comes before them. */
  #setType(mti: string): void {
    const plan = versionOf(this.#plan, mti);
    const isSame = plan === this.#plan;
    if (!isSame && this.elements.some((element) => element !== undefined)) {
      throw new EncodeError("mti_invalid", "0", "a message type of the same version");
    }
    this.#plan = plan;
    this.mti = mti;
  }

  #setHeader(value: string | Uint8Array): void {
    const bytes = typeof value === "string" ? fromHexText(value.slice("hex:".length)) : value;
    const { header } = this.#plan;
    const least = header === null ? 0 : headerLength(header);
    if (header === null || bytes === null || bytes.length < least) {
      throw new EncodeError("header_missing", "header", `${least} bytes`);
    }
    this.header = readHeader(bytes, bytes.length, header.kind);
  }
}

function wholeHex(bytes: Uint8Array): string {
  return hexText(bytes, 0, bytes.length);
}

function branchOf({ steps }: Route, value: string | null): Branch {
  let branch: Branch | null = null;
  for (let i = steps.length; i >= 0; i--) {
    const step = i === 0 ? null : (steps[i - 1] ?? null);
    branch = branch === null ? { step, value, branches: noBranches } : { step, value: undefined, branches: [branch] };
  }
  return branch ?? { step: null, value, branches: noBranches };
}
