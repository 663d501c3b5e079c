import { expect } from "chai";
import type { ReversalDecision, ReversalOutcome } from "../../src/authorizer/decision.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { zero } from "../../src/kernel/money.ts";
import { transmissionText } from "../../src/switch/transmission-time.ts";
import { SwitchUnderTest, linkOf, purchase, reversal } from "./open-switch.ts";

const stored = { shard: 0, journalNo: 2, isDuplicate: false } as const;

function outcome(word: ReversalOutcome): ReversalDecision {
  return { ...stored, outcome: word, releasedAmount: zero };
}

describe("switch/reversal", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  for (const [mti, answer] of [
    ["0400", "0410"],
    ["0401", "0410"],
    ["0420", "0430"],
    ["0421", "0430"],
  ] as const) {
    it(`answers ${mti} with ${answer} and the original's elements`, async () => {
      const peer = await underTest.connect(linkOf("generic"));

      peer.say(reversal({ "0": mti }));

      const reply = await peer.message(1);
      expect([reply.mti, reply.get("39"), reply.get("11")]).to.deep.equal([answer, "00", "000502"]);
      expect(reply.get("90")).to.equal(reversal()["90"]);
      expect(underTest.authorizer.reversals[0]).to.include({
        stan: "000502",
        isAdvice: mti.startsWith("042"),
      });
      expect(underTest.authorizer.reversals[0]?.original).to.deep.equal({ stan: "000501", function: "authorization" });
    });
  }

  const answers: readonly (readonly [string, ReversalDecision, string | null, string | null])[] = [
    ["an original that is not there yet", outcome("tombstone"), "00", "00"],
    ["nothing left to release", outcome("nothing_to_release"), "00", "00"],
    ["more than remains", outcome("exception"), "00", "00"],
    ["an original that nobody knows", outcome("unknown"), "25", "00"],
    ["a PAN that nobody knows", { ...stored, outcome: "unknown_pan" }, "25", "00"],
    ["the same key with other contents", { outcome: "conflict" }, "94", "94"],
    ["a store that is known not to have committed", { outcome: "refused", cause: "not connected" }, null, null],
    ["a store that may have committed", { outcome: "unknown", cause: "timeout" }, null, null],
  ];
  for (const [what, decision, ofReversal, ofAdvice] of answers) {
    it(`answers 0400 with ${ofReversal ?? "silence"} and 0420 with ${ofAdvice ?? "silence"} for ${what}`, async () => {
      const peer = await underTest.connect(linkOf("generic"));
      underTest.authorizer.undo = (_, done) => done(decision);

      peer.say(reversal({ "0": "0400", "11": "000001" }));
      peer.say(reversal({ "0": "0420", "11": "000002" }));
      peer.say(purchase());
      await peer.until(() => peer.heard.at(-1)?.mti === "0110", "the answer to the purchase behind them");

      const codes = new Map(peer.heard.map((reply) => [reply.get("11"), reply.get("39")]));
      expect(codes.get("000001") ?? null).to.equal(ofReversal);
      expect(codes.get("000002") ?? null).to.equal(ofAdvice);
    });
  }

  it("answers 00 for an unknown original where the link says so", async () => {
    const peer = await underTest.connect(linkOf("generic", { unknownReversalResponse: "00" }));
    underTest.authorizer.undo = (_, done) => done(outcome("unknown"));

    peer.say(reversal());

    expect((await peer.message(1)).get("39")).to.equal("00");
  });

  it("has no deadline: an answer that comes late still leaves", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { decisionMs: 10, networkWaitMs: 20 } }));
    underTest.authorizer.undo = (_, done) => void setTimeout(() => done(outcome("released")), 60);

    peer.say(reversal());

    expect((await peer.message(1)).get("39")).to.equal("00");
  });

  it("is never turned away, however much is in flight", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { inFlightMax: 1 } }));
    underTest.authorizer.decide = () => undefined;

    peer.say(purchase());
    peer.say(reversal());

    expect((await peer.message(1)).mti).to.equal("0410");
  });

  it("is served whatever its processing code, DE7 and amount say", async () => {
    const peer = await underTest.connect(linkOf("generic", { wantsFreshTransmissionTime: true }));

    const old = transmissionText(new MovableClock().wallNow() - 2 * 86_400_000);
    peer.say(reversal({ "3": "200000", "4": "000000000000", "7": old }));

    expect((await peer.message(1)).get("39")).to.equal("00");
  });

  it("answers 92 for a PAN that the link may not speak for", async () => {
    const peer = await underTest.connect(linkOf("generic", { bins: ["40000027"] }));

    peer.say(reversal());

    expect((await peer.message(1)).get("39")).to.equal("92");
    expect(underTest.authorizer.reversals).to.deep.equal([]);
  });

  it("names the field that is missing", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const { "49": _, ...fields } = reversal();

    peer.say(fields);

    const reply = await peer.message(1);
    expect([reply.mti, reply.get("39"), reply.get("44")]).to.deep.equal(["0410", "30", "049"]);
    expect(underTest.authorizer.reversals).to.deep.equal([]);
  });
});
