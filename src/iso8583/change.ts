import { checkContent, decodeField } from "./composite.ts";
import { type Element, Source } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { allocate } from "./octets.ts";
import { type Ground, placeContent } from "./plain.ts";
import { type Built, type FieldPlan, body } from "./plan.ts";
import { Reader } from "./reader.ts";
import { type Step, isNamed } from "./route.ts";
import { hexCharacters, takesOctets, withPrefix, writeContent } from "./write.ts";

/** What is to become of a field or part and of what lies below it. */
export interface Branch {
  /** Null at the field itself. */
  readonly step: Step | null;
  /** Null: take it away. undefined: only parts of it change. */
  value: string | null | undefined;
  branches: Branch[];
}

/** Of every branch that ends: a list of its own for each is garbage. Nothing is ever added to it. */
export const noBranches: Branch[] = [];

/** A change to an element, or to parts of it. */
export interface Change {
  /** The element as it was; undefined where it is new. */
  readonly element: Element | undefined;
  readonly branch: Branch;
  /** What conditions of variants may ask for. */
  readonly context: ChangeContext;
}

export interface ChangeContext {
  readonly mti: string;
  readonly elements: readonly (Element | undefined)[];
}

/** A part on the wire, with its tag and length. */
export interface Segment {
  /** Its bit, where bits give the order; a leading letter comes before the tags, which stay as they came. */
  readonly order: number;
  readonly bytes: Uint8Array;
}

/**
 * The element of a field after a change to it or to parts of it; undefined where nothing is left. Its bytes are written
 * anew and read back, so what is set obeys the rules of what is received; untouched parts keep their bytes.
 */
export function changeField(field: FieldPlan, change: Change, ground: Ground | null = null): Element | undefined {
  if (field.variants !== null) return changeVariant(field, change) ?? undefined;
  const content = buildContent(field, field.path, change);
  if (content === null) return undefined;
  const placed = ground === null ? null : placeContent(ground, field, content);
  if (placed !== null && ground !== null) return checked(ground, placed, change.context);
  const bytes = withPrefix(field, field.path, content);
  const reader = readerOf(bytes, change.context);
  const element = decodeField(reader, field, field.path, bytes.length);
  if (element === null || reader.fault !== null || reader.at !== bytes.length) {
    const path = reader.fault?.path ?? field.path;
    throw new EncodeError("content_invalid", path, reader.fault?.expected ?? `${field.max} ${field.content}`);
  }
  return element;
}

/** What stands beside the fields that are set with it is read where it stands. */
function checked({ reader }: Ground, element: Element, { mti, elements }: ChangeContext): Element {
  reader.mti = mti;
  reader.elements = elements;
  checkContent(reader, element, element.plan.path);
  const { fault } = reader;
  if (fault !== null) throw new EncodeError("content_invalid", fault.path, fault.expected);
  return element;
}

function readerOf(bytes: Uint8Array, { mti, elements }: ChangeContext): Reader {
  const reader = new Reader(new Source(bytes));
  reader.mti = mti;
  reader.elements = elements;
  return reader;
}

/** A field or part with its length and terminator; null where nothing is left. Throws EncodeError. */
export function writeField(plan: FieldPlan, path: string, change: Change): Uint8Array | null {
  if (plan.variants !== null) {
    const element = changeVariant(plan, change);
    return element === null ? null : element.source.bytes.subarray(element.start, element.end);
  }
  const content = buildContent(plan, path, change);
  return content === null ? null : withPrefix(plan, path, content);
}

/**
 * The layout that an element has is tried first, then the others in their order: the one in which what is set can be
 * written, and by whose conditions it would be read again. Octets (`hex:…`) are text only where no layout takes octets.
 */
function changeVariant(field: FieldPlan, change: Change): Element | null {
  const layouts = [...(field.variants ?? []).map((variant) => variant.plan), field];
  const before = change.element?.plan;
  const isHex = change.branch.value?.startsWith("hex:") ?? false;
  const rank = (layout: FieldPlan): number => (isHex && takesOctets(layout) ? 2 : 0) + (layout === before ? 1 : 0);
  if (before !== undefined || isHex) layouts.sort((a, b) => rank(b) - rank(a));
  let refusal: EncodeError | null = null;
  // A layout that does not fit is no mistake of ours: nobody reads its stack, and one frame of it is cheaper than ten by 5 µs.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 1;
  try {
    for (const layout of layouts) {
      if (isTooSmall(layout, change)) continue;
      const attempt = tryLayout(field, layout, change);
      if (!(attempt instanceof EncodeError)) return attempt;
      refusal ??= attempt;
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
  if (refusal === null) throw new EncodeError("content_invalid", field.path, "one of the layouts of the field");
  throw new EncodeError(refusal.code, refusal.path, refusal.expected);
}

/** Parts that can never be as long as their field has to be: found without writing them. */
function isTooSmall({ shape, min, body: form }: FieldPlan, { element, branch }: Change): boolean {
  if (shape?.bytesMax === undefined || element !== undefined || form !== body.bytes) return false;
  return branch.branches.length > 0 && shape.bytesMax(branch.branches) < min;
}

function tryLayout(field: FieldPlan, layout: FieldPlan, change: Change): Element | null | EncodeError {
  const element = change.element?.plan === layout ? change.element : undefined;
  try {
    const content = buildContent(layout, layout.path, { ...change, element });
    if (content === null) return null;
    const bytes = withPrefix(layout, layout.path, content);
    const reader = readerOf(bytes, change.context);
    const read = decodeField(reader, field, field.path, bytes.length);
    const isRead = read !== null && read.plan === layout && reader.fault === null && reader.at === bytes.length;
    return isRead ? read : new EncodeError("content_invalid", field.path, "a value that meets the layout's condition");
  } catch (error) {
    if (error instanceof EncodeError) return error;
    throw error;
  }
}

/** Null where nothing is left. */
export function buildContent(plan: FieldPlan, path: string, change: Change): Built | null {
  const { branch } = change;
  if (branch.branches.length === 0) {
    return branch.value === null || branch.value === undefined ? null : writeContent(plan, path, branch.value);
  }
  if (plan.shape === null) throw new EncodeError("path_undefined", path, "a field that has parts");
  const built = plan.shape.build(plan, path, change);
  const isHexText = plan.body === body.hex && built !== null && plan.shape.positions === null;
  return isHexText ? hexCharacters(plan, built.bytes) : built;
}

/** The change to one part of what `change` changes. */
export function below(change: Change, branch: Branch, element: Element | undefined): Change {
  return { element, branch, context: change.context };
}

/** How a composite writes one of its parts; null where nothing is left of it. */
type MakeSegment = (branch: Branch, element: Element | undefined) => Segment | null;

/** All parts as they came, but those that the change names as `make` makes them; new ones go to the end. */
export function segmentsOf(change: Change, make: MakeSegment, orderOf: ((part: Element) => number) | null): Segment[] {
  const { branches } = change.branch;
  const left = branches.map((branch) => branch.step?.occurrence ?? 1);
  const segments: Segment[] = [];
  for (const part of change.element?.parts ?? []) {
    const named = indexOfNamed(branches, left, part);
    const branch = branches[named];
    if (branch === undefined) {
      const bytes = part.source.bytes.subarray(part.start, part.end);
      segments.push({ order: orderOf === null ? 1 : orderOf(part), bytes });
      continue;
    }
    const segment = make(branch, part);
    if (segment !== null) segments.push(segment);
  }
  for (const [index, branch] of branches.entries()) {
    const segment = (left[index] ?? 0) > 0 ? make(branch, undefined) : null;
    if (segment !== null) segments.push(segment);
  }
  return orderOf === null ? segments : segments.sort((a, b) => a.order - b.order);
}

/** The branch that names a part, or -1; each branch counts the parts of its key until its own. */
function indexOfNamed(branches: readonly Branch[], left: number[], part: Element): number {
  let named = -1;
  for (const [index, branch] of branches.entries()) {
    const count = left[index] ?? 0;
    if (count === 0 || branch.step === null || !isNamed(part, branch.step)) continue;
    left[index] = count - 1;
    if (count === 1) named = index;
  }
  return named;
}

export function joined(segments: readonly Segment[]): Built | null {
  if (segments.length === 0) return null;
  const bytes = concatenated(segments.map((segment) => segment.bytes));
  return { bytes, units: bytes.length };
}

export function concatenated(runs: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const run of runs) length += run.length;
  const bytes = allocate(length);
  let at = 0;
  for (const run of runs) {
    bytes.set(run, at);
    at += run.length;
  }
  return bytes;
}
