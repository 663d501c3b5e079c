import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import { dayMs, hourMs, noonMs, purchase, reversalOf, smallModel } from "./small-program.ts";

describe("simulators/model/reversal", () => {
  it("gives the whole hold back on a full reversal", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    const answer = model.reverse(reversalOf(message, {}));

    expect(answer).to.deep.equal({
      outcome: "released",
      releasedAmount: 10_000n,
    });
    expect(model.program.account("acct")).to.include({
      available: 1_000_000n,
      held: 0n,
    });
    expect(model.openHolds("card")).to.deep.equal([]);
  });

  it("lowers the hold to the replacement amount (DE95), and again, and releases the rest", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    const answers = [7_000n, 7_000n, 7_001n, 0n].map((amount) =>
      model.reverse(reversalOf(message, { replacementAmount: minor(amount) })),
    );

    expect(answers).to.deep.equal([
      { outcome: "lowered", releasedAmount: 3_000n },
      { outcome: "lowered", releasedAmount: 0n },
      { outcome: "exception", releasedAmount: 0n },
      { outcome: "released", releasedAmount: 7_000n },
    ]);
    expect(model.program.account("acct")).to.include({
      available: 1_000_000n,
      held: 0n,
    });
  });

  it("refuses the original that comes after its reversal, and forgets neither on a repeat", () => {
    const model = smallModel();
    const message = purchase({});
    const early = reversalOf(message, {});

    expect(model.reverse(early)).to.include({ outcome: "tombstone" });
    expect(model.reverse(reversalOf(message, {}))).to.include({
      outcome: "unknown",
    });
    expect(model.authorize(message)).to.deep.equal({
      outcome: "reversed_before",
    });
    expect(model.authorize(message)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "reversed_before" },
    });
    expect(model.reverse(early)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "tombstone", releasedAmount: 0n },
    });
    expect(model.reverse(reversalOf(message, {}))).to.include({
      outcome: "nothing_to_release",
    });
    expect(model.program.account("acct").held).to.equal(0n);
  });

  it("has nothing to release for a declined or an already reversed purchase", () => {
    const model = smallModel();
    const declined = purchase({ amount: 2_000_000 });
    model.authorize(declined);
    const reversed = purchase({});
    model.authorize(reversed);
    model.reverse(reversalOf(reversed, {}));

    expect(model.reverse(reversalOf(declined, {}))).to.include({
      outcome: "nothing_to_release",
    });
    expect(model.reverse(reversalOf(reversed, { replacementAmount: minor(1n) }))).to.include({
      outcome: "nothing_to_release",
    });
    expect(model.reverse(reversalOf(reversed, { pan: "4999999999999991" }))).to.deep.equal({ outcome: "unknown_pan" });
  });

  it("gives two purchases that share a chain a hold each", () => {
    const model = smallModel();
    const one = purchase({ rrn: "SAME" });
    const two = purchase({ rrn: "SAME", amount: 2_500 });
    model.authorize(one);
    model.authorize(two);

    model.reverse(reversalOf(one, {}));

    expect(model.openHolds("card")).to.deep.equal([2_500n]);
  });

  it("works on a card that is canceled by then", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    model.program.setCardStatus("card", "canceled");

    expect(model.reverse(reversalOf(message, {}))).to.include({
      outcome: "released",
    });
  });
});

describe("simulators/model/forgetting", () => {
  it("forgets a declined purchase a day after it was declined", () => {
    const model = smallModel();
    const declined = purchase({ amount: 2_000_000 });
    model.authorize(declined);

    expect(model.purge("card", noonMs + dayMs - 1, 10)).to.equal(0);
    expect(model.authorize(declined)).to.include({ outcome: "duplicate" });
    expect(model.purge("card", noonMs + dayMs, 10)).to.equal(1);
    expect(model.authorize(declined)).to.include({ outcome: "declined" });
  });

  it("keeps an open hold and what has lowered it as long as it is open, and forgets them a day after its end", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);
    const lowering = reversalOf(message, { replacementAmount: minor(1n) });
    model.reverse(lowering);
    expect(model.purge("card", noonMs + dayMs - 1, 10)).to.equal(0);
    expect(model.reverse(lowering)).to.include({ outcome: "duplicate" });
    expect(model.purge("card", noonMs + 30 * dayMs, 10)).to.equal(0);
    expect(model.reverse(lowering)).to.include({ outcome: "duplicate" });

    const end = noonMs + 40 * dayMs;
    model.reverse(reversalOf(message, { atMs: end }));

    expect(model.purge("card", end + dayMs - 1, 10)).to.equal(0);
    expect(model.authorize(message)).to.include({ outcome: "duplicate" });
    // The purchase, its lowering and its release.
    expect(model.purge("card", end + dayMs, 10)).to.equal(3);
  });

  it("remembers an early reversal for two days", () => {
    const model = smallModel();
    const message = purchase({ atMs: noonMs + 47 * hourMs });
    model.reverse(reversalOf(message, { atMs: noonMs }));

    expect(model.purge("card", noonMs + 48 * hourMs - 1, 10)).to.equal(0);
    expect(model.authorize(message)).to.include({ outcome: "reversed_before" });
    expect(model.purge("card", noonMs + 48 * hourMs, 10)).to.equal(2);
  });

  it("forgets no more at a time than it is told to", () => {
    const model = smallModel();
    for (let i = 0; i < 3; i++) model.authorize(purchase({ amount: 2_000_000 }));

    expect(model.purge("card", noonMs + dayMs, 2)).to.equal(2);
    expect(model.purge("card", noonMs + dayMs, 2)).to.equal(1);
    for (let i = 0; i < 2; i++) model.reverse(reversalOf(purchase({}), {}));
    // Two reversals, then the tombstones that each has left.
    expect([3, 3].map((limit) => model.purge("card", noonMs + 2 * dayMs, limit))).to.deep.equal([3, 1]);
  });
});
