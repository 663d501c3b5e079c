import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import type { Model } from "../../../simulators/model/model.ts";
import {
  adviceOf,
  askingModel,
  clearingOf,
  dayMs,
  noonMs,
  purchase,
  reversalOf,
  settlingOf,
  single,
  singleAdviceOf,
} from "./small-program.ts";

const monthly = { owner: { kind: "chain", id: "card" }, interval: "monthly", categories: [] } as const;

function ledger(model: Model): string {
  const { available, held } = model.program.account("acct");
  const open = model.openHolds("card").join(" ");
  return `${available} available, ${held} held, open ${open}, spent ${model.spent(monthly, noonMs)}`;
}

const reserved = "990000 available, 10000 held, open , spent 10000";
const held = "990000 available, 10000 held, open 10000, spent 10000";
const untouched = "1000000 available, 0 held, open , spent 0";

function waiting() {
  const model = askingModel();
  const message = purchase({});
  const answer = model.authorize(message);
  return { model, message, answer };
}

/** A hold of 100.00 that nobody was asked about, and an increment of 25.00 that waits. */
function waitingIncrement() {
  const model = askingModel();
  const first = purchase({ networkChain: "C1" });
  model.program.account("acct").asksEndpoint = false;
  model.authorize(first);
  model.program.account("acct").asksEndpoint = true;
  const message = purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 });
  return { model, first, message, answer: model.authorize(message) };
}

describe("simulators/model/reservation", () => {
  it("keeps money back at once for what waits for its endpoint, though it holds nothing yet", () => {
    const { model, answer } = waiting();

    expect(answer).to.deep.equal({ outcome: "pending", reservedAmount: 10_000n, askedAmount: 10_000n });
    expect(ledger(model)).to.equal(reserved);
    expect(model.reserved("card")).to.deep.equal([10_000n]);
    expect(model.dueHolds("card", noonMs + 60 * dayMs)).to.deep.equal([]);
  });

  it("asks for nothing that would be declined, moves no money, is a single message or an advice", () => {
    const model = askingModel();

    expect(model.authorize(purchase({ amount: 60_000 }))).to.include({ outcome: "declined" });
    expect(model.authorize(purchase({ purpose: "refund" }))).to.include({ outcome: "approved" });
    expect(model.authorize(purchase({ purpose: "verification", amount: 0 }))).to.include({ outcome: "approved" });
    expect(model.post(single({ amount: 100 }))).to.include({ outcome: "posted" });
    expect(model.advise(adviceOf(purchase({ amount: 100 }), {}))).to.include({ outcome: "held" });
  });

  it("tells a repeat that it waits, and afterwards what became of it", () => {
    const { model, message, answer } = waiting();

    expect(model.authorize(message)).to.deep.equal({ outcome: "duplicate", first: answer });
    model.settle(settlingOf(message, { check: "webhook_declined" }));

    const declined = { outcome: "declined", check: "webhook_declined" };
    expect(model.authorize(message)).to.deep.equal({ outcome: "duplicate", first: declined });
  });

  it("holds what the endpoint approves, once, whatever it says afterwards", () => {
    const { model, message } = waiting();
    const approved = { outcome: "approved", approvedAmount: 10_000n };

    expect(model.settle(settlingOf(message, {}))).to.deep.equal({ outcome: "done", answer: approved });
    expect(ledger(model)).to.equal(held);
    expect(model.settle(settlingOf(message, { check: "webhook_declined" }))).to.deep.equal({
      outcome: "already",
      answer: approved,
    });
    expect(ledger(model)).to.equal(held);
  });

  it("holds the part that the endpoint approves and gives the rest back", () => {
    const { model, message } = waiting();

    const settled = model.settle(settlingOf(message, { amount: 4_000 }));

    const part = { outcome: "partial", approvedAmount: 4_000n, askedAmount: 10_000n };
    expect(settled).to.deep.equal({ outcome: "done", answer: part });
    expect(ledger(model)).to.equal("996000 available, 4000 held, open 4000, spent 4000");
  });

  it("approves no more than was reserved", () => {
    const { model, message } = waiting();

    expect(model.settle(settlingOf(message, { amount: 99_000 }))).to.deep.include({
      answer: { outcome: "approved", approvedAmount: 10_000n },
    });
    expect(ledger(model)).to.equal(held);
  });

  it("gives all back that the endpoint declines, and takes a later stand-in as one for any decline", () => {
    const { model, message } = waiting();

    model.settle(settlingOf(message, { check: "webhook_timeout" }));
    expect(ledger(model)).to.equal(untouched);

    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "held", amount: 10_000n });
    expect(ledger(model)).to.equal(held);
  });

  it("knows nothing of a message that never came", () => {
    const { model } = waiting();

    expect(model.settle(settlingOf(purchase({}), {}))).to.deep.equal({ outcome: "stale" });
  });

  it("is killed by a reversal, in full whatever DE95 says, and confirms nothing after that", () => {
    const { model, message } = waiting();

    const reversal = reversalOf(message, { replacementAmount: minor(4_000n) });
    expect(model.reverse(reversal)).to.deep.equal({ outcome: "killed_pending", releasedAmount: 10_000n });

    expect(ledger(model)).to.equal(untouched);
    const late = { outcome: "reversed_before" };
    expect(model.settle(settlingOf(message, {}))).to.deep.equal({ outcome: "already", answer: late });
    expect(model.authorize(message)).to.deep.equal({ outcome: "duplicate", first: late });
    expect(model.advise(adviceOf(message, {}))).to.include({ outcome: "released" });
    expect(ledger(model)).to.equal(untouched);
  });

  it("does not expire", () => {
    const { model } = waiting();
    const [hold] = model.holds("card");
    const late = { wallNowMs: noonMs + 60 * dayMs, businessNowMs: noonMs + 60 * dayMs };

    expect(model.expire({ chain: "card", holdKey: hold?.key ?? "", asFuel: false, ...late })).to.equal("already");
    expect(ledger(model)).to.equal(reserved);
  });

  it("becomes a hold where the network stands in for it, and nothing where the network declines", () => {
    const approving = waiting();
    expect(approving.model.advise(adviceOf(approving.message, {}))).to.include({ outcome: "merged" });
    expect(ledger(approving.model)).to.equal(held);
    const settled = approving.model.settle(settlingOf(approving.message, { check: "webhook_error" }));
    expect(settled).to.include({ outcome: "already" });

    const declining = waiting();
    const decline = adviceOf(declining.message, { isApproved: false });
    expect(declining.model.advise(decline)).to.deep.equal({ outcome: "released", amount: 10_000n });
    expect(ledger(declining.model)).to.equal(untouched);
  });

  it("is captured by a 0220 and by a clearing, whatever the endpoint says later", () => {
    const single = waiting();
    expect(single.model.post(singleAdviceOf(single.message, {}))).to.include({ outcome: "captured_hold" });
    const cleared = waiting();
    expect(cleared.model.clear(clearingOf(cleared.message))).to.include({ outcome: "captured" });

    for (const { model, message } of [single, cleared]) {
      expect(model.settle(settlingOf(message, { check: "webhook_declined" }))).to.include({ outcome: "already" });
      expect(ledger(model)).to.equal("990000 available, 0 held, open , spent 10000");
    }
  });
});

describe("simulators/model/reservation of an increment", () => {
  it("grows the hold at once, and stays with it when the endpoint approves", () => {
    const { model, message, answer } = waitingIncrement();

    expect(answer).to.include({ outcome: "pending", reservedAmount: 2_500n });
    expect(model.openHolds("card")).to.deep.equal([12_500n]);
    model.settle(settlingOf(message, {}));

    expect(ledger(model)).to.equal("987500 available, 12500 held, open 12500, spent 12500");
  });

  it("leaves the hold as it was when the endpoint declines", () => {
    const { model, message } = waitingIncrement();

    const settled = model.settle(settlingOf(message, { check: "webhook_declined" }));

    expect(settled).to.deep.include({ answer: { outcome: "declined", check: "webhook_declined" } });
    expect(ledger(model)).to.equal(held);
  });

  it("is approved in full, whatever part of it the endpoint names", () => {
    const { model, message } = waitingIncrement();

    model.settle(settlingOf(message, { amount: 1_000 }));

    expect(model.openHolds("card")).to.deep.equal([12_500n]);
  });

  it("is killed by its own reversal, which leaves the hold as it was", () => {
    const { model, message } = waitingIncrement();

    expect(model.reverse(reversalOf(message, {}))).to.deep.equal({
      outcome: "killed_pending",
      releasedAmount: 2_500n,
    });
    expect(ledger(model)).to.equal(held);
    expect(model.advise(adviceOf(message, {}))).to.include({ outcome: "released" });
  });

  it("cannot be approved for a hold that was reversed meanwhile", () => {
    const { model, first, message } = waitingIncrement();
    model.reverse(reversalOf(first, {}));

    expect(model.settle(settlingOf(message, {}))).to.deep.equal({
      outcome: "done",
      answer: { outcome: "reversed_before" },
    });
    expect(ledger(model)).to.equal(untouched);
  });

  it("comes too late where the network has approved it for a hold that was reversed meanwhile", () => {
    const { model, first, message } = waitingIncrement();
    model.reverse(reversalOf(first, {}));

    expect(model.advise(adviceOf(message, {}))).to.deep.equal({ outcome: "released", amount: 0n });

    expect(model.settle(settlingOf(message, {}))).to.deep.equal({
      outcome: "already",
      answer: { outcome: "reversed_before" },
    });
    expect(ledger(model)).to.equal(untouched);
  });

  it("begins a chain of its own where the first message still waits", () => {
    const model = askingModel();
    model.authorize(purchase({ networkChain: "C1" }));

    model.authorize(purchase({ networkChain: "C1", purpose: "increment", amount: 2_500 }));

    expect(model.reserved("card")).to.deep.equal([2_500n, 10_000n]);
  });
});
