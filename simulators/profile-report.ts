import { type Histogram, build } from "hdr-histogram-js";
import { isApproval } from "./network-side.ts";
import type { Outcome } from "./station.ts";
import type { LatencyMs } from "./traffic-report.ts";

export interface ProfileReport {
  readonly visits: Readonly<Record<string, number>>;
  /** Messages by type; of stored advices those that were answered. */
  readonly messages: Readonly<Record<string, number>>;
  readonly approved: number;
  readonly declined: number;
  /** Decided by the network itself. */
  readonly stoodIn: number;
  readonly silent: number;
  readonly faulty: number;
  readonly outages: number;
  /** Stored advices that nobody has answered. */
  readonly unsettled: number;
  readonly mismatches: number;
  /** The first of them, readable. */
  readonly mismatchSamples: readonly string[];
  /** First attempts, from sending. */
  readonly latencyMs: LatencyMs;
  /** What must be held, and what must have been spent, in minor units by ISO 4217 number. */
  readonly books: readonly { readonly currency: number; readonly held: number; readonly spent: number }[];
}

const samplesMax = 20;
const latencyMicrosMax = 120_000_000;

/** Counts while visits go on. */
export class ProfileTally {
  outages = 0;
  readonly #visits = new Map<string, number>();
  readonly #messages = new Map<string, number>();
  readonly #outcomes = { approved: 0, declined: 0, stoodIn: 0, silent: 0, faulty: 0 };
  readonly #samples: string[] = [];
  #mismatches = 0;
  readonly #latency: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: latencyMicrosMax,
    numberOfSignificantValueDigits: 3,
  });

  visit(profile: string): void {
    this.#visits.set(profile, (this.#visits.get(profile) ?? 0) + 1);
  }

  message(mti: string, outcome: Outcome): void {
    this.stored(mti);
    const outcomes = this.#outcomes;
    if (outcome.kind === "stood_in") outcomes.stoodIn++;
    else if (outcome.kind === "silent") outcomes.silent++;
    else if (outcome.kind === "faulty") outcomes.faulty++;
    else {
      if (isApproval(outcome.responseCode)) outcomes.approved++;
      else outcomes.declined++;
      const micros = Math.round(outcome.latencyMs * 1_000);
      if (outcome.attempts === 1) this.#latency.recordValue(Math.min(Math.max(micros, 1), latencyMicrosMax));
    }
  }

  stored(mti: string): void {
    this.#messages.set(mti, (this.#messages.get(mti) ?? 0) + 1);
  }

  mismatch(text: string): void {
    this.#mismatches++;
    if (this.#samples.length < samplesMax) this.#samples.push(text);
  }

  report(unsettled: number, books: ProfileReport["books"]): ProfileReport {
    const at = (percentile: number): number => this.#latency.getValueAtPercentile(percentile) / 1_000;
    return {
      visits: Object.fromEntries(this.#visits),
      messages: Object.fromEntries([...this.#messages].toSorted(([a], [b]) => a.localeCompare(b))),
      ...this.#outcomes,
      outages: this.outages,
      unsettled,
      mismatches: this.#mismatches,
      mismatchSamples: this.#samples,
      latencyMs: { p50: at(50), p90: at(90), p99: at(99), p999: at(99.9), max: this.#latency.maxValue / 1_000 },
      books,
    };
  }
}
