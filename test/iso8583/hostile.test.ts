import { expect } from "chai";
import fc from "fast-check";
import type { DialectSpec, FieldSpec, LengthPrefix, Shape } from "../../specs/dialect.ts";
import { compile } from "../../src/iso8583/public.ts";
import { messageOf, oneField } from "./one-field.ts";

const decodeMsMax = 50;
const two = { encoding: "binary", size: 2, counts: "bytes" } as const satisfies LengthPrefix;
const bytes = (max: number): FieldSpec => ({ name: "Bytes", content: "b", encoding: "binary", max, prefix: two });
const text = (length: number): FieldSpec => ({ name: "Text", content: "ans", encoding: "ascii", length });
const composite = (shape: Shape): FieldSpec => ({ ...bytes(65_535), content: "any", shape });

const shapes: readonly Shape[] = [
  { kind: "sequence", parts: [text(2), bytes(9), { ...text(2), variants: [] }] },
  { kind: "tagged", encoding: "ascii", tagDigits: 2, tagContent: "an", lengthDigits: 2, parts: { "01": text(3) } },
  {
    kind: "tagged",
    encoding: "ascii",
    tagDigits: 1,
    tagEncoding: "binary",
    lengthDigits: 2,
    lengthEncoding: "binary",
    parts: {},
  },
  { kind: "bitmapped", bitmapBytes: 1, isContinued: true, keepsRest: true, parts: { 2: text(1), 12: text(2) } },
  { kind: "bitmapped", bitmapBytes: 2, bitmapEncoding: "hex", parts: { 2: text(1) } },
  { kind: "ber-tlv", nests: true, parts: { "9A": { ...bytes(6), content: "n", encoding: "bcd" } } },
  {
    kind: "datasets",
    nests: true,
    parts: { "71": { name: "Bits", shape: { kind: "dataset-bitmap", parts: { 1: text(1), 17: text(1) } } } },
  },
  {
    kind: "message",
    dialect: { ...oneField(bytes(99)), fields: { 2: bytes(99), 3: composite({ kind: "ber-tlv", nests: true }) } },
  },
];

/** A layout with a field of every kind that there is, and others that hold them in hexadecimal characters. */
const everything: DialectSpec = {
  ...oneField(text(1)),
  bitmap: { encoding: "binary", count: 3, third: "field-65" },
  fields: Object.fromEntries([
    ...shapes.map((shape, index): [number, FieldSpec] => [index + 2, composite(shape)]),
    ...shapes.map((shape, index): [number, FieldSpec] => [
      index + 12,
      { ...composite(shape), encoding: "hex", content: "b" },
    ]),
    [22, { name: "Line", content: "ans", encoding: "cp500", max: 40, terminator: "|" }],
    [23, { ...bytes(9), isFilled: true }],
    [24, { name: "Zoned", content: "n", encoding: "zoned-ebcdic", length: 4 }],
    [25, { name: "Amount", content: "x+n", encoding: "bcd", length: 4 }],
    [26, { name: "UTF-8", content: "ans", encoding: "utf-8", max: 99, prefix: { ...two, isInclusive: true } }],
    [
      27,
      {
        name: "BER",
        content: "b",
        encoding: "binary",
        max: 2 ** 31,
        prefix: { encoding: "ber", size: 5, counts: "bytes" },
      },
    ],
    [28, { name: "Padded", content: "n", encoding: "bcd-left-f", length: 9, pad: { side: "right", with: "F" } }],
    [130, { ...text(2), variants: [{ when: { test: "first-byte", from: 0x30, to: 0x39 }, field: bytes(9) }] }],
  ]),
};

describe("iso8583/hostile", () => {
  const codec = compile(everything);

  it("answers any bytes in any kind of field with a message or a typed error", () =>
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 28 }), fc.uint8Array({ maxLength: 60 }), (number, content) => {
        const bitmap = new Uint8Array(8);
        bitmap[(number - 1) >> 3] = 0x80 >> ((number - 1) & 7);
        for (const head of [[], [0, content.length], [0, content.length >> 1]]) {
          answers(Uint8Array.of(0x01, 0x00, ...bitmap, ...head, ...content));
        }
      }),
      { numRuns: 3000 },
    ));

  it("answers damage to a message of all fields", () => {
    const sound = codec.encode(
      codec.fromJSON({
        "0": "0100",
        "2.1": "ab",
        "2.2": "hex:01",
        "3.01": "abc",
        "4.DF": "x",
        "5.2": "1",
        "5.12": "22",
        "7.9A": "210720",
        "7.E1.DF01": "hex:aa",
        "8.71.17": "a",
        "8.01.9F36": "hex:0011",
        "9.0": "0100",
        "9.3.9F36": "hex:0011",
        "17.9F36": "hex:0011",
        "22": "line",
        "24": "-0123",
        "25": "D123",
        "26": "Zü€",
        "28": "1234",
        "130": "ab",
      }),
    );

    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { maxLength: 4 }),
        fc.nat(sound.length),
        (changes, length) => {
          const bytes = sound.slice(0, length % 4 === 0 ? length : sound.length);
          for (const [at, byte] of changes) if (at < bytes.length) bytes[at] = byte;
          answers(bytes);
        },
      ),
      { numRuns: 3000 },
    );
  });

  const long: readonly (readonly [string, Shape, string])[] = [
    ["datasets of nothing, the last one of something", { kind: "datasets", nests: true }, `${"00".repeat(65_000)}01`],
    ["zero bytes between tags", { kind: "ber-tlv", nests: true }, "00".repeat(65_000)],
    ["empty tags", { kind: "ber-tlv", nests: true }, "5a00".repeat(32_000)],
    ["templates in templates", { kind: "ber-tlv", nests: true }, "e182ffffe182ffff".repeat(8_000)],
    [
      "empty subelements",
      { kind: "tagged", encoding: "ascii", tagDigits: 2, lengthDigits: 2, parts: {} },
      "34323030".repeat(16_000),
    ],
    ["bitmaps that go on", { kind: "bitmapped", bitmapBytes: 1, isContinued: true, parts: {} }, "80".repeat(65_000)],
  ];
  for (const [says, shape, content] of long) {
    it(`takes less than ${decodeMsMax} ms of the processor for ${says}`, () => {
      const field = (content.length / 2).toString(16).padStart(4, "0") + content;
      const one = compile(oneField(composite(shape)));
      const input = messageOf(field);
      const start = process.cpuUsage();

      const result = one.decode(input);

      expect(process.cpuUsage(start).user / 1000).to.be.below(decodeMsMax);
      if (result.ok) expect(Buffer.compare(one.encode(result.message), input)).to.equal(0);
    });
  }

  it("remembers no more unknown subelements than a peer with manners has", () => {
    const shape: Shape = {
      kind: "tagged",
      encoding: "ascii",
      tagDigits: 4,
      tagContent: "an",
      lengthDigits: 1,
      parts: {},
    };
    const one = compile(oneField(composite(shape)));

    for (let round = 0; round < 5; round++) {
      let content = "";
      for (let tag = 0; tag < 1000; tag++) content += `${String(round * 1000 + tag).padStart(4, "0")}0`;
      const field = Buffer.from(content).toString("hex");
      const result = one.decode(messageOf(content.length.toString(16).padStart(4, "0") + field));
      expect(result.ok && result.message.unknown.count).to.equal(1000);
    }
  });

  /** No throw, bounded time, the same bytes again; and JSON has all values, whatever order they came in. */
  function answers(input: Uint8Array): void {
    const start = process.cpuUsage();
    const result = codec.decode(input);
    expect(process.cpuUsage(start).user / 1000).to.be.below(decodeMsMax);
    if (!result.ok) {
      expect(result.error.offset).to.be.within(0, input.length);
      return;
    }
    expect(Buffer.compare(codec.encode(result.message), input)).to.equal(0);
    const json = result.message.toJSON();
    expect(codec.fromJSON(json).toJSON()).to.deep.equal(json);
  }
});
