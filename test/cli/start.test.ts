import { type Server, createServer } from "node:net";
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Served, command, eventually, freePorts, freshFolder, serve } from "../support/command.ts";
import { sharedRedis } from "../support/redis.ts";
import { type Wire, type WireCard, openWire } from "../support/wire.ts";

describe("cardswitch start", () => {
  const closers: (() => Promise<unknown> | void)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  function folder(): string {
    const { path, remove } = freshFolder();
    closers.push(remove);
    return join(path, "data");
  }

  async function start(args: readonly string[] = ["--volatile", "--seed", "demo", "--shards", "2"]): Promise<Served> {
    const served = await serve(args);
    closers.push(() => served.end("SIGTERM"));
    return served;
  }

  async function card(served: Served): Promise<WireCard> {
    const response = await fetch(`${served.url}/_admin/cards/us-1`);
    return (await response.json()) as WireCard;
  }

  async function visa(served: Served): Promise<Wire> {
    const wire = await openWire("visa", served.ports["visa-style"] ?? 0);
    closers.push(() => wire.close());
    return wire;
  }

  it("answers everything that is in flight after SIGTERM, signs off, and ends with 0 within five seconds", async () => {
    const served = await start();
    const wire = await visa(served);
    const us1 = await card(served);
    const asked = Array.from({ length: 100 }, () => wire.station.authorize(wire.purchase(us1, 1_00n), "us-1"));
    // Into the middle of them.
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });

    const startedAt = performance.now();
    const code = await served.end("SIGTERM");

    expect(code).to.equal(0);
    expect(performance.now() - startedAt).to.be.below(5_000);
    const outcomes = await Promise.all(asked);
    expect(outcomes.filter(({ kind }) => kind === "answered")).to.have.length(100);
    expect(wire.link.isUsable).to.equal(false);
  });

  it("goes on deciding while the platform is away, and remembers it all when the platform is back", async () => {
    const served = await start();
    const wire = await visa(served);
    const us1 = await card(served);

    process.kill(served.pids.platform, "SIGKILL");
    const outcome = await wire.station.authorize(wire.purchase(us1, 1_00n), "us-1");

    expect(outcome).to.include({ kind: "answered", responseCode: "00" });
    expect(await eventually(async () => (await fetch(`${served.url}/readyz`)).ok)).to.equal(true);
    const verified = await command(["verify", "--json", "--url", served.url]);
    expect({ code: verified.code, ...(JSON.parse(verified.stdout) as object) }).to.include({
      code: 0,
      isSound: true,
      openHolds: 1,
    });
  });

  it("brings the links back on their ports when the switch is killed, and leaves the platform alone", async () => {
    const served = await start();
    const us1 = await card(served);
    const health = async (): Promise<string> => {
      const text = await (await fetch(`${served.url}/metrics`)).text();
      return /^cardswitch_platform_process_start_time_seconds (\S+)/m.exec(text)?.[1] ?? "";
    };
    const before = await health();

    process.kill(served.pids.switch, "SIGKILL");

    expect(await eventually(async () => !(await fetch(`${served.url}/readyz`)).ok)).to.equal(true);
    expect(await eventually(async () => (await fetch(`${served.url}/readyz`)).ok)).to.equal(true);
    const wire = await visa(served);
    const outcome = await wire.station.authorize(wire.purchase(us1, 1_00n), "us-1");
    expect(outcome).to.include({ kind: "answered", responseCode: "00" });
    expect(await health()).to.equal(before);
  });

  it("moves the clock of the process that decides before it says that the clock has moved", async () => {
    const served = await start([...volatileDemo, "--clock", "2027-03-10T12:00Z"]);
    const wire = await visa(served);
    const us1 = await card(served);
    const pay = async (): Promise<string> => {
      const outcome = await wire.station.authorize(wire.purchase(us1, 400_00n), "us-1");
      return outcome.kind === "answered" ? outcome.responseCode : outcome.kind;
    };
    const today = [await pay(), await pay()];

    const moved = await command(["clock", "advance", "1d", "--json", "--url", served.url]);
    const tomorrow = await pay();

    expect({ code: moved.code, today, tomorrow }).to.deep.equal({ code: 0, today: ["00", "61"], tomorrow: "00" });
  });

  it("keeps the moved clock through a crash of the process that decides", async () => {
    const served = await start([...volatileDemo, "--clock", "2027-03-10T12:00Z"]);
    await command(["clock", "advance", "31d", "--url", served.url]);
    await command(["clock", "freeze", "--url", served.url]);
    const shown = JSON.parse((await command(["clock", "show", "--json", "--url", served.url])).stdout) as {
      business: string;
    };
    const us1 = await card(served);

    process.kill(served.pids.switch, "SIGKILL");
    await eventually(async () => !(await fetch(`${served.url}/readyz`)).ok);
    await eventually(async () => (await fetch(`${served.url}/readyz`)).ok);
    const wire = await visa(served);
    await wire.station.authorize(wire.purchase(us1, 1_00n), "us-1");
    await fetch(`${served.url}/_admin/settled`, { method: "POST" });

    const trace = await command(["verify", "--json", "--url", served.url]);
    expect(trace.code).to.equal(0);
    const traces = (await (await fetch(`${served.url}/_admin/authorizations`)).json()) as {
      authorizations: { created: string }[];
    };
    expect(traces.authorizations[0]?.created).to.equal(shown.business);
  });

  it("runs one role alone on a Redis of somebody else's, and a second switch beside it on the same books", async () => {
    const redisUrl = `unix://${(await sharedRedis()).socketPath}`;
    const args = ["--redis", redisUrl, "--data-dir", folder(), "--seed", "demo"];
    const platform = await serve([...args, "--role", "platform"]);
    closers.push(() => platform.end("SIGTERM"));
    const us1 = await card(platform);
    const pay = async (): Promise<string> => {
      const links = await serve([...args, "--role", "switch"]);
      const wire = await openWire("visa", links.ports["visa-style"] ?? 0);
      const outcome = await wire.station.authorize(wire.purchase(us1, 300_00n), "us-1");
      await wire.close();
      await links.end("SIGTERM");
      return outcome.kind === "answered" ? outcome.responseCode : outcome.kind;
    };

    const answers = [await pay(), await pay()];

    expect(answers).to.deep.equal(["00", "61"]);
    const verified = await command(["verify", "--json", "--url", platform.url]);
    expect(JSON.parse(verified.stdout)).to.include({ isSound: true, openHolds: 1 });
  });

  it("runs no role alone without a Redis to share, and ends with 3", async () => {
    const ended = await command(["start", "--role", "switch"], quiet);

    expect(ended.code).to.equal(3);
    expect(ended.stderr).to.include("--role needs REDIS_URL");
  });

  describe("that cannot be", () => {
    const oneLine = (stderr: string): string[] => stderr.trim().split("\n");

    it("names the port that another program has, and ends with 3", async () => {
      const busy = await occupy();
      closers.push(() => new Promise((resolve) => busy.server.close(resolve)));

      const ended = await command(["start", "--volatile", ...freePorts, "--visa-port", String(busy.port)], quiet);

      expect(ended.code).to.equal(3);
      expect(oneLine(ended.stderr)).to.deep.equal([
        `cardswitch: port ${busy.port} of link visa-style is in use by another program; 0 takes a free one`,
      ]);
    });

    it("names the setting that is wrong, with what it may be, and ends with 3", async () => {
      const ended = await command(["start"], { ...quiet, CARDSWITCH_DURABILITY: "sometimes" });

      expect(ended.code).to.equal(3);
      expect(oneLine(ended.stderr)).to.deep.equal([
        'cardswitch: CARDSWITCH_DURABILITY is "sometimes"; it has to be one of always, relaxed, volatile',
      ]);
    });

    it("refuses records of another data set, and ends with 3", async () => {
      const [ours, theirs] = [folder(), folder()];
      for (const dir of [ours, theirs]) await (await serve(["--data-dir", dir, "--shards", "1"])).end("SIGTERM");
      for (const suffix of ["", "-wal", "-shm"]) rmSync(join(ours, `records.db${suffix}`), { force: true });
      writeFileSync(join(ours, "records.db"), readFileSync(join(theirs, "records.db")));

      const ended = await command(["start", "--data-dir", ours, ...freePorts], quiet);

      expect(ended.code).to.equal(3);
      expect(oneLine(ended.stderr)).to.have.length(1);
      expect(ended.stderr).to.match(/belongs to data set [0-9a-f]{16}, not to [0-9a-f]{16}/);
    });

    it("refuses a Redis that has lost what the records hold, and ends with 3", async () => {
      const dir = folder();
      await (await serve(["--data-dir", dir, "--shards", "1", "--seed", "demo"])).end("SIGTERM");
      rmSync(join(dir, "redis", "appendonlydir"), { recursive: true });

      const ended = await command(["start", "--data-dir", dir, ...freePorts], quiet);

      expect(ended.code).to.equal(3);
      expect(oneLine(ended.stderr)).to.have.length(1);
      expect(ended.stderr).to.include("Redis has nothing of data set");
    });

    it("refuses an append-only file with a flipped byte, and ends with 3", async () => {
      const dir = folder();
      await (await serve(["--data-dir", dir, "--shards", "1", "--seed", "demo"])).end("SIGTERM");
      const aof = join(dir, "redis", "appendonlydir");
      const file = join(aof, readdirSync(aof).find((name) => name.endsWith(".incr.aof")) ?? "");
      const bytes = readFileSync(file);
      // The length of an argument in the middle: what follows can no longer be read as commands.
      const at = bytes.indexOf("\r\n$", Math.floor(bytes.length / 2)) + 3;
      bytes[at] = (bytes[at] ?? 0) ^ 0x40;
      writeFileSync(file, bytes);

      const ended = await command(["start", "--data-dir", dir, ...freePorts], quiet);

      expect(ended.code).to.equal(3);
      expect(oneLine(ended.stderr)).to.have.length(1);
    });

    it("refuses a key file that others may read, and ends with 3", async () => {
      const dir = folder();
      await (await serve(["--data-dir", dir, "--shards", "1"])).end("SIGTERM");
      chmodSync(join(dir, "keys.json"), 0o644);

      const ended = await command(["start", "--data-dir", dir, ...freePorts], quiet);

      expect(ended.code).to.equal(3);
      expect(oneLine(ended.stderr)).to.deep.equal([
        `cardswitch: ${join(dir, "keys.json")} may be read by others: chmod 600 it`,
      ]);
    });

    it("says what to install where there is no Redis, and ends with 3", async () => {
      const { path, remove } = freshFolder();
      closers.push(remove);
      mkdirSync(join(path, "bin"));
      symlinkSync(process.execPath, join(path, "bin", "node"));
      const env = { ...quiet, PATH: join(path, "bin"), XDG_CACHE_HOME: path };

      const ended = await command(["start", "--volatile", ...freePorts], env);

      expect(ended.code).to.equal(3);
      expect(oneLine(ended.stderr)).to.have.length(1);
      expect(ended.stderr).to.include("no Redis 7.0 or newer here").and.to.include("or set REDIS_URL");
    });

    it("refuses a data set that another process serves, and names the process", async () => {
      const dir = folder();
      const served = await serve(["--data-dir", dir, "--shards", "1"]);
      closers.push(() => served.end("SIGTERM"));

      const ended = await command(["start", "--data-dir", dir, ...freePorts], quiet);

      expect(ended.code).to.equal(3);
      expect(ended.stderr).to.include(`is in use by process ${served.process.pid}`);
    });
  });
});

const volatileDemo = ["--volatile", "--seed", "demo", "--shards", "2"] as const;
const quiet = { CARDSWITCH_LOG_LEVEL: "silent" } as const;

function occupy(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve({ server, port: address !== null && typeof address === "object" ? address.port : 0 });
    });
  });
}
