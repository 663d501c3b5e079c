import { expect } from "chai";
import { SwitchCounters, latencyBoundsMs } from "../../src/switch/switch-counters.ts";

describe("switch/switch-counters", () => {
  it("counts events link by link", () => {
    const counters = new SwitchCounters();

    counters.count("approved", "visa-style");
    counters.count("approved", "visa-style");
    counters.count("shed", "generic");

    const snapshot = counters.snapshot();
    expect(snapshot.get("visa-style")?.events.get("approved")).to.equal(2);
    expect(snapshot.get("visa-style")?.events.get("shed")).to.equal(0);
    expect(snapshot.get("generic")?.events.get("shed")).to.equal(1);
  });

  it("puts a latency into the first bucket whose bound it does not pass, and the longest behind them all", () => {
    const counters = new SwitchCounters();

    for (const milliseconds of [0.1, 0.25, 0.26, 5_000, 5_001]) counters.latency("generic", milliseconds);

    const counts = counters.snapshot().get("generic");
    const expected = latencyBoundsMs.map(() => 0).concat(0);
    expected[0] = 2;
    expected[1] = 1;
    expected[latencyBoundsMs.length - 1] = 1;
    expected[latencyBoundsMs.length] = 1;
    expect(counts?.latencies).to.deep.equal(expected);
    expect(counts?.latencySumMs).to.be.closeTo(10_001.61, 1e-6);
  });
});
