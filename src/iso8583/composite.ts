import { expectation, faultyByte, foundByte } from "./content.ts";
import { Element, Source } from "./element.ts";
import { readSpan } from "./field.ts";
import { octetsOfHex } from "./octets.ts";
import { type FieldPlan, type ShapePlan, body, unitsOf } from "./plan.ts";
import { Reader } from "./reader.ts";

/**
 * One field at `reader.at`, of which nothing may lie beyond `limit`. Null where its length cannot be known or is not
 * there; an element marked faulty where only its content is wrong.
 */
export function decodeField(reader: Reader, plan: FieldPlan, path: string, limit: number): Element | null {
  const layout = plan.variants === null ? plan : layoutAt(reader, plan, path, limit);
  const element = readSpan(reader, layout, path, limit);
  if (element !== null) checkContent(reader, element, path);
  return element;
}

/** The layout of a field with variants: their conditions look at the span that the first layout tells. */
function layoutAt(reader: Reader, plan: FieldPlan, path: string, limit: number): FieldPlan {
  const { at, fault } = reader;
  const span = readSpan(reader, plan, path, limit);
  reader.at = at;
  reader.fault = fault;
  return layoutOf(reader, plan, span);
}

function layoutOf(reader: Reader, plan: FieldPlan, span: Element | null): FieldPlan {
  for (const variant of plan.variants ?? []) if (variant.isMet(reader, span)) return variant.plan;
  return plan;
}

/** What a composite knows of a part whose length it tells itself. */
interface PartAt {
  readonly start: number;
  readonly lengthAt: number;
  readonly from: number;
  readonly end: number;
  readonly tag: number;
  readonly path: string;
}

/** A part whose length its composite tells (a tag, a subelement), checked; marked where its length or content is wrong. */
export function decodePart(
  reader: Reader,
  plan: FieldPlan,
  { start, lengthAt, from, end, tag, path }: PartAt,
): Element {
  const { source } = reader;
  let element = new Element(plan, source, { start, from, to: end, end, units: unitsOf(plan, end - from), tag });
  if (plan.variants !== null) {
    const layout = layoutOf(reader, plan, element);
    element = new Element(layout, source, { start, from, to: end, end, units: unitsOf(layout, end - from), tag });
  }
  const { units, plan: layout } = element;
  if (units >= layout.min && units <= layout.max && Number.isInteger(units)) {
    checkContent(reader, element, path);
    return element;
  }
  const found = `length ${end - from}`;
  reader.fail("length_out_of_range", path, lengthAt, { expected: expectation(layout), found });
  element.isFaulty = true;
  return element;
}

/** Checks characters and parts of an element whose span is known; marks it where they are wrong. */
export function checkContent(reader: Reader, element: Element, path: string): void {
  const { plan } = element;
  // Positions first: a fault in one of them is to be named as theirs.
  const isPositional = plan.shape !== null && plan.shape.positions !== null && plan.body === body.text;
  if (isPositional && !decodeShape(reader, element, path)) {
    element.isFaulty = true;
    return;
  }
  const faulty = faultyByte(plan, reader.bytes, element);
  if (faulty >= 0) {
    element.isFaulty = true;
    const found = foundByte(plan, reader.bytes, faulty);
    reader.fail(path === "0" ? "mti_invalid" : "content_invalid", path, faulty, { expected: expectation(plan), found });
  } else if (plan.shape !== null && !isPositional) {
    element.isFaulty = !decodeShape(reader, element, path);
  }
}

/** Reads what lies inside a composite and checks it; false where something in it is faulty. Sound parts are kept. */
function decodeShape(reader: Reader, element: Element, path: string): boolean {
  const { shape } = element.plan;
  if (shape === null) return true;
  if (element.plan.body === body.hex) return decodeHexShape(reader, element, path, shape);
  const after = reader.at;
  const isSound = shape.decode(reader, element, path);
  reader.at = after;
  return isSound;
}

/** Parts of a composite that is written in hexadecimal characters have a source of their own: the bytes behind them. */
function decodeHexShape(reader: Reader, element: Element, path: string, shape: ShapePlan): boolean {
  const octets = octetsOfHex(element.plan.code.hexValues, reader.bytes, element.from, element.to);
  const inner = new Reader(new Source(octets));
  inner.mti = reader.mti;
  inner.elements = reader.elements;
  const span = { start: 0, from: 0, to: octets.length, end: octets.length, units: octets.length, tag: 0 };
  const content = new Element(element.plan, inner.source, span);
  const isSound = shape.decode(inner, content, path);
  element.parts = content.parts;
  if (inner.fault !== null) {
    const { code, offset } = inner.fault;
    reader.fail(code, inner.fault.path, element.from + 2 * offset, inner.fault);
  }
  return isSound;
}
