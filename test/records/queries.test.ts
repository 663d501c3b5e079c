import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { objectRowId, objectTypeNumbers, placeOf, rowId } from "../../src/records/place.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import type { AuthorizationState, MessageRow, ObjectRow } from "../../src/records/rows.ts";
import { RecordsWriter } from "../../src/records/writer.ts";
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

  const message: Omit<MessageRow, "place" | "createdMs"> = {
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

  function authorize(
    shard: number,
    no: number,
    more: Partial<MessageRow> = {},
    state: Partial<AuthorizationState> = {},
  ): void {
    const place = { shard, no };
    writer.authorization({ ...message, place, createdMs: (firstS + no) * 1000 + 999, ...more }, { ...held, ...state });
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

  const dayStartS = 20_717 * 86_400;

  it("sums what a chain was charged in a window less what was given back by then to that window", () => {
    const at = (no: number, seconds: number, more: Partial<MessageRow> = {}, state: Partial<AuthorizationState> = {}) =>
      authorize(0, no, { createdMs: (dayStartS + seconds) * 1000 + 999, ...more }, state);
    at(10, 0);
    at(20, 50_000, { mcc: 5812 });
    at(30, 60_000, { chain: 11 });
    at(40, 60_000, { outcome: 2 }, { approved: minor(0), remaining: minor(0) });
    at(50, 86_400);
    const spender = { chain: 10, cardholder: 5, mcc: 5411 };
    writer.charge({ entry: { shard: 0, no: 45 }, day: 20_717, amount: minor(-4_00) }, spender);
    writer.charge({ entry: { shard: 0, no: 60 }, day: 20_717, amount: minor(-10_00) }, { ...spender, mcc: 5812 });
    writer.charge({ entry: { shard: 0, no: 61 }, day: 20_718, amount: minor(3_00) }, spender);
    writer.charge({ entry: { shard: 1, no: 45 }, day: 20_717, amount: minor(99_00) }, spender);
    const window = {
      shard: 0,
      counted: { chain: 10 },
      mccs: null,
      fromS: dayStartS,
      untilS: dayStartS + 86_400,
      asOfNo: 55,
    };

    expect(queries.chargedSum(window)).to.equal(16_00n);
    expect(queries.chargedSum({ ...window, asOfNo: 60 })).to.equal(6_00n);
    expect(queries.chargedSum({ ...window, asOfNo: 61 })).to.equal(6_00n);
    expect(queries.chargedSum({ ...window, asOfNo: 44 })).to.equal(20_00n);
    expect(queries.chargedSum({ ...window, untilS: dayStartS + 2 * 86_400, asOfNo: 61 })).to.equal(19_00n);
    expect(queries.chargedSum({ ...window, fromS: dayStartS + 86_400, untilS: 8_640_000_000_000 })).to.equal(10_00n);
    expect(queries.chargedSum({ ...window, mccs: [5812] })).to.equal(10_00n);
    expect(queries.chargedSum({ ...window, mccs: [] })).to.equal(0n);
    expect(queries.chargedSum({ ...window, counted: { cardholder: 5 } })).to.equal(26_00n);
  });

  it("counts what an advice or a single message was charged once, by its charges", () => {
    authorize(0, 10, { createdMs: dayStartS * 1000 }, { kind: 5 });
    authorize(0, 11, { createdMs: dayStartS * 1000 }, { kind: 6, status: "closed", remaining: minor(0) });
    for (const no of [10, 11]) writer.charge({ entry: { shard: 0, no }, day: 20_717, amount: minor(10_00) }, message);

    const window = { shard: 0, counted: { chain: 10 }, mccs: null, asOfNo: 20 };
    expect(queries.chargedSum({ ...window, fromS: dayStartS, untilS: dayStartS + 86_400 })).to.equal(20_00n);
  });

  it("follows a hold up, and lists it as due until it has ended", () => {
    authorize(1, 3, {}, { expiresMs: 5_000 });
    authorize(0, 4, {}, { expiresMs: 4_001 });
    authorize(0, 5, {}, { expiresMs: 4_000 });
    authorize(0, 6, {}, { expiresMs: 0 });
    const due = (nowMs: number, rowsMax = 9) =>
      queries.dueHolds(nowMs, { after: null, rowsMax }).map(({ place }) => place.no);
    const [first] = queries.dueHolds(4_000, { after: null, rowsMax: 1 });
    const behind = queries.dueHolds(5_000, { after: first ?? null, rowsMax: 9 });
    expect(behind.map(({ place }) => place.no)).to.deep.equal([4, 3]);
    expect([due(3_999), due(4_000), due(5_000), due(5_000, 2)]).to.deep.equal([[], [5], [5, 4, 3], [5, 4]]);

    writer.heldChange({ entry: { shard: 0, no: 7 }, targetNo: 4, amount: minor(2_00) }, "pending");
    writer.heldChange({ entry: { shard: 0, no: 8 }, targetNo: 4, amount: minor(-12_00) }, "expired");
    writer.livesFor({ shard: 0, no: 5 }, 1_000);

    expect(queries.authorization({ shard: 0, no: 4 })).to.include({
      status: "expired",
      remaining: 0n,
      approved: 10_00n,
    });
    const followUps = queries.followUps({ shard: 0, no: 4 });
    expect(followUps.map(({ entry, amount }) => [entry.no, amount])).to.deep.equal([
      [7, 2_00n],
      [8, -12_00n],
    ]);
    expect(due(5_000)).to.deep.equal([3]);
    expect(queries.authorization({ shard: 0, no: 5 })?.expiresMs).to.equal((firstS + 5) * 1000 + 999 + 1_000);
  });

  it("keeps postings with what can still be reversed of them, and lists those of a card newest first", () => {
    const posted = { amount: minor(-10_00), reversible: minor(10_00), originalId: 0, countedMcc: 5411 };
    for (const [no, card] of [
      [3, 11],
      [4, 12],
      [5, 11],
    ] as const) {
      const row = { ...message, card, place: { shard: 2, no }, createdMs: 1 };
      writer.posted(row, { ...posted, settlementDay: 20261122 });
    }
    writer.reposted({ entry: { shard: 2, no: 9 }, targetNo: 3, amount: minor(-4_00) });

    const page = { before: null, rowsMax: 5 };
    expect(queries.transactionsOfCard({ shard: 2, no: 11 }, page).map(({ place }) => place.no)).to.deep.equal([5, 3]);
    const first = queries.transaction({ shard: 2, no: 3 });
    expect(first).to.include({ amount: -10_00n, reversible: 6_00n, settlementDay: 20261122, countedMcc: 5411 });
    expect(queries.followUps({ shard: 2, no: 3 }).map(({ amount }) => amount)).to.deep.equal([-4_00n]);
  });

  it("lists exceptions newest first with their entries, and a reversal in vain only where the hold was captured", () => {
    const entry = { kind: 3, account: 1, currency: 840, available: minor(0), held: minor(0), other: 0 };
    for (const no of [3, 4, 5, 6]) writer.entry({ ...entry, place: { shard: 1, no }, bytes: Buffer.from([no]) });
    authorize(1, 1, {}, { status: "closed" });
    authorize(1, 2, {}, { status: "reversed" });
    authorize(1, 7, {}, { status: "closed", kind: 6 });
    writer.exception({ shard: 1, no: 3 }, "unknown_pan");
    writer.exceptionIfCaptured({ shard: 1, no: 4 }, 1, "reversal_after_capture");
    writer.exceptionIfCaptured({ shard: 1, no: 5 }, 2, "reversal_after_capture");
    writer.exceptionIfCaptured({ shard: 1, no: 6 }, 7, "reversal_after_capture");

    const listed = queries.exceptions(1, { before: null, rowsMax: 9 });

    expect(listed.map(({ place, cause, bytes }) => [place.no, cause, bytes[0]])).to.deep.equal([
      [4, "reversal_after_capture", 4],
      [3, "unknown_pan", 3],
    ]);
    expect(queries.exceptions(1, { before: 4, rowsMax: 9 })).to.have.length(1);
    expect(queries.exceptions(2, { before: null, rowsMax: 9 })).to.have.length(0);
  });

  it("gives bytes back as bytes", () => {
    const bytes = Buffer.from([1, 0, 255]);
    const entry = { kind: 1, account: 1, currency: 0, available: minor(0), held: minor(0), other: 0 };
    writer.entry({ place: { shard: 1, no: 2 }, ...entry, bytes });
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
    writer.object(card, { entryNo: 1, dueMs: null });
    writer.object({ ...card, version: 2, changedMs: 2_000, body: '{"status":"active"}' }, { entryNo: 2, dueMs: null });

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
    const written = { entryNo: 1, dueMs: null };
    for (const no of [1, 2, 3])
      writer.object({ ...object, type: "card", place: { shard: 1, no }, account: no === 2 ? 8 : 7 }, written);
    writer.object({ ...object, type: "cardholder", place: { shard: 1, no: 4 }, account: 7 }, written);
    writer.object({ ...object, type: "card", place: { shard: 2, no: 5 }, account: 7 }, written);

    const cards = queries.objectsOfAccount("card", { shard: 1, no: 7 }, { before: null, rowsMax: 10 });

    expect(cards.map(({ place }) => place.no)).to.deep.equal([3, 1]);
  });

  it("unfolds entries into postings that sum to zero", () => {
    const entry = { account: 1, currency: 840, bytes: Buffer.from("x"), held: minor(0), other: 0 };
    const visa = 1_20261122;
    writer.entry({ ...entry, place: { shard: 2, no: 1 }, kind: 1, available: minor(100_00), other: 1 });
    writer.entry({ ...entry, place: { shard: 2, no: 2 }, kind: 2, available: minor(-30_00), held: minor(30_00) });
    writer.entry({ ...entry, place: { shard: 2, no: 3 }, kind: 3, available: minor(10_00), held: minor(-10_00) });
    writer.entry({ ...entry, place: { shard: 2, no: 4 }, kind: 2, available: minor(0) });
    const captured = { kind: 6, available: minor(-5_00), held: minor(-20_00), other: visa };
    writer.entry({ ...entry, place: { shard: 2, no: 5 }, ...captured });
    writer.entry({ ...entry, place: { shard: 2, no: 6 }, kind: 6, available: minor(1_00), other: 2_20261122 });

    const sums = records.prepare<{ name: string; shard: number; amount: number }>(
      "SELECT ledger_account AS name, shard, sum(amount) AS amount FROM postings GROUP BY 1, 2 ORDER BY 1",
    );

    expect(sums.all()).to.deep.equal([
      { name: "available", shard: 2, amount: 76_00 },
      { name: "external_bank", shard: 2, amount: -100_00 },
      { name: "held", shard: 2, amount: 0 },
      { name: "network_payable:mastercard:20261122", shard: 2, amount: -1_00 },
      { name: "network_payable:visa:20261122", shard: 2, amount: 25_00 },
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
      ["transactions", "card"],
      ["transactions", "cardholder"],
      ["charges", "chain"],
      ["charges", "cardholder"],
      ["objects", "account"],
    ]) {
      const sql = `EXPLAIN QUERY PLAN SELECT * FROM ${table} WHERE ${column} = 1 AND id >= 1 AND id < 9 ORDER BY id DESC LIMIT 5`;
      const [plan] = records.prepare<{ detail: string }>(sql).all();
      expect(plan?.detail).to.match(
        new RegExp(`USING (COVERING )?INDEX ${table}_${column} \\(${column}=\\? AND (rowid|id)`),
      );
    }
  });

  it("lends an entry that is not recorded to one rendering, and to nobody after it", () => {
    const [place, bytes] = [{ shard: 1, no: 7 }, Buffer.from("an entry")];

    const lent = queries.withEntry(place, bytes, () => queries.entryBytes(place));

    expect(lent).to.equal(bytes);
    expect(queries.entryBytes(place)).to.equal(null);
  });

  it("does not lend an entry whose merchant is not recorded: what is rendered without his name is wrong", () => {
    const [place, bytes, key] = [{ shard: 1, no: 7 }, Buffer.from("an entry"), Buffer.from("merchant")];
    const render = (): object => ({ merchant: queries.merchant(key)?.merchantId });

    expect(queries.withEntry(place, bytes, render)).to.equal(null);
    writer.merchant({ key, terminal: "T1", merchantId: "LARKSPUR0000001", nameLocation: "" });
    expect(queries.withEntry(place, bytes, render)).to.deep.equal({ merchant: "LARKSPUR0000001" });
  });
});
