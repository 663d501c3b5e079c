import { expect } from "chai";
import fc from "fast-check";
import { type MoovOptions, importMoovSpec, renderNote } from "../../../src/iso8583/import.ts";
import { compile } from "../../../src/iso8583/public.ts";
import { decoded, frameOf } from "./packager.ts";

type Json = Readonly<Record<string, unknown>>;

const type = { type: "String", length: 4, enc: "ASCII", prefix: "ASCII.Fixed" };
const bitmap = { type: "Bitmap", enc: "Binary", prefix: "Hex.Fixed" };

function specOf(fields: Json, options: MoovOptions = {}) {
  const result = importMoovSpec(
    JSON.stringify({ name: "ISO 8583 v1987", fields: { "0": type, "1": bitmap, ...fields } }),
    options,
  );
  if (!result.ok) return expect.fail(result.error.message);
  return result.value;
}

interface Row {
  readonly field: Json;
  readonly value: string;
  readonly wire: string;
}

const rows: readonly Row[] = [
  { field: { type: "String", length: 5, enc: "ASCII", prefix: "ASCII.Fixed" }, value: "AB  x", wire: "4142202078" },
  { field: { type: "Numeric", length: 6, enc: "ASCII", prefix: "ASCII.Fixed" }, value: "000123", wire: "303030313233" },
  { field: { type: "String", length: 99, enc: "ASCII", prefix: "ASCII.LL" }, value: "AB", wire: "3032 4142" },
  { field: { type: "String", length: 9999, enc: "ASCII", prefix: "ASCII.LLLL" }, value: "AB", wire: "30303032 4142" },
  { field: { type: "String", length: 99, enc: "EBCDIC", prefix: "EBCDIC.LL" }, value: "A!", wire: "f0f2 c14f" },
  { field: { type: "String", length: 99, enc: "EBCDIC1047", prefix: "EBCDIC1047.LL" }, value: "A!", wire: "f0f2 c15a" },
  { field: { type: "Numeric", length: 3, enc: "BCD", prefix: "BCD.Fixed" }, value: "643", wire: "0643" },
  { field: { type: "Numeric", length: 3, enc: "LBCD", prefix: "BCD.Fixed" }, value: "643", wire: "6430" },
  { field: { type: "String", length: 19, enc: "BCD", prefix: "BCD.LL" }, value: "123", wire: "03 0123" },
  {
    field: { type: "String", length: 19, enc: "BCD", prefix: "Binary.L" },
    value: "1234567890123456",
    wire: "10 1234567890123456",
  },
  { field: { type: "Binary", length: 2, enc: "Binary", prefix: "Binary.Fixed" }, value: "hex:beef", wire: "beef" },
  { field: { type: "Binary", length: 300, enc: "Binary", prefix: "Binary.LL" }, value: "hex:beef", wire: "0002 beef" },
  { field: { type: "Binary", length: 300, enc: "Binary", prefix: "BCD.LLL" }, value: "hex:beef", wire: "0002 beef" },
  { field: { type: "Binary", length: 2, enc: "HexToASCII", prefix: "Hex.Fixed" }, value: "hex:beef", wire: "42454546" },
  { field: { type: "Hex", length: 99, enc: "Binary", prefix: "Hex.L" }, value: "hex:beef", wire: "3032 beef" },
  { field: { type: "String", length: 99, enc: "ASCIIToHex", prefix: "Binary.L" }, value: "hex:beef", wire: "02 beef" },
  { field: { type: "Track2", length: 37, enc: "ASCII", prefix: "ASCII.LL" }, value: "12=34", wire: "3035 31323d3334" },
];

const part = (length: number): Json => ({ type: "String", length, enc: "ASCII", prefix: "ASCII.Fixed" });

describe("iso8583/import/moov", () => {
  for (const { field, value, wire } of rows) {
    it(`reads and writes ${JSON.stringify(field)}: ${value}`, () => {
      const { spec, report } = specOf({ "48": { ...field, description: "Field" } });

      const message = decoded(spec, frameOf(48, wire));

      expect(message.get("48")).to.equal(value);
      expect(report).to.deep.equal([]);
    });
  }

  it("counts digits where it is told to: track 2 in two digits a byte under a length that counts them", () => {
    const track = { type: "Track2", length: 19, enc: "ASCIIToHex", prefix: "Binary.L" };

    const { spec } = specOf({ "35": track }, { lengthUnit: { "35": "digits" } });
    const message = decoded(spec, frameOf(35, "15 04000008412345678d2906"));

    expect(message.get("35")).to.equal("4000008412345678=2906");
  });

  it("fills up what a program sets as the padding says", () => {
    const { spec } = specOf({
      "4": { ...part(12), padding: { type: "Left", pad: "0" } },
      "43": { ...part(5), padding: { type: "Right", pad: " " } },
    });
    const message = compile(spec).create("0100");

    message.set("4", "2599");
    message.set("43", "AB");

    expect(message.get("4")).to.equal("000000002599");
    expect(message.get("43")).to.equal("AB   ");
  });

  it("finds parts side by side in the order of their numbers", () => {
    const digits = { type: "Composite", length: 6, prefix: "ASCII.Fixed", tag: { sort: "StringsByInt" } };

    const { spec } = specOf({
      "3": { ...digits, subfields: { "02": part(2), "01": { ...part(2), description: "First" }, "03": part(2) } },
    });
    const message = decoded(spec, frameOf(3, "303132303330"));

    expect(message.toJSON()).to.include({ "3.1": "01", "3.2": "20", "3.3": "30" });
    expect(message.get("3")).to.equal("012030");
    const shape = spec.fields[3]?.shape;
    expect(shape?.kind === "sequence" && shape.parts[0]?.name).to.equal("First");
  });

  it("keeps the value of BCD parts in one run of digits", () => {
    const bcd = { type: "Numeric", length: 2, enc: "BCD", prefix: "BCD.Fixed" };

    const { spec } = specOf({
      "3": { type: "Composite", length: 3, prefix: "BCD.Fixed", subfields: { "1": bcd, "2": bcd, "3": bcd } },
    });
    const message = decoded(spec, frameOf(3, "012030"));

    expect(message.get("3")).to.equal("012030");
    expect(message.get("3.3")).to.equal("30");
  });

  it("finds parts by tags, in any order, and keeps unknown ones where they are", () => {
    const value = { type: "String", length: 99, enc: "ASCII", prefix: "ASCII.LLL" };
    const tag = { length: 2, enc: "ASCII", padding: { type: "Left", pad: "0" }, sort: "StringsByInt" };

    const { spec } = specOf({
      "48": { type: "Composite", length: 999, prefix: "ASCII.LLL", tag, subfields: { "1": value, "42": value } },
    });
    const message = decoded(spec, frameOf(48, "303230 3432 303032 4142 3737 303031 5a 3031 303032 4344"));

    expect(message.toJSON()).to.include({ "48.42": "AB", "48.77": "Z", "48.01": "CD" });
    expect(message.get("48")).to.equal("42002AB77001Z01002CD");
    const shape = spec.fields[48]?.shape;
    expect(shape?.kind === "tagged" && Object.keys(shape.parts)).to.have.members(["01", "42"]);
  });

  it("finds EMV tags and reads the ones that it knows", () => {
    const digits = { type: "Numeric", length: 12, enc: "BCD", prefix: "BerTLV" };
    const emv = {
      type: "Composite",
      length: 255,
      prefix: "ASCII.LLL",
      tag: { enc: "BerTLVTag", sort: "StringsByHex" },
    };

    const { spec } = specOf({ "55": { ...emv, subfields: { "9F02": digits } } });
    const message = decoded(spec, frameOf(55, "303133 9f0206000000002599 82023c00"));

    expect(message.toJSON()).to.include({ "55.9F02": "000000002599", "55.82": "hex:3c00" });
  });

  it("finds parts by a bitmap, fixed or extending itself", () => {
    const bits = { type: "Bitmap", length: 8, enc: "Binary", prefix: "Binary.Fixed" };
    const whole = {
      type: "Composite",
      length: 255,
      prefix: "Binary.L",
      subfields: { "1": part(1), "2": part(2), "66": part(1) },
    };

    const fixed = specOf({ "62": { ...whole, bitmap: { ...bits, disableAutoExpand: true } } });
    const extending = specOf({ "62": { ...whole, bitmap: bits } });

    expect(decoded(fixed.spec, frameOf(62, "0b c000000000000000 5a 4142")).toJSON()).to.include({
      "62.1": "Z",
      "62.2": "AB",
    });
    expect(decoded(extending.spec, frameOf(62, "13 c000000000000000 4000000000000000 4142 5a")).toJSON()).to.include({
      "62.2": "AB",
      "62.66": "Z",
    });
  });

  it("takes all bitmaps for fixed where they do not extend themselves", () => {
    const { spec } = specOf({
      "1": { ...bitmap, length: 16, disableAutoExpand: true },
      "11": part(6),
    });

    const message = decoded(spec, Buffer.from("303130300020000000000000" + "0000000000000000" + "303030303432", "hex"));

    expect(message.get("11")).to.equal("000042");
  });

  it("names path and setting of what it cannot map, and keeps the rest", () => {
    const { spec, report } = specOf({
      "4": part(12),
      "5": { type: "Money", length: 12, enc: "ASCII", prefix: "ASCII.Fixed" },
      "6": { type: "String", length: 12, enc: "Morse", prefix: "ASCII.Fixed" },
      "7": { type: "String", length: 12, enc: "ASCII", prefix: "Roman.LL" },
      "8": { type: "String", length: -1, enc: "ASCII", prefix: "ASCII.Fixed" },
      "9": { ...part(2), colour: "red" },
      "10": "text",
      x: part(2),
    });

    expect(Object.keys(spec.fields)).to.deep.equal(["4", "9"]);
    expect(report.map(renderNote)).to.have.members([
      'field 5, "type Money": left out, there is no such type',
      'field 6, "enc Morse": left out, there is no such encoding',
      'field 7, "prefix Roman.LL": left out, there is no such prefix',
      'field 8, "length -1": left out, it is no length',
      'field 9, "colour": ignored, no field has this setting',
      'field 10, "field 10": left out, it is no object',
      'field x, "field x": left out, it is no number of a field',
    ]);
  });

  it("is named after the spec", () => {
    const { spec } = specOf({});

    expect(spec).to.include({ name: "iso-8583-v1987", title: "ISO 8583 v1987", header: "none" });
  });

  const hopeless: readonly [string, string, string][] = [
    ["an empty text", "", "this is not JSON"],
    ["another document", '{"dependencies": {}}', 'there is no object with "fields"'],
    ["a list", "[]", 'there is no object with "fields"'],
    ["a spec without a message type", '{"fields": {}}', "field 0 is no message type of four digits"],
    ["a spec without a bitmap", JSON.stringify({ fields: { "0": type } }), "field 1 is no bitmap that can be read"],
    ["a text that is too long", `"${"x".repeat(1_100_000)}"`, "longer than 1048576 characters"],
    ["brackets without end", "[".repeat(100_000), "this is not JSON"],
  ];
  for (const [title, json, complaint] of hopeless) {
    it(`makes a sentence and no spec of ${title}`, () => {
      const result = importMoovSpec(json);

      expect(result.ok ? "a spec" : result.error.message).to.include(complaint);
    });
  }

  it("never throws, whatever stands in a field, and what it makes can always be compiled", () => {
    const words =
      "String Numeric Binary Hex Track2 Composite Bitmap ASCII BCD LBCD EBCDIC HexToASCII ASCIIToHex BerTLVTag ASCII.LL BCD.LLL Binary.L Hex.LLLL BerTLV None.Fixed __proto__";
    const word = fc.constantFrom(...words.split(" "));
    const { field } = fc.letrec<{ field: Json }>((tie) => ({
      field: fc.record(
        {
          type: word,
          length: fc.oneof(fc.integer({ min: -1, max: 40 }), fc.constant(1e9), word),
          enc: word,
          prefix: word,
          padding: fc.record({ type: fc.constantFrom("Left", "Right"), pad: fc.string({ maxLength: 2 }) }),
          tag: fc.record({
            length: fc.integer({ min: 0, max: 9 }),
            enc: word,
            sort: fc.constantFrom("StringsByInt", "StringsByHex"),
          }),
          bitmap: fc.option(tie("field"), { depthSize: "small" }),
          subfields: fc.dictionary(fc.constantFrom("1", "02", "9F02", "A1", "__proto__"), tie("field"), { maxKeys: 3 }),
        },
        { requiredKeys: [] },
      ),
    }));

    fc.assert(
      fc.property(field, fc.uint8Array({ maxLength: 40 }), (any, bytes) => {
        const result = importMoovSpec(JSON.stringify({ fields: { "0": type, "1": bitmap, "2": any } }));

        if (!result.ok) return;
        compile(result.value.spec).decode(new Uint8Array([...frameOf(2, ""), ...bytes]));
      }),
      { numRuns: 400 },
    );
  });
});
