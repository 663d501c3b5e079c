import { expect } from "chai";
import { compile, dialects } from "../../../src/iso8583/public.ts";

const codec = compile(dialects["visa-style"]);
const head = "16010200331234560000000000000000000000000000" + "0100" + "0000000000000004";

describe("specs/dialects/visa-style", () => {
  it("reads DE62 with a bitmap and without one, and writes each as it came", () => {
    const characteristics = "c5";
    const identifier = "0306326584712311";
    const code = "c1c2f1f2";
    const withBitmap = `${head}15e000000000000000${characteristics}${identifier}${code}`;
    const without = `${head}0d${characteristics}${identifier}${code}`;

    for (const hex of [withBitmap, without]) {
      const message = read(hex);

      expect(message.toJSON()).to.include({ "62.1": "E", "62.2": "306326584712311", "62.3": "AB12" });
      expect(hexOf(codec.encode(message)).slice(44)).to.equal(hex.slice(44));
    }
  });

  it("takes thirteen bytes with a bitmap for what they are", () => {
    const message = read(`${head}0da000000000000000c5c1c2f1f2`);

    expect(message.toJSON()).to.include({ "62.1": "E", "62.3": "AB12" }).and.not.have.any.keys("62.2");
  });

  it("changes a part of DE62 without a bitmap in its place", () => {
    const message = read(`${head}0dc50306326584712311c1c2f1f2`);

    message.set("62.3", "ZZ99");

    expect(hexOf(codec.encode(message)).slice(44)).to.equal(`${head}0dc50306326584712311e9e9f9f9`.slice(44));
  });

  it("reads DE123 as datasets, as an address, or as it came", () => {
    const address = "f9f4f1f0f5404040" + "40" + "f140d4c1c9d540e2e3";
    const ofField = (content: string) =>
      `${"16010200331234560000000000000000000000000000"}0100${"8000000000000000"}${"0000000000000020"}${content}`;

    const datasets = read(ofField("0866000501030a0b0c")).toJSON();
    const sent = read(ofField(`12${address}`)).toJSON();
    const other = read(ofField("02f1f2")).toJSON();

    expect(datasets).to.include({ "123.66.01": "hex:0a0b0c" });
    expect(sent).to.include({ "123.1": "94105    ", "123.2": "1 MAIN ST" });
    expect(other).to.include({ "123": "12" });
  });

  it("counts what nobody has described, and keeps it", () => {
    const hex = `${head}0c0100000000000000` + "01020304";

    const message = read(hex);

    expect(message.unknown).to.deep.equal({ count: 1, paths: ["62.rest"] });
    expect(hexOf(codec.encode(message)).slice(44)).to.equal(hex.slice(44));
  });
});

/** The total length of the header is told anew, since the fields differ. */
function read(hex: string): ReturnType<typeof codec.create> {
  const bytes = Buffer.from(hex, "hex");
  bytes.writeUInt16BE(bytes.length, 3);
  const result = codec.decode(new Uint8Array(bytes));
  return result.ok ? result.message : expect.fail(`${result.error.code} at ${result.error.path}`);
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
