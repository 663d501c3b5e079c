import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

const berlin = { line1: "Torstraße 1", city: "Berlin", postal_code: "10119", country: "DE" };
const portland = { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "US" };
const terms = { card_issuing: { user_terms_acceptance: { date: 1_700_000_000, ip: "203.0.113.9" } } };
const parcel = { name: "Jenny Rosen", address: portland };

describe("resources/issuing/card-routes", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let holder: string;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    ({ stripe } = api);
    ({ id: holder } = await stripe.issuing.cardholders.create({
      name: "Jenny Rosen",
      email: "jenny@example.com",
      billing: { address: portland },
      individual: terms,
    }));
  });

  after(() => api.running.close());

  const virtual = (more: Partial<Stripe.Issuing.CardCreateParams> = {}) =>
    stripe.issuing.cards.create({ cardholder: holder, currency: "usd", type: "virtual", ...more });

  it("makes an inactive card of the account's currency with 500 a day, and shows its holder whole", async () => {
    const card = await virtual({ metadata: { team: "north" } });

    expect(card).to.deep.include({
      object: "issuing.card",
      status: "inactive",
      type: "virtual",
      brand: "Visa",
      currency: "usd",
      cancellation_reason: null,
      replacement_for: null,
      shipping: null,
      metadata: { team: "north" },
    });
    expect(card.cardholder).to.deep.include({ id: holder, name: "Jenny Rosen" });
    expect(card.spending_controls.spending_limits).to.deep.equal([
      { amount: 50_000, categories: [], interval: "daily" },
    ]);
    expect(card.last4).to.match(/^\d{4}$/);
    expect(card).not.to.have.any.keys("number", "cvc");
  });

  it("tells number and code only where a virtual card is retrieved and they are asked for", async () => {
    const { id, last4 } = await virtual();
    const plain = await stripe.issuing.cards.retrieve(id);
    const told = await stripe.issuing.cards.retrieve(id, { expand: ["number", "cvc"] });

    expect(plain).not.to.have.any.keys("number", "cvc");
    expect(told.number).to.match(/^\d{16}$/);
    expect(told.number?.slice(-4)).to.equal(last4);
    expect(told.cvc).to.match(/^\d{3}$/);
    const made = await virtual({ expand: ["number", "cvc"] });
    expect(made).not.to.have.any.keys("number", "cvc");
    const list = stripe.issuing.cards.list({ limit: 3, expand: ["data.number"] });
    expect(await errorOf(list)).to.include({ statusCode: 400, param: "expand" });
  });

  it("never tells the number of a physical card", async () => {
    const { id } = await virtual({ type: "physical", shipping: parcel });

    const told = await stripe.issuing.cards.retrieve(id, { expand: ["number", "cvc"] });

    expect(told).not.to.have.any.keys("number", "cvc");
  });

  it("stops telling a card's number after ten times within a minute", async () => {
    const { id } = await virtual();
    for (let i = 0; i < 10; i++) await stripe.issuing.cards.retrieve(id, { expand: ["number"] });

    const refused = await errorOf(stripe.issuing.cards.retrieve(id, { expand: ["number"] }));

    expect(refused).to.include({ statusCode: 429, code: "rate_limit" });
    expect((await stripe.issuing.cards.retrieve(id)).id).to.equal(id);
  });

  it("walks every pair of status and wish: canceled is final", async () => {
    const reached = {
      inactive: { active: "active", inactive: "inactive", canceled: "canceled" },
      active: { active: "active", inactive: "inactive", canceled: "canceled" },
      canceled: { active: null, inactive: null, canceled: null },
    } as const;
    for (const from of ["inactive", "active", "canceled"] as const) {
      for (const wish of ["active", "inactive", "canceled"] as const) {
        const { id } = await virtual();
        if (from !== "inactive") await stripe.issuing.cards.update(id, { status: from });

        const update = stripe.issuing.cards.update(id, { status: wish });

        const wanted = reached[from][wish];
        if (wanted === null) expect(await errorOf(update)).to.include({ statusCode: 400, param: "status" });
        else expect((await update).status).to.equal(wanted);
        expect((await stripe.issuing.cards.retrieve(id)).status).to.equal(wanted ?? from);
      }
    }
  });

  it("notes why a card was canceled, and takes a reason with nothing else", async () => {
    const { id } = await virtual({ status: "active" });

    expect(await errorOf(stripe.issuing.cards.update(id, { cancellation_reason: "lost" }))).to.include({
      param: "cancellation_reason",
    });
    const card = await stripe.issuing.cards.update(id, { status: "canceled", cancellation_reason: "stolen" });

    expect(card).to.include({ status: "canceled", cancellation_reason: "stolen" });
  });

  it("merges metadata and replaces spending controls whole", async () => {
    const { id } = await virtual({
      metadata: { a: "1", b: "2" },
      spending_controls: { blocked_categories: ["bakeries"], spending_limits: [{ amount: 700, interval: "weekly" }] },
    });

    const card = await stripe.issuing.cards.update(id, {
      metadata: { b: "", c: "3" },
      spending_controls: { allowed_merchant_countries: ["us"] },
    });

    expect(card.metadata).to.deep.equal({ a: "1", c: "3" });
    expect(card.spending_controls).to.deep.equal({
      allowed_card_presences: null,
      allowed_categories: null,
      allowed_merchant_countries: ["US"],
      blocked_card_presences: null,
      blocked_categories: null,
      blocked_merchant_countries: null,
      spending_limits: [{ amount: 50_000, categories: [], interval: "daily" }],
      spending_limits_currency: "usd",
    });
  });

  it("refuses what contradicts itself, with the parameter at fault", async () => {
    const bothLists = { allowed_categories: ["bakeries"], blocked_categories: ["florists"] } as const;
    const tooMuch = { spending_limits: [{ amount: 2 ** 50, interval: "daily" }] } as const;
    const cases: readonly (readonly [Partial<Stripe.Issuing.CardCreateParams>, string])[] = [
      [{ currency: "eur" }, "currency"],
      [{ cardholder: "ich_nobody" }, "cardholder"],
      [{ financial_account: "fa_1" }, "financial_account"],
      [{ shipping: parcel }, "shipping"],
      [{ type: "physical" }, "shipping"],
      [
        { type: "physical", shipping: parcel, lifecycle_controls: { cancel_after: { payment_count: 1 } } },
        "lifecycle_controls",
      ],
      [
        { lifecycle_controls: { cancel_after: { payment_count: 0 } } },
        "lifecycle_controls[cancel_after][payment_count]",
      ],
      [{ replacement_for: "ic_nothing", replacement_reason: "lost" }, "replacement_for"],
      [{ replacement_reason: "lost" }, "replacement_for"],
      [{ exp_month: 13, exp_year: 2099 }, "exp_month"],
      [{ exp_month: 1, exp_year: 2020 }, "exp_year"],
      [{ exp_month: 1 }, "exp_year"],
      [
        {
          spending_controls: {
            ...bothLists,
            allowed_categories: [...bothLists.allowed_categories],
            blocked_categories: [...bothLists.blocked_categories],
          },
        },
        "spending_controls[blocked_categories]",
      ],
      [
        { spending_controls: { ...tooMuch, spending_limits: [...tooMuch.spending_limits] } },
        "spending_controls[spending_limits][0][amount]",
      ],
      [
        { spending_controls: { allowed_merchant_countries: ["XX"] } },
        "spending_controls[allowed_merchant_countries][0]",
      ],
      [{ type: "physical", shipping: parcel, second_line: "x".repeat(25) }, "second_line"],
      [{ second_line: "Crew" }, "second_line"],
    ];
    for (const [more, param] of cases) {
      const error = await errorOf(virtual(more));
      expect(error.type, param).to.equal("StripeInvalidRequestError");
      expect(error.param).to.equal(param);
    }
  });

  it("filters its list by holder, status, type, last digits and expiry", async () => {
    const other = await stripe.issuing.cardholders.create({ name: "Ada Lovelace", billing: { address: portland } });
    const made = await virtual({ cardholder: other.id, exp_month: 7, exp_year: 2034 });
    const idsOf = async (params: Stripe.Issuing.CardListParams) =>
      (await stripe.issuing.cards.list(params)).data.map(({ id }) => id);

    expect(await idsOf({ cardholder: other.id })).to.deep.equal([made.id]);
    expect(await idsOf({ cardholder: other.id, status: "active" })).to.deep.equal([]);
    expect(await idsOf({ cardholder: other.id, last4: made.last4, exp_month: 7, exp_year: 2034 })).to.deep.equal([
      made.id,
    ]);
    expect(await idsOf({ cardholder: other.id, type: "physical" })).to.deep.equal([]);
    expect(await errorOf(stripe.issuing.cards.list({ cardholder: "ich_nobody" }))).to.include({ param: "cardholder" });
  });

  it("does not activate a card of somebody who has not accepted the issuer's terms", async () => {
    const { id: due } = await stripe.issuing.cardholders.create({ name: "Max Due", billing: { address: portland } });
    const card = await virtual({ cardholder: due });

    expect(await errorOf(virtual({ cardholder: due, status: "active" }))).to.include({ param: "status" });
    expect(await errorOf(stripe.issuing.cards.update(card.id, { status: "active" }))).to.include({ param: "status" });
    await stripe.issuing.cardholders.update(due, { individual: terms });

    expect((await stripe.issuing.cards.update(card.id, { status: "active" })).status).to.equal("active");
  });

  it("asks for a phone number in Europe, and makes cards in euros there", async () => {
    const acting = { stripeAccount: connectedAccount(api, "de") };
    const silent = await stripe.issuing.cardholders.create(
      { name: "Käthe Stumm", billing: { address: berlin } },
      acting,
    );
    const eur = { cardholder: silent.id, currency: "eur", type: "virtual" } as const;

    expect(await errorOf(stripe.issuing.cards.create(eur, acting))).to.include({ param: "cardholder" });
    await stripe.issuing.cardholders.update(silent.id, { phone_number: "+49 30 1234567" }, acting);
    const card = await stripe.issuing.cards.create({ ...eur, status: "active" }, acting);

    expect(card).to.include({ currency: "eur", status: "active" });
    expect(card.cardholder.phone_number).to.equal("+49301234567");
  });
});
