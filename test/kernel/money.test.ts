import { expect } from "chai";
import fc from "fast-check";
import { AssertionError } from "../../src/kernel/assert.ts";
import { add, divideHalfEven, formatMinor, minor, minorMax, parseMajor, subtract } from "../../src/kernel/money.ts";

describe("kernel/money", () => {
  it("refuses an amount that a double could not hold exactly", () => {
    expect(minor(minorMax)).to.equal(minorMax);
    expect(() => minor(minorMax + 1n)).to.throw(AssertionError);
    expect(() => add(minor(minorMax), minor(1n))).to.throw(AssertionError);
    expect(() => subtract(minor(-minorMax), minor(1n))).to.throw(AssertionError);
  });

  it("rounds a half to the even neighbour, on both sides of zero", () => {
    const cases = [
      [5n, 2n, 2n],
      [7n, 2n, 4n],
      [-5n, 2n, -2n],
      [-7n, 2n, -4n],
      [8n, 3n, 3n],
      [7n, 3n, 2n],
    ] as const;

    for (const [numerator, denominator, expected] of cases) {
      expect(divideHalfEven(numerator, denominator)).to.equal(expected);
    }
  });

  it("never rounds by more than half a unit", () => {
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 20n), 10n ** 20n), fc.bigInt(1n, 10n ** 9n), (numerator, denominator) => {
        const error = divideHalfEven(numerator, denominator) * denominator - numerator;
        return error * 2n <= denominator && error * 2n >= -denominator;
      }),
    );
  });

  it("writes an amount for a person and reads it back, whatever the minor unit", () => {
    expect(formatMinor(minor(123450n), 2)).to.equal("1234.50");
    expect(formatMinor(minor(-5n), 2)).to.equal("-0.05");
    expect(formatMinor(minor(1234n), 0)).to.equal("1234");
    expect(formatMinor(minor(1n), 3)).to.equal("0.001");
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 12n), 10n ** 12n), fc.constantFrom(0, 2, 3), (amount, decimals) => {
        return parseMajor(formatMinor(minor(amount), decimals), decimals) === amount;
      }),
    );
  });

  it("does not take a text for an amount that has too many decimals or is no number", () => {
    for (const text of ["12.345", "1e3", "0x10", "", "12.", " 12", "12,50"]) expect(parseMajor(text, 2)).to.equal(null);
  });
});
