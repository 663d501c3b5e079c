import { expect } from "chai";
import { command } from "../support/command.ts";

describe("cardswitch chaos", () => {
  it("spoils a line and processes for some seconds, and finds every answer right and the books as the rules say", async () => {
    const { code, stdout, stderr } = await command(["chaos", "--minutes", "0.15", "--seed", "3", "--json"]);

    const report = JSON.parse(stdout) as { faults: Record<string, number>; wrong: string[]; traffic: object };
    expect(report.wrong, stderr).to.deep.equal([]);
    expect(Object.keys(report.faults)).to.not.be.empty;
    expect(report.traffic).to.include({ unsettled: 0, mismatches: 0 });
    expect(code).to.equal(0);
  }).timeout(60_000);

  it("ends with 2 where it is not said how long", async () => {
    const { code, stderr } = await command(["chaos", "--minutes", "soon"]);

    expect(code).to.equal(2);
    expect(stderr).to.match(/--minutes is above 0/);
  });
});
