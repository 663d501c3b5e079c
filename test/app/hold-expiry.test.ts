import { expect } from "chai";
import { type RunningSwitch, startSwitch } from "../../src/public.ts";
import { must } from "../../src/kernel/assert.ts";
import { openWire } from "../support/wire.ts";

describe("app/hold-expiry", () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  async function start(): Promise<RunningSwitch> {
    const started = await startSwitch({ seed: "demo", volatile: true, shardCount: 2, clock: "2027-03-10T12:00Z" });
    closers.push(() => started.close());
    return started;
  }

  it("ends every hold that falls due while business time is moved, before the move is over", async () => {
    const running = await start();
    const wire = await openWire("visa", running.visa.port);
    closers.push(() => wire.close());
    const card = must(must(running.demo, "the demo program").cards.get("us-1"), "card us-1");
    for (let count = 0; count < 3; count++) await wire.station.authorize(wire.purchase(card, 12_50n), "us-1");
    const held = (): (string | undefined)[] =>
      running.access.queries.authorizationsOfCard(card.place, { before: null, rowsMax: 5 }).map(({ status }) => status);

    await running.clock.advance("6d");
    const early = held();
    await running.clock.advance("1d");
    const late = held();

    expect([early, late]).to.deep.equal([
      ["pending", "pending", "pending"],
      ["expired", "expired", "expired"],
    ]);
    const report = await running.verify();
    expect(report).to.include({ isSound: true, openHolds: 0 });
  });
});
