import { type SwitchEvent, type SwitchMetrics, switchEvents } from "./observation.ts";

/** Upper bounds of the latency buckets in milliseconds; one more bucket takes the rest. */
export const latencyBoundsMs = [0.25, 0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 5_000] as const;

export interface LinkCounts {
  readonly events: ReadonlyMap<SwitchEvent, number>;
  /** Answers by latency: as many as there are bounds, and one. */
  readonly latencies: readonly number[];
  readonly latencySumMs: number;
}

interface Counts {
  readonly events: Float64Array;
  readonly latencies: Float64Array;
  latencySumMs: number;
}

const eventIndexes: ReadonlyMap<SwitchEvent, number> = new Map(switchEvents.map((event, index) => [event, index]));

/** Counters that cost an addition each and are read when somebody asks: labels are put together then, not per message. */
export class SwitchCounters implements SwitchMetrics {
  readonly #links = new Map<string, Counts>();

  count(event: SwitchEvent, link: string): void {
    const { events } = this.#of(link);
    const index = eventIndexes.get(event) ?? 0;
    events[index] = (events[index] ?? 0) + 1;
  }

  latency(link: string, milliseconds: number): void {
    const counts = this.#of(link);
    let bucket = 0;
    while (milliseconds > (latencyBoundsMs[bucket] ?? Number.POSITIVE_INFINITY)) bucket++;
    counts.latencies[bucket] = (counts.latencies[bucket] ?? 0) + 1;
    counts.latencySumMs += milliseconds;
  }

  /** By name of the link. */
  snapshot(): ReadonlyMap<string, LinkCounts> {
    return new Map(Array.from(this.#links, ([link, counts]) => [link, render(counts)]));
  }

  #of(link: string): Counts {
    let counts = this.#links.get(link);
    if (counts === undefined) {
      counts = {
        events: new Float64Array(switchEvents.length),
        latencies: new Float64Array(latencyBoundsMs.length + 1),
        latencySumMs: 0,
      };
      this.#links.set(link, counts);
    }
    return counts;
  }
}

function render(counts: Counts): LinkCounts {
  return {
    events: new Map(switchEvents.map((event, index) => [event, counts.events[index] ?? 0])),
    latencies: Array.from(counts.latencies),
    latencySumMs: counts.latencySumMs,
  };
}
