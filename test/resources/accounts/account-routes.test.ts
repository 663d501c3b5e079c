import { expect } from "chai";
import type Stripe from "stripe";
import { issuingCountries } from "../../../specs/issuing-countries.ts";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

const iban = { object: "bank_account", country: "DE", currency: "eur", account_number: "DE89 3704 0044 0532 0130 00" };

describe("resources/accounts/account-routes", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    ({ stripe } = api);
  });

  after(() => api.running.close());

  const create = (more: Stripe.AccountCreateParams = {}) =>
    stripe.accounts.create({
      type: "custom",
      country: "US",
      capabilities: { card_issuing: { requested: true }, transfers: { requested: true } },
      ...more,
    });

  it("makes accounts with active capabilities in every country of issuing, in its currency", async () => {
    for (const { country, currency } of issuingCountries) {
      const account = await create({ country });

      expect(account, country).to.deep.include({
        object: "account",
        country,
        default_currency: currency,
        type: "custom",
        capabilities: { card_issuing: "active", transfers: "active" },
        payouts_enabled: true,
      });
    }
    for (const country of ["CH", "JP", "XX"])
      expect(await errorOf(create({ country }))).to.include({ param: "country" });
    expect(await errorOf(create({ country: "DE", default_currency: "usd" }))).to.include({ param: "default_currency" });
  });

  it("issues cards for a new account at once", async () => {
    const { id } = await create({ country: "GB" });
    const acting = { stripeAccount: id };
    const address = { line1: "5 Linen Quay", city: "Belfast", postal_code: "BT1 3LA", country: "GB" };

    const { id: cardholder } = await stripe.issuing.cardholders.create(
      { name: "Niamh Rose", phone_number: "+442896496018", billing: { address } },
      acting,
    );
    const card = await stripe.issuing.cards.create(
      { cardholder, currency: "gbp", type: "virtual", status: "active" },
      acting,
    );

    expect(card).to.include({ currency: "gbp", status: "active" });
    expect(await errorOf(stripe.issuing.cards.retrieve(card.id))).to.include({ statusCode: 404 });
  });

  it("makes no card for an account that has not asked for card issuing", async () => {
    const { id } = await create({ capabilities: {} });
    const acting = { stripeAccount: id };
    const params = { currency: "usd", type: "virtual", cardholder: "ich_0" } as const;

    expect(await errorOf(stripe.issuing.cards.create(params, acting))).to.include({ code: "invalid_state" });
    await stripe.accounts.updateCapability(id, "card_issuing", { requested: true });

    expect(await errorOf(stripe.issuing.cards.create(params, acting))).to.include({ code: "resource_missing" });
    expect((await stripe.accounts.retrieveCapability(id, "card_issuing")).status).to.equal("active");
    expect((await stripe.accounts.listCapabilities(id)).data.map(({ id: name }) => name)).to.deep.equal([
      "card_issuing",
    ]);
  });

  it("tells of each capability that is asked for, given back, closed or opened, and of no other", async () => {
    const { created, id } = await create({ capabilities: { transfers: { requested: true } } });
    await stripe.accounts.update(id, { capabilities: { card_issuing: { requested: true } } });
    await stripe.accounts.update(id, { metadata: { a: "b" } });
    await stripe.accounts.updateCapability(id, "transfers", { requested: false });
    await stripe.accounts.reject(id, { reason: "fraud" });

    const events = (await stripe.events.list({ type: "capability.updated" }, { stripeAccount: id })).data;
    const told = events.toReversed().map((event) => {
      const { id: name, status } = event.data.object as Stripe.Capability;
      return [name, status, event.data.previous_attributes];
    });

    expect(told).to.deep.equal([
      ["card_issuing", "active", { requested: false, requested_at: null, status: "unrequested" }],
      ["transfers", "unrequested", { requested: true, requested_at: created, status: "active" }],
      [
        "card_issuing",
        "inactive",
        {
          requirements: { ...(await stripe.accounts.retrieveCapability(id, "transfers")).future_requirements },
          status: "active",
        },
      ],
    ]);
  });

  it("keeps what it is told, merges what is changed, and tells no number that identifies somebody", async () => {
    const account = await create({
      business_type: "company",
      email: "books@example.com",
      business_profile: { name: "Larkspur", url: "https://example.com", mcc: "5734" },
      company: { name: "Larkspur Inc", tax_id: "000000000", address: { line1: "1 Main St", city: "Portland" } },
      individual: { first_name: "Jenny", id_number: "000000000", dob: { day: 1, month: 2, year: 1990 } },
      settings: { card_issuing: { tos_acceptance: { date: 1_700_000_000, ip: "203.0.113.9" } } },
      tos_acceptance: { date: 1_700_000_000, ip: "203.0.113.9" },
      metadata: { a: "1", b: "2" },
    });
    const changed = await stripe.accounts.update(account.id, {
      business_profile: { url: "https://example.org" },
      company: { address: { city: "Salem" } },
      metadata: { a: "", c: "3" },
    });

    expect(account.business_profile).to.include({ name: "Larkspur", url: "https://example.com", mcc: "5734" });
    expect(account.company).to.include({ name: "Larkspur Inc", tax_id_provided: true, vat_id_provided: false });
    expect(account.individual).to.include({
      first_name: "Jenny",
      id_number_provided: true,
      ssn_last_4_provided: false,
    });
    expect(account.settings?.card_issuing?.tos_acceptance).to.deep.equal({ date: 1_700_000_000, ip: "203.0.113.9" });
    expect(JSON.stringify(account)).not.to.include("000000000");
    expect(changed.business_profile).to.include({ name: "Larkspur", url: "https://example.org" });
    expect(changed.company?.address).to.include({ line1: "1 Main St", city: "Salem" });
    expect(changed.metadata).to.deep.equal({ b: "2", c: "3" });
    expect(await stripe.accounts.retrieve(account.id)).to.deep.equal(changed);
  });

  it("makes one account however often a request is repeated, wherever it lies", async () => {
    for (let i = 0; i < 8; i++) {
      const once = { idempotencyKey: `account ${i}` };
      const first = await stripe.accounts.create({ country: "US" }, once);
      const again = await stripe.accounts.create({ country: "US" }, once);

      expect(again).to.deep.equal(first);
      expect(again.lastResponse.headers["idempotent-replayed"]).to.equal("true");
    }
  });

  it("lists connected accounts of all shards, newest first, page by page", async () => {
    const all: string[] = [];
    for await (const { id } of stripe.accounts.list({ limit: 3 })) all.push(id);
    const first = all[0] ?? expect.fail("there are accounts");
    const second = all[1] ?? expect.fail("there are accounts");

    expect(new Set(all).size).to.equal(all.length);
    expect(all).to.include.members([connectedAccount(api, "us"), connectedAccount(api, "de")]);
    expect(all).not.to.include((await stripe.accounts.retrieveCurrent()).id);
    const before = await stripe.accounts.list({ ending_before: second });
    expect(before.data.map(({ id }) => id)).to.deep.equal([first]);
  });

  it("lets a connected account see itself alone, and make or list none", async () => {
    const id = connectedAccount(api, "us");
    const acting = { stripeAccount: id };

    expect((await stripe.accounts.retrieveCurrent({}, acting)).id).to.equal(id);
    const foreign = stripe.accounts.retrieve(connectedAccount(api, "de"), {}, acting);
    expect(await errorOf(foreign)).to.include({ statusCode: 404 });
    for (const refused of [stripe.accounts.list({}, acting), stripe.accounts.create({ country: "US" }, acting)]) {
      expect(await errorOf(refused)).to.include({ statusCode: 403, code: "platform_account_required" });
    }
  });

  it("deletes an account without money, which is found no more", async () => {
    const { id } = await create();

    expect(await stripe.accounts.del(id)).to.deep.include({ id, object: "account", deleted: true });

    expect(await errorOf(stripe.accounts.retrieve(id))).to.include({ statusCode: 404 });
    expect((await stripe.accounts.list({ limit: 100 })).data.map((account) => account.id)).not.to.include(id);
    expect(await errorOf(stripe.issuing.cards.list({}, { stripeAccount: id }))).to.include({ statusCode: 403 });
    expect(await errorOf(stripe.accounts.del(connectedAccount(api, "us")))).to.include({ code: "invalid_state" });
  });

  it("stops the cards of an account that it rejects, until it takes that back", async () => {
    const { id } = await create();

    const rejected = await stripe.accounts.reject(id, { reason: "fraud_other" });

    expect(rejected).to.deep.include({ capabilities: { card_issuing: "inactive", transfers: "inactive" } });
    expect(rejected.requirements?.disabled_reason).to.equal("rejected.fraud");
    const { requirements } = await stripe.accounts.retrieveCapability(id, "card_issuing");
    expect(requirements?.disabled_reason).to.equal("rejected.other");
    const cards = { currency: "usd", type: "virtual", cardholder: "ich_0" } as const;
    expect(await errorOf(stripe.issuing.cards.create(cards, { stripeAccount: id }))).to.include({
      code: "invalid_state",
    });
  });

  it("tells a repeat of the capability as its request has left it, whatever became of it since", async () => {
    const { id } = await create();
    const once = { idempotencyKey: `capability ${id}` };
    const first = await stripe.accounts.updateCapability(id, "treasury", { requested: true }, once);
    await stripe.accounts.reject(id, { reason: "other" });

    const again = await stripe.accounts.updateCapability(id, "treasury", { requested: true }, once);

    expect(first.status).to.equal("active");
    expect(again).to.deep.equal(first);
    expect((await stripe.accounts.retrieveCapability(id, "treasury")).status).to.equal("inactive");
  });

  it("leaves no account behind where its bank account is none", async () => {
    const before = (await stripe.accounts.list({ limit: 100 })).data.length;

    const refused = create({ country: "DE", external_account: { ...iban, account_number: "12" } });

    expect(await errorOf(refused)).to.include({ param: "external_account[account_number]" });
    expect((await stripe.accounts.list({ limit: 100 })).data).to.have.length(before);
  });

  it("keeps bank accounts, of which one is where payouts go, and of each only the last four digits", async () => {
    const params = { type: "custom", country: "DE", external_account: iban } as const;
    const { id, external_accounts } = await stripe.accounts.create(params, { idempotencyKey: "with a bank" });
    const again = await stripe.accounts.create(params, { idempotencyKey: "with a bank" });
    const [first] = external_accounts?.data ?? [];
    const second = await stripe.accounts.createExternalAccount(id, {
      external_account: { object: "bank_account", country: "DE", account_number: "DE02120300000000202051" },
      default_for_currency: true,
      metadata: { note: "new" },
    });
    const { data } = await stripe.accounts.listExternalAccounts(id);

    expect(again.external_accounts?.data).to.deep.equal(external_accounts?.data);
    expect(first).to.include({ object: "bank_account", last4: "3000", currency: "eur", default_for_currency: true });
    expect(second).to.deep.include({ last4: "2051", default_for_currency: true, metadata: { note: "new" } });
    expect(data.map((bank) => bank.default_for_currency)).to.deep.equal([true, false]);
    expect(JSON.stringify(data)).not.to.include("DE8937040044");

    expect(await errorOf(stripe.accounts.deleteExternalAccount(id, second.id))).to.include({ code: "invalid_state" });
    const renamed = await stripe.accounts.updateExternalAccount(id, first?.id ?? "", {
      account_holder_name: "Käthe Kruse",
      default_for_currency: true,
    });
    await stripe.accounts.deleteExternalAccount(id, second.id);

    expect(renamed).to.include({ account_holder_name: "Käthe Kruse", default_for_currency: true });
    expect((await stripe.accounts.listExternalAccounts(id)).data.map((bank) => bank.id)).to.deep.equal([first?.id]);
    expect(await errorOf(stripe.accounts.retrieveExternalAccount(id, second.id))).to.include({ statusCode: 404 });
  });
});
