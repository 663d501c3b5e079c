import { expect } from "chai";
import type { AuthorizationRequest } from "../../src/authorizer/request.ts";
import { minor } from "../../src/kernel/money.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import type { JournalEntry } from "../../src/store/entry.ts";
import { unpackEntry } from "../../src/store/journal-entry.ts";
import { luaConstants } from "../../src/store/library.ts";
import { readHashes } from "../../src/store/snapshot.ts";
import { type VerifyReport, verify } from "../../src/verify/verify.ts";
import { atRest } from "../support/busy-program.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { advise, adviceOf, financialOf, post } from "../support/every-flow.ts";
import { sharedRedis } from "../support/redis.ts";
import { type SmallProgram, authorize, purchase, reversalOf, reverse, smallProgram } from "../support/small-program.ts";

const { COMPLETED, EXCEPTION, LOWERED, RELEASED } = luaConstants;
const plainAnswer = 0x12;
const naming = 0x14;
const holdOf = 0x15;
const fuelAt = 59;

describe("verify/kept-answers", () => {
  let test: TestEngine;
  let program: SmallProgram;
  let redis: Redis;
  let records: Records;

  beforeEach(async () => {
    test = (await openTestEngine()) ?? expect.fail("no engine");
    redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    program = await smallProgram(test, 1_000_00n);
    await nothing();
    await changedHolds();
    await pumps();
    await postedAuthorizations();
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

  /** Amounts of 0, asked for alone, added to a hold, and as a single message. */
  async function nothing(): Promise<void> {
    const stay = { networkChain: "NONE-0001", mcc: "7011" };
    await authorize(test, purchase(test, program.pan, 0n));
    await authorize(test, purchase(test, program.pan, 10_00n, stay));
    const added = purchase(test, program.pan, 0n, { ...stay, purpose: "increment" });
    await authorize(test, added);
    await reverse(test, reversalOf(added, { stan: "990001" }));
    await post(test, financialOf(purchase(test, program.pan, 0n)));
  }

  /** A hold that is lowered, of which an increment is undone, and of which more than there is should be left. */
  async function changedHolds(): Promise<void> {
    const stay = { networkChain: "STAY-0002", mcc: "7011" };
    const first = purchase(test, program.pan, 30_00n, stay);
    await authorize(test, first);
    const added = purchase(test, program.pan, 5_00n, { ...stay, purpose: "increment" });
    await authorize(test, added);
    await reverse(test, reversalOf(first, { stan: "990002", replacementAmount: minor(20_00) }));
    await reverse(test, reversalOf(added, { stan: "990003" }));
    await reverse(test, reversalOf(first, { stan: "990004", replacementAmount: minor(90_00) }));
    const over = purchase(test, program.pan, 7_00n);
    await authorize(test, over);
    await reverse(test, reversalOf(over, { stan: "990005" }));
  }

  const atPump = (amount: bigint): AuthorizationRequest => purchase(test, program.pan, amount, { mcc: "5542" });

  /** The status check answered by the network, what was pumped without a hold and corrected, and both of one pump. */
  async function pumps(): Promise<void> {
    await advise(test, adviceOf(atPump(1_00n), { purpose: "fuel" }));
    const told = atPump(42_00n);
    await advise(test, adviceOf(told));
    const corrected = { stan: "990011", originalStan: told.stan, transactionAmount: minor(43_00) };
    await advise(test, adviceOf(told, corrected));
    const checked = { ...atPump(1_00n), purpose: "fuel" } as const;
    await authorize(test, checked);
    await advise(test, adviceOf(checked));
    const pumped = { stan: "990012", originalStan: checked.stan, transactionAmount: minor(37_00) };
    await advise(test, adviceOf(checked, { ...pumped, purpose: "purchase" }));
  }

  /** A posting that nobody asked for, and the reversal of the 0100 that it stands for; then of the posting itself. */
  async function postedAuthorizations(): Promise<void> {
    const lost = purchase(test, program.pan, 12_00n);
    await post(test, financialOf(lost, { isAdvice: true }));
    await reverse(test, reversalOf(lost, { stan: "990006" }));
    const early = purchase(test, program.pan, 9_00n);
    await reverse(test, reversalOf(early, { stan: "990021" }));
    const named = { stan: early.stan, function: "authorization" } as const;
    await post(test, financialOf(early, { isAdvice: true, stan: "990022", original: named }));
    const undo = { original: { stan: lost.stan, function: "financial_advice" } } as const;
    for (const stan of ["990007", "990008"]) await reverse(test, reversalOf(lost, { ...undo, stan }));
  }

  function check(): Promise<VerifyReport> {
    return verify({ redis, keyspace: test.engine.keyspace, records });
  }

  const chainKey = (): string => test.engine.keyspace.chain(0, program.card.no);

  async function kept(wanted: (value: Buffer) => boolean): Promise<[string, Buffer][]> {
    const found: [string, Buffer][] = [];
    for await (const [, fields] of readHashes(redis, [chainKey()])) {
      for (const [field, value] of fields) {
        if (field.startsWith("m") && wanted(Buffer.from(value))) found.push([field, Buffer.from(value)]);
      }
    }
    return found;
  }

  async function wrongOf(field: string, planted: Uint8Array, kept_: Uint8Array): Promise<string> {
    const name = Buffer.from(field, "latin1");
    await redis.hset(chainKey(), name, Buffer.from(planted));
    const [first] = (await check()).violations;
    await redis.hset(chainKey(), name, Buffer.from(kept_));
    return first === undefined ? "nothing" : `${first.invariant} ${first.entity}: ${first.expected} / ${first.found}`;
  }

  it("finds sound what moved nothing, what changed a hold, and pumps of which the network told", async () => {
    const report = await check();

    expect(report.violations).to.deep.equal([]);
    // The stay with an increment of nothing, the lowered one, and three pumps.
    expect(report.openHolds).to.equal(5);
    expect(records.prepare<{ cause: string }>("SELECT cause FROM exceptions ORDER BY id").all()).to.deep.equal(
      [
        "reversal_of_more_than_remains",
        "force_post_without_authorization",
        "reversal_after_capture",
        "force_post_without_authorization",
      ].map((cause) => ({ cause })),
    );
  });

  it("finds an answer that changed an open hold and no longer names it, or names another message", async () => {
    const isOf = (outcome: number) => (value: Buffer) => value[0] === naming && value[1] === outcome;
    for (const outcome of [LOWERED, RELEASED, COMPLETED, EXCEPTION]) {
      const answers = await kept(isOf(outcome));
      expect(answers, `outcome ${outcome}`).to.have.length.of.at.least(1);
      for (const [field, answer] of answers) {
        const short = Buffer.from(answer.subarray(0, 29));
        short.writeUInt8(plainAnswer, 0);
        expect(await wrongOf(field, short, answer)).to.match(
          /^I5 answer m:[0-9a-f]{16} .*: names m:.* \/ names nothing$/,
        );
        const other = Buffer.from(answer);
        other.writeUInt8((other[29] ?? 0) ^ 1, 29);
        expect(await wrongOf(field, other, answer)).to.match(/^I5 answer m:[0-9a-f]{16} .*: names m:.* \/ names m:/);
      }
    }
  });

  it("finds an answer that released a hold in full and names it still", async () => {
    const [released] = await kept((value) => value[0] === plainAnswer && value[1] === RELEASED);
    const [example] = await kept((value) => value[0] === naming && value[1] === RELEASED);
    const [field, answer] = released ?? expect.fail("no reversal in full");
    const tail = (example ?? expect.fail("no reversal of an increment"))[1].subarray(29);
    const planted = Buffer.concat([answer, tail]);
    planted.writeUInt8(naming, 0);

    expect(await wrongOf(field, planted, answer)).to.match(/^I5 answer m:[0-9a-f]{16} .*: names nothing \/ names m:/);
  });

  it("finds a pump whose hold says of itself wrongly whether it was told what it gave", async () => {
    const holds = await kept((value) => value[0] === holdOf && (value[fuelAt] ?? 0) > 0);

    expect(holds.map(([, value]) => value[fuelAt] ?? 0).sort((a, b) => a - b)).to.deep.equal([1, 2, 2]);
    for (const [field, hold] of holds) {
      const planted = Buffer.from(hold);
      planted.writeUInt8(3 - (hold[fuelAt] ?? 0), fuelAt);
      expect(await wrongOf(field, planted, hold)).to.match(/^I4 hold of iauth_0\/\d+: fuel [12] \/ fuel [12]$/);
    }
  });

  it("finds a hold that is to end at another time than its own messages say, though some other hold may", async () => {
    const twoHours = 7_200_000;
    const day = 86_400_000;
    const isOpen = "status = 'pending'";
    const changes = [
      // A pump that has told, one that has not, a hotel, each with the life of another.
      `UPDATE authorizations SET expires_ms = created_ms + ${twoHours} WHERE ${isOpen} AND mcc = 5542 AND remaining = 4300`,
      `UPDATE authorizations SET expires_ms = created_ms + ${twoHours} WHERE ${isOpen} AND mcc = 5542 AND remaining = 3700`,
      `UPDATE authorizations SET expires_ms = created_ms + ${7 * day} WHERE ${isOpen} AND mcc = 5542 AND remaining = 100`,
      `UPDATE authorizations SET expires_ms = created_ms + ${7 * day} WHERE ${isOpen} AND mcc = 7011 AND remaining = 1500`,
    ];

    for (const sql of changes) {
      records.execute("SAVEPOINT planted");
      records.execute(sql);
      const { violations } = await check();
      records.execute("ROLLBACK TO planted; RELEASE planted");
      expect(
        violations.map(({ invariant }) => invariant),
        sql,
      ).to.deep.equal(["I4"]);
      expect(violations[0]?.expected).to.match(/^expires_ms \d+/);
    }
  });

  it("finds an exception that is not listed, and one of a reversal that came when nothing was left", async () => {
    const causes = "SELECT id FROM exceptions WHERE cause = 'reversal_after_capture'";
    const last = "SELECT max(id) FROM entries WHERE kind = 3";
    for (const sql of [
      `DELETE FROM exceptions WHERE id IN (${causes})`,
      `INSERT INTO exceptions (id, cause) VALUES ((${last}), 'reversal_after_capture')`,
    ]) {
      records.execute("SAVEPOINT planted");
      records.execute(sql);
      const { violations } = await check();
      records.execute("ROLLBACK TO planted; RELEASE planted");
      expect(violations.map(({ entity }) => entity).join(), sql).to.match(/^exceptions row of entry \d+ of shard 0$/);
    }
  });

  it("finds an entry that posts nothing, and a status check that completes its own pump", async () => {
    // | format 1 | kind 1 | account 4 | wall 6 | purpose, door 1 | ...; the outcome is 55 bytes long where it charges no day.
    const nothing = entryWhere((entry) => entry.kind === "financial" && !entry.isAdvice && entry.amount === 0n);
    const completion = entryWhere((entry) => entry.kind === "advice" && entry.outcome === COMPLETED);
    nothing.bytes.writeUInt8(luaConstants.POSTED, nothing.bytes.length - 55);
    completion.bytes.writeUInt8(luaConstants.PURPOSE_FUEL * 16, 12);
    for (const { id, bytes } of [nothing, completion])
      records.prepare("UPDATE entries SET bytes = ? WHERE id = ?").run([bytes, id]);

    const { violations } = await check();

    const found = violations
      .filter(({ invariant }) => invariant === "I4")
      .map((wrong) => `${wrong.entity}: ${wrong.found}`);
    expect(found).to.include.members([
      `financial entry ${nothing.id} of shard 0: nothing posted`,
      `advice entry ${completion.id} of shard 0: a check of its status`,
    ]);
  });

  function entryWhere(isWanted: (entry: JournalEntry) => boolean): { id: number; bytes: Buffer } {
    for (const { id, bytes } of records
      .prepare<{ id: number; bytes: Uint8Array }>("SELECT id, bytes FROM entries")
      .all()) {
      if (isWanted(unpackEntry(0, id, bytes))) return { id, bytes: Buffer.from(bytes) };
    }
    return expect.fail("no such entry");
  }

  it("finds an entry after which money is gone that no other side got", async () => {
    const row = records
      .prepare<{ id: number; bytes: Uint8Array }>("SELECT id, bytes FROM entries WHERE kind = 3 AND held < 0")
      .first();
    const { id, bytes } = row ?? expect.fail("no reversal");
    const planted = Buffer.from(bytes);
    // The end of a reversal of one day: | available 8 | held 8 | before 6 | touched 1 | target, via, beside 6 | day 2 | 8 |
    const heldAt = planted.length - 10 - 18 - 1 - 6 - 8;
    planted.writeDoubleBE(planted.readDoubleBE(heldAt) - 1, heldAt);
    records.prepare("UPDATE entries SET bytes = ? WHERE id = ?").run([planted, id]);

    const { violations } = await check();

    const wrong = violations.filter(({ invariant, entity }) => invariant === "I1" && entity.startsWith("money lost"));
    expect(wrong[0]).to.include({ entity: `money lost by entry ${id} of shard 0`, expected: "0", found: "1" });
  });
});
