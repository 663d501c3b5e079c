import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Projection } from "../../src/projector/projection.ts";
import { defaultRetention } from "../../src/projector/retention.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { rowId } from "../../src/records/place.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import { RecordsWriter } from "../../src/records/writer.ts";
import { touches } from "../../src/store/entry.ts";
import { luaConstants } from "../../src/store/library.ts";
import {
  type EffectOutcome,
  adviceBytes,
  authorizationBytes,
  expiryBytes,
  financialBytes,
  reversalBytes,
} from "../support/journal-writer.ts";

const { ADDED, APPROVED, CAPTURED_HOLD, COMPLETED, DECLINED, EXPIRED, FORCE_POSTED, HELD, LOWERED } = luaConstants;
const { MERGED, NOTHING_TO_RELEASE, POSTED, PURPOSE_FUEL, PURPOSE_REFUND, RELEASED, REPOSTED } = luaConstants;
const shard = 1;
const businessMs = 1_790_000_000_000;
const day = 20_717;
const dayMs = 86_400_000;

describe("projector/money-rows", () => {
  let folder: string;
  let records: Records;
  let projection: Projection;
  let queries: RecordsQueries;
  let no: number;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-records-"));
    const opened = openRecords({ path: join(folder, "records.db"), dataSetId: null, isDurable: false });
    if (!opened.ok) throw new Error(opened.error.message);
    records = opened.value;
    queries = new RecordsQueries(records);
    const writer = new RecordsWriter(records);
    projection = new Projection({ writer, queries, retention: defaultRetention, holdExpiry: "stripe" });
    no = 0;
  });

  afterEach(() => {
    records.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function apply(bytes: Uint8Array): number {
    projection.apply({ shard, no: ++no }, bytes);
    return no;
  }

  const at = { businessMs, available: 0n, held: 0n };
  const effect = (outcome: number, amount: bigint, more: Partial<EffectOutcome> = {}): EffectOutcome => ({
    ...at,
    outcome,
    amount,
    ...more,
  });
  const hold = (more: object = {}): number =>
    apply(authorizationBytes(more, { ...at, outcome: APPROVED, approved: 12_50n }));
  const authorization = (id: number) => queries.authorization({ shard, no: id });
  const transaction = (id: number) => queries.transaction({ shard, no: id });
  const charges = (): unknown[] =>
    records
      .prepare("SELECT id, day, mcc, amount FROM charges ORDER BY id, day")
      .all()
      .map((row) => Object.values(row as object));
  const causes = () => queries.exceptions(shard, { before: null, rowsMax: 9 }).map(({ cause }) => cause);

  it("adds an increment to the hold of its chain, in the category of that hold, and makes no row of it", () => {
    const first = hold({ mcc: 7011 });
    const next = { ...at, businessMs: businessMs + dayMs, outcome: APPROVED, approved: 3_00n, holdNo: first };
    const increment = apply(authorizationBytes({ mcc: 5812 }, next));

    expect(authorization(first)).to.include({ status: "pending", approved: 12_50n, remaining: 15_50n });
    expect(authorization(first)?.expiresMs).to.equal(businessMs + 31 * dayMs);
    expect(authorization(increment)).to.equal(null);
    expect(charges()).to.deep.equal([[rowId({ shard, no: increment }), day + 1, 7011, 3_00]]);
  });

  it("makes a hold of a stand-in advice, tied to the decline beside which it stands", () => {
    const declined = apply(authorizationBytes({}, { ...at, outcome: DECLINED, reason: 20, approved: 0n }));
    const days = [{ day, amount: 9_00n }];
    const held = apply(adviceBytes({}, effect(HELD, 9_00n, { touched: touches.decline, viaNo: declined, days })));
    const empty = apply(adviceBytes({ purpose: PURPOSE_REFUND }, effect(HELD, 0n)));

    expect(authorization(held)).to.include({ kind: 5, status: "pending", remaining: 9_00n });
    expect(authorization(held)?.originalId).to.equal(rowId({ shard, no: declined }));
    expect(authorization(declined)).to.include({ status: "closed", remaining: 0n });
    expect(authorization(empty)).to.equal(null);
    expect(charges()).to.deep.equal([[rowId({ shard, no: held }), day, 5251, 9_00]]);
  });

  it("sets a fuel hold to what was pumped and lets it live as any other, or ends it where nothing was", () => {
    const pumped = hold({ purpose: PURPOSE_FUEL, mcc: 5542 });
    const empty = hold({ purpose: PURPOSE_FUEL, mcc: 5542 });
    expect(authorization(pumped)?.expiresMs).to.equal(businessMs + 7_200_000);
    const told = { before: 12_50n, touched: touches.hold } as const;
    apply(adviceBytes({ mcc: 5542 }, effect(COMPLETED, 20_00n, { ...told, targetNo: pumped })));
    apply(adviceBytes({ mcc: 5542 }, effect(COMPLETED, 0n, { ...told, targetNo: empty })));

    expect(authorization(pumped)).to.include({ status: "pending", remaining: 20_00n });
    expect(authorization(pumped)?.expiresMs).to.equal(businessMs + 7 * dayMs);
    expect(authorization(empty)).to.include({ status: "reversed", remaining: 0n });
  });

  it("follows a hold up by what an advice adds, merges or withdraws", () => {
    const kept = hold();
    const gone = hold();
    apply(adviceBytes({}, effect(ADDED, 4_00n, { touched: touches.hold, targetNo: kept })));
    apply(adviceBytes({}, effect(MERGED, 0n, { targetNo: kept })));
    apply(adviceBytes({}, effect(RELEASED, 12_50n, { touched: touches.hold, targetNo: gone })));

    expect(authorization(kept)).to.include({ status: "pending", remaining: 16_50n });
    expect(authorization(gone)).to.include({ status: "reversed", remaining: 0n });
    expect(queries.followUps({ shard, no: kept }).map(({ amount }) => amount)).to.deep.equal([4_00n, 0n]);
  });

  it("keeps a hold open of which only an increment was reversed, and closes it with its first message", () => {
    const first = hold();
    const days = [{ day, amount: -12_50n }];
    apply(reversalBytes({}, effect(RELEASED, 12_50n, { touched: touches.increment, targetNo: first, days })));
    const between = authorization(first);
    apply(reversalBytes({}, effect(RELEASED, 0n, { touched: touches.hold, targetNo: first })));

    expect(between).to.include({ status: "pending", remaining: 0n });
    expect(authorization(first)).to.include({ status: "reversed", remaining: 0n });
  });

  it("posts a 0200 at once, as an authorization that is over and a transaction, and posts it back", () => {
    const days = [{ day, amount: 12_50n }];
    const debit = apply(financialBytes({ settlementDate: "0923" }, effect(POSTED, 12_50n, { days })));
    const credit = apply(financialBytes({ purpose: PURPOSE_REFUND }, effect(POSTED, 3_00n)));
    const declined = apply(financialBytes({}, effect(DECLINED, 0n, { reason: 20 })));
    const back = { touched: touches.debit, targetNo: debit, days: [{ day, amount: -10_00n }] };
    apply(reversalBytes({}, effect(REPOSTED, 10_00n, back)));

    expect(authorization(debit)).to.include({
      kind: 6,
      status: "closed",
      approved: 12_50n,
      remaining: 0n,
      expiresMs: 0,
    });
    expect(transaction(debit)).to.include({
      amount: -12_50n,
      reversible: 2_50n,
      originalId: 0,
      settlementDay: 20260923,
    });
    expect(transaction(credit)).to.include({ amount: 3_00n, reversible: 3_00n });
    expect(authorization(declined)).to.include({ status: "closed", approved: 0n });
    expect(transaction(declined)).to.equal(null);
    expect(charges()).to.deep.equal([
      [rowId({ shard, no: debit }), day, 5251, 12_50],
      [rowId({ shard, no: no }), day, 5251, -10_00],
    ]);
  });

  it("captures a hold by a 0220 in the category of the hold, and lists what was too much", () => {
    const held = hold({ mcc: 5812 });
    const days = [{ day, amount: 7_50n }];
    const told = { before: 12_50n, touched: touches.hold, targetNo: held, viaNo: held, days };
    const captured = apply(financialBytes({ isAdvice: true, mcc: 5814 }, effect(CAPTURED_HOLD, 20_00n, told)));
    apply(reversalBytes({}, effect(NOTHING_TO_RELEASE, 0n, { targetNo: held, viaNo: held })));

    expect(authorization(held)).to.include({ status: "closed", remaining: 0n, approved: 12_50n });
    expect(authorization(captured)).to.equal(null);
    expect(transaction(captured)).to.include({ amount: -20_00n, mcc: 5814, countedMcc: 5812 });
    expect(transaction(captured)?.originalId).to.equal(rowId({ shard, no: held }));
    expect(charges()).to.deep.equal([[rowId({ shard, no: captured }), day, 5812, 7_50]]);
    expect(causes()).to.deep.equal(["reversal_after_capture", "capture_of_more_than_held"]);
  });

  it("posts what nobody asked for, and makes no transaction of nothing", () => {
    const held = hold();
    const forced = apply(financialBytes({ isAdvice: true }, effect(FORCE_POSTED, 5_00n)));
    const told = { before: 12_50n, touched: touches.hold, targetNo: held };
    const emptied = apply(financialBytes({ isAdvice: true }, effect(CAPTURED_HOLD, 0n, told)));

    expect(transaction(forced)).to.include({ amount: -5_00n, originalId: 0 });
    expect(transaction(emptied)).to.equal(null);
    expect(authorization(held)).to.include({ status: "closed", remaining: 0n });
    expect(causes()).to.deep.equal(["force_post_without_authorization"]);
  });

  it("ends a pump early of which only the status was checked, also by the network, and none that told what it gave", () => {
    const pump = { mcc: 5542, network: 1 } as const;
    const checked = apply(adviceBytes({ ...pump, purpose: PURPOSE_FUEL }, effect(HELD, 1_00n)));
    const told = apply(adviceBytes(pump, effect(HELD, 42_00n)));

    expect(authorization(checked)).to.include({ status: "pending", expiresMs: businessMs + 7_200_000 });
    expect(authorization(told)).to.include({ status: "pending", expiresMs: businessMs + 7 * dayMs });
  });

  it("closes at once what asked for an amount of nothing", () => {
    const asked = apply(authorizationBytes({}, { ...at, outcome: APPROVED, approved: 0n }));
    const single = apply(financialBytes({}, effect(APPROVED, 0n)));

    for (const id of [asked, single]) {
      expect(authorization(id)).to.include({ status: "closed", approved: 0n, remaining: 0n, expiresMs: 0 });
      expect(transaction(id)).to.equal(null);
    }
    expect(charges()).to.deep.equal([]);
  });

  it("lists the reversal of an authorization whose amount was posted, and none of a posting that is undone already", () => {
    const posted = apply(financialBytes({ isAdvice: true }, effect(FORCE_POSTED, 5_00n)));
    const inVain = effect(NOTHING_TO_RELEASE, 0n, { targetNo: posted, viaNo: posted });
    apply(reversalBytes({}, inVain));
    const first = causes();
    apply(reversalBytes({}, effect(REPOSTED, 5_00n, { touched: touches.debit, targetNo: posted })));
    apply(reversalBytes({}, inVain));

    expect(transaction(posted)).to.include({ amount: -5_00n, reversible: 0n });
    expect(first).to.deep.equal(["reversal_after_capture", "force_post_without_authorization"]);
    expect(causes()).to.deep.equal(first);
  });

  it("expires a hold, and keeps what was approved of it for a late capture", () => {
    const held = hold();
    apply(reversalBytes({}, effect(LOWERED, 2_50n, { touched: touches.hold, targetNo: held })));
    apply(expiryBytes({ holdNo: held }, effect(EXPIRED, 10_00n, { touched: touches.hold, targetNo: held })));

    expect(authorization(held)).to.include({ status: "expired", approved: 12_50n, remaining: 0n });
  });
});
