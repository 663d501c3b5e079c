import { expect } from "chai";
import type Stripe from "stripe";
import { must } from "../../../src/kernel/assert.ts";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../../support/api.ts";
import { type Wire, openWire } from "../../support/wire.ts";

describe("resources/issuing: what messages of a network are in the API", () => {
  let api: ApiUnderTest;
  let wire: Wire;
  let as: { stripeAccount: string };

  before(async () => {
    api = await openApiUnderTest({ seed: "demo", clock: "2027-03-10T12:00Z" });
    wire = await openWire("visa", api.running.visa.port);
    as = { stripeAccount: connectedAccount(api, "us") };
  });

  after(async () => {
    await wire.close();
    await api.running.close();
  });

  async function pay(cents: bigint): Promise<{ authorization: Stripe.Issuing.Authorization; code: string }> {
    const outcome = await wire.station.authorize(wire.purchase(cardOf(api), cents), "us-1");
    const { data } = await api.stripe.issuing.authorizations.list({ card: idOf(api), limit: 1 }, as);
    return {
      authorization: must(data[0], "an authorization"),
      code: outcome.kind === "answered" ? outcome.authorizationCode : "",
    };
  }

  it("shows an approved 0100 as a pending authorization with its hold, its request and its merchant", async () => {
    const { authorization, code } = await pay(12_50n);

    expect(authorization).to.deep.include({
      object: "issuing.authorization",
      amount: 1250,
      approved: true,
      authorization_method: "chip",
      card_presence: "present",
      currency: "usd",
      merchant_amount: 1250,
      status: "pending",
      transactions: [],
      wallet: null,
    });
    expect(authorization.card).to.include({ id: idOf(api), object: "issuing.card" });
    expect(authorization.merchant_data).to.deep.include({
      category: "grocery_stores_supermarkets",
      category_code: "5411",
      city: "PORTLAND",
      country: "US",
      name: "CORNER SHOP",
      network_id: "MERCHANT0000001",
      terminal_id: "TERM0001",
    });
    const [request] = authorization.request_history;
    expect(request).to.include({ amount: 1250, approved: true, authorization_code: `S${code}`, reason: "card_active" });
    const [hold] = authorization.balance_transactions;
    expect(hold).to.include({ amount: -1250, source: authorization.id, type: "issuing_authorization_hold" });
    expect(await api.stripe.issuing.authorizations.retrieve(authorization.id, {}, as)).to.deep.include(authorization);
  });

  it("shows a declined 0100 as a closed authorization of what was asked for, which holds nothing", async () => {
    const { authorization } = await pay(20_000_00n);

    expect(authorization).to.include({ amount: 2_000_000, approved: false, status: "closed" });
    expect(authorization.balance_transactions).to.deep.equal([]);
    const [request] = authorization.request_history;
    expect(request).to.include({ approved: false, authorization_code: null, reason: "spending_controls" });
  });

  it("shows what a 0200 has posted as a capture, and its reversal as a refund of the same authorization", async () => {
    const purchase = wire.purchase(cardOf(api), 7_00n);
    await wire.station.post(purchase, "us-1");
    const undone = { of: "0200", cause: "customer", replacement: null, authorizationCode: null } as const;
    await wire.station.reverse({ purchase, stan: "900001", ...undone }, "0400");

    const { data } = await api.stripe.issuing.transactions.list({ card: idOf(api) }, as);

    expect(data.map(({ amount, type }) => ({ amount, type }))).to.deep.equal([
      { amount: 700, type: "refund" },
      { amount: -700, type: "capture" },
    ]);
    const [refund, capture] = data;
    const named = typeof capture?.authorization === "string" ? capture.authorization : "none";
    expect(refund?.authorization).to.equal(named);
    const authorization = await api.stripe.issuing.authorizations.retrieve(named, {}, as);
    expect(authorization).to.include({ amount: 0, approved: true, status: "closed" });
    expect(authorization.transactions.map(({ id }) => id)).to.deep.equal([capture?.id, refund?.id]);
    const captures = await api.stripe.issuing.transactions.list({ type: "capture", card: idOf(api) }, as);
    expect(captures.data.map(({ id }) => id)).to.deep.equal([capture?.id]);
  });

  it("shows captures in parts, over what is held and after the end, each with its release and its posting", async () => {
    const { capture, create, expire } = boundHelpers(api);
    const opened = await create({ card: idOf(api), amount: 1_000 }, as);

    const part = await capture(opened.id, { capture_amount: 400, close_authorization: false }, as);
    const over = await capture(opened.id, { capture_amount: 900 }, as);
    const late = await capture(opened.id, { capture_amount: 50 }, as);
    const lapsed = await expire((await create({ card: idOf(api), amount: 300 }, as)).id, {}, as);
    const lateLapsed = await capture(lapsed.id, {}, as);

    expect(part).to.include({ amount: 600, status: "pending" });
    expect([over, late].map(({ amount, status }) => ({ amount, status }))).to.deep.equal([
      { amount: 0, status: "closed" },
      { amount: 0, status: "closed" },
    ]);
    expect(late.balance_transactions.map(({ amount }) => amount)).to.deep.equal([-1_000, 400, 600]);
    expect(late.transactions.map(({ amount, type }) => [amount, type])).to.deep.equal([
      [-400, "capture"],
      [-900, "capture"],
      [-50, "capture"],
    ]);
    expect(lapsed).to.include({ amount: 300, status: "expired" });
    expect(lateLapsed).to.include({ amount: 300, status: "expired" });
    expect(lateLapsed.transactions.map(({ amount }) => amount)).to.deep.equal([-300]);
  });

  it("keeps metadata of an authorization and of a transaction, and tells of it by an event", async () => {
    const { authorization } = await pay(3_00n);
    const [posted] = (await api.stripe.issuing.transactions.list({ limit: 1 }, as)).data;
    const transaction = must(posted, "a transaction");

    const updated = await api.stripe.issuing.authorizations.update(authorization.id, { metadata: { a: "1" } }, as);
    const again = await api.stripe.issuing.authorizations.update(authorization.id, { metadata: { b: "2" } }, as);
    const noted = await api.stripe.issuing.transactions.update(transaction.id, { metadata: { c: "3" } }, as);

    expect(updated.metadata).to.deep.equal({ a: "1" });
    expect(again.metadata).to.deep.equal({ a: "1", b: "2" });
    expect(noted.metadata).to.deep.equal({ c: "3" });
    const { data } = await api.stripe.events.list({ limit: 3 }, as);
    expect(data.map(({ type }) => type)).to.deep.equal([
      "issuing_transaction.updated",
      "issuing_authorization.updated",
      "issuing_authorization.updated",
    ]);
    expect(data[1]?.data.previous_attributes).to.deep.equal({ metadata: { a: "1" } });
    expect((await api.running.verify()).isSound).to.equal(true);
  });

  it("tells every event as its entry left the object, whatever has become of that since", async () => {
    const { authorization } = await pay(4_00n);
    const first = await allEvents();
    await api.running.clock.advance({ days: 8 });
    await api.stripe.issuing.cards.update(idOf(api), { metadata: { since: "changed" } }, as);

    const then = await allEvents();

    const before = then.slice(-first.length);
    expect(before).to.deep.equal(first);
    const own = then.filter(({ data }) => "id" in data.object && data.object.id === authorization.id);
    expect(own.map(({ type }) => type)).to.deep.equal([
      "issuing_authorization.updated",
      "issuing_authorization.created",
    ]);
    expect(own.map(({ data }) => (data.object as Stripe.Issuing.Authorization).status)).to.deep.equal([
      "expired",
      "pending",
    ]);
    expect(own[0]?.data.previous_attributes).to.include({ status: "pending" });
    const retrieved = await api.stripe.events.retrieve(must(own[1], "the first").id, {}, as);
    expect({ ...retrieved, lastResponse: null }).to.deep.equal({ ...own[1], lastResponse: null });
  });

  it("walks lists both ways, and finds nothing of another account", async () => {
    const all = (await api.stripe.issuing.authorizations.list({ limit: 100 }, as)).data;
    const [newest, second, third] = all;
    const after = await api.stripe.issuing.authorizations.list({ limit: 1, starting_after: String(newest?.id) }, as);
    const before = await api.stripe.issuing.authorizations.list({ limit: 1, ending_before: String(third?.id) }, as);
    const expired = await api.stripe.issuing.authorizations.list({ status: "expired" }, as);
    const elsewhere = await api.stripe.issuing.authorizations
      .retrieve(String(newest?.id), {}, { stripeAccount: connectedAccount(api, "de") })
      .then(
        () => null,
        (error: Stripe.errors.StripeError) => error.statusCode,
      );

    expect([after.data[0]?.id, before.data[0]?.id]).to.deep.equal([second?.id, second?.id]);
    expect(after.has_more).to.equal(true);
    expect(expired.data.map(({ status }) => status))
      .to.include("expired")
      .and.not.include("closed");
    expect(elsewhere).to.equal(404);
  });

  it("lists balance transactions that sum to the balance, each with what it is about", async () => {
    const rows: Stripe.BalanceTransaction[] = [];
    for await (const row of api.stripe.balanceTransactions.list({ limit: 3 }, as)) rows.push(row);
    const balance = await api.stripe.balance.retrieve({}, as);

    const issuing = rows.filter(({ balance_type: type }) => type === "issuing");
    const sum = issuing.reduce((total, { amount }) => total + amount, 0);
    expect(sum).to.equal(balance.issuing?.available[0]?.amount);
    expect(rows.every(({ amount, source }) => amount !== 0 && typeof source === "string")).to.equal(true);
    const [latest] = rows;
    const retrieved = await api.stripe.balanceTransactions.retrieve(must(latest, "a row").id, {}, as);
    expect(retrieved).to.deep.include({ ...latest });
    const holds = await api.stripe.balanceTransactions.list({ type: "issuing_authorization_hold" }, as);
    expect(holds.data.every(({ type }) => type === "issuing_authorization_hold")).to.equal(true);
  });

  async function allEvents(): Promise<Stripe.Event[]> {
    const events: Stripe.Event[] = [];
    for await (const event of api.stripe.events.list({ limit: 50 }, as)) events.push(event);
    return events;
  }
});

function boundHelpers({ stripe }: ApiUnderTest) {
  const helpers = stripe.testHelpers.issuing.authorizations;
  return {
    capture: helpers.capture.bind(helpers),
    create: helpers.create.bind(helpers),
    expire: helpers.expire.bind(helpers),
  };
}

function cardOf({ running }: ApiUnderTest) {
  return must(must(running.demo, "the demo program").cards.get("us-1"), "card us-1");
}

function idOf(api: ApiUnderTest): string {
  return api.running.access.idOf("ic", cardOf(api).place);
}
