import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import type { FunctionExample } from "./example.ts";
import { eightBytes, limitText } from "./packed.ts";
import { noonMs, today } from "./plain-calls.ts";
import { staleExamples } from "./stale-examples.ts";

const { PURPOSE_INQUIRY, PURPOSE_REFUND, PURPOSE_VERIFICATION, REFUSED_FOR_FUNDS, REFUSED_FOR_LIMIT } = luaConstants;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const ever = (most: number) => limitText({ of: "holder", interval: "a", most, field: "n5a1" });

/** A 0200, which is decided like a 0100 and posts at once. */
export const postExamples: readonly FunctionExample[] = [
  {
    title: "posts the last cent of the available balance, holds nothing and keeps what can be reversed",
    cell: "financial · posted",
    check: async (scene) => {
      const posted = "posted 10000, of 10000, code 444444, entry 1";

      expect(await scene.post({ amount: 10_000 }, [daily(10_000), ever(10_000)])).to.equal(posted);
      expect(await scene.money()).to.equal("0 available, 0 held");
      expect(await scene.message("first")).to.equal("debit posting, 10000 of 10000");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 10000`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 10000");
      expect(await scene.effect(1, "posting")).to.deep.equal({
        outcome: luaConstants.POSTED,
        reason: 0,
        businessMs: noonMs,
        amount: 10_000,
        available: 0,
        held: 0,
        before: 0,
        touched: luaConstants.TOUCHED_NOTHING,
        targetNo: 0,
        viaNo: 0,
        besideNo: 0,
        days: `${today}: 10000`,
      });
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "gives a repeat the first answer, and another message under its key a conflict",
    cell: "financial · duplicate",
    check: async (scene) => {
      await scene.post();
      const before = await scene.digest();

      expect(await scene.post({ deadline: 0 })).to.equal("duplicate of posted 1000, of 1000, code 444444, entry 1");
      expect(await scene.post({ fingerprint: eightBytes("other") })).to.equal("conflict");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "posts the part that is there, and counts and answers no more than that",
    check: async (scene) => {
      const part = "posted 10000, of 10001, code 444444, entry 1";

      expect(await scene.post({ amount: 10_001, least: 10_000 }, [daily(20_000)])).to.equal(part);
      expect(await scene.message("first")).to.equal("debit posting, 10000 of 10000, asked 10001");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 10000`);
      expect(await scene.post({ amount: 10_001 })).to.equal(`duplicate of ${part}`);
    },
  },
  ...[
    { what: "funds, to the cent", amount: 10_001, limit: 20_000, reason: REFUSED_FOR_FUNDS },
    { what: "a limit, to the cent and before funds", amount: 10_001, limit: 10_000, reason: REFUSED_FOR_LIMIT },
  ].map(
    ({ what, amount, limit, reason }): FunctionExample => ({
      title: `declines for ${what}, and counts nothing`,
      cell: "financial · declined",
      check: async (scene) => {
        expect(await scene.post({ amount }, [daily(limit)])).to.equal(`declined, for ${reason}, entry 1`);
        expect(await scene.counter(scene.chain, "nd1")).to.equal("no counter");
        expect(await scene.message("first")).to.equal(`outcome 2, reason ${reason}, 0`);
        expect(await scene.effect(1, "posting")).to.include({ outcome: 2, reason, amount: 0, days: "" });
        expect(await scene.money()).to.equal("10000 available, 0 held");
      },
    }),
  ),
  {
    title: "carries a refusal of the static checks, whatever limits and funds say",
    check: async (scene) => {
      expect(await scene.post({ refusal: 7, amount: 10_001 }, [daily(1)])).to.equal("declined, for 7, entry 1");
      expect(await scene.post({ refusal: 7, purpose: PURPOSE_REFUND, message_key: eightBytes("2nd") })).to.equal(
        "declined, for 7, entry 2",
      );
    },
  },
  {
    title: "credits a refund without asking limits, and gives nothing back to them",
    check: async (scene) => {
      await scene.post({ message_key: eightBytes("debit") }, [daily(9_000)]);

      expect(await scene.post({ purpose: PURPOSE_REFUND, amount: 700 }, [daily(1)])).to.equal(
        "posted 700, of 700, code 444444, entry 2",
      );
      expect(await scene.money()).to.equal("9700 available, 0 held");
      expect(await scene.message("first")).to.equal("credit posting, 700 of 700");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);
      expect(await scene.effect(2, "posting")).to.include({ amount: 700, days: "" });
    },
  },
  ...[PURPOSE_VERIFICATION, PURPOSE_INQUIRY].map(
    (purpose): FunctionExample => ({
      title: `posts nothing for ${purpose === PURPOSE_INQUIRY ? "an inquiry, which is told the balances" : "a verification"}`,
      check: async (scene) => {
        await scene.authorize({ message_key: eightBytes("held") });
        const told = purpose === PURPOSE_INQUIRY ? ", 9000 available, 1000 held" : "";
        const approved = `approved${told}, code 444444, entry 2`;

        expect(await scene.post({ purpose, amount: 0, least: 1 })).to.equal(approved);
        expect(await scene.money()).to.equal("9000 available, 1000 held");
        await scene.reverse({ undo_key: eightBytes("held") });
        expect(await scene.post({ purpose, amount: 0 })).to.equal(`duplicate of ${approved}`);
      },
    }),
  ),
  {
    title: "does not post what was reversed before it came",
    cell: "financial · reversed_before",
    check: async (scene) => {
      await scene.reverse();

      expect(await scene.post({ amount: 10_001, refusal: 7 }, [daily(1)])).to.equal("reversed_before, entry 2");
      expect(await scene.post()).to.equal("duplicate of reversed_before, entry 2");
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  {
    title: "captures no hold",
    check: async (scene) => {
      await scene.authorize({ message_key: eightBytes("held"), chain_id: luaConstants.CHAIN_NAMES });
      await scene.post();

      expect(await scene.money()).to.equal("8000 available, 1000 held");
      expect(await scene.chainNames()).to.equal("held");
    },
  },
  {
    title: "does not post after the deadline, to the millisecond",
    cell: "financial · expired_deadline",
    check: async (scene) => {
      const before = await scene.digest();
      const [seconds] = await scene.redis.time();

      expect(await scene.post({ deadline: Number(seconds) * 1000 - 1 })).to.equal("expired_deadline");
      expect(await scene.digest()).to.equal(before);
      expect(await scene.post({ deadline: Number(seconds) * 1000 + 60_000 })).to.match(/^posted/);
    },
  },
  {
    title: "never lets the business time of an account go back",
    check: async (scene) => {
      await scene.post({ business_now: noonMs - 86_400_000 }, [daily(9_000)]);
      expect((await scene.head()).businessMs).to.equal(noonMs);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 1000`);

      await scene.post({ business_now: noonMs + 5_000, message_key: eightBytes("2nd") });
      expect((await scene.head()).businessMs).to.equal(noonMs + 5_000);
    },
  },
  ...staleExamples({ cell: "financial · stale", act: (scene, versions) => scene.post(versions) }),
];
