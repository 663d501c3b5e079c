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

  it("gives everybody bytes of his own, as many as were asked for, and none twice", () => {
    const draws = Array.from({ length: 2_000 }, (_, i) => secureRandom.bytes(1 + (i % 40)));
    const long = draws.filter(({ length }) => length >= 8).map((bytes) => Buffer.from(bytes).toString("hex"));

    expect(draws.every(({ length }, i) => length === 1 + (i % 40))).to.equal(true);
    expect(new Set(long).size).to.equal(long.length);
    expect(draws.flatMap((bytes) => [...bytes]).filter((byte) => byte === 0).length).to.be.below(600);
  });
});
