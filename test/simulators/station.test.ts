import { expect } from "chai";
import { plainAcquirer } from "../../simulators/acquirer.ts";
import { FaultProxy } from "../../simulators/fault-proxy.ts";
import { SeenJournal } from "../../simulators/journal.ts";
import { Link } from "../../simulators/link.ts";
import type { NetworkSide } from "../../simulators/network-side.ts";
import type { Undo } from "../../simulators/purchase.ts";
import { Station, seenKey } from "../../simulators/station.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { visaNetwork } from "../../simulators/visa-network.ts";
import { minor } from "../../src/kernel/money.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { type Script, ScriptedIssuer, accept, approve } from "./scripted-issuer.ts";
import { purchaseOf } from "./small-purchase.ts";

describe("simulators/station", () => {
  const closers: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function open(script: Script, side: NetworkSide = plainAcquirer) {
    const issuer = new ScriptedIssuer(side, script);
    const opened = await stationAt(await issuer.open(), side);
    closers.push(() => issuer.close());
    return { issuer, ...opened };
  }

  async function stationAt(port: number, side: NetworkSide = plainAcquirer) {
    const address = { kind: "connect", host: "127.0.0.1", port } as const;
    const clock = new MovableClock();
    const link = new Link({ side, address, signOn: "by-us", clock, reconnectMs: 10 });
    await link.open();
    await link.usable(2_000);
    const journal = new SeenJournal();
    const numbers = new TraceNumbers(9);
    const standsIn = side !== plainAcquirer;
    const station = new Station({ link, clock, journal, numbers, timeoutMs: 40, restMs: 20, standsIn });
    closers.push(
      () => station.close(),
      () => link.close(),
    );
    return { station, journal };
  }

  it("counts half an answer as none, and gets the whole one by asking again over a new connection", async () => {
    const issuer = new ScriptedIssuer(plainAcquirer, () => approve);
    const target = { host: "127.0.0.1", port: await issuer.open() };
    const proxy = new FaultProxy({ listen: { host: "127.0.0.1", port: 0 }, target });
    const between = await proxy.open();
    closers.push(
      () => proxy.close(),
      () => issuer.close(),
    );
    const { station, journal } = await stationAt("port" in between ? between.port : 0);
    const purchase = purchaseOf();
    proxy.set({ kind: "half-reply" });

    const outcome = await station.authorize(purchase, "us-1");

    expect(outcome).to.include({ kind: "answered", responseCode: "00", attempts: 2 });
    expect(issuer.mtis()).to.deep.equal(["0100", "0101"]);
    expect(proxy.counts().accepted).to.equal(2);
    expect(journal.count("approved")).to.equal(1);
  });

  it("knows nothing of an approval whose answers all vanish", async () => {
    const issuer = new ScriptedIssuer(plainAcquirer, () => approve);
    const target = { host: "127.0.0.1", port: await issuer.open() };
    const proxy = new FaultProxy({ listen: { host: "127.0.0.1", port: 0 }, target });
    const between = await proxy.open();
    closers.push(
      () => proxy.close(),
      () => issuer.close(),
    );
    const { station, journal } = await stationAt("port" in between ? between.port : 0);
    const purchase = purchaseOf();
    proxy.set({ kind: "blackhole" });

    const outcome = await station.authorize(purchase, "us-1");

    expect(outcome).to.deep.equal({ kind: "silent" });
    expect(journal.find(seenKey(purchase))).to.include({ verdict: "unknown", undo: "open" });
    proxy.set({ kind: "pass" });
    expect(await station.stored.drained(2_000)).to.equal(true);
    expect(journal.find(seenKey(purchase))).to.include({ verdict: "unknown", undo: "answered" });
  });

  it("writes down an approval that was answered whole", async () => {
    const { station, journal } = await open(() => approve);
    const purchase = purchaseOf();

    const outcome = await station.authorize(purchase, "us-1");

    expect(outcome).to.include({ kind: "answered", responseCode: "00", authorizationCode: "123456", attempts: 1 });
    expect(journal.find(seenKey(purchase))).to.include({ verdict: "approved", undo: "none", card: "us-1" });
  });

  it("repeats as 0101 after silence, and takes the answer to the repeat", async () => {
    const { issuer, station, journal } = await open(({ mti }) => (mti === "0101" ? approve : null));
    const purchase = purchaseOf();

    const outcome = await station.authorize(purchase, "us-1");

    expect(outcome).to.include({ kind: "answered", attempts: 2 });
    expect(issuer.mtis()).to.deep.equal(["0100", "0101"]);
    expect(issuer.requests[1]?.get("37")).to.equal(issuer.requests[2]?.get("37"));
    expect(journal.find(seenKey(purchase))?.verdict).to.equal("approved");
  });

  it("stores a reversal advice after a second silence and repeats it as 0421 until it is answered", async () => {
    const { issuer, station, journal } = await open((_, count) => (count >= 6 ? accept : null));
    const purchase = purchaseOf();

    const outcome = await station.authorize(purchase, "us-1");
    expect(journal.find(seenKey(purchase))).to.include({ verdict: "unknown", undo: "open" });
    const isDrained = await station.stored.drained(2_000);

    expect(outcome.kind).to.equal("silent");
    expect(isDrained).to.equal(true);
    expect(issuer.mtis()).to.deep.equal(["0100", "0101", "0420", "0421", "0421"]);
    expect(new Set(issuer.requests.slice(3).map((request) => request.get("11"))).size).to.equal(1);
    expect(journal.find(seenKey(purchase))).to.include({ verdict: "unknown", undo: "answered" });
  });

  it("sends stored advices one at a time and in order, and goes on after the line was cut", async () => {
    const { issuer, station } = await open(() => null);
    const undos = [1, 2, 3].map((number): Undo => {
      const purchase = purchaseOf();
      return {
        purchase,
        of: "0100",
        stan: `00000${number}`,
        cause: "timeout",
        replacement: null,
        authorizationCode: null,
      };
    });

    for (const undo of undos) station.stored.push({ kind: "reversal", mti: "0420", undo });
    await new Promise((resolve) => setTimeout(resolve, 60));
    issuer.cutAll();
    issuer.script = () => accept;
    const isDrained = await station.stored.drained(2_000);

    expect(isDrained).to.equal(true);
    const stans = issuer.requests.filter(({ mti }) => mti.startsWith("04")).map((request) => request.get("11"));
    expect(stans.slice(-3)).to.deep.equal(["000001", "000002", "000003"]);
    expect(new Set(stans.slice(0, -2))).to.deep.equal(new Set(["000001"]));
  });

  it("does not count an approval whose answer names another amount, and takes it back", async () => {
    const { issuer, station, journal } = await open(({ mti }) =>
      mti === "0100" ? { fields: { 4: "000000002600", 38: "123456", 39: "00" } } : accept,
    );
    const purchase = purchaseOf();

    const outcome = await station.authorize(purchase, "us-1");
    await station.stored.drained(2_000);

    expect(outcome).to.include({ kind: "faulty", fault: "DE4 is not that of the request" });
    expect(journal.find(seenKey(purchase))).to.include({ verdict: "unknown", undo: "answered" });
    expect(issuer.mtis()).to.deep.equal(["0100", "0420"]);
  });

  it("does not count an approval without an authorization code", async () => {
    const { station, journal } = await open(() => accept);
    const purchase = purchaseOf();

    const outcome = await station.authorize(purchase, "us-1");

    expect(outcome).to.include({ kind: "faulty", fault: "an approval without DE38" });
    expect(journal.count("approved")).to.equal(0);
  });

  it("stands in for an issuer that says 91: 100.00 pass, a cent more does not, and 0120s tell it of both in order", async () => {
    const { issuer, station, journal } = await open(
      ({ mti }) => (mti === "0100" ? { fields: { 39: "91" } } : accept),
      visaNetwork,
    );
    const small = purchaseOf({ network: "visa", amount: minor(100_00n) });
    const large = purchaseOf({ network: "visa", amount: minor(100_01n) });

    const outcomes = [await station.authorize(small, "us-1"), await station.authorize(large, "us-1")];
    await station.stored.drained(2_000);

    expect(outcomes.map((outcome) => outcome.kind === "stood_in" && outcome.responseCode)).to.deep.equal(["00", "05"]);
    const told = issuer.requests.filter(({ mti }) => mti === "0120");
    expect(told.map((advice) => [advice.get("11"), advice.get("39"), advice.get("38")?.length])).to.deep.equal([
      [small.trace.stan, "00", 6],
      [large.trace.stan, "05", undefined],
    ]);
    expect(journal.find(seenKey(small))).to.include({ verdict: "approved", undo: "none" });
    expect(journal.find(seenKey(large))?.verdict).to.equal("declined");
  });

  it("stands in after silence without asking again, and repeats its advice as 0121 until it is answered", async () => {
    const { issuer, station } = await open((_, count) => (count >= 6 ? accept : null), visaNetwork);

    const outcome = await station.authorize(purchaseOf({ network: "visa" }), "us-1");
    const isDrained = await station.stored.drained(2_000);

    expect(outcome).to.include({ kind: "stood_in", responseCode: "00" });
    expect(isDrained).to.equal(true);
    expect(issuer.mtis()).to.deep.equal(["0100", "0120", "0121", "0121", "0121"]);
  });
});
