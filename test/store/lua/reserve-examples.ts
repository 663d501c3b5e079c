import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes, limitText } from "./packed.ts";
import { noonMs, today } from "./plain-calls.ts";
import type { Scene } from "./scene.ts";
import { staleExamples } from "./stale-examples.ts";

const { CHAIN_NAMES, CONFIRMED, KILLED_PENDING, PURPOSE_FUEL, RELEASED } = luaConstants;
const { TOUCHED_HOLD, TOUCHED_INCREMENT } = luaConstants;
const dayMs = 86_400_000;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const declined = { is_confirmed: 0, reason: 22, amount: 0 };
const ofIncrement = { message_key: eightBytes("more"), message_no: 2, amount: 500 };

/** The end of a message's waiting for the program's endpoint (rules: Real-time endpoint). */
export const reserveExamples: readonly FunctionExample[] = [
  {
    title: "makes a hold of what was reserved, once, and answers repeats with the approval",
    cell: "resolve · confirmed",
    check: async (scene) => {
      await scene.authorize({ asks: 1 }, [daily(9_000)]);
      const approved = "approved 1000, code 123456, entry 1";

      expect(await scene.resolve({ wall_now: noonMs + 9_000 }, [daily(9_000)])).to.equal(
        "done (duplicate of approved 1000, code 123456, entry 1) 2",
      );
      expect(await scene.money()).to.equal("9000 available, 1000 held");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.authorize({ asks: 1 })).to.equal(`duplicate of ${approved}`);
      expect(await scene.effect(2, "answer")).to.deep.equal({
        outcome: CONFIRMED,
        reason: 101,
        businessMs: noonMs,
        amount: 0,
        available: 9_000,
        held: 1_000,
        before: 1_000,
        touched: TOUCHED_HOLD,
        targetNo: 1,
        viaNo: 1,
        besideNo: 0,
        days: "",
      });
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
      const before = await scene.digest();
      expect(await scene.resolve(declined)).to.equal(`already (duplicate of ${approved})`);
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "holds what the endpoint grants, and gives the rest back to its day",
    check: async (scene) => {
      await scene.authorize({ asks: 1 }, [daily(9_000)]);

      expect(await scene.resolve({ amount: 600, business_now: noonMs + dayMs }, [daily(9_000)])).to.equal(
        "done (duplicate of partial 600, of 1000, code 123456, entry 1) 2",
      );
      expect(await scene.money()).to.equal("9400 available, 600 held");
      expect(await scene.message("first")).to.equal("open hold, 600 of 600, asked 1000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 600`);
      expect(await scene.effect(2, "answer")).to.include({ amount: 400, before: 1_000, days: `${today}: -400` });
    },
  },
  {
    title: "never holds more than was reserved, and approves of a part what the funds left of it",
    check: async (scene) => {
      await scene.authorize({ asks: 1, amount: 12_000, least: 1 });

      expect(await scene.resolve({ amount: 90_000 })).to.equal(
        "done (duplicate of partial 10000, of 12000, code 123456, entry 1) 2",
      );
      expect(await scene.money()).to.equal("0 available, 10000 held");
    },
  },
  {
    title: "unlocks a pump for what the endpoint grants",
    check: async (scene) => {
      const pump = { purpose: PURPOSE_FUEL, amount: 9_000, least: 100, mcc: 5_542 };
      await scene.authorize({ ...pump, asks: 1 });

      expect(await scene.resolve({ amount: 5_000, counted_mcc: 5_542 })).to.match(/approved 5000, of 9000/);
      expect(await scene.message("first")).to.equal("open fuel hold, 5000 of 5000, asked 9000");
    },
  },
  {
    title: "declines for the endpoint's reason, gives everything back and leaves no hold",
    cell: "resolve · released",
    check: async (scene) => {
      await scene.authorize({ asks: 1, chain_id: CHAIN_NAMES }, [daily(9_000)]);

      expect(await scene.resolve({ ...declined, business_now: noonMs + dayMs }, [daily(9_000)])).to.equal(
        "done (duplicate of declined, for 22, entry 1) 2",
      );
      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.message("first")).to.equal("outcome 2, reason 22, 0");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 0`);
      expect(await scene.effect(2, "answer")).to.include({
        outcome: RELEASED,
        reason: 22,
        amount: 1_000,
        before: 1_000,
        touched: TOUCHED_HOLD,
        days: `${today}: -1000`,
      });
      expect(await scene.authorize({ asks: 1 })).to.equal("duplicate of declined, for 22, entry 1");
      expect(await scene.resolve()).to.equal("already (duplicate of declined, for 22, entry 1)");
      expect(await scene.increment()).to.match(/^approved 500/);
    },
  },
  {
    title: "lets a stand-in advice hold beside what the endpoint has declined",
    check: async (scene) => {
      await scene.authorize({ asks: 1 });
      await scene.resolve(declined);

      expect(await scene.advise()).to.match(/^held 1000/);
      expect(await scene.money()).to.equal("9000 available, 1000 held");
      expect(await scene.message("first")).to.equal("outcome 2, reason 22, 0, names advice");
    },
  },
  {
    title: "makes an increment part of its hold for good",
    check: async (scene) => {
      await openAndAsk(scene);

      expect(await scene.resolve(ofIncrement)).to.equal("done (duplicate of approved 500, code 222222, entry 2) 3");
      expect(await scene.money()).to.equal("8500 available, 1500 held");
      expect(await scene.message("first")).to.equal("open hold, 1500 of 1000");
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 500, names first for 500");
      expect(await scene.effect(3, "answer")).to.include({
        before: 500,
        touched: TOUCHED_INCREMENT,
        targetNo: 1,
        viaNo: 2,
      });
    },
  },
  {
    title: "takes a declined increment out of its hold again, from its own day",
    check: async (scene) => {
      const tomorrow = { business_now: noonMs + dayMs };
      await scene.authorize({ chain_id: CHAIN_NAMES }, [daily(9_000)]);
      await scene.increment({ asks: 1, ...tomorrow }, [daily(9_000)]);

      expect(await scene.resolve({ ...declined, ...ofIncrement, ...tomorrow }, [daily(9_000)])).to.equal(
        "done (duplicate of declined, for 22, entry 2) 3",
      );
      expect(await scene.money()).to.equal("9000 available, 1000 held");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.message("more")).to.equal("outcome 2, reason 22, 0");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 0`);
      expect((await scene.effect(3, "answer")).days).to.equal(`${today + 1}: -500`);
    },
  },
  {
    title: "takes a declined increment from its own day, though another has come since",
    check: async (scene) => {
      const limits = [daily(9_000)];
      const [tomorrow, afterwards] = [{ business_now: noonMs + dayMs }, { business_now: noonMs + 2 * dayMs }];
      await scene.authorize({ chain_id: CHAIN_NAMES }, limits);
      await scene.increment({ asks: 1, ...tomorrow }, limits);
      await scene.increment({ message_key: eightBytes("later"), ...afterwards, amount: 700 }, limits);

      expect(await scene.resolve({ ...declined, ...ofIncrement, ...afterwards }, limits)).to.match(/^done/);
      expect(await scene.message("first")).to.equal(`open hold, 1700 of 1000, 700 on ${today + 2}`);
      expect((await scene.effect(4, "answer")).days).to.equal(`${today + 1}: -500`);
    },
  },
  {
    title: "adds nothing to a hold that is over, and releases nothing of it",
    cell: "resolve · killed_pending",
    check: async (scene) => {
      await openAndAsk(scene);
      await scene.reverse();

      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.resolve(ofIncrement)).to.equal("done (duplicate of reversed_before, entry 2) 4");
      expect(await scene.effect(4, "answer")).to.include({ outcome: KILLED_PENDING, amount: 0, before: 500 });
      expect(await scene.increment({ asks: 1 })).to.equal("duplicate of reversed_before, entry 2");
    },
  },
  {
    title: "knows nothing of a message that is forgotten, or that is another by now",
    cell: "resolve · already",
    check: async (scene) => {
      expect(await scene.resolve()).to.equal("forgotten");
      await scene.authorize({ asks: 1 });
      const before = await scene.digest();

      expect(await scene.resolve({ message_no: 2 })).to.equal("forgotten");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "asks again with the category of the hold",
    check: async (scene) => {
      await scene.authorize({ asks: 1, mcc: 7_011 });

      expect(await scene.resolve()).to.equal("other_mcc 7011");
      expect(await scene.resolve({ counted_mcc: 7_011 })).to.match(/^done/);
    },
  },
  ...staleExamples({
    cell: "resolve · stale",
    prepare: (scene) => scene.authorize({ asks: 1 }),
    act: (scene, versions) => scene.resolve(versions),
  }),
];

async function openAndAsk(scene: Scene): Promise<void> {
  await scene.authorize({ chain_id: CHAIN_NAMES });
  await scene.increment({ asks: 1 });
}
