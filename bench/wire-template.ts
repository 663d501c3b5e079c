import { compile, describe } from "../src/iso8583/public.ts";
import { iso87Ascii } from "../specs/dialects/iso87-ascii.ts";
import { must } from "../src/kernel/assert.ts";
import { isoTime } from "../src/kernel/clock.ts";

/** A framed message of fixed layout: what differs from one to the next is written over it. */
export class WireTemplate {
  readonly bytes: Buffer;
  readonly #at: Readonly<Record<TemplatePath, number>>;

  constructor(mti: "0100" | "0400") {
    const fields: Record<string, string> = { ...baseFields, 0: mti };
    if (mti === "0400") fields["90"] = "0100".padEnd(42, "0");
    const codec = compile(iso87Ascii);
    const body = codec.encode(codec.fromJSON(fields));
    this.bytes = Buffer.alloc(2 + body.length);
    this.bytes.writeUInt16BE(body.length, 0);
    this.bytes.set(body, 2);
    const parts = describe(body, iso87Ascii).parts;
    const at = (path: string, prefixBytes: number): number => {
      const part = parts.find((candidate) => candidate.path === path);
      return part === undefined ? -1 : 2 + part.from + prefixBytes;
    };
    // The value of DE2 stands behind its two digits of length.
    this.#at = { 2: at("2", 2), 4: at("4", 0), 7: at("7", 0), 11: at("11", 0), 37: at("37", 0), 90: at("90", 0) };
  }

  /** Writes one message into `target` at `offset`; returns the end. */
  write(target: Buffer, offset: number, values: WireValues): number {
    this.bytes.copy(target, offset);
    target.latin1Write(values.pan, offset + this.#at[2]);
    writeDigits(target, offset + this.#at[4], values.amount, 12);
    target.latin1Write(values.transmittedAt, offset + this.#at[7]);
    writeDigits(target, offset + this.#at[11], values.sequence % 1_000_000, 6);
    writeDigits(target, offset + this.#at[37], values.sequence, 12);
    if (this.#at[90] >= 0) writeDigits(target, offset + this.#at[90] + 4, values.originalSequence % 1_000_000, 6);
    if (values.originalSequence >= 0) writeDigits(target, offset + this.#at[37], values.originalSequence, 12);
    return offset + this.bytes.length;
  }

  get length(): number {
    return this.bytes.length;
  }
}

type TemplatePath = 2 | 4 | 7 | 11 | 37 | 90;

export interface WireValues {
  readonly pan: string;
  readonly amount: number;
  /** DE7. */
  readonly transmittedAt: string;
  /** DE11 is its last six digits, DE37 all twelve. */
  readonly sequence: number;
  /** Of the message that a reversal undoes, whose DE37 it repeats; -1: none. */
  readonly originalSequence: number;
}

/** Where the fields of a reply stand: every reply of one bitmap has the same layout. */
export class ReplyLayouts {
  readonly #layouts = new Map<string, ReplyLayout>();

  /** `frame` is without its length. */
  of(frame: Buffer): ReplyLayout {
    const key = frame.latin1Slice(0, 36);
    const known = this.#layouts.get(key);
    if (known !== undefined) return known;
    const parts = describe(frame, iso87Ascii).parts;
    const at = (path: string): number => parts.find((part) => part.path === path)?.from ?? -1;
    const layout = { stan: must(at("11"), "DE11"), rrn: at("37"), code: at("39") };
    this.#layouts.set(key, layout);
    return layout;
  }
}

interface ReplyLayout {
  readonly stan: number;
  readonly rrn: number;
  readonly code: number;
}

export function readDigits(bytes: Buffer, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) value = value * 10 + (bytes[i] ?? 48) - 48;
  return value;
}

/** MMDDhhmmss. */
export function transmissionText(wallMs: number): string {
  const iso = isoTime(wallMs);
  return iso.slice(5, 7) + iso.slice(8, 10) + iso.slice(11, 13) + iso.slice(14, 16) + iso.slice(17, 19);
}

function writeDigits(target: Buffer, offset: number, value: number, count: number): void {
  let rest = value;
  for (let i = offset + count - 1; i >= offset; i--) {
    target[i] = 48 + (rest % 10);
    rest = Math.floor(rest / 10);
  }
}

const baseFields = {
  2: "4000009400000000",
  3: "000000",
  4: "000000000100",
  7: "1122101500",
  11: "000000",
  12: "101500",
  13: "1122",
  18: "5411",
  19: "840",
  22: "051",
  25: "00",
  32: "400001",
  37: "000000000000",
  41: "TERM0001",
  42: "MERCHANT0000001",
  43: "CORNER SHOP            PORTLAND     ORUS",
  49: "840",
} as const;
