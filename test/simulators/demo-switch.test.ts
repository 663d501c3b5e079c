import { expect } from "chai";
import { type DemoDaySummary, playDemoDay } from "../../simulators/demo-day.ts";
import type { DayStep } from "../../simulators/demo-steps.ts";
import { SeenJournal } from "../../simulators/journal.ts";
import { Link } from "../../simulators/link.ts";
import type { ProgramHooks } from "../../simulators/program-hooks.ts";
import type { NetworkName } from "../../simulators/purchase.ts";
import { randomDay } from "../../simulators/random-day.ts";
import { networkSides } from "../../simulators/sides.ts";
import { Station } from "../../simulators/station.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import type { DemoCardKey } from "../../specs/demo-program.ts";
import { defaultLinks } from "../../specs/links.ts";
import { expireDueHolds } from "../../src/app/due-holds.ts";
import { must } from "../../src/kernel/assert.ts";
import { MovableClock } from "../../src/kernel/clock.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { setAccountEnabled } from "../../src/resources/accounts/accounts.ts";
import { type CardBody, replaceCard, updateCard } from "../../src/resources/issuing/cards.ts";
import { readObject } from "../../src/resources/program.ts";
import { type SeededProgram, seedDemo } from "../../src/seed.ts";
import { type SwitchLinks, openLinks } from "../../src/switch/open-links.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";

describe("simulators/demo-day against the switch", () => {
  let test: TestEngine;
  let links: SwitchLinks;
  let seeded: SeededProgram;
  const closers: (() => Promise<void> | void)[] = [];

  beforeEach(async () => {
    test = must(await openTestEngine(), "the library loads");
    // A day that stands still has no midnight in the middle of its limits.
    test.clock.set({ offsetMs: 0, frozenAtMs: Date.UTC(2027, 2, 10, 12) });
    seeded = await seedDemo(test.access.program, 2);
    const opened = await openLinks({
      links: defaultLinks.map((link) => ({ ...link, endpoint: { ...link.endpoint, port: 0 } })),
      authorizer: test.engine.authorizer,
      clock: test.clock,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
      metrics: { count: () => undefined, latency: () => undefined },
    });
    links = opened.ok ? opened.value : expect.fail(opened.error);
  });
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
    await links.signOffAndClose(100);
    await test.close();
  });

  it("gets the answer that the rules give in every message of the day, on all three links", async () => {
    const summary = await play({});

    expect(summary.mismatches).to.deep.equal([]);
    expect(summary.messages).to.be.at.least(500);
  });

  it("declines a lost card by its PAN, though its replacement expires in the same month", async () => {
    const summary = await play({ hasSameExpiry: true });

    expect(summary.mismatches).to.deep.equal([]);
  });

  for (const seed of [1, 2, 3]) {
    it(`agrees with the model of the rules in a day drawn from seed ${seed}`, async () => {
      const summary = await play({ steps: randomDay(seededRandom(seed), 500) });

      expect(summary.mismatches).to.deep.equal([]);
      expect(summary.messages).to.be.at.least(450);
    });
  }

  async function play(day: { steps?: readonly DayStep[]; hasSameExpiry?: boolean }): Promise<DemoDaySummary> {
    const numbers = new TraceNumbers(11);
    const stations = {
      visa: await station("visa", numbers),
      mastercard: await station("mastercard", numbers),
      generic: await station("generic", numbers),
    };
    return playDemoDay({
      stations,
      secondGeneric: await station("generic", numbers),
      cards: new Map(Array.from(seeded.cards, ([key, { pan, expiry }]) => [key, { pan: wirePan(pan), expiry }])),
      hooks: programHooks(test, seeded, day.hasSameExpiry ?? false),
      clock: test.clock,
      numbers,
      everyMs: 0,
      onLine: () => undefined,
      ...(day.steps === undefined ? {} : { steps: day.steps }),
    });
  }

  async function station(name: NetworkName, numbers: TraceNumbers): Promise<Station> {
    const port = must(links.ports[name === "generic" ? name : `${name}-style`], "an open link");
    const signOn = name === "generic" ? "none" : "by-us";
    const address = { kind: "connect", host: "127.0.0.1", port } as const;
    const clock = new MovableClock();
    const link = new Link({ side: networkSides[name], address, signOn, clock });
    await link.open();
    expect(await link.usable(5_000)).to.equal(true);
    const opened = new Station({ link, clock, numbers, journal: new SeenJournal(), timeoutMs: 3_000 });
    closers.push(
      () => opened.close(),
      () => link.close(),
    );
    return opened;
  }
});

/** The program of the test's own data set, changed as the API will change it. */
const drainMs = 5_000;

function programHooks(
  { access, clock, engine, projector }: TestEngine,
  seeded: SeededProgram,
  hasSameExpiry: boolean,
): ProgramHooks {
  const { program } = access;
  const placeOf = (card: DemoCardKey): Place => must(seeded.cards.get(card), "a seeded card").place;
  return {
    businessNow: () => clock.businessNow(),
    setAccountEnabled: (account, isEnabled) =>
      setAccountEnabled(program, must(seeded.accounts.get(account), "a seeded account"), isEnabled),
    setCardStatus: (card, status) => updateCard(program, placeOf(card), { status }),
    addCardLimit: async (card, { amount, interval, categories }) => {
      const place = placeOf(card);
      const { body } = await readObject<CardBody>(program, "card", place);
      const limit = { amount: Number(amount), interval, categories: categories.length === 0 ? null : categories };
      const limits = [...(body.spending_controls.spending_limits ?? []), limit];
      await updateCard(program, place, { spending_controls: { ...body.spending_controls, spending_limits: limits } });
    },
    replaceLostCard: async (card) => {
      const place = placeOf(card);
      const { body } = await readObject<CardBody>(program, "card", place);
      await updateCard(program, place, { status: "canceled", cancellation_reason: "lost" });
      const { exp_month: expMonth } = body;
      const expYear = body.exp_year + (hasSameExpiry ? 0 : 4);
      const created = await replaceCard(program, place, { reason: "lost", expMonth, expYear, status: "active" });
      const expiry = `${String(expYear % 100).padStart(2, "0")}${String(expMonth).padStart(2, "0")}`;
      return { pan: created.pan, expiry };
    },
    advanceClock: async (ms) => {
      clock.set({ offsetMs: 0, frozenAtMs: clock.businessNow() + ms });
      await projector.drained(drainMs);
      const log = { warn: () => undefined };
      await expireDueHolds({ engine, access, projector, clock, log, dueHoldsMax: 100, drainMs }, () => false);
    },
  };
}
