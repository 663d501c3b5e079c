/** A line of points; x and y as they are, before any scale. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly xScale: "linear" | "log";
  readonly yScale: "linear" | "log";
  readonly series: readonly Series[];
  /** How a value of the x axis is written. */
  readonly xText?: (value: number) => string;
}

const width = 720;
const height = 320;
const margin = { left: 64, right: 16, top: 12, bottom: 44 };
const colours = ["#0a7", "#c40", "#36c", "#a3a", "#777"];

/** The chart as one SVG figure. Nothing is loaded from anywhere. */
export function drawChart(chart: Chart): string {
  const points = chart.series.flatMap((series) => series.points).filter(([x, y]) => isShown(chart, x, y));
  if (points.length === 0)
    return `<figure><figcaption>${escapeHtml(chart.title)}: nothing measured</figcaption></figure>`;
  const x = axis(
    points.map(([value]) => value),
    chart.xScale,
    { from: margin.left, to: width - margin.right },
  );
  const y = axis(
    points.map(([, value]) => value),
    chart.yScale,
    { from: height - margin.bottom, to: margin.top },
  );
  const lines = chart.series.map((series, index) => drawSeries(chart, series, { x, y, colour: colourOf(index) }));
  const legend = chart.series.map(
    (series, index) => `<span style="color:${colourOf(index)}">■ ${escapeHtml(series.name)}</span>`,
  );
  return [
    `<figure><figcaption>${escapeHtml(chart.title)} ${legend.join(" ")}</figcaption>`,
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(chart.title)}">`,
    ...x.ticks.map((tick) => xTick(x.place(tick), (chart.xText ?? shortNumber)(tick))),
    ...y.ticks.map((tick) => yTick(y.place(tick), shortNumber(tick))),
    `<text x="${width / 2}" y="${height - 6}" text-anchor="middle">${escapeHtml(chart.xLabel)}</text>`,
    `<text x="14" y="${height / 2}" text-anchor="middle" transform="rotate(-90 14 ${height / 2})">${escapeHtml(chart.yLabel)}</text>`,
    ...lines,
    "</svg></figure>",
  ].join("\n");
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

interface Axis {
  place(value: number): number;
  readonly ticks: readonly number[];
}

function axis(values: readonly number[], scale: "linear" | "log", { from, to }: { from: number; to: number }): Axis {
  const most = Math.max(...values);
  if (scale === "linear") {
    const top = most === 0 ? 1 : most * 1.05;
    const step = niceStep(top / 6);
    const ticks = Array.from({ length: Math.floor(top / step) + 1 }, (_, index) => index * step);
    return { place: (value) => from + ((to - from) * value) / top, ticks };
  }
  const low = Math.floor(Math.log10(Math.min(...values)));
  const high = Math.max(low + 1, Math.ceil(Math.log10(most)));
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index));
  return { place: (value) => from + ((to - from) * (Math.log10(value) - low)) / (high - low), ticks };
}

// 1, 2 or 5 times a power of ten.
function niceStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  const lead = step / power;
  return power * (lead <= 1 ? 1 : lead <= 2 ? 2 : lead <= 5 ? 5 : 10);
}

function drawSeries(
  chart: Chart,
  series: Series,
  { x, y, colour }: { readonly x: Axis; readonly y: Axis; readonly colour: string },
): string {
  const shown = series.points.filter(([across, up]) => isShown(chart, across, up));
  const places = shown.map(([across, up]) => `${x.place(across).toFixed(1)},${y.place(up).toFixed(1)}`);
  const dots = places.map((place) => {
    const [cx, cy] = place.split(",");
    return `<circle cx="${cx}" cy="${cy}" r="2" fill="${colour}"/>`;
  });
  return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.join(" ")}"/>${dots.join("")}`;
}

// A logarithm has no place for zero.
function isShown(chart: Chart, x: number, y: number): boolean {
  return (chart.xScale === "linear" || x > 0) && (chart.yScale === "linear" || y > 0);
}

function xTick(x: number, text: string): string {
  const bottom = height - margin.bottom;
  return `<line x1="${x}" x2="${x}" y1="${margin.top}" y2="${bottom}" class="grid"/><text x="${x}" y="${bottom + 16}" text-anchor="middle">${escapeHtml(text)}</text>`;
}

function yTick(y: number, text: string): string {
  return `<line x1="${margin.left}" x2="${width - margin.right}" y1="${y}" y2="${y}" class="grid"/><text x="${margin.left - 6}" y="${y + 4}" text-anchor="end">${escapeHtml(text)}</text>`;
}

function shortNumber(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 1000)}k`;
  return String(Number(value.toPrecision(3)));
}

function colourOf(index: number): string {
  return colours[index % colours.length] ?? "#000";
}
