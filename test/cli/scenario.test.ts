import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { command, freshFolder, serve } from "../support/command.ts";

describe("cardswitch scenario", () => {
  const folder = freshFolder();
  after(() => folder.remove());

  it("lists what comes with cardswitch, each with the sentence that it shows", async () => {
    const { code, stdout } = await command(["scenario", "list", "--json"]);

    const { scenarios } = JSON.parse(stdout) as { scenarios: { name: string; title: string }[] };
    expect(code).to.equal(0);
    expect(scenarios.length).to.be.at.least(20);
    expect(scenarios.find(({ name }) => name === "fuel-completion")?.title).to.equal(
      "A pump holds 100.00 and keeps what was pumped",
    );
  });

  it("passes every one of them on a switch of its own: each answer, each balance, and the books", async () => {
    const { code, stdout, stderr } = await command(["scenario", "run", "--json"]);

    const report = JSON.parse(stdout) as { isPassed: boolean; scenarios: { failures: object[] }[] };
    expect(
      report.scenarios.flatMap(({ failures }) => failures),
      stderr,
    ).to.deep.equal([]);
    expect(report.isPassed).to.equal(true);
    expect(code).to.equal(0);
  }).timeout(60_000);

  it("plays against the running switch where it is told to, and says of a wrong step where and why", async () => {
    const file = join(folder.path, "wrong.yaml");
    writeFileSync(
      file,
      [
        "scenario: A visit that does not go as somebody thought",
        "cards:",
        "  guest: { funds: 10.00 }",
        "steps:",
        "  - { send: 0100, card: guest, merchant: grocery, amount: 12.00, expect: 00 }",
      ].join("\n"),
    );
    const served = await serve([]);

    const wrong = await command(["scenario", "run", file, "--url", served.url]);
    const right = await command(["scenario", "run", "repeats", "--url", served.url]);
    await served.end("SIGTERM");

    expect(wrong.code).to.equal(1);
    expect(wrong.stdout).to.match(
      /wrong\.yaml:5 {2}steps\[1\]\.expect {2}expected 00 \(approved\), found 51 \(insufficient funds\)/,
    );
    expect(right.code, right.stdout + right.stderr).to.equal(0);
  }).timeout(60_000);

  it("ends with 2 for a file that is none, and names the line of one that cannot be read", async () => {
    const file = join(folder.path, "broken.yaml");
    writeFileSync(file, "scenario: A visit\nsteps:\n  - dance: all night\n");

    const missing = await command(["scenario", "run", "no-such-thing"]);
    const broken = await command(["scenario", "run", file]);

    expect([missing.code, broken.code]).to.deep.equal([2, 2]);
    expect(missing.stderr).to.match(/there is no scenario no-such-thing/);
    expect(broken.stderr).to.match(/broken\.yaml:3: steps\[1\] begins with "dance"/);
  });
});
