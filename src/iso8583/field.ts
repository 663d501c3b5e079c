import { expectation } from "./content.ts";
import { Element } from "./element.ts";
import type { DecodeErrorCode } from "./faults.ts";
import { type FieldPlan, type PrefixPlan, body } from "./plan.ts";
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
    units = decodeLength(reader, plan, path, limit);
    if (units < 0) return null;
    from += prefix.bytes;
  }
  const end = from + bytesOf(plan, units);
  if (end > limit) {
    const expected = `${end - from} bytes`;
    return reader.fail(shortage(path), path, from, { expected, found: `${Math.max(limit - from, 0)} bytes` });
  }
  reader.at = end;
  return new Element(plan, reader.source, { start, from, end, units, tag: 0 });
}

/** A part is bounded by its field, a field by the message. */
function shortage(path: string): DecodeErrorCode {
  return path.includes(".") ? "part_overrun" : "truncated";
}

/** Bytes that so many digits, characters or bytes take on the wire. */
function bytesOf(plan: FieldPlan, units: number): number {
  if (plan.body === body.bcd) return (units + 1) >> 1;
  return plan.body === body.hex ? 2 * units : units;
}

/** The length in units, or -1 after a fault. */
function decodeLength(reader: Reader, plan: FieldPlan, path: string, limit: number): number {
  const { prefix } = plan;
  if (prefix === null) return plan.max;
  const { at } = reader;
  if (at + prefix.bytes > limit) {
    const found = `${Math.max(limit - at, 0)} bytes`;
    reader.fail(shortage(path), path, at, { expected: `a length of ${prefix.bytes} bytes`, found });
    return -1;
  }
  const count = readCount(prefix, reader.bytes, at);
  if (count < 0) {
    const found = `0x${(reader.bytes[at] ?? 0).toString(16)} …`;
    reader.fail("length_invalid", path, at, { expected: "a length in digits", found });
    return -1;
  }
  const units = (count * prefix.multiply) / prefix.divide;
  if (units < plan.min || units > plan.max || !Number.isInteger(units)) {
    reader.fail("length_out_of_range", path, at, { expected: expectation(plan), found: `length ${count}` });
    return -1;
  }
  return units;
}

/** The number that a length prefix holds, or -1 where it is not written in digits. */
function readCount(prefix: PrefixPlan, bytes: Uint8Array, at: number): number {
  let count = 0;
  for (let i = at; i < at + prefix.bytes; i++) {
    const byte = bytes[i] ?? 0;
    if (prefix.code !== null) {
      const digit = (prefix.code.toLatin[byte] ?? 0) - 0x30;
      if (digit < 0 || digit > 9) return -1;
      count = 10 * count + digit;
    } else if (prefix.isBcd) {
      if (byte > 0x99 || (byte & 0x0f) > 9) return -1;
      count = 100 * count + 10 * (byte >> 4) + (byte & 0x0f);
    } else {
      count = 256 * count + byte;
    }
  }
  return count;
}
