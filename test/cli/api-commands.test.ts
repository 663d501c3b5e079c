import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import Stripe from "stripe";
import { type RunningSwitch, startSwitch } from "../../src/public.ts";
import { command, eventually } from "../support/command.ts";

const cli = fileURLToPath(new URL("../../src/cli.js", import.meta.url));

describe("cardswitch, for who builds on the API", () => {
  let running: RunningSwitch;
  let server: Server;
  const received: { body: string; signature: string }[] = [];
  const children: ChildProcess[] = [];

  before(async () => {
    running = await startSwitch({ seed: "demo", volatile: true, shardCount: 2 });
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const signature = String(request.headers["stripe-signature"]);
        received.push({ body: Buffer.concat(chunks).toString("utf8"), signature });
        response.writeHead(204).end();
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    server.close();
    await running.close();
  });

  it("forwards what happens, signed with the secret that it tells, and only what was asked for", async () => {
    const to = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const types = "issuing_card.created,issuing_authorization.created";
    const args = ["listen", "--forward-to", to, "--events", types, "--url", running.api.url, "--json"];
    const child = spawn(process.execPath, [cli, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    children.push(child);
    let said = "";
    child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
    await eventually(async () => said.includes("\n"));
    const { secret } = JSON.parse(said.split("\n")[0] ?? "") as { secret: string };

    const done = await command(["trigger", "issuing_authorization.created", "--url", running.api.url, "--json"]);
    await eventually(async () => received.length === 2);
    child.kill("SIGTERM");
    const [code] = (await once(child, "exit")) as [number | null];

    const events = received.map(({ body, signature }) => Stripe.webhooks.constructEvent(body, signature, secret));
    const { made } = JSON.parse(done.stdout) as { made: Readonly<Record<string, string>> };
    expect(events.map(({ type }) => type)).to.deep.equal(["issuing_card.created", "issuing_authorization.created"]);
    expect(events.map(({ data }) => (data.object as { id: string }).id)).to.deep.equal([
      made["issuing_card.created"],
      made["issuing_authorization.created"],
    ]);
    expect(said).to.include('"outcome":204');
    expect([done.code, code]).to.deep.equal([0, 0]);
  });

  it("triggers every event that it lists", async () => {
    const listed = await command(["trigger", "--list"]);
    const stripe = await running.stripe();

    for (const event of listed.stdout.trim().split("\n")) {
      const done = await command(["trigger", event, "--url", running.api.url]);
      expect([event, done.code, done.stderr]).to.deep.equal([event, 0, ""]);
      const { data } = await stripe.events.list({ type: event, limit: 1 });
      expect(data.map(({ type }) => type)).to.deep.equal([event]);
    }
  }).timeout(60_000);

  it("lists deliveries and sends one again", async () => {
    const stripe = await running.stripe();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/deliveries`;
    const endpoint = await stripe.webhookEndpoints.create({ url, enabled_events: ["issuing_cardholder.created"] });
    await command(["trigger", "issuing_cardholder.created", "--url", running.api.url]);
    await running.settled();
    const told = await command(["deliveries", "--url", running.api.url, "--json"]);
    const { deliveries } = JSON.parse(told.stdout) as {
      deliveries: { event: string; endpoint: string; status: string }[];
    };
    const before = received.length;
    const body = JSON.stringify({ event: deliveries[0]?.event, endpoint: endpoint.id });
    const again = await fetch(`${running.api.url}/_admin/resend`, { method: "POST", body });
    await running.settled();

    expect(deliveries[0]).to.deep.include({ endpoint: endpoint.id, status: "delivered" });
    expect([again.status, received.length]).to.deep.equal([200, before + 1]);
  });

  it("says in one line what cannot be: an event that nobody knows, a key that opens nothing, nobody there", async () => {
    const unknown = await command(["trigger", "issuing_moon.landed"]);
    const closed = await command(["trigger", "topup.succeeded", "--key", "sk_test_wrong", "--url", running.api.url]);
    const nobody = await command(["trigger", "topup.succeeded", "--url", "http://127.0.0.1:9"]);
    const nowhere = await command(["listen", "--forward-to", "here"]);

    expect([unknown, closed, nobody, nowhere].map(({ code }) => code)).to.deep.equal([2, 2, 3, 2]);
    for (const { stderr } of [unknown, closed, nobody, nowhere]) expect(stderr.trim().split("\n")).to.have.lengthOf(1);
  });

  it("begins anew, with the key that there was", async () => {
    const done = await command(["reset", "--url", running.api.url]);
    const { data } = await (await running.stripe()).issuing.cardholders.list();

    expect([done.code, data.length]).to.deep.equal([0, 0]);
  });
});
