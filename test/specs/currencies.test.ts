import { expect } from "chai";
import { conversionRates } from "../../specs/conversion-rates.ts";
import { countries } from "../../specs/countries.ts";
import { currencies } from "../../specs/currencies.ts";
import { ConversionTable, convert } from "../../src/kernel/conversion.ts";
import { countriesByAlpha2, countriesByAlpha3, countriesByNumber } from "../../src/kernel/country.ts";
import { currenciesByCode, currenciesByNumber } from "../../src/kernel/currency.ts";
import { minor } from "../../src/kernel/money.ts";

describe("specs/currencies", () => {
  const byCode = currenciesByCode(currencies);
  const byNumber = currenciesByNumber(currencies);

  it("names each currency by one lower-case code and one ISO number", () => {
    expect(byCode.size).to.equal(currencies.length);
    expect(byNumber.size).to.equal(currencies.length);
    for (const { code, number } of currencies) {
      expect(code).to.match(/^[a-z]{3}$/);
      expect(number).to.be.within(8, 998);
    }
  });

  it("knows how many decimals an amount has: none for yen, three for dinars, four for the unidad de fomento", () => {
    const decimals = { usd: 2, eur: 2, gbp: 2, jpy: 0, krw: 0, clp: 0, isk: 0, kwd: 3, bhd: 3, jod: 3, omr: 3, clf: 4 };

    for (const [code, expected] of Object.entries(decimals))
      expect(byCode.get(code)?.decimals, code).to.equal(expected);
    expect(currencies.filter((currency) => currency.decimals === 3)).to.have.length(7);
    expect(currencies.filter((currency) => currency.decimals === 0)).to.have.length(17);
  });

  it("knows the numbers that DE49 carries", () => {
    const numbers = { 840: "usd", 978: "eur", 826: "gbp", 392: "jpy", 756: "chf", 36: "aud", 8: "all", 414: "kwd" };

    for (const [number, code] of Object.entries(numbers)) expect(byNumber.get(Number(number))?.code).to.equal(code);
  });

  it("has the successors of the currencies that were withdrawn, and not those", () => {
    for (const code of ["xcg", "zwg", "sle", "ves", "mru", "stn"]) expect(byCode.has(code), code).to.equal(true);
    for (const code of ["ang", "zwl", "sll", "vef", "hrk", "bgn", "cuc"])
      expect(byCode.has(code), code).to.equal(false);
  });
});

describe("specs/countries", () => {
  it("names each country by two letters, three letters and a number, none of them twice", () => {
    expect(countries).to.have.length(249);
    expect(countriesByAlpha2(countries).size).to.equal(249);
    expect(countriesByAlpha3(countries).size).to.equal(249);
    expect(countriesByNumber(countries).size).to.equal(249);
    for (const { alpha2, alpha3 } of countries) expect(`${alpha2}${alpha3}`).to.match(/^[A-Z]{5}$/);
  });

  it("leads from each of the three to the same country", () => {
    const germany = { alpha2: "DE", alpha3: "DEU", number: 276 };

    expect(countriesByAlpha2(countries).get("DE")).to.deep.equal(germany);
    expect(countriesByAlpha3(countries).get("DEU")).to.deep.equal(germany);
    expect(countriesByNumber(countries).get(276)).to.deep.equal(germany);
    expect(countriesByNumber(countries).get(840)?.alpha2).to.equal("US");
    expect(countriesByNumber(countries).get(826)?.alpha3).to.equal("GBR");
  });
});

describe("specs/conversion-rates", () => {
  const table = new ConversionTable(conversionRates, currencies);
  const codes = new Set<string>(currencies.map((currency) => currency.code));

  it("writes every rate as DE10 does, between currencies that exist, with all seven digits in use", () => {
    for (const { from, to, rate, day } of conversionRates) {
      expect(codes.has(from) && codes.has(to), `${from} ${to}`).to.equal(true);
      expect(from).to.not.equal(to);
      expect(rate).to.match(/^\d{8}$/);
      expect(Number(rate[1]) > 0 || rate.startsWith("9"), `${from} ${to} ${rate}`).to.equal(true);
      expect(day).to.match(/^\d{4}-\d{2}-\d{2}$/);
    }
  });

  it("converts into each of the program's currencies from every currency that it knows", () => {
    const froms = new Set<string>(conversionRates.map((rate) => rate.from));
    const numbers = currenciesByCode(currencies);

    for (const from of froms) {
      for (const to of ["usd", "eur", "gbp"]) {
        if (from === to) continue;
        const rate = table.rateOn("2026-11-22", numbers.get(from)?.number ?? 0, numbers.get(to)?.number ?? 0);
        expect(rate, `${from} ${to}`).to.be.a("string");
      }
    }
  });

  it("comes back to within one part in a hundred thousand when an amount goes there and back", () => {
    const byCode = currenciesByCode(currencies);
    const amount = minor(1_000_000_000n);

    for (const { from, to } of conversionRates) {
      const there = table.rateOn("2026-11-22", byCode.get(from)?.number ?? 0, byCode.get(to)?.number ?? 0);
      const back = table.rateOn("2026-11-22", byCode.get(to)?.number ?? 0, byCode.get(from)?.number ?? 0);
      if (there === null || back === null) continue;
      const returned = convert(convert(amount, there, { from: 2, to: 2 }), back, { from: 2, to: 2 });
      expect(Math.abs(Number(returned - amount)), `${from} ${to}`).to.be.below(10_000);
    }
  });
});
