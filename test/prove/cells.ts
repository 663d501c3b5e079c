import { exampleGroups } from "../store/lua/all-examples.ts";
import { cells as modelCells } from "../model/coverage.ts";

/** The table of operations and outcomes in the rules, and what beside it the functions and their callers can answer. */
const outcomes: Readonly<Record<string, readonly string[]>> = {
  authorization: [
    "approved",
    "partial",
    "pending",
    "declined",
    "stale",
    "duplicate",
    "conflict",
    "reversed_before",
    "expired_deadline",
    "unknown_pan",
    "unsupported_currency",
  ],
  reversal: [
    "released",
    "lowered",
    "reposted",
    "tombstone",
    "nothing_to_release",
    "unknown",
    "killed_pending",
    "need_rate",
    "duplicate",
    "conflict",
    "exception",
    "stale",
    "other_mcc",
    "unknown_pan",
  ],
  increment: ["approved", "pending", "fresh", "declined", "stale", "duplicate", "conflict", "reversed_before"],
  financial: [
    "posted",
    "captured_hold",
    "force_posted",
    "approved",
    "declined",
    "exception",
    "stale",
    "duplicate",
    "conflict",
    "reversed_before",
    "expired_deadline",
    "unknown_pan",
    "unsupported_currency",
  ],
  advice: [
    "held",
    "merged",
    "added",
    "completed",
    "released",
    "attached",
    "exception",
    "stale",
    "duplicate",
    "conflict",
    "unknown_pan",
    "unsupported_currency",
  ],
  clearing: ["captured", "force_posted", "refunded", "nothing", "stale", "duplicate", "conflict"],
  // The rules' confirm and release.
  resolve: ["confirmed", "released", "killed_pending", "already", "stale", "forgotten"],
  expire: ["done", "already", "stale"],
  purge: ["done", "already", "stale"],
  commit: ["done", "conflict", "replayed", "mismatch", "short"],
  backfill: ["done", "already"],
};

/** Cells that nothing can reach, and why. */
const unreachable: Readonly<Record<string, string>> = {
  "advice · exception": "an advice that no card can take is an exception under unknown_pan or unsupported_currency",
  "purge · stale": "a purge goes by wall time alone and compares no version",
};

export interface CellRow {
  readonly cell: string;
  /** Times that the model's runs came to it. */
  readonly count: number;
  /** Examples of single functions that come to it. */
  readonly examples: number;
  /** Why nothing can come to it; null where something does. */
  readonly reason: string | null;
}

/** A row for each cell. `counts` are those of the model's runs, by the model's finer cells. */
export function cellRows(counts: Readonly<Record<string, number>>): CellRow[] {
  return Object.entries(outcomes).flatMap(([operation, words]) =>
    words.map((word) => {
      const cell = `${operation} · ${word}`;
      const finer = Object.keys(counts).filter((name) => isPartOf(name, cell));
      return {
        cell,
        count: finer.reduce((sum, name) => sum + (counts[name] ?? 0), 0),
        examples: exampleCells.filter((name) => name === cell).length,
        reason: unreachable[cell] ?? null,
      };
    }),
  );
}

/** What is wrong with the table: a cell that nothing reaches and nobody argues for, or one that was reached all the same. */
export function cellFaults(rows: readonly CellRow[]): string[] {
  const known = new Set(rows.map(({ cell }) => cell));
  const unknown = [...exampleCells, ...Object.keys(unreachable)].filter((cell) => !known.has(cell));
  const open = rows.filter((row) => row.count + row.examples === 0 && row.reason === null);
  const refuted = rows.filter((row) => row.count + row.examples > 0 && row.reason !== null);
  return [
    ...unknown.map((cell) => `${cell}: not in the table`),
    ...open.map(({ cell }) => `${cell}: neither reached nor argued for`),
    ...refuted.map(({ cell }) => `${cell}: reached, although it is argued that nothing can`),
  ];
}

/** The model's cells that belong to no row: none. */
export function strayModelCells(rows: readonly CellRow[]): string[] {
  return modelCells.filter((name) => !rows.some(({ cell }) => isPartOf(name, cell)));
}

export function cellLines(rows: readonly CellRow[]): string[] {
  const width = Math.max(...rows.map(({ cell }) => cell.length));
  return rows.map(({ cell, count, examples, reason }) => {
    const how = reason === null ? `${String(count).padStart(8)} times, examples ${examples}` : `unreachable: ${reason}`;
    return `${cell.padEnd(width)} ${how}`;
  });
}

// "reversal 0420 · duplicate lowered" is part of "reversal · duplicate", a change of the program is a commit, and a 0220
// of what its 0200 has posted before is the rules' duplicate. One function confirms and releases.
function isPartOf(name: string, cell: string): boolean {
  const [operation = "", outcome = ""] = name.split(" · ");
  const [word = ""] = outcome.split(" ");
  if (operation === "change") return cell === "commit · done";
  if (operation === "confirm" || operation === "release") return cell === `resolve · ${resolvedAs(operation, outcome)}`;
  if (word === "posted_before") return cell === "financial · duplicate";
  return cell === `${operation.split(" ")[0]} · ${word}`;
}

function resolvedAs(operation: "confirm" | "release", outcome: string): string {
  if (outcome === "done killed") return "killed_pending";
  if (outcome === "already") return outcome;
  if (outcome === "stale") return "forgotten";
  return operation === "confirm" ? "confirmed" : "released";
}

const exampleCells = Object.values(exampleGroups)
  .flat()
  .flatMap(({ cell }) => (cell === undefined ? [] : [cell]));
