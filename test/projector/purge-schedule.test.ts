import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PurgeSchedule } from "../../src/projector/purge-schedule.ts";
import { defaultRetention, dueOf } from "../../src/projector/retention.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { RecordsWriter } from "../../src/records/writer.ts";
import { touches } from "../../src/store/entry.ts";
import { unpackEntry } from "../../src/store/journal-entry.ts";
import { luaConstants } from "../../src/store/library.ts";
import {
  adviceBytes,
  authorizationBytes,
  expiryBytes,
  financialBytes,
  reversalBytes,
} from "../support/journal-writer.ts";

const { APPROVED, CAPTURED_HOLD, DECLINED, EXPIRED, FORCE_POSTED, HELD, LOWERED, MERGED } = luaConstants;
const { POSTED, RELEASED, REVERSED_BEFORE, TOMBSTONE } = luaConstants;

describe("projector/purge-schedule", () => {
  let folder: string;
  let records: Records;
  let writer: RecordsWriter;
  let schedule: PurgeSchedule;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-records-"));
    const opened = openRecords({ path: join(folder, "records.db"), dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    records = opened.value;
    writer = new RecordsWriter(records);
    schedule = new PurgeSchedule({ records, writer, leaseMs: 1_000 });
  });

  afterEach(() => {
    records.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const chain = { shard: 1, chain: 7 };

  function project(dueWallMs: number): void {
    writer.purgeDue(chain.shard, chain.chain, dueWallMs);
    schedule.noteProjected([{ ...chain, dueWallMs }]);
  }

  it("hands out what is due, the earliest first and no more than asked for", () => {
    project(500);
    writer.purgeDue(0, 9, 400);
    writer.purgeDue(0, 10, 501);

    expect(schedule.take(500, 1)).to.deep.equal([{ shard: 0, chain: 9 }]);
    expect(schedule.take(500, 5)).to.deep.equal([chain]);
    expect(schedule.take(500, 5)).to.deep.equal([]);
  });

  it("keeps the earliest of several due times of a chain", () => {
    project(500);
    project(300);
    project(400);

    expect(schedule.take(299, 5)).to.deep.equal([]);
    expect(schedule.take(300, 5)).to.deep.equal([chain]);
  });

  it("comes back to a chain when the purge says so, and never where nothing waits", () => {
    project(500);
    schedule.take(500, 5);
    schedule.settle([{ ...chain, nextDueWallMs: 700 }]);

    expect(schedule.take(699, 5)).to.deep.equal([]);
    expect(schedule.take(700, 5)).to.deep.equal([chain]);
    schedule.settle([{ ...chain, nextDueWallMs: null }]);
    expect(schedule.take(1_000_000, 5)).to.deep.equal([]);
  });

  it("does not lose what was projected while a chain was being purged", () => {
    project(500);
    schedule.take(500, 5);
    project(5_000);
    schedule.settle([{ ...chain, nextDueWallMs: null }]);

    expect(schedule.take(4_999, 5)).to.deep.equal([]);
    expect(schedule.take(5_000, 5)).to.deep.equal([chain]);
  });

  it("takes a chain again that was never settled", () => {
    project(500);
    schedule.take(500, 5);
    const afterCrash = new PurgeSchedule({ records, writer, leaseMs: 1_000 });

    expect(afterCrash.take(1_499, 5)).to.deep.equal([]);
    expect(afterCrash.take(1_500, 5)).to.deep.equal([chain]);
  });

  const wallMs = 1_790_000_000_999;
  const at = { businessMs: 1, available: 0n, held: 0n };

  function hoursOf(bytes: Uint8Array): number | null {
    const due = dueOf(unpackEntry(0, 1, bytes), defaultRetention);
    return due === null ? null : (due - 1_790_000_000_000) / 3_600_000;
  }

  it("keeps declines 24 h, ended holds 24 h after their end, tombstones and what they met 48 h, open holds for ever", () => {
    const authorized = (outcome: number) =>
      hoursOf(authorizationBytes({ wallMs }, { ...at, outcome, approved: outcome === APPROVED ? 1n : 0n }));
    const reversed = (outcome: number) =>
      hoursOf(reversalBytes({ wallMs }, { ...at, outcome, amount: 0n, touched: touches.hold, targetNo: 1 }));

    expect([APPROVED, DECLINED, REVERSED_BEFORE].map(authorized)).to.deep.equal([null, 24, 48]);
    expect([RELEASED, LOWERED, TOMBSTONE].map(reversed)).to.deep.equal([24, 24, 48]);
    expect(hoursOf(expiryBytes({ wallMs }, { ...at, outcome: EXPIRED, amount: 1n, targetNo: 1 }))).to.equal(24);
  });

  it("keeps approvals that hold nothing and advices 24 h, postings 48 h", () => {
    const advised = (outcome: number) => hoursOf(adviceBytes({ wallMs }, { ...at, outcome, amount: 0n }));
    const told = (outcome: number) => hoursOf(financialBytes({ wallMs }, { ...at, outcome, amount: 1n }));

    expect(hoursOf(authorizationBytes({ wallMs }, { ...at, outcome: APPROVED, approved: 0n }))).to.equal(24);
    expect([HELD, MERGED].map(advised)).to.deep.equal([24, 24]);
    expect([POSTED, FORCE_POSTED, DECLINED, APPROVED].map(told)).to.deep.equal([48, 48, 24, 24]);
    expect(told(CAPTURED_HOLD)).to.equal(24);
  });
});
