import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { luaConstants } from "../../src/store/library.ts";
import { purge } from "../../src/store/purge.ts";
import { defaultRetention } from "../../src/projector/retention.ts";
import { readHashes } from "../../src/store/snapshot.ts";
import { verify } from "../../src/verify/verify.ts";
import { AskedProgram, approvedInFull, declinedByEndpoint } from "../support/asked-program.ts";
import { atRest } from "../support/busy-program.ts";
import { sharedRedis } from "../support/redis.ts";
import { authorize, purchase, reversalOf, reverse } from "../support/small-program.ts";

const { CAPTURED, DECLINED, PARTIAL, REVERSED_BEFORE } = luaConstants;
const plainAnswer = 0x12;
const naming = 0x14;
const holdOf = 0x15;
const [reasonAt, amountAt, namedAt] = [2, 3, 29];

describe("verify/asked", () => {
  let asked: AskedProgram;
  let redis: Redis;
  let records: Records;

  beforeEach(async () => {
    asked = await AskedProgram.open(false);
    redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    const buy = (cents: bigint, more = {}) => purchase(asked.test, asked.program.pan, cents, more);
    asked.says(declinedByEndpoint);
    await authorize(asked.test, buy(10_00n));
    asked.says({ reason: "webhook_approved", amount: minor(15_00), details: "" });
    const part = await authorize(asked.test, buy(40_00n));
    asked.says(approvedInFull);
    const killed = buy(20_00n);
    asked.onQuestion(() => reverse(asked.test, reversalOf(killed)));
    await authorize(asked.test, killed);
    if (!("journalNo" in part)) return expect.fail("undecided");
    const place = { shard: 0, no: part.journalNo };
    await asked.test.engine.authorizer.clear(
      await asked.clearingOf(place, "part", { amount: minor(5_00), isFinal: false }),
    );
    await asked.test.engine.authorizer.clear(await asked.clearingOf(null, "force"));
    await atRest(asked.test, redis);
    const opened = openRecords({ path: asked.test.recordsPath, dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    records = opened.value;
  });

  afterEach(async () => {
    records.close();
    redis.disconnect();
    await asked.test.close();
  });

  it("is content with questions that were answered, killed and granted in part, and with what was cleared", async () => {
    expect(await found()).to.deep.equal([]);
  });

  it("finds an endpoint's refusal that is told for another reason", async () => {
    await plant((value) => value[0] === plainAnswer && value[1] === DECLINED, reasonAt);

    expect(await found()).to.deep.equal(["reason 22"]);
  });

  it("finds a killed question that is told otherwise to repeats", async () => {
    await plant((value) => value[0] === plainAnswer && value[1] === REVERSED_BEFORE, amountAt + 5);

    expect(await found()).to.deep.equal(["amount 0"]);
  });

  it("finds a hold that says of itself that more was granted", async () => {
    await plant((value) => value[0] === holdOf && value[1] === PARTIAL, amountAt + 5);

    expect(await found()).to.deep.equal(["amount 1500"]);
  });

  it("finds a clearing's answer that names another hold", async () => {
    await plant((value) => value[0] === naming && value[1] === CAPTURED, namedAt);

    expect((await found()).join()).to.match(/^names /);
  });

  it("is content with a chain's id that names what was refused, also after an earlier one was forgotten", async () => {
    const { engine } = asked.test;
    asked.says(declinedByEndpoint);
    const again = () => purchase(asked.test, asked.program.pan, 10_00n, { networkChain: "TWICE-001" });
    await authorize(asked.test, again());
    const inDays = asked.test.clock.wallNow() + 9 * 86_400_000;
    await purge(engine.committer, { shard: 0, chain: asked.program.card.no }, defaultRetention, inDays);
    await authorize(asked.test, again());
    await atRest(asked.test, redis);

    expect(await found()).to.deep.equal([]);
  });

  for (const [sql, expected] of [
    ["UPDATE transactions SET reversible = 7 WHERE outcome = 51", "reversible 0"],
    ["UPDATE transactions SET counted_mcc = 7 WHERE outcome = 33", "counted_mcc 5812"],
    ["UPDATE authorizations SET status = 'reserved' WHERE remaining > 0", "pending, remaining 1000"],
    ["UPDATE authorizations SET status = 'pending' WHERE status = 'reversed'", "reversed, remaining 0"],
    ["UPDATE authorizations SET status = 'reversed' WHERE status = 'closed'", "closed, remaining 0"],
    ["INSERT INTO asked SELECT min(id), 7 FROM authorizations", "no row, as nothing waits"],
    ["DELETE FROM exceptions", "force_post_without_authorization"],
    ["DELETE FROM transactions WHERE outcome = 33", "a row"],
  ] as const) {
    it(`finds what is wrong in the records after ${sql}`, async () => {
      records.prepare(sql).run([]);

      expect(await found()).to.deep.equal([expected]);
    });
  }

  async function found(): Promise<string[]> {
    const report = await verify({ redis, keyspace: asked.test.engine.keyspace, records });
    return report.violations.map((violation) => violation.expected);
  }

  /** Changes one byte of the one value that is wanted. */
  async function plant(isWanted: (value: Buffer) => boolean, at: number): Promise<void> {
    const key = asked.test.engine.keyspace.chain(0, asked.program.card.no);
    for await (const [, fields] of readHashes(redis, [key])) {
      for (const [field, value] of fields) {
        const bytes = Buffer.from(value);
        if (!field.startsWith("m") || !isWanted(bytes)) continue;
        bytes[at] = (bytes[at] ?? 0) + 1;
        await redis.hset(key, Buffer.from(field, "latin1"), bytes);
        return;
      }
    }
    expect.fail("nothing to change");
  }
});
