import { type Random, pick } from "../../../src/kernel/random.ts";
import type {
  BitmapSpec,
  CharacterSet,
  Condition,
  Content,
  DialectSpec,
  Encoding,
  Extent,
  FieldSpec,
  HeaderSpec,
  LengthPrefix,
  Padding,
  PositionalPart,
  Shape,
} from "../../../specs/dialect.ts";
import { isBcd, isHex } from "./body.ts";
import { isCharacterSet } from "./character-sets.ts";

const sets: readonly CharacterSet[] = ["ascii", "latin1", "cp037", "cp500", "cp1047"];
const bcds = ["bcd", "bcd-f", "bcd-left", "bcd-left-f"] as const;
const hexes = ["hex", "hex-lower", "hex-ebcdic"] as const;

/** A dialect by chance: every axis of specs/dialect.ts, in combinations that nobody ships. */
export function randomDialect(random: Random, name: string): DialectSpec {
  const bitmap = randomBitmap(random);
  const fields: Record<number, FieldSpec> = {};
  const last = bitmap.extends === "single" ? 64 : 64 * bitmap.count;
  for (let i = 0; i < 24; i++) {
    const number = 1 + random.integer(random.integer(2) === 0 ? Math.min(last, 64) : last);
    const isOfBitmap = bitmap.extends === "single" ? false : number % 64 === 1;
    if (!isOfBitmap) fields[number] = randomFieldSpec(random, 0);
  }
  fields[2] = variable(random, 0);
  const versions = random.integer(2) === 0 ? { "1": { 2: randomFieldSpec(random, 1), 3: null } } : undefined;
  const mti = { encoding: pick(random, [...sets, ...bcds]) };
  const own = { name, title: name, header: randomHeader(random), mti, bitmap, fields };
  return versions === undefined ? own : { ...own, versions };
}

function randomHeader(random: Random): HeaderSpec {
  const encoding = pick(random, sets);
  return pick<HeaderSpec>(random, [
    "none",
    "base-22",
    "tpdu",
    { kind: "literal", value: "ISO015000017", encoding },
    { kind: "literal", value: "hex:6f0012", encoding },
    { kind: "skipped", bytes: 1 + random.integer(9) },
  ]);
}

function randomBitmap(random: Random): BitmapSpec {
  const encoding = pick(random, ["binary", "binary", ...hexes] as const);
  return pick<BitmapSpec>(random, [
    { encoding, count: 1 },
    { encoding, count: 2 },
    { encoding, count: 3 },
    { encoding, count: 1, extends: "single" },
    { encoding, count: 2, extends: "fixed" },
    { encoding, count: 3, extends: "fixed" },
    { encoding, count: 3, third: "field-65" },
  ]);
}

function randomFieldSpec(random: Random, depth: number): FieldSpec {
  const plain = random.integer(3) !== 0 || depth > 1;
  const field = plain ? scalar(random, extentOf) : composite(random, depth);
  if (!plain || depth > 0 || random.integer(4) !== 0) return field;
  const other = { ...scalar(random, extentOf), name: "Another layout" };
  return { ...field, variants: [{ when: randomCondition(random, 1), field: other }] };
}

/** A field that can be any length, so that there is always one. */
function variable(random: Random, depth: number): FieldSpec {
  return scalar(random, (_, encoding) => ({ max: 30 - depth, prefix: prefixOf(random, encoding) }));
}

type ExtentMaker = (random: Random, encoding: Encoding, content: Content) => Extent;

function scalar(random: Random, makeExtent: ExtentMaker): FieldSpec {
  const [content, encoding] = randomCode(random);
  const extent = makeExtent(random, encoding, content);
  const field: FieldSpec = { name: `${content} in ${encoding}`, content, encoding, ...extent };
  const letter = content === "x+n" && isBcd(encoding) && random.integer(2) === 0 ? { letter: pick(random, sets) } : {};
  const pad = "length" in extent && random.integer(3) === 0 ? padOf(random, content, encoding) : undefined;
  return { ...field, ...letter, ...(pad === undefined ? {} : { pad }) };
}

function randomCode(random: Random): readonly [Content, Encoding] {
  const texts: readonly Content[] = ["n", "a", "an", "anp", "ans", "z", "x+n", "any"];
  switch (random.integer(5)) {
    case 0:
      return [pick(random, ["n", "n", "z", "x+n"] as const), pick(random, bcds)];
    case 1:
      return ["b", pick(random, ["binary", ...hexes] as const)];
    case 2:
      return pick<readonly [Content, Encoding]>(random, [
        ["n", "zoned-ascii"],
        ["n", "zoned-ebcdic"],
        ["ans", "utf-8"],
        ["n", "utf-8"],
      ]);
    default:
      return [pick(random, texts), pick(random, sets)];
  }
}

function extentOf(random: Random, encoding: Encoding, content: Content): Extent {
  const length = (content === "x+n" ? 2 : 1) + random.integer(20);
  const kind = random.integer(isCharacterSet(encoding) ? 5 : 4);
  if (kind === 4 && content !== "any") return { max: 20, terminator: "\\" };
  if (kind >= 2) return { length };
  const prefix = prefixOf(random, encoding);
  const least = content !== "x+n" && random.integer(3) === 0 ? { min: 2 } : {};
  return { max: length + 2, ...least, prefix };
}

function prefixOf(random: Random, body: Encoding): LengthPrefix {
  const inBytes = pick(random, ["bytes", isBcd(body) ? "digits" : "characters"] as const);
  const counts = isHex(body) || isBcd(body) ? inBytes : "characters";
  const inclusive = random.integer(4) === 0 ? ({ isInclusive: true } as const) : {};
  return pick<LengthPrefix>(random, [
    { encoding: pick(random, sets), size: pick(random, [2, 3, 4, 6] as const), counts, ...inclusive },
    { encoding: "bcd", size: pick(random, [2, 3, 4] as const), counts, ...inclusive },
    { encoding: "binary", size: pick(random, [1, 2, 3, 4] as const), counts, ...inclusive },
    { encoding: pick(random, hexes), size: pick(random, [2, 4] as const), counts, ...inclusive },
    { encoding: "ber", size: pick(random, [1, 2, 3, 4] as const), counts },
  ]);
}

function padOf(random: Random, content: Content, encoding: Encoding): Padding | undefined {
  const side = pick(random, ["left", "right"] as const);
  const trimmed = random.integer(2) === 0 ? ({ isTrimmed: true } as const) : {};
  if (isCharacterSet(encoding) && content !== "any" && content !== "x+n" && content !== "z") {
    return { side, with: content === "n" ? "0" : " ", ...trimmed };
  }
  return undefined;
}

function composite(random: Random, depth: number): FieldSpec {
  const set = pick(random, sets);
  if (random.integer(4) === 0) return positionalField(random);
  const inner = shapeOf(random, set, depth + 1);
  const encoding = pick<Encoding>(random, ["binary", "binary", "hex"]);
  const prefix = prefixOf(random, encoding);
  return {
    name: inner.kind,
    content: "b",
    encoding,
    max: 400,
    prefix: { ...prefix, size: wide(prefix) },
    shape: inner,
  };
}

/** Enough of a length for 400 bytes. */
function wide({ encoding }: LengthPrefix): LengthPrefix["size"] {
  return encoding === "ber" || encoding === "bcd" ? 4 : encoding === "binary" ? 2 : 4;
}

function positionalField(random: Random): FieldSpec {
  const isPacked = random.integer(2) === 0;
  const encoding = isPacked ? pick(random, bcds) : pick(random, sets);
  const parts = Array.from(
    { length: 2 + random.integer(4) },
    (_, index): PositionalPart => ({
      name: `Part ${index + 1}`,
      content: isPacked ? "n" : pick(random, ["n", "an", "ans"] as const),
      length: 1 + random.integer(6),
    }),
  );
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const last = parts.length - 1;
  const shape: Shape = {
    kind: "positional",
    parts: parts.map((part, index) =>
      index === last && random.integer(2) === 0 ? { ...part, mayEndEarly: true } : part,
    ),
  };
  const extent: Extent = random.integer(2) === 0 ? { length } : { max: length, prefix: prefixOf(random, encoding) };
  return { name: "positional", content: isPacked ? "n" : "ans", encoding, ...extent, shape };
}

function shapeOf(random: Random, set: CharacterSet, depth: number): Shape {
  const part = (): FieldSpec =>
    random.integer(2) === 0 && depth < 2 ? composite(random, depth) : scalar(random, extentOf);
  const told = (): FieldSpec => scalar(random, (_, encoding, content) => wholeExtent(random, encoding, content));
  switch (random.integer(depth > 2 ? 4 : 7)) {
    case 0:
      return { kind: "sequence", parts: [part(), part(), part()] };
    case 1: {
      const isHexTag = random.integer(4) === 0;
      const keys = isHexTag ? ["9F", "01"] : ["01", "42"];
      const codes = isHexTag
        ? ({ tagDigits: 1, tagEncoding: "binary", lengthDigits: 2, lengthEncoding: "binary" } as const)
        : ({ tagDigits: 2, lengthDigits: 2, lengthEncoding: pick(random, [set, "bcd", "binary"] as const) } as const);
      const more = {
        ...(random.integer(3) === 0 ? { isLengthFirst: true as const } : {}),
        lengthCounts: pick(random, ["data", "tag-and-data", "all"] as const),
      };
      return {
        kind: "tagged",
        encoding: set,
        ...codes,
        ...more,
        parts: Object.fromEntries(keys.map((key) => [key, told()])),
      };
    }
    case 2:
      return { kind: "ber-tlv", nests: random.integer(3) !== 0, parts: { "9F36": told(), "82": told() } };
    case 3:
      return bitmappedOf(random, part);
    case 4:
      return {
        kind: "datasets",
        nests: true,
        parts: {
          "71": {
            name: "With a bitmap",
            shape: { kind: "dataset-bitmap", parts: { 1: part(), 2: part(), 15: part(), 17: part(), 24: part() } },
          },
          "02": { name: "Bytes" },
        },
      };
    case 5:
      return { kind: "datasets", nests: random.integer(2) === 0 };
    default:
      return { kind: "message", dialect: innerDialect(random) };
  }
}

function bitmappedOf(random: Random, part: () => FieldSpec): Shape {
  const isContinued = random.integer(3) === 0;
  const bitmapBytes = pick(random, [1, 2, 3, 4, 8, 16] as const);
  return {
    kind: "bitmapped",
    bitmapBytes,
    ...(random.integer(2) === 0 ? { bitmapEncoding: pick(random, hexes) } : {}),
    ...(isContinued ? { isContinued: true } : {}),
    ...(random.integer(2) === 0 ? { keepsRest: true } : {}),
    parts: {
      [isContinued ? 2 : 1]: part(),
      3: part(),
      7: part(),
      8: part(),
      ...(isContinued ? { [8 * bitmapBytes + 3]: part() } : {}),
    },
  };
}

/** Of a part whose tag says how long it is. */
function wholeExtent(random: Random, encoding: Encoding, content: Content): Extent {
  const length = 2 + random.integer(10);
  if (random.integer(2) === 0) return { length };
  return { max: isBcd(encoding) ? (content === "x+n" ? 21 : 20) : 20 };
}

function innerDialect(random: Random): DialectSpec {
  const fields: Record<number, FieldSpec> = {};
  for (const number of [2, 3, 22, 60, 70, 100]) fields[number] = scalar(random, extentOf);
  const encoding = pick(random, ["binary", ...hexes] as const);
  return {
    name: "inner",
    title: "Inner",
    header: "none",
    mti: { encoding: pick(random, sets) },
    bitmap: { encoding, count: 2 },
    fields,
  };
}

function randomCondition(random: Random, depth: number): Condition {
  switch (random.integer(depth > 2 ? 4 : 6)) {
    case 0:
      return { test: "first-byte", from: 0x30, to: 0x34 + random.integer(0xc0) };
    case 1:
      return { test: "length", from: random.integer(6), to: 6 + random.integer(10) };
    case 2:
      return { test: "field", path: "2", ...(random.integer(2) === 0 ? {} : { values: ["1", "2", "3", "hex:0"] }) };
    case 3:
      return { test: "mti", values: ["1", "08"] };
    case 4:
      return { test: "not", of: randomCondition(random, depth + 1) };
    default:
      return { test: "all", of: [randomCondition(random, depth + 1), randomCondition(random, depth + 1)] };
  }
}
