import { expect } from "chai";
import type { Commit, CommitStep } from "../../../src/store/commit.ts";
import { fields } from "../../../src/store/keys.ts";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, eightBytes, staticBytes } from "./packed.ts";
import { noonMs, noonS } from "./plain-calls.ts";
import { balance } from "./scene.ts";

export const commitExamples: readonly FunctionExample[] = [
  {
    title: "writes, deletes and counts anew, and tells the journal number and the business time",
    cell: "commit · done",
    check: async (scene) => {
      await scene.put(scene.chain, "gone", staticBytes(1));

      const result = await scene.change([
        { do: "set", key: scene.chain, field: "v", value: staticBytes(2) },
        { do: "delete", key: scene.chain, field: "gone" },
        { do: "count", key: scene.chain, field: "nd1", interval: "d", chain: 1, cardholder: 0, categories: null },
      ]);

      expect(result).to.deep.equal({ outcome: "done", journalNo: 1, businessMs: noonMs });
      expect(await scene.fields(scene.chain)).to.deep.equal(["nd1", "v"]);
      expect(await scene.redis.hgetBuffer(scene.chain, "v")).to.deep.equal(staticBytes(2));
      const today = Math.floor(noonS / 86_400);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 0 without its past up to 1`);
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "begins a counter in the window of the account's own time where the caller's clock is behind it",
    check: async (scene) => {
      const behind = { business_now: noonMs - 86_400_000 };

      expect(await scene.commit(["counter", "4", "nd1", "d"], behind)).to.equal(`done 1 ${noonMs}`);
      const today = Math.floor(noonS / 86_400);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 0 without its past up to 1`);
    },
  },
  {
    title: "adds up what moves, and leaves the balance field alone where nothing does",
    check: async (scene) => {
      await scene.change([
        { do: "move", amount: 5_000n },
        { do: "move", amount: -2_000n },
      ]);
      expect(await scene.money()).to.equal("13000 available, 0 held");

      await scene.drop(scene.account, balance);
      await scene.change([]);
      expect(await scene.money()).to.equal("no balance");
    },
  },
  {
    title: "compares every version before it writes anything",
    cell: "commit · conflict",
    check: async (scene) => {
      const { chain } = scene;
      const before = await scene.digest();
      const write: CommitStep = { do: "set", key: chain, field: "w", value: staticBytes(1) };
      const expected = (field: string, version: number | "absent"): CommitStep[] => [
        write,
        { do: "expect", key: chain, field: "v", version: 1 },
        { do: "expect", key: chain, field, version },
      ];

      expect(await scene.change(expected("v", 2))).to.deep.equal({ outcome: "conflict", field: "v" });
      expect(await scene.change(expected("v", "absent"))).to.deep.equal({ outcome: "conflict", field: "v" });
      expect(await scene.change(expected("w", 1))).to.deep.equal({ outcome: "conflict", field: "w" });
      expect(await scene.digest()).to.equal(before);
      expect(await scene.change(expected("w", "absent"))).to.include({ outcome: "done" });
    },
  },
  {
    title: "sets the account's version only where it is told one, and never its time back",
    check: async (scene) => {
      await scene.change([], { businessMs: noonMs - 60_000 });
      const { businessMs, version } = await scene.head();
      expect({ businessMs, version }).to.deep.equal({ businessMs: noonMs, version: 1 });

      await scene.change([], { accountVersion: 2, businessMs: noonMs + 60_000 });
      const later = await scene.head();
      expect(later.version).to.equal(2);
      expect(later.businessMs).to.equal(noonMs + 60_000);
    },
  },
  {
    title: "begins an account that is not there yet",
    check: async (scene) => {
      await scene.redis.del(scene.account);

      expect(await scene.change([], { accountVersion: 1 })).to.include({ outcome: "done", journalNo: 1 });
      expect(await scene.fields(scene.account)).to.deep.equal(["h"]);
      const { chainHash, version } = await scene.head();
      expect({ chainHash, version }).to.deep.equal({ chainHash: await scene.hashOfEntries(), version: 1 });
    },
  },
  {
    title: "takes the last cent away, and says what there is where one more is asked for",
    cell: "commit · short",
    check: async (scene) => {
      expect(await scene.change([{ do: "move", amount: -10_001n }])).to.deep.equal({
        outcome: "short",
        available: 10_000n,
      });
      expect(await scene.entryCount()).to.equal(0);

      expect(await scene.change([{ do: "move", amount: -10_000n }])).to.include({ outcome: "done" });
      expect(await scene.money()).to.equal("0 available, 0 held");
    },
  },
  {
    title: "adds to a balance below zero, and changes other things beside it",
    check: async (scene) => {
      await scene.put(scene.account, balance, balanceBytes({ available: -500, held: 0 }));

      expect(await scene.change([])).to.include({ outcome: "done" });
      expect(await scene.change([{ do: "move", amount: 100n }])).to.include({ outcome: "done" });
      expect(await scene.money()).to.equal("-400 available, 0 held");
    },
  },
  {
    title: "fills a balance up to its most, and not one cent over",
    check: async (scene) => {
      const most = luaConstants.MOST_MINOR;
      await scene.put(scene.account, balance, balanceBytes({ available: most - 1, held: 0 }));

      expect(await scene.change([{ do: "move", amount: 2n }])).to.deep.equal({ outcome: "conflict", field: balance });
      expect(await scene.change([{ do: "move", amount: 1n }])).to.include({ outcome: "done" });
      expect(await scene.money()).to.equal(`${most} available, 0 held`);
    },
  },
  {
    title: "tells a repeat the first journal number and changes nothing again, for as long as it was told to",
    cell: "commit · replayed",
    check: async (scene) => {
      const step: CommitStep[] = [{ do: "move", amount: 100n }];
      expect(await scene.change(step, { idempotency })).to.include({ outcome: "done", journalNo: 1 });
      await scene.change([]);

      expect(await scene.change(step, { idempotency })).to.deep.equal({ outcome: "replayed", journalNo: 1 });
      expect(await scene.money()).to.equal("10100 available, 0 held");
      expect(await scene.idempotencyKeptMs("digest")).to.be.within(50_000, 60_000);
    },
  },
  {
    title: "answers another request under a known key with a mismatch",
    cell: "commit · mismatch",
    check: async (scene) => {
      await scene.change([], { idempotency });

      const other = { ...idempotency, fingerprint: eightBytes("other") };
      expect(await scene.change([{ do: "move", amount: 1n }], { idempotency: other })).to.deep.equal({
        outcome: "mismatch",
      });
      expect(await scene.entryCount()).to.equal(1);
    },
  },
  {
    title: "writes what moved and the balances after it behind the entry",
    check: async (scene) => {
      await scene.put(scene.account, balance, balanceBytes({ available: 10_000, held: 40 }));
      await scene.commit(["move", "-100"]);

      const tail = await scene.entryTail(1, "change");
      expect(tail.readUIntBE(0, 6)).to.equal(noonMs);
      expect([tail.readDoubleBE(6), tail.readDoubleBE(14), tail.readDoubleBE(22)]).to.deep.equal([-100, 9_900, 40]);
    },
  },
  ...refusedSteps().map(
    ({ steps, what, why }): FunctionExample => ({
      title: `refuses ${what}, and writes nothing`,
      check: async (scene) => {
        const before = await scene.digest();

        expect(await scene.commit(["set", "4", "w", "x", ...steps])).to.match(why);
        expect(await scene.digest()).to.equal(before);
      },
    }),
  ),
  {
    title: "takes fifteen digits and a sign",
    check: async (scene) => {
      await scene.put(scene.account, balance, balanceBytes({ available: 100_000_000_000_000, held: 0 }));

      expect(await scene.commit(["move", "-100000000000000"])).to.match(/^done 1 /);
      expect(await scene.money()).to.equal("0 available, 0 held");
    },
  },
];

const idempotency: NonNullable<Commit["idempotency"]> = {
  digest: "digest",
  fingerprint: eightBytes("finger"),
  keepMs: 60_000,
};

function refusedSteps() {
  return [
    { what: "a number in hexadecimal digits", steps: ["move", "0x10"], why: /not digits/ },
    { what: "a number with an exponent", steps: ["move", "1e3"], why: /not digits/ },
    { what: "a number that is none", steps: ["move", "nan"], why: /not digits/ },
    { what: "a number that is too long", steps: ["move", "-1000000000000000"], why: /not digits/ },
    { what: "a number of sixteen digits", steps: ["move", "1000000000000000"], why: /not digits/ },
    { what: "a version that is no number", steps: ["expect", "4", fields.chainStatic, "1.0"], why: /not digits/ },
    { what: "a step that it does not know", steps: ["burn", "4", "v"], why: /unknown step/ },
    { what: "an unknown step at the very end", steps: ["burn"], why: /unknown step/ },
    { what: "a key that is no number", steps: ["del", "chain", "v"], why: /not digits/ },
    { what: "a place that holds no key", steps: ["del", "5", "v"], why: /no such key/ },
    { what: "a step that is cut short", steps: ["set", "4", "v"], why: /cut short/ },
    { what: "a counter of an interval that it does not know", steps: ["counter", "4", "nq1", "q"], why: /interval/ },
  ] as const;
}
