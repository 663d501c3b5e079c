import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, type Server, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findRedis } from "#bin/find-redis.mjs";
import { expect } from "chai";
import { type EmbeddedRedis, startEmbeddedRedis } from "../../src/store/embedded-redis.ts";
import { checkExternal } from "../../src/store/external-redis.ts";
import type { Durability } from "../../src/store/redis-settings.ts";

describe("store/external-redis", () => {
  it("accepts a Redis that keeps a log and never evicts", async () => {
    const { redis, remove } = await realRedis("always");

    const checked = await checkExternal(`unix://${redis.socketPath}`, "always");

    await remove();
    expect(checked)
      .to.have.nested.property("value.version")
      .that.matches(/^\d+\.\d+\.\d+$/);
  });

  it("says that a Redis without an append-only file would lose money", async () => {
    const { redis, remove } = await realRedis("volatile");

    const checked = await checkExternal(`unix://${redis.socketPath}`, "always");

    await remove();
    expect(checked).to.have.nested.property("error.code", "redis_unsuitable");
    expect(checked).to.have.nested.property("error.message").that.includes("append-only file is off");
  });

  it("takes a Redis that may lose a second only where that was asked for", async () => {
    const { redis, remove } = await realRedis("relaxed");
    const address = `unix://${redis.socketPath}`;

    const [asDurable, asRelaxed] = [await checkExternal(address, "always"), await checkExternal(address, "relaxed")];

    await remove();
    expect(asDurable).to.have.nested.property("error.code", "redis_unsuitable");
    expect(asDurable).to.have.nested.property("error.message").that.includes("appendfsync is everysec");
    expect(asRelaxed).to.have.property("ok", true);
  });

  it("says that a user or a database of an address would not be used", async () => {
    const [user, database] = [
      await checkExternal("redis://shop:open-sesame@127.0.0.1:1", "always"),
      await checkExternal("redis://127.0.0.1:1/4", "always"),
    ];

    expect(user).to.have.nested.property("error.message").that.includes("default user").and.not.includes("sesame");
    expect(database).to.have.nested.property("error.message").that.includes("database 0");
  });

  it("says that a Redis that evicts would lose money", async () => {
    const checked = await checkAnswering("redis_version:7.0.15\r\nmaxmemory_policy:allkeys-lru\r\naof_enabled:1\r\n");

    expect(checked).to.have.nested.property("error.code", "redis_unsuitable");
    expect(checked).to.have.nested.property("error.message").that.includes("maxmemory-policy is allkeys-lru");
  });

  it("refuses a Redis without functions", async () => {
    const checked = await checkAnswering("redis_version:6.2.14\r\nmaxmemory_policy:noeviction\r\naof_enabled:1\r\n");

    expect(checked).to.have.nested.property("error.code", "redis_too_old");
  });

  it("names the place but never the password of a Redis that does not answer", async () => {
    const checked = await checkExternal("redis://:open-sesame@127.0.0.1:1", "always");

    expect(checked).to.have.nested.property("error.code", "redis_unreachable");
    expect(checked).to.have.nested.property("error.message").that.includes("127.0.0.1:1").and.not.includes("sesame");
  });

  it("does not wait for ever for a Redis that accepts and stays silent", async () => {
    const checked = await checkAnswering("");

    expect(checked).to.have.nested.property("error.code", "redis_unreachable");
  });

  it("refuses an address that is not one of a Redis", async () => {
    expect(await checkExternal("localhost", "always")).to.have.nested.property("error.code", "redis_unreachable");
    expect(await checkExternal("http://127.0.0.1:6379", "always")).to.have.nested.property(
      "error.code",
      "redis_unreachable",
    );
  });
});

async function realRedis(durability: Durability): Promise<{ redis: EmbeddedRedis; remove: () => Promise<void> }> {
  const programs = await findRedis({ env: process.env, mayFetch: true });
  const dataDir = mkdtempSync(join(tmpdir(), "cardswitch-test-"));
  const started = await startEmbeddedRedis({ programs, dataDir, durability });
  if (!started.ok) throw new Error(started.error.message);
  const redis = started.value;
  const remove = async (): Promise<void> => {
    await redis.stop();
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { redis, remove };
}

/** Settings that no Redis of this machine has: a peer on a socket says them; an empty text: it says nothing. */
async function checkAnswering(info: string): ReturnType<typeof checkExternal> {
  const server: Server = createServer((socket) => {
    socket.on("data", () => {
      if (info !== "") socket.write(`$${info.length}\r\n${info}\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const checked = await checkExternal(`redis://127.0.0.1:${port}`, "relaxed");
  server.close();
  return checked;
}
