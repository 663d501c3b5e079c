import { copyFileSync, existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Ended, command, freshFolder, serve } from "../support/command.ts";

const passphrase = { CARDSWITCH_EXPORT_PASSPHRASE: "of the file alone" };
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

  it("refuses to import over anything, and to export over a file", async () => {
    const over = await command(["import", file, "--data-dir", from], passphrase);
    const again = await command(["export", file, "--data-dir", from]);

    expect({ over: over.code, again: again.code }).to.deep.equal({ over: 3, again: 3 });
    expect(over.stderr).to.include("is not empty");
  });

  it("never starts on half an import", async () => {
    const to = join(path, "half");
    await command(["import", file, "--data-dir", to], passphrase);
    writeFileSync(join(to, "importing"), "");

    const started = await command(["start", "--data-dir", to, "--port", "0"]);
    const looked = await command(["doctor", "--data-dir", to]);

    expect(started.code).to.equal(3);
    expect(started.stderr).to.include("was broken off");
    expect(looked.stdout).to.match(/^fail +data .*was broken off/m);
  });
});
