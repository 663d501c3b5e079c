import { expect } from "chai";
import type Stripe from "stripe";
import { must } from "../../../src/kernel/assert.ts";
import { announceReplacement } from "../../../src/resources/issuing/cards.ts";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";

const address = { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "US" };
const terms = { card_issuing: { user_terms_acceptance: { date: 1_700_000_000, ip: "203.0.113.9" } } };

describe("resources/issuing/events of a program", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  beforeEach(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  afterEach(() => api.running.close());

  /** What was told since the data set was made, oldest first. */
  async function told(): Promise<string[]> {
    const { data } = await stripe.events.list({ limit: 100 });
    return data.map(({ type }) => type).toReversed();
  }

  const holder = () =>
    stripe.issuing.cardholders.create({ name: "Jenny Rosen", billing: { address }, individual: terms });

  it("tells of cardholders and cards as they are made and changed, with what was before", async () => {
    const { id: cardholder } = await holder();
    await stripe.issuing.cardholders.update(cardholder, { status: "inactive" });
    const { id } = await stripe.issuing.cards.create({ cardholder, currency: "usd", type: "virtual" });
    await stripe.issuing.cards.update(id, { status: "active", metadata: { crew: "north" } });

    const { data } = await stripe.events.list({ type: "issuing_card.updated" });

    expect(await told()).to.deep.equal([
      "issuing_cardholder.created",
      "issuing_cardholder.updated",
      "issuing_card.created",
      "issuing_card.updated",
    ]);
    expect(data[0]?.data.previous_attributes).to.deep.equal({ status: "inactive", metadata: {} });
    expect(data[0]?.data.object).to.include({ id, status: "active" });
    expect(JSON.stringify(data)).not.to.match(/"number"|"cvc"/);
  });

  it("tells what a review of a design came to under a name of its own", async () => {
    const { data } = await stripe.issuing.physicalBundles.list({ status: "active", type: "standard" });
    const bundle = must(data[0], "a bundle").id;
    const { id } = await stripe.issuing.personalizationDesigns.create({ physical_bundle: bundle });
    const { personalizationDesigns: review } = stripe.testHelpers.issuing;

    await stripe.issuing.personalizationDesigns.update(id, { name: "Crew" });
    await review.reject(id, { rejection_reasons: { carrier_text: ["other"] } });
    await stripe.issuing.personalizationDesigns.update(id, { name: "Team" });
    await review.activate(id);
    await review.deactivate(id);

    expect(await told()).to.deep.equal([
      "issuing_personalization_design.updated",
      "issuing_personalization_design.rejected",
      "issuing_personalization_design.updated",
      "issuing_personalization_design.activated",
      "issuing_personalization_design.deactivated",
    ]);
  });

  it("tells of both cards of a replacement, and of the end of the first when the second is activated", async () => {
    const { id: cardholder } = await holder();
    const first = await stripe.issuing.cards.create({ cardholder, currency: "usd", type: "virtual", status: "active" });
    const second = await stripe.issuing.cards.create({
      currency: "usd",
      type: "virtual",
      replacement_for: first.id,
      replacement_reason: "damaged",
    });
    await stripe.issuing.cards.update(second.id, { status: "active" });

    const { data } = await stripe.events.list({ type: "issuing_card.updated" });

    const cards = data.map(({ data: { object } }) => {
      const { id, status } = { id: "", status: "", ...object };
      return `${id} ${status}`;
    });
    cards.reverse();
    expect(cards.slice(-2)).to.deep.equal([`${first.id} canceled`, `${second.id} active`]);
  });

  it("forgets a replacement that was announced and never made", async () => {
    const { id: cardholder } = await holder();
    const first = await stripe.issuing.cards.create({ cardholder, currency: "usd", type: "virtual", status: "active" });
    await announceReplacement(api.running.access.program, placeOf(first.id), {});

    expect((await stripe.issuing.cards.retrieve(first.id)).replaced_by).to.equal(null);
    await stripe.issuing.cards.create({ cardholder, currency: "usd", type: "virtual" });
    expect((await stripe.issuing.cards.retrieve(first.id)).replaced_by).to.equal(null);
    const made = await stripe.issuing.cards.create({
      currency: "usd",
      type: "virtual",
      replacement_for: first.id,
      replacement_reason: "expired",
    });
    expect((await stripe.issuing.cards.retrieve(first.id)).replaced_by).to.equal(made.id);
  });

  function placeOf(id: string) {
    const { queries } = api.running.access;
    const rows = queries.objects("card", 0, { before: null, rowsMax: 10 });
    const named = rows.find(({ place }) => api.running.access.idOf("ic", place) === id);
    return must(named, "the card is recorded").place;
  }
});
