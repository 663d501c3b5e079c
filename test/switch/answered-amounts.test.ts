import { expect } from "chai";
import type { AuthorizationDecision } from "../../src/authorizer/decision.ts";
import { minor } from "../../src/kernel/money.ts";
import {
  SwitchUnderTest,
  approval,
  linkOf,
  mastercardPurchase,
  partOf,
  posting,
  purchase,
  visaPurchase,
} from "./open-switch.ts";

function balances(available: bigint, ledger: bigint, currency: number): AuthorizationDecision {
  const approved = approval();
  if (approved.outcome !== "approved") throw new Error("an approval is approved");
  return {
    ...approved,
    availableAmount: minor(available),
    ledgerAmount: minor(ledger),
    balanceCurrency: currency,
  };
}

describe("switch/answered-amounts", () => {
  let underTest: SwitchUnderTest;

  beforeEach(() => {
    underTest = new SwitchUnderTest();
  });

  afterEach(() => underTest.close());

  it("answers a partial approval 10 with the part in DE4 and what was asked for in DE54 type 57", async () => {
    const peer = await underTest.connect(linkOf("visa"));
    underTest.authorizer.decide = (_, done) => done(partOf(2_599n, 1_000n));

    peer.say(visaPurchase({ "60": "010000000001" }));

    const reply = await peer.message(1);
    expect([reply.get("39"), reply.get("38"), reply.get("4"), reply.get("54")]).to.deep.equal([
      "10",
      "123456",
      "000000001000",
      "0057826D000000002599",
    ]);
    expect(underTest.authorizer.authorizations[0]?.allowsPartial).to.equal(true);
  });

  it("rounds DE4 of a part down and keeps DE6 exact where the card has another currency", async () => {
    const peer = await underTest.connect(linkOf("mastercard"));
    underTest.authorizer.decide = (_, done) => done(partOf(3_012n, 1_000n));

    peer.say(
      mastercardPurchase({
        "5": "000000002599",
        "6": "000000003012",
        "9": "61000000",
        "10": "61158907",
        "48.61": "10000",
        "50": "826",
        "51": "840",
      }),
    );

    const reply = await peer.message(1);
    // 25.99 × 1000 ÷ 3012 = 8.6288…
    expect([reply.get("4"), reply.get("6"), reply.get("54")]).to.deep.equal([
      "000000000862",
      "000000001000",
      "0057826D0000000025990057840D000000003012",
    ]);
    expect([reply.get("5"), reply.get("9"), reply.get("50"), reply.get("10"), reply.get("51")]).to.deep.equal([
      "000000002599",
      "61000000",
      "826",
      "61158907",
      "840",
    ]);
  });

  it("answers a repeat of a partial approval with the same amounts", async () => {
    const peer = await underTest.connect(linkOf("visa"));
    underTest.authorizer.decide = (_, done) => done(partOf(2_599n, 1_000n));

    peer.say(visaPurchase({ "60": "010000000001" }));
    peer.say(visaPurchase({ "0": "0101", "60": "010000000001" }));

    const [first, second] = [await peer.message(1), await peer.message(2)];
    expect(second.toJSON()).to.deep.equal(first.toJSON());
  });

  const cashback = { "3": "090000", "48.61": "11000", "54": "0040826D000000001000" };
  for (const [what, shortfall, marks, approved, code] of [
    ["87 where link and message take just the purchase", "purchase_only", "11000", 1_599n, "87"],
    ["10 where more than the purchase is approved", "purchase_only", "11000", 1_600n, "10"],
    ["10 where less than the purchase is approved", "purchase_only", "11000", 1_598n, "10"],
    ["10 where the message does not take that", "purchase_only", "10000", 1_599n, "10"],
    ["10 where the link does not say so", "partial", "11000", 1_599n, "10"],
  ] as const) {
    it(`answers a part of a purchase with cashback ${what}`, async () => {
      const peer = await underTest.connect(linkOf("mastercard", { cashbackShortfall: shortfall }));
      underTest.authorizer.decide = (_, done) => done(partOf(2_599n, approved));

      peer.say(mastercardPurchase({ ...cashback, "48.61": marks }));

      const reply = await peer.message(1);
      expect([reply.get("39"), reply.get("4")]).to.deep.equal([code, String(approved).padStart(12, "0")]);
    });
  }

  it("answers 87 where DE4 of the answer is just the purchase, whatever the card's currency makes of it", async () => {
    const peer = await underTest.connect(linkOf("mastercard", { cashbackShortfall: "purchase_only" }));
    // 25.99 is billed as 30.12: 15.99 of it are 18.531…, so 18.54 is the first part that is enough for the purchase.
    const parts = [partOf(3_012n, 1_853n), partOf(3_012n, 1_854n)];
    underTest.authorizer.decide = (_, done) => done(parts.shift() ?? approval());

    peer.say(mastercardPurchase(cashback));
    peer.say(mastercardPurchase({ ...cashback, "11": "000502" }));

    await peer.message(2);
    expect(peer.heard.map((reply) => `${reply.get("39")} ${reply.get("4")}`)).to.deep.equal([
      "10 000000001598",
      "87 000000001599",
    ]);
  });

  it("answers a part of a purchase without cashback 10 on a link that says purchase only", async () => {
    const peer = await underTest.connect(linkOf("mastercard", { cashbackShortfall: "purchase_only" }));
    underTest.authorizer.decide = (_, done) => done(partOf(2_599n, 1_599n));

    peer.say(mastercardPurchase({ "48.61": "11000" }));

    expect((await peer.message(1)).get("39")).to.equal("10");
  });

  it("answers an inquiry with ledger (01) and available (02) in the card's currency, D where it is owed", async () => {
    const peer = await underTest.connect(linkOf("visa"));
    const answers = [balances(90_000n, 100_000n, 840), balances(-2_500n, 1_000n, 392)];
    underTest.authorizer.decide = (_, done) => done(answers.shift() ?? approval());

    peer.say(visaPurchase({ "3": "312000", "4": "000000000000" }));
    peer.say(visaPurchase({ "3": "302000", "4": "000000000000", "11": "000502" }));

    const [first, second] = [await peer.message(1), await peer.message(2)];
    expect([first.get("39"), first.get("54")]).to.deep.equal(["00", "2001840C0000001000002002840C000000090000"]);
    expect(second.get("54")).to.equal("2001392C0000000010002002392D000000002500");
  });

  it("writes twelve nines for a balance that has more digits", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    underTest.authorizer.decide = (_, done) => done(balances(5_000_000_000_000n, 1n, 840));

    peer.say(purchase({ "3": "310000" }));

    expect((await peer.message(1)).get("54")).to.equal("0001840C0000000000010002840C999999999999");
  });

  for (const [network, fields, code] of [
    ["visa", visaPurchase, "85"],
    ["mastercard", mastercardPurchase, "85"],
    ["generic", purchase, "00"],
  ] as const) {
    it(`answers ${code} to an amount of zero on a ${network} link where nothing speaks against the account`, async () => {
      const peer = await underTest.connect(linkOf(network));

      peer.say(fields({ "4": "000000000000" }));

      const reply = await peer.message(1);
      expect([reply.get("39"), reply.get("54")]).to.deep.equal([code, undefined]);
      expect(underTest.authorizer.authorizations[0]?.purpose).to.equal("verification");
    });
  }

  it("answers one dollar at a pump 00 with the dollar, whatever is held", async () => {
    const peer = await underTest.connect(linkOf("generic"));
    underTest.authorizer.decide = (_, done) => done(posted100());

    peer.say(purchase({ "4": "000000000100", "18": "5542" }));

    const reply = await peer.message(1);
    expect([reply.get("39"), reply.get("4"), reply.get("54")]).to.deep.equal(["00", "000000000100", undefined]);
  });

  it("answers a 0200 like a 0100: posted 00, posted in part 10, declined by its reason", async () => {
    const peer = await underTest.connect(linkOf("generic", { allowsPartial: true }));
    const decisions = [
      posting(2_599n, 2_599n),
      posting(2_599n, 599n),
      { outcome: "declined", shard: 0, journalNo: 1, isDuplicate: false, check: "insufficient_funds" } as const,
    ];
    underTest.authorizer.charge = (_, done) => done(decisions.shift() ?? posting(0n, 0n));

    for (const stan of ["000501", "000502", "000503"]) peer.say(purchase({ "0": "0200", "11": stan }));
    await peer.message(3);

    expect(
      peer.heard.map(
        (reply) => `${reply.mti} ${reply.get("39")} ${reply.get("38")} ${reply.get("4")} ${reply.get("54")}`,
      ),
    ).to.deep.equal([
      "0210 00 123456 000000002599 undefined",
      "0210 10 123456 000000000599 0057826D000000002599",
      "0210 51 undefined 000000002599 undefined",
    ]);
    expect(underTest.authorizer.postings.map(({ isAdvice, allowsPartial }) => [isAdvice, allowsPartial])).to.deep.equal(
      [
        [false, true],
        [false, true],
        [false, true],
      ],
    );
  });
});

function posted100(): AuthorizationDecision {
  const approved = approval();
  if (approved.outcome !== "approved") throw new Error("an approval is approved");
  return { ...approved, approvedAmount: minor(10_000n) };
}
