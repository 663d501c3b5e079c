import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { ReplayReport } from "../../simulators/replay.ts";
import { type Served, command, freshFolder, serve } from "../support/command.ts";

describe("cardswitch replay", () => {
  const folder = freshFolder();
  const recording = join(folder.path, "day.log");
  let served: Served;
  before(async () => {
    served = await serve([]);
    const scenarios = ["repeats", "fuel-completion", "atm-withdrawal", "hotel-stay"];
    const ended = await command(["scenario", "run", ...scenarios, "--record", recording, "--url", served.url]);
    expect(ended.code, ended.stdout + ended.stderr).to.equal(0);
  });
  after(async () => {
    await served.end("SIGTERM");
    folder.remove();
  });

  async function replayed(file: string, ...options: string[]): Promise<{ code: number | null; report: ReplayReport }> {
    const { code, stdout } = await command(["replay", file, ...options, "--url", served.url, "--json"]);
    return { code, report: JSON.parse(stdout) as ReplayReport };
  }

  it("gets the recorded answer to every request from an issuer that has seen it, and changes nothing", async () => {
    const { code, report } = await replayed(recording);

    expect(report.differences).to.deep.equal([]);
    expect(report.requests).to.be.above(15);
    expect(report).to.include({ same: report.requests, unreadable: 0 });
    expect(code).to.equal(0);
  });

  it("says by message and field what is decided otherwise now, where everything is decided anew", async () => {
    const { code, report } = await replayed(recording, "--fresh");

    // 60.00 of 100.00 were held the first time, so the same basket finds too little.
    const basket = report.differences.find(({ number, path }) => number === 1 && path === "39");
    expect(basket).to.include({ mti: "0100", recorded: "00 (approved)", found: "51 (insufficient funds)" });
    expect(code).to.equal(1);
  });

  it("does not take a recording of nothing for one that was answered as before", async () => {
    const empty = join(folder.path, "empty.log");
    writeFileSync(empty, "# a day off\n");

    const { code, stderr } = await command(["replay", empty, "--url", served.url]);

    expect(stderr).to.equal(`cardswitch: ${empty} has no request to send again\n`);
    expect(code).to.equal(2);
  });

  it("names the line that is no message", async () => {
    const broken = join(folder.path, "broken.log");
    writeFileSync(broken, `${readFileSync(recording, "utf8").split("\n")[0] ?? ""}\nvisa ? 0102\n`);

    const { code, stderr } = await command(["replay", broken, "--url", served.url]);

    expect(code).to.equal(2);
    expect(stderr).to.match(/broken\.log: line 2 is no message/);
  });
});
