import { expect } from "chai";
import type { BitmapSpec, DialectSpec, FieldSpec, HeaderSpec } from "../../specs/dialect.ts";
import { EncodeError, compile, newTpdu, replyHeader } from "../../src/iso8583/public.ts";
import { hexOf, octets, oneField, read, refusal } from "./one-field.ts";

const digits = (length: number): FieldSpec => ({ name: "Digits", content: "n", encoding: "bcd", length });
const fields = { 2: digits(2), 64: digits(2), 66: digits(2), 128: digits(2), 130: digits(2), 192: digits(2) };

function layout(bitmap: BitmapSpec, more: Partial<DialectSpec> = {}): DialectSpec {
  return { ...oneField(digits(2)), bitmap, fields, ...more };
}

/** The bytes of a message with two digits in each of these fields, and what is read of them again. */
function written(spec: DialectSpec, numbers: readonly number[]): string {
  const codec = compile(spec);
  const values = Object.fromEntries(numbers.map((number) => [number, String(number % 100).padStart(2, "0")]));
  const bytes = codec.encode(codec.fromJSON({ "0": "0100", ...values }));
  const message = read(spec, bytes);
  expect(message.toJSON()).to.deep.equal({ "0": "0100", ...values });
  expect(hexOf(codec.encode(message))).to.equal(hexOf(bytes));
  return hexOf(bytes).slice(4);
}

describe("iso8583/bitmaps", () => {
  it("writes as many bitmaps as the fields need, each announced by the one before", () => {
    const spec = layout({ encoding: "binary", count: 3 });

    expect(written(spec, [2])).to.equal("4000000000000000" + "02");
    expect(written(spec, [2, 128])).to.equal("c000000000000000" + "0000000000000001" + "0228");
    expect(written(spec, [192])).to.equal("8000000000000000" + "8000000000000000" + "0000000000000001" + "92");
  });

  it("writes always all bitmaps where the layout says so", () => {
    const two = layout({ encoding: "binary", count: 2, extends: "fixed" });
    const one = layout({ encoding: "binary", count: 1, extends: "fixed" });

    expect(written(two, [2])).to.equal("c000000000000000" + "0000000000000000" + "02");
    expect(written(one, [2])).to.equal("4000000000000000" + "02");
  });

  it("reads fixed bitmaps whatever their announcing bits say", () => {
    const spec = layout({ encoding: "binary", count: 2, extends: "fixed" });
    const bytes = octets("0100 4000000000000000 0000000000000001 02 28");

    const message = read(spec, bytes);

    expect(message.toJSON()).to.deep.equal({ "0": "0100", "2": "02", "128": "28" });
    expect(hexOf(compile(spec).encode(message))).to.equal(hexOf(bytes));
  });

  it("has a field 1 where there is one bitmap only", () => {
    const spec = layout(
      { encoding: "binary", count: 1, extends: "single" },
      { fields: { 1: digits(4), 2: digits(2) } },
    );
    const codec = compile(spec);
    const message = codec.fromJSON({ "0": "0100", "1": "1234", "2": "56" });

    expect(hexOf(codec.encode(message))).to.equal("0100" + "c000000000000000" + "123456");
    expect(read(spec, codec.encode(message)).get("1")).to.equal("1234");
  });

  const texts: readonly (readonly [BitmapSpec["encoding"], string])[] = [
    ["hex", "4330303030303030303030303030303030303030303030303030303030303031"],
    ["hex-lower", "6330303030303030303030303030303030303030303030303030303030303031"],
    ["hex-ebcdic", "c3f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f1"],
  ];
  for (const [encoding, bitmaps] of texts) {
    it(`writes bitmaps as ${encoding}`, () => {
      expect(written(layout({ encoding, count: 2 }), [2, 128])).to.equal(`${bitmaps}0228`);
    });
  }

  it("keeps bitmaps in lower case that came so", () => {
    const spec = layout({ encoding: "hex", count: 2 });
    const bytes = octets("0100 63303030303030303030303030303030 30303030303030303030303030303031 02 28");

    expect(hexOf(compile(spec).encode(read(spec, bytes)))).to.equal(hexOf(bytes));
  });

  it("finds the third bitmap in the place of field 65, behind field 64", () => {
    const spec = layout({ encoding: "binary", count: 3, third: "field-65" });

    expect(written(spec, [2, 64, 66, 130])).to.equal(
      "c000000000000001" + "c000000000000000" + "02" + "64" + "4000000000000000" + "66" + "30",
    );
    expect(written(spec, [2, 66])).to.equal("c000000000000000" + "4000000000000000" + "0266");
  });

  it("moves the third bitmap along with the fields", () => {
    const spec = layout({ encoding: "hex", count: 3, third: "field-65" });
    const codec = compile(spec);
    const message = codec.fromJSON({ "0": "0100", "2": "02", "130": "30" });
    const again = read(spec, codec.encode(message));

    again.set("192", "92");
    const longer = read(spec, codec.encode(again));
    longer.remove("130");
    longer.remove("192");

    expect(longer.toJSON()).to.deep.equal({ "0": "0100", "2": "02" });
    expect(read(spec, codec.encode(again)).toJSON()).to.deep.equal({
      "0": "0100",
      "2": "02",
      "130": "30",
      "192": "92",
    });
    expect(hexOf(codec.encode(longer))).to.equal(`0100${Buffer.from("4000000000000000").toString("hex")}02`);
  });

  it("refuses a third bitmap that is cut short, and one that the layout does not have", () => {
    const spec = layout({ encoding: "binary", count: 3, third: "field-65" });

    expect(refusal(spec, octets("0100 8000000000000000 8000000000000000 4000"))).to.equal(
      "part_overrun at 65, byte 18",
    );
    expect(refusal(layout({ encoding: "binary", count: 1 }), octets("0100 8000000000000000"))).to.equal(
      "bitmap_invalid at 1, byte 2",
    );
  });
});

describe("iso8583/headers", () => {
  const withHeader = (header: HeaderSpec): DialectSpec => ({ ...oneField(digits(2)), header });
  const body = "0100" + "4000000000000000" + "02";

  it("swaps the addresses of a TPDU in the answer", () => {
    const spec = withHeader("tpdu");
    const codec = compile(spec);
    const request = read(spec, octets(`6001230456${body}`));
    const answer = codec.create("0110", request.header === null ? null : replyHeader(request.header));

    answer.set("2", "02");

    expect(request.header).to.include({ destination: "0123", source: "0456" });
    expect(hexOf(codec.encode(answer))).to.equal("6004560123" + "0110" + "4000000000000000" + "02");
    expect(hexOf(codec.encode(codec.create("0800", newTpdu({ destination: "0001", source: "8000" }))))).to.match(
      /^6000018000/,
    );
    expect(() => codec.encode(codec.create("0800")))
      .to.throw(EncodeError)
      .with.property("code", "header_missing");
  });

  it("wants a literal header as it is, and writes it by itself", () => {
    const spec = withHeader({ kind: "literal", value: "ISO015000017", encoding: "ascii" });
    const codec = compile(spec);
    const head = Buffer.from("ISO015000017").toString("hex");

    expect(hexOf(codec.encode(codec.fromJSON({ "0": "0100", "2": "02" })))).to.equal(head + body);
    expect(read(spec, octets(head + body)).get("2")).to.equal("02");
    expect(refusal(spec, octets(head.replace("3137", "3138") + body))).to.equal("header_invalid at header, byte 11");
    expect(refusal(spec, octets("49534f"))).to.equal("header_invalid at header, byte 0");
  });

  it("writes a literal header in EBCDIC, or in bytes", () => {
    const ebcdic = compile(withHeader({ kind: "literal", value: "ISO", encoding: "cp037" }));
    const bytes = compile(withHeader({ kind: "literal", value: "hex:00ff", encoding: "ascii" }));

    expect(hexOf(ebcdic.encode(ebcdic.create("0800"))).slice(0, 6)).to.equal("c9e2d6");
    expect(hexOf(bytes.encode(bytes.create("0800"))).slice(0, 4)).to.equal("00ff");
  });

  it("keeps bytes that it skips, and hands them back in the answer", () => {
    const spec = withHeader({ kind: "skipped", bytes: 3 });
    const codec = compile(spec);
    const message = read(spec, octets(`abcdef${body}`));
    const answer = codec.create("0110", message.header === null ? null : replyHeader(message.header));

    expect(hexOf(codec.encode(message))).to.equal(`abcdef${body}`);
    expect(codec.fromJSON(message.toJSON()).toJSON()).to.include({ header: "hex:abcdef" });
    expect(hexOf(codec.encode(answer)).slice(0, 6)).to.equal("abcdef");
    expect(hexOf(codec.encode(codec.create("0800"))).slice(0, 6)).to.equal("000000");
  });

  it("refuses a header of another length than the layout's", () => {
    const message = compile(withHeader({ kind: "skipped", bytes: 3 })).create("0100");
    message.set("header", Uint8Array.of(1, 2, 3, 4));

    expect(() => compile(withHeader({ kind: "skipped", bytes: 3 })).encode(message)).to.throw(EncodeError);
    expect(() =>
      compile(oneField(digits(2)))
        .create("0100")
        .set("header", "hex:00"),
    ).to.throw(EncodeError);
  });
});

describe("iso8583/versions", () => {
  const spec: DialectSpec = {
    ...oneField(digits(2)),
    fields: { 2: digits(2), 12: digits(6), 15: digits(4) },
    versions: { "1": { 12: digits(12), 15: null, 30: digits(4) } },
  };
  const codec = compile(spec);

  it("takes the layout of the version that the message type names", () => {
    const old = codec.fromJSON({ "0": "0100", "12": "161500", "15": "1122" });
    const recent = codec.fromJSON({ "0": "1100", "12": "261122161500", "30": "0001" });

    expect(hexOf(codec.encode(old))).to.equal("0100" + "0012000000000000" + "161500" + "1122");
    expect(hexOf(codec.encode(recent))).to.equal("1100" + "0010000400000000" + "261122161500" + "0001");
    expect(read(spec, codec.encode(recent)).toJSON()).to.deep.equal({
      "0": "1100",
      "12": "261122161500",
      "30": "0001",
    });
    expect(refusal(spec, octets("1100 0002000000000000 1122"))).to.equal("field_undefined at 15, byte 10");
  });

  it("reads a version that the layout does not list as the first", () => {
    expect(read(spec, octets("2100 0010000000000000 161500")).get("12")).to.equal("161500");
  });

  it("changes the version of an empty message only", () => {
    const message = codec.create("0100");
    message.set("0", "1100");
    message.set("12", "261122161500");

    expect(() => message.set("0", "0100"))
      .to.throw(EncodeError)
      .with.property("code", "mti_invalid");
    message.set("0", "1110");
    expect(hexOf(codec.encode(message)).slice(0, 4)).to.equal("1110");
  });
});
