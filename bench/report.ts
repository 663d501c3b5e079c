import { type Chart, drawChart, escapeHtml } from "./chart.ts";
import type { Comparison, Medians } from "./compare.ts";
import type { LatencySecond } from "./latency-log.ts";
import type { StageFigures } from "./rounds.ts";
import type { SweepPoint } from "./sweep.ts";

export interface ReportParts {
  readonly title: string;
  /** Lines of what was measured on: machine, Node, Redis, mode. */
  readonly facts: readonly string[];
  readonly medians: Medians;
  readonly comparisons: readonly Comparison[];
  readonly everysec: StageFigures;
  readonly always: StageFigures;
  readonly sustained: readonly LatencySecond[];
  readonly sweep: readonly SweepPoint[];
}

/** One page, complete in itself: it loads nothing. */
export function renderReport(parts: ReportParts): string {
  const charts = [
    percentileChart(parts),
    overTimeChart("Sustained load, second by second", parts.sustained),
    sweepChart(parts.sweep),
    cpuChart(parts.sweep),
  ];
  return [
    "<!doctype html>",
    `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(parts.title)}</title>`,
    `<style>${style}</style></head><body>`,
    `<h1>${escapeHtml(parts.title)}</h1>`,
    `<ul>${parts.facts.map((fact) => `<li>${escapeHtml(fact)}</li>`).join("")}</ul>`,
    table(
      ["median", "value"],
      Object.entries(parts.medians).map(([name, value]) => [name, value === null ? "not measured" : String(value)]),
    ),
    ...charts.map(drawChart),
    cpuTable(parts),
    ...(parts.comparisons.length === 0 ? [] : [comparisonTable(parts.comparisons)]),
    "</body></html>",
    "",
  ].join("\n");
}

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 800px; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } td, th { padding: .2rem .8rem; text-align: right; }
td:first-child, th:first-child { text-align: left; } tr:nth-child(even) { background: #8881; }
figure { margin: 2rem 0; } figcaption { font-weight: 600; } figcaption span { font-weight: 400; margin-left: .8rem; }
svg { width: 100%; } svg text { font-size: 11px; fill: currentColor; } .grid { stroke: #8883; }
`;

// The middle round of the open loop stands for all: curves cannot be averaged.
function middle(figures: StageFigures): StageFigures["rounds"][number] | undefined {
  const sorted = [...figures.rounds].sort((a, b) => a.p99 - b.p99);
  return sorted[Math.floor(sorted.length / 2)];
}

function percentileChart({ everysec, always }: ReportParts): Chart {
  const curveOf = (name: string, curve: readonly (readonly [number, number])[] | undefined) => ({
    name,
    // Nines side by side: 1 ÷ (1 − share), so that 99 % stands at 100 and 99.9 % at 1000.
    points: (curve ?? []).filter(([share]) => share < 1).map(([share, ms]) => [1 / (1 - share), ms] as const),
  });
  return {
    title: "Latency by percentile, open loop",
    xLabel: "percentile",
    yLabel: "ms",
    xScale: "log",
    yScale: "log",
    xText: (value) => `${Number(((1 - 1 / value) * 100).toFixed(4))} %`,
    series: [
      curveOf("echo", middle(everysec)?.echo.curve),
      curveOf("everysec", middle(everysec)?.paced.curve),
      curveOf("always", middle(always)?.paced.curve),
    ],
  };
}

function overTimeChart(title: string, seconds: readonly LatencySecond[]): Chart {
  return {
    title,
    xLabel: "second",
    yLabel: "ms",
    xScale: "linear",
    yScale: "log",
    series: [
      { name: "p50", points: seconds.map(({ second, p50 }) => [second, p50] as const) },
      { name: "p99", points: seconds.map(({ second, p99 }) => [second, p99] as const) },
      { name: "max", points: seconds.map(({ second, max }) => [second, max] as const) },
    ],
  };
}

function sweepChart(sweep: readonly SweepPoint[]): Chart {
  return {
    title: "Latency against offered load",
    xLabel: "messages a second offered",
    yLabel: "ms",
    xScale: "linear",
    yScale: "log",
    series: [
      { name: "p50", points: sweep.map((point) => [point.offeredPerSecond, point.p50] as const) },
      { name: "p99", points: sweep.map((point) => [point.offeredPerSecond, point.p99] as const) },
    ],
  };
}

function cpuChart(sweep: readonly SweepPoint[]): Chart {
  const series = (name: string, pick: (point: SweepPoint) => number) => ({
    name,
    points: sweep.map((point) => [point.offeredPerSecond, pick(point)] as const),
  });
  return {
    title: "Who is busy",
    xLabel: "messages a second offered",
    yLabel: "% of a core",
    xScale: "linear",
    yScale: "linear",
    series: [
      series("switch", (point) => point.switchCpu),
      series("Redis", (point) => point.redisCpu),
      series("loader", (point) => point.loaderCpu),
    ],
  };
}

function cpuTable({ everysec, always }: ReportParts): string {
  const row = (name: string, figures: StageFigures): string[] => [
    name,
    String(Math.round(figures.e2e)),
    figures.switchCpuUs.toFixed(1),
    figures.redisCpuUs.toFixed(1),
    figures.loaderCpuUs.toFixed(1),
  ];
  return table(
    ["closed loop", "approvals/s", "switch µs/message", "Redis µs/message", "loader µs/message"],
    [row("everysec", everysec), row("always", always)],
  );
}

function comparisonTable(comparisons: readonly Comparison[]): string {
  return table(
    ["against the earlier run", "before", "now", "worse by"],
    comparisons.map(({ name, before, now, worsePercent }) => [
      name,
      String(before),
      String(now),
      `${worsePercent.toFixed(1)} %`,
    ]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (row: readonly string[], tag: "td" | "th"): string =>
    `<tr>${row.map((cell) => `<${tag}>${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  return `<table>${cells(head, "th")}${rows.map((row) => cells(row, "td")).join("")}</table>`;
}
