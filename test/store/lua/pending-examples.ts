import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes, limitText } from "./packed.ts";
import { noonMs, today } from "./plain-calls.ts";
import type { Scene } from "./scene.ts";

const { CHAIN_NAMES, IN_OTHER_CURRENCY, KILLED_PENDING, PENDING } = luaConstants;
const { PURPOSE_FUEL, PURPOSE_VERIFICATION, TOUCHED_HOLD, TOUCHED_INCREMENT, TOUCHED_NOTHING, TOUCHED_RESERVATION } =
  luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const pump = { purpose: PURPOSE_FUEL, amount: 9_000, least: 100, mcc: 5_542 };

/** What happens to a message while the program's endpoint is asked about it. */
export const pendingExamples: readonly FunctionExample[] = [
  {
    title: "reserves what would be approved until the endpoint has answered, and says so to repeats",
    cell: "authorization · pending",
    check: async (scene) => {
      const pending = "pending 1000, of 1000, code 123456, entry 1";

      expect(await scene.authorize({ asks: 1 }, [daily(1_000)])).to.equal(pending);
      expect(await scene.money()).to.equal("9000 available, 1000 held");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect(await scene.message("first")).to.equal("pending hold, 1000 of 1000");
      expect((await scene.entryTail(1, "purchase")).readUInt8(0)).to.equal(PENDING);
      expect(await scene.authorize({ asks: 1 })).to.equal(`duplicate of ${pending}`);
      expect(await scene.authorize({ fingerprint: eightBytes("other") })).to.equal("conflict");
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  ...[
    { what: "is declined", changed: { refusal: 7 }, answer: "declined, for 7, entry 1" },
    { what: "lacks the funds", changed: { amount: 10_001 }, answer: "declined, for 21, entry 1" },
    {
      what: "holds nothing",
      changed: { purpose: PURPOSE_VERIFICATION, amount: 0 },
      answer: "approved, code 123456, entry 1",
    },
  ].map(
    ({ what, changed, answer }): FunctionExample => ({
      title: `asks nobody about what ${what}`,
      check: async (scene) => {
        expect(await scene.authorize({ asks: 1, ...changed })).to.equal(answer);
      },
    }),
  ),
  {
    title: "asks nobody about what was reversed before it came",
    check: async (scene) => {
      await scene.reverse();

      expect(await scene.authorize({ asks: 1 })).to.equal("reversed_before, entry 2");
    },
  },
  {
    title: "makes a pending increment part of its hold at once, and asks for a chain of its own as for a purchase",
    cell: "increment · pending",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });

      expect(await scene.increment({ asks: 1 })).to.equal("pending 500, code 222222, entry 2");
      expect(await scene.message("first")).to.equal("open hold, 1500 of 1000");
      expect(await scene.message("more")).to.equal("outcome 5, reason 0, 500, names first for 500");
      expect(await scene.increment()).to.equal("duplicate of pending 500, code 222222, entry 2");
      const fresh = { message_key: eightBytes("fresh"), chain_key: eightBytes("other"), asks: 1 };
      expect(await scene.increment(fresh)).to.equal("pending 500, of 500, code 222222, entry 3");
    },
  },
  {
    title: "adds nothing to what is only reserved: such an increment has a hold of its own",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES, asks: 1 });

      expect(await scene.increment()).to.equal("approved 500, code 222222, entry 2");
      expect(await scene.message("first")).to.equal("pending hold, 1000 of 1000");
      expect(await scene.message("more")).to.equal("open hold, 500 of 500");
    },
  },
  ...[
    { what: "in full", changed: {} },
    { what: "in part", changed: { replacement: 400 } },
    { what: "in part beyond what it was", changed: { replacement: 4_000 } },
    { what: "in part in another currency", changed: { in_currency: IN_OTHER_CURRENCY, replacement: 400 } },
  ].map(
    ({ what, changed }): FunctionExample => ({
      title: `ends with its reversal ${what}: everything goes back, and an answer comes too late`,
      cell: "reversal · killed_pending",
      check: async (scene) => {
        await scene.authorize({ asks: 1 }, [daily(9_000)]);

        expect(await scene.reverse(changed, [daily(9_000)])).to.equal("killed_pending 1000, entry 2");
        expect(await scene.message("undo")).to.equal("outcome 18, reason 0, 1000");
        expect(await scene.money()).to.equal("10000 available, 0 held");
        expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 0`);
        expect(await scene.effect(2, "reversal")).to.include({
          outcome: KILLED_PENDING,
          amount: 1_000,
          touched: TOUCHED_HOLD,
          targetNo: 1,
          viaNo: 1,
          days: `${today}: -1000`,
        });
        expect(await scene.resolve()).to.equal("already (duplicate of reversed_before, entry 1)");
        expect(await scene.authorize({ asks: 1 })).to.equal("duplicate of reversed_before, entry 1");
        expect(await scene.reverse(changed)).to.equal("duplicate of killed_pending 1000, entry 2");
        expect(await scene.reverse({ message_key: eightBytes("again") })).to.equal("nothing_to_release, entry 3");
        expect(await scene.advise()).to.match(/^released/);
      },
    }),
  ),
  {
    title: "asks for the category of what was reserved before it gives it back",
    check: async (scene) => {
      await scene.authorize({ asks: 1, mcc: 7_011 });
      const before = await scene.digest();

      expect(await scene.reverse()).to.equal("other_mcc 7011");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "takes a pending increment out of its hold with its reversal",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.increment({ asks: 1 });

      expect(await scene.reverse({ undo_key: eightBytes("more") })).to.equal("killed_pending 500, entry 3");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.message("more")).to.equal("outcome 3, reason 0, 0");
      expect(await scene.message("undo")).to.equal("outcome 18, reason 0, 500, names first");
      expect((await scene.effect(3, "reversal")).touched).to.equal(TOUCHED_INCREMENT);
    },
  },
  {
    title: "is over when the network tells of its own approval, and keeps what was reserved",
    cell: "advice · merged",
    check: async (scene) => {
      await scene.authorize({ asks: 1 });

      expect(await scene.advise()).to.equal("merged, entry 2");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.money()).to.equal("9000 available, 1000 held");
      expect(await scene.effect(2, "advice")).to.include({ touched: TOUCHED_RESERVATION, targetNo: 1, viaNo: 1 });
      expect(await scene.resolve({ is_confirmed: 0 })).to.match(/^already \(duplicate of approved 1000/);
      await scene.advise({ message_key: eightBytes("again") });
      expect((await scene.effect(3, "advice")).touched).to.equal(0);
    },
  },
  {
    title: "is over when the network tells of its own refusal, and gives everything back",
    check: async (scene) => {
      await scene.authorize({ asks: 1 });

      expect(await scene.advise({ is_approved: 0 })).to.equal("released 1000, entry 2");
      expect(await scene.message("first")).to.equal("outcome 3, reason 0, 0");
      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.resolve()).to.match(/^already \(duplicate of reversed_before/);
    },
  },
  ...[
    { isApproved: 1, told: "merged, entry 3", kept: "outcome 1, reason 0, 500, names first for 500", held: 1_500 },
    { isApproved: 0, told: "released 500, entry 3", kept: "outcome 3, reason 0, 0", held: 1_000 },
  ].map(
    ({ isApproved, told, kept, held }): FunctionExample => ({
      title: `takes the network's own ${isApproved === 1 ? "approval" : "refusal"} of a pending increment for the answer`,
      check: async (scene) => {
        await scene.authorize({ chain_id: CHAIN_NAMES });
        await scene.increment({ asks: 1 });

        expect(await scene.advise({ authorization_key: eightBytes("more"), is_approved: isApproved })).to.equal(told);
        expect(await scene.message("more")).to.equal(kept);
        expect(await scene.message("first")).to.equal(`open hold, ${held} of 1000`);
        expect(await scene.resolve({ message_key: eightBytes("more"), message_no: 2 })).to.match(/^already/);
      },
    }),
  ),
  {
    title:
      "is approved with what was to be added at a pump where the advice names that: what was pumped is told of the pump",
    check: async (scene) => {
      await scene.authorize({ ...pump, chain_id: CHAIN_NAMES });
      await scene.increment({ asks: 1, mcc: 5_542, counted_mcc: 5_542 });

      const said = { authorization_key: eightBytes("more"), mcc: 5_542, counted_mcc: 5_542, amount: 4_000 };
      expect(await scene.advise(said)).to.equal("merged, entry 3");
      expect(await scene.message("more")).to.match(/^outcome 1/);
      expect(await scene.resolve({ message_key: eightBytes("more"), message_no: 2 })).to.match(/^already/);
    },
  },
  ...[
    { how: "was reversed", isApproved: 1, end: (scene: Scene) => scene.reverse() },
    { how: "was reversed", isApproved: 0, end: (scene: Scene) => scene.reverse() },
    { how: "was captured", isApproved: 1, end: (scene: Scene) => scene.postAdvice() },
    { how: "has expired", isApproved: 1, end: (scene: Scene) => scene.expire() },
  ].map(
    ({ how, isApproved, end }): FunctionExample => ({
      title: `ends what waits to be added to a hold that ${how} with the network's ${isApproved === 1 ? "approval" : "refusal"}: it comes to nothing`,
      check: async (scene) => {
        await scene.authorize({ chain_id: CHAIN_NAMES });
        await scene.increment({ asks: 1 });
        await end(scene);
        const before = await scene.money();

        const said = {
          message_key: eightBytes("late"),
          authorization_key: eightBytes("more"),
          is_approved: isApproved,
        };
        expect(await scene.advise(said)).to.equal("released, entry 4");
        expect(await scene.message("more")).to.equal("outcome 3, reason 0, 0");
        expect(await scene.effect(4, "advice")).to.include({ touched: TOUCHED_INCREMENT, targetNo: 1, viaNo: 2 });
        expect(await scene.money()).to.equal(before);
        expect(await scene.resolve({ message_key: eightBytes("more"), message_no: 2 })).to.equal(
          "already (duplicate of reversed_before, entry 2)",
        );
      },
    }),
  ),
  {
    title: "ends what waits to be added to a hold that is forgotten already, and touches none",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.increment({ asks: 1 });
      await scene.reverse();
      await scene.purge({ wall_now: noonMs + 300_000, holdless_s: 1_000 });
      expect(await scene.message("first")).to.equal("nothing");

      const said = { message_key: eightBytes("late"), authorization_key: eightBytes("more") };
      expect(await scene.advise(said)).to.equal("released, entry 4");
      expect(await scene.message("more")).to.equal("outcome 3, reason 0, 0");
      expect(await scene.effect(4, "advice")).to.include({ touched: TOUCHED_NOTHING, targetNo: 0, viaNo: 2 });
    },
  },
  {
    title: "is over when the pump tells what it gave",
    check: async (scene) => {
      await scene.authorize({ ...pump, asks: 1 });

      expect(await scene.advise({ mcc: 5_542, counted_mcc: 5_542, amount: 4_000 })).to.equal("completed 4000, entry 2");
      expect(await scene.message("first")).to.equal("open completed fuel hold, 4000 of 9000");
      expect(await scene.resolve()).to.match(/^already \(duplicate of approved/);
    },
  },
  {
    title: "is over when it is captured, by a financial advice or by a clearing",
    check: async (scene) => {
      await scene.authorize({ asks: 1 });
      expect(await scene.postAdvice()).to.match(/^captured_hold 1000/);
      expect(await scene.resolve()).to.match(/^already \(duplicate of approved 1000/);

      const other = eightBytes("other");
      await scene.authorize({ asks: 1, message_key: other });
      expect(await scene.clear({ hold_key: other, hold_no: 3, amount: 400, is_final: 0 })).to.match(/^captured 400/);
      expect(await scene.message("other")).to.equal("open hold, 600 of 1000");
      expect(await scene.resolve({ message_key: other, message_no: 3 })).to.match(
        /^already \(duplicate of approved 1000/,
      );
      expect(await scene.money()).to.equal("8000 available, 600 held");
    },
  },
  {
    title: "does not expire, and is not forgotten, before it is answered",
    check: async (scene) => {
      await scene.authorize({ asks: 1 });

      expect(await scene.expire()).to.equal("already");
      expect(await scene.purge({ wall_now: noonMs + 9_000_000 })).to.equal("0 0 0");
      expect(await scene.message("first")).to.equal("pending hold, 1000 of 1000");
    },
  },
  {
    title: "is forgotten with the chain's id that names it, once it was refused and stood in for",
    check: async (scene) => {
      await scene.authorize({ asks: 1, chain_id: CHAIN_NAMES });
      await scene.resolve({ is_confirmed: 0, reason: 22 });
      await scene.advise();
      await scene.reverse({ undo_key: eightBytes("advice") });

      expect(await scene.chainNames()).to.equal("first");
      await scene.purge({ wall_now: noonMs + 1_000_000 });
      expect(await scene.message("first")).to.equal("nothing");
      expect(await scene.chainNames()).to.equal("nothing");
    },
  },
  {
    title: "is found by the network's id of its chain and captured",
    check: async (scene) => {
      await scene.authorize({ asks: 1, chain_id: CHAIN_NAMES, message_key: eightBytes("held") });

      expect(await captureByChain(scene)).to.match(/^captured_hold 600/);
      expect(await scene.money()).to.equal("9400 available, 0 held");
    },
  },
];

function captureByChain(scene: Scene): Promise<string> {
  return scene.postAdvice({ chain_id: CHAIN_NAMES, amount: 600 });
}
