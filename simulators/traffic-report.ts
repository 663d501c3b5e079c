import { type Histogram, build } from "hdr-histogram-js";

export interface LatencyMs {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface TrafficReport {
  /** What was planned a second (null in a closed loop), and what was answered a second while it was sent. */
  readonly offeredPerSecond: number | null;
  readonly achievedPerSecond: number;
  /** From the first to the last sending, in seconds. */
  readonly seconds: number;
  /** Orders sent, each once however often it was repeated. */
  readonly sent: number;
  readonly answered: number;
  /** Purchases with a whole, checked approval; every one is another purchase. */
  readonly approved: number;
  readonly declined: number;
  readonly duplicates: number;
  readonly reversals: number;
  /** Answers of 91 or 96: nobody decided. */
  readonly refused: number;
  /** Answers that count as none. */
  readonly faulty: number;
  /** Orders that were never answered, and stored reversals that were not answered either. */
  readonly unanswered: number;
  readonly unsettled: number;
  readonly repeats: number;
  readonly late: number;
  readonly unexpected: number;
  readonly reconnects: number;
  /** Orders that would have spoken of a purchase without an answer. */
  readonly skipped: number;
  /** The most orders that were without an answer at the same time. */
  readonly outstandingMax: number;
  readonly mismatches: number;
  /** The first of them, readable. */
  readonly mismatchSamples: readonly string[];
  /** Open loop: from the planned moment; closed loop: from sending. First attempts only. */
  readonly latencyMs: LatencyMs;
  readonly cpuMicrosPerMessage: number;
}

const samplesMax = 20;
const latencyMicrosMax = 120_000_000;

/** Counts while traffic runs. */
export class TrafficTally {
  sent = 0;
  answered = 0;
  approved = 0;
  declined = 0;
  duplicates = 0;
  reversals = 0;
  refused = 0;
  faulty = 0;
  unanswered = 0;
  repeats = 0;
  late = 0;
  skipped = 0;
  outstandingMax = 0;
  mismatches = 0;
  readonly samples: string[] = [];
  readonly #latency: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: latencyMicrosMax,
    numberOfSignificantValueDigits: 3,
  });

  latency(ms: number): void {
    this.#latency.recordValue(Math.min(Math.max(Math.round(ms * 1_000), 1), latencyMicrosMax));
  }

  mismatch(text: string): void {
    this.mismatches++;
    if (this.samples.length < samplesMax) this.samples.push(text);
  }

  latencyMs(): LatencyMs {
    const at = (percentile: number): number => this.#latency.getValueAtPercentile(percentile) / 1_000;
    return { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: this.#latency.maxValue / 1_000 };
  }
}
