import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, eightBytes, limitText } from "./packed.ts";
import { noonMs, today } from "./plain-calls.ts";
import { type Scene, balance } from "./scene.ts";

const { CHAIN_NAMES, IN_OTHER_CURRENCY, MOST_MINOR, PURPOSE_REFUND } = luaConstants;
const { TOUCHED_CREDIT, TOUCHED_DEBIT, TOUCHED_DECLINE, TOUCHED_INCREMENT, TOUCHED_TOMBSTONE } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const ever = (most: number) => limitText({ of: "holder", interval: "a", most, field: "n5a1" });
const dayMs = 86_400_000;
const more = { undo_key: eightBytes("more") };

/** Reversals of increments and postings, of amounts in another currency, and without DE90. */
export const reverseMoneyExamples: readonly FunctionExample[] = [
  {
    title: "gives back an increment from its own day and leaves the chain open, once",
    check: async (scene) => {
      await threeDays(scene);

      expect(await scene.reverse(more, [daily(9_000), ever(9_000)])).to.equal("released 500, entry 4");
      expect(await scene.message("first")).to.equal(`open hold, 1300 of 1000, 300 on ${today + 2}`);
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 500, names first");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 2}: 300`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 1300");
      expect(await scene.effect(4, "reversal")).to.include({
        touched: TOUCHED_INCREMENT,
        targetNo: 1,
        viaNo: 2,
        days: `${today + 1}: -500`,
      });
      expect(await scene.reverse({ ...more, message_key: eightBytes("undo2"), counted_mcc: 1 })).to.equal(
        "nothing_to_release, entry 5",
      );
    },
  },
  {
    title: "lowers an increment, and then no more than what is left of it",
    check: async (scene) => {
      await threeDays(scene);

      expect(await scene.reverse({ ...more, replacement: 501 })).to.equal("exception, entry 4");
      expect(await scene.reverse({ ...more, message_key: eightBytes("u2"), replacement: 200 })).to.equal(
        "lowered 300, entry 5",
      );
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 500, names first for 200");
      expect(await scene.message("first")).to.equal(
        `open hold, 1500 of 1000, 200 on ${today + 1}, 300 on ${today + 2}`,
      );
      expect(await scene.reverse({ ...more, message_key: eightBytes("u3"), replacement: 201 })).to.equal(
        "exception, entry 6",
      );
      expect(await scene.reverse({ ...more, message_key: eightBytes("u4"), replacement: 200 })).to.equal(
        "lowered, entry 7",
      );
      expect(await scene.reverse({ ...more, message_key: eightBytes("u5") })).to.equal("released 200, entry 8");
    },
  },
  {
    title: "takes from the latest day what is no longer left of the increment's own",
    check: async (scene) => {
      await threeDays(scene);
      // 1,000 and 100 remain: the third day and most of the second are gone.
      await scene.reverse({ replacement: 1_100 });
      await scene.increment({ ...onDay(3), message_key: eightBytes("later"), amount: 50 });

      expect(await scene.reverse({ ...more, message_key: eightBytes("undo2") })).to.equal("released 500, entry 6");
      expect(await scene.message("first")).to.equal("open hold, 650 of 1000");
      expect(await scene.effect(6, "reversal")).to.include({
        days: `${today + 1}: -100, ${today + 3}: -50, ${today}: -350`,
      });
    },
  },
  {
    title: "takes from the first day no more than is left of it",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.increment();
      await scene.increment({ ...onDay(1), message_key: eightBytes("last"), amount: 60 });
      await scene.reverse({ replacement: 20 });
      await scene.increment({ ...onDay(2), message_key: eightBytes("later"), amount: 490 });

      expect(await scene.reverse({ ...more, message_key: eightBytes("undo2") })).to.equal("released 500, entry 6");
      expect(await scene.effect(6, "reversal")).to.include({ days: `${today}: -20, ${today + 2}: -480` });
      expect(await scene.message("first")).to.equal(`open hold, 10 of 1000, 10 on ${today + 2}`);
    },
  },
  {
    title: "gives back no more of an increment than remains of the hold, which stays open",
    check: async (scene) => {
      await threeDays(scene);
      await scene.reverse({ replacement: 100 });

      expect(await scene.reverse({ ...more, message_key: eightBytes("undo2") })).to.equal("released 100, entry 5");
      expect(await scene.message("first")).to.equal("open hold, 0 of 1000");
      expect(await scene.reverse({ message_key: eightBytes("undo3"), replacement: 1 })).to.equal("exception, entry 6");
      expect(await scene.reverse({ message_key: eightBytes("undo4") })).to.equal("released, entry 7");
      expect(await scene.message("first")).to.equal("reversed hold, 0 of 1000");
    },
  },
  {
    title: "closes the whole chain with its first message, after which an increment has nothing to give back",
    check: async (scene) => {
      await threeDays(scene);

      expect(await scene.reverse({}, [daily(9_000), ever(9_000)])).to.equal("released 1800, entry 4");
      expect(await scene.message("first")).to.equal("reversed hold, 0 of 1000");
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 0");
      expect(await scene.reverse({ ...more, message_key: eightBytes("undo2"), counted_mcc: 1 })).to.equal(
        "nothing_to_release, entry 5",
      );
    },
  },
  {
    title: "posts a debit back in full and gives it back to its day, once",
    cell: "reversal · reposted",
    check: async (scene) => {
      await scene.post({}, [daily(9_000), ever(9_000)]);

      expect(await scene.reverse(onDay(1), [daily(9_000), ever(9_000)])).to.equal("reposted 1000, entry 2");
      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.message("first")).to.equal("debit posting, 0 of 1000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 0`);
      expect(await scene.effect(2, "reversal")).to.include({
        amount: 1_000,
        touched: TOUCHED_DEBIT,
        targetNo: 1,
        viaNo: 1,
        days: `${today}: -1000`,
      });
      expect(await scene.reverse({ message_key: eightBytes("undo2"), counted_mcc: 1 })).to.equal(
        "nothing_to_release, entry 3",
      );
    },
  },
  {
    title: "posts a debit back down to the replacement amount, and never more than is left of it",
    check: async (scene) => {
      await scene.post();

      expect(await scene.reverse({ replacement: 400 })).to.equal("reposted 600, entry 2");
      expect(await scene.message("first")).to.equal("debit posting, 400 of 1000");
      expect(await scene.reverse({ message_key: eightBytes("u2"), replacement: 401 })).to.equal("exception, entry 3");
      expect(await scene.reverse({ message_key: eightBytes("u3"), replacement: 400 })).to.equal("reposted, entry 4");
      expect(await scene.money()).to.equal("9600 available, 0 held");
    },
  },
  {
    title: "posts a credit back, below zero if it must, and moves no limit",
    check: async (scene) => {
      await scene.post({ purpose: PURPOSE_REFUND });
      await scene.put(scene.account, balance, balanceBytes({ available: 10, held: 0 }));
      await scene.authorize({ message_key: eightBytes("spent"), amount: 5 }, [daily(9_000)]);

      expect(await scene.reverse({ replacement: 200 }, [daily(9_000)])).to.equal("reposted 800, entry 3");
      expect(await scene.money()).to.equal("-795 available, 5 held");
      expect(await scene.message("first")).to.equal("credit posting, 200 of 1000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 5`);
      expect(await scene.effect(3, "reversal")).to.include({ touched: TOUCHED_CREDIT, days: "" });
    },
  },
  {
    title: "has nothing to release of a hold that was captured, and posts its posting back",
    check: async (scene) => {
      await scene.authorize();
      await scene.postAdvice();

      expect(await scene.reverse({ counted_mcc: 1 })).to.equal("nothing_to_release, entry 3");
      expect(await scene.reverse({ message_key: eightBytes("undo2"), undo_key: eightBytes("told") })).to.equal(
        "reposted 1000, entry 4",
      );
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "reverses what a decline has become by an advice, and closes it",
    check: async (scene) => {
      await scene.authorize({ amount: 10_001 });
      await scene.advise({ amount: 10_001 });

      expect(await scene.reverse()).to.equal("released 10001, entry 3");
      expect(await scene.message("advice")).to.equal("reversed hold, 0 of 10001");
      expect(await scene.effect(3, "reversal")).to.include({ targetNo: 2, viaNo: 1 });
    },
  },
  {
    title: "notes on a decline that it was reversed, once",
    check: async (scene) => {
      await scene.authorize({ amount: 10_001 });

      expect(await scene.reverse()).to.equal("nothing_to_release, entry 2");
      expect(await scene.effect(2, "reversal")).to.include({ touched: TOUCHED_DECLINE, targetNo: 0, viaNo: 1 });
      await scene.reverse({ message_key: eightBytes("undo2") });
      expect(await scene.message("first")).to.match(/names undo$/);
      expect(await scene.authorize({ amount: 10_001 })).to.match(/^duplicate of declined/);
    },
  },
  {
    title: "asks for the rate of its original where the amount is in another currency, and only where it can move",
    cell: "reversal · need_rate",
    check: async (scene) => {
      const foreign = { in_currency: IN_OTHER_CURRENCY, replacement: 300 };
      await scene.authorize({ rate: 61_158_907, mcc: 7_011 });
      await scene.post({ message_key: eightBytes("posted"), rate: 5 });
      const before = await scene.digest();

      expect(await scene.reverse(foreign)).to.equal("need_rate 61158907");
      expect(await scene.reverse({ ...foreign, undo_key: eightBytes("posted") })).to.equal("need_rate 5");
      expect(await scene.digest()).to.equal(before);
      await scene.reverse({ counted_mcc: 7_011 });
      expect(await scene.reverse({ ...foreign, message_key: eightBytes("undo2") })).to.match(/^nothing_to_release/);
      expect(await scene.reverse({ ...foreign, message_key: eightBytes("u3"), undo_key: eightBytes("?") })).to.match(
        /^tombstone/,
      );
    },
  },
  {
    title: "finds the first original that is known: a 0100, a 0200, a 0220",
    check: async (scene) => {
      const keys = { undo_key: eightBytes("a"), second_key: eightBytes("b"), third_key: eightBytes("c") };
      await scene.postAdvice({ message_key: eightBytes("c"), amount: 1 });
      expect(await scene.reverse({ ...keys, message_key: eightBytes("u1") })).to.equal("reposted 1, entry 2");
      await scene.post({ message_key: eightBytes("b"), amount: 2 });
      expect(await scene.reverse({ ...keys, message_key: eightBytes("u2") })).to.equal("reposted 2, entry 4");
      await scene.authorize({ message_key: eightBytes("a"), amount: 3 });
      expect(await scene.reverse({ ...keys, message_key: eightBytes("u3") })).to.equal("released 3, entry 6");
    },
  },
  {
    title: "leaves a tombstone for a 0100 and for a 0200 where neither is known and DE90 does not tell",
    check: async (scene) => {
      const keys = { undo_key: eightBytes("a"), second_key: eightBytes("b"), third_key: eightBytes("c") };

      expect(await scene.reverse(keys)).to.equal("tombstone, entry 1");
      expect(await scene.fields(scene.chain)).to.deep.equal(["ma-------", "mb-------", "mundo----", "v"]);
      expect(await scene.effect(1, "reversal")).to.include({ touched: TOUCHED_TOMBSTONE, targetNo: 0, viaNo: 0 });
      expect(await scene.post({ message_key: eightBytes("b") })).to.equal("reversed_before, entry 2");
      expect(await scene.authorize({ message_key: eightBytes("a") })).to.equal("reversed_before, entry 3");
    },
  },
  {
    title: "stops before a balance becomes larger than it can be kept",
    check: async (scene) => {
      await scene.post({ amount: 1 });
      await scene.put(scene.account, balance, balanceBytes({ available: MOST_MINOR, held: 0 }));
      const before = await scene.digest();

      expect(await scene.reverse()).to.match(/^error: .*more than it can keep/);
      expect(await scene.digest()).to.equal(before);
      await scene.put(scene.account, balance, balanceBytes({ available: MOST_MINOR - 1, held: 0 }));
      expect(await scene.reverse()).to.equal("reposted 1, entry 2");

      await scene.put(scene.account, balance, balanceBytes({ available: 0, held: MOST_MINOR - 999 }));
      expect(await scene.advise({ authorization_key: eightBytes("none") })).to.match(/^error: .*more than it can keep/);
      expect(await scene.advise({ authorization_key: eightBytes("none"), amount: 999 })).to.match(/^held 999/);
    },
  },
];

/** 1,000 today, 500 tomorrow and 300 on the day after. */
async function threeDays(scene: Scene): Promise<void> {
  const limits = [daily(9_000), ever(9_000)];
  await scene.authorize({ chain_id: CHAIN_NAMES }, limits);
  await scene.increment(onDay(1), limits);
  await scene.increment({ ...onDay(2), message_key: eightBytes("last"), amount: 300 }, limits);
}

function onDay(days: number): { business_now: number } {
  return { business_now: noonMs + days * dayMs };
}
