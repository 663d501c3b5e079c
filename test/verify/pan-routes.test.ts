import { expect } from "chai";
import { wirePan } from "../../src/kernel/pan.ts";
import { indexPlaceOf } from "../../src/store/pan-index.ts";
import { atRest } from "../support/busy-program.ts";
import { type CheckedProgram, openCheckedProgram } from "../support/checked-program.ts";
import { smallProgram } from "../support/small-program.ts";

// | format 1 | account 4 | chain 4 | cardholder 4 | shard 1 |
const chainAt = 5;

describe("verify/pan-routes", () => {
  let checked: CheckedProgram;

  beforeEach(async () => {
    checked = await openCheckedProgram();
  });

  afterEach(() => checked.close());

  async function filedPan(): Promise<{ key: string; field: Buffer; value: Buffer }> {
    const { test, program, redis } = checked;
    const place = indexPlaceOf(test.access.program.vault.indexOf(program.pan));
    const key = test.engine.keyspace.panIndex(0, place.bucket);
    const field = Buffer.from(place.field, "latin1");
    return { key, field, value: (await redis.hgetBuffer(key, field)) ?? expect.fail("the PAN is filed") };
  }

  async function findings(): Promise<string[]> {
    const { violations } = await checked.check();
    return violations.map(({ entity, expected, found }) => `${entity}: ${expected} / ${found}`);
  }

  it("finds a PAN that the index leads to another card chain", async () => {
    const { key, field, value } = await filedPan();
    value.writeUInt32BE(77, chainAt);
    await checked.redis.hset(key, field, value);

    expect(await findings()).to.have.members([
      "PAN index: account 1, card chain ic_0/1, cardholder 1: filed 1 times more / no more",
      "PAN index: account 1, card chain ic_0/77, cardholder 1: not filed / filed 1 times",
    ]);
  });

  it("finds a PAN that leads to bytes of an unknown format", async () => {
    const { key, field, value } = await filedPan();
    value.writeUInt8(9, 0);
    await checked.redis.hset(key, field, value);

    expect(await findings()).to.include("PAN index: bytes 0900000001000000010000000100: not filed / filed 1 times");
  });

  it("finds a PAN that nobody can look up any more", async () => {
    const { key, field } = await filedPan();
    await checked.redis.hdel(key, field);

    expect(await findings()).to.deep.equal([
      "PAN index: account 1, card chain ic_0/1, cardholder 1: filed 1 times more / no more",
    ]);
  });

  it("finds a range of PANs that leads to another shard, and one that nobody allocated", async () => {
    const { redis, test } = checked;
    const key = test.engine.keyspace.ranges();
    const [[prefix, json] = ["", ""]] = Object.entries(await redis.hgetall(key));
    await redis.hset(key, prefix, json.replace('"shard":0', '"shard":1'), "99999999999", json);

    const entities = (await checked.check()).violations.map(({ entity }) => entity);

    expect(entities).to.have.members([`range ${prefix} of the range table`, "range 99999999999 of the range table"]);
  });

  it("is content with a PAN that is filed in another shard than its card", async () => {
    const { redis, test } = checked;
    await smallProgram(test, 0n, { pan: wirePan("5555555555554444") }, 1);
    await atRest(test, redis);

    expect(await findings()).to.deep.equal([]);
  });
});
