import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { objectRowId, objectTypeNumbers, placeOf, rowId } from "../../src/records/place.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import { type AuthorizationRow, type ObjectRow, RecordsWriter } from "../../src/records/writer.ts";
import { objectTypes } from "../../src/store/entry.ts";

describe("records/queries", () => {
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

  const firstS = 1_790_000_000;

  function authorize(shard: number, no: number, more: Partial<AuthorizationRow> = {}): void {
    writer.authorization({
      place: { shard, no },
      account: 1,
      card: 11,
      chain: 10,
      cardholder: 5,
      network: 1,
      status: "pending",
      outcome: 1,
      reason: 0,
      currency: 840,
      amount: minor(10_00),
      approved: minor(10_00),
      remaining: minor(10_00),
      transactionCurrency: 840,
      transactionAmount: minor(10_00),
      mcc: 5411,
      createdMs: (firstS + no) * 1000 + 999,
      wallMs: 1_790_000_000_000,
      stan: no,
      rrn: "632616000123",
      authorizationCode: 123456,
      merchantKey: Buffer.from("merchant"),
      ...more,
    });
  }

  it("lists a card's authorizations newest first, page by page, and none of another shard's card of that number", () => {
    for (const no of [3, 4, 7, 9]) authorize(1, no);
    authorize(1, 8, { card: 12 });
    authorize(0, 5);
    authorize(2, 5);

    const card = { shard: 1, no: 11 };
    const first = queries.authorizationsOfCard(card, { before: null, rowsMax: 3 });
    const second = queries.authorizationsOfCard(card, { before: 4, rowsMax: 3 });

    expect(first.map(({ place }) => place)).to.deep.equal([9, 7, 4].map((no) => ({ shard: 1, no })));
    expect(second.map(({ place }) => place.no)).to.deep.equal([3]);
  });

  it("lists a cardholder's authorizations over all cards", () => {
    authorize(1, 3);
    authorize(1, 4, { card: 12, chain: 12 });
    authorize(1, 5, { cardholder: 6 });

    const rows = queries.authorizationsOfCardholder({ shard: 1, no: 5 }, { before: null, rowsMax: 10 });

    expect(rows.map(({ place }) => place.no)).to.deep.equal([4, 3]);
  });

  it("sums what a chain was charged in a window less what was given back by then", () => {
    authorize(0, 10);
    authorize(0, 20, { mcc: 5812 });
    authorize(0, 30, { chain: 11 });
    authorize(0, 40, { outcome: 2, approved: minor(0), remaining: minor(0) });
    authorize(0, 50);
    writer.release({ shard: 0, no: 45 }, { authorization: { shard: 0, no: 10 }, amount: minor(4_00), isFull: false });
    writer.release({ shard: 0, no: 60 }, { authorization: { shard: 0, no: 20 }, amount: minor(10_00), isFull: true });
    const window = {
      shard: 0,
      counted: { chain: 10 },
      mccs: null,
      fromS: firstS + 10,
      untilS: firstS + 50,
      asOfNo: 55,
    };

    expect(queries.chargedSum(window)).to.equal(16_00n);
    expect(queries.chargedSum({ ...window, asOfNo: 60 })).to.equal(6_00n);
    expect(queries.chargedSum({ ...window, asOfNo: 44 })).to.equal(20_00n);
    expect(queries.chargedSum({ ...window, untilS: firstS + 51 })).to.equal(26_00n);
    expect(queries.chargedSum({ ...window, fromS: firstS + 11 })).to.equal(10_00n);
    expect(queries.chargedSum({ ...window, mccs: [5812] })).to.equal(10_00n);
    expect(queries.chargedSum({ ...window, mccs: [] })).to.equal(0n);
    expect(queries.chargedSum({ ...window, counted: { cardholder: 5 } })).to.equal(26_00n);
  });

  it("gives bytes back as bytes", () => {
    const bytes = Buffer.from([1, 0, 255]);
    writer.entry({ place: { shard: 1, no: 2 }, kind: 1, account: 1, currency: 0, amount: minor(0), bytes });
    writer.merchant({ key: Buffer.from("merchant"), terminal: "T", merchantId: "M", nameLocation: "N" });
    authorize(1, 2);

    expect(Buffer.compare(queries.entryBytes({ shard: 1, no: 2 }) ?? Buffer.alloc(0), bytes)).to.equal(0);
    const key = queries.authorization({ shard: 1, no: 2 })?.merchantKey ?? Buffer.alloc(0);
    expect(key).to.be.instanceOf(Uint8Array);
    expect(queries.merchant(key)?.key).to.be.instanceOf(Uint8Array);
  });

  it("keeps the newest state of an object and the time of its first", () => {
    const card: ObjectRow = {
      type: "card",
      place: { shard: 3, no: 11 },
      version: 1,
      account: 7,
      changedMs: 1_000,
      body: '{"status":"inactive"}',
    };
    writer.object(card);
    writer.object({ ...card, version: 2, changedMs: 2_000, body: '{"status":"active"}' });

    expect(queries.object("card", { shard: 3, no: 11 })).to.deep.equal({
      ...card,
      version: 2,
      createdMs: 1_000,
      changedMs: 2_000,
      body: '{"status":"active"}',
    });
    expect(queries.object("cardholder", { shard: 3, no: 11 })).to.equal(null);
    expect(queries.objectCount("card", 3)).to.equal(1);
  });

  it("lists the objects of an account, of one type only", () => {
    const object = { version: 1, changedMs: 1, body: "{}" };
    for (const no of [1, 2, 3])
      writer.object({ ...object, type: "card", place: { shard: 1, no }, account: no === 2 ? 8 : 7 });
    writer.object({ ...object, type: "cardholder", place: { shard: 1, no: 4 }, account: 7 });
    writer.object({ ...object, type: "card", place: { shard: 2, no: 5 }, account: 7 });

    const cards = queries.objectsOfAccount("card", { shard: 1, no: 7 }, { before: null, rowsMax: 10 });

    expect(cards.map(({ place }) => place.no)).to.deep.equal([3, 1]);
  });

  it("unfolds entries into postings that sum to zero", () => {
    const entry = { account: 1, currency: 840, bytes: Buffer.from("x") };
    writer.entry({ ...entry, place: { shard: 2, no: 1 }, kind: 1, amount: minor(100_00) });
    writer.entry({ ...entry, place: { shard: 2, no: 2 }, kind: 2, amount: minor(30_00) });
    writer.entry({ ...entry, place: { shard: 2, no: 3 }, kind: 3, amount: minor(10_00) });
    writer.entry({ ...entry, place: { shard: 2, no: 4 }, kind: 2, amount: minor(0) });

    const sums = records.prepare<{ name: string; shard: number; amount: number }>(
      "SELECT ledger_account AS name, shard, sum(amount) AS amount FROM postings GROUP BY 1, 2 ORDER BY 1",
    );

    expect(sums.all()).to.deep.equal([
      { name: "available", shard: 2, amount: 80_00 },
      { name: "external_bank", shard: 2, amount: -100_00 },
      { name: "held", shard: 2, amount: 20_00 },
    ]);
    expect(records.prepare("SELECT entry FROM postings GROUP BY entry HAVING sum(amount) <> 0").all()).to.deep.equal(
      [],
    );
  });

  it("numbers places so that they come back, and types as the journal does", () => {
    for (const place of [
      { shard: 0, no: 1 },
      { shard: 255, no: 2 ** 40 - 1 },
    ])
      expect(placeOf(rowId(place))).to.deep.equal(place);
    expect(objectRowId("card", { shard: 0, no: 0 })).to.be.greaterThan(
      objectRowId("cardholder", { shard: 255, no: 2 ** 40 - 1 }),
    );
    expect(objectTypeNumbers).to.deep.equal(objectTypes);
  });

  it("finds by card, cardholder and account through an index", () => {
    for (const [table, column] of [
      ["authorizations", "card"],
      ["authorizations", "chain"],
      ["authorizations", "cardholder"],
      ["objects", "account"],
    ]) {
      const sql = `EXPLAIN QUERY PLAN SELECT * FROM ${table} WHERE ${column} = 1 AND id >= 1 AND id < 9 ORDER BY id DESC LIMIT 5`;
      const [plan] = records.prepare<{ detail: string }>(sql).all();
      expect(plan?.detail).to.match(new RegExp(`USING INDEX ${table}_${column} \\(${column}=\\? AND rowid`));
    }
  });
});
