import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, counterBytes, eightBytes, limitText } from "./packed.ts";
import { today } from "./plain-calls.ts";
import { balance } from "./scene.ts";

const { PURPOSE_FUEL, PURPOSE_INQUIRY, PURPOSE_REFUND, PURPOSE_VERIFICATION } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const everOfHolder = (most: number) => limitText({ of: "holder", interval: "a", most, field: "n5a1" });
const forFunds = `for ${luaConstants.REFUSED_FOR_FUNDS}`;
const forLimit = `for ${luaConstants.REFUSED_FOR_LIMIT}`;
const fuel = { purpose: PURPOSE_FUEL, amount: 9_000, least: 100 };

/** What a 0100 asks for beside a purchase in full. */
export const purposeExamples: readonly FunctionExample[] = [
  {
    title: "approves the part that is there, counts no more than that, and says so again to a repeat",
    cell: "authorization · partial",
    check: async (scene) => {
      const limits = [daily(90_000), everOfHolder(90_000)];
      const part = "partial 10000, of 10001, code 123456, entry 1";

      expect(await scene.authorize({ amount: 10_001, least: 1 }, limits)).to.equal(part);
      expect(await scene.money()).to.equal("0 available, 10000 held");
      expect(await scene.message("first")).to.equal("open hold, 10000 of 10000, asked 10001");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 10000`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 10000");
      expect(await scene.authorize({ amount: 10_001, least: 1 })).to.equal(`duplicate of ${part}`);
    },
  },
  {
    title: "approves a part where no limit counts",
    check: async (scene) => {
      expect(await scene.authorize({ amount: 10_001, least: 10_000 })).to.match(/^partial 10000, of 10001/);
    },
  },
  {
    title: "declines where less is there than the smallest part, such as the cashback",
    check: async (scene) => {
      expect(await scene.authorize({ amount: 20_000, least: 10_001 })).to.equal(`declined, ${forFunds}, entry 1`);
    },
  },
  {
    title: "asks every limit about the whole amount before it approves a part",
    check: async (scene) => {
      const answer = await scene.authorize({ amount: 10_001, least: 1 }, [daily(10_000)]);

      expect(answer).to.equal(`declined, ${forLimit}, entry 1`);
    },
  },
  {
    title: "unlocks a pump for what was wanted, and marks the hold as fuel",
    check: async (scene) => {
      expect(await scene.authorize(fuel)).to.equal("approved 9000, code 123456, entry 1");
      expect(await scene.message("first")).to.equal("open fuel hold, 9000 of 9000");
    },
  },
  {
    title: "unlocks a pump for no more than each limit leaves, and counts that",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today, spent: 500 }));
      await scene.put(scene.account, "n5a1", counterBytes({ window: 0, spent: 1_000 }));
      await scene.put(scene.account, "n5d1", counterBytes({ window: today, spent: luaConstants.COUNT_ONLY - 100 }));
      const limits = [daily(5_500), everOfHolder(4_000), everOfHolderToo(luaConstants.COUNT_ONLY)];

      expect(await scene.authorize(fuel, limits)).to.match(/^approved 3000, code/);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 3500`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 4000");
    },
  },
  {
    title: "takes a limit whose window has ended for whole",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today - 1, spent: 5_000 }));

      expect(await scene.authorize(fuel, [daily(5_000)])).to.match(/^approved 5000, code/);
    },
  },
  {
    title: "does not unlock a pump where a limit leaves less than one unit, to the cent",
    check: async (scene) => {
      await scene.put(scene.chain, "nd1", counterBytes({ window: today, spent: 901 }));

      expect(await scene.authorize(fuel, [daily(1_000)])).to.equal(`declined, ${forLimit}, entry 1`);
      expect(await scene.authorize({ ...fuel, message_key: eightBytes("second") }, [daily(1_001)])).to.match(
        /^approved 100, code/,
      );
    },
  },
  {
    title: "unlocks a pump for what is available, counts that, and not for less than one unit",
    check: async (scene) => {
      await scene.put(scene.account, balance, balanceBytes({ available: 100, held: 0 }));

      expect(await scene.authorize(fuel, [daily(9_999)])).to.equal("approved 100, code 123456, entry 1");
      expect(await scene.message("first")).to.equal("open fuel hold, 100 of 100, asked 9000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 100`);
      await scene.put(scene.account, balance, balanceBytes({ available: 99, held: 0 }));
      expect(await scene.authorize({ ...fuel, message_key: eightBytes("second") })).to.equal(
        `declined, ${forFunds}, entry 2`,
      );
    },
  },
  ...[PURPOSE_REFUND, PURPOSE_VERIFICATION].map(
    (purpose): FunctionExample => ({
      title: `approves a ${purpose === PURPOSE_REFUND ? "refund" : "verification"} without asking limits or funds, and holds nothing`,
      check: async (scene) => {
        const answer = await scene.authorize({ purpose, amount: 10_001, chain_id: 1 }, [daily(1)]);

        expect(answer).to.equal("approved, code 123456, entry 1");
        expect(await scene.money()).to.equal("10000 available, 0 held");
        expect(await scene.message("first")).to.equal("outcome 1, reason 0, 0");
        expect(await scene.fields(scene.chain)).to.deep.equal(["mfirst---", "v"]);
        expect(await scene.authorize({ purpose, amount: 10_001 })).to.equal(`duplicate of ${answer}`);
      },
    }),
  ),
  {
    title: "declines a refund whose card the static checks refuse",
    check: async (scene) => {
      expect(await scene.authorize({ purpose: PURPOSE_REFUND, refusal: 6 })).to.equal("declined, for 6, entry 1");
    },
  },
  {
    title: "answers an inquiry with the balances of that moment, and a repeat with the same",
    check: async (scene) => {
      await scene.authorize({ amount: 3_000 });
      const inquiry = { message_key: eightBytes("asked"), purpose: PURPOSE_INQUIRY, amount: 0 };
      const told = "approved, 7000 available, 3000 held, code 123456, entry 2";

      expect(await scene.authorize(inquiry)).to.equal(told);
      await scene.reverse();
      expect(await scene.authorize(inquiry)).to.equal(`duplicate of ${told}`);
      expect(await scene.message("asked")).to.equal("outcome 1, reason 0, 0, told 7000 and 3000");
    },
  },
  {
    title: "tells a declined inquiry nothing of the balances",
    check: async (scene) => {
      const answer = await scene.authorize({ purpose: PURPOSE_INQUIRY, amount: 0, refusal: 6 });

      expect(answer).to.equal("declined, for 6, entry 1");
      expect(await scene.message("first")).to.equal("outcome 2, reason 6, 0");
    },
  },
  {
    title: "tells an inquiry that was undone before it came nothing",
    check: async (scene) => {
      await scene.reverse();

      expect(await scene.authorize({ purpose: PURPOSE_INQUIRY, amount: 0 })).to.equal("reversed_before, entry 2");
    },
  },
  {
    title: "names the chain by a hold with its counters, and by a hold that takes a free id anew",
    check: async (scene) => {
      await scene.authorize({ chain_id: luaConstants.CHAIN_NAMES }, [daily(90_000)]);
      expect(await scene.chainNames()).to.equal("first");

      const second = { message_key: eightBytes("second"), chain_id: luaConstants.CHAIN_NAMES };
      await scene.authorize(second, [daily(90_000)]);
      expect(await scene.chainNames()).to.equal("first");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 2000`);

      await scene.authorize({ message_key: eightBytes("third"), chain_id: luaConstants.CHAIN_RENAMES });
      expect(await scene.chainNames()).to.equal("third");
    },
  },
];

function everOfHolderToo(most: number): Buffer {
  return limitText({ of: "holder", interval: "d", most, field: "n5d1" });
}
