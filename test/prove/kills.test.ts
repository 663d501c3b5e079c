import { expect } from "chai";
import { proveKills } from "./kills.ts";

describe("prove/kills", () => {
  it("loses no approval and leaves no hold without a request when Redis, switch and platform are killed under load", async () => {
    const report = await proveKills({ kills: 3, seed: 5, approvalsBetween: 1_000, inFlightLeast: 200 });

    expect(report.wrong).to.deep.equal([]);
    expect(report.kills).to.deep.equal({ redis: 1, switch: 1, platform: 1, supervisor: 0 });
    expect(report.approvals).to.be.at.least(3_000);
    expect(report.repeated + report.undone).to.equal(report.unknown);
    expect(report.verified?.isSound).to.equal(true);
    expect(report.exitCode).to.equal(0);
  }).timeout(240_000);
});
