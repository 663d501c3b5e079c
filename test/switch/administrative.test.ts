import { expect } from "chai";
import { SwitchUnderTest, linkOf, purchase } from "./open-switch.ts";

describe("switch/administrative", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  for (const [what, mti, answer, code] of [
    ["a file update of the acquirer", "0300", "0310", "40"],
    ["a file update of the issuer", "0302", "0312", "40"],
    ["an administrative request", "0600", "0610", "40"],
    ["the repeat of one", "0601", "0610", "40"],
    ["an advice of a file update", "0322", "0332", "00"],
    ["an advice of a chargeback", "0422", "0432", "00"],
    ["an administrative advice", "0620", "0630", "00"],
    ["the repeat of one", "0621", "0630", "00"],
  ] as const) {
    it(`answers ${what} (${mti}) with ${answer} and ${code}, and moves nothing`, async () => {
      const peer = await underTest.connect(linkOf("generic"));

      peer.say(purchase({ "0": mti }));

      const reply = await peer.message(1);
      const { authorizations, advices, postings, reversals } = underTest.authorizer;
      expect([reply.mti, reply.get("39"), reply.get("11")]).to.deep.equal([answer, code, "000501"]);
      expect([authorizations, advices, postings, reversals]).to.deep.equal([[], [], [], []]);
      expect(underTest.times(code === "00" ? "noted" : "not_served")).to.equal(1);
    });
  }

  it("answers nothing that its sender could not find again", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const { "11": _, ...withoutStan } = purchase({ "0": "0620" });

    peer.say(withoutStan);
    peer.say(purchase());

    expect((await peer.message(1)).mti).to.equal("0110");
    expect(underTest.times("malformed")).to.equal(1);
  });
});
