import type { BitmapSpec, DialectSpec, FieldSpec, HeaderSpec } from "../../../specs/dialect.ts";
import { isBcd, isHex, octetsOf, readBody } from "./body.ts";
import { byteOf } from "./character-sets.ts";
import { readField } from "./field.ts";
import { NotSound, type Readers, type Reading, hexOf, refuse } from "./reading.ts";
import { readShape } from "./shape.ts";

export type SlowDecoded =
  | { readonly ok: true; readonly values: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly why: string };

/** Values of a message by their paths, as `message.toJSON()` writes them, or why the bytes are no sound message. */
export function decodeSlowly(spec: DialectSpec, bytes: Uint8Array): SlowDecoded {
  try {
    return { ok: true, values: Object.fromEntries(readMessage(spec, bytes, "framed").values) };
  } catch (error) {
    if (error instanceof NotSound) return { ok: false, why: error.message };
    throw error;
  }
}

const readers: Readers = { shape: readShape, message: readMessage };

/** A message inside a field (nested) has no header. */
function readMessage(spec: DialectSpec, bytes: Uint8Array, standing: "framed" | "nested"): Reading {
  const headerBytes = standing === "nested" ? 0 : headerBytesOf(spec.header, bytes);
  const type: FieldSpec = { name: "Message type", content: "n", encoding: spec.mti.encoding, length: 4 };
  const typeBytes = isBcd(spec.mti.encoding) ? 2 : 4;
  let at = headerBytes + typeBytes;
  if (bytes.length < at) refuse("0", "ends inside the message type");
  const mti = readBody(type, bytes.subarray(headerBytes, at), 4, "0").value;
  const reading: Reading = { readers, mti, values: new Map([["0", mti]]), texts: new Map([["0", mti]]) };
  if (headerBytes > 0) reading.values.set("header", `hex:${hexOf(bytes.subarray(0, headerBytes))}`);
  const bitmaps = new Bitmaps(spec.bitmap);
  at += bitmaps.read(bytes.subarray(at));
  for (let number = 1; number <= 192; number++) {
    if (spec.bitmap.third === "field-65" && number === 65 && bitmaps.isSet(65)) {
      at += bitmaps.readThird(bytes.subarray(at));
      continue;
    }
    if (!bitmaps.isSet(number) || bitmaps.isAnnouncing(number)) continue;
    const field = fieldOf(spec, mti, number) ?? refuse(String(number), "not in the dialect");
    at += readField(field, bytes.subarray(at), reading, { path: String(number), isWhole: false, isInComposite: false });
  }
  return at === bytes.length ? reading : refuse("", `${bytes.length - at} bytes behind the last field`);
}

function fieldOf({ fields, versions }: DialectSpec, mti: string, number: number): FieldSpec | undefined {
  const other = versions?.[mti[0] ?? ""]?.[number];
  return other === null ? undefined : (other ?? fields[number]);
}

function headerBytesOf(header: HeaderSpec, bytes: Uint8Array): number {
  if (header === "none") return 0;
  if (header === "base-22") return baseHeaderBytes(bytes);
  if (header === "tpdu") return atLeast(bytes, 5);
  if (header.kind === "skipped") return atLeast(bytes, header.bytes);
  const literal = header.value.startsWith("hex:")
    ? Buffer.from(header.value.slice(4), "hex")
    : Array.from(header.value).map((character) => byteOf(header.encoding, character));
  for (const [at, byte] of literal.entries()) if (bytes[at] !== byte) refuse("header", "another header");
  return literal.length;
}

function atLeast(bytes: Uint8Array, count: number): number {
  return bytes.length >= count ? count : refuse("header", "too short");
}

/** Drawn in src/iso8583/header.ts: up to four headers, the first of which knows the length of everything. */
function baseHeaderBytes(bytes: Uint8Array): number {
  const total = 256 * (bytes[3] ?? 0) + (bytes[4] ?? 0);
  if (total !== bytes.length) refuse("header", "another total");
  let at = 0;
  for (let count = 1; count <= 4; count++) {
    const length = bytes[at] ?? 0;
    if (length < 22 || at + length > bytes.length) refuse("header", "too short");
    const isRejecting = length >= 26 && (bytes[at + 22] ?? 0) >= 0x80;
    const isFollowed = isRejecting || (bytes[at + 1] ?? 0) >= 0x80;
    at += length;
    if (!isFollowed) return at;
  }
  return refuse("header", "more than four");
}

/** Up to three bitmaps of 64 bits, as the dialect arranges them. */
class Bitmaps {
  readonly #spec: BitmapSpec;
  readonly #size: number;
  #bits = new Uint8Array();

  constructor(spec: BitmapSpec) {
    this.#spec = spec;
    this.#size = isHex(spec.encoding === "binary" ? "binary" : spec.encoding) ? 16 : 8;
  }

  /** Those that stand behind the message type; how many bytes they take. */
  read(bytes: Uint8Array): number {
    const { count, third } = this.#spec;
    const extent = this.#spec.extends ?? "auto";
    const together = third === "field-65" ? Math.min(count, 2) : count;
    let at = 0;
    for (let index = 0; index < together; index++) {
      at += this.#add(bytes.subarray(at));
      const isContinued = this.isSet(64 * index + 1);
      if (extent !== "fixed" && (extent === "single" || !isContinued)) return at;
      if (extent === "auto" && index === count - 1) refuse("1", "more bitmaps than there may be");
    }
    return at;
  }

  /** Where field 65 would stand. */
  readThird(bytes: Uint8Array): number {
    const size = this.#add(bytes);
    return this.isSet(129) && this.#spec.extends !== "fixed" ? refuse("1", "more bitmaps than there may be") : size;
  }

  isSet(number: number): boolean {
    return ((this.#bits[(number - 1) >> 3] ?? 0) & (0x80 >> ((number - 1) & 7))) !== 0;
  }

  isAnnouncing(number: number): boolean {
    return this.#spec.extends !== "single" && number % 64 === 1;
  }

  #add(bytes: Uint8Array): number {
    if (bytes.length < this.#size) refuse("1", "ends inside a bitmap");
    const raw = bytes.subarray(0, this.#size);
    const { encoding } = this.#spec;
    this.#bits = Uint8Array.of(...this.#bits, ...(encoding === "binary" ? raw : octetsOf(encoding, raw, "1")));
    return this.#size;
  }
}
