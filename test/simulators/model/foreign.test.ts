import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import { Model } from "../../../simulators/model/model.ts";
import { noControls } from "../../../simulators/model/program.ts";
import { newCard, purchase, reversalOf, smallModel } from "./small-program.ts";

describe("simulators/model/foreign", () => {
  const billed = { billingAmount: minor(12_000n), billingCurrency: 840, transactionCurrency: 978 };

  it("takes DE95 in the currency of the purchase at the rate that the purchase brought", () => {
    const model = smallModel();
    // DE10 6|1200000: 1.2 dollars for a euro.
    const message = purchase({ ...billed, conversionRate: "61200000" });
    model.authorize(message);

    const answer = model.reverse(reversalOf(message, { replacementAmount: minor(3_333n), replacementCurrency: 978 }));

    expect(answer).to.deep.equal({ outcome: "lowered", releasedAmount: 8_000n });
    expect(model.openHolds("card")).to.deep.equal([4_000n]);
  });

  it("takes no DE6 in a third currency, and no DE10 of zeros", () => {
    const model = smallModel();

    expect(model.authorize(purchase({ ...billed, billingCurrency: 826 }))).to.include({
      outcome: "unsupported_currency",
    });
    const message = purchase({ ...billed, conversionRate: "60000000" });
    model.authorize(message);
    const lower = reversalOf(message, { replacementAmount: minor(100n), replacementCurrency: 978 });
    expect(model.reverse(lower)).to.include({ outcome: "exception" });
  });

  it("takes the table's rate where the purchase brought none, and a DE4 that nothing bills at that as well", () => {
    const model = new Model({ categoryOf: () => "all", decimalsOf: () => 2, rateAt: () => "70500000" });
    model.program.addAccount({
      account: "acct",
      currency: 840,
      isEnabled: true,
      allowsPartial: false,
      asksEndpoint: false,
    });
    model.program.addCardholder(holder);
    model.program.addCard(newCard({}));
    model.fund("acct", minor(100_000n));
    const unbilled = purchase({ transactionCurrency: 978 });

    // 100.00 euros at 0.05 are 5.00 dollars, and 3.01 euros are 15.05 cents: 15.
    expect(model.authorize(unbilled)).to.include({ approvedAmount: 500n });
    const lower = reversalOf(unbilled, { replacementAmount: minor(301n), replacementCurrency: 978 });
    expect(model.reverse(lower)).to.include({ releasedAmount: 485n });

    const noRate = purchase(billed);
    model.authorize(noRate);
    const half = reversalOf(noRate, { replacementAmount: minor(10_000n), replacementCurrency: 978 });
    expect(model.reverse(half)).to.include({ releasedAmount: 11_500n });
  });

  it("takes a DE95 of 0 for a full reversal, whatever the currency", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);

    const answer = model.reverse(reversalOf(message, { replacementAmount: minor(0n), replacementCurrency: 504 }));

    expect(answer).to.deep.equal({ outcome: "released", releasedAmount: 10_000n });
  });

  it("needs no rate where nothing is open", () => {
    const model = smallModel();
    const message = purchase({ transactionCurrency: 978 });

    const early = reversalOf(message, { replacementAmount: minor(1n), replacementCurrency: 978 });

    expect(model.reverse(early)).to.include({ outcome: "tombstone" });
  });
});

const holder = {
  cardholder: "holder",
  account: "acct",
  status: "active",
  isVerificationDue: false,
  controls: noControls,
} as const;
