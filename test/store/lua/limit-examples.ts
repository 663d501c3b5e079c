import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, counterBytes, eightBytes, limitText } from "./packed.ts";
import { noonMs, today } from "./plain-calls.ts";
import { balance } from "./scene.ts";

const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const everOfHolder = (most: number) => limitText({ of: "holder", interval: "a", most, field: "n5a1" });
const refused = `declined, for ${luaConstants.REFUSED_FOR_LIMIT}, entry 1`;
const countOnly = luaConstants.COUNT_ONLY;

export const limitExamples: readonly FunctionExample[] = [
  {
    title: "counts an approval in every limit, of the card and of the cardholder, each in its own counter",
    check: async (scene) => {
      const limits = [
        daily(1_000),
        everOfHolder(5_000),
        limitText({ of: "chain", interval: "a", most: 9_000, field: "na1" }),
      ];
      await scene.put(scene.account, "n5a1", counterBytes({ window: 0, spent: 30 }));
      await scene.put(scene.chain, "nd1", counterBytes({ window: today - 1, spent: 999 }));

      expect(await scene.authorize({}, limits)).to.match(/^approved/);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect(await scene.counter(scene.chain, "na1")).to.equal("in window 0: 1000");
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 1030");
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "declines what goes one cent over a limit, and counts it in none",
    check: async (scene) => {
      await scene.put(scene.account, "n5a1", counterBytes({ window: 0, spent: 1 }));

      expect(await scene.authorize({}, [daily(9_000), everOfHolder(1_000)])).to.equal(refused);
      expect(await scene.counter(scene.chain, "nd1")).to.equal("no counter");
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 1");
    },
  },
  {
    title: "lets a limit without a maximum count to any height",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today, spent: countOnly }));

      expect(await scene.authorize({}, [daily(countOnly)])).to.match(/^approved/);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: ${countOnly + 1_000}`);
    },
  },
  {
    title: "takes the largest maximum for a maximum",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today, spent: countOnly - 1_000 }));

      expect(await scene.authorize({}, [daily(countOnly - 1)])).to.equal(refused);
    },
  },
  {
    title: "lets a counter that waits for its past go on waiting while it counts",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today, spent: 5, waitsFor: 7 }));

      await scene.authorize({}, [daily(9_000)]);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1005 without its past up to 7`);
    },
  },
  {
    title: "keeps a waiting counter waiting over the edge of its window",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today - 1, spent: 5, waitsFor: 7 }));

      await scene.authorize({}, [daily(9_000)]);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000 without its past up to 7`);
    },
  },
  {
    title: "counts in the window of the account's own time where the message is older",
    check: async (scene) => {
      await scene.authorize({ business_now: noonMs - 86_400_000 }, [daily(9_000)]);

      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
    },
  },
  {
    title: "asks for limits before funds",
    check: async (scene) => {
      await scene.put(scene.account, balance, balanceBytes({ available: 1, held: 0 }));

      expect(await scene.authorize({}, [daily(999)])).to.equal(refused);
    },
  },
  {
    title: "lets a refusal of the static checks stand, whatever the limits",
    check: async (scene) => {
      expect(await scene.authorize({ refusal: 7 }, [daily(999)])).to.equal("declined, for 7, entry 1");
      expect(await scene.counter(scene.chain, "nd1")).to.equal("no counter");
    },
  },
  {
    title: "counts nothing for an original that was reversed before it came, and names no reason",
    check: async (scene) => {
      await scene.reverse();

      expect(await scene.authorize({}, [daily(999)])).to.equal("reversed_before, entry 2");
      expect(await scene.counter(scene.chain, "nd1")).to.equal("no counter");
    },
  },
  {
    title: "counts nothing where the funds are short",
    check: async (scene) => {
      const answer = await scene.authorize({ amount: 10_001 }, [daily(20_000)]);

      expect(answer).to.equal(`declined, for ${luaConstants.REFUSED_FOR_FUNDS}, entry 1`);
      expect(await scene.counter(scene.chain, "nd1")).to.equal("no counter");
    },
  },
  {
    title: "gives a reversal back to the window that was charged, and to no later one",
    check: async (scene) => {
      await scene.authorize({}, [daily(9_000), everOfHolder(9_000)]);
      const tomorrow = { business_now: noonMs + 86_400_000 };
      await scene.authorize({ ...tomorrow, message_key: eightBytes("second"), amount: 300 }, [daily(9_000)]);

      await scene.reverse(tomorrow, [daily(9_000), everOfHolder(9_000)]);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 300`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 0");
    },
  },
  {
    title: "gives a partial reversal back to the counters of the card and of the cardholder",
    check: async (scene) => {
      const limits = [
        daily(9_000),
        everOfHolder(9_000),
        limitText({ of: "chain", interval: "a", most: 9_000, field: "na1" }),
      ];
      await scene.authorize({}, limits);

      expect(await scene.reverse({ replacement: 400 }, limits)).to.equal("lowered 600, entry 2");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 400`);
      expect(await scene.counter(scene.chain, "na1")).to.equal("in window 0: 400");
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 400");
    },
  },
  {
    title: "makes no counter by a reversal, and leaves a waiting one waiting",
    check: async (scene) => {
      await scene.authorize();
      await scene.put(scene.account, "n5a1", counterBytes({ window: 0, spent: 1_200, waitsFor: 7 }));

      await scene.reverse({}, [daily(9_000), everOfHolder(9_000)]);
      expect(await scene.counter(scene.chain, "nd1")).to.equal("no counter");
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 200 without its past up to 7");
    },
  },
  {
    title: "refuses a counter of a format that it does not know, and writes nothing",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today, spent: 0, format: 99 }));
      const before = await scene.digest();

      expect(await scene.authorize({}, [daily(9_000)])).to.match(/^error: .*counter: unknown format 99/);
      expect(await scene.digest()).to.equal(before);
    },
  },
];
