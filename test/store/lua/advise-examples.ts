import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes, limitText } from "./packed.ts";
import { noonMs, today } from "./plain-calls.ts";
import { staleExamples } from "./stale-examples.ts";

const { CHAIN_NAMES, PURPOSE_INCREMENT, PURPOSE_REFUND, REFUSED_FOR_FUNDS } = luaConstants;
const { TOUCHED_DECLINE, TOUCHED_HOLD, TOUCHED_NOTHING } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const tomorrow = { business_now: noonMs + 86_400_000 };
const pumped = { mcc: 5_542, counted_mcc: 5_542 };

/** A 0120: what the network has answered in our place (rules: Holds, Stand-in advice). */
export const adviseExamples: readonly FunctionExample[] = [
  {
    title: "holds under the key of the 0100 that never came, more than there is and than limits leave",
    cell: "advice · held",
    check: async (scene) => {
      const advised = "held 10001, code 333333, entry 1";

      expect(await scene.advise({ amount: 10_001, chain_id: CHAIN_NAMES }, [daily(1)])).to.equal(advised);
      expect(await scene.money()).to.equal("-1 available, 10001 held");
      expect(await scene.message("first")).to.equal("open hold, 10001 of 10001");
      expect(await scene.message("advice")).to.equal("outcome 21, reason 0, 10001, names first");
      expect(await scene.chainNames()).to.equal("first");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 10001`);
      expect(await scene.effect(1, "advice")).to.include({
        touched: TOUCHED_NOTHING,
        targetNo: 0,
        viaNo: 0,
        days: `${today}: 10001`,
      });
      expect(await scene.advise({ amount: 10_001 })).to.equal(`duplicate of ${advised}`);
      expect(await scene.authorize({ amount: 10_001 })).to.equal("duplicate of approved 10001, code 333333, entry 1");
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "holds beside a decline of ours, which from then on names the hold and stays the answer",
    check: async (scene) => {
      await scene.authorize({ amount: 10_001 });

      expect(await scene.advise({ amount: 10_001 })).to.equal("held 10001, code 333333, entry 2");
      expect(await scene.message("advice")).to.equal("open hold, 10001 of 10001");
      expect(await scene.message("first")).to.equal(`outcome 2, reason ${REFUSED_FOR_FUNDS}, 0, names advice`);
      expect(await scene.effect(2, "advice")).to.include({ touched: TOUCHED_DECLINE, targetNo: 0, viaNo: 1 });
      expect(await scene.authorize({ amount: 10_001 })).to.equal(
        `duplicate of declined, for ${REFUSED_FOR_FUNDS}, entry 1`,
      );
      expect(await scene.advise({ amount: 10_001 })).to.equal("duplicate of held 10001, code 333333, entry 2");
      expect(await scene.advise({ message_key: eightBytes("again"), amount: 10_001 })).to.equal("merged, entry 3");
    },
  },
  {
    title: "keeps a chain's first hold its own, but lets an increment that stands alone take the id",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.reverse();
      const other = { authorization_key: eightBytes("other"), chain_id: CHAIN_NAMES };

      expect(await scene.advise(other)).to.match(/^held 1000/);
      expect(await scene.chainNames()).to.equal("first");
      const grown = { message_key: eightBytes("again"), authorization_key: eightBytes("third"), chain_id: CHAIN_NAMES };
      expect(await scene.advise({ ...grown, purpose: PURPOSE_INCREMENT })).to.match(/^held 1000/);
      expect(await scene.chainNames()).to.equal("third");
    },
  },
  ...[
    { what: "a refund", said: { purpose: PURPOSE_REFUND } },
    { what: "nothing", said: { amount: 0 } },
  ].map(
    ({ what, said }): FunctionExample => ({
      title: `holds nothing for an advice of ${what}`,
      check: async (scene) => {
        expect(await scene.advise({ ...said, chain_id: CHAIN_NAMES, counted_mcc: 1 }, [daily(1)])).to.equal(
          "held, entry 1",
        );
        expect(await scene.money()).to.equal("10000 available, 0 held");
        expect(await scene.fields(scene.chain)).to.deep.equal(["madvice--", "v"]);
      },
    }),
  ),
  {
    title: "merges with the hold that it stands in for and moves no money",
    cell: "advice · merged",
    check: async (scene) => {
      await scene.authorize({ mcc: 7_011 });

      expect(await scene.advise({ amount: 2_000, ...pumped })).to.equal("merged, entry 2");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.message("advice")).to.equal("outcome 22, reason 0, 0");
      expect(await scene.effect(2, "advice")).to.include({ touched: TOUCHED_NOTHING, targetNo: 1, viaNo: 1, days: "" });
      expect(await scene.advise({ fingerprint: eightBytes("other") })).to.equal("conflict");
    },
  },
  {
    title: "merges with an increment, an expired hold and an approval without a hold",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.increment();
      await scene.expire();
      await scene.authorize({ message_key: eightBytes("refund"), purpose: PURPOSE_REFUND });

      for (const [i, name] of ["more", "first", "refund"].entries()) {
        const said = { message_key: eightBytes(`advice${i}`), authorization_key: eightBytes(name) };
        expect(await scene.advise(said)).to.equal(`merged, entry ${5 + i}`);
      }
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "moves nothing for an original that has been reversed, before or after it came",
    cell: "advice · released",
    check: async (scene) => {
      await scene.authorize();
      await scene.reverse();
      expect(await scene.advise()).to.equal("released, entry 3");

      await scene.reverse({ message_key: eightBytes("undo2"), undo_key: eightBytes("early") });
      const early = { authorization_key: eightBytes("early") };
      expect(await scene.advise({ ...early, message_key: eightBytes("advice2") })).to.equal("released, entry 5");
      expect(await scene.message("early")).to.equal("outcome 9, reason 0, 0");
      await scene.authorize({ message_key: eightBytes("early") });
      expect(await scene.advise({ ...early, message_key: eightBytes("advice3") })).to.equal("released, entry 7");
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "merges with an increment of a captured hold, and moves nothing for a hold of a decline that was reversed",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.increment();
      await scene.postAdvice();
      const more = { message_key: eightBytes("a1"), authorization_key: eightBytes("more") };
      expect(await scene.advise(more)).to.equal("merged, entry 4");

      const big = { authorization_key: eightBytes("big") };
      await scene.authorize({ message_key: eightBytes("big"), amount: 10_001 });
      await scene.advise({ ...big, message_key: eightBytes("a2") });
      await scene.reverse({ undo_key: eightBytes("big") });
      expect(await scene.advise({ ...big, message_key: eightBytes("a3") })).to.equal("released, entry 8");
    },
  },
  {
    title: "moves nothing for a decline whose reversal has come already",
    check: async (scene) => {
      await scene.authorize({ amount: 10_001 });
      await scene.reverse();

      expect(await scene.message("first")).to.equal(`outcome 2, reason ${REFUSED_FOR_FUNDS}, 0, names undo`);
      expect(await scene.advise({ amount: 10_001 })).to.equal("released, entry 3");
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "attaches to a captured hold and to a posting, by key and by the chain's id",
    cell: "advice · attached",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.postAdvice();
      await scene.postAdvice({ message_key: eightBytes("told2"), first_key: eightBytes("none") });

      const byKey = { message_key: eightBytes("a1") };
      expect(await scene.advise(byKey)).to.equal("attached, entry 4");
      const toPosting = { message_key: eightBytes("a2"), authorization_key: eightBytes("none") };
      expect(await scene.advise(toPosting)).to.equal("attached, entry 5");
      const byChain = { message_key: eightBytes("a3"), authorization_key: eightBytes("?"), chain_id: CHAIN_NAMES };
      expect(await scene.advise(byChain)).to.equal("attached, entry 6");
      expect(await scene.money()).to.equal("8000 available, 0 held");
    },
  },
  {
    title: "adds an advised increment to the hold of its chain, whatever is left, and answers the late 0100 too",
    cell: "advice · added",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES }, [daily(1_000)]);
      const increment = { purpose: PURPOSE_INCREMENT, authorization_key: eightBytes("more"), chain_id: CHAIN_NAMES };
      const added = { ...increment, amount: 9_500, ...tomorrow };

      expect(await scene.advise({ ...added, counted_mcc: 1 })).to.equal("other_mcc 5411");
      expect(await scene.advise(added, [daily(1_000)])).to.equal("added 9500, code 333333, entry 2");
      expect(await scene.money()).to.equal("-500 available, 10500 held");
      expect(await scene.message("first")).to.equal(`open hold, 10500 of 1000, 9500 on ${today + 1}`);
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 9500, names first for 9500");
      expect(await scene.message("advice")).to.equal("outcome 23, reason 0, 9500, names first");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 9500`);
      expect(await scene.effect(2, "advice")).to.include({
        amount: 9_500,
        touched: TOUCHED_HOLD,
        targetNo: 1,
        days: `${today + 1}: 9500`,
      });
      expect(await scene.increment({ amount: 9_500 })).to.equal("duplicate of approved 9500, code 333333, entry 2");
    },
  },
  {
    title: "holds anew what is no increment of the open hold that the chain's id names",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });

      const other = { authorization_key: eightBytes("other"), chain_id: CHAIN_NAMES };
      expect(await scene.advise({ ...other, ...pumped })).to.match(/^held 1000/);
      expect(await scene.message("other")).to.equal("open completed fuel hold, 1000 of 1000");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
    },
  },
  {
    title: "does not look for the chain where the network gave no id",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });

      const other = { authorization_key: eightBytes("other"), purpose: PURPOSE_INCREMENT };
      expect(await scene.advise(other)).to.match(/^held 1000/);
    },
  },
  {
    title: "leaves an amount that nobody can tell alone, unless it has an answer already",
    check: async (scene) => {
      expect(await scene.advise({ is_approved: luaConstants.NOBODY_CAN_BILL })).to.equal("unbillable");
      expect(await scene.entryCount()).to.equal(0);
      await scene.advise();
      expect(await scene.advise({ is_approved: luaConstants.NOBODY_CAN_BILL })).to.match(/^duplicate of held/);
    },
  },
  {
    title: "asks for the limits of its own category before it holds anew",
    check: async (scene) => {
      expect(await scene.advise({ mcc: 7_011 })).to.equal("other_mcc 7011");
      expect(await scene.entryCount()).to.equal(0);
    },
  },
  ...staleExamples({ cell: "advice · stale", act: (scene, versions) => scene.advise(versions) }),
];
