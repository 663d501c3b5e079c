import { expect } from "chai";
import type Stripe from "stripe";
import { refusingBanks } from "../../../specs/refusing-banks.ts";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { paymentsLedger } from "../../support/payments-ledger.ts";

describe("resources/balances/payouts that a bank sends back", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  after(() => api.running.close());

  interface Paying {
    readonly as: { readonly stripeAccount: string };
    readonly bank: string;
  }

  async function accountWith(country: "DE" | "US", account_number: string): Promise<Paying> {
    const currency = country === "US" ? "usd" : "eur";
    const bank = { object: "bank_account", country, currency, account_number } as const;
    const { id } = await stripe.accounts.create({ type: "custom", country });
    const { id: made } = await stripe.accounts.createExternalAccount(id, { external_account: bank });
    await stripe.topups.create({ amount: 10_000, currency }, { stripeAccount: id });
    return { as: { stripeAccount: id }, bank: made };
  }

  it("give the money back and tell why, for each of the numbers that Stripe publishes", async () => {
    const numbers = refusingBanks.flatMap(({ code, ends: [digits, iban] }) => [
      { code, country: "US", number: `000${digits.padStart(9, digits.slice(0, 1))}` } as const,
      { code, country: "DE", number: `DE89${iban}` } as const,
    ]);
    for (const { code, country, number } of numbers) {
      const { as, bank } = await accountWith(country, number);
      const currency = country === "US" ? "usd" : "eur";

      const { id, destination, status } = await stripe.payouts.create({ amount: 4_000, currency }, as);
      await api.running.clock.advance("1d");
      const failed = await stripe.payouts.retrieve(id, { expand: ["failure_balance_transaction"] }, as);

      expect({ destination, status }, number).to.deep.equal({ destination: bank, status: "pending" });
      expect(failed).to.include({ status: "failed", failure_code: code });
      expect(failed.failure_message).to.be.a("string");
      expect(failed.failure_balance_transaction).to.include({ type: "payout_failure", amount: 4_000, source: id });
      const { available, sum } = await paymentsLedger(stripe, as);
      expect([available, sum]).to.deep.equal([10_000, 10_000]);
      const { data } = await stripe.events.list({ limit: 2 }, as);
      expect(data.map(({ type }) => type)).to.deep.equal(["payout.failed", "payout.updated"]);
    }
    await api.running.settled();
    expect((await api.running.verify()).violations).to.deep.equal([]);
  });

  it("are not known as paid, even where they were to be there at once", async () => {
    const refusing = await accountWith("US", "000111111116");
    const taking = await accountWith("US", "000123456789");
    const instant = { amount: 100, currency: "usd", method: "instant" } as const;

    const sent = await stripe.payouts.create(instant, refusing.as);
    const taken = await stripe.payouts.create(instant, taking.as);
    await api.running.clock.advance("1s");

    expect([sent.status, taken.status]).to.deep.equal(["pending", "paid"]);
    expect((await stripe.payouts.retrieve(sent.id, {}, refusing.as)).status).to.equal("failed");
  });

  it("are told apart from those that are canceled, which name what gave their money back, too", async () => {
    const { as } = await accountWith("US", "000123456789");
    const { id } = await stripe.payouts.create({ amount: 500, currency: "usd" }, as);
    await stripe.payouts.cancel(id, {}, as);
    await stripe.payouts.update(id, { metadata: { a: "b" } }, as);

    const canceled = await stripe.payouts.retrieve(id, { expand: ["failure_balance_transaction"] }, as);

    expect(canceled).to.include({ status: "canceled", failure_code: null });
    expect(canceled.failure_balance_transaction).to.include({ type: "payout_cancel", amount: 500 });
  });

  it("go to the default bank account of their currency, where none is named", async () => {
    const { as, bank } = await accountWith("US", "000123456789");
    await stripe.topups.create({ amount: 500, currency: "eur" }, as);

    const dollars = await stripe.payouts.create({ amount: 500, currency: "usd" }, as);
    const euros = await stripe.payouts.create({ amount: 500, currency: "eur" }, as);

    expect(dollars.destination).to.equal(bank);
    expect(euros.destination).to.equal(null);
  });
});
