import { expect } from "chai";
import { type Records, openRecords } from "../../src/records/database.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { luaConstants } from "../../src/store/library.ts";
import { readHashes } from "../../src/store/snapshot.ts";
import { type VerifyReport, verify } from "../../src/verify/verify.ts";
import { atRest } from "../support/busy-program.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { everyFlow } from "../support/every-flow.ts";
import { sharedRedis } from "../support/redis.ts";
import { type SmallProgram, smallProgram } from "../support/small-program.ts";

describe("verify/every-flow", () => {
  let test: TestEngine;
  let program: SmallProgram;
  let redis: Redis;
  let records: Records;

  beforeEach(async () => {
    test = (await openTestEngine()) ?? expect.fail("no engine");
    redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    program = await smallProgram(test, 1_000_00n);
    await everyFlow(test, program);
    await atRest(test, redis);
    const again = openRecords({ path: test.recordsPath, dataSetId: null, isDurable: false });
    if (!again.ok) throw new Error(again.error.message);
    records = again.value;
  });

  afterEach(async () => {
    records.close();
    redis.disconnect();
    await test.close();
  });

  function check(): Promise<VerifyReport> {
    return verify({ redis, keyspace: test.engine.keyspace, records });
  }

  async function smallest(): Promise<string> {
    const [first] = (await check()).violations;
    return first === undefined ? "nothing" : `${first.invariant} ${first.entity}: ${first.expected} / ${first.found}`;
  }

  const chainKey = (): string => test.engine.keyspace.chain(0, program.card.no);

  async function fieldWhere(wanted: (value: Buffer, field: string) => boolean): Promise<[string, Buffer]> {
    for await (const [, found] of readHashes(redis, [chainKey()])) {
      for (const [field, value] of found) if (wanted(Buffer.from(value), field)) return [field, Buffer.from(value)];
    }
    return expect.fail("no such field");
  }

  /** Changes bytes of the first field that is wanted. */
  async function plant(
    wanted: (value: Buffer, field: string) => boolean,
    change: (value: Buffer) => void,
  ): Promise<void> {
    const [field, value] = await fieldWhere(wanted);
    change(value);
    await redis.hset(chainKey(), Buffer.from(field, "latin1"), value);
  }

  const isOf =
    (format: number, is: (value: Buffer) => boolean = () => true) =>
    (value: Buffer, field: string): boolean =>
      field.startsWith("m") && value[0] === format && is(value);
  const isChainId = (_: Buffer, field: string): boolean => field.startsWith("x");
  const add = (at: number, width: number, more: number) => (value: Buffer) =>
    void value.writeUIntBE(value.readUIntBE(at, width) + more, at, width);

  function entryWhere(sql: string): { no: number; bytes: Buffer } {
    const row = records
      .prepare<{ id: number; bytes: Uint8Array }>(`SELECT id, bytes FROM entries WHERE ${sql}`)
      .first();
    return row === null ? expect.fail("no such entry") : { no: row.id, bytes: Buffer.from(row.bytes) };
  }

  it("finds a program sound on which every flow has happened", async () => {
    const report = await check();

    expect(report.violations).to.deep.equal([]);
    expect(report).to.include({ isSound: true, openHolds: 7 });
  });

  it("finds a hold with an amount on another day than it was charged", async () => {
    // A hold of 59 bytes and a byte for fuel, then | day 2 | amount 6 |.
    await plant(
      isOf(holdOf, (value) => value.length > 60),
      add(60, 2, -1),
    );

    expect(await smallest()).to.match(/^I4 hold of iauth_0\/\d+: days .* of day \d+ \/ days .* of day \d+$/);
  });

  it("finds a posting of which more can be reversed than is left", async () => {
    await plant(isOf(posting), add(37, 6, 1));

    expect(await smallest()).to.match(/^I4 posting of entry \d+ of shard 0: remaining \d+ \/ remaining \d+$/);
  });

  it("finds a posting that nobody made", async () => {
    const [, value] = await fieldWhere(isOf(posting));
    await redis.hset(chainKey(), "mghost--1", value);

    expect(await smallest()).to.match(
      /^I3 answer m:67686f73742d2d31 .*: no such posting \/ a posting that names entry/,
    );
  });

  it("finds a fuel hold that is called pumped, and one that is not", async () => {
    await plant(
      isOf(holdOf, (value) => value[59] === 1),
      (value) => void value.writeUInt8(2, 59),
    );

    expect(await smallest()).to.match(/^I4 hold of iauth_0\/\d+: fuel 1 \/ fuel 2$/);
  });

  it("finds a partial approval that tells another amount than was asked for", async () => {
    await plant(
      isOf(holdOf, (value) => value[1] === luaConstants.PARTIAL),
      add(53, 6, 1),
    );

    expect(await smallest()).to.match(/^I4 hold of iauth_0\/\d+: asked 200000 \/ asked 200001$/);
  });

  it("finds a chain's id that names another hold, and one that is gone", async () => {
    const [, hold] = await fieldWhere(isChainId);
    await plant(
      (value, field) => isChainId(value, field) && !value.equals(hold),
      (value) => void hold.copy(value),
    );
    expect(await smallest()).to.match(/^I5 chain id x:[0-9a-f]{16} of .*: names m:[0-9a-f]{16} \/ names m:/);

    const [field] = await fieldWhere(isChainId);
    await redis.hdel(chainKey(), Buffer.from(field, "latin1"));
    const { violations } = await check();
    expect(violations.map(({ found }) => found)).to.include("names nothing");
  });

  it("finds a chain's id of which nothing was ever heard", async () => {
    const [, hold] = await fieldWhere(isChainId);
    await redis.hset(chainKey(), "xghost--1", hold);

    expect(await smallest()).to.match(
      /^I5 chain id x:67686f73742d2d31 .*: a hold or a posting of that chain \/ names m:/,
    );
  });

  it("finds an answer that names another message than the one under which its hold lies", async () => {
    await plant(isOf(naming), add(29, 1, 1));

    expect(await smallest()).to.match(/^I5 answer m:[0-9a-f]{16} .*: names m:[0-9a-f]{16}, .* \/ names m:/);
  });

  it("finds an increment of which reversals are said to have left more", async () => {
    await plant(
      isOf(naming, (value) => value.readUIntBE(37, 6) === 3_00),
      add(37, 6, 1),
    );

    expect(await smallest()).to.match(/^I5 answer m:[0-9a-f]{16} .*: left 300 \/ left 301$/);
  });

  it("finds a decline that no longer names what came beside it", async () => {
    const [field, value] = await fieldWhere(isOf(naming, (found) => found[1] === luaConstants.DECLINED));
    value.writeUInt8(plainAnswer, 0);
    await redis.hset(chainKey(), Buffer.from(field, "latin1"), value.subarray(0, 29));

    expect(await smallest()).to.match(/^I5 answer m:[0-9a-f]{16} .*: names m:.* \/ names nothing$/);
  });

  it("finds an inquiry that is said to have been told another balance", async () => {
    await plant(isOf(inquiry), (value) => void value.writeDoubleBE(value.readDoubleBE(29) + 1, 29));

    expect(await smallest()).to.match(/^I5 answer m:[0-9a-f]{16} .*: told available \d+, held \d+ \/ told available/);
  });

  it("finds every changed amount, day, time and cause in the rows of flows", async () => {
    const changes: readonly [sql: string, entity: RegExp][] = [
      ["UPDATE transactions SET reversible = reversible + 1 WHERE amount = -1400", /^transactions row of entry \d+/],
      ["UPDATE transactions SET settlement_day = 20261124 WHERE amount = 300", /^transactions row of entry \d+/],
      ["UPDATE follow_ups SET amount = amount - 1 WHERE amount = 800", /^follow_ups row of entry \d+/],
      ["UPDATE charges SET day = day + 9 WHERE amount = -300", /^charges rows of entry \d+/],
      ["UPDATE charges SET mcc = 5411 WHERE amount = -6260", /^charges rows of entry \d+/],
      ["DELETE FROM exceptions WHERE cause = 'reversal_after_capture'", /^exceptions row of entry \d+/],
      ["UPDATE authorizations SET expires_ms = expires_ms - 1 WHERE purpose = 2", /^authorizations row of iauth/],
      ["UPDATE authorizations SET status = 'expired' WHERE mcc = 7011", /^authorizations row of iauth/],
      ["UPDATE authorizations SET original_id = 0 WHERE original_id > 0", /^authorizations row of iauth/],
      ["UPDATE entries SET other = other + 1 WHERE kind = 6 AND other > 0", /^entries row of entry \d+/],
    ];
    const unseen: string[] = [];
    for (const [sql, entity] of changes) {
      records.execute("SAVEPOINT planted");
      records.execute(sql);
      const { violations } = await check();
      records.execute("ROLLBACK TO planted; RELEASE planted");
      if (!violations.some((violation) => entity.test(violation.entity))) unseen.push(sql);
    }

    expect(unseen).to.deep.equal([]);
    expect((await check()).violations).to.deep.equal([]);
  });

  it("finds an entry that gives back more than remains, or to another day", async () => {
    const { no, bytes } = entryWhere("kind = 3 AND available = 500");
    // The end of a reversal of one day: | amount 6 | 16 | before 6 | touched 1 | target 6 | via 6 | day 2 | double 8 |
    bytes.writeUInt16BE(bytes.readUInt16BE(bytes.length - 10) - 1, bytes.length - 10);
    records.prepare("UPDATE entries SET bytes = ? WHERE id = ?").run([bytes, no]);

    const { violations } = await check();

    const wrong = violations.find(({ entity }) => entity === `reversal entry ${no} of shard 0`);
    expect(wrong).to.include({ invariant: "I4" });
    expect(wrong?.expected).to.match(/^charged -500 of day \d+$/);
  });
});

const plainAnswer = 0x12;
const naming = 0x14;
const holdOf = 0x15;
const posting = 0x16;
const inquiry = 0x17;
