import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";

describe("lists and expansion of the API", () => {
  let api: ApiUnderTest;
  let names: readonly string[];

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    const made: string[] = [];
    for (const letter of "ABCDEFGHIJKL") {
      const { id } = await api.stripe.issuing.cardholders.create({
        name: `Person ${letter}`,
        type: "individual",
        billing: { address: { line1: "1 Main Street", city: "Portland", country: "US", postal_code: "97201" } },
      });
      made.push(id);
    }
    names = made.toReversed();
  });

  after(() => api.running.close());

  it("gives ten, the newest first, and says whether there are more", async () => {
    const page = await api.stripe.issuing.cardholders.list();

    expect(page.data.map(({ id }) => id)).to.deep.equal(names.slice(0, 10));
    expect(page).to.include({ object: "list", has_more: true, url: "/v1/issuing/cardholders" });
  });

  it("walks from page to page to the end, and back", async () => {
    const forth: string[] = [];
    for await (const { id } of api.stripe.issuing.cardholders.list({ limit: 5 })) forth.push(id);
    const back = await api.stripe.issuing.cardholders.list({ limit: 5, ending_before: names[9] ?? "" });
    const first = await api.stripe.issuing.cardholders.list({ limit: 5, ending_before: names[3] ?? "" });

    expect(forth).to.deep.equal(names);
    expect(back.data.map(({ id }) => id)).to.deep.equal(names.slice(4, 9));
    expect(back.has_more).to.equal(true);
    expect(first.data.map(({ id }) => id)).to.deep.equal(names.slice(0, 3));
    expect(first.has_more).to.equal(false);
  });

  it("refuses both cursors at once, a cursor of something else, and a limit out of its range", async () => {
    const list = (params: Stripe.Issuing.CardholderListParams): Promise<string> =>
      api.stripe.issuing.cardholders.list(params).then(
        () => "none",
        (error: Stripe.errors.StripeInvalidRequestError) => `${error.statusCode} ${error.code} ${error.param}`,
      );
    const [cursor = ""] = names;

    expect(await list({ starting_after: cursor, ending_before: cursor })).to.match(/^400 parameters_exclusive/);
    expect(await list({ starting_after: "ich_nothing" })).to.equal("404 resource_missing starting_after");
    expect(await list({ limit: 101 })).to.match(/^400 .* limit$/);
    expect(await list({ limit: 0 })).to.match(/^400 .* limit$/);
  });

  it("knows no cursor of another account, also where both live in one shard", async () => {
    const { accounts, balanceTransactions, events, topups } = api.stripe;
    const made = await Promise.all(
      Array.from({ length: 12 }, async () => {
        const { id } = await accounts.create({ country: "US", type: "custom" });
        await topups.create({ amount: 100, currency: "usd" }, { stripeAccount: id });
        return id;
      }),
    );
    const [stripeAccount = "", ...others] = made;

    const statuses: string[] = [];
    for (const list of [topups, balanceTransactions, events]) {
      const [theirs] = (await list.list({ limit: 1 }, { stripeAccount })).data;
      for (const other of others) {
        const found = list.list({ starting_after: theirs?.id ?? "" }, { stripeAccount: other });
        statuses.push(
          await found.then(
            () => "found",
            (error: { code?: string }) => String(error.code),
          ),
        );
      }
    }

    expect(new Set(statuses)).to.deep.equal(new Set(["resource_missing"]));
  });

  it("finds what was made in a range of time", async () => {
    const [newest] = (await api.stripe.issuing.cardholders.list({ limit: 1 })).data;
    const created = newest?.created ?? 0;
    const count = async (range: Stripe.RangeQueryParam | number): Promise<number> =>
      (await api.stripe.issuing.cardholders.list({ created: range, limit: 100 })).data.length;

    expect(await count({ gt: created })).to.equal(0);
    expect(await count({ lte: created })).to.equal(12);
    expect(await count({ gte: created, lt: created + 1 })).to.equal(await count(created));
  });

  it("puts objects in the place of ids, in one object and in lists", async () => {
    const stripeAccount = connectedAccount(api, "us");
    const topup = await api.stripe.topups.create(
      { amount: 50_00, currency: "usd", description: "x", statement_descriptor: "y" },
      { stripeAccount },
    );

    const plain = await api.stripe.topups.retrieve(topup.id, {}, { stripeAccount });
    const filled = await api.stripe.topups.retrieve(topup.id, { expand: ["balance_transaction"] }, { stripeAccount });
    const listed = await api.stripe.topups.list({ limit: 1, expand: ["data.balance_transaction"] }, { stripeAccount });
    const numbered = await api.send(`/v1/topups/${topup.id}?expand[2]=balance_transaction`, {
      headers: { "stripe-account": stripeAccount },
    });

    expect(plain.balance_transaction).to.match(/^txn_/);
    expect(numbered.body["balance_transaction"]).to.deep.equal(JSON.parse(JSON.stringify(filled.balance_transaction)));
    expect(filled.balance_transaction).to.include({ id: plain.balance_transaction, object: "balance_transaction" });
    expect(listed.data[0]?.balance_transaction).to.deep.equal(filled.balance_transaction);
  });

  it("tells number and code of one virtual card that is retrieved, and never in a list or in the answer to a write", async () => {
    const stripeAccount = connectedAccount(api, "us");
    const { cards } = api.stripe.issuing;
    const [listed] = (await cards.list({ type: "virtual", status: "active", limit: 1 }, { stripeAccount })).data;
    const id = listed?.id ?? "";

    const retrieved = await cards.retrieve(id, { expand: ["number", "cvc"] }, { stripeAccount });
    const updated = await cards.update(id, { metadata: { a: "b" }, expand: ["number"] }, { stripeAccount });
    const expanded = await api.send("/v1/issuing/cards?expand[]=data.number", {
      headers: { "stripe-account": stripeAccount },
    });

    expect(retrieved.number).to.match(/^\d{16}$/);
    expect(retrieved.cvc).to.match(/^\d{3}$/);
    expect(listed).to.not.have.any.keys("number", "cvc");
    expect(updated).to.not.have.any.keys("number", "cvc");
    expect(expanded.status).to.equal(400);
  });

  it("refuses to expand what cannot be, is too deep, or is in a list without saying so", async () => {
    const [id = ""] = names;
    const expand = async (path: string, ...paths: string[]): Promise<number> => {
      const query = paths.map((one) => `expand[]=${one}`).join("&");
      return (await api.send(`${path}?${query}`)).status;
    };

    expect(await expand(`/v1/issuing/cardholders/${id}`, "nothing")).to.equal(400);
    expect(await expand(`/v1/issuing/cardholders/${id}`, "name")).to.equal(400);
    expect(await expand(`/v1/issuing/cardholders/${id}`, "a.b.c.d.e")).to.equal(400);
    expect(await expand("/v1/issuing/cardholders", "name")).to.equal(400);
    expect(await expand(`/v1/issuing/cardholders/${id}`, "billing.address")).to.equal(200);
  });
});
