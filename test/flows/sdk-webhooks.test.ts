import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import Stripe from "stripe";
import { type ApiUnderTest, openApiUnderTest } from "../support/api.ts";
import { type CardProgram, openCardProgram } from "../support/card-program.ts";
import { checkTold } from "../support/strict-answers.ts";

interface Received {
  readonly body: string;
  readonly signature: string;
}

describe("flows/events reach endpoints", () => {
  let api: ApiUnderTest;
  let program: CardProgram;
  let server: Server;
  let received: Received[];
  let statuses: number[];

  before(async () => {
    api = await openApiUnderTest();
  });

  after(() => api.running.close());

  beforeEach(async () => {
    received = [];
    statuses = [];
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const signature = String(request.headers["stripe-signature"]);
        const body = Buffer.concat(chunks).toString("utf8");
        checkTold(body);
        received.push({ body, signature });
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    program = await openCardProgram(api);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function url(): string {
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  }

  function read(secret: string | undefined): Stripe.Event[] {
    return received.map(({ body, signature }) => Stripe.webhooks.constructEvent(body, signature, secret ?? ""));
  }

  it("tells an account's endpoint of what it asked for, signed, in the bytes that the list of events shows", async () => {
    const { secret } = await api.stripe.webhookEndpoints.create(
      { url: url(), enabled_events: ["issuing_authorization.created", "issuing_authorization.updated"] },
      program.as,
    );
    const helper = api.stripe.testHelpers.issuing.authorizations;
    const { id } = await helper.create({ card: program.card.id, amount: 500 }, program.as);
    await helper.reverse(id, {}, program.as);
    await api.running.settled();

    const events = read(secret);
    expect(events.map(({ type, account }) => [type, account])).to.have.deep.members([
      ["issuing_authorization.created", program.account.id],
      ["issuing_authorization.updated", program.account.id],
    ]);
    const updated = events.find(({ type }) => type === "issuing_authorization.updated");
    expect(updated?.data.previous_attributes).to.deep.include({ amount: 500, status: "pending" });
    const listed = await api.stripe.events.retrieve(updated?.id ?? "", {}, program.as);
    expect([updated?.pending_webhooks, listed.pending_webhooks]).to.deep.equal([1, 0]);
    const told = { ...JSON.parse(JSON.stringify(updated)), pending_webhooks: 0 };
    expect(JSON.parse(JSON.stringify(listed))).to.deep.equal(told);
  });

  it("tells the platform's endpoint of connected accounts where it asked for that, and of nothing of its own", async () => {
    const endpoint = await api.stripe.webhookEndpoints.create({ url: url(), enabled_events: ["*"], connect: true });
    await api.stripe.topups.create({ amount: 100, currency: "usd" });
    const helper = api.stripe.testHelpers.issuing.authorizations;
    await helper.create({ card: program.card.id, amount: 500 }, program.as);
    await api.running.settled();
    await api.stripe.webhookEndpoints.del(endpoint.id);

    const types = read(endpoint.secret).map(({ type, account }) => [type, account]);
    expect(types).to.deep.equal([["issuing_authorization.created", program.account.id]]);
  });

  it("tries again by business time what an endpoint did not take, with the same bytes and a signature of now", async () => {
    statuses = [500, 302, 200];
    const { secret } = await api.stripe.webhookEndpoints.create(
      { url: url(), enabled_events: ["issuing_card.updated"] },
      program.as,
    );
    await api.stripe.issuing.cards.update(program.card.id, { metadata: { a: "b" } }, program.as);
    await api.running.settled();
    const afterFirst = received.length;
    await api.running.clock.advance({ minutes: 6 });
    await api.running.settled();
    await api.running.clock.advance({ hours: 2 });
    await api.running.settled();
    await api.running.clock.advance({ days: 2 });
    await api.running.settled();

    expect([afterFirst, received.length]).to.deep.equal([1, 3]);
    expect(new Set(received.map(({ body }) => body)).size).to.equal(1);
    expect(read(secret)).to.have.lengthOf(3);
  });

  it("lists events by whether every endpoint has taken them, from the moment that they are told", async () => {
    const { stripe } = api;
    await stripe.webhookEndpoints.create({ url: url(), enabled_events: ["issuing_card.updated"] }, program.as);
    statuses = [500];
    await stripe.issuing.cards.update(program.card.id, { metadata: { a: "b" } }, program.as);
    const type = "issuing_card.updated";
    const listed = async (isDelivered: boolean): Promise<number[]> => {
      const { data } = await stripe.events.list({ type, delivery_success: isDelivered }, program.as);
      return data.map(({ pending_webhooks: pending }) => pending);
    };
    const atOnce = [await listed(true), await listed(false)];
    await api.running.settled();
    const refused = [await listed(true), await listed(false)];
    await api.running.clock.advance({ hours: 1 });
    await api.running.settled();
    const taken = [await listed(true), await listed(false)];

    expect({ atOnce, refused, taken }).to.deep.equal({
      atOnce: [[], [1]],
      refused: [[], [1]],
      taken: [[0], []],
    });
  });

  it("says in every letter for how many endpoints its event is meant, also where one has taken it meanwhile", async () => {
    for (let n = 0; n < 2; n++) {
      await api.stripe.webhookEndpoints.create({ url: url(), enabled_events: ["issuing_card.updated"] }, program.as);
    }
    statuses = [500];
    await api.stripe.issuing.cards.update(program.card.id, { metadata: { a: "b" } }, program.as);
    await api.running.settled();
    await api.running.clock.advance({ hours: 1 });
    await api.running.settled();

    const pending = received.map(({ body }) => (JSON.parse(body) as Stripe.Event).pending_webhooks);
    expect(pending).to.deep.equal([2, 2, 2]);
  });

  it("tells nobody what happened before he listened, nor after he was disabled", async () => {
    const { stripe } = api;
    await stripe.issuing.cards.update(program.card.id, { metadata: { before: "1" } }, program.as);
    await api.running.clock.advance({ minutes: 1 });
    const endpoint = await stripe.webhookEndpoints.create({ url: url(), enabled_events: ["*"] }, program.as);
    await stripe.issuing.cards.update(program.card.id, { metadata: { now: "1" } }, program.as);
    await api.running.settled();
    await stripe.webhookEndpoints.update(endpoint.id, { disabled: true }, program.as);
    await stripe.issuing.cards.update(program.card.id, { metadata: { after: "1" } }, program.as);
    await api.running.settled();

    const cards = read(endpoint.secret).map(({ data }) => (data.object as Stripe.Issuing.Card).metadata);
    expect(cards).to.deep.equal([{ before: "1", now: "1" }]);
  });

  it("tells an account at once, however many letters wait for another account's endpoint that never answers", async () => {
    const silent = createServer(() => undefined).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const hang = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/hook`;
    await api.stripe.webhookEndpoints.create({ url: hang, enabled_events: ["issuing_card.updated"] }, program.as);
    for (let n = 0; n < 40; n++) {
      await api.stripe.issuing.cards.update(program.card.id, { metadata: { n: String(n) } }, program.as);
    }
    const neighbour = await openCardProgram(api);
    await api.stripe.webhookEndpoints.create({ url: url(), enabled_events: ["issuing_card.updated"] }, neighbour.as);
    await api.stripe.issuing.cards.update(neighbour.card.id, { metadata: { a: "b" } }, neighbour.as);
    for (let waits = 0; waits < 60 && received.length === 0; waits++) await new Promise((go) => setTimeout(go, 50));
    const told = received.length;
    const freed = setInterval(() => silent.closeAllConnections(), 20);
    await api.running.settled();
    clearInterval(freed);
    silent.close();

    expect(told).to.equal(1);
  });

  it("tells what was in the queue when its Redis died", async () => {
    const silent: ServerResponse[] = [];
    server.removeAllListeners("request");
    server.on("request", (_request, response) => silent.push(response));
    // More letters than may be under way at once: some wait in the queue.
    for (let n = 0; n < 18; n++) {
      await api.stripe.webhookEndpoints.create({ url: url(), enabled_events: ["issuing_card.updated"] }, program.as);
    }
    for (let n = 0; n < 16; n++) {
      await api.stripe.issuing.cards.update(program.card.id, { metadata: { n: String(n) } }, program.as);
    }
    while (silent.length < 100) await new Promise((go) => setTimeout(go, 20));
    for (const pid of queues()) process.kill(pid, "SIGKILL");
    server.removeAllListeners("request");
    server.on("request", (_request, response) => response.end());
    for (const response of silent) response.end();
    const isTold = await api.running.settled().then(
      () => true,
      () => false,
    );

    const { data } = await api.stripe.events.list(
      { type: "issuing_card.updated", delivery_success: false },
      program.as,
    );
    expect([isTold, data.length]).to.deep.equal([true, 0]);
  });

  it("tells of each of many changes in a row with the object as that change left it", async () => {
    await api.stripe.webhookEndpoints.create({ url: url(), enabled_events: ["issuing_card.updated"] }, program.as);
    const wanted: string[] = [];
    for (let n = 0; n < 300; n++) {
      wanted.push(String(n));
      await api.stripe.issuing.cards.update(program.card.id, { metadata: { n: String(n) } }, program.as);
    }
    await api.running.settled();

    const told = received.map(({ body }) => (JSON.parse(body) as Stripe.IssuingCardUpdatedEvent).data.object.metadata);
    expect(told.map((metadata) => metadata["n"])).to.have.members(wanted);
  }).timeout(30_000);

  it("never tells a card's number or code", async () => {
    await api.stripe.webhookEndpoints.create({ url: url(), enabled_events: ["*"] }, program.as);
    await api.stripe.issuing.cards.update(program.card.id, { metadata: { a: "1" } }, program.as);
    await api.stripe.testHelpers.issuing.authorizations.create({ card: program.card.id, amount: 5 }, program.as);
    await api.running.settled();
    const { number, cvc } = await api.stripe.issuing.cards.retrieve(
      program.card.id,
      { expand: ["number", "cvc"] },
      program.as,
    );

    expect(received.length).to.be.greaterThan(1);
    for (const { body } of received) {
      expect(body).not.to.include(number ?? "there is none");
      expect(body).not.to.match(/"(number|cvc)":/);
    }
    expect(cvc).to.match(/^\d{3}$/);
  });
});

/** Processes of the Redis that keeps the queue of deliveries of this one. */
function queues(): number[] {
  const lines = execFileSync("ps", ["-eo", "pid,ppid,args"], { encoding: "utf8" }).split("\n");
  return lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...words]) => parent === String(process.pid) && words.join(" ").includes("/queue"))
    .map(([pid]) => Number(pid));
}
