import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { type RedisBinaries, findRedis } from "#bin/find-redis.mjs";
import { expect } from "chai";

describe("bin/find-redis", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "cardswitch-test-"));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it("takes the redis-server of the PATH, with the tools beside it", async () => {
    const server = plant("first/redis-server", "Redis server v=7.2.4 sha=00000000:0 malloc=libc bits=64");
    const cli = plant("first/redis-cli", "redis-cli 7.2.4");

    const found = await find(["empty", "first"]);

    expect(found).to.include({ server, version: "7.2.4", libraryPath: null, isFetched: false });
    expect(found.tools).to.deep.equal({ cli, benchmark: null, checkAof: null });
  });

  it("takes a valkey-server with its own tools", async () => {
    const server = plant("first/valkey-server", "Valkey server v=8.0.1 sha=00000000:0 malloc=libc bits=64");
    const checkAof = plant("first/valkey-check-aof", "");
    plant("first/redis-check-aof", "");

    const found = await find(["first"]);

    expect(found).to.include({ server, version: "8.0.1" });
    expect(found.tools.checkAof).to.equal(checkAof);
  });

  it("passes over one that is too old, or does not run, for a newer one further on", async () => {
    plant("old/redis-server", "Redis server v=6.2.14 sha=00000000:0 malloc=libc bits=64");
    plant("broken/redis-server", "no version at all");
    const server = plant("new/redis-server", "Redis server v=7.0.0 sha=00000000:0 malloc=libc bits=64");

    expect(await find(["old", "broken", "new"])).to.include({ server });
  });

  it("finds what an earlier start has put into the cache, the newest first, and its libraries", async () => {
    for (const version of ["7.0.15", "10.0.1", "8.2.0"]) {
      plant(`cache/cardswitch/redis-${version}/usr/bin/redis-server`, `Redis server v=${version} sha=0`);
    }
    plant("cache/cardswitch/redis-10.0.1/usr/lib/somewhere/libjemalloc.so.2", "");

    const found = await find(["empty"]);

    expect(found.version).to.equal("10.0.1");
    expect(found.libraryPath).to.equal(join(folder, "cache/cardswitch/redis-10.0.1/usr/lib/somewhere"));
  });

  it("prefers the PATH to the cache", async () => {
    plant("cache/cardswitch/redis-7.0.15/usr/bin/redis-server", "Redis server v=7.0.15 sha=0");
    plant("first/redis-server", "Redis server v=7.2.4 sha=0");

    expect((await find(["first"])).version).to.equal("7.2.4");
  });

  it("names the package to install where there is none", async () => {
    const error = await failure(["empty"]);

    expect(error).to.have.property("code", "redis_not_found");
    expect(error)
      .to.have.property("message")
      .that.matches(/redis-server|brew install redis/)
      .and.includes("REDIS_URL");
  });

  it("says which one is too old where there is no other", async () => {
    const server = plant("old/redis-server", "Redis server v=6.2.14 sha=00000000:0");

    const error = await failure(["old"]);

    expect(error).to.have.property("code", "redis_too_old");
    expect(error).to.have.property("message").that.includes(`${server} is 6.2.14`);
  });

  function find(path: readonly string[]): Promise<RedisBinaries> {
    const PATH = path.map((name) => join(folder, name)).join(delimiter);
    return findRedis({ env: { PATH, XDG_CACHE_HOME: join(folder, "cache"), HOME: folder }, mayFetch: false });
  }

  async function failure(path: readonly string[]): Promise<unknown> {
    return find(path).then(
      () => null,
      (error: unknown) => error,
    );
  }

  /** A program that prints one line, whatever it is asked. */
  function plant(name: string, line: string): string {
    const file = join(folder, name);
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho '${line}'\n`, { mode: 0o755 });
    return file;
  }
});
