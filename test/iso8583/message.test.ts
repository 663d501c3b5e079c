import { expect } from "chai";
import {
  type DialectName,
  EncodeError,
  type Message,
  compile,
  dialects,
  newHeader,
  replyHeader,
} from "../../src/iso8583/public.ts";
import { aloneMessage, fieldAlone } from "./local-dialects.ts";
import { samples } from "./samples.ts";

const names: readonly DialectName[] = ["visa-style", "mastercard-style", "iso87-ascii"];
const visa = compile(dialects["visa-style"]);
const mastercard = compile(dialects["mastercard-style"]);
const iso87 = compile(dialects["iso87-ascii"]);

describe("iso8583/message", () => {
  for (const name of names) {
    it(`${name}: what is written is read back, value for value and byte for byte`, () => {
      const codec = compile(dialects[name]);
      const bytes = codec.encode(codec.fromJSON(samples[name]));

      const message = read(name, bytes);

      expect({ ...message.toJSON(), header: "" }).to.deep.equal({ ...samples[name], header: "" });
      expect(hexOf(codec.encode(message))).to.equal(hexOf(bytes));
      expect(hexOf(codec.encode(codec.fromJSON(message.toJSON())))).to.equal(hexOf(bytes));
    });
  }

  it("writes a PAN of 19 digits behind a length of 19, in ten bytes that begin with a zero nibble", () => {
    const message = visaMessage("2", "4000056655665556123");

    expect(hexOf(message.bytes("2") ?? new Uint8Array())).to.equal("04000056655665556123");
    expect(hexOf(visa.encode(message)).slice(2 * 32, 2 * 33)).to.equal("13");
    expect(message.get("2")).to.equal("4000056655665556123");
  });

  it("writes the separator of track 2 as nibble D and reads it as =", () => {
    const message = visaMessage("35", "4567890123456783=3112");

    expect(hexOf(message.bytes("35") ?? new Uint8Array())).to.equal("04567890123456783d3112");
    expect(read("visa-style", visa.encode(message)).get("35")).to.equal("4567890123456783=3112");
  });

  it("reads a track 2 that ends with a nibble F, and keeps its bytes", () => {
    const bytes = visa.encode(visaMessage("35", "4567890123456783=3112"));
    const leftAligned = Uint8Array.from([...bytes.subarray(0, 33), ...octets("4567890123456783d3112f")]);

    const message = read("visa-style", leftAligned);

    expect(message.get("35")).to.equal("4567890123456783=3112");
    expect(hexOf(visa.encode(message))).to.equal(hexOf(leftAligned));
  });

  it("keeps a second bitmap that announces nothing, and hex bitmaps in lower case", () => {
    const bytes = new TextEncoder().encode(`0800a220000000000000${"0".repeat(16)}0000001122161500000001`);

    const message = read("iso87-ascii", bytes);

    expect(message.toJSON()).to.deep.equal({ "0": "0800", "3": "000000", "7": "1122161500", "11": "000001" });
    expect(hexOf(iso87.encode(message))).to.equal(hexOf(bytes));
  });

  it("writes new bitmaps once a field has joined or left", () => {
    const message = read("iso87-ascii", iso87.encode(iso87.fromJSON(samples["iso87-ascii"])));

    message.remove("90");
    message.set("70", "301");
    message.remove("70");

    const text = Buffer.from(iso87.encode(message)).toString("latin1");
    expect(text.slice(0, 22)).to.equal("0400" + "722000110AE09200" + "16");
  });

  it("announces the third bitmap in bit 65 of the second", () => {
    const message = visaMessage("130", "hex:e0f8c8");

    const hex = hexOf(visa.encode(message)).slice(2 * 24);

    expect(hex).to.equal("8000000000000000" + "8000000000000000" + "4000000000000000" + "e0f8c8");
  });

  it("changes one part of a composite and leaves the bytes of the others as they came", () => {
    // 9F36 with a length in two bytes where one would do, and padding behind it.
    const content = octets("9f26020102" + "9f3681020011" + "0000");
    const codec = compile(fieldAlone({ kind: "ber-tlv", nests: true }));
    const result = codec.decode(aloneMessage(content));
    if (!result.ok) return expect.fail(result.error.code);

    result.message.set("55.9F26", "hex:0a0b0c");

    expect(hexOf(result.message.bytes("55") ?? new Uint8Array())).to.equal("9f26030a0b0c" + "9f3681020011");
  });

  it("tells equal tags apart by their number", () => {
    const codec = compile(fieldAlone({ kind: "ber-tlv", nests: true }));
    const bytes = aloneMessage(octets("9f060101" + "9f060102" + "e1039f0600"));
    const result = codec.decode(bytes);
    if (!result.ok) return expect.fail(result.error.code);

    expect(result.message.toJSON()).to.deep.equal({
      "0": "0100",
      "55.9F06": "hex:01",
      "55.9F06#2": "hex:02",
      "55.E1.9F06": "hex:",
    });
    expect(hexOf(codec.encode(codec.fromJSON(result.message.toJSON())))).to.equal(hexOf(bytes));
  });

  for (const [length, head] of [
    [127, "7f"],
    [128, "8180"],
    [255, "81ff"],
    [256, "820100"],
  ] as const) {
    it(`writes the length of a tag of ${length} bytes as ${head}`, () => {
      const codec = compile(fieldAlone({ kind: "ber-tlv", nests: true }));
      const message = codec.create("0100");

      message.set("55.70.9F10", new Uint8Array(length).fill(7));

      expect(hexOf(message.bytes("55.70") ?? new Uint8Array())).to.equal(`9f10${head}${"07".repeat(length)}`);
      const result = codec.decode(codec.encode(message));
      expect(result.ok && result.message.get("55.70.9F10")).to.equal(`hex:${"07".repeat(length)}`);
    });
  }

  it("takes away a part, and the field with its last part", () => {
    const message = visaMessage("62.1", "Y");
    message.set("62.2", "303085254670208");

    message.remove("62.1");
    expect(hexOf(message.bytes("62") ?? new Uint8Array())).to.equal("4000000000000000" + "0303085254670208");

    message.remove("62.2");
    expect(message.toJSON()).to.not.have.any.keys("62", "62.1", "62.2");
    expect(hexOf(visa.encode(message)).slice(2 * 24)).to.equal("0000000000000000");
  });

  it("changes a position in the middle and keeps those behind it", () => {
    const message = visaMessage("60.4", "1");
    message.set("60.8", "07");

    message.set("60.5", "99");

    expect(message.get("60")).to.equal("0001990007");
  });

  it("sets positions one by one, and fills the ones in front of them", () => {
    const message = mastercard.create("0100");

    message.set("61.4", "5");
    message.set("61.1", "1");

    expect(message.get("61")).to.equal("1005");
    message.set("61.14", "8001");
    expect(message.get("61")).to.equal("1005000000000" + "000" + "8001");
  });

  it("keeps bitmapped parts in the order of their bits, whatever the order of setting", () => {
    const message = visaMessage("62.23", "A ");

    message.set("62.2", "303085254670208");
    message.set("62.1", "Y");

    expect(hexOf(message.bytes("62") ?? new Uint8Array())).to.equal(
      "c000020000000000" + "e8" + "0303085254670208" + "c140",
    );
  });

  it("echoes fields byte for byte and leaves out those that are absent", () => {
    const request = read("visa-style", visa.encode(visa.fromJSON(samples["visa-style"])));
    const reply = visa.create("0110", replyHeader(request.header ?? newHeader({ destination: "0", source: "0" })));

    reply.echo(request, [2, 3, 4, 5, 62]);
    reply.set("39", "00");

    expect(reply.toJSON()).to.include({ "2": "4567890123456783", "62.2": "303085254670208", "39": "00" });
    expect(reply.has("5")).to.equal(false);
    expect(read("visa-style", visa.encode(reply)).get("62.1")).to.equal("Y");
  });

  it("does not change the request when the reply is changed", () => {
    const request = read("visa-style", visa.encode(visa.fromJSON(samples["visa-style"])));
    const reply = visa.create("0110", request.header);
    reply.echo(request, [62]);

    reply.set("62.1", "N");

    expect(request.get("62.1")).to.equal("Y");
    expect(reply.get("62.1")).to.equal("N");
  });

  it("swaps the stations of a header in the answer, and tells its total length", () => {
    const header = newHeader({ destination: "111111", source: "222222" });
    const reply = visa.create("0810", replyHeader(header));

    const bytes = visa.encode(reply);

    expect(hexOf(bytes.subarray(0, 11))).to.equal(`160102${"0020"}222222111111`);
    expect(read("visa-style", bytes).header).to.include({ destination: "222222", source: "111111", rejectCode: null });
  });

  it("recognizes a message of ours that the network rejects, with its code", () => {
    const original = visa.encode(visaMessage("39", "00"));
    const reject = octets("1a010200001234567654321" + "0".repeat(21) + "8000" + "0512");
    const bytes = Uint8Array.from([...reject, ...original]);
    bytes[4] = bytes.length;

    const message = read("visa-style", bytes);

    expect(message.header?.rejectCode).to.equal("0512");
    expect(message.get("39")).to.equal("00");
    expect(hexOf(visa.encode(message))).to.equal(hexOf(bytes));
  });

  it("leaves room in front for the header of a frame", () => {
    const bytes = visa.encode(visaMessage("39", "00"), 4);

    expect(hexOf(bytes.subarray(0, 4))).to.equal("00000000");
    expect(read("visa-style", bytes.subarray(4)).get("39")).to.equal("00");
  });

  const refusals: readonly (readonly [string, string, string, string])[] = [
    ["4", "12", "length_out_of_range", "4"],
    ["4", "00000000250x", "content_invalid", "4"],
    ["2", "1".repeat(20), "length_out_of_range", "2"],
    ["52", "hex:01", "length_out_of_range", "52"],
    ["52", "12345678", "content_invalid", "52"],
    ["52", "hex:0g00000000000000", "content_invalid", "52"],
    ["52", "hex:g000000000000000", "content_invalid", "52"],
    ["55.1.9F26", "hex:00", "path_undefined", "55.1"],
    ["60.9", "12", "length_out_of_range", "60.9"],
    ["39", "é€", "content_invalid", "39"],
    ["62.2", "12", "length_out_of_range", "62.2"],
    ["62.7", "12", "path_undefined", "62.7"],
    ["65", "1", "path_undefined", "65"],
    ["60.8", "1", "length_out_of_range", "60.8"],
    ["44.1", "\u0007", "content_invalid", "44.1"],
    ["4.1", "1", "path_undefined", "4"],
  ];
  for (const [path, value, code, at] of refusals) {
    it(`refuses to write ${JSON.stringify(value)} into DE${path} (${code})`, () => {
      const message = visa.create("0100");

      expect(() => message.set(path, value))
        .to.throw(EncodeError)
        .with.include({ code, path: at });
      expect(message.toJSON()).to.deep.equal({ "0": "0100" });
    });
  }

  it("names neither the value nor a part of it when it refuses one", () => {
    const message = visa.create("0100");

    expect(() => message.set("2", "4567890123456783x"))
      .to.throw(EncodeError)
      .with.property("message")
      .not.match(/4567/);
  });

  it("refuses to write a message without the header or type that its dialect wants", () => {
    expect(() => visa.encode(visa.create("0100")))
      .to.throw(EncodeError)
      .with.property("code", "header_missing");
    expect(() => iso87.encode(iso87.create("01")))
      .to.throw(EncodeError)
      .with.property("code", "mti_invalid");
  });
});

/** A visa-style message of one field, with a header. */
function visaMessage(path: string, value: string): Message {
  const message = visa.create("0100", newHeader({ destination: "123456", source: "654321" }));
  message.set(path, value);
  return message;
}

function read(name: DialectName, bytes: Uint8Array): Message {
  const result = compile(dialects[name]).decode(bytes);
  if (!result.ok) return expect.fail(`${result.error.code} at ${result.error.path}: ${result.error.found}`);
  return result.message;
}

function octets(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
