import { expect } from "chai";
import { digits, secureRandom, seededRandom } from "../../src/kernel/random.ts";

describe("kernel/random", () => {
  it("repeats itself from a seed, and differs between seeds", () => {
    const draw = (seed: number): string => digits(seededRandom(seed), 40);

    expect(draw(1)).to.equal(draw(1));
    expect(draw(1)).to.not.equal(draw(2));
  });

  it("stays below its bound and reaches every value of it", () => {
    for (const random of [seededRandom(3), secureRandom]) {
      const seen = new Set<number>();
      for (let i = 0; i < 2_000; i++) seen.add(random.integer(10));
      expect([...seen].sort((a, b) => a - b)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    }
  });
});
