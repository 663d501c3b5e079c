import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import type { Model } from "../../../simulators/model/model.ts";
import { newCard, noonMs, purchase, reversalOf, single, smallModel } from "./small-program.ts";

const loadPan = "4000000000000028";

/** 70.00 available, partial approvals on, and a card that nothing but the balance limits. */
function shortOfFunds(): Model {
  const model = smallModel();
  model.fund("acct", minor(-993_000n));
  model.program.account("acct").allowsPartial = true;
  model.program.addCard(newCard({ card: "load", pan: loadPan, program: "load" }));
  return model;
}

const asked = { pan: loadPan, allowsPartial: true, amount: 10_000 };

describe("simulators/model/partial", () => {
  it("approves what is there where the account and the message allow it, and repeats that", () => {
    const model = shortOfFunds();
    const message = purchase(asked);

    const answer = model.authorize(message);

    expect(answer).to.deep.equal({ outcome: "partial", approvedAmount: 7_000n, askedAmount: 10_000n });
    expect(model.program.account("acct")).to.include({ available: 0n, held: 7_000n });
    expect(model.authorize(message)).to.deep.equal({ outcome: "duplicate", first: answer });
    expect(model.reverse(reversalOf(message, {}))).to.deep.equal({ outcome: "released", releasedAmount: 7_000n });
  });

  it("declines in full where the message, the account or the purpose does not allow a part", () => {
    const model = shortOfFunds();
    expect(model.authorize(purchase({ ...asked, allowsPartial: false }))).to.include({ check: "insufficient_funds" });
    expect(model.authorize(purchase({ ...asked, purpose: "increment" }))).to.include({ check: "insufficient_funds" });

    model.program.account("acct").allowsPartial = false;

    expect(model.authorize(purchase(asked))).to.include({ check: "insufficient_funds" });
  });

  it("never approves less than one minor unit", () => {
    const model = shortOfFunds();
    model.fund("acct", minor(-7_000n));

    expect(model.authorize(purchase(asked))).to.include({ check: "insufficient_funds" });
    model.fund("acct", minor(1n));

    expect(model.authorize(purchase(asked))).to.include({ outcome: "partial", approvedAmount: 1n });
  });

  it("never approves less than the cash that is paid out, rounded up in the card's currency", () => {
    const model = shortOfFunds();
    // 150.00 euros are 100.00 dollars: 105.00 euros are exactly 70.00, and a cent more is over it.
    const abroad = { transactionCurrency: 978, amount: 15_000, billingAmount: minor(10_000n), billingCurrency: 840 };

    const over = model.authorize(purchase({ ...asked, ...abroad, cashbackAmount: minor(10_501n) }));
    expect(over).to.include({ check: "insufficient_funds" });

    const exact = model.authorize(purchase({ ...asked, ...abroad, cashbackAmount: minor(10_500n) }));
    expect(exact).to.include({ outcome: "partial", approvedAmount: 7_000n });
  });

  it("asks every limit with the full amount: a limit declines, and never cuts", () => {
    const model = shortOfFunds();
    const card = model.program.card("load");
    const limit = { amount: minor(9_999n), interval: "daily", categories: [] } as const;
    card.controls = { ...card.controls, limits: [limit] };

    expect(model.authorize(purchase(asked))).to.include({ check: "limit" });
    expect(model.authorize(purchase({ ...asked, amount: 9_999 }))).to.include({ approvedAmount: 7_000n });
    expect(model.spent({ owner: { kind: "chain", id: "load" }, interval: "daily", categories: [] }, noonMs)).to.equal(
      7_000n,
    );
  });

  it("posts a part of a 0200 as well", () => {
    const model = shortOfFunds();

    expect(model.post(single(asked))).to.deep.equal({
      outcome: "posted",
      postedAmount: 7_000n,
      askedAmount: 10_000n,
    });
    expect(model.program.account("acct")).to.include({ available: 0n, held: 0n });
  });
});

describe("simulators/model/questions", () => {
  it("tells available and ledger balance as they are at the time, and a repeat the same again", () => {
    const model = smallModel();
    model.authorize(purchase({}));
    const inquiry = purchase({ purpose: "inquiry", amount: 0, processingCode: "310000" });

    const answer = model.authorize(inquiry);
    model.authorize(purchase({}));

    const balances = { availableAmount: 990_000n, ledgerAmount: 1_000_000n };
    expect(answer).to.deep.equal({ outcome: "approved", approvedAmount: 0n, balances });
    expect(model.authorize(inquiry)).to.deep.equal({ outcome: "duplicate", first: answer });
    expect(model.reverse(reversalOf(inquiry, {}))).to.include({ outcome: "nothing_to_release" });
  });

  it("verifies an account that has no money left, and not one whose card is canceled", () => {
    const model = smallModel();
    model.fund("acct", minor(-1_000_000n));
    const verification = { purpose: "verification", amount: 0 } as const;

    expect(model.authorize(purchase(verification))).to.deep.equal({ outcome: "approved", approvedAmount: 0n });
    expect(model.post(single(verification))).to.deep.equal({ outcome: "approved", approvedAmount: 0n });
    model.program.setCardStatus("card", "canceled");

    expect(model.authorize(purchase(verification))).to.include({ check: "card_canceled" });
  });

  it("authorizes a refund for a valid card whatever its controls are, and holds and counts nothing", () => {
    const model = smallModel();
    const card = model.program.card("card");
    card.controls = { ...card.controls, blockedCategories: ["restaurants"] };
    model.program.cardholder("holder").status = "blocked";
    const refund = { purpose: "refund", amount: 900_000, processingCode: "200000" } as const;

    expect(model.authorize(purchase(refund))).to.deep.equal({ outcome: "approved", approvedAmount: 0n });
    expect(model.program.account("acct")).to.include({ available: 1_000_000n, held: 0n });
    model.program.account("acct").isEnabled = false;

    expect(model.authorize(purchase(refund))).to.include({ check: "account_disabled" });
  });
});
