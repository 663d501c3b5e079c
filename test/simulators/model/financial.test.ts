import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import type { Model } from "../../../simulators/model/model.ts";
import {
  adviceOf,
  dayMs,
  limited,
  nextStan,
  noonMs,
  purchase,
  reversalOf,
  single,
  singleAdviceOf,
  smallModel,
} from "./small-program.ts";

const owner = { kind: "chain", id: "card" } as const;

function spentOn(model: Model, businessMs: number): bigint {
  return model.spent({ owner, interval: "daily", categories: [] }, businessMs);
}

const ofSingle = (stan: string) => ({ original: { stan, function: "financial" } }) as const;

describe("simulators/model/financial", () => {
  it("posts a 0200 at once, holds nothing, and counts it", () => {
    const model = smallModel();
    const message = single({});

    const answer = model.post(message);

    expect(answer).to.deep.equal({ outcome: "posted", postedAmount: 10_000n, askedAmount: 10_000n });
    expect(model.program.account("acct")).to.include({ available: 990_000n, held: 0n });
    expect(spentOn(model, noonMs)).to.equal(10_000n);
    expect(model.post(message)).to.deep.equal({ outcome: "duplicate", first: answer });
  });

  it("declines a 0200 as it would a 0100, and never captures a hold with it", () => {
    const model = smallModel();
    model.authorize(purchase({ networkChain: "C1" }));

    expect(model.post(single({ amount: 50_001 }))).to.include({ check: "limit" });
    model.post(single({ networkChain: "C1" }));

    expect(model.openHolds("card")).to.deep.equal([10_000n]);
    expect(model.program.account("acct")).to.include({ available: 980_000n, held: 10_000n });
  });

  it("posts a refund as a credit that counts nothing and gives nothing back", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(10_000, "daily");
    model.post(single({}));

    model.post(single({ purpose: "refund", amount: 4_000 }));

    expect(model.program.account("acct").available).to.equal(994_000n);
    expect(model.post(single({ amount: 1 }))).to.include({ check: "limit" });
  });

  it("posts back in full or down to DE95, and gives it back to the day on which it was charged", () => {
    const model = smallModel();
    const message = single({});
    model.post(message);
    const tomorrow = noonMs + dayMs;
    const named = { atMs: tomorrow, ...ofSingle(message.stan) };

    const answers = [8_000n, 8_000n, 8_001n, null, null].map((amount) =>
      model.reverse(reversalOf(message, { ...named, replacementAmount: amount === null ? null : minor(amount) })),
    );

    expect(answers).to.deep.equal([
      { outcome: "reposted", releasedAmount: 2_000n },
      { outcome: "reposted", releasedAmount: 0n },
      { outcome: "exception", releasedAmount: 0n },
      { outcome: "reposted", releasedAmount: 8_000n },
      { outcome: "nothing_to_release", releasedAmount: 0n },
    ]);
    expect(model.program.account("acct").available).to.equal(1_000_000n);
    expect(spentOn(model, noonMs)).to.equal(0n);
  });

  it("takes a credit back, even where that leaves less than nothing", () => {
    const model = smallModel();
    const refund = single({ purpose: "refund", amount: 4_000 });
    model.post(refund);
    model.fund("acct", minor(-1_003_000n));

    model.reverse(reversalOf(refund, ofSingle(refund.stan)));

    expect(model.program.account("acct").available).to.equal(-3_000n);
  });

  it("captures the hold of the 0100 that a 0220 names, with the tip", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    const answer = model.post(singleAdviceOf(message, { amount: 11_500, atMs: noonMs + dayMs }));

    expect(answer).to.include({ outcome: "captured_hold", postedAmount: 11_500n });
    expect(model.program.account("acct")).to.include({ available: 988_500n, held: 0n });
    expect([spentOn(model, noonMs), spentOn(model, noonMs + dayMs)]).to.deep.equal([10_000n, 1_500n]);
    expect(model.reverse(reversalOf(message, {}))).to.include({ outcome: "nothing_to_release" });
  });

  it("gives back the latest day first where less is captured than was held, and 0 gives all of it back", () => {
    const model = smallModel();
    model.authorize(purchase({ networkChain: "C1" }));
    model.authorize(purchase({ networkChain: "C1", purpose: "increment", amount: 3_000, atMs: noonMs + dayMs }));

    model.post(singleAdviceOf(purchase({ networkChain: "C1" }), { amount: 9_000, atMs: noonMs + dayMs }));

    expect([spentOn(model, noonMs), spentOn(model, noonMs + dayMs)]).to.deep.equal([9_000n, 0n]);
    const other = purchase({ atMs: noonMs + dayMs });
    model.authorize(other);
    expect(model.post(singleAdviceOf(other, { amount: 0 }))).to.include({ outcome: "captured_hold" });
    expect(model.program.account("acct")).to.include({ available: 991_000n, held: 0n });
  });

  it("posts back a captured hold to the days on which it was charged", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);
    const capture = singleAdviceOf(message, { amount: 11_500, atMs: noonMs + dayMs });
    model.post(capture);
    const original = { stan: capture.stan, function: "financial_advice" } as const;

    model.reverse(reversalOf(message, { original, atMs: noonMs + dayMs, replacementAmount: minor(9_000n) }));

    expect([spentOn(model, noonMs), spentOn(model, noonMs + dayMs)]).to.deep.equal([9_000n, 0n]);
    expect(model.program.account("acct")).to.include({ available: 991_000n, held: 0n });
  });

  it("posts by force what nothing was held for, beyond limits and funds, and knows the late original", () => {
    const model = smallModel();
    const message = purchase({ amount: 1_200_000 });

    expect(model.post(singleAdviceOf(message, {}))).to.include({ outcome: "force_posted" });

    expect(model.program.account("acct").available).to.equal(-200_000n);
    expect(model.authorize(message)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "approved", approvedAmount: 1_200_000n },
    });
    expect(model.post({ ...singleAdviceOf(message, {}), isAdvice: false })).to.include({ outcome: "duplicate" });
  });

  it("does not post a second time what its 0200 has posted", () => {
    const model = smallModel();
    const message = single({});
    model.post(message);

    const named = { stan: nextStan(), ...ofSingle(message.stan) };

    expect(model.post(singleAdviceOf(message, {}))).to.deep.equal({ outcome: "posted_before" });
    expect(model.post(singleAdviceOf(message, named))).to.deep.equal({ outcome: "posted_before" });
    expect(model.program.account("acct").available).to.equal(990_000n);
  });

  it("posts again what has been posted by force already: only a 0200 is stood in for", () => {
    const model = smallModel();
    const message = purchase({ networkChain: "C1" });
    model.post(singleAdviceOf(message, {}));
    const named = { stan: nextStan(), original: { stan: message.stan, function: "authorization" } } as const;

    expect(model.post(singleAdviceOf(message, named))).to.include({ outcome: "force_posted" });
    expect(model.post(singleAdviceOf(purchase({ networkChain: "C1" }), {}))).to.include({ outcome: "force_posted" });
    expect(model.program.account("acct").available).to.equal(970_000n);
  });

  it("decides no 0200 whose time has passed, and any 0220", () => {
    const model = smallModel();

    expect(model.post(single({ deadlineMs: noonMs }))).to.deep.equal({ outcome: "expired_deadline" });
    expect(model.post(single({ deadlineMs: noonMs + 1 }))).to.include({ outcome: "posted" });
    expect(model.post(singleAdviceOf(purchase({ deadlineMs: noonMs }), {}))).to.include({ outcome: "force_posted" });
  });

  it("forgets the name of a chain with what it named", () => {
    const model = smallModel();
    model.post(singleAdviceOf(purchase({ networkChain: "C1" }), {}));
    const advised = () => model.advise(adviceOf(purchase({ networkChain: "C1" }), {}));

    model.purge("card", noonMs + 2 * dayMs - 1, 10);
    expect(advised()).to.include({ outcome: "attached" });
    model.purge("card", noonMs + 2 * dayMs, 10);

    expect(advised()).to.include({ outcome: "held" });
    model.purge("card", noonMs + 9 * dayMs, 10);
    expect(advised()).to.include({ outcome: "held" });
    model.authorize(purchase({ networkChain: "C1", purpose: "increment", amount: 7 }));
    expect(model.openHolds("card")).to.deep.equal([10_000n, 10_007n]);
  });

  it("does not post what was reversed before it came, nor what it says itself was declined, nor an amount of 0", () => {
    const model = smallModel();
    const message = single({});
    model.reverse(reversalOf(message, ofSingle(message.stan)));

    expect(model.post(message)).to.deep.equal({ outcome: "reversed_before" });
    expect(model.post(singleAdviceOf(message, {}))).to.deep.equal({ outcome: "reversed_before" });
    expect(model.post(singleAdviceOf(purchase({}), { isApproved: false }))).to.deep.equal({ outcome: "exception" });
    expect(model.post(singleAdviceOf(purchase({}), { amount: 0 }))).to.deep.equal({ outcome: "exception" });
    expect(model.program.account("acct").available).to.equal(1_000_000n);
  });

  it("finds the original of a reversal without DE90: the 0100, then the 0200, then the 0220", () => {
    const model = smallModel();
    const both = { stan: nextStan(), rrn: "SAME" };
    model.authorize(purchase({ ...both, amount: 1_000 }));
    model.post(single({ ...both, amount: 2_000 }));
    const unnamed = { original: null, stan: both.stan };

    const answer = model.reverse(reversalOf(purchase(both), unnamed));

    expect(answer).to.deep.equal({ outcome: "released", releasedAmount: 1_000n });
    const lone = single({ amount: 2_000 });
    model.post(lone);
    expect(model.reverse(reversalOf(lone, { original: null, stan: lone.stan }))).to.include({ outcome: "reposted" });
  });

  it("does not post a 0220 whose own reversal has come before it", () => {
    const model = smallModel();
    const advice = singleAdviceOf(purchase({}), {});
    const original = { stan: advice.stan, function: "financial_advice" } as const;

    expect(model.reverse(reversalOf(advice, { original }))).to.include({ outcome: "tombstone" });
    expect(model.post(advice)).to.deep.equal({ outcome: "reversed_before" });
    expect(model.program.account("acct").available).to.equal(1_000_000n);
  });

  it("posts back once what a 0200 had posted, whether its 0220 or itself is named", () => {
    const model = smallModel();
    const message = single({});
    model.post(message);
    const advice = singleAdviceOf(message, { stan: nextStan(), ...ofSingle(message.stan) });
    model.post(advice);
    const original = { stan: advice.stan, function: "financial_advice" } as const;

    expect(model.reverse(reversalOf(advice, { original }))).to.include({ outcome: "reposted" });
    expect(model.program.account("acct").available).to.equal(1_000_000n);
    const again = reversalOf(message, ofSingle(message.stan));
    expect(model.reverse(again)).to.include({ outcome: "nothing_to_release" });
  });

  for (const isReversed of [false, true]) {
    const outcome = isReversed ? "nothing_to_release" : "reposted";

    it(`answers ${outcome} to the reversal of a 0200 whose 0220 captured a hold, ${isReversed ? "if it was reversed before" : "though we declined it"}`, () => {
      const model = smallModel();
      const message = purchase({ amount: 60_000 });
      model.advise(adviceOf(message, {}));
      model.post({ ...singleAdviceOf(message, {}), isAdvice: false });
      if (isReversed) model.reverse(reversalOf(message, ofSingle(message.stan)));

      expect(model.post(singleAdviceOf(message, {}))).to.include({ outcome: "captured_hold" });

      expect(model.reverse(reversalOf(message, ofSingle(message.stan)))).to.include({ outcome });
    });
  }

  it("captures nothing for a refund that comes as a 0220", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    expect(model.post(singleAdviceOf(message, { purpose: "refund" }))).to.include({ outcome: "force_posted" });

    expect(model.openHolds("card")).to.deep.equal([10_000n]);
    expect(model.program.account("acct").available).to.equal(1_000_000n);
  });
});
