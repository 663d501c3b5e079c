import { expect } from "chai";
import Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { eventually, freshFolder, serve } from "../../support/command.ts";
import { paymentsLedger } from "../../support/payments-ledger.ts";
import { errorOf } from "../../support/sdk-error.ts";

describe("resources/balances/payouts that are taken back", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
  });

  after(() => api.running.close());

  async function account(country: "DE" | "US"): Promise<{ readonly stripeAccount: string }> {
    const { id } = await stripe.accounts.create({ type: "custom", country });
    const as = { stripeAccount: id };
    await stripe.topups.create({ amount: 10_000, currency: country === "US" ? "usd" : "eur" }, as);
    return as;
  }

  const payOut = (as: Stripe.RequestOptions, more: Partial<Stripe.PayoutCreateParams> = {}) =>
    stripe.payouts.create({ amount: 4_000, currency: "usd", ...more }, as);

  it("gives the money back by a payout of the opposite amount, and both name each other", async () => {
    const as = await account("US");
    const { id } = await payOut(as);
    await api.running.clock.advance("2d");

    const reversal = await stripe.payouts.reverse(id, { metadata: { why: "wrong bank" } }, as);
    const original = await stripe.payouts.retrieve(id, {}, as);
    const { data: events } = await stripe.events.list({ limit: 3 }, as);

    expect(reversal).to.deep.include({
      amount: -4_000,
      original_payout: id,
      reversed_by: null,
      metadata: { why: "wrong bank" },
      status: "paid",
    });
    expect(original).to.include({ amount: 4_000, original_payout: null, reversed_by: reversal.id, status: "paid" });
    const { available, rows, sum } = await paymentsLedger(stripe, as);
    expect(rows).to.deep.equal([
      ["topup", 10_000],
      ["payout", -4_000],
      ["payout", 4_000],
    ]);
    expect([available, sum]).to.deep.equal([10_000, 10_000]);
    expect(events.map(({ type }) => type)).to.have.members(["payout.created", "payout.paid", "payout.updated"]);
    await api.running.settled();
    expect((await api.running.verify()).violations).to.deep.equal([]);
  });

  it("takes a payout back once, of however many who ask at once", async () => {
    const as = await account("US");
    const { id } = await payOut(as);
    await api.running.clock.advance("2d");

    const all = await Promise.allSettled(Array.from({ length: 5 }, () => stripe.payouts.reverse(id, {}, as)));
    const late = await errorOf(stripe.payouts.reverse(id, {}, as));

    expect(all.filter(({ status }) => status === "fulfilled")).to.have.length(1);
    expect(late).to.include({ code: "invalid_state", param: "payout" });
    expect((await paymentsLedger(stripe, as)).available).to.equal(10_000);
  });

  it("answers a repeat with the reversal as it was made", async () => {
    const as = await account("US");
    const { id } = await payOut(as);
    await api.running.clock.advance("2d");
    const once = { ...as, idempotencyKey: `reverse ${id}` };

    const first = await stripe.payouts.reverse(id, {}, once);
    await stripe.payouts.update(first.id, { metadata: { seen: "yes" } }, as);
    const again = await stripe.payouts.reverse(id, {}, once);

    expect(again).to.deep.equal(first);
  });

  it("refuses what has not arrived, was instant or a reversal itself, is too old, the platform's own or elsewhere", async () => {
    const as = await account("US");
    const german = await account("DE");
    await stripe.topups.create({ amount: 10_000, currency: "usd" });
    const refused = async (id: string, who: Stripe.RequestOptions): Promise<void> => {
      const error = await errorOf(stripe.payouts.reverse(id, {}, who));
      expect(error).to.include({ code: "invalid_state", statusCode: 400 });
    };
    const pending = await payOut(as, { amount: 100 });
    const instant = await payOut(as, { amount: 100, method: "instant" });
    const canceled = await payOut(as, { amount: 100 });
    const ofPlatform = await payOut({}, { amount: 100 });
    const abroad = await payOut(german, { currency: "eur" });
    await stripe.payouts.cancel(canceled.id, {}, as);

    await refused(pending.id, as);
    await api.running.clock.advance("2d");
    await refused(instant.id, as);
    await refused(canceled.id, as);
    await refused(ofPlatform.id, {});
    await refused(abroad.id, german);
    const reversal = await stripe.payouts.reverse(pending.id, {}, as);
    await refused(reversal.id, as);
    const old = await payOut(as, { amount: 100 });
    await api.running.clock.advance("92d");
    await refused(old.id, as);
  });
});

describe("resources/balances/payouts and a crash behind their reversal", () => {
  it("come to name the reversal, though nobody asks again", async () => {
    const folder = freshFolder();
    // The platform and its key, an account, a top-up, a payout and its arrival come before, and the clock that is moved.
    const served = await serve(["--data-dir", folder.path], { FAILPOINT: "commit.after:kill:8" });
    try {
      const { hostname, port } = new URL(served.url);
      const at = { host: hostname, port: Number(port), protocol: "http" } as const;
      const stripe = new Stripe(served.apiKey ?? "", { ...at, maxNetworkRetries: 0 });
      const as = { stripeAccount: (await stripe.accounts.create({ type: "custom", country: "US" })).id };
      await stripe.topups.create({ amount: 9_000, currency: "usd" }, as);
      const { id } = await stripe.payouts.create({ amount: 4_000, currency: "usd" }, as);
      await fetch(`${served.url}/_admin/clock`, { method: "POST", body: JSON.stringify({ advance: "2d" }) });

      const unknown = await errorOf(stripe.payouts.reverse(id, {}, as));
      const isNamed = async (): Promise<boolean> => (await stripe.payouts.retrieve(id, {}, as)).reversed_by !== null;

      expect(unknown).to.include({ type: "StripeConnectionError" });
      expect(await eventually(isNamed, 60_000), "the payout names its reversal").to.equal(true);
      expect((await paymentsLedger(stripe, as)).available).to.equal(9_000);
      const { data } = await stripe.events.list({ limit: 1 }, as);
      expect(data.map(({ type }) => type)).to.deep.equal(["payout.updated"]);
    } finally {
      await served.end("SIGTERM");
      folder.remove();
    }
  }).timeout(120_000);
});
