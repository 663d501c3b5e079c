import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { writeDataSetFile } from "../../src/app/data-set-file.ts";
import { type Ended, command, eventually, freshFolder, program, serve } from "../support/command.ts";

const passphrase = { CARDSWITCH_EXPORT_PASSPHRASE: "of the file alone" };
/** Takes longer to write than the test needs to look. */
const largeBytes = 128 * 1_048_576;
const lists = [
  "/v1/events?limit=100",
  "/v1/issuing/cards?limit=100",
  "/v1/issuing/cardholders?limit=100",
  "/v1/issuing/authorizations?limit=100",
  "/v1/issuing/transactions?limit=100",
  "/v1/balance",
];

describe("cardswitch export and import", () => {
  const { path, remove } = freshFolder();
  const from = join(path, "from");
  const file = join(path, "whole.data-set");
  const fileWithoutKeys = join(path, "locked.data-set");
  let told: readonly string[] = [];
  let whileServed: Ended;
  after(remove);

  before(async () => {
    const served = await serve(["--data-dir", from, "--seed", "demo", "--shards", "2"]);
    for (const amount of ["12.50", "7.00"]) {
      const args = ["auth", "--card", "us-1", "--amount", amount, "--url", served.url];
      expect((await command(args)).code).to.equal(0);
    }
    told = await tellingOf(served.url);
    whileServed = await command(["export", join(path, "served"), "--data-dir", from]);
    await served.end("SIGTERM");
    const ended = await command(["export", file, "--with-keys", "--data-dir", from], passphrase);
    expect(ended.code, ended.stderr).to.equal(0);
    expect((await command(["export", fileWithoutKeys, "--data-dir", from])).code).to.equal(0);
  });

  async function tellingOf(url: string): Promise<string[]> {
    await fetch(`${url}/_admin/settled`, { method: "POST", body: "{}" });
    const authorization = "Bearer sk_test_demo";
    const response = await fetch(`${url}/v1/accounts?limit=100`, { headers: { authorization } });
    const accounts = await response.text();
    const answers = [accounts];
    for (const { id } of (JSON.parse(accounts) as { data: readonly { id: string }[] }).data) {
      for (const list of lists) {
        const answer = await fetch(`${url}${list}`, { headers: { authorization, "stripe-account": id } });
        answers.push(await answer.text());
      }
    }
    return answers;
  }

  it("makes a platform that tells of every card, authorization and event in the same bytes, and whose books hold", async () => {
    const to = join(path, "to");

    const imported = await command(["import", file, "--data-dir", to], passphrase);
    const verified = await command(["verify", "--data-dir", to]);
    const served = await serve(["--data-dir", to]);
    const toldAgain = await tellingOf(served.url);
    const another = await command(["auth", "--card", "us-1", "--amount", "1.00", "--url", served.url]);
    await served.end("SIGTERM");

    expect(imported.code, imported.stderr).to.equal(0);
    expect(verified.code, verified.stdout + verified.stderr).to.equal(0);
    expect(told.join("")).to.include('"amount":1250').and.to.include('"amount":700');
    expect(toldAgain).to.deep.equal(told);
    expect(another.code).to.equal(0);
    expect(statSync(join(to, "keys.json")).mode & 0o777).to.equal(0o600);
  });

  it("refuses a data set that is served, and says to stop it", () => {
    expect(whileServed.code).to.equal(3);
    expect(whileServed.stderr).to.match(/in use by process \d+; stop it before the export\n$/);
    expect(existsSync(join(path, "served"))).to.equal(false);
  });

  it("has no key in a file that was asked for without: the data set starts when its key file is brought along", async () => {
    const to = join(path, "locked");

    const imported = await command(["import", fileWithoutKeys, "--data-dir", to]);
    const withoutKeys = await command(["verify", "--data-dir", to]);
    for (const name of ["keys.json", "keys.json.master"]) copyFileSync(join(from, name), join(to, name));
    const withKeys = await command(["verify", "--data-dir", to]);

    expect(imported.code, imported.stderr).to.equal(0);
    expect(imported.stdout).to.include("keys.json");
    expect(withoutKeys.code).to.equal(3);
    expect(withKeys.code, withKeys.stderr).to.equal(0);
  });

  it("keeps the keys to whoever knows the passphrase, and leaves nothing behind where another is given", async () => {
    const to = join(path, "wrong");

    const wrong = await command(["import", file, "--data-dir", to], { CARDSWITCH_EXPORT_PASSPHRASE: "another" });
    const none = await command(["import", file, "--data-dir", to]);

    expect({ wrong: wrong.code, none: none.code }).to.deep.equal({ wrong: 3, none: 2 });
    expect(readdirSync(to)).to.deep.equal([]);
  });

  it("refuses a file of which an octet was changed or the end is missing, and writes nothing", async () => {
    const to = join(path, "damaged");
    const whole = readFileSync(file);
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1);
    writeFileSync(join(path, "changed"), changed);
    writeFileSync(join(path, "cut"), whole.subarray(0, whole.length >> 1));

    for (const name of ["changed", "cut"]) {
      const ended = await command(["import", join(path, name), "--data-dir", to], passphrase);

      expect(ended.code).to.equal(3);
      expect(ended.stderr).to.include("is damaged");
    }
    expect(existsSync(to)).to.equal(false);
  });

  it("is seen as half an import, and refused, where it was killed while it wrote", async () => {
    const to = join(path, "killed");
    const large = join(path, "large.data-set");
    const contents = Buffer.alloc(largeBytes);
    writeFileSync(join(path, "deliveries.db"), contents);
    const sha256 = createHash("sha256").update(contents).digest("hex");
    const files = [{ path: "deliveries.db", bytes: largeBytes, sha256 }];
    const manifest = { cardswitch: "data set", format: 1, data_set: "0".repeat(16), has_keys: false, files } as const;
    expect((await writeDataSetFile(large, manifest, (one) => join(path, one.path))).ok).to.equal(true);

    const child = spawn(process.execPath, [program, "import", large, "--data-dir", to]);
    const ended = once(child, "exit");
    const hasBegun = await eventually(async () => existsSync(join(to, "deliveries.db")));
    child.kill("SIGKILL");
    const [, signal] = (await ended) as [number | null, string | null];
    const started = await command(["start", "--data-dir", to, "--port", "0"]);
    const again = await command(["import", large, "--data-dir", to]);

    expect({ hasBegun, signal }).to.deep.equal({ hasBegun: true, signal: "SIGKILL" });
    expect({ started: started.code, again: again.code }).to.deep.equal({ started: 3, again: 3 });
    expect(started.stderr).to.include("was broken off");
    expect(again.stderr).to.include("was broken off");
    expect((await command(["doctor", "--data-dir", to])).stdout).to.match(/^fail +data .*was broken off/m);
  });

  it("refuses to import over anything, and to export over a file", async () => {
    const over = await command(["import", file, "--data-dir", from], passphrase);
    const again = await command(["export", file, "--data-dir", from]);

    expect({ over: over.code, again: again.code }).to.deep.equal({ over: 3, again: 3 });
    expect(over.stderr).to.include("is not empty");
  });
});
