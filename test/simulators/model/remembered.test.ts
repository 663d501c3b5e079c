import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import { adviceOf, dayMs, nextStan, noonMs, purchase, reversalOf, smallModel } from "./small-program.ts";

const tomorrow = noonMs + dayMs;
const onChain = { networkChain: "C1" } as const;

describe("simulators/model/remembered", () => {
  it("lowers a hold once, however late the same partial reversal comes again", () => {
    const model = smallModel();
    const message = purchase(onChain);
    model.authorize(message);
    const lowering = reversalOf(message, { replacementAmount: minor(7_000n) });
    model.reverse(lowering);
    model.authorize(purchase({ ...onChain, purpose: "increment", amount: 2_000, atMs: tomorrow }));

    model.purge("card", tomorrow + dayMs, 10);

    expect(model.reverse({ ...lowering, wallNowMs: tomorrow + dayMs })).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "lowered", releasedAmount: 3_000n },
    });
    expect(model.openHolds("card")).to.deep.equal([9_000n]);
  });

  it("remembers the reversal of an increment as long as its hold is open, and a day longer", () => {
    const model = smallModel();
    const message = purchase(onChain);
    model.authorize(message);
    const increment = purchase({ ...onChain, purpose: "increment", amount: 2_500 });
    model.authorize(increment);
    const reversal = reversalOf(increment, {});
    model.reverse(reversal);

    expect(model.purge("card", noonMs + 5 * dayMs, 10)).to.equal(0);
    expect(model.reverse(reversal)).to.include({ outcome: "duplicate" });
    model.reverse(reversalOf(message, { atMs: noonMs + 5 * dayMs }));

    expect(model.purge("card", noonMs + 6 * dayMs - 1, 10)).to.equal(0);
    // The purchase, the increment and a reversal of each.
    expect(model.purge("card", noonMs + 6 * dayMs, 10)).to.equal(4);
  });

  it("forgets after a day that an increment was advised as declined, of which nothing is left to take back", () => {
    const model = smallModel();
    model.authorize(purchase(onChain));
    const increment = purchase({ ...onChain, purpose: "increment", amount: 2_500 });
    model.authorize(increment);
    const advice = adviceOf(increment, { isApproved: false });
    model.advise(advice);

    model.purge("card", noonMs + 5 * dayMs, 10);

    expect(model.advise(advice)).to.deep.equal({ outcome: "released", amount: 0n });
  });

  it("sets a pump's hold once by each completion, however late the first comes again", () => {
    const model = smallModel();
    const message = purchase({ purpose: "fuel", mcc: "5542", amount: 100 });
    model.authorize(message);
    const completion = (amount: number) =>
      adviceOf(message, { purpose: "purchase", amount, stan: nextStan(), originalStan: message.stan });
    const first = completion(4_000);
    model.advise(first);
    model.advise(completion(6_000));

    model.purge("card", noonMs + 2 * dayMs, 10);

    expect(model.advise(first)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "completed", amount: 4_000n },
    });
    expect(model.openHolds("card")).to.deep.equal([6_000n]);
  });

  it("remembers with its hold what was too much for it", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);
    model.reverse(reversalOf(message, { replacementAmount: minor(10_001n) }));

    expect(model.purge("card", noonMs + 5 * dayMs, 10)).to.equal(0);
  });
});
