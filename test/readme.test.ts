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

  it("tells of a flow that curl goes as well, with forms in place of objects", async function () {
    if (!hasCurl()) this.skip();
    const post = async (path: string, ...fields: readonly string[]): Promise<Told> => {
      const words = fields.flatMap((field) => ["--data-urlencode", field]);
      const url = `127.0.0.1:${running.api.port}/v1/${path}`;
      const { out } = await run("curl", ["-s", "-u", "sk_test_demo:", "-X", "POST", url, ...words]);
      return JSON.parse(out) as Told;
    };
    const address = ["line1=1 Main Street", "city=San Francisco", "state=CA", "postal_code=94107", "country=US"];
    const billing = address.map((field) => `billing[address][${field.replace("=", "]=")}`);

    await post("topups", "amount=100000", "currency=usd", "destination_balance=issuing");
    const holder = await post("issuing/cardholders", "name=Jenny Rosen", "type=company", ...billing);
    const card = await post(
      "issuing/cards",
      `cardholder=${holder.id}`,
      "currency=usd",
      "type=virtual",
      "status=active",
    );
    const helpers = "test_helpers/issuing/authorizations";
    const held = await post(helpers, `card=${card.id}`, "amount=1250", "merchant_data[category]=bakeries");
    const captured = await post(`${helpers}/${held.id}/capture`);

    expect([held.approved, held.status]).to.deep.equal([true, "pending"]);
    expect([captured.status, captured.transactions?.map(({ amount }) => amount)]).to.deep.equal(["closed", [-1_250]]);
  });

  it("has a line of curl that lists authorizations with the demo's key", async function () {
    if (!hasCurl()) this.skip();
    const line = must(/^curl (.+?)\s+#/m.exec(readme)?.[1], "README has a line of curl");
    const words = line.replace("127.0.0.1:12120", `127.0.0.1:${running.api.port}`).split(" ");

    const said = await run("curl", ["-s", ...words]);

    const list = JSON.parse(said.out) as { object: string; data: { object: string }[] };
    expect(list.object).to.equal("list");
    expect(list.data[0]?.object).to.equal("issuing.authorization");
  });
});

/** What of an answer is looked at. */
interface Told {
  readonly id: string;
  readonly approved?: boolean;
  readonly status?: string;
  readonly transactions?: readonly { readonly amount: number }[];
}

function hasCurl(): boolean {
  if (spawnSync("curl", ["--version"]).error === undefined) return true;
  console.log("      skipped: there is no curl on this machine");
  return false;
}

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
