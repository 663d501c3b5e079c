import { expect } from "chai";
import { adviceOf, nextStan, purchase, reversalOf, single, singleAdviceOf, smallModel } from "./small-program.ts";

const nothingToRelease = { outcome: "nothing_to_release", releasedAmount: 0n };

describe("simulators/model/reversed-posting", () => {
  it("keeps what a 0220 has captured or posted by force when the 0100 behind it is reversed", () => {
    const model = smallModel();
    const captured = purchase({});
    model.authorize(captured);
    model.post(singleAdviceOf(captured, {}));
    const forced = purchase({ amount: 2_000 });
    model.post(singleAdviceOf(forced, {}));
    const refused = purchase({ amount: 60_000 });
    model.authorize(refused);
    model.post(singleAdviceOf(refused, {}));

    for (const message of [captured, forced, refused]) {
      expect(model.reverse(reversalOf(message, {}))).to.deep.equal(nothingToRelease);
    }
    expect(model.program.account("acct")).to.include({ available: 928_000n, held: 0n });
  });

  it("posts it back for a reversal that names the 0220 or, under the tuple of the 0100, nothing", () => {
    const model = smallModel();
    const one = purchase({});
    const advice = singleAdviceOf(one, {});
    model.post(advice);
    const two = purchase({ amount: 2_000 });
    model.post(singleAdviceOf(two, {}));

    const original = { stan: advice.stan, function: "financial_advice" } as const;
    expect(model.reverse(reversalOf(one, { original }))).to.include({ releasedAmount: 10_000n });
    expect(model.reverse(reversalOf(two, { original: null, stan: two.stan }))).to.include({ outcome: "reposted" });

    expect(model.program.account("acct").available).to.equal(1_000_000n);
  });

  it("posts a 0220 whose 0100 was reversed before either came, and refuses the 0100 that comes still later", () => {
    const model = smallModel();
    const message = purchase({});
    model.reverse(reversalOf(message, {}));

    expect(model.post(singleAdviceOf(message, {}))).to.include({ outcome: "force_posted" });
    expect(model.authorize(message)).to.deep.equal({ outcome: "reversed_before" });

    expect(model.program.account("acct")).to.include({ available: 990_000n, held: 0n });
  });

  it("posts a 0220 of what we had declined, although its 0100 has been reversed meanwhile", () => {
    const model = smallModel();
    const message = purchase({ amount: 60_000 });
    model.authorize(message);
    model.reverse(reversalOf(message, {}));

    expect(model.post(singleAdviceOf(message, {}))).to.include({ outcome: "force_posted" });
    expect(model.program.account("acct").available).to.equal(940_000n);
  });

  it("sees the 0200 behind a reversed 0100 of the same tuple", () => {
    const model = smallModel();
    const message = single({});
    model.reverse(reversalOf(message, {}));
    model.post(message);

    expect(model.post(singleAdviceOf(message, {}))).to.deep.equal({ outcome: "posted_before" });
    expect(model.program.account("acct").available).to.equal(990_000n);
  });

  it("needs no rate for an advice that was declined: a hold is released, a late original refused, a 0220 listed", () => {
    const model = smallModel();
    const held = purchase({});
    model.authorize(held);
    const unbillable = { isApproved: false, transactionCurrency: 504 } as const;

    expect(model.advise(adviceOf(held, unbillable))).to.deep.equal({ outcome: "released", amount: 10_000n });
    const late = purchase({});
    const early = adviceOf(late, { ...unbillable, stan: nextStan(), originalStan: late.stan });
    expect(model.advise(early)).to.deep.equal({ outcome: "released", amount: 0n });
    expect(model.authorize(late)).to.deep.equal({ outcome: "reversed_before" });
    const single = singleAdviceOf(purchase({}), unbillable);
    expect(model.post(single)).to.deep.equal({ outcome: "exception" });
    expect(model.post(single)).to.deep.equal({ outcome: "duplicate", first: { outcome: "exception" } });
    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
  });
});
