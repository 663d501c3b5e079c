import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, eightBytes, limitText } from "./packed.ts";
import { noonMs, noonS, today } from "./plain-calls.ts";
import { balance } from "./scene.ts";
import { staleExamples } from "./stale-examples.ts";

const { CHAIN_NAMES, EXPIRED, PURPOSE_FUEL, TOUCHED_HOLD } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const ever = (most: number) => limitText({ of: "holder", interval: "a", most, field: "n5a1" });

/** What falls due by business time (rules: Holds, Expiry). */
export const expireExamples: readonly FunctionExample[] = [
  {
    title: "gives back what remains of a hold to its days, once, and keeps what it was approved for",
    cell: "expire · done",
    check: async (scene) => {
      const limits = [daily(9_000), ever(9_000)];
      await scene.authorize({ chain_id: CHAIN_NAMES }, limits);
      await scene.increment({ business_now: noonMs + 86_400_000 }, limits);
      const week = { business_now: noonMs + 7 * 86_400_000, wall_now: noonMs + 9_000 };

      expect(await scene.expire(week, limits)).to.equal("done 3 1500");
      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.message("first")).to.equal("expired hold, 0 of 1000");
      expect(await scene.messageWallS("first")).to.equal(noonS + 9);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 0`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 0");
      expect(await scene.effect(3, "expiry")).to.deep.equal({
        outcome: EXPIRED,
        reason: 0,
        businessMs: noonMs + 7 * 86_400_000,
        amount: 1_500,
        available: 10_000,
        held: 0,
        before: 0,
        touched: TOUCHED_HOLD,
        targetNo: 1,
        viaNo: 1,
        besideNo: 0,
        days: `${today + 1}: -500, ${today}: -1000`,
      });
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
      expect(await scene.expire(week, limits)).to.equal("already");
      expect(await scene.entryCount()).to.equal(3);
    },
  },
  {
    title: "has nothing to do for a hold that is forgotten, or an answer that holds nothing",
    cell: "expire · already",
    check: async (scene) => {
      expect(await scene.expire()).to.equal("already");
      await scene.authorize({ refusal: 7 });
      expect(await scene.expire()).to.equal("already");
      expect(await scene.entryCount()).to.equal(1);
    },
  },
  {
    title: "leaves a hold alone that is not the one that was meant",
    cell: "expire · stale",
    check: async (scene) => {
      await scene.authorize();
      const before = await scene.digest();

      expect(await scene.expire({ hold_no: 2 })).to.equal("other");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "expires a pump of which nobody has said what was pumped, but not once somebody has",
    check: async (scene) => {
      const pump = { purpose: PURPOSE_FUEL, amount: 9_000, least: 100, mcc: 5_542 };
      await scene.authorize(pump);
      const other = eightBytes("other");
      await scene.authorize({ ...pump, message_key: other, amount: 900 });
      await scene.advise({ authorization_key: other, mcc: 5_542, counted_mcc: 5_542, amount: 50 });

      expect(await scene.expire({ as_fuel: 1, counted_mcc: 5_542 })).to.equal("done 4 9000");
      const completed = { hold_key: other, hold_no: 2, counted_mcc: 5_542 };
      expect(await scene.expire({ ...completed, as_fuel: 1 })).to.equal("other");
      expect(await scene.expire(completed)).to.equal("done 5 50");
    },
  },
  {
    title: "takes no ordinary hold for a pump",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.expire({ as_fuel: 1 })).to.equal("other");
    },
  },
  {
    title: "asks again with the category of the hold",
    check: async (scene) => {
      await scene.authorize({ mcc: 7_011 });
      const before = await scene.digest();

      expect(await scene.expire()).to.equal("other_mcc 7011");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "stops before it gives back more than the account holds",
    check: async (scene) => {
      await scene.authorize();
      await scene.put(scene.account, balance, balanceBytes({ available: 9_001, held: 999 }));
      const before = await scene.digest();

      expect(await scene.expire()).to.match(/^error: .*held below what is released/);
      expect(await scene.digest()).to.equal(before);
    },
  },
  ...staleExamples({
    cell: "expire · stale",
    prepare: (scene) => scene.authorize(),
    act: (scene, versions) => scene.expire(versions),
  }),
];
