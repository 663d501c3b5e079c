import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Records, openRecords, readMeta } from "../../src/records/database.ts";

describe("records/database", () => {
  let folder: string;
  let opened: Records[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-records-"));
    opened = [];
  });

  afterEach(() => {
    for (const records of opened) records.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function open(dataSetId: string | null): Records {
    const result = openRecords({ path: join(folder, "records.db"), dataSetId });
    if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
    opened.push(result.value);
    return result.value;
  }

  it("waits for the disk at every commit, and lets readers in meanwhile", () => {
    const records = open("ds-1");

    expect(records.prepare("PRAGMA journal_mode").all()).to.deep.equal([{ journal_mode: "wal" }]);
    expect(records.prepare("PRAGMA synchronous").all()).to.deep.equal([{ synchronous: 2 }]);
  });

  it("belongs to the data set that opened it first", () => {
    open("ds-1");

    expect(readMeta(open(null), "data_set_id")).to.equal("ds-1");
    expect(() => open("ds-2")).to.throw(/^wrong_data_set: .* belongs to data set ds-1, not to ds-2$/);
  });

  it("refuses records that a newer version has written", () => {
    open("ds-1").execute("UPDATE meta SET value = '99' WHERE name = 'schema_version'");

    expect(() => open("ds-1")).to.throw(/^records_too_new: .*schema 99/);
  });

  it("refuses a file that is no database", () => {
    writeFileSync(join(folder, "records.db"), "x".repeat(8_192));

    expect(() => open("ds-1")).to.throw(/^records_unusable: /);
  });

  it("keeps nothing of a transaction that fails", () => {
    const records = open("ds-1");

    const failing = () =>
      records.transaction(() => {
        records.execute("INSERT INTO checkpoints VALUES (1, 5)");
        throw new Error("no");
      });

    expect(failing).to.throw("no");
    expect(records.prepare("SELECT * FROM checkpoints").all()).to.deep.equal([]);
    records.transaction(() => records.execute("INSERT INTO checkpoints VALUES (1, 6)"));
    expect(open(null).prepare("SELECT no FROM checkpoints").all()).to.deep.equal([{ no: 6 }]);
  });
});
