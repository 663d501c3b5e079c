import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, eightBytes, limitText } from "./packed.ts";
import { today } from "./plain-calls.ts";
import { balance } from "./scene.ts";
import { staleExamples } from "./stale-examples.ts";

const { CHAIN_NAMES, FUNCTION_FINANCIAL, PURPOSE_INQUIRY, PURPOSE_REFUND, REFUSED_FOR_FUNDS } = luaConstants;
const { TOUCHED_DECLINE, TOUCHED_HOLD, TOUCHED_NOTHING } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const of0200 = { first_function: FUNCTION_FINANCIAL, second_key: eightBytes("first") };

/** A 0220, which tells of a posting and is never refused. */
export const postAdviceExamples: readonly FunctionExample[] = [
  {
    title: "posts without a hold whatever is there, and answers for the 0100 and the 0200 that may still come",
    cell: "financial · force_posted",
    check: async (scene) => {
      await scene.put(scene.account, balance, balanceBytes({ available: 10, held: 0 }));
      const posted = "force_posted 1000, of 1000, code 555555, entry 1";

      expect(await scene.postAdvice({ chain_id: CHAIN_NAMES }, [daily(1)])).to.equal(posted);
      expect(await scene.money()).to.equal("-990 available, 0 held");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect(await scene.message("first")).to.equal("outcome 1, reason 0, 1000, names told");
      expect(await scene.message("second")).to.equal("outcome 31, reason 0, 1000, names told");
      expect(await scene.chainNames()).to.equal("told");
      expect(await scene.effect(1, "told")).to.include({
        touched: TOUCHED_NOTHING,
        targetNo: 0,
        days: `${today}: 1000`,
      });
      expect(await scene.authorize()).to.equal("duplicate of approved 1000, code 555555, entry 1");
      expect(await scene.post({ message_key: eightBytes("second") })).to.equal(
        "duplicate of posted 1000, code 555555, entry 1",
      );
    },
  },
  ...[
    { what: "a 0200", said: of0200, late: "outcome 31" },
    { what: "another 0220", said: { ...of0200, first_function: 6 }, late: "outcome 33" },
  ].map(
    ({ what, said, late }): FunctionExample => ({
      title: `answers for ${what} alone where DE90 names one`,
      check: async (scene) => {
        await scene.postAdvice(said);

        expect(await scene.message("first")).to.equal(`${late}, reason 0, 1000, names told`);
        expect(await scene.fields(scene.chain)).to.deep.equal(["mfirst---", "mtold----", "v"]);
      },
    }),
  ),
  {
    title: "keeps its own answer where DE90 names the 0220 itself",
    check: async (scene) => {
      const itself = { first_key: eightBytes("told"), second_key: eightBytes("told"), first_function: 6 };

      expect(await scene.postAdvice(itself)).to.match(/^force_posted 1000/);
      expect(await scene.message("told")).to.equal("debit posting, 1000 of 1000");
    },
  },
  {
    title: "posts what was declined, and the decline names the posting from then on",
    check: async (scene) => {
      await scene.post({ amount: 10_001 });

      expect(await scene.postAdvice({ ...of0200, amount: 10_001, chain_id: CHAIN_NAMES })).to.match(/^force_posted/);
      expect(await scene.message("first")).to.equal(`outcome 2, reason ${REFUSED_FOR_FUNDS}, 0, names told`);
      expect(await scene.effect(2, "told")).to.include({ touched: TOUCHED_DECLINE, targetNo: 1, viaNo: 1 });
      expect(await scene.chainNames()).to.equal("told");
      expect(await scene.reverse()).to.equal("reposted 10001, entry 3");
    },
  },
  {
    title:
      "lets a declined 0200 name what is posted although a 0100 was found before it, but not one that was reversed",
    check: async (scene) => {
      await scene.authorize();
      await scene.post({ message_key: eightBytes("second"), amount: 10_001 });
      await scene.post({ message_key: eightBytes("third"), amount: 10_001 });
      await scene.reverse({ undo_key: eightBytes("third") });

      expect(await scene.postAdvice()).to.match(/^captured_hold 1000/);
      expect(await scene.message("second")).to.match(/names told$/);
      expect(await scene.effect(5, "told")).to.include({ touched: TOUCHED_HOLD, targetNo: 1, viaNo: 1, besideNo: 2 });
      const again = { message_key: eightBytes("told2"), second_key: eightBytes("third") };
      expect(await scene.postAdvice(again)).to.match(/^force_posted 1000/);
      expect(await scene.message("third")).to.match(/names undo$/);
      expect(await scene.effect(6, "told")).to.include({ besideNo: 0 });
    },
  },
  {
    title: "lets both a declined 0100 and a declined 0200 name what is posted in spite of them",
    check: async (scene) => {
      await scene.authorize({ amount: 10_001 });
      await scene.post({ message_key: eightBytes("second"), amount: 10_001 });

      expect(await scene.postAdvice()).to.match(/^force_posted 1000/);
      expect(await scene.message("first")).to.match(/names told$/);
      expect(await scene.message("second")).to.match(/names told$/);
      expect(await scene.effect(3, "told")).to.include({ touched: TOUCHED_DECLINE, viaNo: 1, besideNo: 2 });
    },
  },
  {
    title: "posts beside holds that are closed, linked to them",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.reverse();

      expect(await scene.postAdvice({ chain_id: CHAIN_NAMES })).to.match(/^force_posted 1000/);
      expect(await scene.effect(3, "told")).to.include({ touched: TOUCHED_NOTHING, targetNo: 1, viaNo: 1 });
      expect(await scene.message("second")).to.equal("nothing");
      expect(await scene.chainNames()).to.equal("first");
    },
  },
  {
    title: "credits a refund and captures nothing by it",
    check: async (scene) => {
      await scene.authorize({}, [daily(9_000)]);
      const refund = { purpose: PURPOSE_REFUND, counted_mcc: 1 };

      expect(await scene.postAdvice(refund, [daily(9_000)])).to.match(/^force_posted 1000/);
      expect(await scene.money()).to.equal("10000 available, 1000 held");
      expect(await scene.message("told")).to.equal("credit posting, 1000 of 1000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect(await scene.effect(2, "told")).to.include({ targetNo: 1, days: "" });
    },
  },
  {
    title: "posts nothing where the 0200 has posted already",
    cell: "financial · duplicate",
    check: async (scene) => {
      await scene.post();
      expect(await scene.postAdvice(of0200)).to.equal("duplicate, entry 2");
      const either = {
        message_key: eightBytes("told2"),
        first_key: eightBytes("none"),
        second_key: eightBytes("first"),
      };
      expect(await scene.postAdvice(either)).to.equal("duplicate, entry 3");

      expect(await scene.money()).to.equal("9000 available, 0 held");
      expect(await scene.effect(2, "told")).to.include({ amount: 0, targetNo: 1, days: "" });
      expect(await scene.message("told")).to.equal("outcome 34, reason 0, 0, names first");
    },
  },
  {
    title: "lets a reversal name the 0220 that stood in for a 0200 that had posted already",
    check: async (scene) => {
      await scene.post();
      await scene.postAdvice(of0200);

      expect(await scene.reverse({ undo_key: eightBytes("told") })).to.equal("reposted 1000, entry 3");
      expect(await scene.money()).to.equal("10000 available, 0 held");
      const again = { message_key: eightBytes("undo2"), undo_key: eightBytes("first") };
      expect(await scene.reverse(again)).to.equal("nothing_to_release, entry 4");
    },
  },
  {
    title: "posts once more what another 0220 of the same 0100 has posted",
    check: async (scene) => {
      await scene.postAdvice();

      expect(await scene.postAdvice({ message_key: eightBytes("told2") })).to.match(/^force_posted 1000/);
      expect(await scene.money()).to.equal("8000 available, 0 held");
    },
  },
  {
    title: "posts nothing for a 0200 whose reversal has come already, before or after the original or its decline",
    cell: "financial · reversed_before",
    check: async (scene) => {
      const single = { first_function: FUNCTION_FINANCIAL };
      await scene.reverse();
      expect(await scene.postAdvice({ ...single, message_key: eightBytes("t1") })).to.equal("reversed_before, entry 2");
      await scene.post();
      expect(await scene.postAdvice({ ...single, message_key: eightBytes("t2") })).to.equal("reversed_before, entry 4");
      await scene.post({ message_key: eightBytes("big"), amount: 10_001 });
      await scene.reverse({ message_key: eightBytes("undo2"), undo_key: eightBytes("big") });
      const big = { ...single, message_key: eightBytes("t3"), first_key: eightBytes("big") };
      expect(await scene.postAdvice(big)).to.equal("reversed_before, entry 7");

      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "posts for a 0100 whose reversal has come already: who has reversed that has not reversed the posting",
    check: async (scene) => {
      await scene.reverse();
      expect(await scene.postAdvice({ message_key: eightBytes("t1") })).to.match(/^force_posted 1000/);
      expect(await scene.effect(2, "told")).to.include({ targetNo: 0, viaNo: 1 });
      expect(await scene.authorize()).to.match(/^reversed_before/);
      expect(await scene.postAdvice({ message_key: eightBytes("t2") })).to.match(/^force_posted 1000/);

      expect(await scene.money()).to.equal("8000 available, 0 held");
    },
  },
  {
    title: "looks for the 0200 of the same tuple behind a 0100 that was reversed",
    check: async (scene) => {
      await scene.reverse();
      await scene.post({ message_key: eightBytes("second") });

      expect(await scene.postAdvice({ second_key: eightBytes("second") })).to.match(/^duplicate/);
      expect(await scene.money()).to.equal("9000 available, 0 held");
    },
  },
  {
    title: "posts nothing that was itself reversed before it came, and says so to its repeat",
    check: async (scene) => {
      await scene.authorize();
      await scene.reverse({ undo_key: eightBytes("told") });

      expect(await scene.postAdvice({ counted_mcc: 1 })).to.equal("reversed_before, entry 3");
      expect(await scene.postAdvice()).to.equal("duplicate of reversed_before, entry 3");
      expect(await scene.money()).to.equal("9000 available, 1000 held");
    },
  },
  ...[
    { what: "says itself that it was declined", said: { is_approved: 0 } },
    { what: "has no amount", said: { amount: 0 } },
    { what: "asks for a balance", said: { purpose: PURPOSE_INQUIRY } },
  ].map(
    ({ what, said }): FunctionExample => ({
      title: `posts nothing where it ${what}, and remembers the exception`,
      cell: "financial · exception",
      check: async (scene) => {
        if (!("amount" in said)) await scene.authorize();

        expect(await scene.postAdvice({ ...said, counted_mcc: 1, chain_id: CHAIN_NAMES })).to.match(
          /^exception, entry/,
        );
        expect(await scene.message("told")).to.equal("outcome 16, reason 0, 0");
        expect(await scene.message("second")).to.equal("nothing");
        expect(await scene.chainNames()).to.equal("nothing");
      },
    }),
  ),
  {
    title: "leaves an amount that nobody can tell alone, unless it has an answer already",
    check: async (scene) => {
      expect(await scene.postAdvice({ is_approved: luaConstants.NOBODY_CAN_BILL })).to.equal("unbillable");
      expect(await scene.entryCount()).to.equal(0);
      await scene.postAdvice();
      expect(await scene.postAdvice({ is_approved: luaConstants.NOBODY_CAN_BILL })).to.match(/^duplicate of force/);
    },
  },
  {
    title: "does not look for the chain where the network gave no id",
    check: async (scene) => {
      await scene.authorize({ message_key: eightBytes("held"), chain_id: CHAIN_NAMES });

      expect(await scene.postAdvice()).to.match(/^force_posted/);
      expect(await scene.message("held")).to.equal("open hold, 1000 of 1000");
    },
  },
  ...staleExamples({ cell: "financial · stale", act: (scene, versions) => scene.postAdvice(versions) }),
];
