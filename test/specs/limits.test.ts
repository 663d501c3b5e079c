import { expect } from "chai";
import { accountRanges } from "../../specs/account-ranges.ts";
import { countries } from "../../specs/countries.ts";
import { currencies } from "../../specs/currencies.ts";
import {
  deadlines,
  defaultLimits,
  limitIntervals,
  programTypes,
  retention,
  transmissionTimeFreshMs,
} from "../../specs/limits.ts";
import { isLuhnValid, randomPan } from "../../src/kernel/pan.ts";
import { seededRandom } from "../../src/kernel/random.ts";

const hourMs = 3_600_000;

describe("specs/limits", () => {
  it("keeps the number that each interval has in stored counters", () => {
    expect(limitIntervals).to.deep.equal({
      per_authorization: 1,
      daily: 2,
      weekly: 3,
      monthly: 4,
      yearly: 5,
      all_time: 6,
    });
  });

  it("gives a card without limits 500 a day, and every authorization at most 10,000", () => {
    expect(defaultLimits.cardWithoutLimits).to.deep.equal({ amountMajor: 500n, interval: "daily" });
    expect(defaultLimits.always).to.deep.equal({ amountMajor: 10_000n, interval: "per_authorization" });
  });

  it("lifts both for a program of type load, and for no other", () => {
    const lifted = Object.entries(programTypes).filter(([, program]) => !program.hasDefaultLimits);

    expect(lifted.map(([name]) => name)).to.deep.equal(["load"]);
  });

  it("remembers a decline for a day, a hold for a day after its end, a tombstone and a 0200 for two", () => {
    expect(retention.declineMs).to.equal(24 * hourMs);
    expect(retention.messageWithoutHoldMs).to.equal(24 * hourMs);
    expect(retention.holdAfterTerminalMs).to.equal(24 * hourMs);
    expect(retention.tombstoneMs).to.equal(48 * hourMs);
    expect(retention.financialMs).to.equal(48 * hourMs);
  });

  it("takes a DE7 for fresh during an hour", () => {
    expect(transmissionTimeFreshMs).to.equal(hourMs);
  });

  it("decides well before either network stops waiting, with a real-time endpoint too", () => {
    expect(deadlines.decisionMs).to.equal(1_500);
    expect(deadlines.decisionWithEndpointMs).to.equal(2_300);
    expect(deadlines.networkMs.visa).to.equal(5_000);
    expect(deadlines.networkMs.mastercard).to.equal(6_500);
  });
});

describe("specs/account-ranges", () => {
  it("has visa-style prefixes of eight digits from 4, mastercard-style ones from 2221 to 2720 or 51 to 55", () => {
    for (const { network, prefix } of accountRanges) {
      expect(prefix).to.match(/^\d{8}$/);
      const first4 = Number(prefix.slice(0, 4));
      const isMastercard = (first4 >= 2221 && first4 <= 2720) || (first4 >= 5100 && first4 <= 5599);
      expect(network === "visa" ? prefix.startsWith("4") : isMastercard, prefix).to.equal(true);
    }
  });

  it("stays inside the blocks that are published for tests", () => {
    for (const { network, prefix } of accountRanges) {
      expect(prefix.slice(0, 6)).to.equal(network === "visa" ? "400000" : "222300");
    }
  });

  it("gives no prefix to two ranges", () => {
    expect(new Set(accountRanges.map((range) => range.prefix)).size).to.equal(accountRanges.length);
  });

  it("has one range for each network, program currency and program type", () => {
    const wanted = ["visa", "mastercard"].flatMap((network) =>
      ["usd", "eur", "gbp"].flatMap((currency) => ["standard", "load"].map((type) => `${network} ${currency} ${type}`)),
    );

    expect(accountRanges.map((range) => `${range.network} ${range.currency} ${range.program}`)).to.have.members(wanted);
  });

  it("names currencies and countries that exist", () => {
    const currencyCodes = new Set<string>(currencies.map((currency) => currency.code));
    const countryCodes = new Set<string>(countries.map((country) => country.alpha2));

    for (const range of accountRanges) {
      expect(currencyCodes.has(range.currency)).to.equal(true);
      expect(countryCodes.has(range.country)).to.equal(true);
    }
  });

  it("makes PANs of sixteen digits whose check digit is right", () => {
    for (const { prefix, panDigits } of accountRanges) {
      const pan = randomPan(seededRandom(7), prefix, panDigits);

      expect(pan).to.have.length(16);
      expect(pan.startsWith(prefix)).to.equal(true);
      expect(isLuhnValid(pan)).to.equal(true);
    }
  });
});
