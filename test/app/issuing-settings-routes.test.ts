import { expect } from "chai";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";

const path = "/_admin/issuing_settings";

describe("app/issuing-settings-routes", () => {
  let api: ApiUnderTest;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
  });

  after(() => api.running.close());

  const change = (settings: object) =>
    api.send(path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: new TextEncoder().encode(JSON.stringify(settings)),
    });

  it("makes cards of the network that an account prefers, and leaves other accounts alone", async () => {
    const account = connectedAccount(api, "us");
    const holder = await api.stripe.issuing.cardholders.create(
      {
        name: "Jenny Rosen",
        billing: { address: { line1: "1 Main St", city: "Portland", postal_code: "97201", country: "US" } },
      },
      { stripeAccount: account },
    );

    const { body } = await change({ account, network: "mastercard" });
    const card = await api.stripe.issuing.cards.create(
      { cardholder: holder.id, currency: "usd", type: "virtual" },
      { stripeAccount: account },
    );

    expect(body).to.deep.equal({
      fraud_challenges: false,
      fraud_challenge_minutes: 1_440,
      network: "mastercard",
      partial_approvals: false,
      provisional_credit: false,
      webhook_timeout_default: "decline",
    });
    expect(card.brand).to.equal("MasterCard");
    expect((await api.send(path)).body).to.include({ network: "visa" });
  });

  it("keeps what counts where an endpoint is silent, and whether parts are approved", async () => {
    await change({ partial_approvals: true, webhook_timeout_default: "approve" });
    const { body } = await change({ partial_approvals: false });

    expect(body).to.deep.equal({
      fraud_challenges: false,
      fraud_challenge_minutes: 1_440,
      network: "visa",
      partial_approvals: false,
      provisional_credit: false,
      webhook_timeout_default: "approve",
    });
    expect((await api.send(path)).body).to.deep.equal(body);
  });

  it("refuses what is no setting, no value of one, and no account", async () => {
    for (const wrong of [
      { network: "amex" },
      { partial_approvals: 1 },
      { fraud_challenges: "on" },
      { provisional_credit: 0 },
      { fraud_challenge_minutes: 0 },
      { fraud_challenge_minutes: 43_201 },
      { fraud_challenge_minutes: "30" },
      { webhook_timeout_default: "" },
      { colour: "red" },
    ]) {
      expect((await change(wrong)).status).to.equal(400);
    }
    expect((await change({ account: "acct_nobody", network: "visa" })).status).to.equal(404);
    expect((await api.send(`${path}?account=acct_nobody`)).status).to.equal(404);
  });
});
