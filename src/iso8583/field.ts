import { expectation } from "./content.ts";
import { Element, nextSpan } from "./element.ts";
import type { DecodeErrorCode } from "./faults.ts";
import { type FieldPlan, type PrefixPlan, bytesOf, prefixForm, unitsMax, unitsOf } from "./plan.ts";
import { readCount } from "./prefix.ts";
import type { Reader } from "./reader.ts";

/**
 * The span of the field at `reader.at`, of which nothing may lie beyond `limit`; its content is not looked at. Null where
 * its length cannot be known or is not there.
 */
export function readSpan(reader: Reader, plan: FieldPlan, path: string, limit: number): Element | null {
  const start = reader.at;
  const { prefix } = plan;
  let units = plan.max;
  let from = start;
  if (prefix !== null) {
    units = decodeLength(reader, plan, prefix, limit);
    if (units < 0) return failLength(reader, plan, path, limit);
    from += reader.count.bytes;
  } else if (plan.isOpenEnded) {
    return plan.terminator >= 0 ? readToTerminator(reader, plan, path, limit) : readRest(reader, plan, path, limit);
  }
  const to = from + bytesOf(plan, units);
  const end = plan.isFilled ? from + bytesOf(plan, plan.max) : to;
  if (end > limit) {
    const expected = `${end - from} bytes`;
    return reader.fail(shortage(path), path, from, { expected, found: `${Math.max(limit - from, 0)} bytes` });
  }
  reader.at = end;
  nextSpan.start = start;
  nextSpan.from = from;
  nextSpan.to = to;
  nextSpan.end = end;
  nextSpan.units = units;
  nextSpan.tag = 0;
  return new Element(plan, reader.source, nextSpan);
}

/** A part is bounded by its field, a field by the message. */
function shortage(path: string): DecodeErrorCode {
  return path.includes(".") ? "part_overrun" : "truncated";
}

/** The length in units, or -1 where it is not there, not written in digits, or out of range. */
function decodeLength(reader: Reader, plan: FieldPlan, prefix: PrefixPlan, limit: number): number {
  const { at, count } = reader;
  if (at + leastBytes(prefix) > limit) return -1;
  readCount(prefix, reader.bytes, at, count);
  if (count.count < 0 || at + count.bytes > limit) return -1;
  const units = unitsOfCount(plan, prefix, count.count - (prefix.own > 0 ? count.bytes : 0));
  return units < plan.min || units > unitsMax(plan) || !Number.isInteger(units) ? -1 : units;
}

function leastBytes(prefix: PrefixPlan): number {
  return prefix.form === prefixForm.ber ? 1 : prefix.bytes;
}

/** Why a length could not be taken. */
function failLength(reader: Reader, plan: FieldPlan, path: string, limit: number): null {
  const { at, count } = reader;
  const { prefix } = plan;
  if (prefix === null || at + leastBytes(prefix) > limit) {
    const found = `${Math.max(limit - at, 0)} bytes`;
    return reader.fail(shortage(path), path, at, { expected: `a length of ${prefix?.bytes ?? 0} bytes`, found });
  }
  if (count.count < 0 || at + count.bytes > limit) {
    const found = `0x${(reader.bytes[at] ?? 0).toString(16)} …`;
    return reader.fail("length_invalid", path, at, { expected: "a length in digits", found });
  }
  const found = `length ${count.count}`;
  return reader.fail("length_out_of_range", path, at, { expected: expectation(plan), found });
}

function unitsOfCount(plan: FieldPlan, prefix: PrefixPlan, counted: number): number {
  if (prefix.counts === "units" || counted < 0) return counted;
  return prefix.counts === "bytes" ? unitsOf(plan, counted) : counted / 2;
}

// Counted in bytes, an odd number of digits comes as the even one above it.
/** All that is left of the composite. */
function readRest(reader: Reader, plan: FieldPlan, path: string, limit: number): Element | null {
  const from = reader.at;
  const units = unitsOf(plan, limit - from);
  if (units < plan.min || units > plan.max || !Number.isInteger(units)) {
    return reader.fail("length_out_of_range", path, from, {
      expected: expectation(plan),
      found: `${limit - from} bytes`,
    });
  }
  reader.at = limit;
  return new Element(plan, reader.source, { start: from, from, to: limit, end: limit, units, tag: 0 });
}

/** Up to the terminator; the end of a composite ends its last part, too. */
function readToTerminator(reader: Reader, plan: FieldPlan, path: string, limit: number): Element | null {
  const from = reader.at;
  const stop = Math.min(limit, from + bytesOf(plan, plan.max) + 1);
  let to = from;
  while (to < stop && reader.bytes[to] !== plan.terminator) to++;
  const isEnded = to < stop;
  if (!isEnded && (to < limit || !path.includes("."))) {
    const code = to < limit ? "length_out_of_range" : "truncated";
    const expected = `${expectation(plan)} and its terminator`;
    return reader.fail(code, path, from, { expected, found: `${to - from} bytes without one` });
  }
  const units = unitsOf(plan, to - from);
  if (units < plan.min || units > plan.max || !Number.isInteger(units)) {
    return reader.fail("length_out_of_range", path, from, { expected: expectation(plan), found: `${to - from} bytes` });
  }
  reader.at = isEnded ? to + 1 : to;
  return new Element(plan, reader.source, { start: from, from, to, end: reader.at, units, tag: 0 });
}
