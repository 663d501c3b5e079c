import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { compile, dialects, frame, framings } from "../../src/iso8583/public.ts";
import { samples } from "../iso8583/samples.ts";
import { command, freshFolder } from "../support/command.ts";

describe("cli/build", () => {
  let folder: ReturnType<typeof freshFolder>;
  beforeEach(() => {
    folder = freshFolder();
  });
  afterEach(() => folder.remove());

  function written(name: string, content: unknown): string {
    const path = join(folder.path, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  }

  it("writes the bytes of the values that it is given, as hexadecimal digits", async () => {
    const args = ["build", "iso87-ascii", "--mti", "0800", "--set", "11=000503", "--set", "70=301"];

    const { code, stdout } = await command(args);

    const typed = "0800" + "8020000000000000" + "0400000000000000" + "000503" + "301";
    expect([code, stdout]).to.deep.equal([0, `${Buffer.from(typed).toString("hex")}\n`]);
  });

  it("writes what describe reads: values of a file, one of them changed, in a frame, into a file", async () => {
    const values = written("values.json", samples["visa-style"]);
    const out = join(folder.path, "message.bin");
    const set = ["--set", "4=000000009900", "--set", "0=0120"];
    const args = ["build", "visa-style", "--json-file", values, ...set, "--frame", "vli", "--out", out];

    const built = await command(args);
    const described = await command(["describe", out, "--json"]);

    const codec = compile(dialects["visa-style"]);
    const expected = codec.encode(codec.fromJSON({ ...samples["visa-style"], "0": "0120", "4": "000000009900" }));
    expect([built.code, built.stdout]).to.deep.equal([0, `267 bytes in ${out}\n`]);
    expect(readFileSync(out).equals(frame(framings.vli, expected))).to.equal(true);
    expect(JSON.parse(described.stdout)).to.deep.include({ dialect: "visa-style", isSound: true, frame: "vli" });
  });

  it("gives a message of a dialect with stations a header where nobody gives one", async () => {
    const { stdout } = await command(["build", "visa-style", "--mti", "0800", "--set", "70=071", "--json"]);

    const { hex, bytes } = JSON.parse(stdout) as { hex: string; bytes: number };
    const header = `160102002a${"00".repeat(17)}`;
    expect(hex).to.equal(`${header}0800${"8000000000000000"}${"0400000000000000"}0071`);
    expect(bytes).to.equal(hex.length / 2);
  });

  it("names the path that a value does not fit, what it wants, and never the value", async () => {
    const cases = [
      ["2=40000566555665561234", "2: the value is shorter or longer than the field may be; expected 0 to 19 n"],
      ["4=12.50", "4: the value is shorter or longer than the field may be; expected 12 n"],
      ["62.99=1", "62.99: the dialect has no such field or part"],
      ["126.10.3=12345", "126.10.3: the value is shorter or longer than the field may be; expected 4 ans"],
    ] as const;
    for (const [assignment, message] of cases) {
      const { code, stdout, stderr } = await command(["build", "visa-style", "--mti", "0100", "--set", assignment]);
      expect([code, stdout]).to.deep.equal([1, ""]);
      expect(stderr).to.include(`cardswitch: ${message}`).and.to.not.include(assignment.split("=")[1]);
    }
  });

  it("ends with 2 where dialect, type, frame, assignment or file is none", async () => {
    const lists = written("list.json", ["0100"]);
    const numbers = written("numbers.json", { "0": "0100", "4": 1250 });
    for (const args of [
      ["klingon", "--mti", "0100"],
      ["iso87-ascii"],
      ["iso87-ascii", "--mti", "100"],
      ["iso87-ascii", "--mti", "0100", "--frame", "pigeon"],
      ["iso87-ascii", "--mti", "0100", "--set", "four"],
      ["iso87-ascii", "--json-file", join(folder.path, "none.json")],
      ["iso87-ascii", "--json-file", lists],
      ["iso87-ascii", "--json-file", numbers],
    ]) {
      const { code, stderr } = await command(["build", ...args]);
      expect([code, stderr.startsWith("cardswitch: ")], args.join(" ")).to.deep.equal([2, true]);
    }
  });
});
