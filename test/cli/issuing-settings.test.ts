import { expect } from "chai";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";
import { command } from "../support/command.ts";

describe("cardswitch settings", () => {
  let api: ApiUnderTest;
  let at: readonly string[];

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    at = ["--url", api.running.api.url];
  });

  after(() => api.running.close());

  it("shows the settings of the platform as they can be set", async () => {
    const told = await command(["settings", ...at]);

    expect([told.code, told.stdout]).to.deep.equal([
      0,
      "fraud_challenges=false\nfraud_challenge_minutes=1440\nnetwork=visa\npartial_approvals=false\nprovisional_credit=false\nwebhook_timeout_default=decline\n",
    ]);
  });

  it("changes those of a connected account, and leaves the platform's alone", async () => {
    const of = ["--account", connectedAccount(api, "us"), ...at, "--json"];
    const changed = {
      fraud_challenges: false,
      fraud_challenge_minutes: 30,
      network: "mastercard",
      partial_approvals: true,
      provisional_credit: false,
      webhook_timeout_default: "decline",
    };

    const wanted = ["network=mastercard", "partial_approvals=true", "fraud_challenge_minutes=30"];
    const told = await command(["settings", "set", ...wanted, ...of]);
    const kept = await command(["settings", "get", ...of]);
    const platform = await command(["settings", "get", ...at, "--json"]);

    expect([told.code, JSON.parse(told.stdout)]).to.deep.equal([0, changed]);
    expect(JSON.parse(kept.stdout)).to.deep.equal(changed);
    expect(JSON.parse(platform.stdout)).to.include({ network: "visa", partial_approvals: false });
  });

  it("ends with 2 and one line where a setting, its value or the account is none, and changes nothing", async () => {
    for (const [wrong, why] of [
      [["network"], '"network" is no setting=value'],
      [["colour=red"], 'there is no setting "colour"'],
      [["partial_approvals=true", "network=amex"], '"network" is visa or mastercard'],
      [["partial_approvals=true", "partial_approvals=false"], '"partial_approvals" is set twice'],
      [["account=acct_1"], "an account is named with --account"],
      [["network=visa", "--account", "acct_nobody"], "no account acct_nobody"],
    ] as const) {
      const { code, stderr } = await command(["settings", "set", ...wrong, ...at]);
      expect([code, stderr]).to.deep.equal([2, `cardswitch: ${why}\n`]);
    }
    expect((await command(["settings", ...at])).stdout).to.contain("partial_approvals=false");
  });

  it("ends with 2 where --url is an address without its scheme, or none at all", async () => {
    for (const url of ["localhost:12120", "nonsense"]) {
      const { code, stderr } = await command(["settings", "--url", url]);
      expect([code, stderr]).to.deep.equal([2, `cardswitch: "${url}" is no URL such as http://127.0.0.1:12120\n`]);
    }
  });

  it("ends with 3 where no switch answers", async () => {
    const { code, stderr } = await command(["settings", "--url", "http://127.0.0.1:1"]);

    expect(code).to.equal(3);
    expect(stderr).to.match(/^cardswitch: no switch answers at http:\/\/127\.0\.0\.1:1; .*\n$/);
  });
});
