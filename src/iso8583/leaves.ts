import type { Sensitivity } from "../../specs/dialect.ts";
import type { Element } from "./element.ts";
import { type PositionPlan, body } from "./plan.ts";

/** A value of a message with its place: what is shown, masked and written to JSON. */
export interface Leaf {
  readonly path: string;
  readonly name: string;
  readonly sensitive: Sensitivity | null;
  /** Null where the content is faulty. */
  readonly value: string | null;
  /** Bytes of its source, length or tag included; of a position in BCD the bytes that it touches. */
  readonly from: number;
  readonly end: number;
}

/** All values in the order of the wire. A composite stands for itself only where it has no parts. */
export function leavesOf(elements: readonly (Element | undefined)[]): Leaf[] {
  const leaves: Leaf[] = [];
  for (const element of elements) {
    if (element !== undefined && !element.plan.isBitmap) addLeaves(leaves, element, element.plan.path);
  }
  return leaves;
}

export function addLeaves(leaves: Leaf[], element: Element, path: string): void {
  const positions = element.plan.shape?.positions ?? null;
  if (positions !== null && element.units > 0 && !element.isFaulty) {
    addPositions(leaves, element, path, positions);
  } else if (element.plan.body === body.hex && element.parts !== null && element.parts.length > 0) {
    addHexParts(leaves, element, element.parts, path);
  } else if (element.parts !== null && element.parts.length > 0) {
    addParts(leaves, element.parts, path);
  } else {
    leaves.push({
      path,
      name: element.tag === 0 || element.plan.key !== "" ? element.plan.name : `${element.plan.name} ${element.key}`,
      sensitive: element.plan.sensitive,
      value: element.isFaulty ? null : element.value,
      from: element.start,
      end: element.end,
    });
  }
}

/** Parts behind hexadecimal characters: two of these are one of their bytes. */
function addHexParts(leaves: Leaf[], element: Element, parts: readonly Element[], path: string): void {
  const inner: Leaf[] = [];
  addParts(inner, parts, path);
  const { from } = element;
  for (const leaf of inner) leaves.push({ ...leaf, from: from + 2 * leaf.from, end: from + 2 * leaf.end });
}

function addParts(leaves: Leaf[], parts: readonly Element[], path: string): void {
  const seen = new Map<string, number>();
  for (const part of parts) {
    const count = (seen.get(part.key) ?? 0) + 1;
    seen.set(part.key, count);
    addLeaves(leaves, part, count === 1 ? `${path}.${part.key}` : `${path}.${part.key}#${count}`);
  }
}

function addPositions(leaves: Leaf[], element: Element, path: string, positions: readonly PositionPlan[]): void {
  const value = element.value;
  const perByte = element.plan.body === body.bcd ? 2 : 1;
  for (const part of positions) {
    if (part.offset >= element.units) return;
    const stop = Math.min(part.offset + part.length, element.units);
    leaves.push({
      path: `${path}.${part.key}`,
      name: part.name,
      sensitive: part.sensitive,
      value: value.substring(part.offset, stop),
      from: element.from + Math.floor(part.offset / perByte),
      end: element.from + Math.ceil(stop / perByte),
    });
  }
}
