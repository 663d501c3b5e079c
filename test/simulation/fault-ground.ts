import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "#bin/find-redis.mjs";
import { expect } from "chai";
import { FaultProxy } from "../../simulators/fault-proxy.ts";
import { SeenJournal } from "../../simulators/journal.ts";
import { Link } from "../../simulators/link.ts";
import { type Purchase, plainGoods } from "../../simulators/purchase.ts";
import { networkSides } from "../../simulators/sides.ts";
import { type Outcome, Station } from "../../simulators/station.ts";
import { TraceNumbers } from "../../simulators/trace-numbers.ts";
import { countries } from "../../specs/countries.ts";
import { type LinkSpec, defaultLinks } from "../../specs/links.ts";
import { type Engine, defaultEngineLimits, openEngine } from "../../src/app/engine.ts";
import { type LoadCard, createLoadProgram } from "../../src/app/load-program.ts";
import { must } from "../../src/kernel/assert.ts";
import { minor } from "../../src/kernel/money.ts";
import { seededRandom } from "../../src/kernel/random.ts";
import { openRecords } from "../../src/records/database.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from "../../src/store/embedded-redis.ts";
import { type SwitchLinks, openLinks } from "../../src/switch/open-links.ts";
import { type VerifyReport, verify } from "../../src/verify/verify.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { MoneyState } from "../support/money-state.ts";

const usd = 840;
const fundsEach = 10_000_00n;
/** The switch has 1.5 s for a decision; nothing may come after that. */
const answerMsMax = 2_500;
const recoverMsMax = 15_000;
const home = must(
  countries.find(({ alpha2 }) => alpha2 === "US"),
  "a country of the table",
);

/**
 * A Redis of its own, a switch that reaches it through a proxy, records that follow it directly, and a network that asks:
 * everything of which a test may spoil one part and look at the reply and at the ledger.
 */
export class FaultGround {
  readonly redis: EmbeddedRedis;
  readonly proxy: FaultProxy;
  readonly test: TestEngine;
  readonly links: SwitchLinks;
  /** Straight to Redis, for the test's own commands. */
  readonly client: Redis;
  readonly cards: readonly LoadCard[];
  readonly station: Station;
  readonly link: Link;
  readonly #parts: Parts;
  readonly #numbers = new TraceNumbers(1);

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.redis = parts.redis;
    this.proxy = parts.proxy;
    this.test = parts.test;
    this.links = parts.links;
    this.client = parts.client;
    this.cards = parts.cards;
    this.link = new Link({
      side: networkSides.generic,
      address: { kind: "connect", host: "127.0.0.1", port: this.port },
      signOn: "none",
      clock: parts.test.clock,
    });
    this.station = new Station({
      link: this.link,
      clock: parts.test.clock,
      numbers: this.#numbers,
      journal: new SeenJournal(),
      timeoutMs: answerMsMax,
      restMs: 100,
    });
  }

  /** `cards` cards of one account a shard, two shards, each account with 10,000.00. */
  static async open(options: Partial<EmbeddedRedisOptions> = {}, cards = 8): Promise<FaultGround> {
    const ground = new FaultGround(await openParts(options, cards));
    await ground.link.open();
    await ground.link.usable(answerMsMax);
    return ground;
  }

  get port(): number {
    return must(this.links.ports["generic"], "the plain link is open");
  }

  get spec(): LinkSpec {
    return defaultLinks[2];
  }

  /** A purchase with numbers of its own; 10.00 where nothing else is said. */
  purchase(cents = 1_000n, cardNo = 0): Purchase {
    const { pan, expiry } = must(this.cards[cardNo % this.cards.length], "a card of the ground");
    return {
      network: "generic",
      card: { pan, expiry },
      acceptor: {
        institution: "400551",
        acquirerCountry: home,
        name: "LANTERN BOOKS",
        city: "DENVER",
        state: "CO",
        country: home,
        currency: usd,
        categoryCode: "5942",
        terminal: "BOOK0001",
        merchantId: "LANTERNBOOKS001",
      },
      amount: minor(cents),
      billing: null,
      entry: "ecommerce",
      asks: plainGoods,
      trace: this.#numbers.next(),
      startedMs: this.test.clock.wallNow(),
    };
  }

  /** One 0100, without any repeat. */
  ask(purchase: Purchase): Promise<Outcome> {
    return this.station.repeat(purchase, "0100");
  }

  /** One 0101. */
  askAgain(purchase: Purchase): Promise<Outcome> {
    return this.station.repeat(purchase, "0101");
  }

  /** One 0400, or 0420 and whatever else is asked for, without a repeat. */
  reverse(purchase: Purchase, mti: "0400" | "0401" | "0420" | "0421" = "0400", stan?: string): Promise<Outcome> {
    const undo = {
      purchase,
      of: "0100",
      stan: stan ?? this.#numbers.nextStan(),
      cause: "customer",
      replacement: null,
    } as const;
    return this.station.reverse({ ...undo, authorizationCode: null }, mti);
  }

  nextStan(): string {
    return this.#numbers.nextStan();
  }

  /** What Redis holds against all accounts together, and that nothing was lost or made beside it. */
  async held(): Promise<bigint> {
    const state = new MoneyState(this.client, this.test.engine.keyspace);
    let held = 0n;
    for (const { place, funds } of this.#parts.accounts) {
      const balance = await state.account(place, usd);
      expect(balance.available + balance.held, "available and held together").to.equal(funds);
      held += balance.held;
    }
    return held;
  }

  /** Asks until an answer is an approval: how long that takes is no matter. */
  async untilServing(): Promise<Purchase> {
    const { clock } = this.test;
    const endMs = clock.monotonicNow() + recoverMsMax;
    while (clock.monotonicNow() < endMs) {
      const purchase = this.purchase(100n);
      const outcome = await this.ask(purchase);
      if (outcome.kind === "answered" && outcome.responseCode === "00") return purchase;
      await pause(50);
    }
    return expect.fail("the switch serves again");
  }

  /** Until the switch knows that its line to Redis is gone. */
  async untilCut(): Promise<void> {
    const { clock } = this.test;
    const endMs = clock.monotonicNow() + recoverMsMax;
    while (this.#parts.hot.hot.isUsable && clock.monotonicNow() < endMs) await pause(5);
  }

  /** Every entry in the records, and records, journal and Redis in agreement. */
  async verified(): Promise<VerifyReport> {
    const { projector, recordsPath, engine } = this.test;
    const isDrained = await projector.drained(recoverMsMax);
    expect(isDrained, "the records hold all of the journal").to.equal(true);
    const records = openRecords({ path: recordsPath, dataSetId: null });
    if (!records.ok) return expect.fail(records.error.message);
    try {
      const report = await verify({ redis: this.client, keyspace: engine.keyspace, records: records.value });
      expect(report.violations).to.deep.equal([]);
      return report;
    } finally {
      records.value.close();
    }
  }

  async close(): Promise<void> {
    this.station.close();
    await this.link.close();
    await closeParts(this.#parts);
  }
}

interface Parts {
  readonly folder: string;
  readonly redis: EmbeddedRedis;
  readonly proxy: FaultProxy;
  readonly test: TestEngine;
  readonly hot: Engine;
  readonly links: SwitchLinks;
  readonly client: Redis;
  readonly cards: readonly LoadCard[];
  readonly accounts: readonly {
    readonly place: { readonly shard: number; readonly no: number };
    readonly funds: bigint;
  }[];
}

async function openParts(options: Partial<EmbeddedRedisOptions>, cardCount: number): Promise<Parts> {
  const folder = mkdtempSync(join(tmpdir(), "cs-fault-"));
  const programs = await findRedis({ env: process.env, mayFetch: true });
  const dataDir = options.dataDir ?? join(folder, "redis");
  const started = await startEmbeddedRedis({ programs, ...options, dataDir });
  if (!started.ok) return expect.fail(started.error.message);
  const redis = started.value;
  const proxyPath = join(folder, "proxy.sock");
  const proxy = new FaultProxy({ listen: { path: proxyPath }, target: { path: redis.socketPath } });
  await proxy.open();
  const test = must(await openTestEngine({ socketPath: redis.socketPath }), "the library loads");
  const cards = await createLoadProgram(test.access.program, {
    cards: cardCount,
    currency: "usd",
    network: "visa",
    shardCount: 2,
    accountsPerShard: 1,
    cardholdersPerAccount: 1,
    funds: fundsEach,
    programType: "load",
    concurrency: 4,
  });
  const accounts: Parts["accounts"][number][] = [];
  for (const shard of [0, 1]) {
    await test.access.caughtUp(shard);
    const found = test.access.queries.objects("account", shard, { before: null, rowsMax: 10 });
    for (const { place } of found) accounts.push({ place, funds: fundsEach });
  }
  const hot = await openHot(test, proxyPath);
  const links = await openPlainLink(test, hot);
  const client = createClient({ address: { path: redis.socketPath } });
  return { folder, redis, proxy, test, hot, links, client, cards, accounts };
}

async function openHot(test: TestEngine, proxyPath: string): Promise<Engine> {
  const opened = await openEngine({
    address: { path: proxyPath },
    namespace: test.namespace,
    shardCount: test.engine.keyspace.shardCount,
    keys: test.keys,
    clock: test.clock,
    random: seededRandom(2),
    limits: defaultEngineLimits,
  });
  return opened.ok ? opened.value : expect.fail(opened.error.message);
}

async function openPlainLink(test: TestEngine, hot: Engine): Promise<SwitchLinks> {
  const opened = await openLinks({
    links: [{ ...defaultLinks[2], endpoint: { kind: "listen", host: "127.0.0.1", port: 0 } }],
    authorizer: hot.authorizer,
    clock: test.clock,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    metrics: { count: () => undefined, latency: () => undefined },
  });
  return opened.ok ? opened.value : expect.fail(opened.error);
}

async function closeParts({ folder, redis, proxy, test, hot, links, client }: Parts): Promise<void> {
  await links.signOffAndClose(100);
  hot.close();
  client.disconnect();
  await proxy.close();
  await test.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** DE39, or how it came to nothing. */
export function codeOf(outcome: Outcome): string {
  return outcome.kind === "answered" ? outcome.responseCode : outcome.kind;
}

/** DE38 of an answer; "" where there is none. */
export function authorizationCodeOf(outcome: Outcome): string {
  return outcome.kind === "answered" ? outcome.authorizationCode : "";
}
