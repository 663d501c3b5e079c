import { once } from "node:events";
import { type Server, type ServerResponse, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { demoKey } from "../../src/resources/api-keys.ts";
import { type Served, command, eventually, serve } from "../support/command.ts";
import { type Wire, type WireCard, openWire } from "../support/wire.ts";

type Answering = (response: ServerResponse) => void;

/** Two processes and their supervisor: what the switch has reserved, the platform's endpoint decides. */
describe("cardswitch start, with a real-time endpoint", () => {
  let server: Server;
  let served: Served;
  let wire: Wire;
  let card: WireCard;
  let answering: Answering;
  let asked = 0;

  const says = (body: object): Answering => {
    return (response) => response.writeHead(200, { "stripe-version": "2026-10-28.endive" }).end(JSON.stringify(body));
  };

  beforeEach(async () => {
    asked = 0;
    server = createServer((request, response) => {
      request.resume().on("end", () => {
        asked++;
        answering(response);
      });
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    served = await serve(["--volatile", "--seed", "demo", "--shards", "2"]);
    const { port } = server.address() as AddressInfo;
    const made = await fetch(`${served.url}/v1/webhook_endpoints`, {
      method: "POST",
      headers: { authorization: `Bearer ${demoKey}` },
      body: new URLSearchParams({
        url: `http://127.0.0.1:${port}/decide`,
        "enabled_events[0]": "issuing_authorization.request",
        connect: "true",
      }),
    });
    expect(made.status, await made.clone().text()).to.equal(200);
    card = (await (await fetch(`${served.url}/_admin/cards/us-1`)).json()) as WireCard;
    wire = await openWire("visa", served.ports["visa-style"] ?? 0);
  });

  afterEach(async () => {
    await wire.close();
    server.closeAllConnections();
    server.close();
    await served.end("SIGTERM");
  });

  async function pay(): Promise<string> {
    const outcome = await wire.station.authorize(wire.purchase(card, 1_00n), "us-1");
    return outcome.kind === "answered" ? outcome.responseCode : outcome.kind;
  }

  async function verified(): Promise<object> {
    const { code, stdout } = await command(["verify", "--json", "--url", served.url]);
    return { code, ...(JSON.parse(stdout) as object) };
  }

  it("answers as the endpoint does, from the other process", async () => {
    answering = says({ approved: true });
    const approved = await pay();
    answering = says({ approved: false });
    const declined = await pay();

    expect([approved, declined, asked]).to.deep.equal(["00", "05", 2]);
    expect(await verified()).to.include({ code: 0, isSound: true, openHolds: 1 });
  });

  it("answers by itself when the platform dies over the question", async () => {
    answering = () => process.kill(served.pids.platform, "SIGKILL");

    const code = await pay();

    expect([code, asked]).to.deep.equal(["05", 1]);
    expect(await eventually(async () => (await fetch(`${served.url}/readyz`)).ok)).to.equal(true);
    expect(await verified()).to.include({ code: 0, isSound: true, openHolds: 0 });
  });

  it("ends the question by the endpoint's word when the switch dies over it", async () => {
    answering = (response) => {
      process.kill(served.pids.switch, "SIGKILL");
      setTimeout(() => says({ approved: true })(response), 50);
    };

    void pay().catch(() => "nobody");

    expect(await eventually(async () => asked === 1)).to.equal(true);
    expect(await eventually(async () => (await fetch(`${served.url}/readyz`)).ok, 20_000)).to.equal(true);
    const isHeld = async (): Promise<boolean> =>
      Object.entries(await verified()).some(([name, held]) => name === "openHolds" && held === 1);
    expect(await eventually(isHeld, 20_000)).to.equal(true);
    expect(await verified()).to.include({ code: 0, isSound: true });
  }).timeout(60_000);
});
