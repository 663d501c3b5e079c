import { expect } from "chai";
import { fields } from "../../src/store/keys.ts";
import { type CheckedProgram, openCheckedProgram } from "../support/checked-program.ts";

describe("verify/object-replay", () => {
  let checked: CheckedProgram;

  before(async () => {
    checked = await openCheckedProgram();
  });

  after(() => checked.close());

  it("finds a changed byte wherever it lies in what the hot path reads of account, cardholder and card chain", async function () {
    this.timeout(30_000);
    const { test, program, redis } = checked;
    const account = test.engine.keyspace.account(0, program.account.no);
    const chain = test.engine.keyspace.chain(0, program.card.no);
    const statics: readonly [key: string, field: string][] = [
      [account, fields.accountStatic],
      [account, fields.holder(program.cardholder.no)],
      [chain, fields.chainStatic],
    ];

    const unseen: string[] = [];
    for (const [key, field] of statics) {
      const value = (await redis.hgetBuffer(key, field)) ?? expect.fail(`no ${field}`);
      for (let at = 0; at < value.length; at++) {
        const changed = Buffer.from(value);
        changed.writeUInt8((value[at] ?? 0) ^ 4, at);
        await redis.hset(key, field, changed);
        if ((await checked.check()).isSound) unseen.push(`${field}, byte ${at}`);
      }
      await redis.hset(key, field, value);
    }

    expect(unseen).to.deep.equal([]);
    expect((await checked.check()).violations).to.deep.equal([]);
  });
});
