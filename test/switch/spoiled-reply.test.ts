import { expect } from "chai";
import type { ForcedOutcome } from "../../specs/forced-outcomes.ts";
import { ForcedOutcomes } from "../../src/switch/forced-outcomes.ts";
import { SwitchUnderTest, linkOf, purchase, reversal } from "./open-switch.ts";
import { pause } from "./scripted-peer.ts";

describe("switch/spoiled-reply", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  function force(outcome: ForcedOutcome): void {
    underTest.forced = new ForcedOutcomes([{ when: { amount: 66_66 }, outcome }]);
  }

  const forced = { "4": "000000006666" };

  it("answers with a forced code at once, and asks nobody; a reversal is decided all the same", async () => {
    force({ kind: "response", responseCode: "43" });
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(purchase(forced));
    peer.say(purchase({ ...forced, "0": "0200" }));
    peer.say(reversal(forced));
    await peer.message(3);

    expect(peer.heard.map((reply) => `${reply.mti} ${reply.get("39")} ${reply.get("38")}`)).to.deep.equal([
      "0110 43 undefined",
      "0210 43 undefined",
      "0410 00 undefined",
    ]);
    const { authorizations, postings, reversals } = underTest.authorizer;
    expect([authorizations.length, postings.length, reversals.length]).to.deep.equal([0, 0, 1]);
  });

  it("never lets a dropped answer leave, though it was decided, and answers whoever is not forced", async () => {
    force({ kind: "drop" });
    const peer = await underTest.connect(linkOf("generic"));

    peer.say(purchase({ ...forced, "11": "000001" }));
    peer.say(purchase());

    expect((await peer.message(1)).get("11")).to.equal("000501");
    expect(underTest.authorizer.authorizations).to.have.length(2);
  });

  it("sends an answer twice, or later than all others", async () => {
    force({ kind: "duplicate" });
    const twice = await underTest.connect(linkOf("generic"));
    twice.say(purchase(forced));
    await twice.message(2);
    force({ kind: "delay", ms: 40 });
    const late = await underTest.connect(linkOf("generic"));
    late.say(purchase({ ...forced, "11": "000001" }));
    late.say(purchase());
    await late.message(2);

    expect(twice.heard.map((reply) => reply.get("39"))).to.deep.equal(["00", "00"]);
    expect(late.heard.map((reply) => reply.get("11"))).to.deep.equal(["000501", "000001"]);
  });

  it("lets half of an answer leave and then ends the connection", async () => {
    force({ kind: "half_reply" });
    const peer = await underTest.connect(linkOf("generic"));
    let bytes = 0;
    peer.socket.on("data", (chunk) => {
      bytes += chunk.length;
    });

    peer.say(purchase(forced));
    await peer.closed();
    await pause(5);

    expect(peer.heard).to.deep.equal([]);
    expect(bytes).to.be.within(20, 100);
  });
});
