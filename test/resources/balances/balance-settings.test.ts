import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/balances/balance-settings", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  after(() => api.running.close());

  async function account(): Promise<{ readonly stripeAccount: string }> {
    return { stripeAccount: (await stripe.accounts.create({ type: "custom", country: "US" })).id };
  }

  const weekly: Stripe.BalanceSettingsUpdateParams = {
    payments: {
      debit_negative_balances: true,
      payouts: {
        schedule: { interval: "weekly", weekly_payout_days: ["friday", "monday"] },
        statement_descriptor: "LARKSPUR",
      },
      settlement_timing: { delay_days_override: 7 },
    },
  };

  it("tells that nothing is paid out by itself, until something else is asked for", async () => {
    const as = await account();

    expect((await stripe.balanceSettings.retrieve({}, as)).payments).to.deep.equal({
      debit_negative_balances: false,
      payouts: {
        automatic_transfer_rules_by_currency: null,
        minimum_balance_by_currency: null,
        schedule: { interval: "manual" },
        statement_descriptor: null,
        status: "enabled",
      },
      settlement_timing: { delay_days: 2, start_of_day: null },
    });
  });

  it("keeps what is changed for the account that changes it, and tells it in the account's own settings", async () => {
    const as = await account();
    const { payments } = await stripe.balanceSettings.update(weekly, as);
    const unset = await stripe.balanceSettings.update(
      { payments: { settlement_timing: { delay_days_override: "" } } },
      as,
    );

    expect(payments.payouts?.schedule).to.deep.equal({
      interval: "weekly",
      weekly_payout_days: ["monday", "friday"],
    });
    expect(payments.settlement_timing).to.deep.equal({ delay_days: 7, delay_days_override: 7, start_of_day: null });
    expect(unset.payments).to.deep.equal({
      ...payments,
      settlement_timing: { delay_days: 2, start_of_day: null },
    });
    const { settings } = await stripe.accounts.retrieve(as.stripeAccount);
    expect(settings?.payouts).to.deep.include({ debit_negative_balances: true, statement_descriptor: "LARKSPUR" });
    expect(settings?.payouts?.schedule.interval).to.equal("weekly");
    expect((await stripe.balanceSettings.retrieve()).payments.payouts?.schedule?.interval).to.equal("manual");
  });

  it("answers a repeat with the settings as the first left them", async () => {
    const as = await account();
    const once = { ...as, idempotencyKey: `settings of ${as.stripeAccount}` };
    const first = await stripe.balanceSettings.update(weekly, once);
    await stripe.balanceSettings.update({ payments: { debit_negative_balances: false } }, as);

    const again = await stripe.balanceSettings.update(weekly, once);

    expect(again).to.deep.equal(first);
    expect((await stripe.balanceSettings.retrieve({}, as)).payments.debit_negative_balances).to.equal(false);
  });

  it("refuses rules by currency, which nothing here would follow", async () => {
    const rules = { minimum_balance_by_currency: { usd: 100 } };

    const error = await errorOf(stripe.balanceSettings.update({ payments: { payouts: rules } }, await account()));

    expect(error).to.include({ code: "parameter_unknown" });
  });
});
