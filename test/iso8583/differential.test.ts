import { expect } from "chai";
import fc from "fast-check";
import { type DialectSpec, EncodeError, compile, dialects } from "../../src/iso8583/public.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { type Difference, compareDecoders, differenceOf } from "./differential.ts";
import { localDialects } from "./local-dialects.ts";
import { fieldHex, messageOf, octets, oneField, read, refusal } from "./one-field.ts";
import { randomMessage } from "./slow/random-message.ts";
import { randomDialect } from "./slow/random-dialect.ts";

const messagesPerRun = 200;

/** Seeds do not shrink: each is as good as another. */
const seeds = fc.noShrink(fc.integer({ min: 1, max: 0xffff_ffff }));

describe("iso8583/differential", () => {
  for (const spec of [...Object.values(dialects), ...localDialects]) {
    it(`${spec.name}: reads the same values as the slow decoder, or refuses what it refuses`, () => {
      let sound = 0;
      let refused = 0;

      fc.assert(
        fc.property(seeds, (seed) => {
          const comparison = compareDecoders(spec, seed, messagesPerRun);
          sound += comparison.sound;
          refused += comparison.refused;
          expectNone(comparison.difference);
        }),
        { numRuns: 3 },
      );

      expect(sound, "sound messages").to.be.greaterThan(messagesPerRun / 4);
      expect(refused, "damaged messages").to.be.greaterThan(messagesPerRun / 10);
    });
  }

  for (const spec of Object.values<DialectSpec>(dialects)) {
    it(`${spec.name}: writes from their values alone all messages that it reads`, () => {
      const codec = compile(spec);

      fc.assert(
        fc.property(seeds, (seed) => {
          const decoded = codec.decode(randomMessage(seededRandom(seed), spec));
          if (!decoded.ok) return;
          const values = decoded.message.toJSON();
          const again = codec.decode(codec.encode(codec.fromJSON(values)));
          expect(again.ok ? withoutHeader(again.message.toJSON()) : again.error).to.deep.equal(withoutHeader(values));
        }),
        { numRuns: 150 },
      );
    });
  }

  it("agrees with the slow decoder on dialects that nobody ships, whatever axes they combine", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const spec = randomDialect(seededRandom(seed), `random-${seed}`);
        expectNone(compareDecoders(spec, seed, 25).difference);
      }),
      { numRuns: 60 },
    );
  });

  it("tells a codec of one layout from the slow decoder of another", () => {
    const bytes = new TextEncoder().encode("0800" + "0020000000000000" + "000503");
    const fourDigits = { name: "Trace number", content: "n", encoding: "ascii", length: 4 } as const;
    const other = { ...dialects["iso87-ascii"], fields: { ...dialects["iso87-ascii"].fields, 11: fourDigits } };

    expect(differenceOf(dialects["iso87-ascii"], bytes)).to.equal(null);
    expect(differenceOf(other, bytes)).to.equal(null);
    expect(differenceOf(dialects["iso87-ascii"], bytes, other)).to.deep.equal({
      dialect: "iso87-ascii",
      hex: Buffer.from(bytes).toString("hex"),
      codec: '[["0","0800"],["11","000503"]]',
      slow: "message: 2 bytes behind the last field",
    });
  });

  it("refuses a third bitmap in field 65 that announces a fourth", () => {
    const field = { name: "Fee", content: "n", encoding: "bcd", length: 2 } as const;
    const spec = oneField(field, {
      bitmap: { encoding: "binary", count: 3, third: "field-65" },
      fields: { 130: field },
    });
    const bytes = (third: string): Uint8Array => octets(`0100 8000000000000000 8000000000000000 ${third} 12`);

    expect(read(spec, bytes("4000000000000000")).get("130")).to.equal("12");
    expect(refusal(spec, bytes("c000000000000000"))).to.equal("bitmap_invalid at 65, byte 18");
  });

  it("reads and writes a digit beyond an odd maximum where bytes of BCD are counted", () => {
    const prefix = { encoding: "binary", size: 1, counts: "bytes" } as const;
    const spec = oneField({ name: "Number", content: "n", encoding: "bcd", max: 3, prefix });

    expect(read(spec, messageOf("02 1234")).get("2")).to.equal("1234");
    expect(fieldHex(compile(spec), compile(spec).fromJSON({ "0": "0100", "2": "1234" }))).to.equal("021234");
    expect(() => compile(spec).fromJSON({ "0": "0100", "2": "123456" })).to.throw(EncodeError);
  });

  it("writes octets of a field with layouts as octets, though as text they would be as long as another layout", () => {
    const codec = compile(dialects["visa-style"]);
    const values = { header: `hex:16010200${"00".repeat(18)}`, "0": "0110", "123": "hex:c32617e809de" };
    const again = codec.decode(codec.encode(codec.fromJSON(values)));

    expect(again.ok && again.message.toJSON()).to.include({ "123": "hex:c32617e809de" });
  });

  it("reads a signed amount of BCD up to the last whole byte where bytes are counted", () => {
    const prefix = { encoding: "binary", size: 1, counts: "bytes" } as const;
    const spec = oneField({ name: "Fee", content: "x+n", encoding: "bcd", max: 4, prefix });

    expect(read(spec, messageOf("03 43 0123")).get("2")).to.equal("C0123");
    expect(fieldHex(compile(spec), compile(spec).fromJSON({ "0": "0100", "2": "C0123" }))).to.equal("03430123");
    expect(refusal(spec, messageOf("04 43 000123"))).to.equal("length_out_of_range at 2, byte 10");
  });
});

/** The header counts bytes, and lengths that were longer than they need be are not written so again. */
function withoutHeader(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([path]) => path !== "header"));
}

function expectNone(difference: Difference | null): void {
  if (difference === null) return;
  const { dialect, hex, codec, slow } = difference;
  expect.fail(`${dialect} ${hex}\n  codec: ${codec}\n  slow:  ${slow}`);
}
