import { expect } from "chai";
import { minor } from "../../../src/kernel/money.ts";
import { backfill } from "../../../src/store/backfill.ts";
import type { FunctionExample } from "./example.ts";
import { counterBytes } from "./packed.ts";
import { noonMs } from "./plain-calls.ts";

const waiting = counterBytes({ window: 20, spent: 30, waitsFor: 7 });

export const backfillExamples: readonly FunctionExample[] = [
  {
    title: "adds to a new counter what was spent before it, once",
    cell: "backfill · done",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", waiting);

      expect(await scene.backfill("nd1", { window: 20 })).to.equal("done 1");
      expect(await scene.counter(scene.chain, "nd1")).to.equal("in window 20: 530");
      expect(await scene.backfill("nd1", { window: 20 })).to.equal("already");
      expect(await scene.counter(scene.chain, "nd1")).to.equal("in window 20: 530");
      expect(await scene.entryCount()).to.equal(1);
    },
  },
  {
    title: "adds nothing to a window that has moved on, and lets the counter wait no longer",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", waiting);

      expect(await scene.backfill("nd1", { window: 19 })).to.equal("done 1");
      expect(await scene.counter(scene.chain, "nd1")).to.equal("in window 20: 30");
    },
  },
  {
    title: "leaves a counter alone that waits for another past",
    cell: "backfill · already",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", waiting);
      const before = await scene.digest();

      expect(await scene.backfill("nd1", { window: 20, as_of: 8 })).to.equal("already");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "has nothing to do where the counter or the account is gone",
    check: async (scene) => {
      expect(await scene.backfill("nd1", { window: 20 })).to.equal("already");

      await scene.put(scene.chain, "nd1", waiting);
      await scene.drop(scene.account, "h");
      expect(await scene.backfill("nd1", { window: 20 })).to.equal("already");
      expect(await scene.counter(scene.chain, "nd1")).to.equal("in window 20: 30 without its past up to 7");
    },
  },
  {
    title: "never lets the business time of an account go back, and chains its hash",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", waiting);
      await scene.backfill("nd1", { business_now: noonMs - 60_000 });
      expect((await scene.head()).businessMs).to.equal(noonMs);

      await scene.put(scene.chain, "nd1", waiting);
      await scene.backfill("nd1", { business_now: noonMs + 60_000 });
      const head = await scene.head();
      expect(head.businessMs).to.equal(noonMs + 60_000);
      expect(head.chainHash).to.equal(await scene.hashOfEntries());
      expect((await scene.entryTail(2, "past")).readUIntBE(0, 6)).to.equal(noonMs + 60_000);
    },
  },
  {
    title: "finds the counter of a chain in the chain, and of a cardholder in the account",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", waiting);
      await scene.put(scene.account, "n5d1", waiting);
      const step = { shard: scene.shard, account: 1, chain: 1, asOf: 7, window: 20, spent: minor(4n) };
      const times = { wallMs: noonMs, businessMs: noonMs };

      expect(await backfill(scene.committer, { ...step, ...times, cardholder: 0, field: "nd1" })).to.equal(true);
      expect(await backfill(scene.committer, { ...step, ...times, cardholder: 5, field: "n5d1" })).to.equal(true);
      expect(await scene.counter(scene.chain, "nd1")).to.equal("in window 20: 34");
      expect(await scene.counter(scene.account, "n5d1")).to.equal("in window 20: 34");
    },
  },
];
