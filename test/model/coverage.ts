import { declineChecks } from "../../simulators/model/checks.ts";
import type { AuthorizationOpinion, ReversalOpinion } from "../../simulators/model/model.ts";
import type { Operation, Opinion } from "./operations.ts";

const authorizationOutcomes = [
  "approved",
  ...declineChecks.map((check) => `declined ${check}`),
  "duplicate approved",
  "duplicate declined",
  "duplicate reversed_before",
  "conflict",
  "reversed_before",
  "expired_deadline",
  "unknown_pan",
  "unsupported_currency",
];
const firstReversalOutcomes = ["released", "lowered", "tombstone", "unknown", "nothing_to_release", "exception"];
const reversalOutcomes = [
  ...firstReversalOutcomes,
  ...firstReversalOutcomes.map((outcome) => `duplicate ${outcome}`),
  "conflict",
  "unknown_pan",
];
const changes = ["fund", "enable_account", "cardholder_status", "cardholder_verification", "cardholder_controls"];
const cardChanges = ["add_card", "card_status", "activate_replacement", "card_controls"];

/** Every operation with every outcome that rules.md's table gives it in this work. */
export const cells: readonly string[] = [
  ...authorizationOutcomes.map((outcome) => `authorization · ${outcome}`),
  ...reversalOutcomes.map((outcome) => `reversal 0400 · ${outcome}`),
  ...reversalOutcomes.map((outcome) => `reversal 0420 · ${outcome}`),
  ...[...changes, ...cardChanges].map((change) => `change · ${change}`),
  "purge · done",
  "purge · already",
];

/** How often each cell was reached. */
export class Coverage {
  readonly #counts = new Map<string, number>(cells.map((cell) => [cell, 0]));

  count(operation: Operation, opinion: Opinion): void {
    const cell = cellOf(operation, opinion);
    this.#counts.set(cell, (this.#counts.get(cell) ?? 0) + 1);
  }

  merge(counts: Readonly<Record<string, number>>): void {
    for (const [cell, count] of Object.entries(counts)) this.#counts.set(cell, (this.#counts.get(cell) ?? 0) + count);
  }

  counts(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  /** Cells that were reached fewer than `least` times. */
  thin(least: number): string[] {
    return cells.filter((cell) => (this.#counts.get(cell) ?? 0) < least);
  }

  table(): string {
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => `${cell.padEnd(width)} ${String(this.#counts.get(cell)).padStart(8)}`).join("\n");
  }
}

function cellOf(operation: Operation, opinion: Opinion): string {
  if (opinion.kind === "authorize") return `authorization · ${authorizationCell(opinion.opinion)}`;
  if (opinion.kind === "purge") return `purge · ${opinion.forgotten > 0 ? "done" : "already"}`;
  if (opinion.kind === "reverse") {
    const isAdvice = operation.kind === "reverse" && operation.request.isAdvice;
    return `reversal ${isAdvice ? "0420" : "0400"} · ${reversalCell(opinion.opinion)}`;
  }
  return `change · ${operation.kind === "change" ? operation.change.kind : ""}`;
}

function authorizationCell(said: AuthorizationOpinion): string {
  if (said.outcome === "declined") return `declined ${said.check}`;
  return said.outcome === "duplicate" ? `duplicate ${said.first.outcome}` : said.outcome;
}

function reversalCell(said: ReversalOpinion): string {
  return said.outcome === "duplicate" ? `duplicate ${said.first.outcome}` : said.outcome;
}
