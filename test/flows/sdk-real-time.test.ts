import { once } from "node:events";
import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import Stripe from "stripe";
import { must } from "../../src/kernel/assert.ts";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { type CardProgram, expectSoundBooks, openCardProgram } from "../support/card-program.ts";
import { checkTold } from "../support/strict-answers.ts";
import { openWire } from "../support/wire.ts";

type Answering = (event: Stripe.Event, response: ServerResponse) => void;

const version = { "stripe-version": "2026-10-28.endive" };

function says(body: object): Answering {
  return (_event, response) => response.writeHead(200, version).end(JSON.stringify(body));
}

describe("flows/a program's endpoint decides", () => {
  let api: ApiUnderTest;
  let program: CardProgram;
  let server: Server;
  let secret: string;
  let answering: Answering;
  let asked: Stripe.Event[];

  beforeEach(async () => {
    asked = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const signature = String(request.headers["stripe-signature"]);
        const event = Stripe.webhooks.constructEvent(Buffer.concat(chunks), signature, secret);
        checkTold(Buffer.concat(chunks).toString("utf8"));
        asked.push(event);
        answering(event, response);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    api = await openApiUnderTest({ seed: "demo" });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/decide`;
    const endpoint = await api.stripe.webhookEndpoints.create({
      url,
      enabled_events: ["issuing_authorization.request"],
      connect: true,
    });
    secret = endpoint.secret ?? "";
    program = await openCardProgram(api);
  });

  afterEach(async () => {
    await expectSoundBooks(api, program);
    await api.running.close();
    server.closeAllConnections();
    server.close();
  });

  function authorize(
    amount: number,
    more: { is_amount_controllable?: boolean; amount_details?: { cashback_amount: number } } = {},
  ): Promise<Stripe.Issuing.Authorization> {
    return api.stripe.testHelpers.issuing.authorizations.create({ card: program.card.id, amount, ...more }, program.as);
  }

  function reasonsOf(authorization: Stripe.Issuing.Authorization): [string, string | null][] {
    return authorization.request_history.map(({ reason, reason_message }) => [reason, reason_message]);
  }

  it("is asked with what it is asked about, and its approval holds the money", async () => {
    answering = says({ approved: true, metadata: { order: "17" } });

    const authorization = await authorize(1_000);

    expect(authorization).to.deep.include({ approved: true, status: "pending", amount: 1_000 });
    expect(authorization.metadata).to.deep.equal({ order: "17" });
    expect(reasonsOf(authorization)).to.deep.equal([["webhook_approved", null]]);
    const question = must(asked[0], "the endpoint was asked");
    const object = question.data.object as Stripe.Issuing.Authorization;
    expect(question).to.include({ type: "issuing_authorization.request", account: program.account.id });
    expect(object.pending_request).to.deep.include({ amount: 1_000, currency: "usd", is_amount_controllable: false });
    expect(object).to.deep.include({ id: authorization.id, approved: false, request_history: [] });
  });

  it("approves a part only where the merchant can take one, and never less than the cash that is paid out", async () => {
    answering = says({ approved: true, amount: 300 });

    const part = await authorize(1_000, { is_amount_controllable: true });
    const whole = await authorize(1_000);
    const cash = await authorize(1_000, { is_amount_controllable: true, amount_details: { cashback_amount: 400 } });

    expect([part.amount, whole.amount]).to.deep.equal([300, 1_000]);
    expect([cash.approved, cash.request_history[0]?.reason]).to.deep.equal([false, "webhook_error"]);
  });

  it("declines by its word, and by what nobody can understand, and says why", async () => {
    answering = says({ approved: false });
    const declined = await authorize(1_000);
    answering = says({});
    const unclear = await authorize(1_000);
    answering = (_event, response) => response.writeHead(500, version).end();
    const broken = await authorize(1_000);

    expect([declined, unclear, broken].map(({ approved }) => approved)).to.deep.equal([false, false, false]);
    expect(reasonsOf(declined)).to.deep.equal([["webhook_declined", null]]);
    expect(reasonsOf(unclear)[0]?.[0]).to.equal("webhook_error");
    expect(reasonsOf(unclear)[0]?.[1]).to.include("approved");
    expect(reasonsOf(broken)[0]?.[1]).to.include("500");
  });

  it("is not waited for beyond its time: then the account's default counts", async () => {
    answering = () => undefined;

    const silent = await authorize(1_000);

    expect([silent.approved, silent.request_history[0]?.reason]).to.deep.equal([false, "webhook_timeout"]);
  });

  it("is not asked about what is declined without it", async () => {
    answering = says({ approved: true });
    await api.stripe.issuing.cards.update(program.card.id, { status: "inactive" }, program.as);

    const authorization = await authorize(1_000);

    expect(authorization.request_history[0]?.reason).to.equal("card_inactive");
    expect(asked).to.deep.equal([]);
  });

  it("may be answered by a call of one's own while it is asked", async () => {
    answering = (event, response) => {
      const { id } = event.data.object as Stripe.Issuing.Authorization;
      void api.stripe.issuing.authorizations
        .approve(id, { metadata: { by: "call" } }, program.as)
        .then(() => response.writeHead(200, version).end("{}"));
    };

    const authorization = await authorize(1_000);

    expect([authorization.approved, authorization.request_history[0]?.reason]).to.deep.equal([
      true,
      "webhook_approved",
    ]);
    expect(authorization.metadata).to.deep.equal({ by: "call" });
    const again = await api.stripe.issuing.authorizations
      .decline(authorization.id, {}, program.as)
      .catch((e: unknown) => e);
    expect(again).to.be.instanceOf(Stripe.errors.StripeInvalidRequestError);
  });

  it("decides a 0100 of a network as well, in the network's time", async () => {
    const demo = must(api.running.demo, "the demo program is seeded");
    const card = must(demo.cards.get("us-1"), "card us-1");
    answering = says({ approved: true });
    const wire = await openWire("visa", api.running.visa.port);
    const approved = await wire.station.authorize(wire.purchase(card, 12_50n), "us-1");
    answering = says({ approved: false });
    const declined = await wire.station.authorize(wire.purchase(card, 13_50n), "us-1");
    await wire.close();

    expect(approved).to.include({ kind: "answered", responseCode: "00" });
    expect(declined).to.include({ kind: "answered", responseCode: "05" });
    expect(
      asked.map(({ data }) => (data.object as Stripe.Issuing.Authorization).pending_request?.amount),
    ).to.deep.equal([1_250, 1_350]);
  });

  it("decides fifty at once that each take 300 ms, and none is out of time", async () => {
    answering = (_event, response) => {
      setTimeout(() => response.writeHead(200, version).end('{"approved":true}'), 300);
    };

    const decided = await Promise.all(Array.from({ length: 50 }, () => authorize(100)));

    expect(decided.map(({ request_history: [first] }) => first?.reason)).to.deep.equal(
      Array.from({ length: 50 }, () => "webhook_approved"),
    );
  });
});
