import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import type { Model } from "../../../simulators/model/model.ts";
import { dayMs, noonMs, purchase, reversalOf, singleAdviceOf, smallModel } from "./small-program.ts";

const weekLater = { wallNowMs: noonMs + 7 * dayMs, businessNowMs: noonMs + 7 * dayMs };

function expireFirst(model: Model) {
  const [hold] = model.holds("card");
  return model.expire({ chain: "card", holdKey: hold?.key ?? "", asFuel: false, ...weekLater });
}

describe("simulators/model/expiry", () => {
  for (const [what, mcc, days] of [
    ["restaurant", "5812", 7],
    ["hotel of a chain", "3501", 31],
    ["hotel with the last code of its own", "3999", 31],
    ["hotel", "7011", 31],
    ["car rental company", "3351", 31],
    ["truck rental", "7513", 31],
    ["cruise line", "4411", 31],
    ["airline, which is before the first rental company", "3350", 7],
    ["shop after the last hotel", "4000", 7],
  ] as const) {
    it(`lets the hold of a ${what} (${mcc}) expire after ${days} days of business time`, () => {
      const model = smallModel();
      model.authorize(purchase({ mcc }));

      expect(model.dueHolds("card", noonMs + days * dayMs - 1)).to.have.length(0);
      expect(model.dueHolds("card", noonMs + days * dayMs)).to.have.length(1);
    });
  }

  it("gives what remains back, to its day, and only once", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);
    model.reverse(reversalOf(message, { replacementAmount: minor(4_000n) }));

    expect([expireFirst(model), expireFirst(model)]).to.deep.equal(["done", "already"]);

    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
    const owner = { kind: "chain", id: "card" } as const;
    expect(model.spent({ owner, interval: "monthly", categories: [] }, noonMs)).to.equal(0n);
    expect(model.reverse(reversalOf(message, {}))).to.include({ outcome: "nothing_to_release" });
    expect(model.expire({ chain: "card", holdKey: "another", asFuel: false, ...weekLater })).to.equal("stale");
  });

  it("counts from the first message and not from an increment", () => {
    const model = smallModel();
    model.authorize(purchase({ networkChain: "C1" }));
    model.authorize(purchase({ networkChain: "C1", purpose: "increment", amount: 1, atMs: noonMs + 6 * dayMs }));

    expect(model.dueHolds("card", noonMs + 7 * dayMs)).to.have.length(1);
  });

  it("posts a late 0220 of an expired hold by force", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);
    expireFirst(model);

    expect(model.post(singleAdviceOf(message, { atMs: noonMs + 8 * dayMs }))).to.include({ outcome: "force_posted" });
    expect(model.program.account("acct")).to.include({ available: 990_000n, held: 0n });
  });
});

describe("simulators/model/forgetting what followed", () => {
  it("forgets a posting two days after it, and by then its original could post again", () => {
    const model = smallModel();
    const message = purchase({});
    model.post(singleAdviceOf(message, {}));

    expect(model.purge("card", noonMs + 2 * dayMs - 1, 10)).to.equal(0);
    expect(model.purge("card", noonMs + 2 * dayMs, 10)).to.equal(3);
    expect(model.authorize(message)).to.include({ outcome: "approved" });
  });

  it("keeps an increment as long as its hold", () => {
    const model = smallModel();
    const message = purchase({ networkChain: "C1" });
    model.authorize(message);
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 5 });
    model.authorize(increment);

    expect(model.purge("card", noonMs + 5 * dayMs, 10)).to.equal(0);
    model.reverse(reversalOf(message, { atMs: noonMs + 5 * dayMs }));

    expect(model.purge("card", noonMs + 6 * dayMs - 1, 10)).to.equal(0);
    expect(model.authorize(increment)).to.include({ outcome: "duplicate" });
    expect(model.purge("card", noonMs + 6 * dayMs, 10)).to.equal(3);
  });
});
