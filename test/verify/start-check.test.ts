import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type Records, openRecords } from "../../src/records/database.ts";
import { type Redis, createClient } from "../../src/store/client.ts";
import { fields } from "../../src/store/keys.ts";
import { checkStart } from "../../src/verify/start-check.ts";
import { atRest, busyProgram } from "../support/busy-program.ts";
import { type TestEngine, openTestEngine } from "../support/engine.ts";
import { type TestRedis, sharedRedis, startTestRedis } from "../support/redis.ts";
import { type SmallProgram, authorize, purchase } from "../support/small-program.ts";

describe("verify/start-check", () => {
  let test: TestEngine;
  let program: SmallProgram;
  let redis: Redis;
  let records: Records;

  async function open(socketPath: string): Promise<void> {
    const opened = await openTestEngine({ socketPath });
    if (opened === null) throw new Error("no engine");
    test = opened;
    redis = createClient({ address: { path: socketPath } });
    program = await busyProgram(test);
    await atRest(test, redis);
    const again = openRecords({ path: test.recordsPath, dataSetId: "ds-1", isDurable: false });
    if (!again.ok) throw new Error(again.error.message);
    records = again.value;
  }

  async function close(): Promise<void> {
    records.close();
    redis.disconnect();
    await test.close();
  }

  async function outcome(redisDataSetId: string | null = "ds-1"): Promise<string> {
    const { keyspace } = test.engine;
    const checked = await checkStart({ redis, keyspace, records, redisDataSetId });
    return checked.ok ? `ok, tail ${checked.value.tailEntries}` : `${checked.error.code}: ${checked.error.message}`;
  }

  describe("on a data set that was left in order", () => {
    beforeEach(async () => open((await sharedRedis()).socketPath));
    afterEach(close);

    it("agrees, with the journal's tail or without", async () => {
      expect(await outcome()).to.equal("ok, tail 0");

      await test.projector.close();
      await authorize(test, purchase(test, program.pan, 2_00n));

      expect(await outcome()).to.equal("ok, tail 1");
    });

    it("refuses a Redis of another data set", async () => {
      expect(await outcome("ds-2")).to.equal("wrong_data_set: Redis holds data set ds-2, records hold ds-1");
      expect(await outcome(null)).to.equal("wrong_data_set: Redis holds data set none, records hold ds-1");
    });

    it("refuses a Redis that has lost entries which the records hold", async () => {
      await redis.del(test.engine.keyspace.journal(0));

      expect(await outcome()).to.match(/^entries_lost: Redis has lost entries that records hold: shard 0 ends at 0/);
    });

    it("refuses a journal that begins behind the end of the records", async () => {
      records.execute("UPDATE checkpoints SET no = no - 1 WHERE shard = 0");

      expect(await outcome()).to.match(
        /^journal_gap: a gap in the journal of shard 0: records end at \d+, the journal begins/,
      );
    });

    it("refuses a gap in the journal's tail", async () => {
      await test.projector.close();
      await authorize(test, purchase(test, program.pan, 2_00n));
      const second = await authorize(test, purchase(test, program.pan, 2_00n));
      await authorize(test, purchase(test, program.pan, 2_00n));
      const no = "journalNo" in second ? second.journalNo : 0;
      await redis.xdel(test.engine.keyspace.journal(0), `0-${no}`);

      expect(await outcome()).to.equal(`journal_gap: a gap in the journal of shard 0: entry ${no} is missing`);
    });

    it("names the account whose entry in the journal was altered", async () => {
      await test.projector.close();
      const decision = await authorize(test, purchase(test, program.pan, 2_00n));
      const no = "journalNo" in decision ? decision.journalNo : 0;
      const journal = test.engine.keyspace.journal(0);
      const [[, [, bytes]] = ["", []]] = await redis.xrangeBuffer(journal, `0-${no}`, `0-${no}`);
      if (bytes === undefined) throw new Error("no entry");
      bytes.writeUInt8((bytes[50] ?? 0) ^ 4, 50);
      await redis.xdel(journal, `0-${no}`);
      await redis.eval(appendAgain, 1, journal, String(no), bytes);

      expect(await outcome()).to.match(
        /^account_differs: account acct_0\/1 in Redis is not what its entries say: chain hash/,
      );
    });

    it("names the first account whose balance or version differs", async () => {
      const key = test.engine.keyspace.account(0, program.account.no);
      const head = await redis.hgetBuffer(key, fields.head);
      if (head === null) throw new Error("no head");
      await redis.hset(key, fields.head, flipped(head, 4));

      expect(await outcome()).to.match(/: version \d+, expected 1$/);

      await redis.hset(key, fields.head, head);
      await redis.hdel(key, fields.balance(840));
      expect(await outcome()).to.match(/: balance 840: available 0, held 0, expected available \d+, held 4400$/);
    });
  });

  describe("on a Redis of which a byte in the append-only file was flipped", () => {
    let server: TestRedis;

    before(async () => {
      server = await startTestRedis({ dataDir: mkdtempSync(join(tmpdir(), "cardswitch-test-")) });
      await open(server.socketPath);
    });

    after(async () => {
      await close();
      await server.stop();
      rmSync(server.dataDir, { recursive: true, force: true });
    });

    it("refuses to start and names the account", async () => {
      const packed = await redis.hgetBuffer(test.engine.keyspace.account(0, program.account.no), fields.balance(840));
      if (packed === null) throw new Error("no balance");
      redis.disconnect();
      await test.projector.close();
      await server.stop();
      flipLast(join(server.dataDir, "appendonlydir"), packed);

      server = await startTestRedis({ dataDir: server.dataDir });
      redis = createClient({ address: { path: server.socketPath } });

      expect(await outcome()).to.match(/^account_differs: account acct_0\/1 in Redis is not what its entries say/);
    });
  });
});

// The stream forbids an id below its last one; the copy is appended to a stream that is made anew.
const appendAgain = `
  local entries = redis.call('XRANGE', KEYS[1], '-', '+')
  redis.call('DEL', KEYS[1])
  for _, entry in ipairs(entries) do redis.call('XADD', KEYS[1], entry[1], 'e', entry[2][2]) end
  redis.call('XADD', KEYS[1], '0-' .. ARGV[1], 'e', ARGV[2])`;

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8((copy[at] ?? 0) ^ 2, at);
  return copy;
}

// In the file as in Redis: the packed balance. Its last copy is the one that counts.
function flipLast(folder: string, packed: Buffer): void {
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".incr.aof")) continue;
    const file = readFileSync(join(folder, name));
    const at = file.lastIndexOf(packed);
    if (at < 0) continue;
    file.writeUInt8((file[at + 6] ?? 0) ^ 8, at + 6);
    writeFileSync(join(folder, name), file);
    return;
  }
  throw new Error("the balance is not in the file");
}
