import { expect } from "chai";
import { newKeySecret } from "../../src/resources/api-keys.ts";
import { secureRandom } from "../../src/kernel/random.ts";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";

const url = "/v1/issuing/cardholders";

describe("api/api-server", () => {
  let api: ApiUnderTest;

  before(async () => {
    api = await openApiUnderTest({ seed: "demo" });
  });

  after(() => api.running.close());

  it("knows a key as a bearer token and as the user name of Basic", async () => {
    const { key } = api.running.api;
    const basic = `Basic ${Buffer.from(`${key}:`).toString("base64")}`;

    expect((await api.send(url)).status).to.equal(200);
    expect((await api.send(url, { headers: { authorization: basic } })).status).to.equal(200);
    expect((await api.send(url, { headers: { authorization: "Bearer sk_test_demo" } })).status).to.equal(200);
  });

  it("refuses a stranger before it reads the body, and never tells the key that was tried", async () => {
    const stranger = newKeySecret(secureRandom, false);
    const tried = await api.send(url, { headers: { authorization: `Bearer ${stranger}` } });
    const nobody = await api.send(url, { headers: { authorization: "" } });
    const publishable = await api.send(url, { headers: { authorization: "Bearer pk_test_1" } });

    expect(tried.status).to.equal(401);
    expect(tried.error).to.deep.include({ type: "invalid_request_error" });
    expect(tried.error).not.to.have.property("code");
    expect(JSON.stringify(tried.body)).to.include(stranger.slice(-4)).and.not.to.include(stranger);
    expect(nobody.status).to.equal(401);
    expect(publishable.error).to.deep.include({ code: "secret_key_required" });
  });

  it("echoes what belongs to the request", async () => {
    const { headers } = await api.send(url, { headers: { "stripe-version": "2019-01-01", "idempotency-key": "k" } });

    expect(headers.get("request-id")).to.match(/^req_[0-9A-Za-z]{14}$/);
    expect(headers.get("stripe-version")).to.equal("2019-01-01");
    expect(headers.get("idempotency-key")).to.equal("k");
    expect((await api.send(url)).headers.get("stripe-version")).to.equal("2026-10-28.endive");
  });

  it("is told by the SDK what it asked for and as whom", async () => {
    const list = await api.stripe.issuing.cardholders.list({ limit: 1 });

    expect(list.lastResponse.requestId).to.match(/^req_/);
    expect(list.lastResponse.apiVersion).to.equal("2026-10-28.endive");
  });

  it("answers a path or a method that there is not with 404 in the API's own shape", async () => {
    for (const [path, method] of [
      ["/v1/nothing", "GET"],
      [`${url}/%zz`, "GET"],
      [url, "DELETE"],
    ] as const) {
      const { error, status } = await api.send(path, { method });

      expect(status).to.equal(404);
      expect(error["message"]).to.include(`Unrecognized request URL (${method}: ${path})`);
    }
  });

  it("refuses JSON and says what would be right", async () => {
    const headers = { "content-type": "application/json" };
    const body = new TextEncoder().encode('{"name":"Jenny Rosen"}');
    const { error, status } = await api.send(url, { method: "POST", headers, body });

    expect(status).to.equal(400);
    expect(error["message"]).to.include("application/x-www-form-urlencoded");
  });

  it("refuses a body that says it is encoded, and never takes it as it is", async () => {
    const body = "amount=100&currency=usd";
    const send = (encoding: string) =>
      api.send("/v1/topups", { method: "POST", body, headers: { "content-encoding": encoding } });
    const [packed, plain] = [await send("gzip"), await send("identity")];

    expect([packed.status, plain.status]).to.deep.equal([400, 200]);
    expect(packed.error).to.deep.include({ type: "invalid_request_error" });
    expect(String(packed.error?.["message"])).to.include("Content-Encoding");
  });

  it("refuses an upload where none is expected, and a body beyond the limit", async () => {
    const upload = { "content-type": "multipart/form-data; boundary=x" };
    const multipart = await api.send(url, { method: "POST", headers: upload, body: new Uint8Array(10) });
    const large = await api.send(url, { method: "POST", body: `name=${"x".repeat(262_144)}` });

    expect(multipart.status).to.equal(400);
    expect(large.status).to.equal(413);
    expect(large.error).to.deep.include({ type: "invalid_request_error" });
  });

  it("refuses a URL that is too long in the API's own shape, although no route sees it", async () => {
    const { error, status } = await api.send(`${url}?email=${"a".repeat(20_000)}`);

    expect([status, error["type"]]).to.deep.equal([431, "invalid_request_error"]);
    expect(error["message"]).to.match(/too long/);
  });

  it("does nothing for a web page of another place", async () => {
    const { status } = await api.send(url, { headers: { origin: "http://example.com" } });

    expect(status).to.equal(404);
  });

  it("describes its routes, without a key", async () => {
    const { body } = await api.send("/openapi.json", { headers: { authorization: "" } });

    expect(body["openapi"]).to.equal("3.1.0");
    expect(body["paths"]).to.have.property(url);
  });

  it("leaves health and administration where they were", async () => {
    expect((await api.send("/healthz")).body).to.deep.equal({ status: "ok" });
  });
});

describe("the API and a reset", () => {
  it("answers 503 while there is nothing to be asked, never a fault of ours, and goes on afterwards", async () => {
    const api = await openApiUnderTest({ seed: "demo" });
    const statuses = new Set<number>();
    let isOver = false;
    const asking = async (): Promise<void> => {
      // Accounts are read anew each time, since they live in several shards.
      while (!isOver) statuses.add((await api.send("/v1/accounts?limit=1")).status);
    };

    const askers = [asking(), asking(), asking(), asking()];
    await api.running.reset();
    isOver = true;
    await Promise.all(askers);
    const afterwards = await api.send(url);
    await api.running.close();

    expect([...statuses].filter((status) => status !== 200 && status !== 503)).to.deep.equal([]);
    expect(statuses).to.include(503);
    expect(afterwards.status).to.equal(200);
  });
});
