import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes } from "./packed.ts";
import { noonMs } from "./plain-calls.ts";

const { CHAIN_NAMES, PURPOSE_FUEL, PURPOSE_INCREMENT } = luaConstants;
const dayMs = 86_400_000;

/** Amounts of nothing, what a capture leaves to a reversal, answers that live as long as their hold, stand-ins at pumps. */
export const settledExamples: readonly FunctionExample[] = [
  {
    title: "holds nothing for an amount of nothing, and names no chain by it",
    check: async (scene) => {
      const before = await scene.money();

      expect(await scene.authorize({ amount: 0, chain_id: CHAIN_NAMES })).to.match(/^approved, /);
      expect(await scene.message("first")).to.equal("outcome 1, reason 0, 0");
      expect(await scene.money()).to.equal(before);
      expect(await scene.increment({ message_key: eightBytes("more"), amount: 200 })).to.match(/^approved 200/);
      expect(await scene.message("more")).to.equal("open hold, 200 of 200");
    },
  },
  {
    title: "adds nothing to the hold of its chain by an increment of nothing, which nobody can reverse",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });

      expect(await scene.increment({ message_key: eightBytes("more"), amount: 0 })).to.match(/^approved, /);
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 0");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.reverse({ undo_key: eightBytes("more") })).to.match(/^nothing_to_release/);
    },
  },
  {
    title: "adds nothing by an advised increment of nothing, which belongs to no hold",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      const said = {
        authorization_key: eightBytes("more"),
        purpose: PURPOSE_INCREMENT,
        chain_id: CHAIN_NAMES,
        amount: 0,
      };

      expect(await scene.advise(said)).to.match(/^added, /);
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 0");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
    },
  },
  {
    title: "posts nothing for a single message of nothing, whatever is owed",
    check: async (scene) => {
      expect(await scene.post({ amount: 0 })).to.match(/^approved, /);
      expect(await scene.message("first")).to.equal("outcome 1, reason 0, 0");
    },
  },
  {
    title: "leaves what a 0220 has posted for an authorization, where a reversal names the authorization",
    check: async (scene) => {
      const told = { message_key: eightBytes("told"), first_key: eightBytes("first"), second_key: eightBytes("first") };
      await scene.postAdvice(told);
      const before = await scene.money();

      expect(await scene.reverse({ names_authorization: 1 })).to.match(/^nothing_to_release/);
      expect(await scene.money()).to.equal(before);
      const single = { message_key: eightBytes("undo2"), undo_key: eightBytes("told") };
      expect(await scene.reverse(single)).to.match(/^reposted 1000/);
    },
  },
  {
    title:
      "remembers a partial reversal as long as its hold is open, so that its repeat undoes nothing that came since",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });
      await scene.reverse({ replacement: 300 });
      await scene.increment({ message_key: eightBytes("more"), amount: 400 });
      await scene.purge({ wall_now: noonMs + 2 * dayMs });

      expect(await scene.reverse({ replacement: 300 })).to.match(/^duplicate of lowered 700/);
      expect(await scene.message("first")).to.equal("open hold, 700 of 1000");
    },
  },
  {
    title: "remembers a completion as long as its hold is open",
    check: async (scene) => {
      await scene.authorize({ purpose: PURPOSE_FUEL, amount: 10_000, least: 100, mcc: 5_542 });
      const pumped = { amount: 4_500, mcc: 5_542, counted_mcc: 5_542 };
      expect(await scene.advise(pumped)).to.match(/^completed 4500/);
      await scene.purge({ wall_now: noonMs + 2 * dayMs });

      expect(await scene.advise(pumped)).to.match(/^duplicate of completed 4500/);
    },
  },
  {
    title: "merges the stand-in of a pump's status check, and lets what was pumped follow a stand-in that held",
    check: async (scene) => {
      const unlocked = { purpose: PURPOSE_FUEL, amount: 100, mcc: 5_542, counted_mcc: 5_542 };
      expect(await scene.advise(unlocked)).to.match(/^held 100/);
      expect(await scene.message("first")).to.equal("open fuel hold, 100 of 100");
      expect(await scene.advise({ ...unlocked, message_key: eightBytes("again") })).to.match(/^merged/);

      const pumped = { message_key: eightBytes("pumped"), amount: 4_500, mcc: 5_542, counted_mcc: 5_542 };
      expect(await scene.advise(pumped)).to.match(/^completed 4500/);
      expect(await scene.message("first")).to.equal("open completed fuel hold, 4500 of 100");
    },
  },
];
