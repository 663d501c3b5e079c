import { type Change, type Segment, below, buildContent, concatenated, segmentsOf, writeField } from "./change.ts";
import { checkContent, decodeField } from "./composite.ts";
import { Element } from "./element.ts";
import { EncodeError } from "./faults.ts";
import { type Built, type FieldPlan, type ShapePlan } from "./plan.ts";
import type { Reader } from "./reader.ts";

/**
 * ISO 8583:2023, drawn with the numbers of the parts (c: more bits follow, t: BER-TLV follows the parts):
 *
 *   c 1 2 3 4 5 6 7 | 8 9 10 11 12 13 14 t                        one word
 *   c 1 2 3 4 5 6 7 | 8 9 10 11 12 13 14 15 | c 16 17 … 21 t      two: only the last word has a t
 */
export interface DatasetBitmapPlan {
  readonly parts: readonly (FieldPlan | undefined)[];
  /** The tags behind the parts, all together. */
  readonly tags: FieldPlan;
}

export function datasetBitmapShape(plan: DatasetBitmapPlan): ShapePlan {
  return {
    kind: "dataset-bitmap",
    positions: null,
    decode: (reader, element, path) => decodeDatasetBitmap(reader, element, path, plan),
    build: (_plan, path, change) => buildDatasetBitmap(path, change, plan),
  };
}

function decodeDatasetBitmap(reader: Reader, element: Element, path: string, plan: DatasetBitmapPlan): boolean {
  const parts: Element[] = [];
  element.parts = parts;
  const { from, to } = element;
  const wordsEnd = endOfWords(reader.bytes, from, to);
  if (wordsEnd < 0) {
    const detail = { expected: "a bitmap of 2 bytes or more", found: `${to - from} bytes` };
    reader.fail("part_overrun", path, from, detail);
    return false;
  }
  reader.at = wordsEnd;
  let isSound = true;
  let number = 0;
  for (let bit = 0; bit < 8 * (wordsEnd - from) - 1; bit++) {
    const isContinuation = bit === 0 || (bit >= 16 && bit % 8 === 0);
    if (isContinuation) continue;
    number++;
    if (((reader.bytes[from + (bit >> 3)] ?? 0) & (0x80 >> (bit & 7))) === 0) continue;
    const partPlan = plan.parts[number];
    if (partPlan === undefined) {
      const detail = { expected: "a part of the dialect", found: `part ${number}` };
      reader.fail("part_undefined", `${path}.${number}`, reader.at, detail);
      return false;
    }
    const part = decodeField(reader, partPlan, `${path}.${partPlan.key}`, to);
    if (part === null) return false;
    if (part.isFaulty) isSound = false;
    parts.push(part);
  }
  const hasTags = ((reader.bytes[wordsEnd - 1] ?? 0) & 1) !== 0;
  if (hasTags) return decodeTags(reader, element, path, plan) && isSound;
  if (reader.at === to) return isSound;
  reader.fail("trailing_bytes", path, reader.at, {
    expected: "the end of the dataset",
    found: `${to - reader.at} more bytes`,
  });
  return false;
}

/** The byte after the bitmap, or -1 where it is cut short. */
function endOfWords(bytes: Uint8Array, from: number, to: number): number {
  let end = from + 2;
  let first = from;
  while (end <= to && ((bytes[first] ?? 0) & 0x80) !== 0) {
    first = end;
    end++;
  }
  return end <= to ? end : -1;
}

function decodeTags(reader: Reader, element: Element, path: string, { tags }: DatasetBitmapPlan): boolean {
  const { at } = reader;
  const { to } = element;
  const part = new Element(tags, reader.source, { start: at, from: at, to, end: to, units: to - at, tag: 0 });
  checkContent(reader, part, `${path}.${tags.key}`);
  element.parts?.push(part);
  return !part.isFaulty;
}

const tagsOrder = Number.MAX_SAFE_INTEGER;

function buildDatasetBitmap(path: string, change: Change, plan: DatasetBitmapPlan): Built | null {
  const make = (branch: Change["branch"], element: Element | undefined): Segment | null => {
    const key = branch.step?.key ?? "";
    if (key === plan.tags.key) {
      const tags = buildContent(plan.tags, `${path}.${key}`, below(change, branch, element));
      return tags === null ? null : { order: tagsOrder, bytes: tags.bytes };
    }
    const partPlan = plan.parts[Number(key)];
    if (partPlan === undefined) throw new EncodeError("path_undefined", `${path}.${key}`, "a part of the dialect");
    const bytes = writeField(partPlan, `${path}.${key}`, below(change, branch, element));
    return bytes === null ? null : { order: partPlan.number, bytes };
  };
  const orderOf = (part: Element): number => (part.plan === plan.tags ? tagsOrder : part.plan.number);
  const segments = segmentsOf(change, make, orderOf);
  if (segments.length === 0) return null;
  const bytes = concatenated([wordsFor(segments), ...segments.map((segment) => segment.bytes)]);
  return { bytes, units: bytes.length };
}

function wordsFor(segments: readonly Segment[]): Uint8Array {
  const numbers = segments.map(({ order }) => order).filter((order) => order !== tagsOrder);
  const last = numbers.reduce((most, number) => Math.max(most, number), 0);
  // 14 parts in one word; 15 and 6 in two; each more has 7.
  const more = last <= 14 ? 0 : 1 + Math.max(0, Math.ceil((last - 21) / 7));
  const words = new Uint8Array(2 + more);
  if (more > 0) words[0] = 0x80;
  for (let index = 2; index < words.length - 1; index++) words[index] = 0x80;
  for (const number of numbers) {
    const bit = number <= 15 ? number : 17 + (number - 16) + Math.floor((number - 16) / 7);
    words[bit >> 3] = (words[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  if (segments.some(({ order }) => order === tagsOrder)) words[words.length - 1] = (words.at(-1) ?? 0) | 1;
  return words;
}
