import { expect } from "chai";
import fc from "fast-check";
import { isoTime, parseIsoTime } from "../../src/kernel/clock.ts";
import { type WindowInterval, countersOf, setNumberOf, windowOf, windowStart } from "../../src/ledger/limits.ts";

const intervals: readonly WindowInterval[] = ["daily", "weekly", "monthly", "yearly", "all_time"];
const second = fc.integer({ min: 0, max: 7_000_000_000 });

function secondsOf(iso: string): number {
  return (parseIsoTime(iso) ?? Number.NaN) / 1000;
}

describe("ledger/limits", () => {
  it("begins a day at 00:00 UTC, a week on Monday, and months and years with the calendar", () => {
    const last = secondsOf("2026-11-22T23:59:59Z");
    const next = secondsOf("2026-11-23T00:00:00Z");

    expect(windowOf("daily", next) - windowOf("daily", last)).to.equal(1);
    // 23 November 2026 is a Monday.
    expect(windowOf("weekly", next) - windowOf("weekly", last)).to.equal(1);
    expect(windowOf("weekly", next + 6 * 86_400)).to.equal(windowOf("weekly", next));
    expect(windowOf("monthly", secondsOf("2026-12-01T00:00:00Z"))).to.equal(windowOf("monthly", next) + 1);
    expect(windowOf("yearly", secondsOf("2027-01-01T00:00:00Z"))).to.equal(windowOf("yearly", next) + 1);
    expect(windowOf("all_time", last)).to.equal(windowOf("all_time", 0));
  });

  it("agrees with the calendar on every month and year, leap years included", () => {
    fc.assert(
      fc.property(second, (seconds) => {
        const iso = isoTime(seconds * 1000);
        expect(windowOf("yearly", seconds)).to.equal(Number(iso.slice(0, 4)));
        expect(windowOf("monthly", seconds)).to.equal(Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7)) - 1);
      }),
    );
  });

  it("holds every second in the window that begins at or before it and ends after it", () => {
    fc.assert(
      fc.property(second, fc.constantFrom(...intervals), (seconds, interval) => {
        const window = windowOf(interval, seconds);
        expect(windowStart(interval, window)).to.be.at.most(seconds);
        if (interval !== "all_time") expect(windowStart(interval, window + 1)).to.be.greaterThan(seconds);
      }),
    );
  });

  it("gives limits of the same interval and categories one counter, whatever their order and amounts", () => {
    const counters = countersOf([
      { amount: 100, interval: "daily", categories: ["bakeries", "florists"] },
      { amount: 200, interval: "daily", categories: ["florists", "bakeries"] },
      { amount: 300, interval: "daily", categories: null },
      { amount: 400, interval: "per_authorization", categories: null },
    ]);

    expect(counters.map(({ interval }) => interval)).to.deep.equal(["daily", "daily"]);
    expect(setNumberOf(["a", "b"])).to.equal(setNumberOf(["b", "a", "a"]));
    expect(setNumberOf(["a"])).to.not.equal(setNumberOf(["b"]));
    expect(setNumberOf([])).to.equal(0);
  });
});
