import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { expect } from "chai";
import { type RunningSwitch, startSwitch } from "../../src/public.ts";
import { must } from "../../src/kernel/assert.ts";
import { eventually } from "../support/command.ts";
import { sharedRedis } from "../support/redis.ts";
import { type Wire, openWire } from "../support/wire.ts";

describe("startSwitch", () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  async function start(options: Parameters<typeof startSwitch>[0] = {}): Promise<RunningSwitch> {
    const started = await startSwitch({ seed: "demo", volatile: true, shardCount: 2, ...options });
    closers.push(() => started.close());
    return started;
  }

  async function visa(running: RunningSwitch): Promise<Wire> {
    const wire = await openWire("visa", running.visa.port);
    closers.push(() => wire.close());
    return wire;
  }

  function card(running: RunningSwitch) {
    return must(must(running.demo, "the demo program").cards.get("us-1"), "card us-1");
  }

  it("decides a 0100 from the wire, and finds it again in the records and in the books", async () => {
    const running = await start();
    const wire = await visa(running);
    const { place } = card(running);

    const outcome = await wire.station.authorize(wire.purchase(card(running), 12_50n), "us-1");

    expect(outcome).to.include({ kind: "answered", responseCode: "00" });
    await running.settled();
    const [found] = running.access.queries.authorizationsOfCard(place, { before: null, rowsMax: 10 });
    expect(found).to.include({ approved: 12_50n, remaining: 12_50n, status: "pending", stan: Number(found?.stan) });
    const report = await running.verify();
    expect(report).to.include({ isSound: true, openHolds: 1 });
  });

  it("runs two switches side by side, each with books of its own", async () => {
    const [first, second] = [await start(), await start()];
    const [wire, other] = [await visa(first), await visa(second)];

    await wire.station.authorize(wire.purchase(card(first), 5_00n), "us-1");
    await other.station.authorize(other.purchase(card(second), 7_00n), "us-1");

    await Promise.all([first.settled(), second.settled()]);
    const approvals = [first, second].map((one) =>
      one.access.queries
        .authorizationsOfCard(card(one).place, { before: null, rowsMax: 10 })
        .map(({ approved }) => approved),
    );
    expect(approvals).to.deep.equal([[5_00n], [7_00n]]);
    expect(first.visa.port).to.not.equal(second.visa.port);
  });

  it("gives a daily limit back when business time is moved by a day, for the very next message", async () => {
    const running = await start({ clock: "2027-03-10T12:00Z" });
    const wire = await visa(running);
    const pay = async (): Promise<string> => {
      const outcome = await wire.station.authorize(wire.purchase(card(running), 400_00n), "us-1");
      return outcome.kind === "answered" ? outcome.responseCode : outcome.kind;
    };

    const today = [await pay(), await pay()];
    const moved = await running.clock.advance({ days: 1 });
    const tomorrow = await pay();

    expect(today).to.deep.equal(["00", "61"]);
    expect(moved.business.slice(0, 10)).to.equal("2027-03-11");
    expect(tomorrow).to.equal("00");
  });

  it("lets business time stand still, and go on from where it stood", async () => {
    const running = await start({ clock: "2027-03-10T12:00Z" });

    const frozen = await running.clock.freeze();
    await new Promise((resolve) => {
      setTimeout(resolve, 30);
    });
    const still = running.clock.show();
    const going = await running.clock.unfreeze();

    expect(still).to.include({ business: frozen.business, isFrozen: true });
    expect(going.isFrozen).to.equal(false);
    expect(Date.parse(going.business) - Date.parse(frozen.business)).to.be.within(0, 2_000);
  });

  it("never sets business time back, except by a reset", async () => {
    const running = await start({ clock: "2027-03-10T12:00Z" });
    await running.clock.advance("31d");

    const back = await running.clock.advance(-1).then(
      () => "moved",
      (error: Error) => error.message,
    );
    await running.reset();

    expect(back).to.include("only a reset sets it back");
    const { business, epoch } = running.clock.show();
    expect({ day: business.slice(0, 10), epoch }).to.deep.equal({ day: "2027-03-10", epoch: 2 });
  });

  it("begins with empty books after a reset, on the same ports and connections", async () => {
    const running = await start();
    const wire = await visa(running);
    await wire.station.authorize(wire.purchase(card(running), 12_50n), "us-1");

    await running.reset();

    expect(running.access.queries.counts().authorizations).to.equal(0);
    const outcome = await wire.station.authorize(wire.purchase(card(running), 3_00n), "us-1");
    expect(outcome).to.include({ kind: "answered", responseCode: "00" });
    await running.settled();
    expect(running.access.queries.counts().authorizations).to.equal(1);
    expect(await running.verify()).to.include({ isSound: true, openHolds: 1 });
  });

  it("keeps a data set that has a folder, and opens it again with its cards and holds", async () => {
    const first = await startSwitch({ seed: "demo", shardCount: 2 });
    const dir = first.dataDir;
    await first.close();
    expect(existsSync(dir)).to.equal(false);

    const kept = await startSwitch({ seed: "demo", shardCount: 2, dataDir: dir });
    const seeded = card(kept);
    const wire = await openWire("visa", kept.visa.port);
    await wire.station.authorize(wire.purchase(seeded, 12_50n), "us-1");
    await wire.close();
    await kept.close();
    const again = await start({ volatile: false, dataDir: dir, seed: "none" });

    const [found] = again.access.queries.authorizationsOfCard(seeded.place, { before: null, rowsMax: 1 });
    expect(found?.approved).to.equal(12_50n);
    expect(await again.verify()).to.include({ isSound: true, openHolds: 1 });
  });

  it("is not ready while Redis stands still, and is again when it goes on, without a restart", async () => {
    const running = await start({ volatile: false });
    const wire = await visa(running);
    const redis = Number(await redisPid(running));
    const isReady = async (): Promise<boolean> => (await fetch(`${running.api.url}/readyz`)).ok;
    expect(await isReady()).to.equal(true);

    process.kill(redis, "SIGSTOP");
    const still = await isReady();
    process.kill(redis, "SIGCONT");

    expect(still).to.equal(false);
    expect(await eventually(isReady)).to.equal(true);
    const outcome = await wire.station.authorize(wire.purchase(card(running), 1_00n), "us-1");
    expect(outcome).to.include({ kind: "answered", responseCode: "00" });
  });

  it("recovers from a Redis that was killed, with everything that it had approved", async () => {
    const running = await start({ volatile: false });
    const wire = await visa(running);
    await wire.station.authorize(wire.purchase(card(running), 12_50n), "us-1");

    process.kill(Number(await redisPid(running)), "SIGKILL");

    expect(await eventually(async () => !(await fetch(`${running.api.url}/readyz`)).ok)).to.equal(true);
    expect(await eventually(async () => (await fetch(`${running.api.url}/readyz`)).ok)).to.equal(true);
    await wire.station.authorize(wire.purchase(card(running), 1_00n), "us-1");
    await running.settled();
    expect(await running.verify()).to.include({ isSound: true, openHolds: 2 });
  });

  it("shares a Redis that somebody else runs, and a reset deletes nothing of its neighbour's", async () => {
    const redisUrl = `unix://${(await sharedRedis()).socketPath}`;
    const [first, second] = [await start({ volatile: false, redisUrl }), await start({ volatile: false, redisUrl })];
    const [wire, other] = [await visa(first), await visa(second)];
    await wire.station.authorize(wire.purchase(card(first), 5_00n), "us-1");
    await other.station.authorize(other.purchase(card(second), 7_00n), "us-1");

    await first.reset();

    await second.settled();
    expect(await first.verify()).to.include({ isSound: true, openHolds: 0 });
    expect(await second.verify()).to.include({ isSound: true, openHolds: 1 });
  });

  it("leaves no handle: a program that closes its switch ends by itself", async () => {
    const module = new URL("../../src/public.js", import.meta.url).href;
    const text = `const { startSwitch } = await import("${module}");
      const sw = await startSwitch({ seed: "demo", volatile: true, shardCount: 1 });
      await sw.settled(); await sw.close(); process.stdout.write("closed");`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", text], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const limit = setTimeout(() => child.kill("SIGKILL"), 15_000);
    const code = await new Promise((resolve) => child.once("exit", (exitCode) => resolve(exitCode)));
    clearTimeout(limit);

    expect(code).to.equal(0);
  });

  it("says in one sentence what a shard count, a duration or a link that cannot be is", async () => {
    const failure = (options: Parameters<typeof startSwitch>[0]): Promise<string> =>
      startSwitch({ volatile: true, ...options }).then(
        async (running) => {
          await running.close();
          return "started";
        },
        (error: Error) => `${error.name}: ${error.message}`,
      );

    expect(await failure({ shardCount: 0 })).to.equal(
      'SwitchError: --shards is "0"; it has to be a whole number from 1 to 256',
    );
    expect(await failure({ clock: "noon" })).to.equal(
      'SwitchError: --clock is "noon"; it has to be a time such as 2026-01-05T09:00Z',
    );
  });
});

/** The pid that Redis itself tells in its lock's folder is that of its owner, so its own is asked from the process list. */
async function redisPid(running: RunningSwitch): Promise<string> {
  const { runningServers } = await import("../../src/store/running-process.ts");
  const found = runningServers().find(({ dataDir }) => dataDir.startsWith(running.dataDir));
  return String(must(found, "a Redis of this switch").pid);
}
