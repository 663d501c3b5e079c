import { expect } from "chai";
import type Stripe from "stripe";
import { testSources } from "../../../specs/test-sources.ts";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { paymentsLedger } from "../../support/payments-ledger.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/balances/top-ups from a bank", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let as: { readonly stripeAccount: string };

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  beforeEach(async () => {
    as = { stripeAccount: (await stripe.accounts.create({ type: "custom", country: "US" })).id };
  });

  after(() => api.running.close());

  const ask = (source: string) => stripe.topups.create({ amount: 4_000, currency: "usd", source }, as);
  const types = async () => (await stripe.events.list({}, as)).data.map(({ type }) => type).toReversed();

  it("arrive on the next day, and are no money before", async () => {
    const asked = await ask("btok_us_verified");
    const before = await paymentsLedger(stripe, as);
    await api.running.clock.advance("1d");
    const come = await stripe.topups.retrieve(asked.id, { expand: ["balance_transaction"] }, as);
    const after = await paymentsLedger(stripe, as);

    expect(asked).to.include({ status: "pending", balance_transaction: null, failure_code: null });
    expect((asked.expected_availability_date ?? 0) % 86_400).to.equal(0);
    expect([before.available, before.sum]).to.deep.equal([0, 0]);
    expect(come).to.include({ status: "succeeded" });
    expect(come.balance_transaction).to.include({ type: "topup", amount: 4_000, source: asked.id });
    expect([after.available, after.sum]).to.deep.equal([4_000, 4_000]);
    expect(await types()).to.deep.equal(["topup.created", "topup.succeeded", "balance.available"]);
  });

  it("fail for the reason that each of Stripe's test sources stands for, and move nothing", async () => {
    const refusing = testSources.flatMap(({ refusal, token }) => (refusal === null ? [] : [{ refusal, token }]));
    for (const { refusal, token } of refusing) {
      const { id } = await ask(token);
      await api.running.clock.advance("1d");
      const failed = await stripe.topups.retrieve(id, {}, as);

      expect(failed).to.include({
        status: "failed",
        balance_transaction: null,
        failure_code: refusal.code,
        failure_message: refusal.message,
      });
      expect((await types()).slice(-2)).to.deep.equal(["topup.created", "topup.failed"]);
    }
    expect((await paymentsLedger(stripe, as)).available).to.equal(0);
    expect((await stripe.topups.list({ status: "failed" }, as)).data).to.have.length(refusing.length);
  });

  it("are canceled while nobody has paid, and never arrive then", async () => {
    const { id } = await ask("btok_us_verified");
    const canceled = await stripe.topups.cancel(id, {}, as);
    await api.running.clock.advance("2d");

    expect(canceled.status).to.equal("canceled");
    expect(await stripe.topups.retrieve(id, {}, as)).to.deep.equal(canceled);
    expect((await paymentsLedger(stripe, as)).available).to.equal(0);
    expect(await types()).to.deep.equal(["topup.created", "topup.canceled"]);
    expect(await errorOf(stripe.topups.cancel(id, {}, as))).to.include({ code: "invalid_state", param: "topup" });
  });

  it("come from no source that nobody knows", async () => {
    expect(await errorOf(ask("btok_x"))).to.include({ statusCode: 404, param: "source" });
  });

  it("name no payment method, and on the statement no more than a bank prints", async () => {
    const wish = { amount: 100, currency: "usd" };
    const refused = async (more: Partial<Stripe.TopupCreateParams>) =>
      (await errorOf(stripe.topups.create({ ...wish, ...more }, as))).param;

    expect(await refused({ payment_method: "pm_card_visa" })).to.equal("payment_method");
    expect(await refused({ statement_descriptor: "x".repeat(16) })).to.equal("statement_descriptor");
    expect(await refused({ statement_descriptor: "Zürich" })).to.equal("statement_descriptor");
    expect((await stripe.topups.create({ ...wish, statement_descriptor: "x".repeat(15) }, as)).status).to.equal(
      "succeeded",
    );
  });

  it("leave books in which verify finds nothing", async () => {
    await api.running.settled();

    expect((await api.running.verify()).violations).to.deep.equal([]);
  });
});
