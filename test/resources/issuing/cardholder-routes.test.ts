import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

const address = { line1: "1 Main St", city: "Portland", state: "OR", postal_code: "97201", country: "us" };
const accepted = { date: 1_700_000_000, ip: "203.0.113.9" };
const due = ["individual.card_issuing.user_terms_acceptance.date", "individual.card_issuing.user_terms_acceptance.ip"];

describe("resources/issuing/cardholder-routes", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    ({ stripe } = api);
  });

  after(() => api.running.close());

  const create = (more: Partial<Stripe.Issuing.CardholderCreateParams> = {}) =>
    stripe.issuing.cardholders.create({ name: "Jenny Rosen", billing: { address }, ...more });

  it("tells again what it was told of a person, and leaves out nothing", async () => {
    const holder = await create({
      email: "jenny@example.com",
      phone_number: "+1 (503) 555-0100",
      preferred_locales: ["de", "en"],
      individual: { first_name: "Jenny", last_name: "Rosen", dob: { day: 29, month: 2, year: 1996 } },
      metadata: { crew: "north" },
    });

    expect(await stripe.issuing.cardholders.retrieve(holder.id)).to.deep.equal(holder);
    expect(holder).to.deep.include({
      object: "issuing.cardholder",
      name: "Jenny Rosen",
      email: "jenny@example.com",
      phone_number: "+15035550100",
      preferred_locales: ["de", "en"],
      status: "active",
      type: "individual",
      company: null,
      livemode: false,
      metadata: { crew: "north" },
      billing: { address: { ...address, country: "US", line2: null } },
    });
    expect(holder.individual).to.deep.equal({
      card_issuing: null,
      dob: { day: 29, month: 2, year: 1996 },
      first_name: "Jenny",
      last_name: "Rosen",
      verification: null,
    });
  });

  it("owes the issuer's terms as an individual of a US program until they are accepted", async () => {
    const holder = await create();
    const half = await stripe.issuing.cardholders.update(holder.id, {
      individual: { card_issuing: { user_terms_acceptance: { date: accepted.date } } },
    });
    const whole = await stripe.issuing.cardholders.update(holder.id, {
      individual: { card_issuing: { user_terms_acceptance: { ip: accepted.ip } } },
    });

    expect(holder.requirements).to.deep.equal({ disabled_reason: "requirements.past_due", past_due: due });
    expect(half.requirements).to.deep.equal({ disabled_reason: "requirements.past_due", past_due: due.slice(1) });
    expect(whole.requirements).to.deep.equal({ disabled_reason: null, past_due: [] });
    expect(whole.individual?.card_issuing?.user_terms_acceptance).to.deep.equal({ ...accepted, user_agent: null });
  });

  it("owes nothing as a company, or where no such terms are", async () => {
    const company = await create({ type: "company", company: { tax_id: "12-3456789" } });
    const acting = { stripeAccount: connectedAccount(api, "de") };
    const person = await stripe.issuing.cardholders.create({ name: "Käthe Kruse", billing: { address } }, acting);

    for (const { requirements } of [company, person]) {
      expect(requirements).to.deep.equal({ disabled_reason: null, past_due: [] });
    }
    expect(company.company).to.deep.equal({ tax_id_provided: true });
  });

  it("merges metadata and what a person has told, and replaces controls and addresses whole", async () => {
    const holder = await create({
      individual: { first_name: "Jenny", last_name: "Rosen" },
      metadata: { a: "1", b: "2" },
      spending_controls: { blocked_categories: ["bakeries"], spending_limits: [{ amount: 5_00, interval: "weekly" }] },
    });

    const changed = await stripe.issuing.cardholders.update(holder.id, {
      billing: { address: { line1: "2 Side St", city: "Salem", postal_code: "97301", country: "US" } },
      individual: { last_name: "Stone" },
      metadata: { a: "", c: "3" },
      spending_controls: { allowed_card_presences: ["present"] },
      status: "inactive",
    });

    expect(holder.spending_controls).to.include({ spending_limits_currency: "usd" });
    expect(changed.individual).to.include({ first_name: "Jenny", last_name: "Stone" });
    expect(changed.metadata).to.deep.equal({ b: "2", c: "3" });
    expect(changed.billing.address).to.include({ line1: "2 Side St", state: null });
    expect(changed.spending_controls).to.deep.include({
      allowed_card_presences: ["present"],
      blocked_categories: null,
      spending_limits: [],
    });
    expect(changed.status).to.equal("inactive");
  });

  it("refuses names that cannot be printed, and numbers, addresses and dates that cannot be", async () => {
    const individual = (dob: { day: number; month: number; year: number }) => ({ individual: { dob } });
    const terms = (user_terms_acceptance: { date?: number; ip?: string }) => ({
      individual: { card_issuing: { user_terms_acceptance } },
    });
    const acceptance = "individual[card_issuing][user_terms_acceptance]";
    const cases: readonly (readonly [Partial<Stripe.Issuing.CardholderCreateParams>, string])[] = [
      [{ name: "Jenny R0sen" }, "name"],
      [{ name: "x".repeat(25) }, "name"],
      [{ name: "Jenny <Rosen>" }, "name"],
      [{ phone_number: "5035550100" }, "phone_number"],
      [{ phone_number: "+0123456789" }, "phone_number"],
      [{ email: "nobody" }, "email"],
      [{ billing: { address: { ...address, country: "XX" } } }, "billing[address][country]"],
      [individual({ day: 29, month: 2, year: 1995 }), "individual[dob][day]"],
      [individual({ day: 29, month: 2, year: 1900 }), "individual[dob][day]"],
      [individual({ day: 1, month: 13, year: 1995 }), "individual[dob][month]"],
      [individual({ day: 1, month: 1, year: 2025 }), "individual[dob][year]"],
      [terms({ date: 4_000_000_000 }), `${acceptance}[date]`],
      [terms({ ip: "1.2.3" }), `${acceptance}[ip]`],
      [{ spending_controls: { spending_limits_currency: "eur" } }, "spending_controls[spending_limits_currency]"],
      [
        { individual: { verification: { document: { front: "file_0" } } } },
        "individual[verification][document][front]",
      ],
    ];
    for (const [more, param] of cases) expect((await errorOf(create(more))).param).to.equal(param);
  });

  it("takes a name of 24 letters of any language, with what stands between them", async () => {
    for (const name of ["Ærøskøbing O'Brien-Mülle", "山田 花子", "Smith & Sons, Ltd.", "x".repeat(24)]) {
      expect((await create({ name })).name).to.equal(name);
    }
  });

  it("filters its list by mail, phone, status and type", async () => {
    const wanted = await create({ email: "list@example.com", phone_number: "+15035550177", status: "inactive" });
    const idsOf = async (params: Stripe.Issuing.CardholderListParams) =>
      (await stripe.issuing.cardholders.list(params)).data.map(({ id }) => id);

    expect(await idsOf({ email: "list@example.com" })).to.deep.equal([wanted.id]);
    expect(await idsOf({ phone_number: "+15035550177" })).to.deep.equal([wanted.id]);
    expect(await idsOf({ status: "inactive", email: "list@example.com" })).to.deep.equal([wanted.id]);
    expect(await idsOf({ status: "active", email: "list@example.com" })).to.deep.equal([]);
    expect(await idsOf({ type: "company", email: "list@example.com" })).to.deep.equal([]);
  });

  it("leaves a cardholder blocked whom the program has blocked", async () => {
    const acting = { stripeAccount: connectedAccount(api, "gb") };
    const { data } = await stripe.issuing.cardholders.list({ status: "blocked" }, acting);
    const blocked = data[0]?.id ?? expect.fail("the demo has a blocked cardholder");

    const update = stripe.issuing.cardholders.update(blocked, { status: "active" }, acting);

    expect(await errorOf(update)).to.include({ param: "status" });
  });
});
