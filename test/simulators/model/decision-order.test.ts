import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import { type DeclineCheck, declineChecks } from "../../../simulators/model/checks.ts";
import type { Model } from "../../../simulators/model/model.ts";
import { type SpendingControls, noControls } from "../../../simulators/model/program.ts";
import { newCard, noonMs, pan, purchase, smallModel } from "./small-program.ts";

const controls = (change: Partial<SpendingControls>): SpendingControls => ({
  ...noControls,
  ...change,
});

/** Each makes the purchase of 100.00 in a restaurant fail at one check and leaves the other checks alone. */
const obstacles: Readonly<Record<DeclineCheck, (model: Model) => void>> = {
  account_disabled: (model) => (model.program.account("acct").isEnabled = false),
  card_inactive: (model) => model.program.setCardStatus("card", "inactive"),
  card_canceled: (model) => model.program.setCardStatus("card", "canceled"),
  card_expired: (model) => (model.program.card("card").expiry = "2603"),
  cardholder_inactive: (model) => (model.program.cardholder("holder").status = "inactive"),
  cardholder_blocked: (model) => (model.program.cardholder("holder").status = "blocked"),
  cardholder_verification_required: (model) => (model.program.cardholder("holder").isVerificationDue = true),
  category: (model) => restrict(model, { blockedCategories: ["restaurants"] }),
  country: (model) => restrict(model, { allowedCountries: [276] }),
  presence: (model) => restrict(model, { blockedPresences: ["present"] }),
  limit: (model) =>
    restrict(model, {
      limits: [
        {
          amount: minor(9_999n),
          interval: "per_authorization",
          categories: [],
        },
      ],
    }),
  insufficient_funds: (model) => model.fund("acct", minor(-990_001n)),
};

const sameField = [
  ["card_inactive", "card_canceled"],
  ["cardholder_inactive", "cardholder_blocked"],
];

describe("simulators/model/decision-order", () => {
  for (const check of declineChecks) {
    it(`declines for ${check}`, () => {
      const model = smallModel();

      obstacles[check](model);

      expect(model.authorize(purchase({}))).to.deep.equal({
        outcome: "declined",
        check,
      });
      expect(model.program.account("acct").held).to.equal(0n);
    });
  }

  it("names the first obstacle of the order where there are two", () => {
    for (const [i, first] of declineChecks.entries()) {
      for (const second of declineChecks.slice(i + 1)) {
        if (sameField.some((pair) => pair.includes(first) && pair.includes(second))) continue;
        const model = smallModel();
        obstacles[second](model);
        obstacles[first](model);

        expect(model.authorize(purchase({})), `${first} before ${second}`).to.include({ check: first });
      }
    }
  });

  it("approves the last cent that is available and not one more", () => {
    const model = smallModel();
    model.program.addCard(newCard({ card: "load", pan: "4000000000000028", program: "load" }));
    const message = { pan: "4000000000000028", amount: 999_999 };

    expect(model.authorize(purchase(message))).to.include({
      outcome: "approved",
    });
    expect(model.authorize(purchase({ ...message, amount: 2 }))).to.include({
      check: "insufficient_funds",
    });
    expect(model.authorize(purchase({ ...message, amount: 1 }))).to.include({
      outcome: "approved",
    });
  });

  it("is good to the last millisecond of the month of expiry, in UTC", () => {
    const model = smallModel();
    model.program.card("card").expiry = "2604";
    const may = Date.UTC(2026, 4, 1);

    expect(model.authorize(purchase({ atMs: may - 1 }))).to.include({
      outcome: "approved",
    });
    expect(model.authorize(purchase({ atMs: may }))).to.include({
      check: "card_expired",
    });
  });

  it("asks the controls of the cardholder as well as the card's, the category before the country", () => {
    const model = smallModel();
    restrict(model, { allowedCountries: [276] });
    expect(model.authorize(purchase({}))).to.include({ check: "country" });

    model.program.cardholder("holder").controls = controls({
      allowedCategories: ["groceries"],
    });

    expect(model.authorize(purchase({}))).to.include({ check: "category" });
    expect(model.authorize(purchase({ mcc: "5411", merchantCountry: 276 }))).to.include({ outcome: "approved" });
  });

  it("does not let a merchant of unknown country through where only some countries are allowed", () => {
    const model = smallModel();
    restrict(model, { allowedCountries: [276] });

    expect(model.authorize(purchase({ merchantCountry: 0 }))).to.include({
      check: "country",
    });
  });

  it("takes the amount in the card's currency from DE6 where DE49 is foreign, and knows no rate of its own", () => {
    const model = smallModel();
    const foreign = { amount: 8_000, transactionCurrency: 978 };

    const billed = model.authorize(
      purchase({
        ...foreign,
        billingAmount: minor(9_000n),
        billingCurrency: 840,
      }),
    );

    expect(billed).to.deep.equal({
      outcome: "approved",
      approvedAmount: 9_000n,
    });
    expect(model.authorize(purchase(foreign))).to.deep.equal({
      outcome: "unsupported_currency",
    });
    expect(model.authorize(purchase({ pan: "4999999999999991" }))).to.deep.equal({ outcome: "unknown_pan" });
  });
});

describe("simulators/model/replacement", () => {
  it("lets the original of a damaged card work until its replacement is activated", () => {
    const model = smallModel();
    const replacement = { of: "card", reason: "damaged" } as const;
    model.program.addCard(newCard({ card: "new", expiry: "3112", status: "inactive", replacement }));

    expect(model.authorize(purchase({}))).to.include({ outcome: "approved" });
    expect(model.authorize(purchase({ expiry: "3112" }))).to.include({
      check: "card_inactive",
    });
    model.program.setCardStatus("new", "active");

    expect(model.authorize(purchase({ expiry: "3012" }))).to.include({
      check: "card_canceled",
    });
    expect(model.authorize(purchase({ expiry: "3112" }))).to.include({
      outcome: "approved",
    });
    expect(model.authorize(purchase({}))).to.include({ outcome: "approved" });
  });

  it("gives a lost card's replacement a new PAN and reverses what the old one bought", () => {
    const model = smallModel();
    const message = purchase({});
    model.authorize(message);
    model.program.setCardStatus("card", "canceled");
    model.program.addCard(
      newCard({
        card: "new",
        pan: "4000000000000028",
        replacement: { of: "card", reason: "lost" },
      }),
    );

    expect(model.authorize(purchase({}))).to.include({
      check: "card_canceled",
    });
    expect(model.authorize(purchase({ pan: "4000000000000028" }))).to.include({
      outcome: "approved",
    });
    expect(model.reverse(reversal(message))).to.include({
      outcome: "released",
    });
  });
});

function reversal(message: ReturnType<typeof purchase>): Parameters<Model["reverse"]>[0] {
  return {
    ...message,
    stan: "777777",
    pan,
    wallNowMs: noonMs,
    isAdvice: true,
    original: { stan: message.stan, function: "authorization" },
    replacementAmount: null,
    replacementCurrency: null,
  };
}

function restrict(model: Model, change: Partial<SpendingControls>): void {
  const card = model.program.card("card");
  card.controls = { ...card.controls, ...change };
}
