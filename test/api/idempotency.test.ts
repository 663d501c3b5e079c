import { expect } from "chai";
import type Stripe from "stripe";
import { type ApiUnderTest, connectedAccount, openApiUnderTest } from "../support/api.ts";

const url = "/v1/issuing/cardholders";

describe("api/once", () => {
  let api: ApiUnderTest;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
  });

  after(() => api.running.close());

  it("gives a repeat the first answer again, whatever has become of the object since", async () => {
    const first = await create(api, "repeat", "Jenny Rosen");
    const { id } = first.body as { id: string };
    await api.stripe.issuing.cardholders.update(id, { metadata: { since: "changed" } });

    const again = await create(api, "repeat", "Jenny Rosen");

    expect(again.status).to.equal(200);
    expect(again.body).to.deep.equal(first.body);
    expect(first.headers.get("idempotent-replayed")).to.equal(null);
    expect(again.headers.get("idempotent-replayed")).to.equal("true");
    expect(await countOf(api, "Jenny Rosen")).to.equal(1);
  });

  it("refuses other parameters, another path or another object under the same key", async () => {
    const { body } = await create(api, "misuse", "Jane Austen");
    const other = await create(api, "misuse", "Jane Auster");
    const elsewhere = await api.send(`${url}/${String(body["id"])}`, {
      method: "POST",
      headers: { "idempotency-key": "misuse" },
      body: "metadata[a]=b",
    });

    for (const { error, status } of [other, elsewhere]) {
      expect(status).to.equal(400);
      expect(error).to.deep.include({ type: "idempotency_error" });
    }
  });

  it("keeps a refusal, and tells it again", async () => {
    const first = await create(api, "refused", "Jenny 123");
    const again = await create(api, "refused", "Jenny 123");

    expect(first.status).to.equal(400);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers.get("idempotent-replayed")).to.equal("true");
  });

  it("does not keep what was refused before it began: the key is free for what was meant", async () => {
    const mistyped = await api.send(url, {
      method: "POST",
      headers: { "idempotency-key": "mistyped" },
      body: `${formOf("Jenny Rosen")}&nmae=x`,
    });
    const corrected = await create(api, "mistyped", "Emily Bronte");

    expect(mistyped.error).to.deep.include({ code: "parameter_unknown", param: "nmae" });
    expect(corrected.status).to.equal(200);
  });

  it("makes one object of 64 parallel requests with one key", async () => {
    const answers = await Promise.all(Array.from({ length: 64 }, () => create(api, "parallel", "Anne Bronte")));

    expect(new Set(answers.map(({ status }) => status))).to.satisfy((statuses: Set<number>) =>
      [...statuses].every((status) => status === 200 || status === 409),
    );
    for (const { error, headers, status } of answers) {
      if (status !== 409) continue;
      expect(error).to.deep.include({ code: "idempotency_key_in_use" });
      expect(headers.get("stripe-should-retry")).to.equal("true");
    }
    expect(await countOf(api, "Anne Bronte")).to.equal(1);
  });

  it("takes the same key of two accounts for two keys", async () => {
    const account = connectedAccount(api, "us");

    const ours = await create(api, "shared", "Charlotte Bronte");
    const theirs = await create(api, "shared", "Charlotte Bronte", { "stripe-account": account });

    expect(theirs.status).to.equal(200);
    expect(theirs.headers.get("idempotent-replayed")).to.equal(null);
    expect(theirs.body["id"]).not.to.equal(ours.body["id"]);
  });

  it("refuses a key of more than 255 characters", async () => {
    expect((await create(api, "k".repeat(255), "George Eliot")).status).to.equal(200);
    expect((await create(api, "k".repeat(256), "George Eliot")).status).to.equal(400);
  });
});

function create(
  api: ApiUnderTest,
  key: string,
  name: string,
  headers: Readonly<Record<string, string>> = {},
): ReturnType<ApiUnderTest["send"]> {
  return api.send(url, { method: "POST", headers: { "idempotency-key": key, ...headers }, body: formOf(name) });
}

function formOf(name: string): string {
  const address = { line1: "1 Main Street", city: "San Francisco", country: "US", postal_code: "94111" };
  const billing = Object.entries(address).map(([field, value]) => `billing[address][${field}]=${value}`);
  return [`name=${name}`, "type=individual", ...billing].join("&").replaceAll(" ", "+");
}

async function countOf(api: ApiUnderTest, name: string): Promise<number> {
  const all: Stripe.Issuing.Cardholder[] = [];
  for await (const cardholder of api.stripe.issuing.cardholders.list({ limit: 100 })) all.push(cardholder);
  return all.filter((cardholder) => cardholder.name === name).length;
}
