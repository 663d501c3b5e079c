import { expect } from "chai";
import { minor } from "../../src/kernel/money.ts";
import { type RunningSwitch, startSwitch } from "../../src/public.ts";
import { must } from "../../src/kernel/assert.ts";
import { command } from "../support/command.ts";
import { openWire } from "../support/wire.ts";

describe("cardswitch exceptions", () => {
  let running: RunningSwitch;

  before(async () => {
    running = await startSwitch({ seed: "demo", volatile: true, shardCount: 2 });
  });

  after(() => running.close());

  it("lists a reversal of more than remains with its cause, and ends with 0", async () => {
    const url = running.api.url;
    const none = await command(["exceptions", "--url", url]);
    const wire = await openWire("visa", running.visa.port);
    const card = must(must(running.demo, "the demo program").cards.get("us-1"), "card us-1");
    const held = wire.purchase(card, 12_50n);
    await wire.station.authorize(held, "us-1");
    const replacement = { amount: minor(13_00n), billing: null };
    const undo = { purchase: held, of: "0100", stan: "990001", cause: "partial", authorizationCode: null } as const;
    await wire.station.reverse({ ...undo, replacement }, "0400");
    await wire.close();

    const told = await command(["exceptions", "--url", url]);
    const json = await command(["exceptions", "--url", url, "--json", "--limit", "1"]);

    expect([none.code, none.stdout]).to.deep.equal([0, "no exceptions\n"]);
    expect(told.stdout).to.match(/^\d+\/\d+ \S+Z reversal_of_more_than_remains: .*STAN \d{6}.*, about \d+\/\d+\)\n$/);
    const { exceptions } = JSON.parse(json.stdout) as { exceptions: { cause: string }[] };
    expect(exceptions.map(({ cause }) => cause)).to.deep.equal(["reversal_of_more_than_remains"]);
  });

  it("ends with 2 where it is asked for no number of them", async () => {
    expect((await command(["exceptions", "--limit", "all"])).code).to.equal(2);
  });
});
