import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { staleExamples } from "./stale-examples.ts";
import { balanceBytes, eightBytes, holdBytes, messageBytes } from "./packed.ts";
import { noonMs, noonS, today } from "./plain-calls.ts";
import { balance } from "./scene.ts";

export const reverseExamples: readonly FunctionExample[] = [
  {
    title: "releases what remains of a hold, and keeps the hold from the wall time at which it ended",
    cell: "reversal · released",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.reverse({ wall_now: noonMs + 5_000 })).to.equal("released 1000, entry 2");
      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.message("first")).to.equal("reversed hold, 0 of 1000");
      expect(await scene.messageWallS("first")).to.equal(noonS + 5);
    },
  },
  {
    title: "lowers a hold to the replacement amount, which leaves it open and as old as it was",
    cell: "reversal · lowered",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.reverse({ replacement: 1, wall_now: noonMs + 5_000 })).to.equal("lowered 999, entry 2");
      expect(await scene.money()).to.equal("9999 available, 1 held");
      expect(await scene.message("first")).to.equal("open hold, 1 of 1000");
      expect(await scene.messageWallS("first")).to.equal(noonS);
    },
  },
  {
    title: "takes a replacement amount of all that remains for no change",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.reverse({ replacement: 1_000 })).to.equal("lowered, entry 2");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
    },
  },
  {
    title: "takes a replacement amount of zero for a full reversal",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.reverse({ replacement: 0 })).to.equal("released 1000, entry 2");
      expect(await scene.message("first")).to.equal("reversed hold, 0 of 1000");
    },
  },
  {
    title: "changes nothing where more would remain than is held, and remembers the exception",
    cell: "reversal · exception",
    check: async (scene) => {
      await scene.authorize();

      expect(await scene.reverse({ replacement: 1_001 })).to.equal("exception, entry 2");
      expect(await scene.money()).to.equal("9000 available, 1000 held");
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.reverse({ replacement: 1_001 })).to.equal("duplicate of exception, entry 2");
    },
  },
  {
    title: "leaves a tombstone for an original that has not come, and no balance where there was none",
    cell: "reversal · tombstone",
    check: async (scene) => {
      await scene.drop(scene.account, balance);

      expect(await scene.reverse()).to.equal("tombstone, entry 1");
      expect(await scene.message("first")).to.equal("outcome 9, reason 0, 0");
      expect(await scene.money()).to.equal("no balance");
    },
  },
  {
    title: "has nothing more to do for a second reversal of an original that is still awaited",
    cell: "reversal · unknown",
    check: async (scene) => {
      await scene.reverse();

      expect(await scene.reverse({ message_key: eightBytes("undo2") })).to.equal("unknown, entry 2");
      expect(await scene.message("first")).to.equal("outcome 9, reason 0, 0");
    },
  },
  {
    title: "releases nothing twice, and nothing of a decline",
    cell: "reversal · nothing_to_release",
    check: async (scene) => {
      await scene.authorize();
      await scene.reverse();
      await scene.authorize({ message_key: eightBytes("second"), amount: 10_001 });

      expect(await scene.reverse({ message_key: eightBytes("undo2") })).to.equal("nothing_to_release, entry 4");
      expect(await scene.reverse({ message_key: eightBytes("undo3"), undo_key: eightBytes("second") })).to.equal(
        "nothing_to_release, entry 5",
      );
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "gives a repeat the first answer and releases nothing again",
    cell: "reversal · duplicate",
    check: async (scene) => {
      await scene.authorize();
      await scene.reverse({ replacement: 600 });

      expect(await scene.reverse({ replacement: 600, account_version: 9 })).to.equal(
        "duplicate of lowered 400, entry 2",
      );
      expect(await scene.money()).to.equal("9400 available, 600 held");
      expect(await scene.entryCount()).to.equal(2);
    },
  },
  {
    title: "answers another reversal under a known key with a conflict",
    cell: "reversal · conflict",
    check: async (scene) => {
      await scene.authorize();
      await scene.reverse();

      expect(await scene.reverse({ fingerprint: eightBytes("other") })).to.equal("conflict");
    },
  },
  {
    title: "asks again with the merchant category of the hold, on which the limits depend",
    cell: "reversal · other_mcc",
    check: async (scene) => {
      await scene.authorize();
      const before = await scene.digest();

      expect(await scene.reverse({ counted_mcc: 0 })).to.equal("other_mcc 5411");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "does not ask for the category of a hold that is closed",
    check: async (scene) => {
      await scene.authorize();
      await scene.reverse();

      expect(await scene.reverse({ message_key: eightBytes("undo2"), counted_mcc: 0 })).to.equal(
        "nothing_to_release, entry 3",
      );
    },
  },
  ...staleExamples({ cell: "reversal · stale", act: (scene, versions) => scene.reverse(versions) }),
  ...["first", "undo"].map(
    (name): FunctionExample => ({
      title: `refuses a message of a format that it does not know as its ${name === "undo" ? "own answer" : "original"}`,
      check: async (scene) => {
        const bytes = messageBytes({ outcome: luaConstants.AWAITED, wallS: noonS, fingerprint: "newer", format: 99 });
        await scene.put(scene.chain, `m${eightBytes(name).toString("latin1")}`, bytes);
        const before = await scene.digest();

        expect(await scene.reverse()).to.match(/^error: .*unknown format 99/);
        expect(await scene.digest()).to.equal(before);
      },
    }),
  ),
  {
    title: "stops before it releases more than the account holds",
    check: async (scene) => {
      await scene.authorize();
      await scene.put(scene.account, balance, balanceBytes({ available: 9_001, held: 999 }));
      const before = await scene.digest();

      expect(await scene.reverse()).to.match(/^error: .*held below what is released/);
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "writes behind the reversal's entry which entry was undone, and what was given back to which day",
    check: async (scene) => {
      await scene.authorize({ business_now: noonMs + 9_000 });
      await scene.reverse({ business_now: noonMs + 5_000 });

      expect(await scene.effect(2, "reversal")).to.deep.equal({
        outcome: luaConstants.RELEASED,
        reason: 0,
        businessMs: noonMs + 9_000,
        amount: 1_000,
        available: 10_000,
        held: 0,
        before: 0,
        touched: luaConstants.TOUCHED_HOLD,
        targetNo: 1,
        viaNo: 1,
        besideNo: 0,
        days: `${today}: -1000`,
      });
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "lets the reversal of one message leave the other holds of the chain as they are",
    check: async (scene) => {
      await scene.put(scene.chain, "mother---", holdBytes({ state: 1, remaining: 70, amount: 70, wallS: noonS }));
      await scene.authorize();
      await scene.reverse();

      expect(await scene.message("other")).to.equal("open hold, 70 of 70");
    },
  },
];
