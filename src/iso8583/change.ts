import { type Element, Source } from "./element.ts";
import { decodeField } from "./composite.ts";
import { EncodeError } from "./faults.ts";
import { fromHexText } from "./octets.ts";
import { type DialectPlan, type FieldPlan, type ShapePlan, type TaggedPlan, body, taggedPart } from "./plan.ts";
import { Reader } from "./reader.ts";
import type { Route, Step } from "./route.ts";
import { type Content, lengthError, withPrefix, writeContent } from "./write.ts";

/** A change somewhere below an element. */
export interface Change {
  /** The element as it was; undefined where it is new. */
  readonly element: Element | undefined;
  readonly steps: readonly Step[];
  /** Null: take it away. */
  readonly value: string | null;
}

/** A part on the wire, with its tag and length. */
interface Segment {
  /** Its bit, where bits give the order; a leading letter comes before the tags, which stay as they came. */
  readonly order: number;
  readonly bytes: Uint8Array;
}

/**
 * The element of a field after a change to it or to a part of it; undefined where nothing is left. Its bytes are
 * written anew and read back, so what is set obeys the rules of what is received; untouched parts keep their bytes.
 */
export function changeField(plan: DialectPlan, route: Route, change: Omit<Change, "steps">): Element | undefined {
  const field = plan.fields[route.number];
  if (field === undefined) throw new EncodeError("path_undefined", String(route.number), "a field of the dialect");
  // Named one by one: a spread here made setting a field 0.9 µs instead of 0.15 µs.
  const { element: before, value } = change;
  const content = changeContent(field, field.path, { element: before, steps: route.steps, value });
  if (content === null) return undefined;
  const bytes = withPrefix(field, content);
  const reader = new Reader(new Source(bytes));
  const element = decodeField(reader, field, field.path, bytes.length);
  if (element === null || reader.fault !== null || reader.at !== bytes.length) {
    const path = reader.fault?.path ?? field.path;
    throw new EncodeError("content_invalid", path, reader.fault?.expected ?? `${field.max} ${field.content}`);
  }
  return element;
}

/** Null where nothing is left. */
function changeContent(plan: FieldPlan, path: string, change: Change): Content | null {
  if (change.steps.length > 0) return changeParts(plan, path, change);
  return change.value === null ? null : writeContent(plan, path, change.value);
}

/** The content of a composite after a change to one of its parts; null where no part is left. */
function changeParts(plan: FieldPlan, path: string, change: Change): Content | null {
  const { shape } = plan;
  switch (shape?.kind) {
    case "positional":
      return changePosition(plan, path, shape, change);
    case "tagged":
      return joined(changeTagged(shape, path, change));
    case "bitmapped":
      return changeBitmapped(shape, path, change);
    case "ber-tlv":
      return joined(changeTags(shape.tag, path, change, shape.nests));
    case "datasets":
      return joined(changeDatasets(shape.dataset, path, change));
    default:
      throw new EncodeError("path_undefined", path, "a field that has parts");
  }
}

/** Earlier positions that nobody has set become zeros or blanks; a position can be taken away only at the end. */
function changePosition(
  plan: FieldPlan,
  path: string,
  shape: Extract<ShapePlan, { kind: "positional" }>,
  change: Change,
): Content | null {
  const part = shape.parts[Number(change.steps[0]?.key) - 1];
  const partPath = `${path}.${change.steps[0]?.key}`;
  if (part === undefined) throw new EncodeError("path_undefined", partPath, "a position of the field");
  const before = change.element?.value ?? "";
  if (change.value === null) {
    const text = before.slice(0, part.offset);
    return text === "" ? null : writeContent(plan, path, text);
  }
  const stop = part.offset + part.length;
  const isFitting = part.mayEndEarly ? change.value.length <= part.length : change.value.length === part.length;
  if (!isFitting) throw new EncodeError("length_out_of_range", partPath, `${part.length} ${part.content}`);
  let text = before.slice(0, part.offset);
  for (const earlier of shape.parts) {
    if (earlier.offset >= part.offset) break;
    const filler = earlier.content === "n" ? "0" : " ";
    text = text.padEnd(Math.min(earlier.offset + earlier.length, part.offset), filler);
  }
  text += change.value + before.slice(stop);
  if (plan.body === body.bcd && plan.prefix?.multiply === 2 && text.length % 2 === 1) text += "0";
  return writeContent(plan, path, text);
}

function changeTagged(shape: TaggedPlan, path: string, change: Change): Segment[] {
  const [step, ...steps] = change.steps;
  const key = step?.key ?? "";
  const isLeading = shape.leading !== null && key === shape.leading.key;
  if (!isLeading && !/^\d+$/.test(key)) throw new EncodeError("path_undefined", `${path}.${key}`, "a tag in digits");
  if (!isLeading && key.length !== shape.tagBytes) {
    throw new EncodeError("path_undefined", `${path}.${key}`, `a tag of ${shape.tagBytes} digits`);
  }
  const plan = isLeading && shape.leading !== null ? shape.leading : taggedPart(shape, key);
  const changePart = (element: Element | undefined): Segment | null => {
    const content = changeContent(plan, plan.path, { element, steps, value: change.value });
    if (content === null) return null;
    if (isLeading) return { order: 0, bytes: content.bytes };
    const count = String(content.bytes.length);
    if (count.length > shape.lengthBytes) throw lengthError(plan, plan.path);
    const head = key + count.padStart(shape.lengthBytes, "0");
    const digits = Uint8Array.from(head, (digit) => shape.code.fromLatin[digit.charCodeAt(0)] ?? 0);
    return { order: 1, bytes: concatenated([digits, content.bytes]) };
  };
  return replaced(change, changePart, (part) => (part.plan === shape.leading ? 0 : 1));
}

function changeBitmapped(
  shape: Extract<ShapePlan, { kind: "bitmapped" }>,
  path: string,
  change: Change,
): Content | null {
  const [step, ...steps] = change.steps;
  const plan = shape.parts[Number(step?.key)];
  if (plan === undefined) throw new EncodeError("path_undefined", `${path}.${step?.key}`, "a part of the dialect");
  const changePart = (element: Element | undefined): Segment | null => {
    const content = changeContent(plan, plan.path, { element, steps, value: change.value });
    return content === null ? null : { order: plan.number, bytes: withPrefix(plan, content) };
  };
  const segments = replaced(change, changePart, (part) => part.plan.number);
  if (segments.length === 0) return null;
  const bitmap = new Uint8Array(shape.bitmapBytes);
  for (const { order } of segments) {
    const at = (order - 1) >> 3;
    bitmap[at] = (bitmap[at] ?? 0) | (0x80 >> ((order - 1) & 7));
  }
  const bytes = concatenated([bitmap, ...segments.map((segment) => segment.bytes)]);
  return { bytes, units: bytes.length };
}

function changeDatasets(plan: FieldPlan, path: string, change: Change): Segment[] {
  const [step, ...steps] = change.steps;
  const id = fromHexText(step?.key ?? "");
  const partPath = `${path}.${step?.key}`;
  if (id?.length !== 1) throw new EncodeError("path_undefined", partPath, "a dataset of two hexadecimal digits");
  return replaced(change, (element) => {
    const content = changeContent(plan, partPath, { element, steps, value: change.value });
    if (content === null) return null;
    const length = content.bytes.length;
    return { order: 1, bytes: concatenated([id, Uint8Array.of(length >> 8, length & 0xff), content.bytes]) };
  });
}

function changeTags(plan: FieldPlan, path: string, change: Change, nests: boolean): Segment[] {
  const [step, ...steps] = change.steps;
  const tag = fromHexText(step?.key ?? "");
  const partPath = `${path}.${step?.key}`;
  if (tag === null || tag.length === 0)
    throw new EncodeError("path_undefined", partPath, "a tag in hexadecimal digits");
  return replaced(change, (element) => {
    const inner = { element, steps, value: change.value };
    const isTemplate = steps.length > 0 && nests;
    const content = isTemplate
      ? joined(changeTags(plan, partPath, inner, nests))
      : changeContent(plan, partPath, inner);
    if (content === null) return null;
    return { order: 1, bytes: concatenated([tag, berLength(content.bytes.length), content.bytes]) };
  });
}

/** The shortest form: one byte up to 127, else their number and the bytes. */
function berLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  return length < 0x100 ? Uint8Array.of(0x81, length) : Uint8Array.of(0x82, length >> 8, length & 0xff);
}

/** All parts as they came, but the one that the first step names as `make` makes it; a new one goes to the end. */
function replaced(
  change: Change,
  make: (element: Element | undefined) => Segment | null,
  orderOf: (part: Element) => number = () => 1,
): Segment[] {
  const step = change.steps[0];
  const segments: Segment[] = [];
  let left = step?.occurrence ?? 1;
  let isDone = false;
  for (const part of change.element?.parts ?? []) {
    const isNamed = part.tag === 0 ? part.plan.key === step?.key : part.tag === step?.tag;
    if (isNamed && --left === 0) {
      const segment = make(part);
      if (segment !== null) segments.push(segment);
      isDone = true;
    } else {
      segments.push({ order: orderOf(part), bytes: part.source.bytes.subarray(part.start, part.end) });
    }
  }
  const segment = isDone ? null : make(undefined);
  if (segment !== null) segments.push(segment);
  return segments.sort((a, b) => a.order - b.order);
}

function joined(segments: readonly Segment[]): Content | null {
  if (segments.length === 0) return null;
  const bytes = concatenated(segments.map((segment) => segment.bytes));
  return { bytes, units: bytes.length };
}

function concatenated(runs: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(runs.reduce((sum, run) => sum + run.length, 0));
  let at = 0;
  for (const run of runs) {
    bytes.set(run, at);
    at += run.length;
  }
  return bytes;
}
