import { expect } from "chai";
import type { DialectSpec, FieldSpec } from "../../specs/dialect.ts";
import { type FieldMapping, defaultFieldMapping } from "../../specs/field-mapping.ts";
import { compile } from "../../src/iso8583/public.ts";
import { importedFault, importedParts } from "../../src/switch/imported.ts";

const text = (length: number): FieldSpec => ({ name: "Text", content: "ans", encoding: "ascii", length });
const bytes = (length: number): FieldSpec => ({ name: "Bytes", content: "b", encoding: "binary", length });

const part = { name: "Part", content: "ans", length: 3 } as const;

/** A house of its own habits: digits as bytes, words for codes, everything elsewhere. */
const house: DialectSpec = {
  name: "house",
  title: "House",
  header: "none",
  mti: { encoding: "ascii" },
  bitmap: { encoding: "hex", count: 2 },
  fields: {
    4: bytes(5),
    7: text(10),
    11: text(8),
    34: {
      name: "Account",
      content: "ans",
      encoding: "ascii",
      max: 28,
      prefix: { encoding: "ascii", size: 2, counts: "bytes" },
    },
    35: bytes(13),
    38: text(8),
    39: text(4),
    44: bytes(2),
    48: { ...text(6), shape: { kind: "positional", parts: [part, part] } },
    60: text(5),
    61: text(1),
    62: text(15),
    63: {
      name: "Original",
      content: "n",
      encoding: "ascii",
      max: 20,
      prefix: { encoding: "ascii", size: 2, counts: "digits" },
    },
  },
};

const mapping: FieldMapping = {
  ...defaultFieldMapping,
  fields: {
    pan: { path: "34" },
    currency: { path: "48.1" },
    mcc: { value: "5999" },
    responseCode: { path: "39", values: { GOOD: "00", FULL: "51" } },
    networkChain: { path: "62" },
    merchantCountry: { path: "48.2" },
    originalStan: { path: "63", slice: { from: 4, length: 6 } },
    originalType: { path: "63", slice: { from: 0, length: 4 } },
    replacementAmount: { path: "63", slice: { from: 10, length: 10 } },
  },
  presence: { path: "61", present: ["Y"] },
  echo: { authorization: [4, 11, 62] },
  mandatory: { authorization: ["60"] },
};

const purchase = {
  "0": "0100",
  "4": "hex:0000002599",
  "7": "1122120000",
  "11": "00000501",
  "34": "4000008412345678",
  "48": "USDGBR",
  "60": "house",
  "61": "Y",
  "62": "306326584712345",
};

describe("switch/imported", () => {
  const wire = compile(house);
  const parts = importedParts({ spec: house, mapping });

  function taken(fields: Readonly<Record<string, string>>) {
    const decoded = parts.codec.decode(wire.encode(wire.fromJSON(fields)));
    if (!decoded.ok) return expect.fail(`${decoded.error.code} at ${decoded.error.path}`);
    return decoded.message;
  }

  function answered(fields: Readonly<Record<string, string>>, changes: Readonly<Record<string, string>>) {
    const request = taken(fields);
    const reply = parts.codec.create("0110");
    reply.echo(request, [2, 4, 11, 49]);
    for (const [path, value] of Object.entries(changes)) reply.set(path, value);
    const decoded = wire.decode(parts.codec.encode(reply));
    return decoded.ok ? decoded.message.toJSON() : expect.fail(decoded.error.path);
  }

  it("shows a message as plain ISO 8583:1987 has it: moved, filled up, from bytes, and what goes without saying", () => {
    expect(taken(purchase).toJSON()).to.deep.equal({
      "0": "0100",
      "2": "4000008412345678",
      "4": "000000002599",
      "7": "1122120000",
      "11": "000501",
      "18": "5999",
      "49": "840",
    });
  });

  it("tells the chain, the presence and the country of the merchant from where the mapping says", () => {
    const { mapping: link } = parts;
    const there = taken(purchase);
    const away = taken({ ...purchase, "61": "N" });

    expect(link.networkChain(there)).to.equal("306326584712345");
    expect(link.merchantCountry(there)).to.equal(826);
    expect([link.presence(there), link.presence(away)]).to.deep.equal(["present", "not_present"]);
  });

  it("goes by the generic link where a message says none of it", () => {
    const { mapping: link } = parts;
    const { "48": _country, "61": _presence, "62": _chain, ...rest } = purchase;
    const message = taken(rest);

    expect(link.networkChain(message)).to.equal(null);
    expect(link.presence(message)).to.equal("not_present");
    expect(link.merchantCountry(message)).to.equal(0);
  });

  it("carries over the bytes of the request, and writes codes in the words of the house", () => {
    expect(answered(purchase, { "38": "123456", "39": "00" })).to.deep.equal({
      "0": "0110",
      "4": "hex:0000002599",
      "11": "00000501",
      "38": "123456  ",
      "39": "GOOD",
      "62": "306326584712345",
    });
  });

  it("writes an amount that has changed, a field to blame, and a code without a word of its own", () => {
    expect(answered(purchase, { "4": "000000001000", "39": "10", "44": "004" })).to.include({
      "4": "hex:0000001000",
      "39": "10  ",
      "44": "hex:0004",
    });
  });

  it("writes three digits as ISO 8583:1993 means them where the house has no word, and no decline as an approval", () => {
    const spec: DialectSpec = { ...house, fields: { ...house.fields, 39: { ...text(3), content: "n" } } };
    const fields = { ...mapping.fields, responseCode: { path: "39", values: { "117": "75" } } };
    const later = importedParts({ spec, mapping: { ...mapping, fields } });
    const written = (code: string) => {
      const reply = later.codec.create("0110");
      reply.set("11", "000501");
      reply.set("39", code);
      const decoded = compile(spec).decode(later.codec.encode(reply));
      return decoded.ok ? decoded.message.get("39") : expect.fail(decoded.error.path);
    };

    expect(["00", "51", "14", "75", "1A"].map(written)).to.deep.equal(["000", "116", "111", "117", "100"]);
  });

  it("takes a code that fits no table for a decline, unless its three digits approve", () => {
    const code = (word: string) => taken({ ...purchase, "0": "0120", "39": word }).get("39");

    expect(["GOOD", "NONE", "002 ", "119 ", "400 "].map(code)).to.deep.equal(["00", "05", "00", "05", "00"]);
  });

  it("names original and replacement of a reversal from slices of one field", () => {
    const message = taken({ ...purchase, "0": "0400", "63": "01000005010000001000" });

    expect(message.get("90")).to.equal(`0100000501${"0".repeat(32)}`);
    expect(message.get("95")).to.equal(`000000001000${"0".repeat(30)}`);
    expect(taken({ ...purchase, "0": "0400", "63": "0100000501" }).has("95")).to.equal(false);
  });

  it("refuses a replacement or an original that is longer than its place, and does not cut it down", () => {
    const long = importedParts({
      spec: house,
      mapping: { ...mapping, fields: { ...mapping.fields, replacementAmount: { path: "63" } } },
    });
    const other = importedParts({
      spec: house,
      mapping: { ...mapping, fields: { ...mapping.fields, originalStan: { path: "63" }, replacementAmount: null } },
    });
    const reversal = wire.encode(wire.fromJSON({ ...purchase, "0": "0400", "63": "9000000001000" }));
    const zeros = wire.encode(wire.fromJSON({ ...purchase, "0": "0400", "63": "0000000001000" }));
    const sale = wire.encode(wire.fromJSON({ ...purchase, "63": "9000000001000" }));

    for (const { codec } of [long, other]) {
      const decoded = codec.decode(reversal);
      expect(decoded.ok ? "read" : decoded.error).to.include({ code: "content_invalid", path: "63" });
      expect(codec.decode(sale).ok).to.equal(true);
    }
    const read = long.codec.decode(zeros);
    expect(read.ok && read.message.get("95")).to.equal(`000000001000${"0".repeat(30)}`);
  });

  it("answers a version of 1993 in kind, and takes its types for those of 1987", () => {
    const request = taken({ ...purchase, "0": "1100" });
    const reply = parts.codec.create("0110");
    reply.echo(request, [11]);

    const decoded = wire.decode(parts.codec.encode(reply));

    expect(request.mti).to.equal("0100");
    expect(decoded.ok && decoded.message.mti).to.equal("1110");
    expect(taken({ ...purchase, "0": "1804" }).mti).to.equal("0800");
  });

  it("sends messages of our own in the version of the link", () => {
    const later = importedParts({ spec: house, mapping: { ...mapping, version: "1" } });
    const message = later.codec.create("0800");
    message.set("11", "000042");

    const decoded = wire.decode(later.codec.encode(message));

    expect(decoded.ok && decoded.message.toJSON()).to.deep.equal({ "0": "1800", "11": "000042  " });
  });

  it("refuses what the house demands and does not get, with the field and all that could be read", () => {
    const { "60": _missing, ...rest } = purchase;

    const decoded = parts.codec.decode(wire.encode(wire.fromJSON(rest)));

    expect(decoded.ok ? "read" : decoded.error).to.include({ path: "60", found: "nothing" });
    expect(!decoded.ok && decoded.error.partial?.get("11")).to.equal("000501");
  });

  it("refuses a value that means nothing in its place, by the house's own field and byte", () => {
    const decoded = parts.codec.decode(wire.encode(wire.fromJSON({ ...purchase, "7": "yesterday " })));

    expect(decoded.ok ? "read" : decoded.error).to.include({ code: "content_invalid", path: "7", offset: 25 });
  });

  it("passes on where a message breaks its dialect", () => {
    const frame = wire.encode(wire.fromJSON(purchase));

    const decoded = parts.codec.decode(frame.subarray(0, 30));

    expect(decoded.ok ? "read" : decoded.error).to.include({ code: "truncated", path: "7" });
  });

  const faults: readonly [string, Partial<FieldMapping>, string][] = [
    ["a field that is not there", { fields: { pan: { path: "99" } } }, '"mapping.pan" names the field 99'],
    [
      "a part that is not there",
      { fields: { ...mapping.fields, mcc: { path: "48.3" } } },
      '"mapping.mcc" names the field 48.3',
    ],
    [
      "a presence that is not there",
      { presence: { path: "70", present: ["Y"] } },
      '"mapping.presence" names the field 70',
    ],
    ["an echo of nothing", { echo: { reversal: [90] } }, '"mapping.echo.reversal" names the field 90'],
    ["a demand for nothing", { mandatory: { other: ["9"] } }, '"mapping.mandatory.other" names the field 9'],
    ["no trace number", { fields: { ...mapping.fields, stan: null } }, '"mapping.stan" is needed'],
    [
      "half a code",
      { fields: { responseCode: { path: "39", slice: { from: 0, length: 2 } } } },
      '"mapping.responseCode" is needed',
    ],
    ["codes that do not fit", { fields: { responseCode: { path: "61" } } }, '"mapping.responseCode" cannot be written'],
  ];
  for (const [title, changes, complaint] of faults) {
    it(`says what is wrong with a mapping that has ${title}`, () => {
      expect(importedFault(house, { spec: house, mapping: { ...mapping, ...changes } })).to.include(complaint);
    });
  }

  it("finds nothing wrong with a sound one", () => {
    expect(importedFault(house, { spec: house, mapping })).to.equal(null);
  });
});
