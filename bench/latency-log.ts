import { type Histogram, build } from "hdr-histogram-js";

export interface LatencySummary {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** One second of a run. */
export interface LatencySecond {
  readonly second: number;
  readonly answered: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface LatencyFigures {
  readonly summary: LatencySummary;
  /** Share of the answers, from 0 to 1, and the milliseconds within which they came. */
  readonly curve: readonly (readonly [share: number, ms: number])[];
  readonly overTime: readonly LatencySecond[];
}

const shares = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999, 1,
] as const;
const microsMax = 120_000_000;

/** Latencies of one run: all of them, and second by second. An HdrHistogram keeps three digits of each. */
export class LatencyLog {
  readonly #all = fresh();
  readonly #second = fresh();
  #secondNo = 0;
  readonly #seconds: LatencySecond[] = [];

  /** `atMs`: milliseconds since the run began. */
  add(latencyMs: number, atMs: number): void {
    const micros = Math.min(microsMax, Math.max(1, Math.round(latencyMs * 1000)));
    const second = Math.floor(atMs / 1000);
    if (second !== this.#secondNo) this.#endSecond(second);
    this.#all.recordValue(micros);
    this.#second.recordValue(micros);
  }

  figures(): LatencyFigures {
    this.#endSecond(this.#secondNo + 1);
    return {
      summary: {
        p50: millis(this.#all, 0.5),
        p90: millis(this.#all, 0.9),
        p99: millis(this.#all, 0.99),
        p999: millis(this.#all, 0.999),
        max: this.#all.maxValue / 1000,
      },
      curve: shares.map((share) => [share, millis(this.#all, share)] as const),
      overTime: this.#seconds,
    };
  }

  #endSecond(next: number): void {
    const { totalCount } = this.#second;
    if (totalCount > 0) {
      this.#seconds.push({
        second: this.#secondNo,
        answered: totalCount,
        p50: millis(this.#second, 0.5),
        p99: millis(this.#second, 0.99),
        max: this.#second.maxValue / 1000,
      });
      this.#second.reset();
    }
    this.#secondNo = next;
  }
}

function fresh(): Histogram {
  return build({ lowestDiscernibleValue: 1, highestTrackableValue: microsMax, numberOfSignificantValueDigits: 3 });
}

function millis(histogram: Histogram, share: number): number {
  return histogram.totalCount === 0 ? 0 : histogram.getValueAtPercentile(share * 100) / 1000;
}
