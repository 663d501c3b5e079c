import { expect } from "chai";
import {
  type DecodeError,
  type DecodeErrorCode,
  type DialectName,
  compile,
  decodeErrorCodes,
  dialects,
} from "../../src/iso8583/public.ts";
import { aloneContentAt, aloneMessage, asciiWithBinaryBitmap, fieldAlone } from "./local-dialects.ts";

interface Refusal {
  readonly title: string;
  readonly dialect: DialectName;
  /** ASCII text for iso87-ascii, hexadecimal digits elsewhere; without the header of visa-style. */
  readonly message: string;
  readonly code: DecodeErrorCode;
  readonly path: string;
  /** From the message type. */
  readonly offset: number;
}

const refusals: readonly Refusal[] = [
  { title: "no bytes at all", dialect: "iso87-ascii", message: "", code: "truncated", path: "0", offset: 0 },
  { title: "a type with a letter", dialect: "iso87-ascii", message: "01O0", code: "mti_invalid", path: "0", offset: 2 },
  {
    title: "a bitmap with a letter beyond F",
    dialect: "iso87-ascii",
    message: "0100" + "722000G108E09200",
    code: "bitmap_invalid",
    path: "1",
    offset: 10,
  },
  {
    title: "a bitmap cut short",
    dialect: "visa-style",
    message: "0100" + "f22464",
    code: "truncated",
    path: "1",
    offset: 2,
  },
  {
    title: "a third bitmap where the dialect has two",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "8000000000000000" + "8000000000000000",
    code: "bitmap_invalid",
    path: "1",
    offset: 12,
  },
  {
    title: "a fourth bitmap",
    dialect: "visa-style",
    message: "0100" + "8000000000000000".repeat(3),
    code: "bitmap_invalid",
    path: "1",
    offset: 18,
  },
  {
    title: "a field that the dialect does not have",
    dialect: "visa-style",
    message: "0100" + "2000000001000000" + "003000",
    code: "field_undefined",
    path: "40",
    offset: 13,
  },
  {
    title: "a length in letters",
    dialect: "iso87-ascii",
    message: "0100" + "4000000000000000" + "1S4000056655665556",
    code: "length_invalid",
    path: "2",
    offset: 20,
  },
  {
    title: "a PAN of 20 digits",
    dialect: "visa-style",
    message: "0100" + "4000000000000000" + "14" + "40000566556655561234",
    code: "length_out_of_range",
    path: "2",
    offset: 10,
  },
  {
    title: "a PAN that ends with the message",
    dialect: "visa-style",
    message: "0100" + "4000000000000000" + "10" + "400005",
    code: "truncated",
    path: "2",
    offset: 11,
  },
  {
    title: "a letter in an amount",
    dialect: "iso87-ascii",
    message: "0100" + "3000000000000000" + "003000" + "0000000O2500",
    code: "content_invalid",
    path: "4",
    offset: 33,
  },
  {
    title: "nibble A in an amount",
    dialect: "visa-style",
    message: "0100" + "1000000000000000" + "00000000a500",
    code: "content_invalid",
    path: "4",
    offset: 14,
  },
  {
    title: "four digits where there are three",
    dialect: "visa-style",
    message: "0100" + "0000200000000000" + "1840",
    code: "content_invalid",
    path: "19",
    offset: 10,
  },
  {
    title: "a control character in a merchant's name",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "0000000000200000" + "00".repeat(40),
    code: "content_invalid",
    path: "43.1",
    offset: 12,
  },
  {
    title: "a fee that is neither credit nor debit",
    dialect: "iso87-ascii",
    message: "0100" + "0000001000000000" + "X00000030",
    code: "content_invalid",
    path: "28",
    offset: 20,
  },
  {
    title: "a tag of DE48 that is no number",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "0000000000010000" + "f0f0f5" + "e3" + "f4c1f0f0",
    code: "part_undefined",
    path: "48",
    offset: 16,
  },
  {
    title: "a DE62 shorter than its bitmap",
    dialect: "visa-style",
    message: "0100" + "0000000000000004" + "02" + "8000",
    code: "part_overrun",
    path: "62",
    offset: 11,
  },
  {
    title: "a transaction identifier that reaches beyond DE62",
    dialect: "visa-style",
    message: "0100" + "0000000000000004" + "0a" + "4000000000000000" + "0303",
    code: "part_overrun",
    path: "62.2",
    offset: 19,
  },
  {
    title: "bytes behind the last part of DE63",
    dialect: "visa-style",
    message: "0100" + "0000000000000002" + "06" + "800000" + "0002" + "ff",
    code: "trailing_bytes",
    path: "63",
    offset: 16,
  },
  {
    title: "a subelement longer than DE48",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "0000000000010000" + "f0f0f8" + "e3" + "f4f2f0f7f0f1f0",
    code: "part_overrun",
    path: "48.42",
    offset: 20,
  },
  {
    title: "a subelement of a subelement longer than its parent",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "0000000000010000" + "f0f1f2" + "e3" + "f4f2f0f7" + "f0f1f0f4f2f1f0",
    code: "part_overrun",
    path: "48.42.01",
    offset: 24,
  },
  {
    title: "a CVC2 of two digits",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "0000000000010000" + "f0f0f7" + "e3" + "f9f2f0f2" + "f1f2",
    code: "length_out_of_range",
    path: "48.92",
    offset: 18,
  },
  {
    title: "a letter in the cardholder presence",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "0000000000000008" + "f0f0f4" + "f1f0f2c1",
    code: "content_invalid",
    path: "61.4",
    offset: 18,
  },
  {
    title: "a country code cut short in DE61",
    dialect: "mastercard-style",
    message: "f0f1f0f0" + "0000000000000008" + "f0f1f4" + "f0".repeat(14),
    code: "part_overrun",
    path: "61.13",
    offset: 28,
  },
  {
    title: "bytes behind the last field",
    dialect: "iso87-ascii",
    message: "0800" + "2000000000000000" + "000000" + "00",
    code: "trailing_bytes",
    path: "",
    offset: 26,
  },
];

describe("iso8583/decode-error", () => {
  for (const { title, dialect, message, code, path, offset } of refusals) {
    it(`refuses ${title} (${dialect}) and says where`, () => {
      const error = refused(dialect, message);

      const headerBytes = dialect === "visa-style" ? 22 : 0;
      expect({ code: error.code, path: error.path, offset: error.offset - headerBytes }).to.deep.equal({
        code,
        path,
        offset,
      });
    });
  }

  const broken: readonly (readonly [string, DecodeErrorCode, string, number])[] = [
    ["9f", "tlv_invalid", "55", 0],
    ["9f26", "tlv_invalid", "55.9F26", 2],
    ["9f2680", "tlv_invalid", "55.9F26", 2],
    ["9f2684ffffffff", "tlv_invalid", "55.9F26", 2],
    ["9f2682ff", "tlv_invalid", "55.9F26", 2],
    ["9f2683ffffff00", "part_overrun", "55.9F26", 6],
    ["9f260801", "part_overrun", "55.9F26", 3],
    ["9fffffff01", "tlv_invalid", "55", 0],
    ["7005" + "9f26080102", "part_overrun", "55.70.9F26", 5],
    ["e107e105e103e101e1", "tlv_invalid", "55.E1.E1.E1.E1.E1", 9],
  ];
  for (const [content, code, path, offset] of broken) {
    it(`refuses the tags ${content} (${code} at ${path})`, () => {
      const result = compile(fieldAlone({ kind: "ber-tlv", nests: true })).decode(
        aloneMessage(new Uint8Array(Buffer.from(content, "hex"))),
      );

      const { ...error } = result.ok ? { code: "read", path: "", offset: -1 } : result.error;
      expect({ code: error.code, path: error.path, offset: error.offset - aloneContentAt }).to.deep.equal({
        code,
        path,
        offset,
      });
    });
  }

  const datasets: readonly (readonly [string, DecodeErrorCode, string, number])[] = [
    ["01", "part_overrun", "55.01", 1],
    ["0100", "part_overrun", "55.01", 2],
    ["010001", "part_overrun", "55.01", 3],
    ["0100039f2601", "part_overrun", "55.01.9F26", 6],
    ["010000" + "0200019f", "tlv_invalid", "55.02", 6],
  ];
  for (const [content, code, path, offset] of datasets) {
    it(`refuses the datasets ${content} (${code} at ${path})`, () => {
      const result = compile(fieldAlone({ kind: "datasets", nests: true })).decode(
        aloneMessage(new Uint8Array(Buffer.from(content, "hex"))),
      );

      const error = result.ok ? { code: "read", path: "", offset: -1 } : result.error;
      expect([error.code, error.path, error.offset - aloneContentAt]).to.deep.equal([code, path, offset]);
    });
  }

  it("reads an empty dataset, and zero bytes behind the last one as padding", () => {
    const codec = compile(fieldAlone({ kind: "datasets", nests: true }));
    const bytes = aloneMessage(new Uint8Array(Buffer.from("010000" + "020003820101" + "0000000000", "hex")));

    const result = codec.decode(bytes);

    if (!result.ok) return expect.fail(`${result.error.code} at ${result.error.path}`);
    expect(result.message.toJSON()).to.deep.equal({ "0": "0100", "55.01": "hex:", "55.02.82": "hex:01" });
    expect(Buffer.compare(codec.encode(result.message), bytes)).to.equal(0);
  });

  const lengths: readonly (readonly [string, string])[] = [
    ["0a01", "length_invalid"],
    ["a001", "length_invalid"],
    ["0a", "truncated"],
    ["9999", "length_out_of_range"],
  ];
  for (const [length, code] of lengths) {
    it(`refuses the BCD length ${length} (${code})`, () => {
      const bytes = Buffer.concat([Buffer.from("0800"), Buffer.from(`0000000000000200${length}`, "hex")]);

      const result = compile(asciiWithBinaryBitmap).decode(new Uint8Array(bytes));

      expect(result.ok ? "read" : result.error).to.include({ code, path: "55", offset: 12 });
    });
  }

  it("refuses templates inside templates beyond eight levels", () => {
    let content = Buffer.from("9f2600", "hex");
    for (let level = 0; level < 9; level++) content = Buffer.from([0x70, content.length, ...content]);

    const result = compile(fieldAlone({ kind: "ber-tlv", nests: true })).decode(aloneMessage(content));

    expect(result.ok ? "read" : result.error.code).to.equal("tlv_invalid");
  });

  const headers: readonly (readonly [string, string, number])[] = [
    ["a header that is too short to be one", "15" + "0".repeat(60), 0],
    ["a header whose total is not the length of the message", "160102ffff" + "00".repeat(17) + "0800", 3],
    ["headers without end", "168102006e".padEnd(44, "0") + "168102006e".padEnd(44, "0").repeat(4), 88],
  ];
  for (const [title, hex, offset] of headers) {
    it(`refuses ${title}`, () => {
      const result = compile(dialects["visa-style"]).decode(new Uint8Array(Buffer.from(hex, "hex")));

      expect(result.ok ? "read" : result.error).to.include({ code: "header_invalid", path: "header", offset });
      expect(result.ok ? "read" : result.error.partial).to.equal(null);
    });
  }

  it("reads on after a fault of content, so that a format error can be answered with the message's own keys", () => {
    const error = refused(
      "iso87-ascii",
      "0100" + "7020000008000000" + "164000056655665556" + "003000" + "00000000x500" + "0A0503" + "632616000503",
    );

    expect(error).to.include({ code: "content_invalid", path: "4" });
    expect(error.partial?.toJSON()).to.deep.equal({
      "0": "0100",
      "2": "4000056655665556",
      "3": "003000",
      "37": "632616000503",
    });
    expect(error.partial?.get("11")).to.equal(undefined);
    error.partial?.remove("4");
    error.partial?.remove("11");
    const { partial } = error;
    if (partial === null) return expect.fail("no partial message");
    const written = compile(dialects["iso87-ascii"]).encode(partial);
    expect(Buffer.from(written).toString("latin1")).to.equal(
      "0100" + "6000000008000000" + "164000056655665556" + "003000" + "632616000503",
    );
  });

  it("keeps the sound parts of a composite that has a faulty one", () => {
    const error = refused(
      "visa-style",
      "0100" + "0000000000000004" + "11" + "4400000000000000" + "0303085254670208" + "00",
    );

    expect(error.path).to.equal("62.6");
    expect(error.partial?.get("62.2")).to.equal("303085254670208");
    expect(error.partial?.get("62")).to.equal(undefined);
  });

  it("stops at a fault of structure, since what follows could be anything", () => {
    const error = refused("iso87-ascii", "0100" + "6020000000000000" + "99" + "003000000503");

    expect(error).to.include({ code: "length_out_of_range", path: "2" });
    expect(error.partial?.toJSON()).to.deep.equal({ "0": "0100" });
  });

  it("says nothing about a sensitive value, not even one byte of it", () => {
    const error = refused("iso87-ascii", "0100" + "4000000000000000" + "16" + "40000566556655Z6");

    expect(error).to.include({ path: "2", offset: 36, found: "another character" });
    const { partial, ...told } = error;
    expect(JSON.stringify(told)).to.not.match(/4000|5a/i);
    expect(partial?.toJSON()).to.deep.equal({ "0": "0100" });
  });

  it("has a message, or a test in this file, for every code", () => {
    const tested = new Set<string>([...refusals.map(({ code }) => code), ...broken.map(([, code]) => code)]);
    tested.add("header_invalid");

    expect([...tested].sort()).to.deep.equal(Object.keys(decodeErrorCodes).sort());
  });
});

function refused(dialect: DialectName, message: string): DecodeError {
  const body = Buffer.from(message, dialect === "iso87-ascii" ? "latin1" : "hex");
  const header = Buffer.from("16010200000000001234560000000000000000000000", "hex");
  header.writeUInt16BE(header.length + body.length, 3);
  const bytes = dialect === "visa-style" ? Buffer.concat([header, body]) : body;
  const result = compile(dialects[dialect]).decode(new Uint8Array(bytes));
  if (result.ok) return expect.fail("the message was read");
  return result.error;
}
