import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import { RecordsWriter } from "../../src/records/writer.ts";
import { storedObject } from "../../src/resources/stored-object.ts";
import { commitBytes } from "../support/journal-writer.ts";

describe("records/present-objects", () => {
  const card = { shard: 1, no: 7 };
  const businessMs = 1_790_000_000_000;
  let folder: string;
  let records: Records;
  let told: number;
  let queries: RecordsQueries;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-records-"));
    const opened = openRecords({ path: join(folder, "records.db"), dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    records = opened.value;
    told = 0;
    queries = new RecordsQueries(records, () => told);
  });

  afterEach(() => {
    records.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function record(entryNo: number, version: number): void {
    const writer = new RecordsWriter(records);
    const body = JSON.stringify({ version });
    const bytes = commitBytes(
      { objectType: "card", objectNo: card.no, version, body },
      { businessMs, moved: 0n, available: 0n, held: 0n },
    );
    const place = { shard: card.shard, no: entryNo };
    writer.entry({ place, kind: 1, account: 1, currency: 0, available: minor(0), held: minor(0), other: 0, bytes });
    writer.object(
      { type: "card", place: card, version, account: 1, changedMs: businessMs, body },
      { entryNo, dueMs: null },
    );
  }

  it("tells what a commit has made of an object from the moment at which the commit is known to be recorded", () => {
    record(3, 1);
    told = 3;
    const before = queries.object("card", card)?.version;
    record(5, 2);
    const unaware = queries.object("card", card)?.version;
    told = 5;
    const aware = queries.object("card", card)?.version;

    expect([before, unaware, aware]).to.deep.equal([1, 1, 2]);
  });

  it("finds what was made since it was asked for in vain", () => {
    told = 2;
    expect(queries.object("card", card)).to.equal(null);

    record(3, 1);
    told = 3;

    expect(queries.object("card", card)?.version).to.equal(1);
  });

  it("shows a card as of an authorization, though a change behind it is recorded before anybody is told", () => {
    record(3, 1);
    told = 3;
    record(9, 2);

    const versions = [3, 8, 9, null].map((asOf) => storedObject(queries, "card", { place: card, asOf })?.version);

    expect(versions).to.deep.equal([1, 1, 2, 2]);
  });

  it("knows an era by the last commit, and of an entry before that commit nothing", () => {
    told = 5;
    const era = queries.present.eraOf({ shard: 1, no: 8 });
    const same = queries.present.eraOf({ shard: 1, no: 5 });
    const earlier = queries.present.eraOf({ shard: 1, no: 4 });
    told = 9;
    const next = queries.present.eraOf({ shard: 1, no: 9 });

    expect(era).to.not.equal(null);
    expect(same).to.equal(era);
    expect(earlier).to.equal(null);
    expect(next).to.not.equal(era);
  });
});
