import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { compile, dialects } from "../../src/iso8583/public.ts";
import { hexOf } from "./one-field.ts";
import { samples } from "./samples.ts";

const entry = new URL("../../src/iso8583/public.js", import.meta.url).href;
const importLine = /^(?:import|export)[^;]*? from "([^"]+)";/gm;

describe("iso8583/public in a browser", () => {
  it("reads and writes the same bytes where there is no Buffer", () => {
    const program = `
      delete globalThis.Buffer;
      const { compile, dialects, describe } = await import(${JSON.stringify(entry)});
      const codec = compile(dialects["visa-style"]);
      const bytes = codec.encode(codec.fromJSON(${JSON.stringify(samples["visa-style"])}));
      const read = codec.decode(bytes);
      if (!read.ok || !describe(bytes, dialects["visa-style"]).isSound) throw new Error("not sound");
      let hex = "";
      for (const byte of codec.encode(read.message)) hex += byte.toString(16).padStart(2, "0");
      console.log(hex + " " + JSON.stringify(read.message.toJSON()));
    `;
    const codec = compile(dialects["visa-style"]);
    const bytes = codec.encode(codec.fromJSON(samples["visa-style"]));
    const here = codec.decode(bytes);

    const child = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });

    const json = here.ok ? JSON.stringify(here.message.toJSON()) : here.error.code;
    expect(child.stderr).to.equal("");
    expect(child.stdout.trim()).to.equal(`${hexOf(bytes)} ${json}`);
  });

  it("asks for no module of Node and for no package, however far its imports go", () => {
    const asked: string[] = [];
    const seen = new Set<string>();
    const waiting = [entry];

    for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      for (const [, name = ""] of readFileSync(new URL(file), "utf8").matchAll(importLine)) {
        if (name.startsWith(".")) waiting.push(new URL(name, file).href);
        else asked.push(`${file}: ${name}`);
      }
    }

    expect(asked).to.deep.equal([]);
    expect(seen.size).to.be.above(30);
  });
});
