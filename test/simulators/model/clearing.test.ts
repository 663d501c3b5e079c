import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import type { Model } from "../../../simulators/model/model.ts";
import {
  adviceOf,
  clearingOf,
  dayMs,
  limited,
  noonMs,
  purchase,
  reversalOf,
  singleAdviceOf,
  smallModel,
} from "./small-program.ts";

const monthly = { owner: { kind: "chain", id: "card" }, interval: "monthly", categories: [] } as const;

function ledger(model: Model): string {
  const { available, held } = model.program.account("acct");
  return `${available} available, ${held} held, spent ${model.spent(monthly, noonMs)}`;
}

function withHold(amount = 10_000) {
  const model = smallModel();
  const message = purchase({ amount });
  model.authorize(message);
  return { model, message };
}

describe("simulators/model/clearing", () => {
  it("turns a hold into money that has gone", () => {
    const { model, message } = withHold();

    expect(model.clear(clearingOf(message))).to.deep.equal({ outcome: "captured", amount: 10_000n });

    expect(ledger(model)).to.equal("990000 available, 0 held, spent 10000");
    expect(model.holds("card").map(({ state }) => state)).to.deep.equal(["captured"]);
  });

  it("keeps the rest of a hold until the final clearing, which gives it back", () => {
    const { model, message } = withHold();

    model.clear(clearingOf(message, { amount: 4_000, isFinal: false }));
    expect(ledger(model)).to.equal("990000 available, 6000 held, spent 10000");

    model.clear(clearingOf(message, { amount: 1_000 }));
    expect(ledger(model)).to.equal("995000 available, 0 held, spent 5000");
  });

  it("keeps a hold open of which all has been captured, until the final clearing says so", () => {
    const { model, message } = withHold();

    model.clear(clearingOf(message, { isFinal: false }));
    expect(model.openHolds("card")).to.deep.equal([0n]);

    expect(model.clear(clearingOf(message, { amount: 0 }))).to.deep.equal({ outcome: "captured", amount: 0n });
    expect(model.openHolds("card")).to.deep.equal([]);
    expect(ledger(model)).to.equal("990000 available, 0 held, spent 10000");
  });

  it("posts what is more than the hold, beyond every limit and below nothing", () => {
    const { model, message } = withHold(40_000);
    model.program.card("card").controls = limited(50_000, "monthly");

    model.clear(clearingOf(message, { amount: 1_200_000 }));

    expect(ledger(model)).to.equal("-200000 available, 0 held, spent 1200000");
  });

  it("counts what was captured beyond the hold on the day of the clearing, under the code of the hold", () => {
    const { model, message } = withHold();
    const nextDay = noonMs + dayMs;

    model.clear(clearingOf(message, { amount: 12_000, mcc: "5411", atMs: nextDay }));

    const daily = { owner: monthly.owner, interval: "daily" } as const;
    expect(model.spent({ ...daily, categories: ["restaurants"] }, noonMs)).to.equal(10_000n);
    expect(model.spent({ ...daily, categories: ["restaurants"] }, nextDay)).to.equal(2_000n);
    expect(model.spent({ ...daily, categories: ["groceries"] }, nextDay)).to.equal(0n);
  });

  it("counts what comes after the hold has ended under the code of the authorization that it names", () => {
    const { model, message } = withHold();
    model.reverse(reversalOf(message, {}));

    model.clear(clearingOf(message, { mcc: "5411" }));

    expect(model.spent({ ...monthly, categories: ["restaurants"] }, noonMs)).to.equal(10_000n);
    expect(model.spent({ ...monthly, categories: ["groceries"] }, noonMs)).to.equal(0n);
  });

  it("captures what was held first, and gives back what was held last", () => {
    const model = smallModel();
    const nextDay = noonMs + dayMs;
    const message = purchase({ networkChain: "C1" });
    model.authorize(message);
    model.authorize(purchase({ networkChain: "C1", purpose: "increment", amount: 5_000, atMs: nextDay }));

    model.clear(clearingOf(message, { amount: 11_000, atMs: nextDay }));

    const daily = { owner: monthly.owner, interval: "daily", categories: [] } as const;
    expect(model.spent(daily, noonMs)).to.equal(10_000n);
    expect(model.spent(daily, nextDay)).to.equal(1_000n);
  });

  it("posts in full what comes after the hold was reversed, has expired, was captured or was forgotten", () => {
    const ends: ((model: Model, message: ReturnType<typeof purchase>) => unknown)[] = [
      (model, message) => model.reverse(reversalOf(message, {})),
      (model) => {
        const [hold] = model.holds("card");
        const week = { wallNowMs: noonMs + 7 * dayMs, businessNowMs: noonMs };
        return model.expire({ chain: "card", holdKey: hold?.key ?? "", asFuel: false, ...week });
      },
      (model, message) => {
        model.reverse(reversalOf(message, {}));
        model.purge("card", noonMs + 2 * dayMs, 100);
      },
    ];
    for (const end of ends) {
      const { model, message } = withHold();
      end(model, message);

      expect(model.clear(clearingOf(message))).to.include({ outcome: "captured" });
      expect(ledger(model)).to.equal("990000 available, 0 held, spent 10000");
    }
    const { model, message } = withHold();
    model.post(singleAdviceOf(message, {}));
    model.clear(clearingOf(message));
    expect(ledger(model)).to.equal("980000 available, 0 held, spent 20000");
  });

  it("posts what was declined, and what nobody has heard of", () => {
    const model = smallModel();
    const tooMuch = purchase({ amount: 60_000 });
    model.authorize(tooMuch);

    expect(model.clear(clearingOf(tooMuch, { amount: 60_000 }))).to.include({ outcome: "captured" });
    expect(model.clear(clearingOf(null))).to.deep.equal({ outcome: "force_posted", amount: 10_000n });
    expect(ledger(model)).to.equal("930000 available, 0 held, spent 70000");
  });

  it("credits a refund and gives nothing back, neither to limits nor from the hold", () => {
    const { model, message } = withHold();

    expect(model.clear(clearingOf(message, { kind: "refund", amount: 3_000 }))).to.include({ outcome: "refunded" });

    expect(ledger(model)).to.equal("993000 available, 10000 held, spent 10000");
  });

  it("posts a record once: the same again is told the same, another amount under its name is a conflict", () => {
    const { model, message } = withHold();
    const clearing = clearingOf(message, { isFinal: false, amount: 4_000 });
    model.clear(clearing);
    const before = ledger(model);

    expect(model.clear(clearing)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "captured", amount: 4_000n },
    });
    expect(model.clear({ ...clearing, fingerprint: "another" })).to.deep.equal({ outcome: "conflict" });
    expect(ledger(model)).to.equal(before);
  });

  it("does nothing for an amount of 0 that ends no hold, and remembers nothing of it", () => {
    const { model, message } = withHold();
    const nothing = clearingOf(message, { amount: 0, isFinal: false });

    expect(model.clear(nothing)).to.deep.equal({ outcome: "nothing" });
    expect(model.clear({ ...nothing, fingerprint: "another" })).to.deep.equal({ outcome: "nothing" });
    expect(model.clear(clearingOf(null, { amount: 0 }))).to.deep.equal({ outcome: "nothing" });
    expect(model.clear(clearingOf(message, { amount: 0, kind: "refund" }))).to.deep.equal({ outcome: "nothing" });
    expect(ledger(model)).to.equal("990000 available, 10000 held, spent 10000");
  });

  it("leaves to a reversal what is not captured, and to a stand-in advice nothing", () => {
    const { model, message } = withHold();
    model.clear(clearingOf(message, { amount: 4_000, isFinal: false }));

    expect(model.reverse(reversalOf(message, {}))).to.deep.equal({ outcome: "released", releasedAmount: 6_000n });
    expect(ledger(model)).to.equal("996000 available, 0 held, spent 4000");

    const other = withHold();
    other.model.clear(clearingOf(other.message));
    expect(other.model.reverse(reversalOf(other.message, {}))).to.include({ outcome: "nothing_to_release" });
    expect(other.model.advise(adviceOf(other.message, {}))).to.include({ outcome: "attached" });
  });

  it("remembers a posting that took from a hold as long as that, and any other for two days", () => {
    const { model, message } = withHold();
    const taking = clearingOf(message, { amount: 4_000, isFinal: false });
    const forced = clearingOf(null);
    model.clear(taking);
    model.clear(forced);

    model.purge("card", noonMs + 2 * dayMs - 1, 100);
    expect(model.clear(forced)).to.include({ outcome: "duplicate" });
    model.purge("card", noonMs + 2 * dayMs, 100);
    expect(model.clear({ ...forced, amount: minor(1n) })).to.include({ outcome: "force_posted" });
    expect(model.clear(taking)).to.include({ outcome: "duplicate" });

    model.reverse(reversalOf(message, { atMs: noonMs + 3 * dayMs }));
    model.purge("card", noonMs + 4 * dayMs, 100);
    expect(model.clear(taking)).to.deep.equal({ outcome: "captured", amount: 4_000n });
  });

  it("remembers a refund as long as the hold that it names", () => {
    const { model, message } = withHold();
    const refund = clearingOf(message, { kind: "refund", amount: 3_000 });
    model.clear(refund);

    model.purge("card", noonMs + 5 * dayMs, 100);

    expect(model.clear(refund)).to.include({ outcome: "duplicate" });
  });

  it("remembers the posting that ends a hold for two days, though the hold is forgotten after one", () => {
    const { model, message } = withHold();
    const last = clearingOf(message);
    model.clear(last);

    model.purge("card", noonMs + 2 * dayMs - 1, 100);
    expect(model.holds("card")).to.deep.equal([]);
    expect(model.clear(last)).to.include({ outcome: "duplicate" });
    model.purge("card", noonMs + 2 * dayMs, 100);
    expect(model.clear(last)).to.include({ outcome: "captured" });
  });
});
