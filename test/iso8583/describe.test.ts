import { expect } from "chai";
import {
  type DialectName,
  compile,
  describe as describeMessage,
  dialects,
  masked,
  renderDescription,
} from "../../src/iso8583/public.ts";
import { samples } from "./samples.ts";

const names: readonly DialectName[] = ["visa-style", "mastercard-style", "iso87-ascii"];

describe("iso8583/mask", () => {
  it("shows six and four digits of a PAN, and nothing of track, PIN block, chip, CVV2 and expiry", () => {
    const values = masked(compile(dialects["visa-style"]).fromJSON(samples["visa-style"]));

    expect(values).to.include({
      "2": "456789******6783",
      "14": "****",
      "35": "*".repeat(34),
      "52": "*".repeat(16),
      "55.01.9F26": "*".repeat(16),
      "126.10.3": "****",
    });
    expect(values).to.include({ "4": "000000002500", "11": "002013", "62.2": "303085254670208" });
  });

  it("treats a subelement that nobody has described as secret", () => {
    const values = masked(compile(dialects["mastercard-style"]).fromJSON(samples["mastercard-style"]));

    expect(values).to.include({ "48.99": "*******", "48.92": "***", "48.61.1": "1", "48.TCC": "T" });
  });

  for (const name of names) {
    it(`${name}: has a value for every path of the message, and no more`, () => {
      const message = compile(dialects[name]).fromJSON(samples[name]);
      const { header, ...json } = message.toJSON();

      expect(Object.keys(masked(message)).sort()).to.deep.equal(Object.keys(json).sort());
      expect(header === undefined).to.equal(name !== "visa-style");
    });
  }
});

describe("iso8583/describe", () => {
  for (const name of names) {
    it(`${name}: accounts for every byte of a message, without a gap`, () => {
      const codec = compile(dialects[name]);
      const bytes = codec.encode(codec.fromJSON(samples[name]));

      const { parts, isSound, error } = describeMessage(bytes, dialects[name]);

      const covered = new Set<number>();
      for (const { from, to } of parts) for (let at = from; at < to; at++) covered.add(at);
      expect(covered.size).to.equal(bytes.length);
      expect({ isSound, error }).to.deep.equal({ isSound: true, error: null });
    });

    it(`${name}: shows no sensitive value, neither as text nor as bytes`, () => {
      const codec = compile(dialects[name]);
      const bytes = codec.encode(codec.fromJSON(samples[name]));
      const pan = samples[name]["2"];

      const text = renderDescription(describeMessage(bytes, dialects[name]));

      for (const secret of [pan, Buffer.from(pan).toString("hex"), ebcdicDigits(pan), "0123456789abcdef", "0c4c3a30"]) {
        expect(text.toLowerCase()).to.not.include(secret.toLowerCase());
      }
      expect(text).to.include(`${pan.slice(0, 6)}******${pan.slice(-4)}`);
    });
  }

  it("names field, bytes and value of a part, at its place in the message", () => {
    const codec = compile(dialects["iso87-ascii"]);
    const bytes = codec.encode(codec.fromJSON({ "0": "0800", "3": "000000", "11": "000503", "70": "301" }));

    const { parts } = describeMessage(bytes, dialects["iso87-ascii"]);

    expect(parts.map(({ path, from, to, value }) => [path, from, to, value])).to.deep.equal([
      ["0", 0, 4, "0800"],
      ["1", 4, 20, "3 11"],
      ["1", 20, 36, "70"],
      ["3", 36, 42, "000000"],
      ["11", 42, 48, "000503"],
      ["70", 48, 51, "301"],
    ]);
    expect(parts.at(-1)).to.include({ name: "Network management information code", raw: "333031" });
  });

  it("marks the faulty field of a broken message, and goes on behind it", () => {
    const bytes = new TextEncoder().encode("0100" + "3020000000000000" + "003000" + "00000000x500" + "000503");

    const description = describeMessage(bytes, dialects["iso87-ascii"]);

    expect(description.error).to.include({ code: "content_invalid", path: "4", offset: 34, found: "0x78" });
    expect(description.parts.find(({ path }) => path === "4")?.note).to.equal(
      "content_invalid: expected 12 n, found 0x78",
    );
    expect(description.parts.at(-1)).to.include({ path: "11", value: "000503" });
    expect(renderDescription(description)).to.include("content_invalid at 4, byte 34");
  });

  it("shows how many bytes it could not read, and none of them", () => {
    const bytes = new TextEncoder().encode("0100" + "6000000000000000" + "99" + "4000056655665556");

    const { parts } = describeMessage(bytes, dialects["iso87-ascii"]);

    expect(parts.at(-1)).to.deep.equal({
      path: "",
      name: "Not read",
      from: 20,
      to: 38,
      raw: "*".repeat(36),
      value: "18 bytes",
      note: "length_out_of_range: expected 0 to 19 n, found length 99",
    });
  });

  it("says inside a composite where its reading ended, and why", () => {
    const head = "0100" + "0000000000000002" + "06" + "a00000" + "0002" + "25";
    const bytes = Buffer.from(`1601020033${"0".repeat(34)}${head}`, "hex");
    bytes.writeUInt16BE(bytes.length, 3);

    const { parts } = describeMessage(new Uint8Array(bytes), dialects["visa-style"]);

    expect(parts.at(-2)).to.include({ path: "63.1", value: "0002" });
    expect(parts.at(-1)).to.include({
      path: "63",
      name: "Not read",
      note: "part_overrun: expected 2 bytes, found 1 bytes",
    });
  });

  it("describes bytes that are no message at all", () => {
    const description = describeMessage(Uint8Array.of(1, 2, 3), dialects["visa-style"]);

    expect(description.isSound).to.equal(false);
    expect(description.parts).to.have.length(1);
    expect(renderDescription(description)).to.include("header_invalid at header, byte 0");
  });
});

function ebcdicDigits(text: string): string {
  return text.replace(/\d/g, "f$&");
}
