import type { ScenarioResult } from "./run-scenario.ts";

/**
 * One line for a scenario that passed, and for one that did not the place, what was expected and what was found:
 *   ✗ fuel-completion.yaml  A pump holds 100.00 and keeps what was pumped
 *       fuel-completion.yaml:14  steps[2].held  expected 100.00 usd, found 1.00 usd
 */
export function renderResult(result: ScenarioResult): string {
  const { failures, file, isPassed, messages, ms, steps, stepsTaken, title } = result;
  const mark = isPassed ? "✓" : "✗";
  const count = isPassed ? `${steps} steps` : `step ${stepsTaken} of ${steps}`;
  const lines = [`${mark} ${nameOf(file).padEnd(30)} ${title}  (${count}, ${messages} messages, ${Math.round(ms)} ms)`];
  for (const { expected, found, line, path } of failures) {
    lines.push(`    ${file}:${line}  ${path}  expected ${expected}, found ${found}`);
  }
  return lines.join("\n");
}

/** How many passed, in a sentence. */
export function renderTotal(results: readonly ScenarioResult[]): string {
  const passed = results.filter(({ isPassed }) => isPassed).length;
  const messages = results.reduce((sum, result) => sum + result.messages, 0);
  return `${passed} of ${results.length} scenarios passed, ${messages} messages`;
}

function nameOf(file: string): string {
  return file.replace(/^.*\//, "").replace(/\.ya?ml$/, "");
}
