import { expect } from "chai";
import { type ForcedRule, forcedMerchants } from "../../specs/forced-outcomes.ts";
import { ForcedOutcomes, type ForcedSubject } from "../../src/switch/forced-outcomes.ts";

describe("switch/forced-outcomes", () => {
  function subject(change: Partial<ForcedSubject> = {}): ForcedSubject {
    return { pan: "4000008400000018", transactionAmount: 2_500n, merchant: { id: "GREENBRIAR00017" }, ...change };
  }

  it("declines with the code that a forced merchant stands for, filled with blanks or not", () => {
    const forced = new ForcedOutcomes(forcedMerchants);

    const short = forced.match(subject({ merchant: { id: "FORCED-DE39-51" } }));
    const filled = forced.match(subject({ merchant: { id: "FORCED-DE39-51 " } }));

    expect([short, filled]).to.deep.equal([
      { kind: "response", responseCode: "51" },
      { kind: "response", responseCode: "51" },
    ]);
  });

  it("leaves ordinary merchants, cards and amounts alone", () => {
    const forced = new ForcedOutcomes(forcedMerchants);

    expect(forced.match(subject())).to.equal(null);
    expect(forced.match(subject({ merchant: { id: "FORCED-DE39-5" } }))).to.equal(null);
  });

  it("never declines an advice or a reversal, but may spoil its answer", () => {
    const merchant = { id: "CORNER SHOP" };
    const forced = new ForcedOutcomes([
      { when: { merchant: "CORNER SHOP" }, outcome: { kind: "response", responseCode: "05" } },
      { when: { merchant: "CORNER SHOP" }, outcome: { kind: "drop" } },
    ]);

    expect(forced.match(subject({ merchant }))).to.deep.equal({ kind: "response", responseCode: "05" });
    expect(forced.matchTold(subject({ merchant }))).to.deep.equal({ kind: "drop" });
  });

  it("takes the first rule of which everything fits: PAN, amount and merchant", () => {
    const rules: readonly ForcedRule[] = [
      { when: { pan: "4000008400000018", amount: 1 }, outcome: { kind: "drop" } },
      { when: { amount: 1_13 }, outcome: { kind: "delay", ms: 20 } },
      { when: { pan: "4000008400000018" }, outcome: { kind: "duplicate" } },
    ];
    const forced = new ForcedOutcomes(rules);

    expect(forced.match(subject({ transactionAmount: 1n }))).to.deep.equal({ kind: "drop" });
    expect(forced.match(subject({ transactionAmount: 1_13n }))).to.deep.equal({ kind: "delay", ms: 20 });
    expect(forced.match(subject())).to.deep.equal({ kind: "duplicate" });
    expect(forced.match(subject({ pan: "4000008400000026", transactionAmount: 1n }))).to.equal(null);
  });
});
