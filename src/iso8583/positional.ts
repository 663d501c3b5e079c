import type { Branch, Change } from "./change.ts";
import { faultyCharacter, foundByte } from "./content.ts";
import type { Element } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { type Built, type FieldPlan, type PositionPlan, type ShapePlan, body } from "./plan.ts";
import type { Reader } from "./reader.ts";
import { writeContent } from "./write.ts";

export function positionalShape(positions: readonly PositionPlan[]): ShapePlan {
  return {
    kind: "positional",
    positions,
    decode: (reader, element, path) => checkPositions(reader, element, path, positions),
    build: (plan, path, change) => buildPositions(plan, path, change, positions),
  };
}

/** The parts are substrings of the value: only their classes and the place where they stop are checked here. */
function checkPositions(reader: Reader, element: Element, path: string, parts: readonly PositionPlan[]): boolean {
  const { plan, units, from } = element;
  let isSound = true;
  for (const part of parts) {
    if (part.offset >= units) break;
    const stop = part.offset + part.length;
    if (stop > units && !part.mayEndEarly) {
      const offset = from + (plan.body === body.bcd ? part.offset >> 1 : part.offset);
      const detail = { expected: `${part.length} ${part.content}`, found: `${units - part.offset}` };
      reader.fail("part_overrun", `${path}.${part.key}`, offset, detail);
      return false;
    }
    if (plan.body !== body.text) continue;
    const faulty = faultyCharacter(part, reader.bytes, from + part.offset, from + Math.min(stop, units));
    if (faulty < 0) continue;
    const found = foundByte(part, reader.bytes, faulty);
    reader.fail("content_invalid", `${path}.${part.key}`, faulty, {
      expected: `${part.length} ${part.content}`,
      found,
    });
    isSound = false;
  }
  return isSound;
}

/** Earlier positions that nobody has set become zeros or blanks; a position can be taken away only at the end. */
function buildPositions(
  plan: FieldPlan,
  path: string,
  change: Change,
  positions: readonly PositionPlan[],
): Built | null {
  const whole = change.element === undefined ? textInOrder(change.branch.branches, positions) : null;
  if (whole !== null) return writeContent(plan, path, wholeBytes(plan, whole));
  let text = change.element?.value ?? "";
  for (const branch of change.branch.branches) {
    const key = branch.step?.key ?? "";
    const part = positions[Number(key) - 1];
    if (part === undefined || branch.branches.length > 0 || branch.value === undefined) {
      throw new EncodeError("path_undefined", `${path}.${key}`, "a position of the field");
    }
    text = branch.value === null ? text.slice(0, part.offset) : placed(text, part, `${path}.${key}`, branch.value);
    if (branch.value !== null) text = filledBetween(text, positions);
  }
  if (text === "") return null;
  return writeContent(plan, path, wholeBytes(plan, text));
}

/** Where bytes of BCD are counted, the last digit that nobody has set is a zero. */
function wholeBytes(plan: FieldPlan, text: string): string {
  const isHalf = plan.body === body.bcd && plan.prefix?.counts === "bytes" && text.length % 2 === 1;
  return isHalf ? `${text}0` : text;
}

/** The text of a new field whose positions are given from the first on, as toJSON does; null where they are not. */
function textInOrder(branches: readonly Branch[], positions: readonly PositionPlan[]): string | null {
  let text = "";
  for (let i = 0; i < branches.length; i++) {
    const branch = branches[i];
    const part = positions[i];
    if (part === undefined || branch?.step?.key !== part.key || branch.branches.length > 0) return null;
    if (typeof branch.value !== "string" || branch.value.length !== part.length) return null;
    text += branch.value;
  }
  return text === "" ? null : text;
}

// What lies between the end of the text before and the position that is set; filledBetween turns it into zeros or blanks.
const gap = "\uffff";

function placed(text: string, part: PositionPlan, path: string, value: string): string {
  const isFitting = part.mayEndEarly ? value.length <= part.length : value.length === part.length;
  if (!isFitting) throw new EncodeError("length_out_of_range", path, `${part.length} ${part.content}`);
  return text.slice(0, part.offset).padEnd(part.offset, gap) + value + text.slice(part.offset + part.length);
}

function filledBetween(text: string, positions: readonly PositionPlan[]): string {
  const first = text.indexOf(gap);
  if (first < 0) return text;
  const last = text.lastIndexOf(gap);
  let filler = "";
  for (const { offset, length, content } of positions) {
    if (offset + length <= first || offset > last) continue;
    const count = Math.min(offset + length, last + 1) - Math.max(offset, first);
    filler += (content === "n" ? "0" : " ").repeat(count);
  }
  return text.slice(0, first) + filler + text.slice(last + 1);
}
