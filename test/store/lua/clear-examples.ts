import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, eightBytes, limitText } from "./packed.ts";
import { noonMs, noonS, today } from "./plain-calls.ts";
import { type Scene, balance } from "./scene.ts";
import { staleExamples } from "./stale-examples.ts";

const { CAPTURED, CHAIN_NAMES, TOUCHED_HOLD, TOUCHED_NOTHING } = luaConstants;
const dayMs = 86_400_000;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const ever = (most: number) => limitText({ of: "holder", interval: "a", most, field: "n5a1" });
const another = { message_key: eightBytes("another") };

/** What is presented for clearing (rules: Clearing always posts). */
export const clearExamples: readonly FunctionExample[] = [
  {
    title: "captures a hold in full with the last clearing, once",
    cell: "clearing · captured",
    check: async (scene) => {
      await scene.authorize({}, [daily(9_000)]);
      const later = { wall_now: noonMs + 9_000, business_now: noonMs + dayMs };

      expect(await scene.clear(later, [daily(9_000)])).to.equal("captured 1000, entry 2");
      expect(await scene.money()).to.equal("9000 available, 0 held");
      expect(await scene.message("first")).to.equal("captured hold, 0 of 1000");
      expect(await scene.messageWallS("first")).to.equal(noonS + 9);
      expect(await scene.message("cleared")).to.equal("outcome 51, reason 0, 1000, names first");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect(await scene.effect(2, "clearing")).to.deep.equal({
        outcome: CAPTURED,
        reason: 0,
        businessMs: noonMs + dayMs,
        amount: 1_000,
        available: 9_000,
        held: 0,
        before: 1_000,
        touched: TOUCHED_HOLD,
        targetNo: 1,
        viaNo: 1,
        besideNo: 0,
        days: "",
      });
      expect(await scene.clear(later)).to.equal("duplicate of captured 1000, entry 2");
      expect(await scene.clear({ fingerprint: eightBytes("other") })).to.equal("conflict");
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "captures part after part, and leaves open what is left",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.clear({ amount: 400, is_final: 0 })).to.equal("captured 400, entry 2");
      expect(await scene.money()).to.equal("9000 available, 600 held");
      expect(await scene.message("first")).to.equal("open hold, 600 of 1000");
      expect(await scene.clear({ ...another, amount: 600, is_final: 0 })).to.equal("captured 600, entry 3");
      expect(await scene.message("first")).to.equal("open hold, 0 of 1000");
      expect(await scene.money()).to.equal("9000 available, 0 held");
      expect(await scene.reverse()).to.equal("released, entry 4");
      expect(await scene.message("first")).to.equal("reversed hold, 0 of 1000");
    },
  },
  {
    title: "gives back what the last clearing leaves, the latest day first, and keeps charged what was captured",
    check: async (scene) => {
      const limits = [daily(9_000), ever(9_000)];
      await heldOnTwoDays(scene, limits);
      await scene.clear({ amount: 300, is_final: 0, business_now: noonMs + dayMs }, limits);

      expect(await scene.message("first")).to.equal(`open hold, 1200 of 1000, 500 on ${today + 1}`);
      expect(await scene.clear({ ...another, amount: 500, business_now: noonMs + dayMs }, limits)).to.match(
        /^captured/,
      );
      expect(await scene.money()).to.equal("9200 available, 0 held");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 0`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 800");
      expect(await scene.effect(4, "clearing")).to.include({
        before: 1_200,
        days: `${today + 1}: -500, ${today}: -200`,
      });
    },
  },
  {
    title: "takes what is captured out of the days that were charged first",
    check: async (scene) => {
      const limits = [daily(9_000), ever(9_000)];
      await heldOnTwoDays(scene, limits);
      const tomorrow = { business_now: noonMs + dayMs };

      expect(await scene.clear({ ...tomorrow, amount: 1_200, is_final: 0 }, limits)).to.match(/^captured 1200/);
      expect(await scene.message("first")).to.equal(`open hold, 300 of 1000, 300 on ${today + 1}`);
      expect(await scene.clear({ ...tomorrow, ...another, amount: 0 }, limits)).to.match(/^captured/);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 200`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 1200");
    },
  },
  {
    title: "charges today what is captured beyond the hold, whatever the limits and the funds say",
    check: async (scene) => {
      await scene.authorize({}, [daily(1_000)]);
      const tomorrow = { business_now: noonMs + dayMs };

      expect(await scene.clear({ ...tomorrow, amount: 20_000, is_final: 0 }, [daily(1)])).to.match(/^captured 20000/);
      expect(await scene.money()).to.equal("-10000 available, 0 held");
      expect(await scene.message("first")).to.equal("open hold, 0 of 1000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 19000`);
      expect((await scene.effect(2, "clearing")).days).to.equal(`${today + 1}: 19000`);
    },
  },
  {
    title: "releases all of a hold that is captured for nothing, and does nothing for nothing otherwise",
    check: async (scene) => {
      await scene.authorize({}, [daily(9_000)]);
      const before = await scene.digest();

      expect(await scene.clear({ amount: 0, is_final: 0 }, [daily(9_000)])).to.equal("nothing");
      expect(await scene.digest()).to.equal(before);
      expect(await scene.clear({ amount: 0 }, [daily(9_000)])).to.equal("captured, entry 2");
      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.message("first")).to.equal("captured hold, 0 of 1000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 0`);
      expect(await scene.clear({ ...another, amount: 0 })).to.equal("nothing");
      expect(await scene.clear({ ...another, amount: 0, is_credit: 1 })).to.equal("nothing");
    },
  },
  ...[
    { what: "reversed", end: (scene: Scene) => scene.reverse(), kept: "reversed hold, 0 of 1000" },
    { what: "expired", end: (scene: Scene) => scene.expire(), kept: "expired hold, 0 of 1000" },
    { what: "captured before", end: (scene: Scene) => scene.clear(another), kept: "captured hold, 0 of 1000" },
    { what: "forgotten", end: (scene: Scene) => forget(scene), kept: "nothing" },
  ].map(
    ({ what, end, kept }): FunctionExample => ({
      title: `posts a clearing whose authorization was ${what}, and charges it today`,
      check: async (scene) => {
        await scene.authorize();
        await end(scene);
        const before = await scene.money();
        const no = (await scene.entryCount()) + 1;

        expect(await scene.clear({ amount: 700, business_now: noonMs + dayMs }, [daily(1)])).to.equal(
          `captured 700, entry ${no}`,
        );
        expect(await scene.message("first")).to.equal(kept);
        expect(await scene.money()).to.equal(before.replace(/^\d+/, (available) => String(Number(available) - 700)));
        expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 700`);
        expect(await scene.effect(no, "clearing")).to.include({
          before: 0,
          touched: TOUCHED_NOTHING,
          targetNo: 1,
          days: `${today + 1}: 700`,
        });
      },
    }),
  ),
  {
    title: "posts a clearing of what was declined, and takes nothing out of a hold that stood in for it",
    check: async (scene) => {
      await scene.authorize({ refusal: 7 });
      await scene.advise({ amount: 500 });

      expect(await scene.clear({ amount: 700 })).to.equal("captured 700, entry 3");
      expect(await scene.message("advice")).to.equal("open hold, 500 of 500");
      expect(await scene.money()).to.equal("8800 available, 500 held");
    },
  },
  {
    title: "takes nothing out of another hold that lies under the same key by now",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.clear({ hold_no: 9, amount: 100 })).to.equal("captured 100, entry 2");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
    },
  },
  {
    title: "posts what nobody asked for, below nothing if need be",
    cell: "clearing · force_posted",
    check: async (scene) => {
      await scene.put(scene.account, balance, balanceBytes({ available: 5, held: 0 }));

      expect(await scene.clear({ hold_no: 0, amount: 900 }, [daily(1)])).to.equal("force_posted 900, entry 1");
      expect(await scene.money()).to.equal("-895 available, 0 held");
      expect(await scene.message("cleared")).to.equal("outcome 33, reason 0, 900");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 900`);
      expect(await scene.clear({ hold_no: 0, amount: 900 })).to.equal("duplicate of force_posted 900, entry 1");
    },
  },
  {
    title: "pays a refund to the account, gives nothing back to limits and leaves the hold as it is",
    cell: "clearing · refunded",
    check: async (scene) => {
      await scene.authorize({}, [daily(9_000)]);

      expect(await scene.clear({ is_credit: 1, amount: 300, counted_mcc: 1 })).to.equal("refunded 300, entry 2");
      expect(await scene.money()).to.equal("9300 available, 1000 held");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect((await scene.effect(2, "clearing")).days).to.equal("");
      expect(await scene.clear({ is_credit: 1, hold_no: 0, ...another, amount: 5 })).to.equal("refunded 5, entry 3");
    },
  },
  {
    title: "asks again with the category of the hold",
    check: async (scene) => {
      await scene.authorize({ mcc: 7_011 });
      const before = await scene.digest();

      expect(await scene.clear()).to.equal("other_mcc 7011");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "keeps its answer as long as the hold it names, else as long as that of a posting",
    check: async (scene) => {
      await scene.authorize();
      await scene.clear({ amount: 1, is_final: 0 });
      await scene.clear({ hold_no: 0, ...another });
      await scene.clear({ hold_no: 0, is_credit: 1, message_key: eightBytes("credit") });

      expect(await scene.purge({ wall_now: noonMs + 399_000 })).to.match(/^0 2 /);
      expect(await scene.purge({ wall_now: noonMs + 400_000 })).to.match(/^2 0 /);
      expect(await scene.clear({ amount: 1, is_final: 0 })).to.equal("duplicate of captured 1, entry 2");
    },
  },
  {
    title: "is forgotten in one call with the hold it names, where both times end at once",
    check: async (scene) => {
      await scene.authorize();
      await scene.clear({ amount: 1, is_final: 0 });
      await scene.reverse({ wall_now: noonMs + 200_000 });

      expect(await scene.purge({ wall_now: noonMs + 400_000, most: 2 })).to.equal("3 0 0");
    },
  },
  ...staleExamples({
    cell: "clearing · stale",
    prepare: (scene) => scene.authorize(),
    act: (scene, versions) => scene.clear(versions),
  }),
];

/** 1,000 today and 500 tomorrow. */
async function heldOnTwoDays(scene: Scene, limits: readonly Buffer[]): Promise<void> {
  await scene.authorize({ chain_id: CHAIN_NAMES }, limits);
  await scene.increment({ business_now: noonMs + dayMs }, limits);
}

async function forget(scene: Scene): Promise<void> {
  await scene.reverse();
  await scene.purge({ wall_now: noonMs + 1_000_000 });
}
