import { join } from "node:path";
import { expect } from "chai";
import type { Outcome } from "../../simulators/station.ts";
import { type Served, command, eventually, freshFolder, serve } from "../support/command.ts";
import { type Wire, type WireCard, openWire } from "../support/wire.ts";

describe("a process that is killed at a named place", () => {
  let dataDir: string;
  let served: Served | null = null;
  let removeFolder: () => void;

  beforeEach(async () => {
    const folder = freshFolder();
    dataDir = join(folder.path, "data");
    removeFolder = folder.remove;
    await (await serve(["--data-dir", dataDir, "--shards", "2", "--seed", "demo"])).end("SIGTERM");
  });
  afterEach(async () => {
    await served?.end("SIGTERM");
    served = null;
    removeFolder();
  });

  async function start(failpoint: string): Promise<{ running: Served; wire: Wire; card: WireCard }> {
    const running = await serve(["--data-dir", dataDir], { FAILPOINT: failpoint, CARDSWITCH_LOG_LEVEL: "silent" });
    served = running;
    const card = (await (await fetch(`${running.url}/_admin/cards/us-1`)).json()) as WireCard;
    const wire = await openWire("generic", running.ports["generic"] ?? 0);
    return { running, wire, card };
  }

  async function books(running: Served): Promise<object> {
    expect(await eventually(async () => (await fetch(`${running.url}/readyz`)).ok)).to.equal(true);
    await fetch(`${running.url}/_admin/settled`, { method: "POST" });
    const { records } = (await (await fetch(`${running.url}/_admin/journal`)).json()) as {
      records: { authorizations: number };
    };
    const verified = JSON.parse((await command(["verify", "--json", "--url", running.url])).stdout) as {
      isSound: boolean;
      openHolds: number;
    };
    return { authorizations: records.authorizations, isSound: verified.isSound, openHolds: verified.openHolds };
  }

  function saw(outcome: Outcome): object {
    return outcome.kind === "answered"
      ? { code: outcome.responseCode, attempts: outcome.attempts }
      : { kind: outcome.kind };
  }

  for (const place of ["auth.before_fcall", "auth.after_fcall_before_write", "auth.after_write_partial"]) {
    it(`${place}: the repeat is approved, and the purchase has one hold`, async () => {
      const { running, wire, card } = await start(`${place}:kill:2`);

      const first = await wire.station.authorize(wire.purchase(card, 1_00n), "us-1");
      const second = await wire.station.authorize(wire.purchase(card, 2_00n), "us-1");
      await wire.close();

      expect([saw(first), saw(second)]).to.deep.equal([
        { code: "00", attempts: 1 },
        { code: "00", attempts: 2 },
      ]);
      expect(hasEnded(running.pids.switch)).to.equal(true);
      expect(await books(running)).to.deep.equal({ authorizations: 2, isSound: true, openHolds: 2 });
    });
  }

  // The first trim comes with the start, for what an earlier process may have left.
  for (const place of ["projector.before_commit:kill:1", "projector.after_commit_before_trim:kill:2"]) {
    it(`${place}: every purchase is in the records, once`, async () => {
      const { running, wire, card } = await start(place);

      const outcomes = [];
      for (let i = 0; i < 5; i++) outcomes.push(await wire.station.authorize(wire.purchase(card, 1_00n), "us-1"));
      await wire.close();

      expect(outcomes.map((outcome) => saw(outcome))).to.deep.equal(outcomes.map(() => ({ code: "00", attempts: 1 })));
      expect(await eventually(async () => hasEnded(running.pids.platform))).to.equal(true);
      expect(await books(running)).to.deep.equal({ authorizations: 5, isSound: true, openHolds: 5 });
    });
  }

  function hasEnded(pid: number): boolean {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  }

  it("commit.after: a clock that was moved and told to nobody is known to all once the platform is back", async () => {
    const { running, wire, card } = await start("commit.after:kill:1");
    const pay = async (): Promise<string> => {
      const outcome = await wire.station.authorize(wire.purchase(card, 400_00n), "us-1");
      return outcome.kind === "answered" ? outcome.responseCode : outcome.kind;
    };
    const today = [await pay(), await pay()];

    const moved = await command(["clock", "advance", "1d", "--url", running.url]);
    expect(await eventually(async () => (await fetch(`${running.url}/readyz`)).ok)).to.equal(true);
    const tomorrow = await pay();
    await wire.close();

    expect({ code: moved.code, today, tomorrow }).to.deep.equal({ code: 3, today: ["00", "61"], tomorrow: "00" });
  });
});
