import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import {
  adviceOf,
  dayMs,
  hourMs,
  limited,
  nextStan,
  noonMs,
  purchase,
  reversalOf,
  smallModel,
} from "./small-program.ts";

const pump = { purpose: "fuel", mcc: "5542", amount: 100 } as const;

function at(ms: number) {
  return { wallNowMs: ms, businessNowMs: ms };
}

/** What was pumped: a 0120 with the STAN of the 0100 in DE90. */
function pumped(amount: number) {
  return { purpose: "purchase", amount, stan: nextStan(), mcc: "5542" } as const;
}

describe("simulators/model/fuel", () => {
  it("holds 100.00 for a pump that asks for 1.00", () => {
    const model = smallModel();

    expect(model.authorize(purchase(pump))).to.deep.equal({ outcome: "approved", approvedAmount: 10_000n });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
  });

  it("holds what limits and funds leave of it, and declines below 1.00", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(6_099, "daily");

    expect(model.authorize(purchase(pump))).to.include({ approvedAmount: 6_099n });
    expect(model.authorize(purchase(pump))).to.include({ check: "limit" });
    model.program.card("card").controls = limited(6_199, "daily");
    expect(model.authorize(purchase(pump))).to.include({ approvedAmount: 100n });

    model.program.card("card").controls = limited(5_000, "per_authorization");
    expect(model.authorize(purchase(pump))).to.include({ approvedAmount: 5_000n });
    model.fund("acct", minor(-(model.program.account("acct").available - 150n)));
    expect(model.authorize(purchase(pump))).to.include({ approvedAmount: 150n });
    expect(model.authorize(purchase(pump))).to.include({ check: "insufficient_funds" });
  });

  it("sets the hold down to what was pumped, then up again, and counts what it then is", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(12_000, "daily");
    const message = purchase(pump);
    model.authorize(message);
    const told = (amount: number) => model.advise(adviceOf(message, { ...pumped(amount), originalStan: message.stan }));

    expect(told(4_321)).to.deep.equal({ outcome: "completed", amount: 4_321n });
    expect(model.program.account("acct")).to.include({ available: 995_679n, held: 4_321n });
    expect(told(13_000)).to.deep.equal({ outcome: "completed", amount: 13_000n });

    expect(model.openHolds("card")).to.deep.equal([13_000n]);
    expect(model.authorize(purchase({ amount: 1 }))).to.include({ check: "limit" });
  });

  it("closes the hold where nothing was pumped", () => {
    const model = smallModel();
    const message = purchase(pump);
    model.authorize(message);

    const answer = model.advise(adviceOf(message, { ...pumped(0), originalStan: message.stan }));

    expect(answer).to.deep.equal({ outcome: "completed", amount: 0n });
    expect(model.holds("card").map(({ state }) => state)).to.deep.equal(["reversed"]);
    expect(model.reverse(reversalOf(message, {}))).to.include({ outcome: "nothing_to_release" });
  });

  it("finds the pump's hold by the name of the chain where DE90 is missing", () => {
    const model = smallModel();
    model.authorize(purchase({ ...pump, networkChain: "C1" }));

    const answer = model.advise(adviceOf(purchase({ ...pump, networkChain: "C1" }), pumped(2_500)));

    expect(answer).to.deep.equal({ outcome: "completed", amount: 2_500n });
    expect(model.openHolds("card")).to.deep.equal([2_500n]);
  });

  it("does not take the advice of another merchant for a completion", () => {
    const model = smallModel();
    const message = purchase(pump);
    model.authorize(message);

    const shop = adviceOf(message, { ...pumped(4_000), mcc: "5411", originalStan: message.stan });

    expect(model.advise(shop)).to.include({ outcome: "merged" });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
  });

  it("does not take an increment that names the pump's own hold for a completion", () => {
    const model = smallModel();
    const message = purchase(pump);
    model.authorize(message);

    const added = adviceOf(message, { ...pumped(4_000), purpose: "increment", originalStan: message.stan });

    expect(model.advise(added)).to.include({ outcome: "merged" });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
  });

  it("is due two hours after the pump was unlocked, and a week after it if it was told what was pumped", () => {
    const model = smallModel();
    const message = purchase(pump);
    model.authorize(message);

    expect(model.dueHolds("card", noonMs + 2 * hourMs - 1)).to.have.length(0);
    expect(model.dueHolds("card", noonMs + 2 * hourMs)).to.have.length(1);
    model.advise(adviceOf(message, { ...pumped(3_000), originalStan: message.stan }));

    const order = { chain: "card", holdKey: model.holds("card")[0]?.key ?? "", ...at(noonMs + 2 * hourMs) };
    expect(model.expire({ ...order, asFuel: true })).to.equal("stale");
    expect(model.dueHolds("card", noonMs + 7 * dayMs - 1)).to.have.length(0);
    expect(model.dueHolds("card", noonMs + 7 * dayMs)).to.have.length(1);
    expect(model.expire({ ...order, asFuel: false })).to.equal("done");
  });

  it("merges what stands in for the pump's question with the hold, by its STAN or by the name of the chain", () => {
    const model = smallModel();
    const message = purchase({ ...pump, networkChain: "C1" });
    model.authorize(message);

    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "merged", amount: 0n });
    const ofChain = adviceOf(purchase({ ...pump, networkChain: "C1" }), {});
    expect(model.advise(ofChain)).to.deep.equal({ outcome: "merged", amount: 0n });

    expect(model.openHolds("card")).to.deep.equal([10_000n]);
    expect(model.dueHolds("card", noonMs + 2 * hourMs)).to.have.length(1);
  });

  it("holds what the network let a pump ask for, two hours long, until it is told what was pumped", () => {
    const model = smallModel();
    const message = purchase(pump);

    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "held", amount: 100n });
    expect(model.dueHolds("card", noonMs + 2 * hourMs)).to.have.length(1);
    expect(model.advise(adviceOf(message, { ...pumped(4_321), originalStan: message.stan }))).to.include({
      outcome: "completed",
    });

    expect(model.program.account("acct")).to.include({ available: 995_679n, held: 4_321n });
    expect(model.dueHolds("card", noonMs + 2 * hourMs)).to.have.length(0);
  });

  it("holds for a pump that we had refused, and completes that hold", () => {
    const model = smallModel();
    model.program.setCardStatus("card", "canceled");
    const message = purchase(pump);
    model.authorize(message);

    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "held", amount: 100n });
    expect(model.dueHolds("card", noonMs + 2 * hourMs)).to.have.length(1);
    const told = adviceOf(message, { ...pumped(2_000), originalStan: message.stan });
    expect(model.advise(told)).to.deep.equal({ outcome: "completed", amount: 2_000n });
    expect(model.openHolds("card")).to.deep.equal([2_000n]);
  });

  it("holds a completion that has no hold for a week, and sets it again when another is told", () => {
    const model = smallModel();
    const message = purchase(pump);
    const told = (amount: number) => model.advise(adviceOf(message, { ...pumped(amount), originalStan: message.stan }));

    expect(told(4_000)).to.deep.equal({ outcome: "held", amount: 4_000n });
    expect(model.dueHolds("card", noonMs + 7 * dayMs - 1)).to.have.length(0);
    const [hold] = model.holds("card");
    const order = { chain: "card", holdKey: hold?.key ?? "", ...at(noonMs + 2 * hourMs) };
    expect(model.expire({ ...order, asFuel: true })).to.equal("stale");

    expect(told(4_500)).to.deep.equal({ outcome: "completed", amount: 4_500n });
    expect(model.openHolds("card")).to.deep.equal([4_500n]);
  });

  it("takes no advised increment at a pump for a completion that came before its hold", () => {
    const model = smallModel();

    model.advise(adviceOf(purchase({ purpose: "increment", networkChain: "C1", mcc: "5542", amount: 500 }), {}));

    expect(model.advise(adviceOf(purchase({ networkChain: "C1" }), pumped(900)))).to.include({ outcome: "held" });
    expect(model.openHolds("card")).to.deep.equal([500n, 900n]);
  });
});
