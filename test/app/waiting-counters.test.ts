import { expect } from "chai";
import { DueRunner } from "../../src/app/due-runner.ts";
import { fillWaitingCounters } from "../../src/app/waiting-counters.ts";
import { noControls } from "../../src/ledger/limits.ts";
import { updateCardholder } from "../../src/resources/issuing/cardholders.ts";
import { replaceCard, updateCard } from "../../src/resources/issuing/cards.ts";
import { defaultRetention } from "../../src/projector/retention.ts";
import { type Program, ProgramError } from "../../src/resources/program.ts";
import { openRecords } from "../../src/records/database.ts";
import { createClient } from "../../src/store/client.ts";
import { verify } from "../../src/verify/verify.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { sharedRedis } from "../support/redis.ts";
import { authorize, purchase, smallProgram } from "../support/small-program.ts";

describe("app/waiting-counters", () => {
  let test: TestEngine;

  beforeEach(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("the functions do not load");
    test = opened;
  });

  afterEach(() => test.close());

  const weekly = {
    ...noControls,
    spending_limits: [{ amount: 300_00, interval: "weekly", categories: null }],
  } as const;
  const dining = {
    ...noControls,
    spending_limits: [{ amount: 100_00, interval: "monthly", categories: ["eating_places_restaurants"] }],
  } as const;

  /** Dies between the commit of a limit and its second step. */
  function mortal(program: Program): Program {
    const charged = (): Promise<never> => Promise.reject(new ProgramError("store_down", "the process is gone"));
    return { ...program, reader: { ...program.reader, charged } };
  }

  async function dying(change: (program: Program) => Promise<unknown>): Promise<void> {
    const cause = await change(mortal(test.access.program)).then(
      () => "no cause",
      (error: unknown) => (error instanceof Error ? error.message : "no error"),
    );
    expect(cause).to.equal("the process is gone");
  }

  async function repair(): Promise<number> {
    expect(await test.projector.drained(5_000)).to.equal(true);
    return fillWaitingCounters({ ...test, log: { warn: () => undefined } });
  }

  async function waitingCount(): Promise<number> {
    expect(await test.projector.drained(5_000)).to.equal(true);
    return test.access.queries.waitingCounters(10).length;
  }

  it("counts what a card spent before its limit, although the process died before the limit's second step", async () => {
    const { pan, card } = await smallProgram(test);
    await authorize(test, purchase(test, pan, 200_00n));
    await dying((program) => updateCard(program, card, { spending_controls: weekly }));
    await authorize(test, purchase(test, pan, 50_00n));

    const filled = await repair();

    expect(filled).to.equal(1);
    expect(await authorize(test, purchase(test, pan, 50_01n))).to.include({ outcome: "declined", check: "limit" });
    expect(await authorize(test, purchase(test, pan, 50_00n))).to.include({ outcome: "approved" });
  });

  it("is part of what the due runner runs", async () => {
    const { pan, card } = await smallProgram(test);
    await authorize(test, purchase(test, pan, 200_00n));
    await dying((program) => updateCard(program, card, { spending_controls: weekly }));
    await waitingCount();
    const dueRunner = new DueRunner({
      projector: test.projector,
      committer: test.engine.committer,
      clock: test.clock,
      retention: defaultRetention,
      endQuestions: async () => 0,
      runObjects: async () => 0,
      fillCounters: () => fillWaitingCounters({ ...test, log: { warn: () => undefined } }),
      expireHolds: () => Promise.resolve(0),
      limits: { dueEveryMs: 1_000, dueChainsMax: 10 },
    });

    await dueRunner.run();

    expect(await waitingCount()).to.equal(0);
    expect(await authorize(test, purchase(test, pan, 100_01n))).to.include({ outcome: "declined", check: "limit" });
  });

  it("counts only the categories of a cardholder's limit that was left waiting", async () => {
    const { pan, account, cardholder } = await smallProgram(test);
    await authorize(test, purchase(test, pan, 60_00n, { mcc: "5812" }));
    await authorize(test, purchase(test, pan, 70_00n));
    await dying((program) => updateCardholder(program, account, cardholder.no, { spending_controls: dining }));

    const filled = await repair();

    expect(filled).to.equal(1);
    const tooMuch = purchase(test, pan, 40_01n, { mcc: "5812" });
    expect(await authorize(test, tooMuch)).to.include({ outcome: "declined", check: "limit" });
    expect(await authorize(test, purchase(test, pan, 40_00n, { mcc: "5812" }))).to.include({ outcome: "approved" });
  });

  it("fills a counter once, and forgets one whose limit is gone again", async () => {
    const { pan, card } = await smallProgram(test);
    await authorize(test, purchase(test, pan, 100_00n));
    await dying((program) => updateCard(program, card, { spending_controls: weekly }));
    await updateCard(test.access.program, card, { spending_controls: dining });
    await dying((program) => updateCard(program, card, { spending_controls: weekly }));

    const first = await repair();
    const second = await repair();

    expect([first, second]).to.deep.equal([2, 0]);
    expect(await authorize(test, purchase(test, pan, 200_01n))).to.include({ outcome: "declined", check: "limit" });
    expect(await authorize(test, purchase(test, pan, 200_00n))).to.include({ outcome: "approved" });
  });

  it("has nothing to fill where a limit was added in peace, or where a card of it is replaced", async () => {
    const { card } = await smallProgram(test);
    await updateCard(test.access.program, card, { spending_controls: weekly });
    const replacement = { reason: "lost", expMonth: 1, expYear: 2033, status: "active" } as const;
    await replaceCard(test.access.program, card, replacement);

    expect(await waitingCount()).to.equal(0);
  });

  it("keeps a counter waiting while the store does not answer", async () => {
    const { pan, card } = await smallProgram(test);
    await authorize(test, purchase(test, pan, 200_00n));
    await dying((program) => updateCard(program, card, { spending_controls: weekly }));
    await waitingCount();
    const away = { ...test.access, program: mortal(test.access.program) };

    const filled = await fillWaitingCounters({ ...test, access: away, log: { warn: () => undefined } });

    expect(filled).to.equal(0);
    expect(await waitingCount()).to.equal(1);
    const redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    const waiting = await redis.hgetBuffer(test.engine.keyspace.chain(card.shard, card.no), "nw0");
    redis.disconnect();
    expect(waiting?.[0]).to.equal(2);
  });

  it("is sound for verify while the records know of it, and found where nobody would ever fill it", async () => {
    const { card } = await smallProgram(test);
    await dying((program) => updateCard(program, card, { spending_controls: weekly }));
    await waitingCount();
    const opened = openRecords({ path: test.recordsPath, dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    const records = opened.value;
    const redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    const source = { redis, keyspace: test.engine.keyspace, records };

    const known = await verify(source);
    records.execute("DELETE FROM waiting_counters");
    const forgotten = await verify(source);

    records.close();
    redis.disconnect();
    expect(known.violations).to.deep.equal([]);
    expect(forgotten.violations.map(({ found }) => found)).to.deep.equal(["a counter that waits for ever"]);
  });
});
