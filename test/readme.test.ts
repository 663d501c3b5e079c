import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { must } from "../src/kernel/assert.ts";
import { type RunningSwitch, startSwitch } from "../src/public.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const sdk = fileURLToPath(new URL("../../node_modules/stripe", import.meta.url));

describe("README", () => {
  let running: RunningSwitch;

  before(async () => {
    running = await startSwitch({ seed: "demo", volatile: true, shardCount: 2 });
  });

  after(() => running.close());

  it("has a snippet that works as it stands in a project that has only the SDK", async () => {
    const folder = mkdtempSync(join(tmpdir(), "cardswitch-readme-"));
    symlinkSync(join(sdk, ".."), join(folder, "node_modules"));
    const snippet = must(/```js\n([^`]+)```/.exec(readme)?.[1], "README has a snippet in JavaScript");
    const file = join(folder, "snippet.mjs");
    // The port is the one thing that a test cannot take as it stands.
    writeFileSync(file, snippet.replace("12120", String(running.api.port)));

    const said = await run(process.execPath, [file]);

    rmSync(folder, { recursive: true, force: true });
    expect(said).to.deep.equal({ code: 0, out: "true -1250\n", err: "" });
  });

  it("has a line of curl that lists authorizations with the demo's key", async function () {
    if (spawnSync("curl", ["--version"]).error !== undefined) {
      console.log("      skipped: there is no curl on this machine");
      this.skip();
    }
    const line = must(/^curl (.+?)\s+#/m.exec(readme)?.[1], "README has a line of curl");
    const words = line.replace("127.0.0.1:12120", `127.0.0.1:${running.api.port}`).split(" ");

    const said = await run("curl", ["-s", ...words]);

    const list = JSON.parse(said.out) as { object: string; data: { object: string }[] };
    expect(list.object).to.equal("list");
    expect(list.data[0]?.object).to.equal("issuing.authorization");
  });
});

function run(program: string, words: readonly string[]): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, out, err }));
  });
}
