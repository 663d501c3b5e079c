import { expect } from "chai";
import { adviceOutcomes, financialOutcomes } from "../../src/authorizer/decision.ts";
import type { AdviceDecision, AdviceOutcome, FinancialDecision } from "../../src/authorizer/decision.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { minor, zero } from "../../src/kernel/money.ts";
import { transmissionText } from "../../src/switch/transmission-time.ts";
import { SwitchUnderTest, linkOf, purchase } from "./open-switch.ts";

const stored = { shard: 0, journalNo: 2, isDuplicate: false } as const;

describe("switch/advice", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  for (const [mti, answer] of [
    ["0120", "0130"],
    ["0121", "0130"],
    ["0220", "0230"],
    ["0221", "0230"],
  ] as const) {
    it(`answers ${mti} with ${answer} and the elements by which its sender knows it again`, async () => {
      const peer = await underTest.connect(linkOf("generic"));
      const original = `0100000501${"0".repeat(32)}`;

      peer.say(purchase({ "0": mti, "11": "000777", "39": "00", "90": original }));

      const reply = await peer.message(1);
      const { authorizer } = underTest;
      expect([reply.mti, reply.get("39"), reply.get("11"), reply.get("90"), reply.get("38")]).to.deep.equal([
        answer,
        "00",
        "000777",
        original,
        undefined,
      ]);
      expect([authorizer.advices.length, authorizer.postings.length]).to.deep.equal(
        mti.startsWith("01") ? [1, 0] : [0, 1],
      );
      expect(underTest.times("advised")).to.equal(1);
    });
  }

  for (const outcome of Object.keys(adviceOutcomes) as AdviceOutcome[]) {
    it(`answers a 0120 00 that was ${outcome}`, async () => {
      const peer = await underTest.connect(linkOf("generic"));
      underTest.authorizer.tell = (_, done) => done({ ...stored, outcome, amount: zero });

      peer.say(purchase({ "0": "0120" }));

      expect((await peer.message(1)).get("39")).to.equal("00");
    });
  }

  const told: readonly FinancialDecision[] = [
    { ...stored, outcome: "captured_hold", approvedAmount: minor(1n), authorizationCode: "123456" },
    { ...stored, outcome: "force_posted", approvedAmount: minor(1n), authorizationCode: "123456" },
    { ...stored, outcome: "duplicate" },
    { ...stored, outcome: "exception" },
    { ...stored, outcome: "reversed_before" },
  ];
  for (const decision of told) {
    it(`answers a 0220 00 that became ${decision.outcome.replace("_", " ")}`, async () => {
      const peer = await underTest.connect(linkOf("generic"));
      underTest.authorizer.charge = (_, done) => done(decision);

      peer.say(purchase({ "0": "0220" }));

      const reply = await peer.message(1);
      expect([reply.mti, reply.get("39"), reply.get("38"), reply.get("54")]).to.deep.equal([
        "0230",
        "00",
        undefined,
        undefined,
      ]);
      expect(Object.keys(financialOutcomes)).to.include(decision.outcome);
    });
  }

  const undecided: readonly (readonly [string, AdviceDecision & FinancialDecision, string | null])[] = [
    ["00 for a PAN that nobody knows", { ...stored, outcome: "unknown_pan" }, "00"],
    ["00 for a currency without a rate", { ...stored, outcome: "unsupported_currency" }, "00"],
    ["94 for the same key with other contents", { outcome: "conflict" }, "94"],
    ["nothing where the store was not reached", { outcome: "refused", cause: "not connected" }, null],
    ["nothing where the store may have committed", { outcome: "unknown", cause: "timeout" }, null],
  ];
  for (const [what, decision, code] of undecided) {
    it(`answers an advice ${what}`, async () => {
      const peer = await underTest.connect(linkOf("generic"));
      underTest.authorizer.tell = (_, done) => done(decision);
      underTest.authorizer.charge = (_, done) => done(decision);

      peer.say(purchase({ "0": "0120", "11": "000001" }));
      peer.say(purchase({ "0": "0220", "11": "000002" }));
      peer.say(purchase());
      await peer.until(() => peer.heard.at(-1)?.mti === "0110", "the answer to the purchase behind them");

      const codes = new Map(peer.heard.map((reply) => [reply.get("11"), reply.get("39")]));
      expect([codes.get("000001") ?? null, codes.get("000002") ?? null]).to.deep.equal([code, code]);
    });
  }

  it("is answered only once it is committed, and not before", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    const waiting: (() => void)[] = [];
    underTest.authorizer.tell = (_, done) =>
      void waiting.push(() => done({ ...stored, outcome: "held", amount: zero }));

    peer.say(purchase({ "0": "0120", "11": "000001" }));
    peer.say(purchase());
    await peer.message(1);
    const before = peer.heard.map(({ mti }) => mti);
    for (const commit of waiting) commit();
    await peer.message(2);

    expect([before, peer.heard.at(-1)?.mti]).to.deep.equal([["0110"], "0130"]);
  });

  it("has no deadline: an answer that comes after everybody has stopped waiting still leaves", async () => {
    const peer = await underTest.connect(linkOf("generic", { limits: { decisionMs: 10, networkWaitMs: 20 } }));
    underTest.authorizer.tell = (_, done) =>
      void setTimeout(() => done({ ...stored, outcome: "held", amount: zero }), 60);

    peer.say(purchase({ "0": "0120" }));

    expect((await peer.message(1)).get("39")).to.equal("00");
  });

  it("is never turned away: neither for what is in flight, nor for its DE7, its entry mode or its processing code", async () => {
    const peer = await underTest.connect(
      linkOf("generic", { wantsFreshTransmissionTime: true, limits: { inFlightMax: 1 } }),
    );
    underTest.authorizer.decide = () => undefined;
    const old = transmissionText(new MovableClock().wallNow() - 2 * 86_400_000);
    const { "22": _, ...fields } = purchase({ "0": "0120", "7": old, "3": "920000", "11": "000777" });

    peer.say(purchase());
    peer.say(fields);

    const reply = await peer.message(1);
    expect([reply.mti, reply.get("39")]).to.deep.equal(["0130", "00"]);
  });

  it("is met by silence before the sign-on, so that it is sent again", async () => {
    const peer = await underTest.connect(linkOf("generic", { signOn: "by-them" }));

    peer.say(purchase({ "0": "0120" }));
    peer.say(purchase({ "0": "0220" }));
    peer.say(purchase());

    expect((await peer.message(1)).mti).to.equal("0110");
    expect([underTest.authorizer.advices, underTest.authorizer.postings]).to.deep.equal([[], []]);
  });

  it("names the field that is missing (30), and is refused for a PAN that the link may not speak for (92)", async () => {
    const peer = await underTest.connect(linkOf("generic", { bins: ["40000084"] }));
    const { "49": _, ...withoutCurrency } = purchase({ "0": "0120" });

    peer.say(withoutCurrency);
    peer.say(purchase({ "0": "0220", "2": "4000008212345678" }));

    const [first, second] = [await peer.message(1), await peer.message(2)];
    expect([first.mti, first.get("39"), first.get("44")]).to.deep.equal(["0130", "30", "049"]);
    expect([second.mti, second.get("39")]).to.deep.equal(["0230", "92"]);
    expect([underTest.authorizer.advices, underTest.authorizer.postings]).to.deep.equal([[], []]);
  });
});
