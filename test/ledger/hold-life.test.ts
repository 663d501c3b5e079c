import { expect } from "chai";
import { holdLifeMs, isFuelLife } from "../../src/ledger/hold-life.ts";

const hour = 3_600_000;
const day = 24 * hour;

describe("ledger/hold-life", () => {
  const shop = { network: 1, purpose: 0, mcc: 5411, isPresent: true };

  it("lets a hold live 7 days by the API's rule, and 31 at hotels, car rentals and cruises", () => {
    const days = (mcc: number): number => holdLifeMs({ ...shop, mcc }, "stripe") / day;

    expect([5411, 3350, 4000, 4410].map(days)).to.deep.equal([7, 7, 7, 7]);
    expect([3351, 3500, 3501, 3999, 4411, 7011, 7512, 7513, 7519].map(days)).to.deep.equal(Array(9).fill(31));
  });

  it("lets a pump two hours to say what it gave, on every network; then the hold lives as any other", () => {
    for (const network of [1, 2, 3]) {
      for (const profile of ["stripe", "network"] as const) {
        const pump = { ...shop, network, purpose: 2, mcc: 5542 };
        const silent = holdLifeMs(pump, profile);
        expect(silent).to.equal(2 * hour);
        expect([isFuelLife(silent), isFuelLife(holdLifeMs(pump, profile, true))]).to.deep.equal([true, false]);
      }
    }
  });

  it("goes by each network's own rule where that is wanted", () => {
    const days = (network: number, isPresent: boolean): number =>
      holdLifeMs({ ...shop, network, isPresent }, "network") / day;

    expect([days(1, true), days(1, false), days(2, true), days(2, false), days(3, false)]).to.deep.equal([
      5, 10, 7, 7, 7,
    ]);
    expect(holdLifeMs({ ...shop, mcc: 7011 }, "network") / day).to.equal(30);
  });
});
