import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";

/** What a process of the switch counts. Names begin with cardswitch_<process>_, so that texts can be joined. */
export interface Metrics {
  /** An addition: this is on the hot path. */
  count(event: string, link: string): void;
  /** Milliseconds from the first byte of a request to its answer. */
  latency(link: string, milliseconds: number): void;
  /** Read when somebody asks for the text. */
  gauge(name: string, help: string, read: () => number): void;
  /** Prometheus text. */
  text(): Promise<string>;
}

export interface MetricsOptions {
  /** Memory, CPU and loop delay too. Their observers stay until the process ends, so not for a guest in a test's process. */
  readonly hasProcessOfItsOwn: boolean;
}

const bounds = [1, 2, 3, 5, 8, 13, 20, 50, 100, 200, 500, 1_000, 1_500, 2_500, 5_000] as const;

interface LinkCounts {
  readonly events: Map<string, { count: number }>;
  /** One more than there are bounds: the last has none. */
  readonly buckets: Float64Array;
  latencySum: number;
}

/** prom-client looks up and joins labels at each call; so plain additions here, and its objects only when asked. */
export function createMetrics(process: string, options: MetricsOptions): Metrics {
  const registry = new Registry();
  const prefix = `cardswitch_${process}_`;
  const links = new Map<string, LinkCounts>();
  if (options.hasProcessOfItsOwn)
    collectDefaultMetrics({ register: registry, prefix, eventLoopMonitoringPrecision: 20 });
  const events = new Counter({
    name: `${prefix}events_total`,
    help: "What happened on a link",
    labelNames: ["link", "event"],
    registers: [registry],
    collect: () => {
      events.reset();
      for (const [link, counts] of links) {
        for (const [event, { count }] of counts.events) events.inc({ link, event }, count);
      }
    },
  });
  return {
    count: (event, link) => {
      const counted = countsOf(links, link).events;
      const found = counted.get(event);
      if (found === undefined) counted.set(event, { count: 1 });
      else found.count++;
    },
    latency: (link, milliseconds) => {
      const counts = countsOf(links, link);
      let bucket = 0;
      while (bucket < bounds.length && milliseconds > (bounds[bucket] ?? 0)) bucket++;
      counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
      counts.latencySum += milliseconds;
    },
    gauge: (name, help, read) => {
      const gauge: Gauge = new Gauge({
        name: `${prefix}${name}`,
        help,
        registers: [registry],
        collect: () => gauge.set(read()),
      });
    },
    text: async () => `${await registry.metrics()}\n${latencyText(prefix, links)}`,
  };
}

function countsOf(links: Map<string, LinkCounts>, link: string): LinkCounts {
  let counts = links.get(link);
  if (counts === undefined) {
    counts = { events: new Map(), buckets: new Float64Array(bounds.length + 1), latencySum: 0 };
    links.set(link, counts);
  }
  return counts;
}

function latencyText(prefix: string, links: ReadonlyMap<string, LinkCounts>): string {
  if (links.size === 0) return "";
  const name = `${prefix}answer_milliseconds`;
  const lines = [`# HELP ${name} From the first byte of a request to its answer`, `# TYPE ${name} histogram`];
  for (const [link, { buckets, latencySum }] of links) {
    let total = 0;
    for (const [index, count] of buckets.entries()) {
      total += count;
      lines.push(`${name}_bucket{link="${link}",le="${bounds[index] ?? "+Inf"}"} ${total}`);
    }
    lines.push(`${name}_sum{link="${link}"} ${latencySum}`, `${name}_count{link="${link}"} ${total}`);
  }
  return `${lines.join("\n")}\n`;
}
