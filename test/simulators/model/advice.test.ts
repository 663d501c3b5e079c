import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import {
  adviceOf,
  dayMs,
  nextStan,
  noonMs,
  purchase,
  reversalOf,
  single,
  singleAdviceOf,
  smallModel,
} from "./small-program.ts";

describe("simulators/model/advice", () => {
  it("holds what the network approved in our place, without asking status, limits or funds", () => {
    const model = smallModel();
    model.program.setCardStatus("card", "canceled");
    const message = purchase({ amount: 1_500_000 });

    const answer = model.advise(adviceOf(message, {}));

    expect(answer).to.deep.equal({ outcome: "held", amount: 1_500_000n });
    expect(model.program.account("acct")).to.include({ available: -500_000n, held: 1_500_000n });
    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "duplicate", first: answer });
  });

  it("makes the late 0100 a repeat of what was advised, and its reversal a reversal of that", () => {
    const model = smallModel();
    const message = purchase({});
    model.advise(adviceOf(message, {}));

    expect(model.authorize(message)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "approved", approvedAmount: 10_000n },
    });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
    expect(model.reverse(reversalOf(message, {}))).to.include({ releasedAmount: 10_000n });
  });

  it("merges with the 0100 that we had approved", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "merged", amount: 0n });
    const named = adviceOf(message, { stan: nextStan(), originalStan: message.stan });
    expect(model.advise(named)).to.deep.equal({ outcome: "merged", amount: 0n });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
  });

  it("holds what we had declined, keeps the decline as the answer to repeats, and lets a reversal find the hold", () => {
    const model = smallModel();
    const message = purchase({ amount: 60_000 });
    const first = model.authorize(message);

    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "held", amount: 60_000n });

    expect(first).to.include({ check: "limit" });
    expect(model.authorize(message)).to.deep.equal({ outcome: "duplicate", first });
    expect(model.openHolds("card")).to.deep.equal([60_000n]);
    expect(model.reverse(reversalOf(message, {}))).to.deep.equal({ outcome: "released", releasedAmount: 60_000n });
  });

  it("releases our hold where the network declined", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    expect(model.advise(adviceOf(message, { isApproved: false }))).to.deep.equal({
      outcome: "released",
      amount: 10_000n,
    });
    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
  });

  it("releases of a declined increment that much and no more", () => {
    const model = smallModel();
    model.authorize(purchase({ networkChain: "C1" }));
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 });
    model.authorize(increment);

    expect(model.advise(adviceOf(increment, { isApproved: false }))).to.include({ amount: 2_500n });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
  });

  it("refuses the 0100 that comes after an advice that it was declined", () => {
    const model = smallModel();
    const message = purchase({});

    expect(model.advise(adviceOf(message, { isApproved: false }))).to.include({ outcome: "released", amount: 0n });
    expect(model.authorize(message)).to.deep.equal({ outcome: "reversed_before" });
  });

  it("does not hold what has been reversed already, before or after the 0100 came", () => {
    const model = smallModel();
    const reversedEarly = purchase({});
    model.reverse(reversalOf(reversedEarly, {}));
    const reversedLate = purchase({});
    model.authorize(reversedLate);
    model.reverse(reversalOf(reversedLate, {}));

    for (const message of [reversedEarly, reversedLate]) {
      expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "released", amount: 0n });
    }
    expect(model.authorize(reversedEarly)).to.deep.equal({ outcome: "reversed_before" });
    expect(model.advise(adviceOf(reversedEarly, { stan: nextStan(), originalStan: reversedEarly.stan }))).to.include({
      outcome: "released",
    });
    expect(model.openHolds("card")).to.deep.equal([]);
  });

  it("adds an advised increment to the open hold of its chain, beyond every limit, and knows it when it comes late", () => {
    const model = smallModel();
    model.authorize(purchase({ networkChain: "C1", amount: 50_000 }));
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 });

    expect(model.advise(adviceOf(increment, {}))).to.deep.equal({ outcome: "added", amount: 2_500n });
    expect(model.openHolds("card")).to.deep.equal([52_500n]);
    expect(model.authorize(increment)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "approved", approvedAmount: 2_500n },
    });
    expect(model.reverse(reversalOf(increment, {}))).to.include({ releasedAmount: 2_500n });
    expect(model.advise(adviceOf(increment, { stan: nextStan(), originalStan: increment.stan }))).to.include({
      outcome: "merged",
    });
  });

  it("attaches to what was captured or posted already and holds nothing", () => {
    const model = smallModel();
    const captured = purchase({ networkChain: "C1" });
    model.authorize(captured);
    model.post(singleAdviceOf(captured, {}));
    const posted = purchase({});
    model.post(singleAdviceOf(posted, {}));

    expect(model.advise(adviceOf(captured, {}))).to.include({ outcome: "attached" });
    expect(model.advise(adviceOf(purchase({ networkChain: "C1" }), {}))).to.include({ outcome: "attached" });
    expect(model.advise(adviceOf(posted, {}))).to.include({ outcome: "attached" });
    expect(model.openHolds("card")).to.deep.equal([]);
  });

  it("merges with an expired hold and with a verification, and moves no money", () => {
    const model = smallModel();
    const old = purchase({});
    model.authorize(old);
    const [hold] = model.holds("card");
    const later = { wallNowMs: noonMs + 7 * dayMs, businessNowMs: noonMs + 7 * dayMs };
    model.expire({ chain: "card", holdKey: hold?.key ?? "", asFuel: false, ...later });
    const asked = purchase({ purpose: "verification", amount: 0 });
    model.authorize(asked);

    expect(model.advise(adviceOf(old, {}))).to.include({ outcome: "merged" });
    expect(model.advise(adviceOf(asked, { purpose: "purchase" }))).to.include({ outcome: "merged" });
    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
  });

  it("holds nothing for a refund, an inquiry or an amount of 0", () => {
    const model = smallModel();

    for (const change of [{ purpose: "refund" }, { purpose: "inquiry" }, { amount: 0 }] as const) {
      expect(model.advise(adviceOf(purchase(change), {}))).to.deep.equal({ outcome: "held", amount: 0n });
    }
    expect(model.openHolds("card")).to.deep.equal([]);
  });

  it("finds nothing to release for an advice of a decline that comes after the hold's end, or its increment's", () => {
    const model = smallModel();
    const first = purchase({ networkChain: "C1" });
    model.authorize(first);
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 });
    model.authorize(increment);
    model.reverse(reversalOf(first, {}));

    for (const message of [first, increment]) {
      const answer = model.advise(adviceOf(message, { isApproved: false }));
      expect(answer).to.deep.equal({ outcome: "released", amount: 0n });
    }
    expect(model.advise(adviceOf(purchase({ networkChain: "C1" }), {}))).to.include({ outcome: "held" });
  });

  it("remembers for two days what an advice of a decline has kept from being approved", () => {
    const model = smallModel();
    const message = purchase({ atMs: noonMs + 2 * dayMs - 1 });
    model.advise(adviceOf(message, { isApproved: false, atMs: noonMs }));

    model.purge("card", noonMs + 2 * dayMs - 1, 10);
    expect(model.authorize(message)).to.deep.equal({ outcome: "reversed_before" });
    const other = purchase({ atMs: noonMs + 2 * dayMs });
    model.advise(adviceOf(other, { isApproved: false, atMs: noonMs }));
    model.purge("card", noonMs + 2 * dayMs, 10);

    expect(model.authorize(other)).to.include({ outcome: "approved" });
  });

  it("takes an advice from a pump for a completion only where the hold was made for a pump", () => {
    const model = smallModel();
    const message = purchase({ mcc: "5542", networkChain: "C1" });
    model.authorize(message);

    expect(model.advise(adviceOf(message, { amount: 4_000 }))).to.include({ outcome: "merged" });
    const unnamed = adviceOf(purchase({ networkChain: "C1", mcc: "5542" }), { amount: 4_000 });

    expect(model.advise(unnamed)).to.include({ outcome: "held" });
    const atPump = purchase({ networkChain: "C2", purpose: "fuel", mcc: "5542", amount: 100 });
    model.authorize(atPump);
    const atShop = adviceOf(purchase({ networkChain: "C2" }), { amount: 300 });
    expect(model.advise(atShop)).to.include({ outcome: "held" });
  });

  it("lists an advice for a PAN that nobody has, once", () => {
    const model = smallModel();
    const lost = adviceOf(purchase({ pan: "4999999999999991" }), {});

    expect(model.advise(lost)).to.deep.equal({ outcome: "unknown_pan" });
    expect(model.advise({ ...lost, localTime: "130000" })).to.deep.equal({ outcome: "conflict" });
    expect(model.post(singleAdviceOf(purchase({ pan: lost.pan }), {}))).to.deep.equal({ outcome: "unknown_pan" });
    expect(model.post(single({ pan: lost.pan, amount: 5 }))).to.deep.equal({ outcome: "unknown_pan" });
    expect(model.advise(adviceOf(purchase({ transactionCurrency: 504 }), {}))).to.deep.equal({
      outcome: "unsupported_currency",
    });
    expect(model.program.account("acct")).to.include({ available: minor(1_000_000n), held: 0n });
  });
});
