import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { openCardProgram } from "../../support/card-program.ts";
import { errorOf } from "../../support/sdk-error.ts";

const address = { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "US" };
const parcel = { name: "Jenny Rosen", address, service: "express" } as const;
const logo = { data: Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), name: "logo.png", type: "image/png" };

describe("resources/issuing/physical cards", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let holder: string;
  let bundles: Stripe.Issuing.PhysicalBundle[];

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
    ({ id: holder } = await stripe.issuing.cardholders.create({ name: "Jenny Rosen", billing: { address } }));
    ({ data: bundles } = await stripe.issuing.physicalBundles.list({ limit: 100 }));
  });

  after(() => api.running.close());

  const bundle = (name: string): string => bundles.find((one) => one.name.startsWith(name))?.id ?? expect.fail(name);
  const design = (more: Partial<Stripe.Issuing.PersonalizationDesignCreateParams> = {}) =>
    stripe.issuing.personalizationDesigns.create({ physical_bundle: bundle("Standard black"), ...more });
  const card = (more: Partial<Stripe.Issuing.CardCreateParams> = {}) =>
    stripe.issuing.cards.create({ cardholder: holder, currency: "usd", type: "physical", shipping: parcel, ...more });

  const parcels = {
    pending: { submit: "submitted", ship: "shipped", deliver: null, return: null, fail: "failure" },
    submitted: { submit: null, ship: "shipped", deliver: null, return: null, fail: "failure" },
    shipped: { submit: null, ship: null, deliver: "delivered", return: "returned", fail: "failure" },
    delivered: { submit: null, ship: null, deliver: null, return: null, fail: null },
    returned: { submit: null, ship: null, deliver: null, return: null, fail: null },
    failure: { submit: null, ship: null, deliver: null, return: null, fail: null },
  } as const;
  const events = ["submit", "ship", "deliver", "return", "fail"] as const;
  const ways = {
    pending: [],
    submitted: ["submit"],
    shipped: ["ship"],
    delivered: ["ship", "deliver"],
    returned: ["ship", "return"],
    failure: ["fail"],
  } as const satisfies Record<keyof typeof parcels, readonly (typeof events)[number][]>;

  function send(id: string, event: (typeof events)[number]): Promise<Stripe.Issuing.Card> {
    const { cards } = stripe.testHelpers.issuing;
    switch (event) {
      case "submit":
        return cards.submitCard(id);
      case "ship":
        return cards.shipCard(id);
      case "deliver":
        return cards.deliverCard(id);
      case "return":
        return cards.returnCard(id);
      case "fail":
        return cards.failCard(id);
    }
  }

  for (const from of ["pending", "submitted", "shipped", "delivered", "returned", "failure"] as const) {
    it(`moves a parcel that is ${from} only where it can go from there`, async () => {
      for (const event of events) {
        const { id } = await card();
        for (const step of ways[from]) await send(id, step);

        const moved = send(id, event);

        const wanted = parcels[from][event];
        if (wanted === null) expect(await errorOf(moved)).to.include({ statusCode: 400 });
        else expect((await moved).shipping?.status).to.equal(wanted);
        expect((await stripe.issuing.cards.retrieve(id)).shipping?.status).to.equal(wanted ?? from);
      }
    });
  }

  it("dates a parcel as it is sent and delivered, and names who carries it", async () => {
    const { id, shipping } = await card();
    const shipped = await stripe.testHelpers.issuing.cards.shipCard(id);
    const delivered = await stripe.testHelpers.issuing.cards.deliverCard(id);

    expect(shipping).to.include({ carrier: null, eta: null, shipped_at: null, delivered_at: null, service: "express" });
    expect(shipped.shipping).to.include({ carrier: "usps", delivered_at: null });
    expect(shipped.shipping?.shipped_at).to.be.a("number");
    expect(delivered.shipping?.delivered_at).to.be.a("number");
  });

  it("does not send a card that was canceled before it was handed over", async () => {
    const { id } = await card();
    const canceled = await stripe.issuing.cards.update(id, { status: "canceled" });

    expect(canceled.shipping?.status).to.equal("canceled");
    expect(await errorOf(stripe.testHelpers.issuing.cards.shipCard(id))).to.include({ statusCode: 400 });
  });

  it("sends a card elsewhere only while it has not been handed over", async () => {
    const { id } = await card();
    const elsewhere = { name: "Ada Lovelace", address: { ...address, city: "Salem" } };
    const moved = await stripe.issuing.cards.update(id, { shipping: elsewhere });
    await stripe.testHelpers.issuing.cards.shipCard(id);

    expect(moved.shipping?.address.city).to.equal("Salem");
    expect(await errorOf(stripe.issuing.cards.update(id, { shipping: parcel }))).to.include({ param: "shipping" });
  });

  it("reviews a design that prints something, and tells why it is rejected", async () => {
    const plain = await design();
    const made = await design({ carrier_text: { header_title: "Welcome" } });
    const { personalizationDesigns: review } = stripe.testHelpers.issuing;
    const rejected = await review.reject(made.id, { rejection_reasons: { carrier_text: ["promotional_material"] } });
    const again = await stripe.issuing.personalizationDesigns.update(made.id, {
      carrier_text: { header_title: "Hello" },
    });

    expect([plain.status, made.status, rejected.status, again.status]).to.deep.equal([
      "active",
      "review",
      "rejected",
      "review",
    ]);
    expect(rejected.rejection_reasons).to.deep.equal({ card_logo: null, carrier_text: ["promotional_material"] });
    expect(again.rejection_reasons).to.deep.equal({ card_logo: null, carrier_text: null });
  });

  const designs = {
    review: { activate: "active", deactivate: "inactive", reject: "rejected" },
    active: { activate: null, deactivate: "inactive", reject: "rejected" },
    inactive: { activate: "active", deactivate: null, reject: null },
    rejected: { activate: "active", deactivate: null, reject: null },
  } as const;

  for (const from of ["review", "active", "inactive", "rejected"] as const) {
    it(`moves a design that is ${from} only where a review can move it`, async () => {
      const { personalizationDesigns: review } = stripe.testHelpers.issuing;
      const reasons = { rejection_reasons: { card_logo: ["other" as const] } };
      const ways = {
        review: async () => undefined,
        active: (id: string) => review.activate(id),
        inactive: (id: string) => review.deactivate(id),
        rejected: (id: string) => review.reject(id, reasons),
      };
      for (const event of ["activate", "deactivate", "reject"] as const) {
        const { id } = await design({ carrier_text: { footer_body: "Thanks" } });
        await ways[from](id);

        const moved = event === "reject" ? review.reject(id, reasons) : review[event](id);

        const wanted = designs[from][event];
        if (wanted === null) expect(await errorOf(moved)).to.include({ statusCode: 400 });
        else expect((await moved).status).to.equal(wanted);
      }
    });
  }

  it("prints on a bundle what it has room for, and asks for what it needs", async () => {
    const file = await logoFile();
    const custom = { physical_bundle: bundle("Custom print") };

    expect(await errorOf(design(custom))).to.include({ param: "card_logo" });
    expect(await errorOf(design({ ...custom, card_logo: file }))).to.include({ param: "carrier_text" });
    const white = { physical_bundle: bundle("Standard white"), card_logo: file };
    expect(await errorOf(design(white))).to.include({ param: "card_logo" });
    expect(await errorOf(design({ physical_bundle: bundle("Custom metal") }))).to.include({ param: "physical_bundle" });
    const made = await design({ ...custom, card_logo: file, carrier_text: { header_title: "Welcome" } });

    expect(made).to.include({ card_logo: file, physical_bundle: custom.physical_bundle });
    const second = card({ personalization_design: made.id, second_line: "North crew" });
    expect(await errorOf(second)).to.include({ param: "second_line" });
  });

  it("makes physical cards of the default design, of which there is one, where none is asked for", async () => {
    const first = await design({ preferences: { is_default: true }, name: "First" });
    const second = await design({ preferences: { is_default: true }, name: "Second" });
    const byDefault = await card({ second_line: "North crew" });
    const asked = await card({ personalization_design: first.id });

    expect((await stripe.issuing.personalizationDesigns.retrieve(first.id)).preferences.is_default).to.equal(false);
    expect(byDefault).to.include({ personalization_design: second.id, second_line: "North crew" });
    expect(asked.personalization_design).to.equal(first.id);
    const { data } = await stripe.issuing.cards.list({ personalization_design: first.id });
    expect(data.map(({ id }) => id)).to.deep.equal([asked.id]);
    await stripe.testHelpers.issuing.personalizationDesigns.deactivate(first.id);
    expect(await errorOf(card({ personalization_design: first.id }))).to.include({ param: "personalization_design" });
  });

  it("lends the platform's default to a connected account that has none, and to no other", async () => {
    const lent = await design({ preferences: { is_default: true }, name: "Lent" });
    const { as, cardholder } = await openCardProgram(api);
    const make = (more: Partial<Stripe.Issuing.CardCreateParams> = {}) =>
      stripe.issuing.cards.create(
        { cardholder: cardholder.id, currency: "usd", type: "physical", shipping: parcel, ...more },
        as,
      );

    const first = await make();
    const replacement = await make({ replacement_for: first.id, replacement_reason: "damaged" });
    const own = await stripe.issuing.personalizationDesigns.create(
      { physical_bundle: bundle("Standard black"), preferences: { is_default: true } },
      as,
    );
    const second = await make();
    const changed = await stripe.issuing.cards.update(replacement.id, { personalization_design: own.id }, as);

    expect(first.personalization_design).to.equal(lent.id);
    expect(replacement.personalization_design).to.equal(lent.id);
    expect(own.preferences).to.deep.equal({ is_default: true, is_platform_default: null });
    expect(second.personalization_design).to.equal(own.id);
    expect(changed.personalization_design).to.equal(own.id);
    const read = await stripe.issuing.cards.retrieve(first.id, { expand: ["personalization_design"] }, as);
    expect(read.personalization_design).to.include({ id: lent.id, name: "Lent" });
    expect(await errorOf(make({ personalization_design: lent.id }))).to.include({ code: "resource_missing" });
  });

  it("names one design by a lookup key, which moves only where that is wished", async () => {
    const first = await design({ lookup_key: "crew" });

    expect(await errorOf(design({ lookup_key: "crew" }))).to.include({ param: "lookup_key" });
    const second = await design({ lookup_key: "crew", transfer_lookup_key: true });
    const { data } = await stripe.issuing.personalizationDesigns.list({ lookup_keys: ["crew"] });

    expect(data.map(({ id }) => id)).to.deep.equal([second.id]);
    expect((await stripe.issuing.personalizationDesigns.retrieve(first.id)).lookup_key).to.equal(null);
  });

  it("lists bundles by status and type, and expands those of designs", async () => {
    const { data } = await stripe.issuing.physicalBundles.list({ status: "active", type: "custom" });
    const made = await design();
    const expanded = await stripe.issuing.personalizationDesigns.retrieve(made.id, { expand: ["physical_bundle"] });

    expect(data.map(({ status, type }) => `${status} ${type}`)).to.deep.equal(["active custom"]);
    expect(expanded.physical_bundle).to.deep.equal(
      await stripe.issuing.physicalBundles.retrieve(bundle("Standard black")),
    );
  });

  it("leaves books in which verify finds nothing", async () => {
    const { body } = await api.send("/_admin/verify", { method: "POST" });

    expect(body["violations"]).to.deep.equal([]);
  });

  async function logoFile(): Promise<string> {
    // The SDK does not name the purpose of logos.
    const { id } = await stripe.files.create({ purpose: "issuing_logo", file: logo });
    return id;
  }
});
