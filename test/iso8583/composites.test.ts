import { expect } from "chai";
import type { Content, DialectSpec, FieldSpec, Shape } from "../../specs/dialect.ts";
import { EncodeError, compile } from "../../src/iso8583/public.ts";
import { fieldHex, messageOf, oneField, read, refusal } from "./one-field.ts";

const part = (content: Content, length: number): FieldSpec => ({ name: "Part", content, encoding: "ascii", length });
const bytes = (max: number): FieldSpec => ({ name: "Bytes", content: "b", encoding: "binary", max });
const one = { encoding: "binary", size: 1, counts: "bytes" } as const;

/** Field 2 with a byte for its length, and parts. */
function composite(shape: Shape): DialectSpec {
  return oneField({ name: "Composite", content: "any", encoding: "ascii", max: 255, prefix: one, shape });
}

interface Row {
  readonly says: string;
  readonly shape: Shape;
  /** What lies behind the length byte. */
  readonly hex: string;
  readonly values: Readonly<Record<string, string>>;
}

const tagged = { kind: "tagged", encoding: "ascii", tagDigits: 2, lengthDigits: 2 } as const;
const inner: DialectSpec = {
  name: "inner",
  title: "A message in a field",
  header: "none",
  mti: { encoding: "ascii" },
  bitmap: { encoding: "binary", count: 2 },
  fields: { 3: part("n", 2), 70: part("n", 3) },
};

const rows: readonly Row[] = [
  {
    says: "fields of their own encodings side by side",
    shape: {
      kind: "sequence",
      parts: [
        part("n", 2),
        { name: "Digits", content: "n", encoding: "bcd", max: 9, prefix: { ...one, counts: "digits" } },
        bytes(9),
      ],
    },
    hex: "3132 030123 abcd",
    values: { "2.1": "12", "2.2": "123", "2.3": "hex:abcd" },
  },
  {
    says: "parts that end at a character",
    shape: {
      kind: "sequence",
      parts: [1, 2, 3].map(
        () => ({ name: "Line", content: "ans", encoding: "ascii", max: 20, terminator: "\\" }) as const,
      ),
    },
    hex: "41425c 5c 43445c",
    values: { "2.1": "AB", "2.2": "", "2.3": "CD" },
  },
  {
    says: "a sequence that ends early",
    shape: { kind: "sequence", parts: [part("n", 2), part("n", 2)] },
    hex: "3132",
    values: { "2.1": "12" },
  },
  {
    says: "tags of four and lengths of three digits",
    shape: { ...tagged, tagDigits: 4, lengthDigits: 3, parts: { "0001": part("ans", 1) } },
    hex: "30303031 303031 59 30313438 303033 313233",
    values: { "2.0001": "Y", "2.0148": "123" },
  },
  {
    says: "tags with letters, in their order",
    shape: { ...tagged, tagContent: "an", parts: { A1: { ...bytes(9), content: "ans", encoding: "ascii" } } },
    hex: "4133 3031 78 4131 3032 7979",
    values: { "2.A3": "x", "2.A1": "yy" },
  },
  {
    says: "tags of two digits and lengths of three in EBCDIC",
    shape: { kind: "tagged", encoding: "cp500", tagDigits: 2, lengthDigits: 3, parts: {} },
    hex: "f4f2 f0f0f2 c1c2",
    values: { "2.42": "AB" },
  },
  {
    says: "lengths in front of their tags",
    shape: { ...tagged, isLengthFirst: true, parts: {} },
    hex: "3033 3432 414243",
    values: { "2.42": "ABC" },
  },
  {
    says: "lengths that count tag and data",
    shape: { ...tagged, isLengthFirst: true, lengthCounts: "tag-and-data", parts: {} },
    hex: "3035 3432 414243",
    values: { "2.42": "ABC" },
  },
  {
    says: "lengths that count everything",
    shape: { ...tagged, lengthCounts: "all", parts: {} },
    hex: "3432 3037 414243",
    values: { "2.42": "ABC" },
  },
  {
    says: "binary tags and lengths",
    shape: {
      ...tagged,
      tagDigits: 1,
      tagEncoding: "binary",
      lengthDigits: 2,
      lengthEncoding: "binary",
      parts: { DF: bytes(9) },
    },
    hex: "df 0002 abcd 01 0001 41",
    values: { "2.DF": "hex:abcd", "2.01": "A" },
  },
  {
    says: "BCD tags and lengths",
    shape: { ...tagged, tagDigits: 3, tagEncoding: "bcd", lengthDigits: 3, lengthEncoding: "bcd", parts: {} },
    hex: "0042 0003 414243",
    values: { "2.042": "ABC" },
  },
  {
    says: "equal tags",
    shape: { ...tagged, parts: {} },
    hex: "3432 3031 41 3432 3031 42",
    values: { "2.42": "A", "2.42#2": "B" },
  },
  {
    says: "a subelement with subelements",
    shape: {
      ...tagged,
      parts: { 42: { ...bytes(99), content: "any", encoding: "ascii", shape: { ...tagged, parts: {} } } },
    },
    hex: "3432 3037 3031 3033 323132",
    values: { "2.42.01": "212" },
  },
  {
    says: "a bitmap of two bytes",
    shape: { kind: "bitmapped", bitmapBytes: 2, parts: { 1: part("n", 1), 16: part("n", 2) } },
    hex: "8001 31 3233",
    values: { "2.1": "1", "2.16": "23" },
  },
  {
    says: "a bitmap of eight bytes in EBCDIC hex",
    shape: {
      kind: "bitmapped",
      bitmapBytes: 8,
      bitmapEncoding: "hex-ebcdic",
      parts: { 2: part("n", 1), 61: part("n", 2) },
    },
    hex: "f4f0f0f0f0f0f0f0f0f0f0f0f0f0f0f8 31 3233",
    values: { "2.2": "1", "2.61": "23" },
  },
  {
    says: "a bitmap of three bytes in lower-case hex",
    shape: {
      kind: "bitmapped",
      bitmapBytes: 3,
      bitmapEncoding: "hex-lower",
      parts: { 1: part("n", 1), 3: part("n", 1), 5: part("n", 1) },
    },
    hex: "613830303030 31 32 33",
    values: { "2.1": "1", "2.3": "2", "2.5": "3" },
  },
  {
    says: "a bitmap that is continued",
    shape: { kind: "bitmapped", bitmapBytes: 8, isContinued: true, parts: { 2: part("n", 1), 66: part("n", 1) } },
    hex: "c000000000000000 4000000000000000 31 32",
    values: { "2.2": "1", "2.66": "2" },
  },
  {
    says: "a continued bitmap that needs no second",
    shape: { kind: "bitmapped", bitmapBytes: 8, isContinued: true, parts: { 2: part("n", 1), 66: part("n", 1) } },
    hex: "4000000000000000 31",
    values: { "2.2": "1" },
  },
  {
    says: "tags of one to four bytes, templates and their order",
    shape: { kind: "ber-tlv", nests: true },
    hex: "9f3602abcd 820100 df8102 0111 bf0c06 9f4d 03 0b0a09 df81820301ff",
    values: {
      "2.9F36": "hex:abcd",
      "2.82": "hex:00",
      "2.DF8102": "hex:11",
      "2.BF0C.9F4D": "hex:0b0a09",
      "2.DF818203": "hex:ff",
    },
  },
  {
    says: "tags whose values have a layout of their own",
    shape: {
      kind: "ber-tlv",
      nests: true,
      parts: { "9A": { ...part("n", 6), encoding: "bcd" }, "9F02": part("n", 4) },
    },
    hex: "9a03210720 9f0204 30353031 9f3701aa",
    values: { "2.9A": "210720", "2.9F02": "0501", "2.9F37": "hex:aa" },
  },
  {
    says: "a dataset with a bitmap, beside one of tags",
    shape: {
      kind: "datasets",
      nests: true,
      parts: {
        "71": {
          name: "Bitmapped",
          shape: {
            kind: "dataset-bitmap",
            parts: { 1: { ...part("n", 2), encoding: "bcd" }, 2: { ...part("n", 2), encoding: "bcd" } },
          },
        },
      },
    },
    hex: "71 0004 6000 11 22 01 0003 5a0112",
    values: { "2.71.1": "11", "2.71.2": "22", "2.01.5A": "hex:12" },
  },
  {
    says: "a dataset whose bitmap goes on twice",
    shape: {
      kind: "datasets",
      nests: true,
      parts: {
        "72": {
          name: "Long",
          shape: {
            kind: "dataset-bitmap",
            parts: { 15: part("n", 1), 16: part("n", 1), 22: part("n", 1), 28: part("n", 1) },
          },
        },
      },
    },
    // c 1–7 | 8–15 | c 16–22 | c 23–28 t
    hex: "72 0008 8001 c1 02 31 32 33 34",
    values: { "2.72.15": "1", "2.72.16": "2", "2.72.22": "3", "2.72.28": "4" },
  },
  {
    says: "tags behind the parts of a dataset",
    shape: {
      kind: "datasets",
      nests: true,
      parts: { "73": { name: "Both", shape: { kind: "dataset-bitmap", parts: { 1: part("n", 1) } } } },
    },
    hex: "73 0007 4001 35 9f3601aa",
    values: { "2.73.1": "5", "2.73.tags.9F36": "hex:aa" },
  },
  {
    says: "a whole message inside a field",
    shape: { kind: "message", dialect: inner },
    hex: "30383030 a000000000000000 0400000000000000 3132 333031",
    values: { "2.0": "0800", "2.3": "12", "2.70": "301" },
  },
];

describe("iso8583/composites", () => {
  for (const { says, shape, hex, values } of rows) {
    it(`reads, writes and builds ${says}`, () => {
      const spec = composite(shape);
      const codec = compile(spec);
      const content = hex.replaceAll(" ", "");
      const field = (content.length / 2).toString(16).padStart(2, "0") + content;

      const message = read(spec, messageOf(field));
      const built = codec.fromJSON({ "0": "0100", ...values });
      const setOneByOne = codec.create("0100");
      for (const [path, value] of Object.entries(values)) setOneByOne.set(path, value);

      expect(message.toJSON()).to.deep.equal({ "0": "0100", ...values });
      for (const [path, value] of Object.entries(values)) expect(message.get(path), path).to.equal(value);
      expect(fieldHex(codec, message)).to.equal(field);
      expect(fieldHex(codec, built)).to.equal(field);
      expect(fieldHex(codec, setOneByOne)).to.equal(field);
    });
  }

  it("reads chip data that is written in hexadecimal characters, and names the character where it breaks off", () => {
    const shape = { kind: "ber-tlv", nests: true } as const;
    const spec = oneField({
      name: "Chip",
      content: "b",
      encoding: "hex",
      max: 99,
      prefix: { ...one, counts: "characters" },
      shape,
    });
    const codec = compile(spec);
    const message = read(spec, messageOf("0a 39463336303241424344"));

    message.set("2.9F37", "hex:01");

    expect(message.get("2.9F36")).to.equal("hex:abcd");
    expect(fieldHex(codec, message)).to.equal("12394633363032414243443946333730313031");
    expect(refusal(spec, messageOf("08 3946333630324142"))).to.equal("part_overrun at 2.9F36, byte 17");
  });

  it("counts what nobody has described, and keeps it where it came", () => {
    const shape = { ...tagged, parts: { "01": part("n", 1) } } as const;
    const message = read(composite(shape), messageOf("0f 3939 3031 78 3031 3031 35 3939 3031 79"));

    message.set("2.01", "6");

    expect(message.unknown).to.deep.equal({ count: 2, paths: ["2.99", "2.99#2"] });
    expect(fieldHex(compile(composite(shape)), message)).to.equal("0f393930317830313031363939303179");
  });

  it("counts the tags that a list of tags does not have, in templates too", () => {
    const shape = { kind: "ber-tlv", nests: true, parts: { "9A": bytes(3) } } as const;

    const message = read(composite(shape), messageOf("0f 9a03210720 9f3601aa e104 df010100"));

    expect(message.unknown.paths).to.deep.equal(["2.9F36", "2.E1", "2.E1.DF01"]);
  });

  it("has nothing unknown where the layout lists no tags", () => {
    const message = read(composite({ kind: "ber-tlv", nests: true }), messageOf("05 9a03210720"));

    expect(message.unknown).to.deep.equal({ count: 0, paths: [] });
  });

  it("keeps what follows an unlisted part of a bitmap, and writes it with its bit beside new parts", () => {
    const shape = {
      kind: "bitmapped",
      bitmapBytes: 3,
      keepsRest: true,
      parts: { 1: part("n", 1), 2: part("n", 1) },
    } as const;
    const spec = composite(shape);
    const codec = compile(spec);
    const message = read(spec, messageOf("07 902000 31 aabbcc"));

    const again = codec.fromJSON(message.toJSON());
    message.set("2.2", "7");

    expect(message.get("2.rest")).to.equal("hex:102000aabbcc");
    expect(message.unknown.paths).to.deep.equal(["2.rest"]);
    expect(fieldHex(codec, again)).to.equal("0790200031aabbcc");
    expect(fieldHex(codec, message)).to.equal("08d020003137aabbcc");
    message.remove("2.rest");
    expect(fieldHex(codec, message)).to.equal("05c000003137");
  });

  const refused: readonly (readonly [string, Shape, string, string])[] = [
    [
      "a part of a sequence that is cut short",
      { kind: "sequence", parts: [part("n", 2), part("n", 2)] },
      "03 313233",
      "part_overrun at 2.2, byte 13",
    ],
    [
      "bytes behind a sequence",
      { kind: "sequence", parts: [part("n", 2)] },
      "03 313233",
      "trailing_bytes at 2, byte 13",
    ],
    [
      "a length that is less than what it counts",
      { ...tagged, lengthCounts: "all", parts: {} },
      "04 3432 3033",
      "length_out_of_range at 2.42, byte 13",
    ],
    [
      "a letter in BCD tags",
      { ...tagged, tagEncoding: "bcd", parts: {} },
      "03 4a 3030",
      "part_undefined at 2, byte 11",
    ],
    [
      "an unlisted part of a bitmap",
      { kind: "bitmapped", bitmapBytes: 2, parts: { 1: part("n", 1) } },
      "03 c000 31",
      "part_undefined at 2.2, byte 14",
    ],
    [
      "a continued bitmap without end",
      { kind: "bitmapped", bitmapBytes: 1, isContinued: true, parts: {} },
      "02 8080",
      "part_overrun at 2, byte 11",
    ],
    [
      "a dataset bitmap that is cut short",
      { kind: "dataset-bitmap", parts: {} },
      "02 8000",
      "part_overrun at 2, byte 11",
    ],
    [
      "an unlisted part of a dataset",
      { kind: "dataset-bitmap", parts: {} },
      "03 4000 31",
      "part_undefined at 2.1, byte 13",
    ],
    [
      "a message in a field that is cut short",
      { kind: "message", dialect: inner },
      "0d 30383030 2000000000000000 31",
      "part_overrun at 2.3, byte 23",
    ],
    [
      "bytes behind a message in a field",
      { kind: "message", dialect: inner },
      "0f 30383030 2000000000000000 313233",
      "trailing_bytes at 2, byte 25",
    ],
    [
      "a message in a field with a field that it does not have",
      { kind: "message", dialect: inner },
      "0c 30383030 1000000000000000",
      "field_undefined at 2.4, byte 23",
    ],
    ["a tag of five bytes", { kind: "ber-tlv", nests: true }, "06 df8182838401", "tlv_invalid at 2, byte 11"],
    ["a length of 2^31", { kind: "ber-tlv", nests: true }, "06 5a 84 80000000", "tlv_invalid at 2.5A, byte 12"],
    [
      "a tag whose value is not as its layout says",
      { kind: "ber-tlv", nests: true, parts: { "9A": part("n", 2) } },
      "04 9a02 3141",
      "content_invalid at 2.9A, byte 14",
    ],
  ];
  for (const [says, shape, hex, expected] of refused) {
    it(`refuses ${says} and says where`, () => {
      expect(refusal(composite(shape), messageOf(hex))).to.equal(expected);
    });
  }

  it("refuses templates that are nested deeper than any card's", () => {
    let content = "";
    for (let level = 0; level < 20; level++)
      content = `e1${(content.length / 2).toString(16).padStart(2, "0")}${content}`;

    expect(refusal(composite({ kind: "ber-tlv", nests: true }), messageOf(`28${content}`))).to.match(
      /^tlv_invalid at 2\.E1/,
    );
  });

  it("reads a last part that ends with its composite and not at its character, and keeps it so", () => {
    const line: FieldSpec = { name: "Line", content: "ans", encoding: "ascii", max: 20, terminator: "\\" };
    const spec = composite({ kind: "sequence", parts: [line, line] });

    const message = read(spec, messageOf("04 415c 4243"));

    expect(message.toJSON()).to.include({ "2.1": "A", "2.2": "BC" });
    expect(fieldHex(compile(spec), message)).to.equal("04415c4243");
  });

  it("sets no part of a sequence before those in front of it", () => {
    const message = compile(composite({ kind: "sequence", parts: [part("n", 2), part("n", 2)] })).create("0100");

    expect(() => message.set("2.2", "12"))
      .to.throw(EncodeError)
      .with.property("path", "2.2");
    message.set("2.1", "34");
    message.set("2.2", "12");
    expect(message.toJSON()).to.include({ "2.1": "34", "2.2": "12" });
  });
});

describe("iso8583/variants", () => {
  const fixed: FieldSpec = { name: "Fixed", content: "ans", encoding: "ascii", max: 20, prefix: one };
  const bits: FieldSpec = {
    name: "Bits",
    content: "b",
    encoding: "binary",
    max: 20,
    prefix: one,
    shape: { kind: "bitmapped", bitmapBytes: 1, parts: { 1: part("n", 2) } },
  };

  it("takes the layout whose first byte it finds", () => {
    const spec = oneField({
      ...fixed,
      variants: [{ when: { test: "first-byte", from: 0x80, to: 0xff }, field: bits }],
    });
    const codec = compile(spec);

    expect(read(spec, messageOf("03 803132")).toJSON()).to.deep.equal({ "0": "0100", "2.1": "12" });
    expect(read(spec, messageOf("03 413132")).toJSON()).to.deep.equal({ "0": "0100", "2": "A12" });
    expect(fieldHex(codec, codec.fromJSON({ "0": "0100", "2.1": "12" }))).to.equal("03803132");
    expect(fieldHex(codec, codec.fromJSON({ "0": "0100", "2": "A12" }))).to.equal("03413132");
  });

  it("takes the bounds of a first byte in, and nothing beyond them", () => {
    const spec = oneField({
      ...fixed,
      variants: [{ when: { test: "first-byte", from: 0x42, to: 0x44 }, field: bits }],
    });

    const layouts = [0x41, 0x42, 0x43, 0x44, 0x45].map((byte) => refusal(spec, messageOf(`01 ${byte.toString(16)}`)));

    expect(layouts.map((result) => result !== "read")).to.deep.equal([false, true, true, true, false]);
  });

  it("never writes a value in a layout in which it would be read as another", () => {
    const ascii: FieldSpec = { ...fixed, name: "ASCII" };
    const ebcdic: FieldSpec = { ...fixed, encoding: "cp037" };
    const spec = oneField({
      ...ebcdic,
      variants: [{ when: { test: "first-byte", from: 0x30, to: 0x39 }, field: ascii }],
    });
    const codec = compile(spec);

    const message = codec.fromJSON({ "0": "0100", "2": "ab" });

    expect(message.get("2")).to.equal("ab");
    expect(fieldHex(codec, message)).to.equal("028182");
    expect(fieldHex(codec, codec.fromJSON({ "0": "0100", "2": "1b" }))).to.equal("023162");
  });

  it("takes the layout whose length it finds", () => {
    const long: FieldSpec = { ...fixed, name: "Long", content: "n" };
    const spec = oneField({ ...fixed, variants: [{ when: { test: "length", from: 4, to: 20 }, field: long }] });

    expect(refusal(spec, messageOf("04 41424344"))).to.equal("content_invalid at 2, byte 11");
    expect(read(spec, messageOf("03 414243")).get("2")).to.equal("ABC");
    expect(() => compile(spec).fromJSON({ "0": "0100", "2": "ABCD" })).to.throw(EncodeError);
  });

  it("takes the layout that another field asks for, in whatever order they are set", () => {
    const field: FieldSpec = {
      ...fixed,
      variants: [{ when: { test: "field", path: "2.1", values: ["20"] }, field: { ...part("n", 4), encoding: "bcd" } }],
    };
    const spec: DialectSpec = {
      ...oneField(fixed),
      fields: {
        2: {
          ...part("n", 4),
          shape: {
            kind: "positional",
            parts: [
              { name: "A", content: "n", length: 2 },
              { name: "B", content: "n", length: 2 },
            ],
          },
        },
        3: field,
      },
    };
    const codec = compile(spec);
    const refund = codec.fromJSON({ "0": "0100", "3": "1234", "2.1": "20", "2.2": "00" });

    expect(Buffer.from(codec.encode(refund)).toString("hex")).to.equal("01006000000000000000323030301234");
    expect(read(spec, codec.encode(refund)).get("3")).to.equal("1234");
    const purchase = codec.fromJSON({ "0": "0100", "3": "1234", "2.1": "00", "2.2": "00" });
    expect(Buffer.from(codec.encode(purchase)).toString("hex")).to.equal("0100600000000000000030303030" + "0431323334");
  });

  it("takes the layout that the message type asks for", () => {
    const spec = oneField({
      ...fixed,
      variants: [
        {
          when: {
            test: "all",
            of: [
              { test: "mti", values: ["08"] },
              { test: "not", of: { test: "length", from: 1, to: 20 } },
            ],
          },
          field: { ...part("n", 2) },
        },
        { when: { test: "mti", values: ["08"] }, field: bits },
      ],
    });

    const result = compile(spec).decode(new Uint8Array(Buffer.from("08004000000000000000" + "03803132", "hex")));

    expect(result.ok && result.message.get("2.1")).to.equal("12");
    expect(read(spec, messageOf("03 413132")).get("2")).to.equal("A12");
  });

  it("has another layout for a subelement, too", () => {
    const sub: FieldSpec = {
      ...bytes(9),
      variants: [{ when: { test: "length", from: 2, to: 2 }, field: part("n", 2) }],
    };
    const spec = composite({ ...tagged, parts: { "01": sub } });

    expect(read(spec, messageOf("06 3031 3032 3132")).get("2.01")).to.equal("12");
    expect(read(spec, messageOf("05 3031 3031 41")).get("2.01")).to.equal("hex:41");
  });
});
