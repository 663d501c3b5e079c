import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type FaultMode, FaultProxy } from "../../simulators/fault-proxy.ts";
import { readJournal } from "../../simulators/journal.ts";
import { runTraffic } from "../../simulators/traffic.ts";
import type { TrafficReport } from "../../simulators/traffic-report.ts";
import { type TrafficCard, type TrafficSettings, usualMix, usualTraffic } from "../../simulators/traffic-settings.ts";
import { defaultLinks } from "../../specs/links.ts";
import { currencyOf } from "../../src/app/program-access.ts";
import { must } from "../../src/kernel/assert.ts";
import type { Place } from "../../src/kernel/ids.ts";
import { minor } from "../../src/kernel/money.ts";
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

describe("simulators/traffic against the switch", () => {
  let test: TestEngine;
  let links: SwitchLinks;
  let account: Place;
  let cards: TrafficCard[];
  const folder = mkdtempSync(join(tmpdir(), "traffic-switch-"));

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
  after(() => rmSync(folder, { recursive: true }));

  for (const network of ["visa", "mastercard", "generic"] as const) {
    it(`gets the right answer to every message, and finds exactly what it saw approved on hold (${network})`, async () => {
      const journalPath = join(folder, `${network}.journal`);
      const port = must(links.ports[network === "generic" ? network : `${network}-style`], "an open link");

      const signOn = network === "generic" ? "none" : "by-us";
      const report = await reportOf({ network, port, signOn, messages: 1_500, journalPath });

      expect(report.mismatchSamples).to.deep.equal([]);
      expect(report).to.include({ answered: report.sent, unsettled: 0, unexpected: 0 });
      expect(await heldNow()).to.equal(approvedIn(journalPath).certain);
    });
  }

  it("leaves on hold what it saw approved, and nothing of what it took back, when the line fails again and again", async () => {
    const journalPath = join(folder, "faults.journal");
    const target = { host: "127.0.0.1", port: must(links.ports["generic"], "an open link") };
    const proxy = new FaultProxy({ listen: { host: "127.0.0.1", port: 0 }, target });
    const address = await proxy.open();
    const faults: FaultMode[] = [
      { kind: "drop-reply" },
      { kind: "half-reply" },
      { kind: "reset" },
      { kind: "delay", ms: 30 },
      { kind: "blackhole" },
      { kind: "dribble", everyMs: 1 },
      { kind: "pass" },
    ];
    let number = 0;
    const timer = setInterval(() => {
      proxy.set({ kind: "pass" });
      proxy.set(faults[number++ % faults.length] ?? { kind: "pass" });
    }, 120);
    const lastly = setTimeout(() => {
      clearInterval(timer);
      proxy.set({ kind: "pass" });
    }, 2_000);

    const port = "port" in address ? address.port : 0;
    const pace = { kind: "open", perSecond: 600 } as const;
    const report = await reportOf({ network: "generic", port, messages: 1_200, journalPath, timeoutMs: 200, pace });
    clearInterval(timer);
    clearTimeout(lastly);
    await proxy.close();

    expect(report.mismatchSamples).to.deep.equal([]);
    expect(report.reconnects).to.be.above(2);
    expect(report.repeats).to.be.above(10);
    expect(report.unsettled).to.equal(0);
    expect(await heldNow()).to.equal(approvedIn(journalPath).certain);
  });

  async function reportOf(change: Partial<TrafficSettings>): Promise<TrafficReport> {
    const pace = { kind: "closed", inFlight: 64 } as const;
    const settings = {
      ...usualTraffic,
      seconds: null,
      run: 3,
      mix: usualMix,
      cards,
      pace,
      timeoutMs: 3_000,
      ...change,
    };
    const result = await runTraffic(settings, test.clock);
    return result.ok ? result.value : expect.fail(result.error);
  }

  /** Approved and not taken back; what was asked for and taken back without an answer holds nothing. */
  function approvedIn(journalPath: string): { certain: bigint } {
    let certain = 0n;
    for (const { verdict, undo, amount, rrn } of readJournal(journalPath).authorizations()) {
      expect(undo, rrn).not.to.equal("open");
      expect(verdict === "unknown" && undo === "none", rrn).to.equal(false);
      if (verdict === "approved" && undo === "none") certain += amount;
    }
    return { certain };
  }

  async function heldNow(): Promise<bigint> {
    const client = createClient({ address: { path: (await sharedRedis()).socketPath } });
    const state = new MoneyState(client, test.engine.keyspace);
    const balance = await state.account(account, usd.number);
    client.disconnect();
    expect(balance.available + balance.held).to.equal(funds);
    return balance.held;
  }

  async function issueCards(): Promise<TrafficCard[]> {
    const { program } = test.access;
    const { no } = await createCardholder(program, account, plainCardholder("Ada Load", "US"));
    const issued: TrafficCard[] = [];
    for (let index = 0; index < 24; index++) {
      const blockedCategory = index % 4 === 1 ? "7995" : null;
      const limitEach = index % 4 === 2 ? 50_000 : null;
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
        controls: {
          ...noControls,
          blocked_categories: blockedCategory === null ? null : ["betting_casino_gambling"],
          spending_limits:
            limitEach === null ? null : [{ amount: limitEach, interval: "per_authorization", categories: null }],
        },
        pan: null,
      });
      issued.push({
        key: `card-${index}`,
        pan: created.pan,
        expiry: "3112",
        currency: 840,
        blockedCategory,
        limitEach,
      });
    }
    return issued;
  }
});
