import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes, limitText } from "./packed.ts";
import { noonMs, noonS, today } from "./plain-calls.ts";

const { CHAIN_NAMES, PURPOSE_FUEL, PURPOSE_REFUND } = luaConstants;
const { TOUCHED_HOLD, TOUCHED_INCREMENT, TOUCHED_NOTHING, TOUCHED_TOMBSTONE } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const tomorrow = { business_now: noonMs + 86_400_000 };
const pump = { purpose: PURPOSE_FUEL, amount: 9_000, least: 100, mcc: 5_542, chain_id: CHAIN_NAMES };
const pumped = { mcc: 5_542, counted_mcc: 5_542 };
const declined = { is_approved: 0 };

/** Advices that change a hold: fuel that was pumped, and what the network declined. */
export const adviseHoldExamples: readonly FunctionExample[] = [
  ...["key", "chain"].map(
    (way): FunctionExample => ({
      title: `lowers a fuel hold to what was pumped and gives the rest back, by ${way}`,
      cell: "advice · completed",
      check: async (scene) => {
        await scene.authorize(pump, [daily(10_000)]);
        const key = way === "key" ? "first" : "later";
        const said = { ...pumped, authorization_key: eightBytes(key), chain_id: CHAIN_NAMES, amount: 2_500 };

        expect(await scene.advise({ ...said, counted_mcc: 1 })).to.equal("other_mcc 5542");
        expect(await scene.advise(said, [daily(10_000)])).to.equal("completed 2500, entry 2");
        expect(await scene.message("first")).to.equal("open completed fuel hold, 2500 of 9000");
        expect(await scene.money()).to.equal("7500 available, 2500 held");
        expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 2500`);
        expect(await scene.effect(2, "advice")).to.include({
          amount: 2_500,
          before: 9_000,
          touched: TOUCHED_HOLD,
          targetNo: 1,
          days: `${today}: -6500`,
        });
      },
    }),
  ),
  {
    title: "raises a fuel hold to what was pumped, which counts today and may exceed",
    check: async (scene) => {
      await scene.authorize(pump, [daily(10_000)]);

      expect(await scene.advise({ ...pumped, ...tomorrow, amount: 12_000 }, [daily(1)])).to.equal(
        "completed 12000, entry 2",
      );
      expect(await scene.message("first")).to.equal(`open completed fuel hold, 12000 of 9000, 3000 on ${today + 1}`);
      expect(await scene.money()).to.equal("-2000 available, 12000 held");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 3000`);
    },
  },
  {
    title: "closes a fuel hold where nothing was pumped, as reversed",
    check: async (scene) => {
      await scene.authorize(pump);

      expect(await scene.advise({ ...pumped, amount: 0, wall_now: noonMs + 9_000 })).to.equal("completed, entry 2");
      expect(await scene.message("first")).to.equal("reversed completed fuel hold, 0 of 9000");
      expect(await scene.messageWallS("first")).to.equal(noonS + 9);
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "takes an advice of another category or purpose for no completion of a fuel hold",
    check: async (scene) => {
      await scene.authorize(pump);

      expect(await scene.advise()).to.equal("merged, entry 2");
      const refund = { ...pumped, purpose: PURPOSE_REFUND, message_key: eightBytes("again") };
      expect(await scene.advise(refund)).to.equal("merged, entry 3");
      expect(await scene.message("first")).to.equal("open fuel hold, 9000 of 9000");
    },
  },
  {
    title: "gives back what we held where the network declined",
    check: async (scene) => {
      await scene.authorize({}, [daily(9_000)]);

      expect(await scene.advise({ ...declined, counted_mcc: 1 })).to.equal("other_mcc 5411");
      expect(await scene.advise({ ...declined, wall_now: noonMs + 9_000 }, [daily(9_000)])).to.equal(
        "released 1000, entry 2",
      );
      expect(await scene.message("first")).to.equal("reversed hold, 0 of 1000");
      expect(await scene.messageWallS("first")).to.equal(noonS + 9);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 0`);
      expect(await scene.effect(2, "advice")).to.include({
        touched: TOUCHED_HOLD,
        targetNo: 1,
        days: `${today}: -1000`,
      });
    },
  },
  {
    title: "gives back no more than the increment that the network declined",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.increment();
      const more = { ...declined, authorization_key: eightBytes("more") };

      expect(await scene.advise(more)).to.equal("released 500, entry 3");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 500, names first");
      expect(await scene.effect(3, "advice")).to.include({ touched: TOUCHED_INCREMENT, targetNo: 1, viaNo: 2 });
    },
  },
  {
    title: "leaves a tombstone for an original that the network declined and that may still come",
    check: async (scene) => {
      expect(await scene.advise({ ...declined, chain_id: CHAIN_NAMES })).to.equal("released, entry 1");
      expect(await scene.message("first")).to.equal("outcome 9, reason 0, 0");
      expect(await scene.effect(1, "advice")).to.include({ touched: TOUCHED_TOMBSTONE });
      expect(await scene.authorize()).to.equal("reversed_before, entry 2");
    },
  },
  {
    title: "does not ask the chain's id about what the network declined, and releases nothing twice",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      const other = { ...declined, authorization_key: eightBytes("other"), chain_id: CHAIN_NAMES };
      expect(await scene.advise(other)).to.equal("released, entry 2");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");

      await scene.reverse();
      expect(await scene.advise({ ...declined, message_key: eightBytes("again") })).to.equal("released, entry 4");
      expect(await scene.effect(4, "advice")).to.include({ touched: TOUCHED_NOTHING, targetNo: 1 });
    },
  },
];
