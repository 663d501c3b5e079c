import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type Projector, type ProjectorOptions, startProjector } from "../../src/projector/projector.ts";
import { type Records, openRecords } from "../../src/records/database.ts";
import { RecordsQueries } from "../../src/records/queries.ts";
import { emptyHash, nextHash } from "../../src/store/chain-hash.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { touches } from "../../src/store/entry.ts";
import { Keyspace } from "../../src/store/keys.ts";
import { luaConstants } from "../../src/store/library.ts";
import { JournalWriter, authorizationBytes, commitBytes, reversalBytes } from "../support/journal-writer.ts";
import { type TestRedis, freshNamespace, sharedRedis, startTestRedis } from "../support/redis.ts";

const { APPROVED, DECLINED, LOWERED, RELEASED } = luaConstants;
const businessMs = 1_790_000_000_000;
const day = 20_717;

describe("projector/projector", () => {
  let redis: Redis;
  let keyspace: Keyspace;
  let journal: JournalWriter;
  let folder: string;
  let projectors: Projector[];
  let servers: TestRedis[];
  let records: Records | null;

  beforeEach(async () => {
    redis = createClient({ address: { path: (await sharedRedis()).socketPath } });
    keyspace = new Keyspace(freshNamespace(), 4);
    journal = new JournalWriter(redis, keyspace);
    folder = mkdtempSync(join(tmpdir(), "cardswitch-records-"));
    projectors = [];
    servers = [];
    records = null;
  });

  afterEach(async () => {
    for (const projector of projectors) await projector.close();
    for (const server of servers) await server.stop();
    records?.close();
    redis.disconnect();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: Partial<ProjectorOptions> = {}): Promise<Projector> {
    const { socketPath } = await sharedRedis();
    const started = await startProjector({
      redis: { address: { path: socketPath } },
      keyspace,
      recordsPath: join(folder, "records.db"),
      dataSetId: "ds-1",
      ...options,
    });
    if (!started.ok) throw new Error(started.error.message);
    projectors.push(started.value);
    return started.value;
  }

  function query(): RecordsQueries {
    const opened = openRecords({ path: join(folder, "records.db"), dataSetId: null });
    if (!opened.ok) throw new Error(opened.error.message);
    records = opened.value;
    return new RecordsQueries(opened.value);
  }

  const topUp = commitBytes({ account: 1 }, { businessMs, moved: 100_00n, available: 100_00n, held: 0n });
  const purchase = authorizationBytes(
    {},
    { outcome: APPROVED, approved: 12_50n, businessMs, available: 87_50n, held: 12_50n },
  );
  const decline = authorizationBytes(
    { stan: "000124" },
    { outcome: DECLINED, reason: 7, approved: 0n, businessMs, available: 87_50n, held: 12_50n },
  );

  it("remembers a purchase, its partial reversal and the money that moved, and empties the journal", async () => {
    const lowering = reversalBytes(
      { replacement: minor(5_00) },
      {
        outcome: LOWERED,
        amount: 7_50n,
        touched: touches.hold,
        targetNo: 2,
        days: [{ day, amount: -7_50n }],
        businessMs,
        available: 95_00n,
        held: 5_00n,
      },
    );
    await journal.append(2, [topUp, purchase, lowering]);

    const projector = await start();
    expect(await projector.waitFor(2, 3, 5_000)).to.equal(true);

    const queries = query();
    const authorization = queries.authorization({ shard: 2, no: 2 });
    expect(authorization).to.include({ status: "pending", card: 11, stan: 123, rrn: "632616000123" });
    expect(authorization).to.include({ approved: 12_50n, remaining: 5_00n });
    expect(queries.balances({ shard: 2, no: 1 })).to.deep.equal([
      { shard: 2, account: 1, currency: 840, available: 95_00n, held: 5_00n },
    ]);
    expect(queries.systemBalances()).to.deep.equal([{ name: "external_bank", currency: 840, amount: -100_00n }]);
    expect(queries.merchant(Buffer.from("merchant"))?.merchantId).to.equal("LARKSPUR0000001");
    expect(queries.account({ shard: 2, no: 1 })?.chainHash).to.equal(
      [topUp, purchase, lowering].reduce(nextHash, emptyHash),
    );
    await becomes(async () => await redis.xlen(keyspace.journal(2)), 0);
  });

  it("hands an entry to who waits for it before it is recorded, where no commit before it waits to be recorded", async () => {
    const projector = await start({ threadFile: new URL("../support/slow-projector-thread.js", import.meta.url) });
    await journal.append(2, [topUp]);
    expect(await projector.waitFor(2, 1, 5_000)).to.equal(true);

    const reached = projector.reach(2, 2, 5_000);
    await journal.append(2, [purchase]);
    const read = await reached;

    expect(read.kind === "read" && Buffer.compare(read.bytes, purchase)).to.equal(0);
    expect(projector.passed(2)).to.equal(1);
    expect(await projector.waitFor(2, 2, 5_000)).to.equal(true);
    expect(await projector.reach(2, 2, 5_000)).to.deep.equal({ kind: "recorded" });
  });

  it("hands nothing out that lies behind a commit until that is recorded", async () => {
    const projector = await start();

    const reached = projector.reach(2, 2, 5_000);
    await journal.append(2, [topUp, purchase]);

    expect(await reached).to.deep.equal({ kind: "recorded" });
    expect(projector.passed(2)).to.equal(2);
  });

  it("says that it is late when an entry does not come", async () => {
    const projector = await start();

    expect(await projector.reach(2, 1, 50)).to.deep.equal({ kind: "late" });
  });

  it("calls an authorization reversed when the whole of what remained was given back", async () => {
    const undo = reversalBytes(
      {},
      {
        outcome: RELEASED,
        amount: 12_50n,
        touched: touches.hold,
        targetNo: 2,
        days: [{ day, amount: -12_50n }],
        businessMs,
        available: 100_00n,
        held: 0n,
      },
    );
    await journal.append(0, [topUp, purchase, undo]);

    const projector = await start();
    expect(await projector.drained(5_000)).to.equal(true);

    expect(query().authorization({ shard: 0, no: 2 })).to.include({ status: "reversed", remaining: 0n });
  });

  it("writes nothing twice when it died between the commit and the trim", async () => {
    await journal.append(1, [topUp, purchase]);
    const first = await start();
    await first.drained(5_000);
    await first.close();
    await redis.del(keyspace.journal(1));
    await journal.append(1, [topUp, purchase, decline]);

    const second = await start();
    expect(await second.drained(5_000)).to.equal(true);

    expect(query().counts()).to.include({ entries: 3, authorizations: 2 });
    await becomes(async () => await redis.xlen(keyspace.journal(1)), 0);
  });

  it("stops at a gap and names the first entry that is missing", async () => {
    await journal.append(3, [topUp, purchase, decline]);
    await redis.xdel(keyspace.journal(3), "0-2");

    const projector = await start();
    expect(await projector.waitFor(3, 3, 5_000)).to.equal(false);

    expect(projector.failure).to.include({ code: "journal_gap", shard: 3, no: 2 });
    expect(await redis.xlen(keyspace.journal(3))).to.equal(2);
  });

  it("stops at an entry of a format that it does not know", async () => {
    await journal.append(0, [topUp, Buffer.concat([Buffer.from([9]), purchase.subarray(1)])]);

    const projector = await start();
    expect(await projector.waitFor(0, 2, 5_000)).to.equal(false);

    expect(projector.failure).to.include({ code: "entry_unreadable", shard: 0, no: 2 });
    expect(query().checkpoint(0)).to.equal(0);
  });

  it("stops when the journal ends before the records do", async () => {
    await journal.append(0, [topUp, purchase]);
    const first = await start();
    await first.drained(5_000);
    await first.close();
    await redis.del(keyspace.journal(0));
    await journal.append(0, [topUp]);

    const second = await start();
    expect(await second.waitFor(0, 3, 5_000)).to.equal(false);

    expect(second.failure).to.include({ code: "entries_lost", shard: 0, no: 2 });
  });

  it("stops when Redis counted on from an older number and holds other entries under recorded ones", async () => {
    await journal.append(0, [topUp, purchase]);
    const first = await start();
    await first.drained(5_000);
    await first.close();
    await redis.del(keyspace.journal(0));
    await journal.append(0, [topUp, decline, decline]);

    const second = await start();
    expect(await second.waitFor(0, 3, 5_000)).to.equal(false);

    expect(second.failure).to.include({ code: "entries_lost", shard: 0, no: 2 });
  });

  it("stops when the records cannot be written", async () => {
    const projector = await start();
    query();
    records?.execute("DROP TABLE entries");
    await journal.append(0, [topUp]);

    expect(await projector.waitFor(0, 1, 5_000)).to.equal(false);

    expect(projector.failure).to.include({ code: "records_failed" });
    expect(await redis.xlen(keyspace.journal(0))).to.equal(1);
  });

  it("refuses records of another data set", async () => {
    await (await start()).close();

    const refused = await start({ dataSetId: "ds-2" }).catch((error: Error) => error.message);

    expect(refused).to.match(/belongs to data set ds-1, not to ds-2$/);
  });

  it("goes on by itself after Redis was killed and came back", async () => {
    const server = await startTestRedis();
    servers.push(server);
    const own = createClient({ address: { path: server.socketPath } });
    const projector = await start({ redis: { address: { path: server.socketPath } } });
    const writer = new JournalWriter(own, keyspace);
    await writer.append(0, [topUp]);
    expect(await projector.waitFor(0, 1, 5_000)).to.equal(true);

    process.kill(server.pid, "SIGKILL");
    await becomes(() => own.ping().catch(() => "down"), "PONG");
    await writer.append(0, [purchase]);

    expect(await projector.waitFor(0, 2, 5_000)).to.equal(true);
    expect(projector.failure).to.equal(null);
    own.disconnect();
  });

  it("is not held up in one shard by a crowd of entries in another", async () => {
    const crowd = Array.from({ length: 3_000 }, () => decline);
    await journal.append(0, [topUp, ...crowd]);
    await journal.append(1, [topUp]);
    const seen: number[][] = [];

    const limits = { batchEntriesMax: 400, pauseMs: 1 };
    const projector = await start({ limits, onProgress: (passed) => seen.push([...passed]) });
    expect(await projector.drained(10_000)).to.equal(true);

    const whenOther = seen.find((passed) => passed[1] === 1);
    expect(whenOther?.[0]).to.be.lessThan(3_001);
    expect(await projector.backlog()).to.equal(0);
  });
});

async function becomes<T>(read: () => Promise<T>, wanted: T): Promise<void> {
  let found = await read();
  for (let tries = 0; found !== wanted && tries < 200; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    found = await read();
  }
  expect(found).to.equal(wanted);
}
