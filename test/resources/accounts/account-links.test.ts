import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

const back = "https://example.com/back?step=2";
const refresh = "https://example.com/again";

describe("resources/accounts/account-links", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let account: string;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
    account = (await stripe.accounts.create({ type: "custom", country: "US" })).id;
  });

  after(() => api.running.close());

  const link = (more: Partial<Stripe.AccountLinkCreateParams> = {}, options: Stripe.RequestOptions = {}) =>
    stripe.accountLinks.create(
      { account, type: "account_onboarding", return_url: back, refresh_url: refresh, ...more },
      options,
    );

  /** Where a browser without a key is sent; null: nowhere. */
  async function visit(url: string): Promise<{ readonly status: number; readonly to: string | null; text: string }> {
    const response = await fetch(url, { redirect: "manual" });
    return { status: response.status, to: response.headers.get("location"), text: await response.text() };
  }

  it("leads a visitor back to the platform once, and to a new link afterwards", async () => {
    const { created, expires_at, object, url } = await link();

    const first = await visit(url);
    const second = await visit(url);

    expect({ object, life: expires_at - created }).to.deep.equal({ object: "account_link", life: 300 });
    expect(url.startsWith(api.running.api.url)).to.equal(true);
    expect(first).to.include({ status: 303, to: back });
    expect(second).to.include({ status: 303, to: refresh });
  });

  it("leads nobody back after five minutes", async () => {
    const { url } = await link();
    await api.running.clock.advance("5m");

    expect(await visit(url)).to.include({ to: refresh });
  });

  it("serves one of many visitors at once", async () => {
    const { url } = await link();

    const all = await Promise.all(Array.from({ length: 6 }, () => visit(url)));

    expect(all.filter(({ to }) => to === back)).to.have.length(1);
    expect(all.filter(({ to }) => to === refresh)).to.have.length(5);
  });

  it("knows no other link", async () => {
    const { url } = await link();
    const forged = `${url.slice(0, -3)}${url.endsWith("000") ? "111" : "000"}`;

    expect(await visit(forged)).to.include({ status: 404, to: null });
    const never = api.running.access.idOf("alnk", { shard: 0, no: 9_999 });
    expect(await visit(`${api.running.api.url}/connect/setup/${never}`)).to.include({ status: 404, to: null });
    expect(await visit(`${api.running.api.url}/connect/setup/x`)).to.include({ status: 404, to: null });
  });

  it("answers a repeat with the same link", async () => {
    const once = { idempotencyKey: "a link" };

    const first = await link({}, once);
    const again = await link({}, once);

    expect(again).to.deep.equal(first);
  });

  it("refuses links to nowhere, of no web, for the platform itself, by others, and changes of an Express account", async () => {
    const express = (await stripe.accounts.create({ type: "express", country: "US" })).id;
    const { id: platform } = await stripe.accounts.retrieveCurrent();
    const { return_url: _, ...nowhere } = { account, return_url: back, refresh_url: refresh };
    const refused = [
      [() => stripe.accountLinks.create({ ...nowhere, type: "account_onboarding" }), "return_url"],
      [() => link({ return_url: "javascript:alert(1)" }), "return_url"],
      [() => link({ refresh_url: "example.com" }), "refresh_url"],
      [() => link({ account: platform }), "account"],
      [() => link({ account: express, type: "account_update" }), "type"],
      [() => link({ account: "acct_0" }), "account"],
    ] as const;

    for (const [ask, param] of refused) expect(await errorOf(ask())).to.include({ param });
    expect(await errorOf(link({}, { stripeAccount: account }))).to.include({ code: "platform_account_required" });
  });

  it("makes login links for Express accounts only, which lead to a page that says what is missing", async () => {
    const express = (await stripe.accounts.create({ type: "express", country: "US" })).id;

    const login = await stripe.accounts.createLoginLink(express);

    expect(login).to.include({ object: "login_link" });
    expect((await visit(login.url)).text).to.include("Express Dashboard");
    expect(await errorOf(stripe.accounts.createLoginLink(account))).to.include({ statusCode: 400 });
    expect(await errorOf(stripe.accounts.createLoginLink(express, {}, { stripeAccount: express }))).to.include({
      statusCode: 400,
    });
  });
});
