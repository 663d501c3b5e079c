import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { askedMessageOf } from "../../src/authorizer/resolve.ts";
import { minor } from "../../src/kernel/money.ts";
import { openRecords } from "../../src/records/database.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { verify } from "../../src/verify/verify.ts";
import { AskedProgram, approvedInFull, declinedByEndpoint, inHaste } from "../support/asked-program.ts";
import { atRest } from "../support/busy-program.ts";
import { sharedRedis } from "../support/redis.ts";
import {
  advise,
  adviceOf,
  authorize,
  financialOf,
  post,
  purchase,
  reversalOf,
  reverse,
} from "../support/small-program.ts";

describe("authorizer/asked", () => {
  let asked: AskedProgram;
  let redis: Redis;

  async function open(approvesByDefault = false): Promise<AskedProgram> {
    asked = await AskedProgram.open(approvesByDefault);
    return asked;
  }

  const buy = (cents: bigint, more = {}) => purchase(asked.test, asked.program.pan, cents, more);

  beforeEach(async () => {
    redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    await open();
  });

  afterEach(async () => {
    const violations = await violationsNow();
    redis.disconnect();
    await asked.test.close();
    expect(violations).to.deep.equal([]);
  });

  async function violationsNow(): Promise<readonly unknown[]> {
    await atRest(asked.test, redis);
    const { engine, recordsPath } = asked.test;
    const records = openRecords({ path: recordsPath, dataSetId: null, isDurable: false });
    if (!records.ok) throw new Error(records.error.message);
    const report = await verify({ records: records.value, redis, keyspace: engine.keyspace });
    records.value.close();
    return report.violations;
  }

  it("approves what the endpoint approves, and asks once", async () => {
    const decision = await authorize(asked.test, buy(40_00n));

    expect(decision).to.include({ outcome: "approved", isDuplicate: false, wasAsked: true, approvedAmount: 4_000n });
    expect(asked.asked).to.have.lengthOf(1);
    expect(await asked.balance()).to.equal("96000 available, 4000 held");
  });

  it("waits for an endpoint whose time ends further away than any timer reaches", async () => {
    const first = buy(40_00n);
    const ahead = 60 * 86_400_000;
    const later = { wallNowMs: first.wallNowMs + ahead, deadlineMs: first.deadlineMs + ahead };
    asked.onQuestion(() => sleep(60));

    const decision = await authorize(asked.test, { ...first, ...later });

    expect(decision).to.include({ outcome: "approved", approvedAmount: 4_000n });
  });

  it("declines what the endpoint declines, and holds nothing", async () => {
    asked.says(declinedByEndpoint);

    expect(await authorize(asked.test, buy(40_00n))).to.include({ outcome: "declined", check: "webhook_declined" });
    expect(await asked.balance()).to.equal("100000 available, 0 held");
  });

  it("holds the part that the endpoint grants", async () => {
    asked.says({ reason: "webhook_approved", amount: minor(15_00), details: '{"status":200}' });

    const decision = await authorize(asked.test, buy(40_00n));

    expect(decision).to.include({ outcome: "partial", approvedAmount: 1_500n, cardAmount: 4_000n });
    expect(await asked.balance()).to.equal("98500 available, 1500 held");
  });

  it("asks nobody about what is declined anyway, or holds nothing", async () => {
    await authorize(asked.test, buy(5_000_00n));
    await authorize(asked.test, buy(0n, { purpose: "verification" }));

    expect(asked.asked).to.deep.equal([]);
  });

  for (const said of ["silence", "nobody"] as const) {
    for (const approves of [true, false]) {
      it(`${approves ? "approves" : "declines"} by the account's default where ${said} answers`, async () => {
        await asked.test.close();
        await open(approves);
        asked.says(said);

        const decision = await authorize(asked.test, inHaste(buy(40_00n)));

        const declined = { outcome: "declined", check: "webhook_timeout" };
        expect(decision).to.include(approves ? { outcome: "approved", approvedAmount: 4_000n } : declined);
        expect(await asked.balance()).to.equal(`${approves ? "96000 available, 4000" : "100000 available, 0"} held`);
      });
    }
  }

  it("answers a repeat that comes meanwhile when it answers the first, and asks no second time", async () => {
    const first = buy(40_00n);
    let repeated: unknown = null;
    asked.onQuestion(async () => {
      void authorize(asked.test, { ...first, wallNowMs: first.wallNowMs + 5 }).then((decision) => {
        repeated = decision;
      });
      await new Promise((resolve) => setTimeout(resolve, 60));
    });

    await authorize(asked.test, first);

    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(repeated).to.include({ outcome: "approved", isDuplicate: true, approvedAmount: 4_000n });
    expect(asked.asked).to.have.lengthOf(1);
  });

  it("gives everything back when a reversal comes before the answer, which is then too late", async () => {
    const first = buy(40_00n);
    let reversed: unknown = null;
    asked.onQuestion(async () => {
      reversed = await reverse(asked.test, reversalOf(first));
    });

    const decision = await authorize(asked.test, first);

    expect(reversed).to.include({ outcome: "killed_pending", releasedAmount: 4_000n });
    expect(decision).to.include({ outcome: "reversed_before", isDuplicate: false });
    expect(await asked.balance()).to.equal("100000 available, 0 held");
  });

  for (const isApproved of [true, false]) {
    it(`takes the network's own ${isApproved ? "approval" : "refusal"} for the answer`, async () => {
      const first = buy(40_00n);
      asked.says(isApproved ? declinedByEndpoint : approvedInFull);
      asked.onQuestion(() => advise(asked.test, adviceOf(first, { isApproved })));

      const decision = await authorize(asked.test, first);

      expect(decision.outcome).to.equal(isApproved ? "approved" : "reversed_before");
      expect(await asked.balance()).to.equal(isApproved ? "96000 available, 4000 held" : "100000 available, 0 held");
    });
  }

  it("asks about an increment, and takes it out of its hold where it is declined", async () => {
    const stay = { networkChain: "STAY-0009", mcc: "7011" };
    const first = buy(40_00n, stay);
    await authorize(asked.test, first);
    await authorize(asked.test, buy(10_00n, { ...stay, purpose: "increment" }));
    asked.says(declinedByEndpoint);

    const declined = await authorize(asked.test, buy(20_00n, { ...stay, purpose: "increment" }));

    expect(declined).to.include({ outcome: "declined", check: "webhook_declined" });
    expect(await asked.balance()).to.equal("95000 available, 5000 held");
  });

  it("kills an increment whose hold is reversed before the answer", async () => {
    const stay = { networkChain: "STAY-0010", mcc: "7011" };
    const first = buy(40_00n, stay);
    await authorize(asked.test, first);
    asked.onQuestion(() => reverse(asked.test, reversalOf(first, { stan: "990100" })));

    const decision = await authorize(asked.test, buy(10_00n, { ...stay, purpose: "increment" }));

    expect(decision.outcome).to.equal("reversed_before");
    expect(await asked.balance()).to.equal("100000 available, 0 held");
  });

  it("leaves a reversed hold reversed where the network approves what waits to be added to it", async () => {
    const stay = { networkChain: "STAY-0011", mcc: "7011" };
    const first = buy(40_00n, stay);
    const more = buy(10_00n, { ...stay, purpose: "increment" });
    await authorize(asked.test, first);
    asked.onQuestion(async () => {
      await reverse(asked.test, reversalOf(first, { stan: "990101" }));
      expect(await advise(asked.test, adviceOf(more))).to.include({ outcome: "released", amount: 0n });
    });

    const decision = await authorize(asked.test, more);

    expect(decision.outcome).to.equal("reversed_before");
    expect(await asked.balance()).to.equal("100000 available, 0 held");
  });

  it("lets an increment wait on where a single-message advice that names it captures its hold", async () => {
    const stay = { networkChain: "STAY-0012", mcc: "7011" };
    const first = buy(40_00n, stay);
    const more = buy(10_00n, { ...stay, purpose: "increment" });
    await authorize(asked.test, first);
    asked.onQuestion(async () => {
      const original = { stan: more.stan, function: "authorization" } as const;
      const told = financialOf(more, {
        stan: "990102",
        purpose: "purchase",
        isAdvice: true,
        isApproved: true,
        original,
      });
      expect(await post(asked.test, told)).to.include({ outcome: "captured_hold" });
      expect(await violationsNow()).to.deep.equal([]);
    });

    const decision = await authorize(asked.test, more);

    expect(decision.outcome).to.equal("reversed_before");
  });

  it("leaves one end to a question that 64 confirm, decline and reverse at once", async () => {
    const first = buy(40_00n);
    const outcomes: string[] = [];
    asked.says("silence");
    asked.onQuestion(async () => {
      const [place] = asked.asked;
      const message = askedMessageOf(await asked.entryOf(place ?? expect.fail("nobody was asked")));
      const { authorizer } = asked.test.engine;
      const ends = Array.from({ length: 64 }, async (_, i) => {
        if (i % 3 === 2)
          return (await reverse(asked.test, reversalOf(first, { stan: `9902${10 + (i % 90)}` }))).outcome;
        const answer = i % 3 === 0 ? approvedInFull : declinedByEndpoint;
        return (await authorizer.resolve(message, answer)).outcome;
      });
      outcomes.push(...(await Promise.all(ends)));
    });

    const decision = await authorize(asked.test, inHaste(first));

    const ends = outcomes.filter((outcome) => outcome === "done" || outcome === "killed_pending");
    expect(ends, outcomes.join(", ")).to.have.lengthOf(1);
    expect(decision.outcome).to.be.oneOf(["approved", "declined", "reversed_before"]);
    // A reversal that came after an approval has released it.
    expect(await asked.balance()).to.be.oneOf(["96000 available, 4000 held", "100000 available, 0 held"]);
  });

  it("clears what was authorized in parts, too much, too late, for nobody and back again, and stays sound", async () => {
    const { authorizer } = asked.test.engine;
    const hold = await authorize(asked.test, buy(40_00n));
    const late = buy(30_00n);
    const reversed = await authorize(asked.test, late);
    await reverse(asked.test, reversalOf(late));
    const declined = await authorize(asked.test, buy(5_000_00n));
    if (!("journalNo" in hold && "journalNo" in reversed && "journalNo" in declined)) return expect.fail("undecided");
    const [first, second, third] = [hold, reversed, declined].map(({ journalNo: no }) => ({ shard: 0, no }));
    const make = asked.clearingOf.bind(asked);

    const part = await make(first ?? null, "part", { amount: minor(10_00), isFinal: false });
    const results = [
      await authorizer.clear(part),
      await authorizer.clear(part),
      await authorizer.clear({ ...part, fingerprint: Buffer.from("finger-2") }),
      await authorizer.clear(await make(first ?? null, "rest", { amount: minor(35_00) })),
      await authorizer.clear(await make(second ?? null, "late", { amount: minor(5_00) })),
      await authorizer.clear(await make(third ?? null, "declined", { amount: minor(6_00) })),
      await authorizer.clear(await make(null, "force", { amount: minor(7_00) })),
      await authorizer.clear(await make(first ?? null, "refund", { kind: "refund", amount: minor(4_00) })),
      await authorizer.clear(await make(null, "nothing", { amount: minor(0) })),
    ];

    expect(results.map(({ outcome }) => outcome)).to.deep.equal([
      "captured",
      "captured",
      "conflict",
      "captured",
      "captured",
      "captured",
      "force_posted",
      "refunded",
      "nothing",
    ]);
    expect(await asked.balance()).to.equal("94100 available, 0 held");
    expect(
      asked.test.access.queries.exceptions(0, { before: null, rowsMax: 9 }).map(({ cause }) => cause),
    ).to.have.members([
      "capture_of_more_than_held",
      "force_post_after_close",
      "force_post_after_close",
      "force_post_without_authorization",
    ]);
  });
});
