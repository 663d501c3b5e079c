import { expect } from "chai";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";

describe("startSwitch().events", () => {
  let api: ApiUnderTest;

  beforeEach(async () => {
    api = await openApiUnderTest({ seed: "demo" });
  });

  afterEach(() => api.running.close());

  it("hands out what has happened before it was asked for, each event once, in order", async () => {
    const { events } = api.running;
    await create(api, "Anne Bronte");
    await create(api, "Emily Bronte");

    const first = await events.waitFor("issuing_cardholder.created");
    const second = await events.waitFor("issuing_cardholder.created");

    expect([first, second].map(({ data }) => (data.object as { name: string }).name)).to.deep.equal([
      "Anne Bronte",
      "Emily Bronte",
    ]);
    expect(first).to.include({ object: "event", type: "issuing_cardholder.created" });
    await refused(events.waitFor("issuing_cardholder.created", { timeoutMs: 20 }));
  });

  it("waits for what has not happened yet, on a connected account too", async () => {
    const stripeAccount = connectedAccount(api, "us");
    const [card] = (await api.stripe.issuing.cards.list({ limit: 1, status: "active" }, { stripeAccount })).data;
    const waiting = api.running.events.waitFor("issuing_card.updated");

    await api.stripe.issuing.cards.update(card?.id ?? "", { metadata: { till: "7" } }, { stripeAccount });
    const event = await waiting;

    expect(event.account).to.equal(stripeAccount);
    expect(event.data.previous_attributes).to.deep.equal({ metadata: card?.metadata });
  });

  it("knows nothing of what a reset has wiped away", async () => {
    await create(api, "Anne Bronte");

    await api.running.reset();
    await create(api, "Jane Austen");
    const { data } = await api.running.events.waitFor("issuing_cardholder.created");

    expect(data.object).not.to.include({ name: "Anne Bronte" });
  });
});

async function create({ stripe }: ApiUnderTest, name: string): Promise<void> {
  const address = { line1: "1 Main Street", city: "Portland", country: "US", postal_code: "97201" };
  await stripe.issuing.cardholders.create({ name, type: "individual", billing: { address } });
}

async function refused(promise: Promise<unknown>): Promise<void> {
  const code = await promise.then(
    () => "none",
    (error: { code: string }) => error.code,
  );
  expect(code).to.equal("timed_out");
}
