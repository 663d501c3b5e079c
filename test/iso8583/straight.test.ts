import { expect } from "chai";
import fc from "fast-check";
import type { DialectSpec, FieldSpec } from "../../specs/dialect.ts";
import { decodeField } from "../../src/iso8583/composite.ts";
import { type Element, Source } from "../../src/iso8583/element.ts";
import { compile, dialects } from "../../src/iso8583/public.ts";
import { Reader } from "../../src/iso8583/reader.ts";
import { type StraightPlan, readStraight } from "../../src/iso8583/straight.ts";
import { must } from "../../src/kernel/assert.ts";
import { localDialects } from "./local-dialects.ts";
import { oneField } from "./one-field.ts";

const track = { name: "Track", content: "z", max: 37 } as const;
const ascii = { encoding: "ascii", size: 2, counts: "characters" } as const;
const binary = { encoding: "binary", size: 1, counts: "digits" } as const;

describe("iso8583/straight", () => {
  for (const spec of [...Object.values<DialectSpec>(dialects), ...localDialects]) {
    it(`${spec.name}: a field that is read straight is read as the walk reads it, and never where the walk finds fault`, () => {
      const plans = straightPlans(spec);
      let straight = 0;

      fc.assert(
        fc.property(fc.nat(), bytesOfFields(), (index, bytes) => {
          const plan = plans[index % Math.max(plans.length, 1)];
          if (plan === undefined) return;
          const walked = walk(plan, bytes);
          const read = readStraight(new Reader(new Source(bytes)), plan, bytes.length);
          if (read !== null) straight++;
          if (read === null && isPackedTrack(plan)) return;
          expect(read === null ? null : span(read), plan.field.path).to.deep.equal(walked);
        }),
        { numRuns: 3_000 },
      );

      expect(plans.length === 0 || straight > 30, `${straight} sound fields`).to.equal(true);
    });
  }

  it("reads most fields of the dialects that are shipped", () => {
    for (const spec of Object.values<DialectSpec>(dialects)) {
      const count = Object.keys(spec.fields).length;

      expect(straightPlans(spec).length, spec.name).to.be.greaterThan(0.75 * count);
    }
  });

  it("leaves positions to the walk that do not fit their field or are of another class", () => {
    const positions = (length: number, content: "n" | "an"): FieldSpec => ({
      name: "Code",
      content: "an",
      encoding: "ascii",
      length: 5,
      shape: {
        kind: "positional",
        parts: [
          { name: "First", content: "an", length: 3 },
          { name: "Second", content, length },
        ],
      },
    });
    const isStraight = (field: FieldSpec): boolean => straightPlans(oneField(field)).length === 1;

    expect(isStraight(positions(2, "an"))).to.equal(true);
    expect(isStraight(positions(4, "an"))).to.equal(false);
    expect(isStraight(positions(2, "n"))).to.equal(false);
  });

  it("admits one separator in a track of characters, and no second one", () => {
    const plan = planOf({ ...track, encoding: "ascii", prefix: ascii });

    expect(isRead(plan, "0612=345")).to.equal(true);
    expect(isRead(plan, "0612D345")).to.equal(true);
    expect(isRead(plan, "0612=3=5")).to.equal(false);
    expect(isRead(plan, "0612F345")).to.equal(false);
  });

  it("admits one separator in a track of nibbles, and leaves an F behind it to the walk", () => {
    const plan = planOf({ ...track, encoding: "bcd", prefix: binary });

    expect(isRead(plan, "\x06\x12\xd3\x45")).to.equal(true);
    expect(isRead(plan, "\x06\x12\xd3\x4d")).to.equal(false);
    expect(isRead(plan, "\x06\x12\xdd\x45")).to.equal(false);
    expect(isRead(plan, "\x06\x12\xd3\x4f")).to.equal(false);
    expect(isRead(plan, "\x05\x12\xd3\x45")).to.equal(false);
  });
});

function straightPlans(spec: DialectSpec): StraightPlan[] {
  return compile(spec).plan.straight.filter((plan) => plan !== undefined);
}

// One that ends in F is sound, but not read straight.
function isPackedTrack({ field, isPacked }: StraightPlan): boolean {
  return isPacked && field.content === "z";
}

function planOf(field: FieldSpec): StraightPlan {
  return must(compile(oneField(field)).plan.straight[2], "a straight field");
}

function isRead(plan: StraightPlan, latin: string): boolean {
  const bytes = Uint8Array.from(latin, (character) => character.charCodeAt(0));
  return readStraight(new Reader(new Source(bytes)), plan, bytes.length) !== null;
}

/** The span that the walk reads, or null where it finds any fault. */
function walk({ field }: StraightPlan, bytes: Uint8Array): Readonly<Record<string, number>> | null {
  const reader = new Reader(new Source(bytes));
  const element = decodeField(reader, field, field.path, bytes.length);
  if (element === null || reader.fault !== null) return null;
  expect(reader.at).to.equal(element.end);
  return span(element);
}

function span({ start, from, to, end, units, tag }: Element): Readonly<Record<string, number>> {
  return { start, from, to, end, units, tag };
}

/** Short runs of digits in any of the codes, blanks, letters and separators, with a byte by chance in between. */
function bytesOfFields(): fc.Arbitrary<Uint8Array> {
  const digits = fc.constantFrom(0x30, 0x31, 0x35, 0x39, 0xf0, 0xf1, 0xf9, 0x00, 0x01, 0x04, 0x08, 0x12, 0x99);
  const others = fc.constantFrom(0x20, 0x3d, 0x44, 0x41, 0x40, 0xc1, 0xd3, 0x3f, 0x0f, 0xff);
  const alike = fc
    .tuple(fc.constantFrom(0x30, 0xf0, 0x00), fc.array(digits, { maxLength: 3 }))
    .chain(([zero, head]) =>
      fc
        .array(fc.integer({ min: 0, max: 9 }), { maxLength: 60 })
        .map((tail) => Uint8Array.of(...head, ...tail.map((digit) => zero + digit))),
    );
  const mixed = fc
    .array(fc.oneof({ weight: 8, arbitrary: digits }, others, fc.integer({ min: 0, max: 255 })), { maxLength: 60 })
    .map((bytes) => Uint8Array.from(bytes));
  return fc.oneof(alike, mixed);
}
