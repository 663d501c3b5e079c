import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes, limitText } from "./packed.ts";
import { noonMs, noonS, today } from "./plain-calls.ts";
import type { Scene } from "./scene.ts";

const { CHAIN_NAMES, TOUCHED_HOLD } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const tomorrow = { business_now: noonMs + 86_400_000 };

/** A 0220 whose hold is open. */
export const captureExamples: readonly FunctionExample[] = [
  {
    title: "captures the open hold that it names, for the same amount",
    cell: "financial · captured_hold",
    check: async (scene) => {
      await scene.authorize({ rate: 61_200_000 }, [daily(9_000)]);
      const captured = "captured_hold 1000, of 1000, code 555555, entry 2";

      expect(await scene.postAdvice({ wall_now: noonMs + 9_000, ...tomorrow }, [daily(9_000)])).to.equal(captured);
      expect(await scene.money()).to.equal("9000 available, 0 held");
      expect(await scene.message("first")).to.equal("captured hold, 0 of 1000");
      expect(await scene.messageWallS("first")).to.equal(noonS + 9);
      expect(await scene.message("told")).to.equal("debit posting, 1000 of 1000");
      expect(await scene.message("second")).to.equal("nothing");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect(await scene.effect(2, "told")).to.include({
        amount: 1_000,
        before: 1_000,
        touched: TOUCHED_HOLD,
        targetNo: 1,
        viaNo: 1,
        days: "",
      });
      expect(await scene.postAdvice()).to.equal(`duplicate of ${captured}`);
      expect(await scene.postAdvice({ fingerprint: eightBytes("other") })).to.equal("conflict");
      expect(await scene.authorize({ rate: 1 })).to.equal("duplicate of approved 1000, code 123456, entry 1");
      // The posting keeps the rate of its hold.
      expect(await scene.reverse({ undo_key: eightBytes("told"), in_currency: 2, replacement: 1 })).to.equal(
        "need_rate 61200000",
      );
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "gives back what it captures less than was held, the latest day first",
    check: async (scene) => {
      await heldOnTwoDays(scene);

      expect(await scene.postAdvice({ amount: 800, ...tomorrow }, [daily(9_000)])).to.match(/^captured_hold 800/);
      expect(await scene.money()).to.equal("9200 available, 0 held");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 0`);
      expect(await scene.message("told")).to.equal("debit posting, 800 of 800");
      expect(await scene.effect(3, "told")).to.include({
        before: 1_500,
        days: `${today + 1}: -500, ${today}: -200`,
      });
    },
  },
  {
    title: "counts today what it captures more than was held, and may exceed",
    check: async (scene) => {
      await heldOnTwoDays(scene);
      const later = { business_now: noonMs + 2 * 86_400_000 };

      expect(await scene.postAdvice({ amount: 20_000, ...later }, [daily(1)])).to.match(/^captured_hold 20000/);
      expect(await scene.money()).to.equal("-10000 available, 0 held");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 2}: 18500`);
      expect(await scene.message("told")).to.equal(
        `debit posting, 20000 of 20000, 500 on ${today + 1}, 18500 on ${today + 2}`,
      );
    },
  },
  {
    title: "releases all of a hold that is captured for nothing",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.postAdvice({ amount: 0 })).to.equal("captured_hold, of 0, code 555555, entry 2");
      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.message("first")).to.equal("captured hold, 0 of 1000");
    },
  },
  {
    title: "captures the hold that the chain's id names, and then answers for what it stands in for",
    check: async (scene) => {
      await scene.authorize({ message_key: eightBytes("held"), chain_id: CHAIN_NAMES });

      expect(await scene.postAdvice({ chain_id: CHAIN_NAMES, amount: 600 })).to.match(/^captured_hold 600/);
      expect(await scene.message("held")).to.equal("captured hold, 0 of 1000");
      expect(await scene.effect(2, "told")).to.include({ targetNo: 1, viaNo: 0 });
      expect(await scene.authorize({ amount: 600 })).to.equal("duplicate of approved 600, code 555555, entry 2");
      expect(await scene.chainNames()).to.equal("held");
    },
  },
  {
    title: "asks again with the category of the hold, and with its own where there is none",
    check: async (scene) => {
      expect(await scene.postAdvice({ mcc: 7_011 })).to.equal("other_mcc 7011");
      await scene.authorize();
      const before = await scene.digest();

      expect(await scene.postAdvice({ mcc: 7_011, counted_mcc: 7_011 })).to.equal("other_mcc 5411");
      expect(await scene.digest()).to.equal(before);
    },
  },
];

/** 1,000 today and 500 tomorrow. */
async function heldOnTwoDays(scene: Scene): Promise<void> {
  await scene.authorize({ chain_id: CHAIN_NAMES }, [daily(9_000)]);
  await scene.increment(tomorrow, [daily(9_000)]);
}
