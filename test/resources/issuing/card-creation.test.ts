import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

const portland = { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "US" };
const secrets = { expand: ["number", "cvc"] };

describe("resources/issuing/card-creation", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let holder: string;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
    ({ id: holder } = await stripe.issuing.cardholders.create({
      name: "Jenny Rosen",
      billing: { address: portland },
      individual: { card_issuing: { user_terms_acceptance: { date: 1_700_000_000, ip: "203.0.113.9" } } },
    }));
  });

  after(() => api.running.close());

  const create = (more: Partial<Stripe.Issuing.CardCreateParams> = {}) =>
    stripe.issuing.cards.create({ cardholder: holder, currency: "usd", type: "virtual", status: "active", ...more });
  const replace = (
    original: Stripe.Issuing.Card,
    reason: Stripe.Issuing.CardCreateParams.ReplacementReason,
    more: Partial<Stripe.Issuing.CardCreateParams> = {},
  ) => create({ status: "inactive", replacement_for: original.id, replacement_reason: reason, ...more });
  const retrieve = (id: string) => stripe.issuing.cards.retrieve(id, secrets);

  for (const reason of ["damaged", "expired"] as const) {
    it(`keeps the number of a ${reason} card, with another code and expiry; the old one works until the new one does`, async () => {
      const original = await create();

      const made = await replace(original, reason);

      const [before, after] = [await retrieve(original.id), await retrieve(made.id)];
      expect(after.number).to.equal(before.number);
      expect(after.cvc).not.to.equal(before.cvc);
      expect([after.exp_year, after.exp_month]).not.to.deep.equal([before.exp_year, before.exp_month]);
      expect(after).to.include({ replacement_for: original.id, replacement_reason: reason, status: "inactive" });
      expect(before).to.include({ replaced_by: made.id, status: "active" });

      await stripe.issuing.cards.update(made.id, { status: "active" });

      expect((await retrieve(original.id)).status).to.equal("canceled");
      expect((await retrieve(made.id)).status).to.equal("active");
    });
  }

  it("ends a damaged card at once where its replacement is active from the start", async () => {
    const original = await create();

    const made = await replace(original, "damaged", { status: "active" });

    expect(made.status).to.equal("active");
    expect((await retrieve(original.id)).status).to.equal("canceled");
  });

  for (const reason of ["lost", "stolen"] as const) {
    it(`gives a card that was ${reason} a new number once it is canceled, and not before`, async () => {
      const original = await create();

      expect(await errorOf(replace(original, reason))).to.include({ param: "replacement_for" });
      await stripe.issuing.cards.update(original.id, { status: "canceled", cancellation_reason: reason });
      const made = await replace(original, reason);

      expect((await retrieve(made.id)).number).not.to.equal((await retrieve(original.id)).number);
      expect(made).to.include({ replacement_for: original.id, replacement_reason: reason });
    });
  }

  it("never uses the number of a lost or stolen card again", async () => {
    const original = await create();
    await stripe.issuing.cards.update(original.id, { status: "canceled", cancellation_reason: "stolen" });

    expect(await errorOf(replace(original, "damaged"))).to.include({ param: "replacement_reason" });
  });

  it("replaces a card once: its replacement is replaced next", async () => {
    const original = await create();
    const second = await replace(original, "damaged");

    expect(await errorOf(replace(original, "damaged"))).to.include({ param: "replacement_for" });
    const third = await replace(second, "expired");

    expect((await retrieve(second.id)).replaced_by).to.equal(third.id);
    expect((await retrieve(original.id)).replaced_by).to.equal(second.id);
  });

  it("refuses a replacement that expires together with the card of the same number, or is for somebody else", async () => {
    const original = await create({ exp_month: 6, exp_year: 2033 });
    const other = await stripe.issuing.cardholders.create({ name: "Ada Lovelace", billing: { address: portland } });

    const same = replace(original, "damaged", { exp_month: 6, exp_year: 2033 });

    expect(await errorOf(same)).to.include({ param: "exp_month" });
    expect(await errorOf(replace(original, "damaged", { cardholder: other.id }))).to.include({ param: "cardholder" });
    expect(await errorOf(create({ replacement_for: original.id }))).to.include({ param: "replacement_reason" });
  });

  it("carries the controls of a card over to its replacement, unless others are given", async () => {
    const spending_limits = [{ amount: 1_000, interval: "daily" as const }];
    const original = await create({ spending_controls: { spending_limits } });

    const alike = await replace(original, "damaged");
    const unlike = await replace(alike, "damaged", { spending_controls: { blocked_categories: ["bakeries"] } });

    expect(alike.spending_controls.spending_limits).to.deep.equal([
      { amount: 1_000, categories: [], interval: "daily" },
    ]);
    expect(unlike.spending_controls.blocked_categories).to.deep.equal(["bakeries"]);
    expect(unlike.spending_controls.spending_limits?.[0]?.amount).to.equal(50_000);
  });

  it("makes one card however often a request is repeated, and one replacement", async () => {
    const original = await create();
    const once = { idempotencyKey: "replace once" };
    const params = {
      currency: "usd",
      type: "virtual",
      replacement_for: original.id,
      replacement_reason: "damaged",
    } as const;

    const first = await stripe.issuing.cards.create(params, once);
    const again = await stripe.issuing.cards.create(params, once);

    expect(again).to.deep.equal(first);
    expect((await retrieve(original.id)).replaced_by).to.equal(first.id);
  });

  it("shows after how many payments a virtual card shall be canceled", async () => {
    const card = await create({ lifecycle_controls: { cancel_after: { payment_count: 3 } } });

    expect(card.lifecycle_controls).to.deep.equal({ cancel_after: { payment_count: 3 } });
  });
});
