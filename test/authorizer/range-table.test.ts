import { expect } from "chai";
import type { Redis } from "../../src/store/client.ts";
import { createClient } from "../../src/store/client.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { sharedRedis } from "../support/redis.ts";
import { authorize, purchase, reversalOf, reverse, smallProgram } from "../support/small-program.ts";

const otherShard = 1;

describe("authorizer/range-table", () => {
  let test: TestEngine;
  let redis: Redis;

  before(async () => {
    const opened = await openTestEngine();
    if (opened === null) throw new Error("the functions do not load");
    test = opened;
    redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
  });

  after(async () => {
    redis.disconnect();
    await test.close();
  });

  it("finds a card of a block that was allotted after the table was read", async () => {
    const { pan } = await smallProgram(test, 100_00n, {}, otherShard);

    expect(await authorize(test, purchase(test, pan, 1_00n))).to.include({ outcome: "approved" });
  });

  it("calls no PAN unknown while the table cannot be read: neither 14 nor an exception, and the hold waits", async () => {
    const { pan } = await smallProgram(test, 100_00n, { network: "mastercard" }, otherShard);
    const key = test.engine.keyspace.ranges();
    const request = purchase(test, pan, 60_00n);
    await redis.rename(key, `${key}:aside`);
    await redis.set(key, "no table");

    const asked = await authorize(test, request);
    const undone = await reverse(test, reversalOf(request));
    await redis.rename(`${key}:aside`, key);

    expect([asked.outcome, undone.outcome]).to.deep.equal(["refused", "refused"]);
    expect(await authorize(test, request)).to.include({ outcome: "approved" });
    expect(await reverse(test, reversalOf(request))).to.include({ outcome: "released" });
  });
});
