import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import { purge } from "../../../src/store/purge.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes, holdBytes, messageBytes, namingBytes, postingBytes } from "./packed.ts";
import { noonMs, noonS } from "./plain-calls.ts";
import { type Scene } from "./scene.ts";

const { APPROVED, AWAITED, CAPTURED, DECLINED, DUPLICATE, REFUNDED, RELEASED, REVERSED_BEFORE, TOMBSTONE } =
  luaConstants;
const { HOLD_CAPTURED, HOLD_EXPIRED, HOLD_OPEN, HOLD_REVERSED } = luaConstants;

export const purgeExamples: readonly FunctionExample[] = [
  ...retentions().map(
    ({ bytes, keptS, what }): FunctionExample => ({
      title: `keeps ${what} for its ${keptS} seconds, and not one longer`,
      check: async (scene) => {
        await scene.put(scene.chain, "mfirst---", bytes);
        const due = (noonS + keptS) * 1000;

        expect(await scene.purge({ wall_now: due - 1 })).to.equal(`0 1 ${due}`);
        expect(await scene.purge({ wall_now: due })).to.equal("1 0 0");
        expect(await scene.fields(scene.chain)).to.deep.equal(["v"]);
      },
    }),
  ),
  {
    title: "never forgets an open hold, and does not count it among what will fall due",
    cell: "purge · already",
    check: async (scene) => {
      await scene.put(scene.chain, "mfirst---", hold(HOLD_OPEN));

      expect(await scene.purge({ wall_now: noonMs + 1e9 })).to.equal("0 0 0");
      expect(await scene.message("first")).to.equal("open hold, 5 of 5");
    },
  },
  {
    title: "forgets no more in one call than it may, and says what is left and when the next falls due",
    cell: "purge · done",
    check: async (scene) => {
      for (const [i, age] of [30, 50, 10, 40, 20].entries()) {
        await scene.put(scene.chain, `mmessage${i}`, messageBytes({ outcome: DECLINED, wallS: noonS + age }));
      }
      const due = (age: number) => (noonS + 100 + age) * 1000;

      expect(await scene.purge({ wall_now: due(50), most: 0 })).to.equal(`0 5 ${due(10)}`);
      expect(await scene.purge({ wall_now: due(50), most: 2 })).to.equal(`2 3 ${due(10)}`);
      expect(await scene.fields(scene.chain)).to.deep.equal(["mmessage2", "mmessage3", "mmessage4", "v"]);
      expect(await scene.purge({ wall_now: due(20) })).to.equal(`2 1 ${due(40)}`);
      expect(await scene.purge({ wall_now: due(20) })).to.equal(`0 1 ${due(40)}`);
    },
  },
  {
    title: "forgets a chain id with the hold that it names, and no other",
    check: async (scene) => {
      await scene.put(scene.chain, "xearly---", Buffer.from("\u0013second--"));
      await scene.put(scene.chain, "msecond--", hold(HOLD_REVERSED));
      await scene.put(scene.chain, "mthird---", hold(HOLD_OPEN));
      await scene.put(scene.chain, "xlate----", Buffer.from("\u0013third---"));
      await scene.put(scene.chain, "xalso----", Buffer.from("\u0013second--"));
      await scene.put(scene.chain, "nd1", Buffer.from("\u0013second--"));

      expect(await scene.purge({ wall_now: noonMs + 200_000 })).to.equal("3 0 0");
      expect(await scene.fields(scene.chain)).to.deep.equal(["mthird---", "nd1", "v", "xlate----"]);
      expect(await scene.redis.hget(scene.chain, "xlate----")).to.equal("\u0013third---");
    },
  },
  {
    title: "keeps an answer that names a hold as long as the hold, however old it is",
    check: async (scene) => {
      await scene.put(scene.chain, "mfirst---", hold(HOLD_OPEN));
      await scene.put(scene.chain, "mmore----", namingBytes({ outcome: APPROVED, wallS: noonS, names: "first" }));

      expect(await scene.purge({ wall_now: noonMs + 1e9 })).to.equal("0 0 0");
      await scene.put(scene.chain, "mfirst---", hold(HOLD_REVERSED));
      expect(await scene.purge({ wall_now: noonMs + 199_999 })).to.equal(`0 1 ${noonMs + 200_000}`);
      expect(await scene.purge({ wall_now: noonMs + 200_000 })).to.equal("2 0 0");
      expect(await scene.fields(scene.chain)).to.deep.equal(["v"]);
    },
  },
  {
    title: "keeps an answer that names what is gone, or is no money, for its own 100 seconds",
    check: async (scene) => {
      await scene.put(scene.chain, "mmore----", namingBytes({ outcome: APPROVED, wallS: noonS, names: "gone" }));
      await scene.put(scene.chain, "mfirst---", namingBytes({ outcome: DECLINED, wallS: noonS + 50, names: "undo" }));
      await scene.put(scene.chain, "mundo----", messageBytes({ outcome: RELEASED, wallS: noonS + 500 }));
      const due = (age: number) => noonMs + (100 + age) * 1000;

      expect(await scene.purge({ wall_now: due(0) - 1 })).to.equal(`0 3 ${due(0)}`);
      expect(await scene.purge({ wall_now: due(0) })).to.equal(`1 2 ${due(50)}`);
      expect(await scene.purge({ wall_now: due(50) })).to.equal(`1 1 ${due(500)}`);
      expect(await scene.fields(scene.chain)).to.deep.equal(["mundo----", "v"]);
    },
  },
  {
    title: "forgets a chain id and an answer that name a posting with it",
    check: async (scene) => {
      await scene.put(scene.chain, "mtold----", postingBytes({ remaining: 5, wallS: noonS }));
      await scene.put(scene.chain, "mfirst---", namingBytes({ outcome: APPROVED, wallS: noonS, names: "told" }));
      await scene.put(scene.chain, "xchain---", Buffer.from("\u0013told----"));

      expect(await scene.purge({ wall_now: noonMs + 399_999 })).to.equal(`0 1 ${noonMs + 400_000}`);
      expect(await scene.purge({ wall_now: noonMs + 400_000 })).to.equal("3 0 0");
    },
  },
  {
    title: "keeps an answer that came late to a posting for its own 100 seconds, although the posting is forgotten",
    check: async (scene) => {
      await scene.put(scene.chain, "mfirst---", postingBytes({ remaining: 5, wallS: noonS }));
      await scene.put(
        scene.chain,
        "mtold----",
        namingBytes({ outcome: DUPLICATE, wallS: noonS + 350, names: "first" }),
      );

      expect(await scene.purge({ wall_now: noonMs + 400_000 })).to.equal(`1 1 ${noonMs + 450_000}`);
      expect(await scene.fields(scene.chain)).to.deep.equal(["mtold----", "v"]);
      expect(await scene.purge({ wall_now: noonMs + 450_000 })).to.equal("1 0 0");
    },
  },
  ...[CAPTURED, REFUNDED].map(
    (outcome): FunctionExample => ({
      title: `keeps what was cleared (outcome ${outcome}) with its own hold, and not with one that came to stand there later`,
      check: async (scene) => {
        const cleared = namingBytes({ outcome, wallS: noonS, no: 256, names: "first" });
        const holdOf = (no: number) => holdBytes({ state: HOLD_OPEN, remaining: 5, wallS: noonS, no });
        await scene.put(scene.chain, "mclear---", cleared);
        await scene.put(scene.chain, "mfirst---", holdOf(255));

        expect(await scene.purge({ wall_now: noonMs + 400_000 })).to.equal("0 0 0");
        await scene.put(scene.chain, "mfirst---", holdOf(257));
        expect(await scene.purge({ wall_now: noonMs + 399_999 })).to.equal(`0 1 ${noonMs + 400_000}`);
        expect(await scene.purge({ wall_now: noonMs + 400_000 })).to.equal("1 0 0");
      },
    }),
  ),
  {
    title: "lets a decline live as long as the hold that was made later in its place",
    check: async (scene) => {
      const hold = holdBytes({ state: HOLD_OPEN, remaining: 5, wallS: noonS, no: 2 });
      await scene.put(scene.chain, "mfirst---", namingBytes({ outcome: DECLINED, wallS: noonS, no: 1, names: "told" }));
      await scene.put(scene.chain, "mtold----", hold);

      expect(await scene.purge({ wall_now: noonMs + 1e9 })).to.equal("0 0 0");
    },
  },
  {
    title: "refuses a message of a format that it does not know, and forgets nothing",
    check: async (scene) => {
      await scene.put(scene.chain, "mfirst---", messageBytes({ outcome: DECLINED, wallS: noonS }));
      await scene.put(scene.chain, "msecond--", messageBytes({ outcome: DECLINED, wallS: noonS, format: 99 }));

      expect(await scene.purge({ wall_now: noonMs + 100_000 })).to.match(/^error: .*unknown format 99/);
      expect(await scene.message("first")).to.equal(`outcome ${DECLINED}, reason 0, 0`);
    },
  },
  {
    title: "writes no entry, and tells through store/purge what it did",
    check: async (scene) => {
      await scene.put(scene.chain, "mfirst---", messageBytes({ outcome: DECLINED, wallS: noonS }));
      await scene.put(scene.chain, "msecond--", messageBytes({ outcome: RELEASED, wallS: noonS + 60 }));
      const retention = { holdlessS: 100, terminalS: 200, tombstoneS: 400 };

      const chain = { shard: scene.shard, chain: 1 };
      const purged = await purge(scene.committer, chain, retention, noonMs + 100_000);
      expect(purged).to.deep.equal({ forgotten: 1, remaining: 1, nextDueMs: noonMs + 160_000 });
      expect(await scene.entryCount()).to.equal(0);
    },
  },
  {
    title: "packs a hash tightly again that was large once, with all that is kept in it",
    check: async (scene) => {
      await becomeLarge(scene);
      await scene.put(scene.chain, "mkept----", hold(HOLD_OPEN));
      await scene.put(scene.chain, "mfirst---", messageBytes({ outcome: DECLINED, wallS: noonS }));

      expect(await scene.purge({ wall_now: noonMs + 100_000, listpack_entries: 2 })).to.equal("1 0 0");
      expect(await scene.redis.object("ENCODING", scene.chain)).to.equal("listpack");
      expect(await scene.fields(scene.chain)).to.deep.equal(["mkept----", "v"]);
      expect(await scene.message("kept")).to.equal("open hold, 5 of 5");
    },
  },
  {
    title: "packs more than one command's worth of fields",
    check: async (scene) => {
      await becomeLarge(scene);
      const names = Array.from({ length: 100 }, (_, i) => `mkept${i}`);
      await scene.putAll(scene.chain, names, hold(HOLD_OPEN));
      await scene.put(scene.chain, "mfirst---", messageBytes({ outcome: DECLINED, wallS: noonS }));

      expect(await scene.purge({ wall_now: noonMs + 100_000 })).to.equal("1 0 0");
      expect(await scene.redis.object("ENCODING", scene.chain)).to.equal("listpack");
      expect(await scene.fields(scene.chain)).to.deep.equal([...names, "v"].toSorted());
    },
  },
  {
    title: "forgets more than one command's worth of fields",
    check: async (scene) => {
      const names = Array.from({ length: 150 }, (_, i) => `mgone${i}`);
      await scene.putAll(scene.chain, names, messageBytes({ outcome: DECLINED, wallS: noonS }));

      expect(await scene.purge({ wall_now: noonMs + 100_000, listpack_entries: 0 })).to.equal("150 0 0");
      expect(await scene.fields(scene.chain)).to.deep.equal(["v"]);
    },
  },
  {
    title: "leaves a hash as it is where nothing is forgotten, or where too much is kept for a tight one",
    check: async (scene) => {
      await becomeLarge(scene);
      await scene.put(scene.chain, "mkept----", hold(HOLD_OPEN));
      await scene.purge({ wall_now: noonMs + 100_000 });
      expect(await scene.redis.object("ENCODING", scene.chain)).to.equal("hashtable");

      await scene.put(scene.chain, "mfirst---", messageBytes({ outcome: DECLINED, wallS: noonS }));
      expect(await scene.purge({ wall_now: noonMs + 100_000, listpack_entries: 1 })).to.equal("1 0 0");
      expect(await scene.redis.object("ENCODING", scene.chain)).to.equal("hashtable");
      expect(await scene.fields(scene.chain)).to.deep.equal(["mkept----", "v"]);
    },
  },
];

function retentions() {
  const message = (outcome: number) => messageBytes({ outcome, wallS: noonS });
  return [
    { what: "a decline", bytes: message(DECLINED), keptS: 100 },
    { what: "a reversal's answer", bytes: message(RELEASED), keptS: 100 },
    { what: "a hold that has been reversed", bytes: hold(HOLD_REVERSED), keptS: 200 },
    { what: "a hold that has been captured", bytes: hold(HOLD_CAPTURED), keptS: 200 },
    { what: "a hold that has expired", bytes: hold(HOLD_EXPIRED), keptS: 200 },
    { what: "a posting", bytes: postingBytes({ remaining: 5, wallS: noonS }), keptS: 400 },
    { what: "the tombstone of an original", bytes: message(AWAITED), keptS: 400 },
    { what: "the answer to an early reversal", bytes: message(TOMBSTONE), keptS: 400 },
    { what: "the answer to an original that came too late", bytes: message(REVERSED_BEFORE), keptS: 400 },
  ];
}

function hold(state: number): Buffer {
  return holdBytes({ state, amount: 5, remaining: 5, wallS: noonS, fingerprint: eightBytes("finger").toString() });
}

/** Redis never makes a large hash a listpack again by itself. */
async function becomeLarge(scene: Scene): Promise<void> {
  const names = Array.from({ length: 200 }, (_, i) => `w${i}`);
  await scene.putAll(scene.chain, names, Buffer.from("x"));
  await scene.redis.hdel(scene.chain, ...names);
}
