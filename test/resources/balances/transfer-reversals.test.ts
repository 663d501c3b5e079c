import { expect } from "chai";
import Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../../support/api.ts";
import { eventually, freshFolder, serve } from "../../support/command.ts";
import { paymentsLedger } from "../../support/payments-ledger.ts";
import { errorOf } from "../../support/sdk-error.ts";

const recipient: Stripe.AccountCreateParams = {
  type: "custom",
  country: "US",
  capabilities: { transfers: { requested: true } },
};

describe("resources/balances/transfer-reversals", () => {
  let api: ApiUnderTest;
  let stripe: Stripe;
  let destination: string;

  before(async () => {
    api = await openApiUnderTest();
    ({ stripe } = api);
    await stripe.topups.create({ amount: 100_000, currency: "usd" });
  });

  after(() => api.running.close());

  beforeEach(async () => {
    destination = (await stripe.accounts.create(recipient)).id;
  });

  afterEach(async () => {
    for (const as of [{}, { stripeAccount: destination }]) {
      const { available, sum } = await paymentsLedger(stripe, as);
      expect(sum, "the sum of the balance transactions").to.equal(available);
    }
    await api.running.settled();
    expect((await api.running.verify()).violations).to.deep.equal([]);
  });

  const transfer = (amount: number) => stripe.transfers.create({ amount, currency: "usd", destination });

  it("takes a transfer back in parts, each with its own movement on both sides", async () => {
    const before = await paymentsLedger(stripe);
    const { id } = await transfer(5_000);

    const part = await stripe.transfers.createReversal(id, { amount: 1_500, metadata: { why: "return" } });
    const between = await stripe.transfers.retrieve(id, { expand: ["reversals.data.balance_transaction"] });
    const rest = await stripe.transfers.createReversal(id);
    const after = await stripe.transfers.retrieve(id);

    expect(part).to.deep.include({ amount: 1_500, currency: "usd", transfer: id, metadata: { why: "return" } });
    expect(between).to.include({ amount: 5_000, amount_reversed: 1_500, reversed: false });
    const [shown] = between.reversals.data;
    expect(shown?.balance_transaction).to.include({ amount: 1_500, type: "transfer_refund", source: part.id });
    expect(rest.amount).to.equal(3_500);
    expect(after).to.include({ amount_reversed: 5_000, reversed: true });
    expect(after.reversals.data.map((one) => one.id)).to.deep.equal([rest.id, part.id]);
    expect((await paymentsLedger(stripe)).available).to.equal(before.available);
    expect((await paymentsLedger(stripe, { stripeAccount: destination })).rows).to.deep.equal([
      ["payment", 5_000],
      ["payment_refund", -1_500],
      ["payment_refund", -3_500],
    ]);
  });

  it("takes back no more than was transferred, whatever is asked for and however often", async () => {
    const { id } = await transfer(2_000);
    await stripe.topups.create({ amount: 9_000, currency: "usd" }, { stripeAccount: destination });

    for (const amount of [0, 2_001]) {
      const error = await errorOf(stripe.transfers.createReversal(id, { amount }));
      expect(error).to.include({ param: "amount", statusCode: 400 });
      expect(error.code).not.to.equal("balance_insufficient");
    }
    const all = await Promise.allSettled(
      Array.from({ length: 6 }, () => stripe.transfers.createReversal(id, { amount: 900 })),
    );

    const done = all.filter(({ status }) => status === "fulfilled").length;
    expect(done).to.be.within(1, 2);
    expect((await stripe.transfers.retrieve(id)).amount_reversed).to.equal(done * 900);
    await stripe.transfers.createReversal(id);
    expect(await errorOf(stripe.transfers.createReversal(id))).to.include({ code: "invalid_state", statusCode: 400 });
  });

  it("transfers nothing to an account that has no transfers capability, and takes back what came when it had one", async () => {
    const { id } = await transfer(1_000);
    await stripe.accounts.updateCapability(destination, "transfers", { requested: false });

    const refused = await errorOf(transfer(1_000));
    const back = await stripe.transfers.createReversal(id);

    expect(refused).to.include({ code: "insufficient_capabilities_for_transfer", param: "destination" });
    expect(back.amount).to.equal(1_000);
  });

  it("takes nothing from an account that has spent it", async () => {
    const { id } = await transfer(3_000);
    await stripe.payouts.create({ amount: 2_500, currency: "usd" }, { stripeAccount: destination });

    const refused = await errorOf(stripe.transfers.createReversal(id));
    const part = await stripe.transfers.createReversal(id, { amount: 500 });

    expect(refused).to.include({ code: "balance_insufficient", statusCode: 400 });
    expect(part.amount).to.equal(500);
    expect((await stripe.transfers.retrieve(id)).amount_reversed).to.equal(500);
  });

  it("answers a repeat with the first reversal, as it was made", async () => {
    const { id } = await transfer(4_000);
    const once = { idempotencyKey: `reversal of ${id}` };
    const first = await stripe.transfers.createReversal(id, { amount: 1_000 }, once);
    await stripe.transfers.updateReversal(id, first.id, { metadata: { seen: "yes" } });
    await stripe.transfers.createReversal(id, { amount: 200 });

    const again = await stripe.transfers.createReversal(id, { amount: 1_000 }, once);
    const other = await errorOf(stripe.transfers.createReversal(id, { amount: 1_001 }, once));

    expect(again).to.deep.equal(first);
    expect(again.lastResponse.headers["idempotent-replayed"]).to.equal("true");
    expect(other).to.include({ type: "StripeIdempotencyError" });
    expect((await stripe.transfers.retrieve(id)).amount_reversed).to.equal(1_200);
    expect((await stripe.transfers.retrieveReversal(id, first.id)).metadata).to.deep.equal({ seen: "yes" });
  });

  it("lists the reversals of one transfer, newest first, and finds them under no other", async () => {
    const { id } = await transfer(1_000);
    const { id: other } = await transfer(1_000);
    const made: string[] = [];
    for (const amount of [100, 200, 300]) made.unshift((await stripe.transfers.createReversal(id, { amount })).id);
    await stripe.transfers.createReversal(other);

    const list = await stripe.transfers.listReversals(id, { limit: 2 });
    const rest = await stripe.transfers.listReversals(id, { starting_after: made[1] ?? "" });

    expect(list.data.map((one) => one.id)).to.deep.equal(made.slice(0, 2));
    expect(list.has_more).to.equal(true);
    expect(rest.data.map((one) => one.id)).to.deep.equal(made.slice(2));
    expect(await errorOf(stripe.transfers.retrieveReversal(other, made[0] ?? ""))).to.include({
      code: "resource_missing",
    });
  });

  it("tells each reversal in one event, with the transfer as it was then", async () => {
    const { id } = await transfer(1_000);
    await stripe.transfers.createReversal(id, { amount: 400 });
    await stripe.transfers.createReversal(id);

    const { data } = await stripe.events.list({ type: "transfer.reversed", limit: 2 });

    const told = data.map(({ data: { object } }) => object as Stripe.Transfer).filter((one) => one.id === id);
    expect(told.map((one) => [one.amount_reversed, one.reversed, one.reversals.data.length])).to.deep.equal([
      [1_000, true, 2],
      [400, false, 1],
    ]);
  });
});

describe("resources/balances/transfer-reversals and a crash between the halves", () => {
  // The platform and its key, an account, a top-up and the three commits of a transfer come before.
  for (const [name, commit] of [
    ["when the money has left", 8],
    ["when the platform has it", 9],
    ["when the transfer tells of it", 10],
  ] as const) {
    it(`reverses once ${name}`, async () => {
      await withCrash(commit, 20, async ({ destination, stripe, transfer }) => {
        const reversal = await stripe.transfers.createReversal(transfer, { amount: 2_000 });

        expect(reversal).to.include({ amount: 2_000, transfer });
        expect((await stripe.transfers.listReversals(transfer)).data.map(({ id }) => id)).to.deep.equal([reversal.id]);
        expect(await stripe.transfers.retrieve(transfer)).to.include({ amount_reversed: 2_000 });
        expect((await paymentsLedger(stripe)).available).to.equal(6_000);
        expect((await paymentsLedger(stripe, { stripeAccount: destination })).available).to.equal(3_000);
      });
    }).timeout(120_000);
  }

  it("brings to the platform what has left, though nobody asks again", async () => {
    await withCrash(8, 0, async ({ stripe, transfer }) => {
      const unknown = await errorOf(stripe.transfers.createReversal(transfer, { amount: 2_000 }));

      const isBack = async (): Promise<boolean> =>
        (await stripe.transfers.retrieve(transfer)).amount_reversed === 2_000;
      expect(unknown).to.include({ type: "StripeConnectionError" });
      expect(await eventually(isBack, 60_000), "the transfer tells of its reversal").to.equal(true);
      expect((await paymentsLedger(stripe)).available).to.equal(6_000);
    });
  }).timeout(120_000);
});

interface Crashing {
  readonly stripe: Stripe;
  readonly destination: string;
  /** 50.00 of the platform's 90.00. */
  readonly transfer: string;
}

/** A switch whose platform dies behind its commit of that number; fails where it has not. */
async function withCrash(commit: number, retries: number, act: (crashing: Crashing) => Promise<void>): Promise<void> {
  const folder = freshFolder();
  const served = await serve(["--data-dir", folder.path], { FAILPOINT: `commit.after:kill:${commit}` });
  try {
    const { hostname, port } = new URL(served.url);
    const at = { host: hostname, port: Number(port), protocol: "http" } as const;
    const stripe = new Stripe(served.apiKey ?? "", { ...at, maxNetworkRetries: retries });
    const { id: destination } = await stripe.accounts.create(recipient);
    await stripe.topups.create({ amount: 9_000, currency: "usd" });
    const transfer = await stripe.transfers.create({ amount: 5_000, currency: "usd", destination });
    await act({ stripe, destination, transfer: transfer.id });
    expect(isAlive(served.pids.platform), "the platform that was asked").to.equal(false);
  } finally {
    await served.end("SIGTERM");
    folder.remove();
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
