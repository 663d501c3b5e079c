import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Place } from "../../src/kernel/ids.ts";
import { type Minor, minor } from "../../src/kernel/money.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import type { AuthorizationState, MessageRow, TransactionState } from "../../src/records/rows.ts";
import { RecordsWriter } from "../../src/records/writer.ts";

describe("records/history", () => {
  let folder: string;
  let records: Records;
  let writer: RecordsWriter;
  let queries: RecordsQueries;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-records-"));
    const opened = openRecords({ path: join(folder, "records.db"), dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    records = opened.value;
    writer = new RecordsWriter(records);
    queries = new RecordsQueries(records);
  });

  afterEach(() => {
    records.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const message: Omit<MessageRow, "place"> = {
    account: 1,
    card: 11,
    chain: 10,
    cardholder: 5,
    network: 1,
    purpose: 0,
    outcome: 1,
    currency: 840,
    transactionCurrency: 840,
    transactionAmount: minor(10_00),
    mcc: 5411,
    createdMs: 1_790_000_000_000,
    wallMs: 1_790_000_000_000,
    stan: 123,
    rrn: "632616000123",
    authorizationCode: 123456,
    merchantKey: Buffer.from("merchant"),
  };
  const held: AuthorizationState = {
    kind: 2,
    status: "pending",
    reason: 0,
    amount: minor(10_00),
    approved: minor(10_00),
    remaining: minor(10_00),
    originalId: 0,
    expiresMs: 0,
  };
  const posting: TransactionState = {
    amount: minor(-10_00),
    reversible: minor(10_00),
    originalId: 0,
    countedMcc: 5411,
    settlementDay: 20270310,
  };
  const nothing = { available: minor(0), held: minor(0) };

  function entry(no: number, kind: number, moved: { available: Minor; held: Minor } = nothing, account = 1): Place {
    const place = { shard: 1, no };
    writer.entry({ place, kind, account, currency: 840, ...moved, other: 0, bytes: Buffer.from([no]) });
    return place;
  }

  function post(no: number, kind: number, amount: Minor, state: Partial<TransactionState> = {}): void {
    const place = entry(no, kind, { available: amount, held: minor(0) });
    writer.posted({ ...message, place }, { ...posting, amount, ...state });
  }

  it("gives an object as any of its entries left it, and nothing before the first", () => {
    const row = { type: "card", place: { shard: 1, no: 7 }, account: 1, changedMs: 1, body: "{}" } as const;
    for (const [version, no] of [
      [1, 3],
      [2, 6],
    ] as const) {
      writer.object({ ...row, version }, { entryNo: entry(no, 1).no, dueMs: null });
    }

    const seen = [2, 3, 5, 6, 9].map((no) => queries.history.objectAsOf("card", row.place, no)?.no ?? null);

    expect(seen).to.deep.equal([null, 3, 3, 6, 6]);
    expect(queries.history.objectBefore("card", row.place, 6)?.no).to.equal(3);
    expect(queries.history.firstEntryOf("card", row.place)).to.equal(3);
    expect(queries.history.objectAsOf("card", { shard: 2, no: 7 }, 9)).to.equal(null);
  });

  it("follows an authorization through all that names it, and through what undoes its postings", () => {
    const hold = entry(2, 2);
    writer.authorization({ ...message, place: hold }, held);
    writer.heldChange({ entry: entry(3, 2), targetNo: 2, amount: minor(1_00) }, "pending");
    entry(4, 2);
    writer.heldChange({ entry: { shard: 1, no: 5 }, targetNo: 2, amount: minor(-11_00) }, "closed");
    post(5, 6, minor(-10_00), { originalId: 2 ** 40 + 2 });
    writer.reposted({ entry: entry(8, 3), targetNo: 5, amount: minor(-10_00) });

    const numbers = (upTo: number | null): number[] =>
      queries.history.entriesOfTarget(hold, upTo).map(({ place }) => place.no);

    expect(numbers(null)).to.deep.equal([2, 3, 5, 8]);
    expect(numbers(4)).to.deep.equal([2, 3]);
    expect(queries.history.authorizationHead(hold)).to.deep.equal({ account: 1, outcome: 1 });
    expect(queries.history.authorizationHead({ shard: 1, no: 3 })).to.equal(null);
  });

  it("lists what was posted newest first, what undoes it among it, by account, card and cardholder", () => {
    post(2, 6, minor(-10_00));
    post(4, 8, minor(-3_00), { originalId: 2 ** 40 + 1 });
    entry(5, 2, { available: minor(-7_00), held: minor(7_00) });
    entry(6, 1, { available: minor(50_00), held: minor(0) });
    writer.reposted({
      entry: entry(7, 3, { available: minor(10_00), held: minor(0) }),
      targetNo: 2,
      amount: minor(-10_00),
    });
    const page = { before: null, rowsMax: 9 };

    for (const [kind, no] of [
      ["account", 1],
      ["card", 11],
      ["cardholder", 5],
    ] as const) {
      const found = queries.history.postingsOf({ kind, place: { shard: 1, no } }, page);

      expect(found.map(({ place, amount }) => [place.no, amount])).to.deep.equal([
        [7, 10_00n],
        [4, -3_00n],
        [2, -10_00n],
      ]);
      expect(queries.history.postingsOf({ kind, place: { shard: 2, no } }, page)).to.deep.equal([]);
      const older = queries.history.postingsOf({ kind, place: { shard: 1, no } }, { before: 7, rowsMax: 1 });
      expect(older.map(({ place }) => place.no)).to.deep.equal([4]);
    }
  });

  it("finds the dispute of a transaction once it has been made, and the last entry of a balance", () => {
    const body = JSON.stringify({ transaction: 4, status: "unsubmitted" });
    const dispute = {
      type: "dispute",
      place: { shard: 1, no: 3 },
      version: 1,
      account: 1,
      changedMs: 1,
      body,
    } as const;
    writer.object(dispute, { entryNo: entry(9, 1).no, dueMs: null });
    const transaction = { shard: 1, no: 4 };

    expect(queries.history.disputeOf(transaction, null)).to.equal(3);
    expect(queries.history.disputeOf(transaction, 8)).to.equal(null);
    expect(queries.history.disputeOf({ shard: 1, no: 5 }, null)).to.equal(null);
    expect(queries.history.lastEntryOfBalance({ shard: 1, no: 1 }, 840, 20)?.place.no).to.equal(9);
    expect(queries.history.lastEntryOfBalance({ shard: 1, no: 1 }, 840, 8)).to.equal(null);
    expect(queries.history.lastEntryOfBalance({ shard: 1, no: 1 }, 1840, 20)).to.equal(null);
  });

  it("walks an account through an index, in either order, without sorting", () => {
    const first = 2 ** 40;
    for (const sql of [
      `SELECT id FROM entries WHERE account = 1 AND id > ${first} AND id < ${2 * first} ORDER BY id DESC LIMIT 5`,
      `SELECT id FROM entries WHERE account = 1 AND id > ${first} AND id < ${2 * first} ORDER BY id ASC LIMIT 5`,
      `WITH own AS (SELECT id AS entry FROM entries WHERE account = 1 AND id >= ${first} AND id < ${2 * first})
        SELECT account, status FROM own JOIN authorizations ON id = entry ORDER BY entry DESC LIMIT 5`,
    ]) {
      const plan = records.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
      expect(plan[0]?.detail).to.match(/entries USING (COVERING )?INDEX entries_account \(account=\? AND id>/);
      expect(plan.map(({ detail }) => detail).join()).to.not.include("TEMP B-TREE");
    }
    const dispute = "SELECT no FROM objects WHERE type = 'dispute' AND json_extract(body, '$.transaction') = 1";
    const [found] = records.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${dispute}`).all();
    expect(found?.detail).to.include("objects_dispute");
  });
});
