import { type Branch, type Change, type Segment, below, joined, segmentsOf, writeField } from "./change.ts";
import { decodeField } from "./composite.ts";
import type { Element } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { type Built, type FieldPlan, type ShapePlan, bytesOf } from "./plan.ts";
import type { Reader } from "./reader.ts";

/** Fields side by side, numbered from 1; the composite may end after any of them. */
export function sequenceShape(parts: readonly FieldPlan[]): ShapePlan {
  return {
    kind: "sequence",
    positions: null,
    decode: (reader, element, path) => decodeSequence(reader, element, path, parts),
    build: (_plan, path, change) => buildSequence(path, change, parts),
    bytesMax: (branches) => partsBytesMax(branches, parts),
  };
}

function decodeSequence(reader: Reader, element: Element, path: string, plans: readonly FieldPlan[]): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  reader.at = element.from;
  let isSound = true;
  for (const plan of plans) {
    if (reader.at >= element.to && (parts.length > 0 || element.units === 0)) break;
    const part = decodeField(reader, plan, `${path}.${plan.key}`, element.to);
    if (part === null) return false;
    if (part.isFaulty) isSound = false;
    parts.push(part);
  }
  if (reader.at >= element.to) return isSound;
  const detail = { expected: "the end of the field", found: `${element.to - reader.at} more bytes` };
  reader.fail("trailing_bytes", path, reader.at, detail);
  return false;
}

function partsBytesMax(branches: readonly Branch[], plans: readonly FieldPlan[]): number {
  let bytes = 0;
  for (const { step } of branches) {
    const plan = plans[Number(step?.key) - 1];
    if (plan !== undefined)
      bytes += bytesOf(plan, plan.max) + (plan.prefix?.bytes ?? 0) + (plan.terminator < 0 ? 0 : 1);
  }
  return bytes;
}

/** Parts are known by their place, so none may be missing before one that is there. */
function buildSequence(path: string, change: Change, plans: readonly FieldPlan[]): Built | null {
  const make = (branch: Change["branch"], element: Element | undefined): Segment | null => {
    const key = branch.step?.key ?? "";
    const plan = plans[Number(key) - 1];
    if (plan === undefined) throw new EncodeError("path_undefined", `${path}.${key}`, "a part of the field");
    const bytes = writeField(plan, plan.path, below(change, branch, element));
    return bytes === null ? null : { order: plan.number, bytes };
  };
  const segments = segmentsOf(change, make, (part) => part.plan.number);
  for (const [index, { order }] of segments.entries()) {
    if (order === index + 1) continue;
    throw new EncodeError("path_undefined", `${path}.${order}`, `the parts before it, from ${path}.${index + 1} on`);
  }
  return joined(segments);
}
