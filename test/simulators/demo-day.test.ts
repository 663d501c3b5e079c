import { expect } from "chai";
import { plainAcquirer } from "../../simulators/acquirer.ts";
import { type DemoDaySummary, playDemoDay } from "../../simulators/demo-day.ts";
import { type DemoLine, renderDemoLine } from "../../simulators/demo-feed.ts";
import { expireDueHolds } from "../../simulators/due-holds.ts";
import { addMonths } from "../../simulators/expiry.ts";
import { SeenJournal } from "../../simulators/journal.ts";
import { demoModel, modelLimit } from "../../simulators/known-program.ts";
import { Link } from "../../simulators/link.ts";
import { mastercardNetwork } from "../../simulators/mastercard-network.ts";
import type { NetworkSide } from "../../simulators/network-side.ts";
import { type Cancellation, Opinion } from "../../simulators/opinion.ts";
import type { ProgramHooks } from "../../simulators/program-hooks.ts";
import type { CarriedCard } from "../../simulators/purchase.ts";
import { Station } from "../../simulators/station.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { visaNetwork } from "../../simulators/visa-network.ts";
import { type DemoCardKey, demoCards } from "../../specs/demo-program.ts";
import { ManualClock } from "../../src/kernel/clock.ts";
import { randomPan } from "../../src/kernel/pan.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { modelScript } from "./model-issuer.ts";
import { type Script, ScriptedIssuer } from "./scripted-issuer.ts";
import { startMs } from "./small-purchase.ts";

describe("simulators/demo-day", () => {
  const closers: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  async function play(bend: (script: Script) => Script): Promise<{ summary: DemoDaySummary; lines: DemoLine[] }> {
    const random = seededRandom(5);
    const cards = new Map<DemoCardKey, CarriedCard>();
    for (const { key, network, expiresInMonths } of demoCards) {
      const prefix = network === "visa" ? "40000084" : "22230084";
      cards.set(key, { pan: randomPan(random, prefix), expiry: addMonths(startMs, expiresInMonths) });
    }
    const issuer = modelIssuer(cards);
    const clock = new ManualClock(startMs);
    const numbers = new TraceNumbers(1);
    const journal = new SeenJournal();
    const station = async (side: NetworkSide): Promise<Station> => {
      const server = new ScriptedIssuer(
        side,
        bend(modelScript(side.name, issuer.opinion, () => issuer.hooks.businessNow())),
      );
      const port = await server.open();
      const address = { kind: "connect", host: "127.0.0.1", port } as const;
      const link = new Link({ side, address, signOn: "by-us", clock });
      await link.open();
      expect(await link.usable(2_000)).to.equal(true);
      const opened = new Station({ link, clock, numbers, journal, timeoutMs: 1_000 });
      closers.push(
        () => opened.close(),
        () => link.close(),
        () => server.close(),
      );
      return opened;
    };
    const stations = {
      visa: await station(visaNetwork),
      mastercard: await station(mastercardNetwork),
      generic: await station(plainAcquirer),
    };
    const secondGeneric = await station(plainAcquirer);
    const lines: DemoLine[] = [];
    const summary = await playDemoDay({
      stations,
      secondGeneric,
      cards,
      hooks: issuer.hooks,
      clock,
      numbers,
      everyMs: 0,
      onLine: (line) => {
        if (!("note" in line)) lines.push(line);
      },
    });
    return { summary, lines };
  }

  it("agrees with the model of the rules in every one of its five hundred and more messages", async () => {
    const { summary, lines } = await play((script) => script);

    expect(summary.mismatches).to.deep.equal([]);
    expect(summary.messages).to.be.at.least(500);
    expect(lines.map(({ number }) => number)).to.deep.equal(lines.map((_, index) => index + 1));
    expect(summary.latenciesMs.length).to.equal(summary.messages);
  });

  it("reaches every answer that a purchase, an advice, a posting and a reversal can have", async () => {
    const { lines } = await play((script) => script);

    const reached = new Set(lines.map(({ expected }) => expected));
    expect([...reached].sort()).to.include.members([
      "approved",
      "captured_hold",
      "completed",
      "conflict",
      "declined:account_disabled",
      "declined:card_canceled",
      "declined:card_expired",
      "declined:card_inactive",
      "declined:card_lost",
      "declined:card_stolen",
      "declined:cardholder_blocked",
      "declined:cardholder_inactive",
      "declined:cardholder_verification_required",
      "declined:category",
      "declined:country",
      "declined:insufficient_funds",
      "declined:limit",
      "declined:presence",
      "duplicate:approved",
      "duplicate:partial",
      "duplicate:posted",
      "duplicate:released",
      "force_posted",
      "held",
      "lowered",
      "merged",
      "nothing_to_release",
      "partial",
      "posted",
      "posted_in_part",
      "released",
      "reposted",
      "reversed_before",
      "tombstone",
      "unknown",
      "unknown_pan",
    ]);
    expect(new Set(lines.map(({ purchase }) => purchase.network)).size).to.equal(3);
  });

  it("names the message that an issuer answers wrongly", async () => {
    const bend =
      (script: Script): Script =>
      (request, count) =>
        request.get("4") === "000000043915" ? { fields: { 39: "61" } } : script(request, count);

    const { summary } = await play(bend);

    expect(summary.mismatches[0]).to.match(
      /^message \d+, 0100 of us-1 on visa: came DE39 61, right is DE39 00 \(approved\)$/,
    );
  });

  it("shows a PAN only by its first six and last four digits", async () => {
    const { lines } = await play((script) => script);

    const [line] = lines;
    expect(line === undefined ? "" : renderDemoLine(line)).to.match(/ visa +0100 +us-1 +400000\*{6}\d{4} +42\.10 usd /);
  });
});

/** One issuer behind all links, whose program the day changes. */
function modelIssuer(cards: ReadonlyMap<DemoCardKey, CarriedCard>): { opinion: Opinion; hooks: ProgramHooks } {
  let businessMs = startMs;
  const businessNow = (): number => businessMs;
  const model = demoModel(cards);
  const cancellations = new Map<string, Cancellation>();
  for (const { key, cancellationReason } of demoCards) cancellations.set(cards.get(key)?.pan ?? "", cancellationReason);
  const opinion = new Opinion(model, (pan) => cancellations.get(pan) ?? null);
  const hooks: ProgramHooks = {
    businessNow,
    setAccountEnabled: async (account, isEnabled) => {
      model.program.account(account).isEnabled = isEnabled;
    },
    setCardStatus: async (card, status) => model.program.setCardStatus(card, status),
    addCardLimit: async (key, limit) => {
      const card = model.program.card(key);
      card.controls = { ...card.controls, limits: [...card.controls.limits, modelLimit(limit)] };
    },
    replaceLostCard: async (key) => {
      const lost = model.program.card(key);
      const carried = { pan: randomPan(seededRandom(77), "40000027"), expiry: lost.expiry };
      cancellations.set(lost.pan, "lost");
      model.program.setCardStatus(key, "canceled");
      const replacement = { of: key, reason: "lost" } as const;
      const { controls, program } = lost;
      const { cardholder } = lost.cardholder;
      model.program.addCard({ card: "next", cardholder, status: "active", controls, program, replacement, ...carried });
      return carried;
    },
    advanceClock: async (ms) => {
      businessMs += ms;
      expireDueHolds(model, { wallMs: startMs, businessMs });
    },
  };
  return { opinion, hooks };
}
