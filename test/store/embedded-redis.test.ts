import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type RedisBinaries, findRedis } from "#bin/find-redis.mjs";
import { expect } from "chai";
import { Redis } from "ioredis";
import { type EmbeddedRedis, type EmbeddedRedisOptions, startEmbeddedRedis } from "../../src/store/embedded-redis.ts";
import { processBirth } from "../../src/store/running-process.ts";

describe("store/embedded-redis", () => {
  let programs: RedisBinaries;
  let dataDir: string;
  let running: EmbeddedRedis[];

  before(async () => {
    programs = await findRedis({ env: process.env, mayFetch: true });
  });

  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), "cardswitch-test-"));
    running = [];
  });

  afterEach(async () => {
    for (const redis of running) await redis.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  async function start(options: Partial<EmbeddedRedisOptions> = {}): Promise<EmbeddedRedis> {
    const started = await startEmbeddedRedis({ programs, dataDir, ...options });
    if (!started.ok) throw new Error(`${started.error.code}: ${started.error.message}`);
    running.push(started.value);
    return started.value;
  }

  async function refusal(options: Partial<EmbeddedRedisOptions> = {}): Promise<{ code: string; message: string }> {
    const started = await startEmbeddedRedis({ programs, dataDir, ...options });
    if (started.ok) {
      running.push(started.value);
      return { code: "started", message: "" };
    }
    return started.error;
  }

  it("listens on a private unix socket only and never evicts", async () => {
    const redis = await start();

    expect(statSync(dirname(redis.socketPath)).mode & 0o777).to.equal(0o700);
    expect(await settings(redis, ["port", "maxmemory-policy", "appendfsync", "save"])).to.deep.equal({
      port: "0",
      "maxmemory-policy": "noeviction",
      appendfsync: "always",
      save: "",
    });
  });

  it("keeps the limits of compact hashes and of memory that its owner asks for", async () => {
    const redis = await start({ hashValueBytesMax: 96, memoryBytesMax: 50_000_000, durability: "relaxed" });

    expect(await settings(redis, ["hash-max-listpack-*", "maxmemory", "appendfsync"])).to.deep.equal({
      "hash-max-listpack-value": "96",
      "hash-max-listpack-entries": "128",
      maxmemory: "50000000",
      appendfsync: "everysec",
    });
  });

  it("keeps what was written over a stop and a start, and forgets it where it is volatile", async () => {
    const first = await start();
    await command(first, "SET", "balance", "100");
    await first.stop();
    const second = await start();
    const kept = await command(second, "GET", "balance");
    await second.stop();
    const third = await start({ durability: "volatile" });

    const afterVolatile = await command(third, "GET", "balance");

    expect(kept).to.equal("100");
    expect(afterVolatile).to.equal(null);
  });

  it("comes back with everything acknowledged after it was killed", async () => {
    const ends: (string | null)[] = [];
    const restarts: number[] = [];
    const redis = await start({
      onExit: (end) => ends.push(end.signal),
      onRestart: (restart) => restarts.push(restart.pid),
    });
    await command(redis, "SET", "balance", "100");
    const killed = redis.pid ?? 0;

    process.kill(killed, "SIGKILL");
    await until(() => restarts.length === 1);

    expect(ends).to.deep.equal(["SIGKILL"]);
    expect(redis.pid).to.equal(restarts[0]).and.not.equal(killed);
    expect(await command(redis, "GET", "balance")).to.equal("100");
  });

  it("does not come back once it was stopped, and gives its files and its folder back", async () => {
    const redis = await start();
    const pid = redis.pid ?? 0;

    await redis.stop();
    await redis.stop();

    expect(processBirth(pid)).to.equal(null);
    expect(existsSync(dirname(redis.socketPath))).to.equal(false);
    expect(readdirSync(dataDir)).to.not.include("owner.json");
  });

  it("ends even when it is frozen", async () => {
    const redis = await start();
    const pid = redis.pid ?? 0;
    process.kill(pid, "SIGSTOP");

    await redis.stop();

    expect(processBirth(pid)).to.equal(null);
  });

  it("refuses a second owner of the same data", async () => {
    await start();

    const second = await refusal();

    expect(second.code).to.equal("data_dir_locked");
    expect(second.message).to.include(String(process.pid));
  });

  it("takes over the data of an owner that is dead, even if its number is in use again", async () => {
    writeFileSync(join(dataDir, "owner.json"), JSON.stringify({ pid: process.pid, birth: "another life" }));

    const redis = await start();

    expect(await command(redis, "PING")).to.equal("PONG");
    expect(readFileSync(join(dataDir, "owner.json"), "utf8")).to.not.include("another life");
  });

  it("ends the Redis that a killed owner has left running, and finds its data", async () => {
    const owner = await startOwner({ programs, dataDir });
    process.kill(owner.child.pid ?? 0, "SIGKILL");
    await once(owner.child, "close");
    expect(processBirth(owner.redisPid)).to.not.equal(null);

    const redis = await start();

    expect(processBirth(owner.redisPid)).to.equal(null);
    expect(await command(redis, "GET", "balance")).to.equal("100");
  });

  it("leaves the Redis of a living owner alone", async () => {
    const otherDir = mkdtempSync(join(tmpdir(), "cardswitch-test-"));
    const other = await start({ dataDir: otherDir });

    await start();

    expect(await command(other, "PING")).to.equal("PONG");
    await other.stop();
    rmSync(otherDir, { recursive: true });
  });

  it("refuses a socket path that the kernel would cut", async () => {
    const socketDir = join(dataDir, "a".repeat(90));

    const error = await refusal({ socketDir });

    expect(error.code).to.equal("socket_path_too_long");
    expect(readdirSync(dataDir)).to.not.include("owner.json");
  });

  it("says in one line why it does not start", async () => {
    const absent = await refusal({ programs: { ...programs, server: join(dataDir, "no-such-server") } });
    const unusable = await refusal({ dataDir: join(programs.server, "below-a-file") });

    expect(absent.code).to.equal("redis_failed");
    expect(unusable.code).to.equal("data_dir_unusable");
    for (const { message } of [absent, unusable]) expect(message).to.match(/^[^\n]+$/);
  });

  describe("after a power cut", () => {
    async function stopWith(tail: string | Buffer): Promise<number> {
      const redis = await start();
      await command(redis, "SET", "balance", "100");
      await redis.stop();
      const size = statSync(aof()).size;
      appendFileSync(aof(), tail);
      return size;
    }

    function aof(): string {
      return join(dataDir, "appendonlydir", "appendonly.aof.1.incr.aof");
    }

    for (const [name, tail] of [
      ["zeros", Buffer.alloc(4096)],
      ["half a command", "*3\r\n$3\r\nSET\r\n$7\r\nbalance\r\n$3\r\n9"],
      ["half a header", "*3\r\n$1"],
      [
        "half a transaction and zeros",
        Buffer.concat([Buffer.from("*1\r\n$5\r\nMULTI\r\n*2\r\n$3\r\nDE"), Buffer.alloc(64)]),
      ],
    ] as const) {
      it(`cuts a tail of ${name}, keeps a copy of it, and loses nothing before it`, async () => {
        const size = await stopWith(tail);
        const repairs: { offset: number; bytes: number; copy: string }[] = [];

        const redis = await start({ onRepair: (repair) => repairs.push(repair) });

        expect(await command(redis, "GET", "balance")).to.equal("100");
        expect(repairs.map(({ offset, bytes }) => ({ offset, bytes }))).to.deep.equal([
          { offset: size, bytes: tail.length },
        ]);
        expect(readFileSync(repairs[0]?.copy ?? "")).to.deep.equal(Buffer.from(tail));
      });
    }

    it("refuses more zeros than one torn write leaves, and changes nothing", async () => {
      const size = await stopWith(Buffer.alloc(64 * 1024 + 1));

      const error = await refusal();

      expect(error.code).to.equal("aof_damaged");
      expect(error.message).to.include(`byte ${size}`);
      expect(statSync(aof()).size).to.equal(size + 64 * 1024 + 1);
    });

    it("refuses bytes that no write of Redis begins with", async () => {
      await stopWith("*3\r\n$3\r\nSET\r\nx = 3\r\n");

      expect((await refusal()).code).to.equal("aof_damaged");
    });

    it("refuses a changed length that swallows acknowledged writes", async () => {
      const redis = await start();
      for (const key of ["a", "b", "c"]) await command(redis, "SET", key, "100");
      await redis.stop();
      const text = readFileSync(aof(), "latin1");
      writeFileSync(aof(), text.replace("$1\r\na\r\n$3\r\n", "$1\r\na\r\n$9993\r\n"), "latin1");

      expect((await refusal()).code).to.equal("aof_damaged");
    });
  });
});

async function settings(redis: EmbeddedRedis, names: readonly string[]): Promise<Record<string, string>> {
  const client = new Redis(redis.socketPath);
  const found: Record<string, string> = {};
  for (const name of names) {
    const pairs = await client.call("CONFIG", "GET", name);
    if (!Array.isArray(pairs)) throw new Error("CONFIG GET answered something else");
    for (let i = 0; i < pairs.length; i += 2) found[String(pairs[i])] = String(pairs[i + 1]);
  }
  client.disconnect();
  return found;
}

async function command(redis: EmbeddedRedis, name: string, ...args: string[]): Promise<unknown> {
  const client = new Redis(redis.socketPath);
  try {
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}

/** A process of its own that starts a Redis, writes a balance and waits to be killed. */
async function startOwner(options: EmbeddedRedisOptions): Promise<{ child: ChildProcess; redisPid: number }> {
  const module = new URL("../../src/store/embedded-redis.js", import.meta.url);
  const script = `
    import { startEmbeddedRedis } from ${JSON.stringify(module.href)};
    const started = await startEmbeddedRedis(${JSON.stringify(options)});
    console.log(started.value.socketPath + " " + started.value.pid);
    process.stdin.resume();`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const [socketPath = "", pid = ""] = line.toString().trim().split(" ");
  const socket = connect(socketPath);
  socket.write("SET balance 100\r\n");
  await once(socket, "data");
  socket.destroy();
  return { child, redisPid: Number(pid) };
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !isTrue(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(isTrue(), "it did not happen within five seconds").to.equal(true);
}
