import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import { noonMs, hourMs, purchase, reversalOf, smallModel } from "./small-program.ts";

describe("simulators/model/repeats", () => {
  it("answers a repeat as the first time, whatever has changed since", () => {
    const model = smallModel();
    const message = purchase({});
    const first = model.authorize(message);

    model.program.setCardStatus("card", "canceled");
    const again = model.authorize({
      ...message,
      mcc: "5411",
      businessNowMs: noonMs + hourMs,
    });

    expect(again).to.deep.equal({ outcome: "duplicate", first });
    expect(first).to.deep.equal({
      outcome: "approved",
      approvedAmount: 10_000n,
    });
    expect(model.program.account("acct")).to.include({
      available: 990_000n,
      held: 10_000n,
    });
  });

  it("declines a repeat of a declined purchase even when it could be approved now", () => {
    const model = smallModel();
    model.program.setCardStatus("card", "inactive");
    const message = purchase({});
    const first = model.authorize(message);

    model.program.setCardStatus("card", "active");

    expect(model.authorize(message)).to.deep.equal({
      outcome: "duplicate",
      first,
    });
    expect(first).to.deep.equal({
      outcome: "declined",
      check: "card_inactive",
    });
  });

  for (const [what, change] of Object.entries({
    "amount (DE4)": { transactionAmount: minor(10_001n) },
    "time (DE12)": { localTime: "120001" },
    "date (DE13)": { localDate: "0416" },
    "terminal (DE41)": { merchant: { terminal: "T2", id: "M1" } },
    "acceptor (DE42)": { merchant: { terminal: "T1", id: "M2" } },
    "processing code (DE3)": { processingCode: "010000" },
    "currency (DE49)": { transactionCurrency: 978 },
  })) {
    it(`calls the same key with another ${what} a conflict and moves nothing`, () => {
      const model = smallModel();
      const message = purchase({});
      model.authorize(message);

      expect(model.authorize({ ...message, ...change })).to.deep.equal({
        outcome: "conflict",
      });
      expect(model.program.account("acct").held).to.equal(10_000n);
    });
  }

  for (const [what, change] of Object.entries({
    network: { network: "mastercard" },
    "STAN (DE11)": { stan: "999999" },
    "acquirer (DE32)": { acquirer: "654321" },
    "reference number (DE37)": { rrn: "other" },
  })) {
    it(`takes the same purchase with another ${what} for a new one`, () => {
      const model = smallModel();
      const message = purchase({});
      model.authorize(message);

      expect(model.authorize({ ...message, ...change })).to.include({
        outcome: "approved",
      });
      expect(model.openHolds("card")).to.deep.equal([10_000n, 10_000n]);
    });
  }

  it("keeps a reversal and a reversal advice apart, and each from its own repeat", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);
    const request = reversalOf(message, { isAdvice: false });

    expect(model.reverse(request)).to.include({ outcome: "released" });
    expect(model.reverse(request)).to.deep.equal({
      outcome: "duplicate",
      first: { outcome: "released", releasedAmount: 10_000n },
    });
    expect(model.reverse({ ...request, isAdvice: true })).to.include({
      outcome: "nothing_to_release",
    });
    expect(model.reverse({ ...request, localTime: "130000" })).to.deep.equal({
      outcome: "conflict",
    });
  });

  it("calls another reversal under the key of one whose PAN nobody knows a conflict, for a day", () => {
    const model = smallModel();
    const lost = reversalOf(purchase({}), { pan: "4999999999999991" });
    const other = { ...lost, localTime: "130000" };

    expect(model.reverse(lost)).to.deep.equal({ outcome: "unknown_pan" });
    expect(model.reverse(lost)).to.deep.equal({ outcome: "unknown_pan" });
    expect(model.reverse(other)).to.deep.equal({ outcome: "conflict" });
    expect(model.reverse({ ...other, wallNowMs: noonMs + 24 * hourMs })).to.deep.equal({ outcome: "unknown_pan" });
  });

  it("answers a repeat that comes after the deadline, but decides nothing new by then", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    expect(model.authorize({ ...message, deadlineMs: noonMs - 1 })).to.include({
      outcome: "duplicate",
    });
    const late = purchase({ deadlineMs: noonMs });
    expect(model.authorize(late)).to.deep.equal({
      outcome: "expired_deadline",
    });
    expect(model.authorize({ ...late, deadlineMs: noonMs + 1 })).to.include({
      outcome: "approved",
    });
  });
});
