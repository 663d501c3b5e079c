import { expect } from "chai";
import { luaConstants } from "../../../src/store/library.ts";
import { staleExamples } from "./stale-examples.ts";
import type { FunctionExample } from "./example.ts";
import { balanceBytes, counterBytes, eightBytes, limitText } from "./packed.ts";
import { noonMs, today } from "./plain-calls.ts";
import { type Scene, balance } from "./scene.ts";

const { CHAIN_NAMES, CHAIN_NONE, REFUSED_FOR_FUNDS, REFUSED_FOR_LIMIT } = luaConstants;
const dayMs = 86_400_000;
const daily = (most: number) => limitText({ of: "chain", interval: "d", most, field: "nd1" });
const ever = (most: number) => limitText({ of: "holder", interval: "a", most, field: "n5a1" });

export const incrementExamples: readonly FunctionExample[] = [
  {
    title: "adds to the hold that the chain's id names, and keeps an answer that names it",
    cell: "increment · approved",
    check: async (scene) => {
      await scene.authorize({ chain_id: CHAIN_NAMES });

      expect(await scene.increment()).to.equal("approved 500, code 222222, entry 2");
      expect(await scene.money()).to.equal("8500 available, 1500 held");
      expect(await scene.message("first")).to.equal("open hold, 1500 of 1000");
      expect(await scene.message("more")).to.equal("outcome 1, reason 0, 500, names first for 500");
      expect((await scene.entryTail(2, "increment")).readUIntBE(30, 6)).to.equal(1);
      expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
    },
  },
  {
    title: "counts an increment today, in the limits that its hold counts in, and keeps the day",
    check: async (scene) => {
      await openHold(scene, [daily(1_000), ever(9_000)]);
      const tomorrow = { business_now: noonMs + dayMs, mcc: 7_011 };

      expect(await scene.increment(tomorrow, [daily(1_000), ever(9_000)])).to.match(/^approved 500/);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today + 1}: 500`);
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 1500");
      expect(await scene.message("first")).to.equal(`open hold, 1500 of 1000, 500 on ${today + 1}`);
      await scene.increment({ ...tomorrow, message_key: eightBytes("again"), amount: 1 });
      expect(await scene.message("first")).to.equal(`open hold, 1501 of 1000, 501 on ${today + 1}`);
    },
  },
  {
    title: "asks again with the merchant category of the hold",
    check: async (scene) => {
      await openHold(scene);
      const before = await scene.digest();

      expect(await scene.increment({ mcc: 7_011, counted_mcc: 7_011 })).to.equal("other_mcc 5411");
      expect(await scene.digest()).to.equal(before);
    },
  },
  ...[
    { what: "one cent more than is available", amount: 9_001, limits: [], reason: REFUSED_FOR_FUNDS },
    { what: "one cent more than a limit leaves", amount: 501, limits: [daily(1_500)], reason: REFUSED_FOR_LIMIT },
  ].map(
    ({ what, amount, limits, reason }): FunctionExample => ({
      title: `declines an increment of ${what} and leaves the chain as it was`,
      cell: "increment · declined",
      check: async (scene) => {
        await openHold(scene, limits);

        expect(await scene.increment({ amount }, limits)).to.equal(`declined, for ${reason}, entry 2`);
        expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
        expect(await scene.message("more")).to.equal(`outcome 2, reason ${reason}, 0`);
        expect(await scene.money()).to.equal("9000 available, 1000 held");
        expect((await scene.head()).chainHash).to.equal(await scene.hashOfEntries());
      },
    }),
  ),
  {
    title: "takes the last cent, and all that a limit leaves",
    check: async (scene) => {
      await openHold(scene, [daily(10_000)]);

      expect(await scene.increment({ amount: 9_000 }, [daily(10_000)])).to.match(/^approved 9000/);
    },
  },
  {
    title: "carries a refusal of the static checks, whatever the funds",
    check: async (scene) => {
      await openHold(scene);

      expect(await scene.increment({ refusal: 7, amount: 90_000 }, [daily(1)])).to.equal("declined, for 7, entry 2");
    },
  },
  {
    title: "gives a repeat of an increment the first answer, also after the hold has grown and ended",
    cell: "increment · duplicate",
    check: async (scene) => {
      await openHold(scene);
      await scene.increment();
      await scene.increment({ message_key: eightBytes("again") });
      await scene.reverse();

      expect(await scene.increment({ counted_mcc: 1 })).to.equal("duplicate of approved 500, code 222222, entry 2");
      expect(await scene.authorize()).to.equal("duplicate of approved 1000, code 123456, entry 1");
      expect(await scene.increment({ fingerprint: eightBytes("other") })).to.equal("conflict");
    },
  },
  {
    title: "decides an increment of a chain that nobody knows as a purchase, which then is the chain's",
    cell: "increment · fresh",
    check: async (scene) => {
      expect(await scene.increment({}, [daily(500)])).to.equal("approved 500, code 222222, entry 1");
      expect(await scene.message("more")).to.equal("open hold, 500 of 500");
      expect(await scene.chainNames()).to.equal("more");
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 500`);
      expect((await scene.entryTail(1, "increment")).length).to.equal(30);
    },
  },
  {
    title: "decides an increment of a closed chain as a purchase, which the chain's id then names",
    check: async (scene) => {
      await openHold(scene);
      await scene.reverse();

      expect(await scene.increment()).to.equal("approved 500, code 222222, entry 3");
      expect(await scene.message("more")).to.equal("open hold, 500 of 500");
      expect(await scene.chainNames()).to.equal("more");
    },
  },
  {
    title: "leaves the chain's id where it is when such a purchase is declined",
    check: async (scene) => {
      await openHold(scene);
      await scene.reverse();

      expect(await scene.increment({ amount: 10_001 })).to.equal(`declined, for ${REFUSED_FOR_FUNDS}, entry 3`);
      expect(await scene.chainNames()).to.equal("first");
    },
  },
  {
    title: "asks for the limits of its own category where it is decided as a purchase",
    check: async (scene) => {
      expect(await scene.increment({ mcc: 7_011 })).to.equal("other_mcc 7011");
      expect(await scene.increment({ mcc: 7_011, counted_mcc: 7_011 })).to.match(/^approved 500/);
    },
  },
  {
    title: "has no chain without the network's id",
    check: async (scene) => {
      await openHold(scene);

      expect(await scene.increment({ chain_id: CHAIN_NONE })).to.match(/^approved 500/);
      expect(await scene.message("first")).to.equal("open hold, 1000 of 1000");
      expect(await scene.chainNames()).to.equal("first");
    },
  },
  {
    title: "declines an increment whose reversal came first",
    cell: "increment · reversed_before",
    check: async (scene) => {
      await openHold(scene);
      await scene.reverse({ undo_key: eightBytes("more") });

      expect(await scene.increment()).to.equal("reversed_before, entry 3");
      expect(await scene.money()).to.equal("9000 available, 1000 held");
    },
  },
  {
    title: "does not add to a hold after the deadline",
    check: async (scene) => {
      await openHold(scene);
      const before = await scene.digest();
      const [seconds] = await scene.redis.time();

      expect(await scene.increment({ deadline: Number(seconds) * 1000 - 1 })).to.equal("expired_deadline");
      expect(await scene.increment({ deadline: 0 })).to.equal("expired_deadline");
      expect(await scene.digest()).to.equal(before);
      expect(await scene.increment({ deadline: Number(seconds) * 1000 + 60_000 })).to.match(/^approved/);
    },
  },
  {
    title: "never lets the business time of an account go back",
    check: async (scene) => {
      await openHold(scene);
      await scene.increment({ business_now: noonMs - dayMs }, [daily(9_000)]);

      expect((await scene.head()).businessMs).to.equal(noonMs);
      expect(await scene.counter(scene.chain, "nd1")).to.equal(`in window ${today}: 500`);
    },
  },
  {
    title: "keeps its account without limits as it keeps one with them",
    check: async (scene) => {
      await openHold(scene);
      await scene.put(scene.account, balance, balanceBytes({ available: 500, held: 1_000 }));
      await scene.put(scene.account, "n5a1", counterBytes({ window: 0, spent: 7 }));

      expect(await scene.increment()).to.match(/^approved 500/);
      expect(await scene.money()).to.equal("0 available, 1500 held");
      expect(await scene.counter(scene.account, "n5a1")).to.equal("in window 0: 7");
    },
  },
  ...staleExamples({
    cell: "increment · stale",
    prepare: openHold,
    act: (scene, versions) => scene.increment(versions),
  }),
  {
    title: "refuses a chain id of a format that it does not know",
    check: async (scene) => {
      await scene.put(scene.chain, "xchain---", Buffer.from("\u0063first---"));

      expect(await scene.increment()).to.match(/^error: .*chain id: unknown format 99/);
    },
  },
];

async function openHold(scene: Scene, limits: readonly Buffer[] = []): Promise<void> {
  await scene.authorize({ chain_id: CHAIN_NAMES }, limits);
}
