import type { Random } from "../src/kernel/random.ts";

/** Draws an index below `count`: evenly, or by Zipf's law, where the n-th most popular has a share of 1 / n^exponent. */
export class Popularity {
  readonly #count: number;
  /** Share of everything up to and with each rank; null draws evenly. */
  readonly #cumulative: Float64Array | null;

  constructor(count: number, zipfExponent: number) {
    this.#count = count;
    this.#cumulative = zipfExponent === 0 ? null : zipfShares(count, zipfExponent);
  }

  draw(random: Random): number {
    const shares = this.#cumulative;
    if (shares === null) return random.integer(this.#count);
    const target = random.integer(drawMax) / drawMax;
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((shares[middle] ?? 1) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

const drawMax = 2 ** 32;

function zipfShares(count: number, exponent: number): Float64Array {
  const cumulative = new Float64Array(count);
  let sum = 0;
  for (let rank = 0; rank < count; rank++) {
    sum += 1 / (rank + 1) ** exponent;
    cumulative[rank] = sum;
  }
  return cumulative.map((value) => value / sum);
}
