import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { DueRunner } from "../../src/app/due-runner.ts";
import { defaultRetention } from "../../src/projector/retention.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";

describe("app/due-runner", () => {
  let test: TestEngine;

  beforeEach(async () => {
    test = (await openTestEngine()) ?? expect.fail("the functions do not load");
  });

  afterEach(() => test.close());

  function runner(expireHolds: (isOver: () => boolean) => Promise<number>): DueRunner {
    return new DueRunner({
      projector: test.projector,
      committer: test.engine.committer,
      clock: test.clock,
      retention: defaultRetention,
      endQuestions: async () => 0,
      runObjects: async () => 0,
      fillCounters: () => Promise.resolve(0),
      expireHolds,
      limits: { dueEveryMs: 1_000, dueChainsMax: 10 },
    });
  }

  it("looks again for whoever has moved the clock while it was running", async () => {
    let businessNow = 1;
    const seen: number[] = [];
    const dueRunner = runner(async () => {
      seen.push(businessNow);
      await sleep(20);
      return 1;
    });

    const first = dueRunner.run();
    await sleep(5);
    businessNow = 2;
    const second = dueRunner.run();
    await second;

    await first;
    expect(seen).to.deep.equal([1, 2]);
    expect(dueRunner.expired).to.equal(2);
    await dueRunner.close();
  });

  it("goes on after a run that failed", async () => {
    let runs = 0;
    const dueRunner = runner(() => (++runs === 1 ? Promise.reject(new Error("the disk is full")) : Promise.resolve(3)));

    const first = await dueRunner.run().catch((error: Error) => error.message);
    await dueRunner.run();

    expect(first).to.equal("the disk is full");
    expect(dueRunner.expired).to.equal(3);
    await dueRunner.close();
  });

  it("lets a run that is under way know that it is being closed, and begins no other", async () => {
    let runs = 0;
    const dueRunner = runner(async (isOver) => {
      runs++;
      while (!isOver()) await sleep(1);
      return 0;
    });
    void dueRunner.run();
    void dueRunner.run();
    await sleep(5);

    await dueRunner.close();

    expect(runs).to.equal(1);
  });
});
