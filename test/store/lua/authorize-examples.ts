import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import { fields } from "../../../src/store/keys.ts";
import type { FunctionExample } from "./example.ts";
import { staleExamples } from "./stale-examples.ts";
import { balanceBytes, eightBytes, headBytes, messageBytes, staticBytes } from "./packed.ts";
import { noonMs, noonS } from "./plain-calls.ts";
import { type Scene, balance, holder } from "./scene.ts";

export const authorizeExamples: readonly FunctionExample[] = [
  {
    title: "holds the last cent of the available balance, and keeps the hold under the message's key",
    cell: "authorization · approved",
    check: async (scene) => {
      expect(await scene.authorize({ amount: 10_000 })).to.equal("approved 10000, code 123456, entry 1");

      expect(await scene.money()).to.equal("0 available, 10000 held");
      expect(await scene.message("first")).to.equal("open hold, 10000 of 10000");
      expect(await scene.fields(scene.chain)).to.deep.equal(["mfirst---", "v"]);
    },
  },
  {
    title: "declines one cent more than is available, counts nothing and keeps the answer",
    cell: "authorization · declined",
    check: async (scene) => {
      expect(await scene.authorize({ amount: 10_001 })).to.equal(
        `declined, for ${luaConstants.REFUSED_FOR_FUNDS}, entry 1`,
      );

      expect(await scene.money()).to.equal("10000 available, 0 held");
      expect(await scene.message("first")).to.equal(`outcome 2, reason ${luaConstants.REFUSED_FOR_FUNDS}, 0`);
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "gives a repeat of an approval the first answer, with its code and entry, after the account has gone",
    cell: "authorization · duplicate",
    check: async (scene) => {
      await scene.authorize();
      await scene.redis.del(scene.account);

      expect(await scene.authorize({ code: 999_999, deadline: 1, chain_version: 9 })).to.equal(
        "duplicate of approved 1000, code 123456, entry 1",
      );
    },
  },
  {
    title: "gives a repeat of a decline its reason again, even where the money has come meanwhile",
    check: async (scene) => {
      await scene.authorize({ amount: 10_001 });
      await scene.put(scene.account, balance, balanceBytes({ available: 90_000, held: 0 }));

      expect(await scene.authorize({ amount: 10_001 })).to.equal(
        `duplicate of declined, for ${luaConstants.REFUSED_FOR_FUNDS}, entry 1`,
      );
      expect(await scene.entryCount()).to.equal(1);
    },
  },
  {
    title: "answers another purchase under a known key with a conflict and writes nothing",
    cell: "authorization · conflict",
    check: async (scene) => {
      await scene.authorize();
      const before = await scene.digest();

      expect(await scene.authorize({ fingerprint: eightBytes("other") })).to.equal("conflict");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "declines an original whose reversal came first, and says so again to its repeat",
    cell: "authorization · reversed_before",
    check: async (scene) => {
      await scene.reverse();

      expect(await scene.authorize({ amount: 10_001 })).to.equal("reversed_before, entry 2");
      expect(await scene.authorize()).to.equal("duplicate of reversed_before, entry 2");
      expect(await scene.money()).to.equal("10000 available, 0 held");
    },
  },
  ...staleExamples({ cell: "authorization · stale", act: (scene, versions) => scene.authorize(versions) }),
  {
    title: "carries a refusal of the static checks to the answer and to the journal, whatever the funds",
    check: async (scene) => {
      expect(await scene.authorize({ refusal: 7, amount: 10_001 })).to.equal("declined, for 7, entry 1");

      expect((await scene.entryTail(1, "purchase")).subarray(0, 2).toString("hex")).to.equal("0207");
    },
  },
  {
    title: "does not decide after the wall-clock deadline, to the millisecond",
    cell: "authorization · expired_deadline",
    check: async (scene) => {
      const before = await scene.digest();

      expect(await scene.authorize({ deadline: await middleOfASecond(scene) })).to.equal("expired_deadline");
      expect(await scene.digest()).to.equal(before);
    },
  },
  {
    title: "decides what comes a minute before its deadline",
    check: async (scene) => {
      const deadline = (await middleOfASecond(scene)) + 60_000;

      expect(await scene.authorize({ deadline })).to.match(/^approved/);
    },
  },
  {
    title: "names a hold by the network's id where there is one, and the first hold of an id keeps it",
    check: async (scene) => {
      await scene.authorize({ chain_id: 1 });
      await scene.authorize({ message_key: eightBytes("second"), chain_id: 1 });
      await scene.authorize({ message_key: eightBytes("third"), chain_key: eightBytes("none") });

      expect(await scene.fields(scene.chain)).to.deep.equal(["mfirst---", "msecond--", "mthird---", "v", "xchain---"]);
      expect(await scene.redis.hget(scene.chain, "xchain---")).to.equal("\u0013first---");
    },
  },
  {
    title: "names no chain by a declined message",
    check: async (scene) => {
      await scene.authorize({ chain_id: 1, amount: 10_001 });

      expect(await scene.fields(scene.chain)).to.deep.equal(["mfirst---", "v"]);
    },
  },
  {
    title: "never lets the business time of an account go back, and chains its hash over every entry",
    check: async (scene) => {
      await scene.authorize({ business_now: noonMs - 60_000 });
      expect((await scene.head()).businessMs).to.equal(noonMs);

      await scene.authorize({ message_key: eightBytes("second"), business_now: noonMs + 60_000 });
      expect((await scene.head()).businessMs).to.equal(noonMs + 60_000);
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "treats an account without a balance as one without money",
    check: async (scene) => {
      await scene.drop(scene.account, balance);

      expect(await scene.authorize({ amount: 1 })).to.equal(`declined, for ${luaConstants.REFUSED_FOR_FUNDS}, entry 1`);
      expect(await scene.money()).to.equal("no balance");
    },
  },
  ...newerFormats().map(
    ({ bytes, field, key, what }): FunctionExample => ({
      title: `refuses a ${what} of a format that it does not know, and writes nothing`,
      check: async (scene) => {
        await scene.put(scene[key], field, bytes);
        const before = await scene.digest();

        expect(await scene.authorize()).to.match(/^error: .*unknown format 99/);
        expect(await scene.digest()).to.equal(before);
      },
    }),
  ),
];

function newerFormats() {
  const newer = { wallS: noonS, fingerprint: "newer", format: 99 };
  const first = `m${eightBytes("first").toString("latin1")}`;
  return [
    {
      what: "head",
      key: "account",
      field: fields.head,
      bytes: headBytes({ version: 1, businessMs: noonMs, format: 99 }),
    },
    { what: "balance", key: "account", field: balance, bytes: balanceBytes({ available: 1, held: 1, format: 99 }) },
    { what: "cardholder", key: "account", field: holder, bytes: staticBytes(1, 99) },
    { what: "card", key: "chain", field: fields.chainStatic, bytes: staticBytes(1, 99) },
    { what: "message", key: "chain", field: first, bytes: messageBytes({ ...newer, outcome: luaConstants.APPROVED }) },
    { what: "tombstone", key: "chain", field: first, bytes: messageBytes({ ...newer, outcome: luaConstants.AWAITED }) },
  ] as const;
}

/** The server's own time, where a millisecond is neither the first nor the last of its second. */
async function middleOfASecond(scene: Scene): Promise<number> {
  for (;;) {
    const [seconds, micros] = await scene.redis.time();
    const ms = Math.floor(Number(micros) / 1000);
    if (ms > 100 && ms < 900) return Number(seconds) * 1000 + ms - 1;
  }
}
