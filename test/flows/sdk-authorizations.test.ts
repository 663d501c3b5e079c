import { expect } from "chai";
import type Stripe from "stripe";
import { noControls } from "../../src/ledger/limits.ts";
import { createCard } from "../../src/resources/issuing/cards.ts";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import {
  type CardProgram,
  eventTypes,
  expectSoundBooks,
  issuingLedger,
  openCardProgram,
} from "../support/card-program.ts";

type AuthorizationWish = Parameters<Stripe["testHelpers"]["issuing"]["authorizations"]["create"]>[0];

describe("flows/the SDK runs a card", () => {
  let api: ApiUnderTest;
  let program: CardProgram;

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  beforeEach(async () => {
    program = await openCardProgram(api);
  });

  afterEach(() => expectSoundBooks(api, program));

  const { authorizations, transactions } = {
    authorizations: () => api.stripe.testHelpers.issuing.authorizations,
    transactions: () => api.stripe.testHelpers.issuing.transactions,
  };

  function authorize(amount: number, more: Partial<AuthorizationWish> = {}): Promise<Stripe.Issuing.Authorization> {
    return authorizations().create({ card: program.card.id, amount, ...more }, program.as);
  }

  function ledgerOf(authorization: Stripe.Issuing.Authorization): [string, number][] {
    return authorization.balance_transactions.map(({ type, amount }) => [type, amount]);
  }

  it("holds an approved amount and tells of it", async () => {
    const authorization = await authorize(1_250, { merchant_data: { category: "bakeries", name: "Rolls & Co" } });

    expect(authorization).to.deep.include({ approved: true, status: "pending", amount: 1_250, currency: "usd" });
    expect(authorization.request_history.map(({ reason, approved }) => [reason, approved])).to.deep.equal([
      ["card_active", true],
    ]);
    expect(authorization.merchant_data).to.deep.include({
      category: "bakeries",
      category_code: "5462",
      name: "Rolls & Co",
    });
    expect(ledgerOf(authorization)).to.deep.equal([["issuing_authorization_hold", -1_250]]);
    expect(await eventTypes(api, program)).to.include("issuing_authorization.created");
  });

  it("declines for want of funds, and keeps no hold", async () => {
    const rich = await api.stripe.issuing.cards.update(
      program.card.id,
      { spending_controls: { spending_limits: [{ amount: 500_000, interval: "per_authorization" }] } },
      program.as,
    );
    const authorization = await authorize(100_001, { card: rich.id });

    expect(authorization).to.deep.include({ approved: false, status: "closed", amount: 100_001 });
    expect(authorization.request_history[0]?.reason).to.equal("insufficient_funds");
    expect(ledgerOf(authorization)).to.deep.equal([]);
    expect(await eventTypes(api, program)).to.include("issuing_authorization.created");
  });

  it("declines a card that is not active, a blocked category and an amount beyond the limit, each with its reason", async () => {
    const { issuing } = api.stripe;
    await issuing.cards.update(
      program.card.id,
      {
        spending_controls: {
          blocked_categories: ["bakeries"],
          spending_limits: [{ amount: 1_000, interval: "daily" }],
        },
      },
      program.as,
    );
    const blocked = await authorize(100, { merchant_data: { category: "bakeries" } });
    const within = await authorize(600);
    const beyond = await authorize(401);
    await issuing.cards.update(program.card.id, { status: "inactive" }, program.as);
    const inactive = await authorize(100);

    expect([blocked, within, beyond, inactive].map((each) => each.request_history[0]?.reason)).to.deep.equal([
      "spending_controls",
      "card_active",
      "spending_controls",
      "card_inactive",
    ]);
  });

  it("captures in full by default, and closes the authorization", async () => {
    const { id } = await authorize(1_000);
    const captured = await authorizations().capture(id, {}, program.as);

    expect(captured.status).to.equal("closed");
    expect(captured.transactions.map(({ type, amount }) => [type, amount])).to.deep.equal([["capture", -1_000]]);
    expect(ledgerOf(captured)).to.deep.equal([
      ["issuing_authorization_hold", -1_000],
      ["issuing_authorization_release", 1_000],
    ]);
    expect((await issuingLedger(api, program)).rows[0]).to.deep.equal(["issuing_transaction", -1_000]);
    expect((await eventTypes(api, program)).slice(-2)).to.have.members([
      "issuing_transaction.created",
      "issuing_authorization.updated",
    ]);
  });

  it("captures in parts while it is kept open, and gives back the rest with the last", async () => {
    const { id } = await authorize(1_000);
    const first = await authorizations().capture(id, { capture_amount: 300, close_authorization: false }, program.as);
    const last = await authorizations().capture(id, { capture_amount: 200 }, program.as);

    expect([first.status, first.amount]).to.deep.equal(["pending", 700]);
    expect(last.status).to.equal("closed");
    expect(last.transactions.map(({ amount }) => amount)).to.have.members([-200, -300]);
    expect((await issuingLedger(api, program)).available).to.equal(100_000 - 500);
  });

  it("captures more than was held, below zero if it has to be", async () => {
    const { id } = await authorize(40_000);
    const captured = await authorizations().capture(id, { capture_amount: 120_000 }, program.as);

    expect(captured.status).to.equal("closed");
    expect((await issuingLedger(api, program)).available).to.equal(-20_000);
  });

  it("captures late what has expired, and refuses what was never approved", async () => {
    const { id } = await authorize(1_000);
    const expired = await authorizations().expire(id, {}, program.as);
    const late = await authorizations().capture(id, {}, program.as);
    const declined = await authorize(99_999_999);

    expect([expired.status, expired.amount]).to.deep.equal(["expired", 1_000]);
    expect([late.status, late.transactions[0]?.amount]).to.deep.equal(["expired", -1_000]);
    const refused = await failureOf(authorizations().capture(declined.id, {}, program.as));
    expect(refused).to.deep.include({ statusCode: 400, type: "StripeInvalidRequestError" });
  });

  it("reverses in part and in full, and an increment adds to what is held", async () => {
    const { id } = await authorize(1_000);
    const more = await authorizations().increment(id, { increment_amount: 500 }, program.as);
    const less = await authorizations().reverse(id, { reverse_amount: 200 }, program.as);
    const none = await authorizations().reverse(id, {}, program.as);

    expect([more.amount, more.request_history.length]).to.deep.equal([1_500, 2]);
    expect([less.amount, less.status]).to.deep.equal([1_300, "pending"]);
    expect([none.amount, none.status]).to.deep.equal([0, "reversed"]);
    expect((await issuingLedger(api, program)).available).to.equal(100_000);
    expect(await failureOf(authorizations().reverse(id, {}, program.as))).to.deep.include({ statusCode: 400 });
  });

  it("refunds a capture, linked to its authorization, and takes a refund that nothing asked for", async () => {
    const { id } = await authorize(1_000);
    const captured = await authorizations().capture(id, {}, program.as);
    const capture = captured.transactions[0]?.id ?? "";
    const refunded = await transactions().refund(capture, { refund_amount: 400 }, program.as);
    const { data } = await api.stripe.issuing.transactions.list({ card: program.card.id, type: "refund" }, program.as);
    const refund = data[0];
    const unlinked = await transactions().createUnlinkedRefund(
      { card: program.card.id, amount: 50, currency: "usd" },
      program.as,
    );
    const forced = await transactions().createForceCapture(
      { card: program.card.id, amount: 70, currency: "usd" },
      program.as,
    );

    expect([refunded.id, refunded.type, refunded.amount]).to.deep.equal([capture, "capture", -1_000]);
    expect([refund?.type, refund?.amount, refund?.authorization]).to.deep.equal(["refund", 400, id]);
    expect([unlinked.amount, unlinked.authorization]).to.deep.equal([50, null]);
    expect([forced.amount, forced.authorization]).to.deep.equal([-70, null]);
    expect((await issuingLedger(api, program)).available).to.equal(100_000 - 1_000 + 400 + 50 - 70);
    expect(await failureOf(transactions().refund(refund?.id ?? "", {}, program.as))).to.deep.include({
      statusCode: 400,
    });
  });

  it("unlocks a pump for what can be filled up, and holds what was pumped", async () => {
    const pump = await authorize(100, {
      is_amount_controllable: true,
      merchant_data: { category: "automated_fuel_dispensers" },
    });
    const pumped = await authorizations().finalizeAmount(pump.id, { final_amount: 4_321 }, program.as);

    expect([pump.amount, pump.approved]).to.deep.equal([10_000, true]);
    expect([pumped.amount, pumped.status]).to.deep.equal([4_321, "pending"]);
    expect((await issuingLedger(api, program)).available).to.equal(100_000 - 4_321);
  });

  it("approves exactly ten of twenty-five authorizations of 100 that meet a balance of 1,000 at once", async () => {
    const poor = await openCardProgram(api, { funds: 1_000 });
    const requests = Array.from({ length: 25 }, () =>
      authorizations().create({ card: poor.card.id, amount: 100 }, poor.as),
    );

    const decided = await Promise.all(requests);

    expect(decided.filter(({ approved }) => approved)).to.have.lengthOf(10);
    expect((await issuingLedger(api, poor)).available).to.equal(0);
    await expectSoundBooks(api, poor);
  });

  it("makes one authorization of sixty-four requests with one idempotency key", async () => {
    const body = { card: program.card.id, amount: 100 };
    const options = { ...program.as, idempotencyKey: `one-${program.card.id}`, maxNetworkRetries: 5 };
    const made = await Promise.all(Array.from({ length: 64 }, () => authorizations().create(body, options)));
    const other = await failureOf(authorizations().create({ ...body, amount: 101 }, options));

    expect(new Set(made.map(({ id }) => id)).size).to.equal(1);
    expect((await issuingLedger(api, program)).available).to.equal(100_000 - 100);
    expect(other).to.deep.include({ statusCode: 400, type: "StripeIdempotencyError" });
  });

  it("tells a repeat what the first was told, whatever has become of it since", async () => {
    const options = { ...program.as, idempotencyKey: `again-${program.card.id}` };
    const body = { card: program.card.id, amount: 900 };
    const first = await authorizations().create(body, options);
    await authorizations().capture(first.id, {}, program.as);

    const again = await authorizations().create(body, options);

    expect([again.id, again.status, again.amount]).to.deep.equal([first.id, "pending", 900]);
    expect(again.lastResponse.headers["idempotent-replayed"]).to.equal("true");
  });

  it("shows each authorization the card as it was then, and what one asks to be expanded to nobody else", async () => {
    const { cards } = api.stripe.issuing;
    const named = { type: "virtual", currency: "usd", cardholder: program.cardholder.id } as const;
    const replaced = { replacement_for: program.card.id, replacement_reason: "damaged", status: "active" } as const;
    const { id } = await cards.create({ ...named, ...replaced }, program.as);
    const body = { card: id, amount: 100 };
    const key = { ...program.as, idempotencyKey: `card-${id}` };

    const expanded = await authorizations().create({ ...body, expand: ["card.replacement_for"] }, program.as);
    const first = await authorizations().create(body, key);
    await cards.update(id, { metadata: { order: "2" } }, program.as);
    const second = await authorizations().create(body, program.as);
    const again = await authorizations().create(body, key);

    expect(expanded.card.replacement_for).to.include({ id: program.card.id, object: "issuing.card" });
    expect([first, second].map(({ card }) => card.replacement_for)).to.deep.equal([program.card.id, program.card.id]);
    expect([first, second, again].map(({ card }) => card.metadata)).to.deep.equal([{}, { order: "2" }, {}]);
  });

  it("authorizes with a card that nobody was told to be recorded yet", async () => {
    const { access } = api.running;
    const { account, body, place } = newestCard(api, program.card.id);
    const { cardholder } = JSON.parse(body) as { readonly cardholder: number };
    const made = await createCard(access.program, { ...place, no: account }, { ...newCard, cardholder });

    const authorization = await authorizations().create({ card: access.idOf("ic", made.place), amount: 5 }, program.as);

    expect(authorization.card.id).to.equal(access.idOf("ic", made.place));
    expect(authorization.approved).to.equal(true);
  });

  it("authorizes in the merchant's currency what the card pays in its own", async () => {
    const abroad = await authorize(1_100, { merchant_amount: 1_000, merchant_currency: "eur" });

    expect(abroad).to.deep.include({
      amount: 1_100,
      currency: "usd",
      merchant_amount: 1_000,
      merchant_currency: "eur",
    });
  });
});

async function failureOf(request: Promise<unknown>): Promise<{ statusCode?: number; type: string }> {
  try {
    await request;
  } catch (error) {
    if (error instanceof Error && "type" in error && typeof error.type === "string") {
      return { type: error.type, ...("statusCode" in error ? { statusCode: Number(error.statusCode) } : {}) };
    }
    throw error;
  }
  throw new Error("the request was answered");
}

const newCard = {
  currency: { code: "usd", number: 840 },
  network: "visa",
  type: "virtual",
  status: "active",
  cancellationReason: null,
  expMonth: 12,
  expYear: 2030,
  program: "standard",
  controls: noControls,
  pan: null,
} as const;

function newestCard({ running: { access } }: ApiUnderTest, id: string) {
  for (let shard = 0; shard < 256; shard++) {
    const [newest] = access.queries.objects("card", shard, { before: null, rowsMax: 1 });
    if (newest !== undefined && access.idOf("ic", newest.place) === id) return newest;
  }
  throw new Error(`no shard has the card ${id} for its newest`);
}
