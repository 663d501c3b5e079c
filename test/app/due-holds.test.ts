import { expect } from "chai";
import { type DueHoldsParts, expireDueHolds } from "../../src/app/due-holds.ts";
import { noControls } from "../../src/ledger/limits.ts";
import type { AuthorizationRequest } from "../../src/authorizer/request.ts";
import { minor } from "../../src/kernel/money.ts";
import { openRecords } from "../../src/records/database.ts";
import { createClient } from "../../src/store/client.ts";
import { verify } from "../../src/verify/verify.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { adviceOf, advise, financialOf, moveDays, post } from "../support/every-flow.ts";
import { sharedRedis } from "../support/redis.ts";
import { type SmallProgram, authorize, purchase, reversalOf, reverse, smallProgram } from "../support/small-program.ts";

const hours = 1 / 24;

describe("app/due-holds", () => {
  let test: TestEngine;
  let program: SmallProgram;
  let warnings: object[];

  beforeEach(async () => {
    test = (await openTestEngine()) ?? expect.fail("the functions do not load");
    program = await smallProgram(test, 1_000_00n);
    warnings = [];
  });

  afterEach(() => test.close());

  function parts(more: Partial<DueHoldsParts> = {}): DueHoldsParts {
    const log = { warn: (fields: object) => void warnings.push(fields) };
    return { ...test, log, dueHoldsMax: 100, drainMs: 5_000, ...more };
  }

  async function expire(more: Partial<DueHoldsParts> = {}, isOver = () => false): Promise<number> {
    expect(await test.projector.drained(5_000)).to.equal(true);
    return expireDueHolds(parts(more), isOver);
  }

  async function hold(more: Partial<AuthorizationRequest> = {}, cents = 20_00n) {
    const request = purchase(test, program.pan, cents, more);
    const decision = await authorize(test, request);
    const no = "journalNo" in decision ? decision.journalNo : expect.fail("not held");
    return { request, no };
  }

  const rowOf = (no: number) => test.access.queries.authorization({ shard: 0, no });
  const balances = () => test.access.queries.balances(program.account)[0];

  async function expectSound(): Promise<void> {
    const opened = openRecords({ path: test.recordsPath, dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    const redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    const report = await verify({ redis, keyspace: test.engine.keyspace, records: opened.value });
    redis.disconnect();
    opened.value.close();
    expect(report.violations).to.deep.equal([]);
  }

  it("gives a hold back seven days after it was made, and keeps what was approved", async () => {
    const { no } = await hold();
    moveDays(test, 7 - hours);
    const early = await expire();
    moveDays(test, hours);

    const late = await expire();

    expect([early, late]).to.deep.equal([0, 1]);
    expect(rowOf(no)).to.include({ status: "expired", remaining: 0n, approved: 20_00n });
    expect(balances()).to.include({ available: 1_000_00n, held: 0n });
    await expectSound();
  });

  it("keeps the hold of a hotel for 31 days, and one of a pump that tells nothing for two hours", async () => {
    const hotel = await hold({ mcc: "7011" });
    const pump = { purpose: "fuel", mcc: "5542", transactionAmount: minor(1_00) } as const;
    const silent = await hold(pump);
    const told = await hold(pump);
    await advise(test, adviceOf(told.request, { purpose: "purchase", transactionAmount: minor(30_00) }));

    moveDays(test, 2 * hours);
    expect(await expire()).to.equal(1);
    expect([silent, told].map(({ no }) => rowOf(no)?.status)).to.deep.equal(["expired", "pending"]);
    moveDays(test, 7);
    expect(await expire()).to.equal(1);
    expect([told, hotel].map(({ no }) => rowOf(no)?.status)).to.deep.equal(["expired", "pending"]);
    moveDays(test, 24);
    expect(await expire()).to.equal(1);
    expect(rowOf(hotel.no)?.status).to.equal("expired");
    await expectSound();
  });

  it("ends holds in the order in which they were due, each at the time at which it was", async () => {
    const hotel = await hold({ mcc: "7011" });
    moveDays(test, 1);
    const shop = await hold();
    const pump = await hold({ purpose: "fuel", mcc: "5542", transactionAmount: minor(1_00) });
    moveDays(test, 40);

    expect(await expire({ dueHoldsMax: 2 })).to.equal(3);

    const expiries = [pump, shop, hotel].map(({ no }) => test.access.queries.followUps({ shard: 0, no })[0]);
    const order = expiries.map((expiry) => expiry?.entry.no ?? 0);
    expect(order).to.deep.equal([...order].sort((a, b) => a - b));
    const last = test.access.queries.account(program.account);
    expect(last?.businessMs).to.equal(rowOf(hotel.no)?.expiresMs);
  });

  it("gives what is left of each charged day back to that day's windows alone", async () => {
    const weekly = [{ amount: 100_00, interval: "weekly", categories: null }] as const;
    const other = await smallProgram(test, 500_00n, { controls: { ...noControls, spending_limits: weekly } });
    const pay = (cents: bigint, more: Partial<AuthorizationRequest> = {}) =>
      authorize(test, purchase(test, other.pan, cents, more));
    await pay(60_00n, { mcc: "5411", networkChain: "WEEK-0001" });
    moveDays(test, 7);
    await pay(30_00n, { purpose: "increment", networkChain: "WEEK-0001" });
    const before = await pay(70_01n);

    expect(await expire()).to.equal(1);

    expect(before).to.include({ outcome: "declined", check: "limit" });
    expect(await pay(100_01n)).to.include({ outcome: "declined", check: "limit" });
    expect(await pay(100_00n)).to.include({ outcome: "approved" });
    await test.projector.drained(5_000);
    await expectSound();
  });

  it("goes on where it was stopped, and does nothing twice", async () => {
    for (let count = 0; count < 5; count++) await hold();
    moveDays(test, 8);
    let batches = 0;

    const first = await expire({ dueHoldsMax: 2 }, () => batches++ === 1);
    const second = await expire({ dueHoldsMax: 2 });
    const third = await expire({ dueHoldsMax: 2 });

    expect([first, second, third]).to.deep.equal([2, 3, 0]);
    expect(warnings).to.deep.equal([]);
    await expectSound();
  });

  it("expires each hold once when two run at the same time", async () => {
    for (let count = 0; count < 20; count++) await hold({}, 5_00n);
    moveDays(test, 8);

    const counts = await Promise.all([expire({ dueHoldsMax: 3 }), expire({ dueHoldsMax: 7 })]);

    expect((counts[0] ?? 0) + (counts[1] ?? 0)).to.equal(20);
    expect(balances()).to.include({ available: 1_000_00n, held: 0n });
    await expectSound();
  });

  it("brings every hold to one end where its expiry meets its reversal or its capture", async () => {
    const holds = [];
    for (let count = 0; count < 30; count++) holds.push(await hold({}, 10_00n));
    moveDays(test, 8);
    await test.projector.drained(5_000);

    const ends = holds.map(({ request }, index) => {
      const now = { businessNowMs: test.clock.businessNow() };
      if (index % 2 === 0) return reverse(test, reversalOf(request, { ...now, stan: String(900_000 + index) }));
      return post(test, financialOf(request, { ...now, isAdvice: true }));
    });
    const [expired] = await Promise.all([expire({ dueHoldsMax: 4 }), ...ends]);
    const outcomes = (await Promise.all(ends)).map(({ outcome }) => outcome);
    await test.projector.drained(5_000);

    const statusOf = new Map<string, string>([
      ["released", "reversed"],
      ["captured_hold", "closed"],
    ]);
    const won = outcomes.filter((outcome) => outcome === "released" || outcome === "captured_hold").length;
    expect(expired + won).to.equal(30);
    for (const [index, { no }] of holds.entries()) {
      const wanted = statusOf.get(outcomes[index] ?? "") ?? "expired";
      expect(rowOf(no)).to.include({ status: wanted, remaining: 0n });
    }
    expect(await expire()).to.equal(0);
    expect(balances()?.held).to.equal(0n);
    await expectSound();
  });

  it("passes by a hold that has ended already, as long as the records have not heard of it", async () => {
    const ended = await hold();
    await reverse(test, reversalOf(ended.request));
    const open = await hold();
    moveDays(test, 8);
    await test.projector.drained(5_000);
    const records = openRecords({ path: test.recordsPath, dataSetId: null, isDurable: false });
    if (!records.ok) throw new Error(records.error.message);
    records.value.execute(`UPDATE authorizations SET status = 'pending' WHERE id = ${ended.no}`);
    records.value.close();

    expect(await expire({ dueHoldsMax: 1 })).to.equal(1);
    expect(rowOf(open.no)).to.include({ status: "expired" });
  });

  it("leaves what it cannot expire for the next run, and says so", async () => {
    await hold();
    moveDays(test, 8);
    await test.projector.drained(5_000);
    const away = { ...test.engine, committer: { ...test.engine.committer, timeoutMs: -1 } };

    const failed = await expire({ engine: away });
    const second = await expire();

    expect([failed, second]).to.deep.equal([0, 1]);
    expect(warnings).to.have.length(1);
  });
});
