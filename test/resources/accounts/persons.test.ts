import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/accounts/persons", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let company: string;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  after(() => api.running.close());

  beforeEach(async () => {
    company = (await stripe.accounts.create({ type: "custom", country: "US", business_type: "company" })).id;
  });

  const owner = { first_name: "Ada", last_name: "Byron", relationship: { owner: true, percent_ownership: 62.5 } };

  it("keeps who stands behind a company, and of the numbers that identify them only that they were given", async () => {
    const person = await stripe.accounts.createPerson(company, {
      ...owner,
      id_number: "000000000",
      ssn_last_4: "0000",
      dob: { day: 10, month: 12, year: 1990 },
      address: { line1: "1 Main Street", city: "Portland", country: "US" },
      full_name_aliases: ["Ada King"],
      metadata: { desk: "4" },
    });
    const changed = await stripe.accounts.updatePerson(company, person.id, {
      address: { city: "Salem" },
      relationship: { title: "CEO" },
      metadata: { desk: "", floor: "2" },
    });

    expect(person).to.deep.include({
      object: "person",
      account: company,
      first_name: "Ada",
      dob: { day: 10, month: 12, year: 1990 },
      full_name_aliases: ["Ada King"],
      id_number_provided: true,
      id_number_secondary_provided: false,
      ssn_last_4_provided: true,
      metadata: { desk: "4" },
    });
    expect(JSON.stringify(person)).not.to.include("0000");
    expect(changed.address).to.include({ line1: "1 Main Street", city: "Salem" });
    expect(changed.relationship).to.include({ owner: true, percent_ownership: 62.5, title: "CEO", director: false });
    expect(changed.metadata).to.deep.equal({ floor: "2" });
    expect(await stripe.accounts.retrievePerson(company, person.id)).to.deep.equal(changed);
  });

  it("lists the people of an account, newest first, by what they are to it", async () => {
    const first = await stripe.accounts.createPerson(company, owner);
    const second = await stripe.accounts.createPerson(company, { relationship: { representative: true } });
    const third = await stripe.accounts.createPerson(company, { relationship: { owner: true, director: true } });
    const idsOf = async (params: Stripe.AccountListPersonsParams): Promise<string[]> =>
      (await stripe.accounts.listPersons(company, params)).data.map(({ id }) => id);

    expect(await idsOf({})).to.deep.equal([third.id, second.id, first.id]);
    expect(await idsOf({ limit: 1, starting_after: third.id })).to.deep.equal([second.id]);
    expect(await idsOf({ limit: 1, ending_before: first.id })).to.deep.equal([second.id]);
    expect(await idsOf({ relationship: { owner: true } })).to.deep.equal([third.id, first.id]);
    expect(await idsOf({ relationship: { owner: true, director: false } })).to.deep.equal([first.id]);
    expect((await stripe.accounts.listPersons(company, { limit: 2 })).has_more).to.equal(true);
    expect(await errorOf(stripe.accounts.listPersons(company, { starting_after: "person_x" }))).to.include({
      param: "starting_after",
      message: "No such person: 'person_x'",
    });
  });

  it("finds nobody any more who was deleted", async () => {
    const { id } = await stripe.accounts.createPerson(company, owner);

    expect(await stripe.accounts.deletePerson(company, id)).to.deep.include({ id, object: "person", deleted: true });
    expect(await errorOf(stripe.accounts.retrievePerson(company, id))).to.include({ code: "resource_missing" });
    expect((await stripe.accounts.listPersons(company)).data).to.deep.equal([]);
  });

  it("counts the individual of an account among its people, who can be changed but not deleted", async () => {
    const account = await stripe.accounts.create({
      country: "GB",
      business_type: "individual",
      individual: { first_name: "Niamh", id_number: "000000000", metadata: { a: "1" } },
    });
    const individual = account.individual?.id ?? "";
    const once = { idempotencyKey: `individual ${account.id}` };

    const changed = await stripe.accounts.updatePerson(account.id, individual, { last_name: "Rose" }, once);
    const again = await stripe.accounts.updatePerson(account.id, individual, { last_name: "Rose" }, once);

    expect(changed).to.deep.include({ id: individual, first_name: "Niamh", last_name: "Rose", metadata: { a: "1" } });
    expect(again).to.deep.equal(changed);
    expect((await stripe.accounts.listPersons(account.id)).data.map(({ id }) => id)).to.deep.equal([individual]);
    expect((await stripe.accounts.retrieve(account.id)).individual).to.include({ last_name: "Rose" });
    expect(await errorOf(stripe.accounts.deletePerson(account.id, individual))).to.include({ code: "invalid_state" });
    expect(await errorOf(stripe.accounts.retrievePerson(company, individual))).to.include({
      code: "resource_missing",
    });
  });

  it("finds nobody under another account, neither for it nor for the platform", async () => {
    const { id } = await stripe.accounts.createPerson(company, owner);
    const others = await Promise.all(
      Array.from({ length: 16 }, (_, i) => stripe.accounts.create({ individual: { first_name: `Nr. ${i}` } })),
    );
    const [{ id: other } = { id: "" }] = others;
    for (const { id: account } of others) {
      expect(await errorOf(stripe.accounts.retrievePerson(account, id))).to.include({ code: "resource_missing" });
      for (const { id: owned, individual } of others) {
        if (owned === account) continue;
        const error = await errorOf(stripe.accounts.retrievePerson(account, individual?.id ?? ""));
        expect(error).to.include({ code: "resource_missing" });
      }
    }
    const tries: (() => Promise<unknown>)[] = [
      () => stripe.accounts.retrievePerson(other, id),
      () => stripe.accounts.updatePerson(other, id, { email: "a@example.com" }),
      () => stripe.accounts.deletePerson(other, id),
      () => stripe.accounts.retrievePerson(company, id, {}, { stripeAccount: other }),
    ];

    for (const ask of tries) expect(await errorOf(ask())).to.include({ code: "resource_missing" });
  });

  it("tells each change of a person in an event of their account", async () => {
    const { id } = await stripe.accounts.createPerson(company, owner);
    await stripe.accounts.updatePerson(company, id, { email: "ada@example.com" });
    await stripe.accounts.deletePerson(company, id);

    const { data } = await stripe.events.list({ limit: 3 }, { stripeAccount: company });

    expect(data.map(({ type }) => type)).to.deep.equal(["person.deleted", "person.updated", "person.created"]);
    for (const { account, data: told } of data) {
      expect(account).to.equal(company);
      expect(told.object).to.include({ id, object: "person" });
    }
    expect(data[1]?.data.previous_attributes).to.deep.equal({ email: null });
  });

  it("tells each change of a bank account in an event of its account", async () => {
    const bank = await stripe.accounts.createExternalAccount(company, {
      external_account: { object: "bank_account", country: "US", currency: "usd", account_number: "000123456789" },
    });
    await stripe.accounts.updateExternalAccount(company, bank.id, { metadata: { of: "payouts" } });
    await stripe.accounts.deleteExternalAccount(company, bank.id);

    const { data } = await stripe.events.list({ limit: 3 }, { stripeAccount: company });

    expect(data.map(({ type }) => type)).to.deep.equal([
      "account.external_account.deleted",
      "account.external_account.updated",
      "account.external_account.created",
    ]);
    expect(data[0]?.data.object).to.include({ id: bank.id, object: "bank_account" });
  });
});
