import type { TextCode } from "./encodings.ts";
import { printableMask } from "./encodings.ts";
import { hexText, latinText } from "./octets.ts";
import { trimmed } from "./pad.ts";
import { type FieldPlan, body } from "./plan.ts";

/**
 * The bytes that a message was read from, with at most one string for all of its text and one for all of its digits:
 * a value is a substring. One string a field costs 50 to 80 ns each; one a message, 100 ns in all.
 */
export class Source {
  readonly bytes: Uint8Array;
  #hex: string | null = null;
  #text: string | null = null;
  #code: TextCode | null = null;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  get hex(): string {
    this.#hex ??= hexText(this.bytes, 0, this.bytes.length);
    return this.#hex;
  }

  /** The whole message as text of a character set; bytes that are no text come out as other characters. */
  text(code: TextCode): string {
    if (this.#text === null || this.#code !== code) {
      this.#text = translate(this.bytes, code);
      this.#code = code;
    }
    return this.#text;
  }
}

const scratch = new Uint8Array(4096);

function translate(bytes: Uint8Array, code: TextCode): string {
  if (code.name === "ascii") return latinText(bytes, 0, bytes.length);
  const target = bytes.length <= scratch.length ? scratch : new Uint8Array(bytes.length);
  const { toLatin } = code;
  for (let i = 0; i < bytes.length; i++) target[i] = toLatin[bytes[i] ?? 0] ?? 0;
  return latinText(target, 0, bytes.length);
}

/**
 * A field or part of a message, in the bytes of its source: those of the whole message, or those of the field alone
 * where we set it. Elements never change, so messages may share them.
 *
 *   start | length prefix, tag | from | content | to | terminator, filler | end
 */
export class Element {
  readonly plan: FieldPlan;
  readonly source: Source;
  readonly start: number;
  readonly from: number;
  readonly to: number;
  readonly end: number;
  /** Digits, characters or bytes of the content. */
  readonly units: number;
  /** A BER tag as a number; 0 elsewhere. */
  readonly tag: number;
  parts: Element[] | null = null;
  /** Of a rest that could not be read: the bits that announce it, as one bitmap. */
  bits: Uint8Array | null = null;
  /** Its content breaks the dialect: it is shown by `describe` and has no value. */
  isFaulty = false;
  #value: string | null = null;

  constructor(plan: FieldPlan, source: Source, span: Span) {
    this.plan = plan;
    this.source = source;
    this.start = span.start;
    this.from = span.from;
    this.to = span.to;
    this.end = span.end;
    this.units = span.units;
    this.tag = span.tag;
  }

  /** As a person reads it: digits, text, or `hex:` and lower-case digits for bytes. */
  get value(): string {
    this.#value ??= readValue(this, this.source);
    return this.#value;
  }

  /** The last step of its path. */
  get key(): string {
    return this.tag === 0 ? this.plan.key : tagText(this.tag);
  }
}

/** A place for each data element. Left as holes: filling 193 of them costs 0.2 µs a message. */
export function noElements(count: number): (Element | undefined)[] {
  return new Array<Element | undefined>(count);
}

export interface Span {
  start: number;
  from: number;
  to: number;
  end: number;
  units: number;
  tag: number;
}

/**
 * The span of the element that is made next, on the ways that every message takes: an object a field, with those of the
 * other arguments, was half of the 4.7 KB that a message of 19 fields took.
 */
export const nextSpan: Span = { start: 0, from: 0, to: 0, end: 0, units: 0, tag: 0 };

/** A dataset or tag of one zero byte cannot be told from "no tag", so numbers carry a leading 1: 0x9F26 is 0x19F26. */
export function tagNumber(bytes: Uint8Array, from: number, end: number): number {
  let tag = 1;
  for (let i = from; i < end; i++) tag = tag * 256 + (bytes[i] ?? 0);
  return tag;
}

const tagTexts = new Map<number, string>();
// As many tags as a peer with manners has; a hostile one must not fill the memory with its own.
const tagTextsMax = 2_000;

/** "9F26". Remembered, since its making is a third of the time that a tag costs. */
export function tagText(tag: number): string {
  let text = tagTexts.get(tag);
  if (text === undefined) {
    text = tag.toString(16).slice(1).toUpperCase();
    if (tagTexts.size < tagTextsMax) tagTexts.set(tag, text);
  }
  return text;
}

function readValue(element: Element, source: Source): string {
  const { pad } = element.plan;
  const value = readBody(element, source);
  if (element.bits !== null) return `hex:${hexText(element.bits, 0, element.bits.length)}${value.slice("hex:".length)}`;
  return pad !== null && pad.isTrimmed ? trimmed(element.plan, pad, value) : value;
}

function readBody(element: Element, source: Source): string {
  const { plan, from, to } = element;
  switch (plan.body) {
    case body.text:
      if (plan.content === "any") return readAny(plan.code, source, from, to);
      return source.text(plan.code).substring(from, to);
    case body.bcd:
      return plan.content === "z" ? readTrack(element, source) : readDigits(element, source);
    case body.bytes:
      return `hex:${source.hex.substring(2 * from, 2 * to)}`;
    case body.hex:
      return `hex:${source.text(plan.code).substring(from, to).toLowerCase()}`;
    case body.zoned:
      return readZoned(source.text(plan.code).substring(from, to));
    case body.utf8:
      return utf8.decode(source.bytes.subarray(from, to));
    case body.amountBcd:
      return element.units === 0 ? "" : readAmount(element, source);
  }
}

// A leading U+FEFF is part of the value: without ignoreBOM it would be lost.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

function readDigits({ plan, from, to, units }: Element, source: Source): string {
  const spare = units & 1;
  return plan.isLeftAligned
    ? source.hex.substring(2 * from, 2 * to - spare)
    : source.hex.substring(2 * from + spare, 2 * to);
}

// Nibble D stands for the separator. An odd count leaves a nibble over: 0 in front, or F behind.
function readTrack(element: Element, source: Source): string {
  const { plan, from, to } = element;
  const endsInF = to > from && ((source.bytes[to - 1] ?? 0) & 0x0f) === 0x0f;
  const isShortened = endsInF && !plan.isLeftAligned && plan.pad === null;
  const text = isShortened ? source.hex.substring(2 * from, 2 * to - 1) : readDigits(element, source);
  return text.replace("d", "=");
}

function readAmount({ plan, from, to, units }: Element, source: Source): string {
  const letter = String.fromCharCode(plan.code.toLatin[source.bytes[from] ?? 0] ?? 0);
  const spare = (units - 1) & 1;
  const start = 2 * (from + 1);
  return (
    letter +
    (plan.isLeftAligned ? source.hex.substring(start, 2 * to - spare) : source.hex.substring(start + spare, 2 * to))
  );
}

/** "12C" is +123, "12L" -123, "123" itself. */
function readZoned(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  const rest = text.slice(0, -1);
  if (last === 0x7b) return `+${rest}0`;
  if (last === 0x7d) return `-${rest}0`;
  if (last >= 0x41 && last <= 0x49) return `+${rest}${last - 0x40}`;
  return last >= 0x4a && last <= 0x52 ? `-${rest}${last - 0x49}` : text;
}

function readAny(code: TextCode, source: Source, from: number, to: number): string {
  if (isPrintable(code, source.bytes, from, to)) {
    const text = source.text(code).substring(from, to);
    if (!text.startsWith("hex:")) return text;
  }
  return `hex:${source.hex.substring(2 * from, 2 * to)}`;
}

function isPrintable(code: TextCode, bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    if (((code.classes[bytes[i] ?? 0] ?? 0) & printableMask) === 0) return false;
  }
  return true;
}
