import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import { Model } from "../../../simulators/model/model.ts";
import { noControls } from "../../../simulators/model/program.ts";
import {
  adviceOf,
  dayMs,
  limited,
  newCard,
  noonMs,
  purchase,
  reversalOf,
  single,
  singleAdviceOf,
  smallModel,
} from "./small-program.ts";

const approvedNothing = { outcome: "approved", approvedAmount: 0n };

describe("simulators/model/nothing", () => {
  it("approves a purchase of 0, holds nothing for it, and has nothing to reverse", () => {
    const model = smallModel();
    const message = purchase({ amount: 0, networkChain: "C1" });

    expect(model.authorize(message)).to.deep.equal(approvedNothing);

    expect(model.authorize(message)).to.deep.equal({ outcome: "duplicate", first: approvedNothing });
    expect(model.holds("card")).to.deep.equal([]);
    expect(model.isChainOpen(message)).to.equal(false);
    expect(model.reverse(reversalOf(message, {}))).to.include({ outcome: "nothing_to_release" });
    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
  });

  it("leaves the name of a chain to the first message that moves something", () => {
    const model = smallModel();
    model.authorize(purchase({ amount: 0, networkChain: "C1" }));
    model.authorize(purchase({ amount: 3_000, networkChain: "C1" }));

    model.authorize(purchase({ amount: 200, networkChain: "C1", purpose: "increment" }));

    expect(model.openHolds("card")).to.deep.equal([3_200n]);
  });

  it("asks neither limits nor funds about 0, but whether the card may be used", () => {
    const model = smallModel();
    model.program.card("card").controls = limited(5_000, "daily");
    model.advise(adviceOf(purchase({ amount: 1_200_000 }), {}));

    expect(model.authorize(purchase({ amount: 1 }))).to.include({ check: "limit" });
    expect(model.authorize(purchase({ amount: 0 }))).to.deep.equal(approvedNothing);
    expect(model.post(single({ amount: 0 }))).to.deep.equal(approvedNothing);

    model.program.setCardStatus("card", "inactive");
    expect(model.authorize(purchase({ amount: 0 }))).to.include({ check: "card_inactive" });
  });

  it("approves as 0 what half a cent is rounded to, in a 0100 as in a 0200, and holds from 0.55 of one on", () => {
    const model = new Model({ categoryOf: () => "all", decimalsOf: () => 2, rateAt: () => "70500000" });
    model.program.addAccount({
      account: "acct",
      currency: 840,
      isEnabled: true,
      allowsPartial: false,
      asksEndpoint: false,
    });
    const holder = { cardholder: "holder", account: "acct", status: "active", isVerificationDue: false } as const;
    model.program.addCardholder({ ...holder, controls: noControls });
    model.program.addCard(newCard({}));
    model.fund("acct", minor(1_000n));
    const inEuros = { transactionCurrency: 978 } as const;

    // 0.10 euros at 0.05 are 0.5 cents, half-even 0; 0.11 are 0.55, so 1.
    expect(model.authorize(purchase({ ...inEuros, amount: 10 }))).to.deep.equal(approvedNothing);
    expect(model.post(single({ ...inEuros, amount: 10 }))).to.deep.equal(approvedNothing);
    expect(model.holds("card")).to.deep.equal([]);
    expect(model.authorize(purchase({ ...inEuros, amount: 11 }))).to.include({ approvedAmount: 1n });
    expect(model.program.account("acct")).to.include({ available: 999n, held: 1n });
  });

  it("approves an increment of 0, which names nothing: it is forgotten a day later and has nothing to release", () => {
    const model = smallModel();
    model.authorize(purchase({ networkChain: "C1" }));
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 0 });

    expect(model.authorize(increment)).to.deep.equal(approvedNothing);

    expect(model.reverse(reversalOf(increment, {}))).to.include({ outcome: "nothing_to_release" });
    expect(model.openHolds("card")).to.deep.equal([10_000n]);
    expect(model.purge("card", noonMs + dayMs - 1, 10)).to.equal(0);
    expect(model.purge("card", noonMs + dayMs, 10)).to.equal(2);
  });

  it("adds 0 for an advised increment of 0, and names the hold neither by it nor by its late original", () => {
    const model = smallModel();
    model.authorize(purchase({ networkChain: "C1" }));
    const increment = purchase({ networkChain: "C1", purpose: "increment", amount: 0 });

    expect(model.advise(adviceOf(increment, {}))).to.deep.equal({ outcome: "added", amount: 0n });

    expect(model.authorize(increment)).to.deep.equal({ outcome: "duplicate", first: approvedNothing });
    expect(model.purge("card", noonMs + dayMs, 10)).to.equal(2);
  });

  it("posts nothing for a 0200 of 0, be it a purchase or a refund", () => {
    const model = smallModel();

    for (const purpose of ["purchase", "refund"] as const) {
      const message = single({ amount: 0, purpose });
      expect(model.post(message)).to.deep.equal(approvedNothing);
      const original = { stan: message.stan, function: "financial" } as const;
      expect(model.reverse(reversalOf(message, { original }))).to.include({ outcome: "nothing_to_release" });
    }
    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
  });

  it("posts by force what a 0220 tells of a purchase of 0", () => {
    const model = smallModel();
    const message = purchase({ amount: 0 });
    model.authorize(message);

    expect(model.post(singleAdviceOf(message, { amount: 700 }))).to.include({ outcome: "force_posted" });
    expect(model.program.account("acct")).to.include({ available: 999_300n, held: 0n });
  });
});
