import { expect } from "chai";
import { ConversionTable, convert } from "../../src/kernel/conversion.ts";
import { minor } from "../../src/kernel/money.ts";

const usd = { code: "usd", number: 840, decimals: 2 };
const eur = { code: "eur", number: 978, decimals: 2 };

describe("kernel/conversion", () => {
  it("reads DE10's first digit as the number of decimals: 61000000 is one to one", () => {
    expect(convert(minor(12_34n), "61000000", { from: 2, to: 2 })).to.equal(12_34n);
    expect(convert(minor(12_34n), "51000000", { from: 2, to: 2 })).to.equal(123_40n);
    expect(convert(minor(10_00n), "79090909", { from: 2, to: 2 })).to.equal(9_09n);
  });

  it("bridges currencies with other numbers of decimals: 1000 yen at 0.006875 are 6.88 dollars", () => {
    expect(convert(minor(1000n), "96875000", { from: 0, to: 2 })).to.equal(6_88n);
    expect(convert(minor(6_88n), "41454545", { from: 2, to: 0 })).to.equal(1001n);
    expect(convert(minor(1_500n), "63254438", { from: 3, to: 2 })).to.equal(4_88n);
  });

  it("rounds half of a minor unit to the even neighbour", () => {
    expect(convert(minor(5n), "65000000", { from: 2, to: 2 })).to.equal(25n);
    expect(convert(minor(5n), "75000000", { from: 2, to: 2 })).to.equal(2n);
    expect(convert(minor(7n), "75000000", { from: 2, to: 2 })).to.equal(4n);
  });

  it("takes the newest rate that holds on the day, and none before the first", () => {
    const rates = [
      { from: "usd", to: "eur", day: "2026-01-01", rate: "79000000" },
      { from: "usd", to: "eur", day: "2026-03-01", rate: "78000000" },
      { from: "usd", to: "eur", day: "2026-02-01", rate: "78500000" },
    ];
    const table = new ConversionTable(rates, [usd, eur]);

    expect(table.rateOn("2025-12-31", 840, 978)).to.equal(null);
    expect(table.rateOn("2026-01-31", 840, 978)).to.equal("79000000");
    expect(table.rateOn("2026-02-01", 840, 978)).to.equal("78500000");
    expect(table.rateOn("2027-01-01", 840, 978)).to.equal("78000000");
    expect(table.rateOn("2027-01-01", 978, 840)).to.equal(null);
  });
});
