import { expect } from "chai";
import { parseDuration } from "../../src/app/duration.ts";
import { percentilesOf } from "../../src/app/percentiles.ts";

describe("app/duration", () => {
  it("reads spans as people write them", () => {
    expect(["250ms", "90m", "31d", "1d12h", "2w"].map(parseDuration)).to.deep.equal([
      250, 5_400_000, 2_678_400_000, 129_600_000, 1_209_600_000,
    ]);
  });

  it("refuses what is no span, a step back among it", () => {
    expect(["", "31", "-1d", "1.5h", "1d ", "d"].map(parseDuration)).to.deep.equal([
      null,
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("app/percentiles", () => {
  it("gives values that were measured, whatever their order", () => {
    const latencies = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1);

    expect(percentilesOf(latencies)).to.deep.equal({ p50: 50, p90: 90, p99: 99, max: 100 });
    expect(percentilesOf([7])).to.deep.equal({ p50: 7, p90: 7, p99: 7, max: 7 });
    expect(percentilesOf([])).to.deep.equal({ p50: 0, p90: 0, p99: 0, max: 0 });
  });
});
