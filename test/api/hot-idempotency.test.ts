import { expect } from "chai";
import { type ApiUnderTest, type PlainResponse, connectedAccount, openApiUnderTest } from "../support/api.ts";

const url = "/v1/test_helpers/issuing/authorizations";

describe("idempotency keys of what the hot functions do", () => {
  let api: ApiUnderTest;
  let account: string;
  let card: string;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
    account = connectedAccount(api, "us");
    const { data } = await api.stripe.issuing.cards.list({ status: "active", limit: 100 }, { stripeAccount: account });
    card = data.find(({ metadata }) => metadata["demo_key"] === "us-1")?.id ?? "";
  });

  after(() => api.running.close());

  it("authorizes once, and gives a repeat the first answer, though the hold was captured since", async () => {
    const first = await send("once", `card=${card}&amount=100`);
    const { id } = first.body as { id: string };
    await api.stripe.testHelpers.issuing.authorizations.capture(id, {}, { stripeAccount: account });

    const again = await send("once", `card=${card}&amount=100`);

    expect(first.status).to.equal(200);
    expect(again.body).to.deep.equal(first.body);
    expect(again.headers.get("idempotent-replayed")).to.equal("true");
  });

  it("refuses another amount under the same key", async () => {
    await send("misuse", `card=${card}&amount=100`);
    const other = await send("misuse", `card=${card}&amount=200`);

    expect(other.status).to.equal(400);
    expect(other.error).to.deep.include({ type: "idempotency_error" });
  });

  it("makes one authorization of 32 at once with one key", async () => {
    const before = await countOf();
    const answers = await Promise.all(Array.from({ length: 32 }, () => send("parallel", `card=${card}&amount=100`)));

    const made = answers.filter(({ status }) => status === 200).map(({ body }) => body["id"]);
    expect(new Set(made).size).to.equal(1);
    expect(await countOf()).to.equal(before + 1);
  });

  it("captures once, and tells the repeat the same", async () => {
    const { body } = await send("to capture", `card=${card}&amount=100`);
    const capture = `${url}/${String(body["id"])}/capture`;
    const first = await send("capture", "capture_amount=60", capture);
    const again = await send("capture", "capture_amount=60", capture);

    const { data } = await api.stripe.issuing.transactions.list({ limit: 100 }, { stripeAccount: account });
    expect(first.status).to.equal(200);
    expect(again.body).to.deep.equal(first.body);
    expect(data.filter(({ authorization }) => authorization === body["id"])).to.have.length(1);
  });

  function send(key: string, body: string, path = url): Promise<PlainResponse> {
    const headers = { "idempotency-key": key, "stripe-account": account };
    return api.send(path, { method: "POST", headers, body });
  }

  async function countOf(): Promise<number> {
    const { data } = await api.stripe.issuing.authorizations.list({ card, limit: 100 }, { stripeAccount: account });
    return data.length;
  }
});
