import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readJournal } from "../../simulators/journal.ts";
import { networkSides } from "../../simulators/sides.ts";
import { runTraffic } from "../../simulators/traffic.ts";
import { startTraffic } from "../../simulators/traffic-process.ts";
import type { TrafficReport } from "../../simulators/traffic-report.ts";
import {
  type TrafficCard,
  type TrafficSettings,
  plainMix,
  usualMix,
  usualTraffic,
} from "../../simulators/traffic-settings.ts";
import { type Clock, ManualClock, MovableClock } from "../../src/kernel/clock.ts";
import type { Message } from "../../src/iso8583/public.ts";
import { randomPan } from "../../src/kernel/pan.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { type Script, ScriptedIssuer, accept } from "./scripted-issuer.ts";
import { startMs } from "./small-purchase.ts";

const random = seededRandom(3);
const cards: TrafficCard[] = Array.from({ length: 40 }, (_, index) => ({
  key: `card-${index}`,
  pan: randomPan(random, "40000094"),
  expiry: "2911",
  currency: 840,
  blockedCategory: index % 4 === 1 ? "7995" : null,
  limitEach: index % 4 === 2 ? 50_000 : null,
}));
const limitedPans = new Set(cards.filter(({ limitEach }) => limitEach !== null).map(({ pan }): string => pan));

describe("simulators/traffic", () => {
  const closers: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function issuerOf(
    network: TrafficSettings["network"],
    script: Script,
  ): Promise<{ issuer: ScriptedIssuer; port: number }> {
    const issuer = new ScriptedIssuer(networkSides[network], script);
    const port = await issuer.open();
    closers.push(() => issuer.close());
    return { issuer, port };
  }

  const settingsOf = (change: Partial<TrafficSettings>): TrafficSettings => ({
    ...usualTraffic,
    seconds: null,
    messages: 900,
    pace: { kind: "closed", inFlight: 32 },
    run: 5,
    mix: usualMix,
    cards,
    timeoutMs: 400,
    ...change,
  });

  for (const network of ["generic", "visa", "mastercard"] as const) {
    it(`finds nothing wrong with an issuer that answers every kind of message rightly (${network})`, async () => {
      const { issuer, port } = await issuerOf(network, rightScript());

      const report = await reportOf(settingsOf({ network, port, signOn: "by-us" }), new MovableClock());

      expect(report.mismatchSamples).to.deep.equal([]);
      expect(report.answered).to.equal(report.sent);
      expect(report.sent + report.skipped).to.equal(900);
      expect(report).to.include({ unanswered: 0, faulty: 0, unsettled: 0, unexpected: 0, late: 0 });
      expect(report.approved + report.declined + report.duplicates + report.reversals).to.equal(report.sent);
      for (const count of [report.approved, report.declined, report.duplicates, report.reversals])
        expect(count).to.be.above(0);
      expect(issuer.mtis().length).to.equal(report.sent);
    });
  }

  it("sends the same bytes for the same seed, run and clock, and others for another seed", async () => {
    const clock = new ManualClock(startMs);
    const bytesOf = async (seed: number): Promise<string[]> => {
      const { issuer, port } = await issuerOf("generic", rightScript());
      const ticking = Object.assign(Object.create(clock), { monotonicNow: () => performance.now() });
      await reportOf(settingsOf({ port, seed, connections: 1, messages: 400, mix: plainMix }), ticking);
      return issuer.requests.map((request) => JSON.stringify(request.toJSON()));
    };

    const first = await bytesOf(1);

    expect(first.length).to.be.above(350);
    expect(await bytesOf(1)).to.deep.equal(first);
    expect(await bytesOf(2)).not.to.deep.equal(first);
  });

  it("never uses an RRN for two purchases", async () => {
    const { issuer, port } = await issuerOf("generic", rightScript());

    await reportOf(settingsOf({ port, mix: { ...usualMix, approve: 8_700, duplicate: 0 } }), new MovableClock());

    const rrns = issuer.requests.filter(({ mti }) => mti === "0100").map((request) => request.get("37"));
    expect(new Set(rrns).size).to.equal(rrns.length);
  });

  it("keeps to the rate that was planned, and lets what waits for its turn count as latency", async () => {
    const pauseMs = 300;
    const { port } = await issuerOf("generic", (request, count) => {
      if (count === 50) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
      return rightAnswer(request);
    });
    const pace = { kind: "open", perSecond: 400 } as const;

    const report = await reportOf(settingsOf({ port, pace, mix: plainMix, messages: 400 }), new MovableClock());

    expect(report.seconds).to.be.above(0.97);
    expect(report.sent + report.skipped).to.equal(400);
    // 120 of 400 messages were due in the pause, evenly: a tenth of all waited 200 ms or more.
    expect(report.latencyMs.p90).to.be.above(0.6 * pauseMs);
    expect(report.latencyMs.max).to.be.above(0.9 * pauseMs);
  });

  it("repeats as 0101, then stores a 0420 until it is answered", async () => {
    const silent = new Set<string>();
    const { issuer, port } = await issuerOf("generic", (request, count) => {
      const rrn = request.get("37") ?? "";
      if (request.mti === "0100" && count % 10 === 0) silent.add(rrn);
      if (!silent.has(rrn)) return rightAnswer(request);
      return request.mti === "0421" ? accept : null;
    });
    const folder = mkdtempSync(join(tmpdir(), "traffic-"));
    closers.push(() => rmSync(folder, { recursive: true }));
    const journalPath = join(folder, "seen.journal");
    const mix = { ...plainMix, approve: 10_000, duplicate: 0, reversal: 0, insufficient_funds: 0 };

    const report = await reportOf(
      settingsOf({ port, mix, messages: 50, timeoutMs: 50, journalPath }),
      new MovableClock(),
    );

    expect(silent.size).to.be.above(2);
    expect(report).to.include({ repeats: silent.size, unanswered: silent.size, unsettled: 0, mismatches: 0 });
    const about = (rrn: string): string[] =>
      issuer.requests.filter((row) => row.get("37") === rrn).map(({ mti }) => mti);
    for (const rrn of silent) expect(about(rrn)).to.deep.equal(["0100", "0101", "0420", "0421"]);
    const seen = [...readJournal(journalPath).authorizations()];
    expect(seen.length).to.equal(50);
    expect(
      seen.filter(({ verdict }) => verdict === "unknown").map(({ undo, rrn }) => [undo, rrn]),
    ).to.have.deep.members([...silent].map((rrn) => ["answered", rrn]));
  });

  it("tells an approval of too large an amount, and one that repeats another code, from the right ones", async () => {
    const { port } = await issuerOf("generic", (request, count) => {
      const amount = Number(request.get("4"));
      if (amount >= 900_000_000_000) return { fields: { 38: "111111", 39: "00" } };
      return request.mti === "0100"
        ? { fields: { ...rightAnswer(request).fields, 38: String(count).padStart(6, "0") } }
        : rightAnswer(request);
    });

    const report = await reportOf(settingsOf({ port }), new MovableClock());

    const kinds = new Set(report.mismatchSamples.map((sample) => sample.split(" ")[0]));
    expect(kinds).to.deep.equal(new Set(["duplicate", "insufficient_funds"]));
    expect(report.mismatchSamples.find((sample) => sample.startsWith("insufficient"))).to.match(
      /came 00, right is 51$/,
    );
  });

  it("goes on after its connections were cut, and leaves nothing unsettled", async () => {
    const { issuer, port } = await issuerOf("generic", rightScript());
    setTimeout(() => issuer.cutAll(), 150);
    const pace = { kind: "open", perSecond: 1_000 } as const;

    const report = await reportOf(
      settingsOf({ port, pace, mix: plainMix, messages: 500, timeoutMs: 100 }),
      new MovableClock(),
    );

    expect(report.reconnects).to.be.at.least(4);
    expect(report).to.include({ unsettled: 0, mismatches: 0 });
    expect(report.answered + report.unanswered).to.equal(report.sent);
  });

  it("spends most of its messages on few cards where popularity follows Zipf's law", async () => {
    const { issuer, port } = await issuerOf("generic", rightScript());

    await reportOf(settingsOf({ port, zipfExponent: 1.2, mix: plainMix }), new MovableClock());

    const counts = new Map<string, number>();
    for (const request of issuer.requests)
      counts.set(request.get("2") ?? "", (counts.get(request.get("2") ?? "") ?? 0) + 1);
    const [most = 0, , , fourth = 0] = [...counts.values()].sort((a, b) => b - a);
    expect(most).to.be.above(900 / 5);
    expect(most).to.be.above(3 * fourth);
  });

  it("is understood when its frames arrive in pieces", async () => {
    const { port } = await issuerOf("visa", rightScript());

    const report = await reportOf(
      settingsOf({ network: "visa", port, signOn: "by-us", splitsFrames: true, messages: 200 }),
      new MovableClock(),
    );

    expect(report).to.include({ mismatches: 0, unanswered: 0, unexpected: 0 });
  });

  it("says where nobody listens", async () => {
    const { issuer, port } = await issuerOf("generic", rightScript());
    await issuer.close();

    const result = await runTraffic(settingsOf({ port, connectMs: 60 }), new MovableClock());

    expect(result).to.deep.equal({ ok: false, error: `no link to 127.0.0.1:${port} within 60 ms` });
  });

  it("runs as a process of its own with cards from a file, and says which setting is wrong", async () => {
    const { port } = await issuerOf("generic", rightScript());
    const folder = mkdtempSync(join(tmpdir(), "traffic-"));
    closers.push(() => rmSync(folder, { recursive: true }));
    const cardsPath = join(folder, "cards.csv");
    const rows = cards.map(
      ({ pan, blockedCategory, limitEach }) => `${pan},2911,visa,usd,${blockedCategory ?? ""},${limitEach ?? ""}`,
    );
    writeFileSync(cardsPath, `pan,expiry,network,currency\n${rows.join("\n")}\n`);

    const report: TrafficReport = await startTraffic({ port, cardsPath, messages: 300, inFlight: 8, mix: usualMix })
      .report;
    const refusal = await startTraffic({ port, cardsPath, network: "amex" }).report.catch((error: unknown) =>
      String(error),
    );

    expect(report).to.include({ mismatches: 0, unanswered: 0 });
    expect(report.sent + report.skipped).to.equal(300);
    expect(refusal).to.include("network is not visa or mastercard or generic");
  });
});

async function reportOf(settings: TrafficSettings, clock: Clock): Promise<TrafficReport> {
  const result = await runTraffic(settings, clock);
  return result.ok ? result.value : expect.fail(result.error);
}

/** Limits, categories and funds as the cards above have them; the code repeats what names the purchase. */
function rightScript(): Script {
  return (request) => rightAnswer(request);
}

function rightAnswer(request: Message): { readonly fields: Readonly<Record<string, string>> } {
  if (!request.mti.startsWith("01")) return { fields: { 39: "00" } };
  const amount = Number(request.get("4"));
  if (request.get("18") === "7995") return { fields: { 39: "57" } };
  if (limitedPans.has(request.get("2") ?? "") && amount > 50_000) return { fields: { 39: "61" } };
  if (amount >= 900_000_000_000) return { fields: { 39: "51" } };
  return { fields: { 38: (request.get("37") ?? "").slice(-6), 39: "00" } };
}
