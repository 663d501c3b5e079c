import { expect } from "chai";
import fc from "fast-check";
import { isoTime, parseIsoTime } from "../../src/kernel/clock.ts";
import { transmissionMoment, transmissionText } from "../../src/switch/transmission-time.ts";

function at(text: string): number {
  return parseIsoTime(text) ?? Number.NaN;
}

describe("switch/transmission-time", () => {
  it("writes any moment from 1970 to 2200 as the calendar does", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: at("2200-01-01T00:00:00Z") }), (ms) => {
        const iso = isoTime(ms);

        expect(transmissionText(ms)).to.equal(iso.slice(5, 19).replaceAll(/\D/g, ""));
      }),
    );
  });

  it("finds a moment again that lies within half a year of now", () => {
    const halfYearMs = 180 * 86_400_000;
    fc.assert(
      fc.property(
        fc.integer({ min: at("2000-01-01T00:00:00Z") / 1000, max: at("2100-01-01T00:00:00Z") / 1000 }),
        fc.integer({ min: -halfYearMs / 1000, max: halfYearMs / 1000 }),
        (seconds, ahead) => {
          expect(transmissionMoment(transmissionText(seconds * 1000), (seconds + ahead) * 1000)).to.equal(
            seconds * 1000,
          );
        },
      ),
    );
  });

  it("takes the last second of a year for last year's on New Year's Day, and the other way round", () => {
    expect(transmissionMoment("1231235959", at("2027-01-01T00:00:05Z"))).to.equal(at("2026-12-31T23:59:59Z"));
    expect(transmissionMoment("0101000005", at("2026-12-31T23:59:59Z"))).to.equal(at("2027-01-01T00:00:05Z"));
  });

  it("knows leap years, and takes 29 February of another year for the day after the 28th", () => {
    expect(transmissionMoment("0229120000", at("2028-03-01T00:00:00Z"))).to.equal(at("2028-02-29T12:00:00Z"));
    expect(transmissionMoment("0229120000", at("2027-03-01T00:00:00Z"))).to.equal(at("2027-03-01T12:00:00Z"));
  });

  it("refuses what is no time of any day", () => {
    const texts = [
      "0001120000",
      "1301120000",
      "1100120000",
      "1131120000",
      "1122250000",
      "1122126000",
      "1122120061",
      "11",
    ];

    expect(texts.map((text) => transmissionMoment(text, at("2026-11-22T12:00:00Z")))).to.deep.equal(
      texts.map(() => null),
    );
  });
});
