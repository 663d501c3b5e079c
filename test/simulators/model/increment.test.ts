import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import type { Model } from "../../../simulators/model/model.ts";
import { dayMs, limited, noonMs, purchase, reversalOf, smallModel } from "./small-program.ts";

const chain = { networkChain: "C1" };
const more = { ...chain, purpose: "increment" } as const;
const owner = { kind: "chain", id: "card" } as const;

function spentOn(model: Model, businessMs: number): bigint {
  return model.spent({ owner, interval: "daily", categories: [] }, businessMs);
}

describe("simulators/model/increment", () => {
  it("adds to the hold of its chain and counts on the day it comes", () => {
    const model = smallModel();
    model.authorize(purchase(chain));

    const answer = model.authorize(purchase({ ...more, amount: 2_500, atMs: noonMs + dayMs }));

    expect(answer).to.deep.equal({ outcome: "approved", approvedAmount: 2_500n });
    expect(model.openHolds("card")).to.deep.equal([12_500n]);
    expect([spentOn(model, noonMs), spentOn(model, noonMs + dayMs)]).to.deep.equal([10_000n, 2_500n]);
  });

  it("leaves the chain as it was where it is declined", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(12_000, "daily");
    model.authorize(purchase(chain));

    expect(model.authorize(purchase({ ...more, amount: 2_001 }))).to.include({ check: "limit" });

    expect(model.openHolds("card")).to.deep.equal([10_000n]);
    expect(model.authorize(purchase({ ...more, amount: 2_000 }))).to.include({ outcome: "approved" });
  });

  it("counts with its hold and asks the limits of its hold's category, whatever its own merchant's code is", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(12_000, "daily", ["restaurants"]);
    model.authorize(purchase(chain));

    expect(model.authorize(purchase({ ...more, mcc: "5411", amount: 2_001 }))).to.include({ check: "limit" });
    expect(model.authorize(purchase({ ...more, mcc: "5411", amount: 2_000 }))).to.include({ outcome: "approved" });

    const restaurants = { owner, interval: "daily", categories: ["restaurants"] } as const;
    expect(model.spent(restaurants, noonMs)).to.equal(12_000n);
    model.program.card("card").controls = limited(500, "per_authorization", ["groceries"]);
    expect(model.authorize(purchase({ ...more, mcc: "5411", amount: 501 }))).to.include({ check: "limit" });
  });

  it("begins a chain anew where the chain is unknown or closed, and the next one finds that", () => {
    const model = smallModel();
    const first = purchase(chain);
    model.authorize(first);
    model.reverse(reversalOf(first, {}));

    model.authorize(purchase({ ...more, amount: 2_500 }));
    model.authorize(purchase({ ...more, amount: 500 }));

    expect(model.openHolds("card")).to.deep.equal([3_000n]);
  });

  it("is reversed by itself, and only once", () => {
    const model = smallModel();
    model.authorize(purchase(chain));
    const increment = purchase({ ...more, amount: 2_500 });
    model.authorize(increment);

    const answers = [1_000n, 1_001n, 1_000n, null, null].map((amount) =>
      model.reverse(reversalOf(increment, { replacementAmount: amount === null ? null : minor(amount) })),
    );

    expect(answers).to.deep.equal([
      { outcome: "lowered", releasedAmount: 1_500n },
      { outcome: "exception", releasedAmount: 0n },
      { outcome: "lowered", releasedAmount: 0n },
      { outcome: "released", releasedAmount: 1_000n },
      { outcome: "nothing_to_release", releasedAmount: 0n },
    ]);
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
  });

  it("gives back no more than remains, and leaves the chain open: only its first message closes it", () => {
    const model = smallModel();
    const first = purchase(chain);
    model.authorize(first);
    const increment = purchase({ ...more, amount: 2_500 });
    model.authorize(increment);
    model.reverse(reversalOf(first, { replacementAmount: minor(2_000n) }));

    expect(model.reverse(reversalOf(increment, {}))).to.deep.equal({ outcome: "released", releasedAmount: 2_000n });
    expect(model.openHolds("card")).to.deep.equal([0n]);
    model.authorize(purchase({ ...more, amount: 700 }));
    expect(model.reverse(reversalOf(first, {}))).to.deep.equal({ outcome: "released", releasedAmount: 700n });
    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
  });

  it("gives the latest day back first, and an increment's own day before that", () => {
    const model = smallModel();
    const first = purchase(chain);
    model.authorize(first);
    const [second, third] = [1, 2].map((day) => purchase({ ...more, amount: 3_000, atMs: noonMs + day * dayMs }));
    if (second === undefined || third === undefined) expect.fail("two increments");
    model.authorize(second);
    model.authorize(third);
    const days = () => [0, 1, 2].map((day) => spentOn(model, noonMs + day * dayMs));

    model.reverse(reversalOf(first, { replacementAmount: minor(15_000n) }));
    expect(days()).to.deep.equal([10_000n, 3_000n, 2_000n]);

    model.reverse(reversalOf(second, { replacementAmount: minor(500n) }));
    expect(days()).to.deep.equal([10_000n, 500n, 2_000n]);

    model.reverse(reversalOf(third, {}));
    expect(days()).to.deep.equal([9_500n, 0n, 0n]);

    model.reverse(reversalOf(first, {}));
    expect(days()).to.deep.equal([0n, 0n, 0n]);
  });

  it("belongs to the first hold of its chain where a second one bears the same name", () => {
    const model = smallModel();
    const first = purchase(chain);
    model.authorize(first);
    model.authorize(purchase({ ...chain, amount: 5_000 }));

    model.authorize(purchase({ ...more, amount: 300 }));

    expect(model.openHolds("card")).to.deep.equal([5_000n, 10_300n]);
    model.reverse(reversalOf(first, {}));
    expect(model.openHolds("card")).to.deep.equal([5_000n]);
  });

  it("is refused where its reversal has come before it", () => {
    const model = smallModel();
    model.authorize(purchase(chain));
    const increment = purchase({ ...more, amount: 2_500 });

    expect(model.reverse(reversalOf(increment, {}))).to.include({ outcome: "tombstone" });
    expect(model.authorize(increment)).to.deep.equal({ outcome: "reversed_before" });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
  });
});
