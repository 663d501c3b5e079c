import { expect } from "chai";
import type { ApiKeyView, NewApiKeyView } from "../../src/app/api-key-routes.ts";
import { type ApiUnderTest, type PlainResponse, openApiUnderTest } from "../support/api.ts";

const url = "/v1/issuing/cardholders";

describe("api/key-ring", () => {
  let api: ApiUnderTest;

  beforeEach(async () => {
    api = await openApiUnderTest();
  });

  afterEach(() => api.running.close());

  it("opens with a key that was just made, and no more with one that was revoked or rolled", async () => {
    const made = await make(api, { name: "till" });
    const before = await as(api, made.secret);
    const rolled = await admin<NewApiKeyView>(api, `/roll/${made.id}`, {});
    const old = await as(api, made.secret);
    const next = await as(api, rolled.secret);
    await admin(api, `/revoke/${rolled.id}`, {});
    const last = await as(api, rolled.secret);

    expect([before, old, next, last].map(({ status }) => status)).to.deep.equal([200, 401, 200, 401]);
    expect(rolled.name).to.equal("till");
  });

  it("never tells a key again, and keeps it nowhere", async () => {
    const { secret } = await make(api, { name: "till" });
    const listed = await admin<{ keys: readonly ApiKeyView[] }>(api, "");
    const { access } = api.running;

    expect(JSON.stringify(listed)).not.to.include(secret);
    expect(listed.keys.find(({ name }) => name === "till")?.redacted).to.equal(`sk_test_...${secret.slice(-4)}`);
    for (const { body } of access.queries.objects("api_key", 0, { before: null, rowsMax: 10 })) {
      expect(body).not.to.include(secret.slice(8));
    }
  });

  it("lets a restricted key do what its scopes say, where writing includes reading", async () => {
    const reader = await make(api, { name: "reader", scopes: { issuing_cardholders: "read" } });
    const writer = await make(api, { name: "writer", scopes: { issuing_cardholders: "write" } });
    const other = await make(api, { name: "other", scopes: { issuing_cards: "write", issuing_cardholders: "none" } });

    expect(reader.secret).to.match(/^rk_test_/);
    expect((await as(api, reader.secret)).status).to.equal(200);
    expect((await as(api, reader.secret, "POST")).status).to.equal(403);
    expect((await as(api, writer.secret)).status).to.equal(200);
    expect((await as(api, writer.secret, "POST")).status).to.equal(400);
    expect((await as(api, other.secret)).status).to.equal(403);
    expect((await as(api, other.secret)).error["message"]).to.include("issuing_cardholders:read");
  });

  it("refuses scopes of what there is not", async () => {
    const made = await api.send("/_admin/api-keys", {
      method: "POST",
      body: JSON.stringify({ name: "x", scopes: { issuing_crads: "read" } }),
    });

    expect(made.status).to.equal(400);
  });

  it("keeps its keys over a reset", async () => {
    const { secret } = await make(api, { name: "till" });

    await api.running.reset();

    expect((await as(api, secret)).status).to.equal(200);
  });
});

function make(api: ApiUnderTest, wish: object): Promise<NewApiKeyView> {
  return admin(api, "", wish);
}

async function admin<Body>(api: ApiUnderTest, path: string, body?: object): Promise<Body> {
  const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await api.send(`/_admin/api-keys${path}`, request);
  expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
  return answer.body as Body;
}

function as(api: ApiUnderTest, secret: string, method = "GET"): Promise<PlainResponse> {
  const headers = { authorization: `Bearer ${secret}` };
  return api.send(url, method === "GET" ? { headers } : { method, headers, body: "name=x" });
}
