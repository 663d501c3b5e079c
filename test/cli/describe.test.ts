import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compile, dialects, frame, framings } from "../../src/iso8583/public.ts";
import { samples } from "../iso8583/samples.ts";
import { packager } from "../iso8583/import/packager.ts";
import { command, freshFolder } from "../support/command.ts";

const visa = compile(dialects["visa-style"]);
const purchase = visa.encode(visa.fromJSON(samples["visa-style"]));

describe("cli/describe", () => {
  let folder: ReturnType<typeof freshFolder>;
  beforeEach(() => {
    folder = freshFolder();
  });
  afterEach(() => folder.remove());

  function written(name: string, content: string | Uint8Array): string {
    const path = join(folder.path, name);
    writeFileSync(path, content);
    return path;
  }

  it("says --dialect where the name of a dialect is given as a file with a spec, and ends with 2", async () => {
    const ended = await command(["describe", "0800", "--spec", "iso87-ascii"]);

    expect(ended.code).to.equal(2);
    expect(ended.stderr).to.include("say --dialect iso87-ascii");
  });

  it("finds dialect and frame of raw bytes in a file, and shows the frame as bytes of its own", async () => {
    const file = written("captured.bin", frame(framings.vli, purchase));

    const { code, stdout } = await command(["describe", file]);

    expect(code).to.equal(0);
    const lines = stdout.split("\n");
    expect(lines[0]).to.equal("read as visa-style, in a frame of vli");
    expect(lines[2]).to.match(/^0–4 +frame +Frame +vli, 263 bytes {2}\[01070000\]$/);
    expect(stdout).to.match(/\n26–28 +0 +Message type +0100 \(authorization request\) {2}\[0100\]\n/);
    expect(stdout).to.include("Application cryptogram");
    expect(stdout).to.not.include(samples["visa-style"]["2"]);
  });

  it("tells somebody who asks for the wrong dialect which one fits, and what the wrong one stumbles over", async () => {
    const args = ["describe", hexOf(purchase), "--dialect", "mastercard-style", "--json"];

    const { code, stdout } = await command(args);

    const told = JSON.parse(stdout) as { tip: string; better: { dialect: string; fields: number } };
    expect(code).to.equal(1);
    expect(told.better).to.deep.equal({ name: "visa-style", dialect: "visa-style", fields: 25 });
    expect(told.tip).to.equal(
      "tip: visa-style fits better: it reads the whole message, 25 more fields; by mastercard-style the message type, " +
        "byte 0: expected 4 n, found 0x16",
    );
  });

  it("reads by a packager of jPOS, and says which of its fields has a length that is written otherwise", async () => {
    const field = (id: number, length: number, kind: string): string =>
      `<isofield id="${id}" length="${length}" name="Field ${id}" class="org.jpos.iso.${kind}"/>`;
    const spec = written(
      "packager.xml",
      packager(
        [
          field(0, 4, "IFA_NUMERIC"),
          field(1, 8, "IFB_BITMAP"),
          field(2, 19, "IFA_LLLCHAR"),
          field(11, 6, "IFA_NUMERIC"),
        ].join(""),
      ),
    );
    const hex = `${hexOf("0100")}4020000000000000${hexOf("164000056655665556000503")}`;

    const { code, stdout } = await command(["describe", hex, "--spec", spec]);

    expect(code).to.equal(1);
    expect(stdout).to.match(/\nlength_out_of_range at 2, byte 12: /);
    expect(stdout).to.match(
      /\ntip: .* with field 2: a length of one digit less fits better: it reads the whole message/,
    );
  });

  it("shows path by path what two messages do not say alike, and hides what is sensitive", async () => {
    const other = { ...samples["visa-style"], "4": "000000009900", "2": "4567890123456791", "55.01.9A": "hex:261122" };
    const reply = visa.encode(visa.fromJSON(other));

    const differing = await command(["describe", hexOf(purchase), "--diff", hexOf(reply)]);
    const same = await command(["describe", hexOf(purchase), "--diff", hexOf(frame(framings.vli, purchase))]);

    expect(differing.code).to.equal(1);
    expect(differing.stdout.split("\n").map((line) => line.replaceAll(/ +/g, " "))).to.deep.equal([
      "header Header hex:16010201070000001234560000000000000000000000 → hex:160102010c0000001234560000000000000000000000",
      "2 Primary account number 456789******6783 → 456789******6791",
      "4 Amount, transaction 000000002500 → 000000009900",
      "55.01.9A Transaction date absent → ******",
      "",
    ]);
    expect([same.code, same.stdout]).to.deep.equal([0, "the same values at every path\n"]);
  });

  it("ends with 2 where dialect, frame, spec or message is none", async () => {
    for (const args of [
      ["--dialect", "klingon"],
      ["--frame", "pigeon"],
      ["--frame", "two-byte-length"],
      ["--spec", written("spec.json", "{}")],
      ["--skip", "300"],
    ]) {
      const { code, stderr } = await command(["describe", hexOf(purchase), ...args]);
      expect([code, stderr.startsWith("cardswitch: ")], args.join(" ")).to.deep.equal([2, true]);
    }
  });
});

function hexOf(bytes: Uint8Array | string): string {
  return Buffer.from(bytes).toString("hex");
}
