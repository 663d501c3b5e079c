import { expect } from "chai";
import { planVisits } from "../../simulators/profile-plan.ts";
import { type ProfileTrafficSettings, runProfileTraffic } from "../../simulators/profile-traffic.ts";
import type { ProfileReport } from "../../simulators/profile-report.ts";
import type { TrafficCard } from "../../simulators/traffic-settings.ts";
import { defaultLinks } from "../../specs/links.ts";
import { merchantProfiles } from "../../specs/merchant-profiles.ts";
import { currencyOf } from "../../src/app/program-access.ts";
import { must } from "../../src/kernel/assert.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { minor } from "../../src/kernel/money.ts";
import { wirePan } from "../../src/kernel/pan.ts";
import { noControls } from "../../src/ledger/limits.ts";
import { createAccount } from "../../src/resources/accounts/accounts.ts";
import { topUp } from "../../src/resources/balances/topups.ts";
import { createCardholder, plainCardholder } from "../../src/resources/issuing/cardholders.ts";
import { createCard } from "../../src/resources/issuing/cards.ts";
import { createClient } from "../../src/store/client.ts";
import { type SwitchLinks, openLinks } from "../../src/switch/open-links.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { MoneyState } from "../support/money-state.ts";
import { sharedRedis } from "../support/redis.ts";

const funds = 5_000_000_00n;
const usd = currencyOf("usd");
const profiles = merchantProfiles.map(({ key }) => key);

describe("simulators/profile-traffic", () => {
  it("plans the same visits for the same seed, and others for another", () => {
    const card: TrafficCard = {
      key: "one",
      pan: wirePan("4000008400000018"),
      expiry: "3112",
      currency: 840,
      blockedCategory: null,
      limitEach: null,
    };
    const plan = (seed: number) => planVisits({ seed, profiles, visits: 200, visitsPerSecond: 50, cards: [card] });

    expect(plan(4)).to.deep.equal(plan(4));
    expect(plan(4)).to.not.deep.equal(plan(5));
    expect(new Set(plan(4).map(({ profile }) => profile.key))).to.deep.equal(new Set(profiles));
    expect(plan(4)[50]?.atMs).to.equal(1_000);
  });
});

describe("simulators/profile-traffic against the switch", () => {
  let test: TestEngine;
  let links: SwitchLinks;
  let account: Place;
  let cards: TrafficCard[];

  beforeEach(async () => {
    test = must(await openTestEngine(), "the library loads");
    account = await createAccount(test.access.program, 1, { businessName: "Load Inc", country: "US", currency: "usd" });
    await topUp(test.access.program, account, { amount: minor(funds), currency: usd });
    cards = await issueCards();
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
    await links.signOffAndClose(100);
    await test.close();
  });

  for (const network of ["visa", "mastercard", "generic"] as const) {
    it(`leaves held and spent what the rules say after visits to merchants of every kind (${network})`, async () => {
      const report = await reportOf({ network, visits: 120, visitsPerSecond: 100 });

      expect(report.mismatchSamples).to.deep.equal([]);
      expect(report).to.include({ unsettled: 0, silent: 0, faulty: 0, stoodIn: 0 });
      expect(Object.keys(report.visits).sort()).to.deep.equal([...profiles].sort());
      expect(Object.keys(report.messages)).to.include.members(["0100", "0120", "0200", "0220"]);
      expect(await booksNow()).to.deep.equal(booksOf(report));
    });
  }

  it("stands in while the lines are down, replays it in order, and leaves the books as the rules say", async () => {
    const outages = { everyMs: 700, forMs: 250 };

    const report = await reportOf({ network: "visa", visits: 160, visitsPerSecond: 80, outages });

    expect(report.mismatchSamples).to.deep.equal([]);
    expect(report.outages).to.be.at.least(2);
    expect(report.stoodIn).to.be.above(5);
    expect(report.unsettled).to.equal(0);
    expect(await booksNow()).to.deep.equal(booksOf(report));
  });

  async function reportOf(change: Partial<ProfileTrafficSettings>): Promise<ProfileReport> {
    const network = change.network ?? "visa";
    const port = must(links.ports[network === "generic" ? network : `${network}-style`], "an open link");
    const result = await runProfileTraffic(
      {
        seed: 8,
        run: 4,
        profiles,
        cards,
        network,
        host: "127.0.0.1",
        port,
        connections: 3,
        connectMs: 5_000,
        visits: 50,
        visitsPerSecond: 50,
        timeoutMs: 2_000,
        settleMs: 10_000,
        outages: null,
        ...change,
      },
      test.clock,
    );
    return result.ok ? result.value : expect.fail(result.error);
  }

  function booksOf({ books }: ProfileReport): { held: bigint; available: bigint } {
    const [book] = books;
    const { held, spent } = must(book, "a currency");
    return { held: BigInt(held), available: funds - BigInt(held) - BigInt(spent) };
  }

  async function booksNow(): Promise<{ held: bigint; available: bigint }> {
    const client = createClient({ address: { path: (await sharedRedis()).socketPath } });
    const balance = await new MoneyState(client, test.engine.keyspace).account(account, usd.number);
    client.disconnect();
    return { held: balance.held, available: balance.available };
  }

  async function issueCards(): Promise<TrafficCard[]> {
    const { program } = test.access;
    const { no } = await createCardholder(program, account, plainCardholder("Ada Load", "US"));
    const issued: TrafficCard[] = [];
    for (let index = 0; index < 12; index++) {
      const created = await createCard(program, account, {
        cardholder: no,
        currency: usd,
        network: "visa",
        type: "virtual",
        status: "active",
        cancellationReason: null,
        expMonth: 12,
        expYear: 2031,
        program: "load",
        controls: noControls,
        pan: null,
      });
      const card = { key: `card-${index}`, pan: created.pan, expiry: "3112", currency: 840 };
      issued.push({ ...card, blockedCategory: null, limitEach: null });
    }
    return issued;
  }
});
