import { expect } from "chai";
import { plainAcquirer } from "../../simulators/acquirer.ts";
import type { Answer } from "../../simulators/correlator.ts";
import { Link, type LinkSettings } from "../../simulators/link.ts";
import { mastercardNetwork } from "../../simulators/mastercard-network.ts";
import type { NetworkSide } from "../../simulators/network-side.ts";
import type { Purchase, WireFields } from "../../simulators/purchase.ts";
import { visaNetwork } from "../../simulators/visa-network.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { type Script, ScriptedIssuer, approve } from "./scripted-issuer.ts";
import { purchaseOf, startMs } from "./small-purchase.ts";

describe("simulators/link", () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function connected(side: NetworkSide, script: Script, change: Partial<LinkSettings> = {}) {
    const issuer = new ScriptedIssuer(side, script);
    const port = await issuer.open();
    const address = { kind: "connect", host: "127.0.0.1", port } as const;
    const link = new Link({ side, address, signOn: "by-us", clock: new MovableClock(), reconnectMs: 10, ...change });
    closers.push(
      () => link.close(),
      () => issuer.close(),
    );
    await link.open();
    expect(await link.usable(2_000)).to.equal(true);
    return { issuer, link, port };
  }

  for (const side of [visaNetwork, mastercardNetwork, plainAcquirer]) {
    it(`signs on and gets the answer to a chip purchase and to one on the internet (${side.dialect.name})`, async () => {
      const { issuer, link } = await connected(side, () => approve);

      const answers = [await ask(link, authorization(side, purchaseOf())), await ask(link, online(side))];

      expect(answers.map(responseCode)).to.deep.equal(["00", "00"]);
      expect(issuer.requests.map(({ mti }) => mti)).to.deep.equal(["0800", "0100", "0100"]);
      expect(issuer.requests[0]?.get("70")).to.equal("001");
    });

    it(`names the original in DE90 of a partial reversal and its rest in DE95 (${side.dialect.name})`, async () => {
      const { issuer, link } = await connected(side, () => ({ fields: { 39: "00" } }));
      const purchase = purchaseOf();
      const replacement = { amount: purchase.amount, billing: null };
      const undo = {
        purchase,
        of: "0100",
        stan: "000999",
        cause: "partial",
        replacement,
        authorizationCode: "123456",
      } as const;

      const answer = await ask(link, side.reversal(undo, "0420", startMs));

      expect(responseCode(answer)).to.equal("00");
      const request = issuer.requests[1];
      expect(request?.get("90")).to.equal(`0100${purchase.trace.stan}11221530450000040055100000000000`);
      expect(request?.get("95")?.slice(0, 12)).to.equal("000000002500");
      expect(request?.get("37")).to.equal(purchase.trace.rrn);
    });
  }

  it("finds each answer by its key when the issuer answers in another order", async () => {
    const delays = [60, 5, 30];
    const { link } = await connected(plainAcquirer, (request, count) => ({
      fields: { 38: request.get("11") ?? "", 39: "00" },
      afterMs: delays[count - 2] ?? 0,
    }));
    const purchases = [purchaseOf(), purchaseOf(), purchaseOf()];

    const answers = await Promise.all(purchases.map((purchase) => ask(link, authorization(plainAcquirer, purchase))));

    expect(answers.map((answer) => answer.kind === "reply" && answer.message.get("38"))).to.deep.equal(
      purchases.map(({ trace }) => trace.stan),
    );
  });

  it("counts an answer that comes after the time given as late, and one that nobody asked for as unexpected", async () => {
    const { issuer, link } = await connected(plainAcquirer, () => ({
      fields: { 38: "123456", 39: "00" },
      afterMs: 80,
    }));
    const answer = await ask(link, authorization(plainAcquirer, purchaseOf()), 20);
    await until(() => link.counts.late === 1);
    expect(answer).to.deep.equal({ kind: "silence", cause: "timeout" });
    issuer.script = () => approve;

    const fields = authorization(plainAcquirer, purchaseOf());
    await ask(link, fields);
    link.write(new Uint8Array([0, 0]));
    await ask(link, { ...fields, 0: "0101" });

    expect(link.counts.late).to.equal(1);
    expect(link.counts.unexpected).to.equal(0);
  });

  it("gives up what was asked when the cable is cut, and signs on again by itself", async () => {
    const { issuer, link } = await connected(visaNetwork, () => null);
    const pending = ask(link, authorization(visaNetwork, purchaseOf()));
    await until(() => issuer.mtis().length === 1);
    issuer.cutAll();
    expect(await pending).to.deep.equal({ kind: "silence", cause: "link_lost" });
    issuer.script = () => approve;

    const isBack = await link.usable(2_000);

    expect(isBack).to.equal(true);
    expect(link.counts.connections).to.equal(2);
    expect(responseCode(await ask(link, authorization(visaNetwork, purchaseOf())))).to.equal("00");
  });

  it("is understood when its frames arrive in pieces and glued together", async () => {
    const { link } = await connected(visaNetwork, () => approve, { split: seededRandom(4) });

    const purchases = Array.from({ length: 20 }, () => purchaseOf());
    const answers = await Promise.all(purchases.map((purchase) => ask(link, authorization(visaNetwork, purchase))));

    expect(answers.map(responseCode)).to.deep.equal(purchases.map(() => "00"));
  });

  it("listens for an issuer that connects and signs on by itself", async () => {
    const clock = new MovableClock();
    const address = { kind: "listen", host: "127.0.0.1", port: 0 } as const;
    const network = new Link({ side: plainAcquirer, address, signOn: "by-them", clock });
    const port = await network.open();
    const issuerSide = { kind: "connect", host: "127.0.0.1", port } as const;
    const issuer = new Link({ side: plainAcquirer, address: issuerSide, signOn: "by-us", clock });
    closers.push(
      () => issuer.close(),
      () => network.close(),
    );
    expect(network.isUsable).to.equal(false);

    await issuer.open();

    expect(await network.usable(2_000)).to.equal(true);
    expect(await issuer.manage("301")).to.equal(true);
    expect(await issuer.manage("002")).to.equal(true);
    expect(network.isUsable).to.equal(false);
  });
});

export function ask(link: Link, fields: WireFields, timeoutMs = 2_000): Promise<Answer> {
  return new Promise((resolve) => link.request(fields, timeoutMs, resolve));
}

function authorization(side: NetworkSide, purchase: Purchase): WireFields {
  return side.request(purchase, "0100", startMs);
}

function online(side: NetworkSide): WireFields {
  return authorization(side, purchaseOf({ entry: "ecommerce" }));
}

function responseCode(answer: Answer): string | undefined {
  return answer.kind === "reply" ? answer.message.get("39") : answer.cause;
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let turns = 0; turns < 400 && !isTrue(); turns++) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(isTrue()).to.equal(true);
}
