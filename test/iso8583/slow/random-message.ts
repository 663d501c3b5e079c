import type { BitmapSpec, DialectSpec, HeaderSpec } from "../../../specs/dialect.ts";
import { pick, type Random } from "../../../src/kernel/random.ts";
import { isBcd } from "./body.ts";
import { inSet } from "./random-bytes.ts";
import { type Chance, randomField } from "./random-field.ts";
import { randomContent } from "./random-shape.ts";

/** Bytes of a message that is mostly sound: fields, parts and tags by chance, each of its layout. */
export function randomMessage(random: Random, spec: DialectSpec): Uint8Array {
  const chance: Chance = {
    ...random,
    composite: (shape, field) => randomContent(chance, shape, field),
    nested: (dialect, fieldsMax) => headless(chance, dialect, fieldsMax),
  };
  const body = headless(chance, spec, 12);
  const header = headerOf(random, spec.header, body.length);
  return Uint8Array.of(...header, ...body);
}

function headless(random: Chance, spec: DialectSpec, fieldsMax: number): Uint8Array {
  const versions = ["0", "0", "1", ...Object.keys(spec.versions ?? {})];
  const mti = `${pick(random, versions)}${pick(random, ["100", "110", "120", "200", "400", "420", "800"])}`;
  const own = { ...spec.fields, ...spec.versions?.[mti[0] ?? ""] };
  const known = Object.entries(own).flatMap(([number, field]) => (field === null ? [] : [Number(number)]));
  const usable = known.filter((number) => !isAnnouncing(spec.bitmap, number));
  const chosen = new Set(Array.from({ length: 1 + random.integer(fieldsMax) }, () => pick(random, usable)));
  if (random.integer(60) === 0) chosen.add(1 + random.integer(128));
  const numbers = [...chosen].sort((a, b) => a - b);
  const pieces: Uint8Array[] = [];
  const bitmaps = bitmapsOf(spec.bitmap, numbers);
  for (const number of numbers) {
    if (number > 64 && bitmaps.third !== null && !pieces.includes(bitmaps.third)) pieces.push(bitmaps.third);
    const field = own[number];
    if (field !== undefined && field !== null) pieces.push(randomField(random, field));
  }
  const type = isBcd(spec.mti.encoding) ? Buffer.from(mti, "hex") : inSet(spec.mti.encoding, mti);
  return Uint8Array.of(...type, ...bitmaps.together, ...pieces.flatMap((piece) => [...piece]));
}

function isAnnouncing({ extends: extent }: BitmapSpec, number: number): boolean {
  return extent !== "single" && number % 64 === 1;
}

function bitmapsOf(spec: BitmapSpec, numbers: readonly number[]): { together: Uint8Array; third: Uint8Array | null } {
  const last = Math.max(...numbers);
  const needed = Math.ceil(last / 64);
  const extent = spec.extends ?? "auto";
  const count = extent === "fixed" ? spec.count : Math.max(needed, 1);
  const bits = new Uint8Array(8 * count);
  const announced = Array.from({ length: count - 1 }, (_, index) => 64 * index + 1);
  for (const number of [...numbers, ...announced]) {
    bits[(number - 1) >> 3] = (bits[(number - 1) >> 3] ?? 0) | (0x80 >> ((number - 1) & 7));
  }
  const written = (part: Uint8Array): Uint8Array => bitmapText(spec, part);
  if (spec.third !== "field-65" || count < 3) return { together: written(bits), third: null };
  return { together: written(bits.subarray(0, 16)), third: written(bits.subarray(16)) };
}

function bitmapText({ encoding }: BitmapSpec, bits: Uint8Array): Uint8Array {
  if (encoding === "binary") return bits;
  const text = Buffer.from(bits).toString("hex");
  return inSet(encoding === "hex-ebcdic" ? "cp037" : "ascii", encoding === "hex-lower" ? text : text.toUpperCase());
}

function headerOf(random: Random, header: HeaderSpec, messageBytes: number): Uint8Array {
  if (header === "none") return new Uint8Array();
  if (header === "tpdu") return Uint8Array.of(0x60, ...random.bytes(4));
  if (header !== "base-22" && header.kind === "skipped") return random.bytes(header.bytes);
  if (header !== "base-22") {
    if (!header.value.startsWith("hex:")) return inSet(header.encoding, header.value);
    return Buffer.from(header.value.slice("hex:".length), "hex");
  }
  const isRejected = random.integer(10) === 0;
  const one = Uint8Array.of(22, 1, 2, 0, 0, ...random.bytes(17));
  const reject = Uint8Array.of(26, 1, 2, 0, 0, ...random.bytes(17), 0x80, 0, 0x05, 0x10);
  const all = isRejected ? Uint8Array.of(...reject, ...one) : one;
  const total = all.length + messageBytes;
  all.set([total >> 8, total & 0xff], 3);
  return all;
}
