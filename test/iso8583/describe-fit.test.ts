import { expect } from "chai";
import type { DialectSpec, FieldSpec, LengthPrefix } from "../../specs/dialect.ts";
import { type Fit, bestFit, betterFit, fitAs } from "../../src/iso8583/describe-fit.ts";
import { fitName, tipOf } from "../../src/iso8583/describe-tip.ts";
import { type DialectName, compile, dialects, frame, framings } from "../../src/iso8583/public.ts";
import { octets } from "./one-field.ts";
import { samples } from "./samples.ts";

const shipped: readonly DialectSpec[] = Object.values(dialects);
const llDigits = { encoding: "bcd", size: 2, counts: "digits" } as const satisfies LengthPrefix;
const lll = { encoding: "bcd", size: 3, counts: "characters" } as const satisfies LengthPrefix;

const digits = (name: string, length: number): FieldSpec => ({ name, content: "n", encoding: "bcd", length });

/** What the messages below are written by: nobody ships it. */
const truth: DialectSpec = {
  name: "ours",
  title: "BCD and EBCDIC behind a TPDU",
  header: "tpdu",
  mti: { encoding: "bcd" },
  bitmap: { encoding: "binary", count: 2 },
  fields: {
    2: { name: "PAN", content: "n", encoding: "bcd", max: 19, prefix: llDigits, sensitive: "pan" },
    3: digits("Processing code", 6),
    4: digits("Amount", 12),
    7: digits("Transmission date and time", 10),
    11: digits("Trace number", 6),
    22: { ...digits("Entry mode", 3), encoding: "bcd-left" },
    41: { name: "Terminal", content: "ans", encoding: "cp037", length: 8 },
    49: { ...digits("Currency", 3), encoding: "bcd-left" },
    60: { name: "Private", content: "ans", encoding: "cp037", max: 999, prefix: lll },
    70: digits("Information code", 3),
  },
};

const pan = "4000056655665556";
const message = octets(
  [
    "6000010002",
    "0100",
    "f220040000808010 0400000000000000",
    `16${pan}`,
    "003000",
    "000000002500",
    "1122161500",
    "000503",
    "0510",
    "e3c5d9d4f0f0f0f1",
    "9780",
    "0012 d7c1d9d240e5c1d3e4c5f0f1",
    "0301",
  ].join(""),
);

function withField(number: number, field: Partial<FieldSpec>): DialectSpec {
  return { ...truth, fields: { ...truth.fields, [number]: { ...truth.fields[number], ...field } as FieldSpec } };
}

/** What somebody with that spec is told of the message. */
function told(spec: DialectSpec): { asked: Fit; better: Fit; tip: string } {
  const asked = fitAs(message, spec);
  const better = betterFit(message, asked, shipped);
  if (better === null) return expect.fail("nothing fits better");
  return { asked, better, tip: tipOf(asked, better) };
}

describe("iso8583/describe: a spec that is wrong in one thing", () => {
  it("has nothing to say about the right one", () => {
    const fit = fitAs(message, truth);

    expect(fit.description.error).to.equal(null);
    expect(fit.doubts).to.deep.equal([]);
    expect(betterFit(message, fit, shipped)).to.equal(null);
  });

  it("a length of digits that is read as bytes: says that the field counts digits", () => {
    const { asked, better, tip } = told(withField(2, { prefix: { ...llDigits, counts: "bytes" } }));

    expect(asked.description.error).to.include({ code: "length_out_of_range", path: "2", offset: 23 });
    expect(fitName(better)).to.equal("ours with field 2: a length that counts digits");
    expect(tip).to.equal(
      "tip: ours with field 2: a length that counts digits fits better: it reads the whole message, 10 more fields; " +
        "by ours field 2, byte 23: expected 0 to 19 n, found length 16",
    );
  });

  it("digits aligned to the other side: doubts a currency that does not exist, and says which field", () => {
    const { asked, better } = told(withField(49, { encoding: "bcd" }));

    expect(asked.description.error).to.include({ code: "content_invalid", path: "49", offset: 59, expected: "3 n" });
    expect(better.change).to.equal("with field 49: digits aligned to the left");
  });

  it("digits whose filler is a digit, too: nothing is out of class, but the currency is none", () => {
    const pesos = message.slice();
    pesos.set(octets("0170"), 59);
    const asked = fitAs(pesos, truth);
    const better = betterFit(pesos, asked, shipped);

    expect(asked.description.isSound).to.equal(true);
    expect(asked.doubts).to.deep.equal(["field 49 is no currency"]);
    expect(better?.change).to.equal("with field 49: digits aligned to the right");
    expect(better !== null && tipOf(asked, better)).to.include("by ours field 49 is no currency");
  });

  it("EBCDIC that is read as ASCII: says which byte is no character, and that the text is EBCDIC", () => {
    const ascii = withField(41, { encoding: "ascii" });
    const { asked, better } = told(ascii);

    expect(asked.description.error).to.include({ code: "content_invalid", path: "41", offset: 51, found: "0xe3" });
    expect(fitName(better)).to.equal("ours with field 41: text in EBCDIC");
  });

  it("a header that the spec lacks: says where the message type would be, and which header stands there", () => {
    const { asked, better } = told({ ...truth, header: "none" });

    expect(asked.description.error).to.include({ code: "field_undefined", offset: 10 });
    expect(fitName(better)).to.equal("ours behind a TPDU");
  });

  it("a bitmap in binary that is read as hexadecimal text: says so at its first byte", () => {
    const { asked, better } = told({ ...truth, bitmap: { encoding: "hex", count: 2 } });

    expect(asked.description.error).to.include({ code: "bitmap_invalid", path: "1", offset: 7, found: "0xf2" });
    expect(fitName(better)).to.equal("ours with bitmaps in binary");
  });

  it("LL where LLL is sent: says which field has a digit more in its length", () => {
    const { asked, better } = told(withField(60, { prefix: { ...lll, size: 2 } }));

    // The second byte of the length is taken for the next field.
    expect(asked.description.error).to.include({ path: "70", offset: 62, expected: "3 n" });
    expect(fitName(better)).to.equal("ours with field 60: a length of one digit more");
  });

  it("a field that is a digit longer than it is said to be: finds it before the field that breaks", () => {
    const { asked, better } = told(withField(11, { length: 4 }));

    expect(asked.description.isSound).to.equal(false);
    expect(better.description.isSound).to.equal(true);
    expect(better.change).to.match(/^with field 11: one digit or character more$/);
  });

  it("shows nothing sensitive in what it says", () => {
    const { asked, better, tip } = told(withField(2, { prefix: { ...llDigits, counts: "bytes" } }));

    for (const text of [tip, JSON.stringify(asked.description), JSON.stringify(better.description)]) {
      expect(text).to.not.include(pan);
    }
  });
});

describe("iso8583/describe: a guess among all dialects, frames and headers", () => {
  const framed = ["vli", "two-byte-length", "ascii-digits-4", "hex-4"] as const;

  for (const [at, name] of (Object.keys(dialects) as DialectName[]).entries()) {
    const framing = framings[framed[at % framed.length] ?? "vli"];

    it(`knows ${name} without being told, bare and in a frame of ${framing.name}`, () => {
      const codec = compile(dialects[name]);
      const bytes = codec.encode(codec.fromJSON(samples[name]));

      const bare = bestFit(bytes, shipped);
      const inFrame = bestFit(frame(framing, bytes), shipped);

      expect([bare.spec.name, bare.description.isSound, bare.framing]).to.deep.equal([name, true, null]);
      expect([inFrame.spec.name, inFrame.framing?.name, inFrame.fields]).to.deep.equal([
        name,
        framing.name,
        bare.fields,
      ]);
    });
  }

  it("knows a message behind a TPDU, and one that has lost its header", () => {
    const ascii = compile(dialects["iso87-ascii"]);
    const visa = compile(dialects["visa-style"]);
    const behindTpdu = octets(`6000010002${hexOf(ascii.encode(ascii.fromJSON(samples["iso87-ascii"])))}`);
    const headless = visa.encode(visa.fromJSON(samples["visa-style"])).subarray(22);

    expect(fitName(bestFit(behindTpdu, shipped))).to.equal("iso87-ascii behind a TPDU");
    expect(fitName(bestFit(headless, shipped))).to.equal("visa-style without a header");
  });

  it("counts bytes from the first that was given, frame included", () => {
    const bytes = frame(
      framings.vli,
      new TextEncoder().encode("0100" + "3000000000000000" + "003000" + "00000000x500"),
    );

    const { description } = fitAs(bytes, dialects["iso87-ascii"]);

    expect(description.error).to.include({ path: "4", offset: 38 });
    expect(description.parts[0]).to.deep.include({ path: "frame", from: 0, to: 4, value: "vli, 38 bytes" });
    expect(description.parts[1]).to.include({ path: "0", from: 4, to: 8, meaning: "authorization request" });
  });

  it("names every content that is not of its class, not just the first", () => {
    const bytes = new TextEncoder().encode("0100" + "3020000000000000" + "0030x0" + "00000000x500" + "00050x");

    const { faults } = fitAs(bytes, dialects["iso87-ascii"]).description;

    expect(faults.map(({ path, offset }) => [path, offset])).to.deep.equal([
      ["3", 24],
      ["4", 34],
      ["11", 43],
    ]);
  });
});

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
