import { expect } from "chai";
import type Stripe from "stripe";
import { issuingCountries } from "../../../specs/issuing-countries.ts";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/accounts/country-specs", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  after(() => api.running.close());

  it("tells of every country where an account can be, page by page in either direction", async () => {
    const expected = issuingCountries.map(({ country }) => country).toSorted();

    const seen: string[] = [];
    for await (const { id } of stripe.countrySpecs.list({ limit: 5 })) seen.push(id);
    const before = await stripe.countrySpecs.list({ limit: 2, ending_before: expected[3] ?? "" });

    expect(seen).to.deep.equal(expected);
    expect(before.data.map(({ id }) => id)).to.deep.equal(expected.slice(1, 3));
    expect(before.has_more).to.equal(true);
  });

  it("tells an account's currency before there is an account", async () => {
    const { default_currency: currency } = await stripe.countrySpecs.retrieve("GB");

    expect((await stripe.accounts.create({ country: "GB" })).default_currency).to.equal(currency);
    expect(await errorOf(stripe.countrySpecs.retrieve("JP"))).to.include({ code: "resource_missing" });
    expect(await errorOf(stripe.countrySpecs.list({ starting_after: "JP" }))).to.include({ param: "starting_after" });
  });
});
