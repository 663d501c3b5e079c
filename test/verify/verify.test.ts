import { expect } from "chai";
import type { Place } from "../../src/kernel/ids.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { rowId } from "../../src/records/place.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { fields } from "../../src/store/keys.ts";
import { readHashes } from "../../src/store/snapshot.ts";
import { type VerifyReport, verify } from "../../src/verify/verify.ts";
import { atRest, busyProgram } from "../support/busy-program.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { sharedRedis } from "../support/redis.ts";
import { type SmallProgram, authorize, purchase } from "../support/small-program.ts";

// | format 1 | kind 1 | account 4 | wall 6 | purpose and flags 2 | network 1 | card, chain, cardholder 12 | keys 24 | STAN 3 | n | DE32 | n | DE37 …
const acquirerAt = 55;
const rrnAt = 62;

describe("verify/verify", () => {
  let test: TestEngine;
  let program: SmallProgram;
  let redis: Redis;
  let records: Records;

  beforeEach(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("no engine");
    test = opened;
    redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    program = await busyProgram(test);
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
    const report = await check();
    const [first] = report.violations;
    return first === undefined ? "nothing" : `${first.invariant} ${first.entity}: ${first.expected} / ${first.found}`;
  }

  const accountKey = (): string => test.engine.keyspace.account(0, program.account.no);
  const chainKey = (): string => test.engine.keyspace.chain(0, program.card.no);

  async function chainFields(): Promise<Map<string, Buffer>> {
    for await (const [, found] of readHashes(redis, [chainKey()])) {
      return new Map([...found].map(([field, value]) => [field, Buffer.from(value)]));
    }
    throw new Error("no chain");
  }

  async function set(key: string, field: string, value: Uint8Array): Promise<void> {
    await redis.hset(key, Buffer.from(field, "latin1"), Buffer.from(value));
  }

  async function firstField(wanted: (value: Buffer, field: string) => boolean): Promise<[string, Buffer]> {
    const found = [...(await chainFields())].find(([field, value]) => wanted(value, field));
    if (found === undefined) throw new Error("no such field");
    return found;
  }

  const isOpenHold = (value: Buffer, field: string): boolean =>
    field.startsWith("m") && value[0] === 0x11 && value[2] === 1;
  const isAnswer = (outcome: number) => (value: Buffer, field: string) =>
    field.startsWith("m") && value[0] === 0x12 && value[1] === outcome;

  it("finds a program sound on which everything has happened", async () => {
    const report = await check();

    expect(report.violations).to.deep.equal([]);
    expect(report).to.include({ isSound: true, openHolds: 5 });
    expect(report.entries).to.be.greaterThan(18);
  });

  it("finds it sound while the projector still lags behind the journal", async () => {
    await test.projector.close();
    await authorize(test, purchase(test, program.pan, 2_00n));

    const report = await check();

    expect(report.violations).to.deep.equal([]);
    expect(report.openHolds).to.equal(6);
  });

  it("finds a balance that no entry has made", async () => {
    await set(accountKey(), fields.balance(840), packed([1, 999_999_00, 20_00]));

    expect(await smallest()).to.match(
      /^I2 balance 840 of account acct_0\/1: available \d+, held \d+ \/ available 99999900/,
    );
  });

  it("finds a hold that remains larger than its entries left it", async () => {
    const [field, hold] = await firstField(isOpenHold);
    hold.writeUIntBE(hold.readUIntBE(37, 6) + 1, 37, 6);
    await set(chainKey(), field, hold);

    expect(await smallest()).to.match(/^I4 hold of iauth_0\/\d+: remaining \d+ \/ remaining \d+$/);
  });

  it("finds a hold that is gone", async () => {
    const [field] = await firstField(isOpenHold);
    await redis.hdel(chainKey(), Buffer.from(field, "latin1"));

    expect(await smallest()).to.match(/^I3 hold of iauth_0\/\d+: a hold of \d+ \/ no hold in Redis$/);
  });

  it("finds a hold that no request asked for", async () => {
    const [, hold] = await firstField(isOpenHold);
    hold.writeUIntBE(hold.readUIntBE(12, 5) + 1_000, 12, 5);
    await set(chainKey(), "mghost--1", hold);

    expect(await smallest()).to.match(/^I3 answer m:67686f73742d2d31 .*: no such hold \/ a hold that names entry \d+/);
  });

  it("finds a counter that says less than was spent", async () => {
    const [field, counter] = await firstField((_, name) => name.startsWith("nm"));
    counter.writeDoubleBE(counter.readDoubleBE(5) - 1, 5);
    await set(chainKey(), field, counter);

    expect(await smallest()).to.match(/^I7 counter nm0 of card chain ic_0\/1: \d+ \/ \d+$/);
  });

  it("finds a cardholder's counter that is gone", async () => {
    await redis.hdel(accountKey(), fields.holderCounter(program.cardholder.no, "y", 0));

    expect(await smallest()).to.match(/^I7 counter n1y0 of cardholder ich_0\/1: \d+ \/ 0$/);
  });

  it("finds a counter for which there is no limit", async () => {
    await set(chainKey(), fields.chainCounter("d", 77), packed([1, 0], 4));

    expect(await smallest()).to.match(/^I7 counter nd25 of card chain ic_0\/1: no counter/);
  });

  it("finds an answer that was changed from a decline to an approval", async () => {
    const [field, answer] = await firstField(isAnswer(2));
    answer.writeUInt8(1, 1);
    await set(chainKey(), field, answer);

    expect(await smallest()).to.match(/^I5 answer m:[0-9a-f]{16} of card chain ic_0\/1: outcome 2 \/ outcome 1$/);
  });

  it("finds a card whose version in Redis is not that of its record", async () => {
    const chain = (await chainFields()).get(fields.chainStatic) ?? Buffer.alloc(0);
    chain.writeUInt32BE(9, 1);
    await set(chainKey(), fields.chainStatic, chain);

    expect(await smallest()).to.match(/^I6 card chain ic_0\/1: version 3, .* \/ version 9, /);
  });

  it("finds controls in Redis that the cardholder's record does not have", async () => {
    const holder = Buffer.from((await redis.hgetBuffer(accountKey(), fields.holder(program.cardholder.no))) ?? "");
    holder.writeUInt8(3, 5);
    await set(accountKey(), fields.holder(program.cardholder.no), holder);

    expect(await smallest()).to.match(/^I6 cardholder ich_0\/1: .*"active".* \/ .*"blocked"/);
  });

  it("finds an entry of which one byte was changed that a row repeats, and names the row", async () => {
    const { place, bytes } = firstApproval();
    changeByte(place, bytes, rrnAt + 3);

    expect(await smallest()).to.match(new RegExp(`^I6 authorizations row of iauth_0/${place.no}: rrn `));
  });

  it("finds by the account's hash an entry of which a byte was changed that stands nowhere else", async () => {
    const { place, bytes } = firstApproval();
    changeByte(place, bytes, acquirerAt + 1);

    const { violations } = await check();

    const entities = violations.map(({ entity }) => entity);
    expect(entities).to.deep.equal(["accounts row of acct_0/1", "account acct_0/1"]);
  });

  it("finds an approval beyond what was available", async () => {
    const { place, bytes } = firstApproval();
    bytes.writeUIntBE(9_000_000_00, bytes.length - 22, 6);
    records.prepare("UPDATE entries SET bytes = ? WHERE id = ?").run([bytes, rowId(place)]);

    const { violations } = await check();

    const entity = `entry ${place.no} of shard 0`;
    expect(violations).to.deep.include({
      invariant: "I8",
      entity,
      expected: "at most the available 100000 approved",
      found: "900000000",
    });
  });

  it("finds an entry that is missing from the records", async () => {
    const { place } = firstApproval();
    records.prepare("DELETE FROM entries WHERE id = ?").run([rowId(place)]);

    const { violations } = await check();

    const gap = violations.find(({ entity }) => entity === "numbers of shard 0 in the records");
    expect(gap).to.include({ invariant: "I6", expected: `entry ${place.no}`, found: `entry ${place.no + 1}` });
  });

  it("finds a gap in the journal's tail", async () => {
    await test.projector.close();
    const first = await authorize(test, purchase(test, program.pan, 2_00n));
    await authorize(test, purchase(test, program.pan, 2_00n));
    const no = "journalNo" in first ? first.journalNo : 0;
    await redis.xdel(test.engine.keyspace.journal(0), `0-${no}`);

    const { violations } = await check();

    const gap = violations.find(({ entity }) => entity === "numbers of shard 0 in the journal");
    expect(gap).to.include({ invariant: "I6", expected: `entry ${no}`, found: `entry ${no + 1}` });
  });

  it("finds a journal that lost its last entry", async () => {
    await test.projector.close();
    const last = await authorize(test, purchase(test, program.pan, 2_00n));
    const no = "journalNo" in last ? last.journalNo : 0;
    await redis.xdel(test.engine.keyspace.journal(0), `0-${no}`);

    const { violations } = await check();

    const found = violations.find(({ entity }) => entity === "journal of shard 0");
    expect(found).to.include({ expected: `entries up to ${no}`, found: `entries up to ${no - 1}` });
  });

  it("finds an authorization's row that says more remains than was left", async () => {
    const { place } = firstApproval();
    records.execute(`UPDATE authorizations SET remaining = remaining + 1 WHERE id = ${rowId(place)}`);

    expect(await smallest()).to.match(
      /^I4 authorizations row of iauth_0\/\d+: pending, remaining 2000 \/ pending, remaining 2001$/,
    );
  });

  it("finds a balance's row, an object's row and a checkpoint that were changed", async () => {
    records.execute("UPDATE balances SET held = held + 1");
    records.execute("UPDATE objects SET body = '{}' WHERE type = 'topup'");
    records.execute("UPDATE checkpoints SET no = no - 1 WHERE shard = 0");

    const entities = (await check()).violations.map(({ entity }) => entity);

    expect(entities).to.include.members([
      "balances row 840 of acct_0/1",
      "objects row of topup 1 in shard 0",
      "checkpoint of shard 0",
    ]);
  });

  it("lists the smallest wrong things first and counts all of them", async () => {
    await set(accountKey(), fields.balance(840), packed([1, 1, 1]));
    const [field] = await firstField(isOpenHold);
    await redis.hdel(chainKey(), Buffer.from(field, "latin1"));

    const report = await verify({ redis, keyspace: test.engine.keyspace, records, violationsMax: 1 });

    expect(report.violationCount).to.equal(2);
    expect(report.violations.map(({ invariant }) => invariant)).to.deep.equal(["I3"]);
  });

  function changeByte(place: Place, bytes: Buffer, at: number): void {
    bytes.writeUInt8((bytes[at] ?? 0) ^ 1, at);
    records.prepare("UPDATE entries SET bytes = ? WHERE id = ?").run([bytes, rowId(place)]);
  }

  function firstApproval(): { place: Place; bytes: Buffer } {
    const row = records
      .prepare<{ id: number; bytes: Uint8Array }>(
        "SELECT id, bytes FROM entries WHERE kind = 2 AND held > 0 ORDER BY id",
      )
      .first();
    if (row === null) throw new Error("no approval");
    return { place: { shard: 0, no: row.id }, bytes: Buffer.from(row.bytes) };
  }
});

// | format 1 | doubles 8 …, or a window of 4 bytes first |
function packed([format = 1, ...amounts]: number[], windowBytes = 0): Buffer {
  const bytes = Buffer.alloc(1 + windowBytes + amounts.length * 8);
  bytes.writeUInt8(format, 0);
  for (const [index, amount] of amounts.entries()) bytes.writeDoubleBE(amount, 1 + windowBytes + index * 8);
  return bytes;
}
