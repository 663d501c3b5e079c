import type { PendingAnswer } from "../../simulators/model/answers.ts";
import { declineChecks } from "../../simulators/model/checks.ts";
import { unknownCurrency } from "./message-source.ts";
import type { Operation, Opinion } from "./operations.ts";

const declines = declineChecks.map((check) => `declined ${check}`);
/** A refund asks for a valid card only, and an advice for nothing. */
const requestOutcomes = [...declines, "reversed_before", "conflict", "unknown_pan", "unsupported_currency"];

const authorizationOutcomes = [
  "approved",
  "partial",
  "approved refund",
  "approved fuel",
  "approved verification",
  "approved inquiry",
  "approved nothing",
  "duplicate approved",
  "duplicate partial",
  "duplicate declined",
  "duplicate reversed_before",
  "pending",
  "pending part",
  "pending fuel",
  "duplicate pending",
  "expired_deadline",
  ...requestOutcomes,
];
const incrementOutcomes = [
  "pending",
  "duplicate pending",
  "approved",
  "approved nothing",
  "fresh",
  "declined",
  "duplicate approved",
  "duplicate declined",
  "conflict",
  "reversed_before",
];
const firstAdviceOutcomes = ["held", "merged", "added", "completed", "released", "attached"];
const adviceOutcomes = [
  ...firstAdviceOutcomes,
  ...firstAdviceOutcomes.map((outcome) => `duplicate ${outcome}`),
  // What the network has answered a pump's question with.
  "held fuel",
  // What was declined in a currency without a rate.
  "released unbilled",
  "merged fuel",
  // What the network has answered meanwhile, while the endpoint was still to answer.
  "merged asked",
  "completed asked",
  "released asked",
  "conflict",
  "unknown_pan",
  "unsupported_currency",
];
const financialRequestOutcomes = [
  "posted",
  "posted part",
  "posted refund",
  "approved verification",
  "approved inquiry",
  "approved nothing",
  "duplicate posted",
  "duplicate approved",
  "duplicate declined",
  "duplicate reversed_before",
  "expired_deadline",
  ...requestOutcomes,
];
const firstFinancialAdviceOutcomes = ["captured_hold", "force_posted", "posted_before", "exception", "reversed_before"];
const financialAdviceOutcomes = [
  ...firstFinancialAdviceOutcomes,
  ...firstFinancialAdviceOutcomes.map((outcome) => `duplicate ${outcome}`),
  "force_posted refund",
  "captured_hold asked",
  "exception unbilled",
  "conflict",
  "unknown_pan",
  "unsupported_currency",
];
const firstReversalOutcomes = [
  "released",
  "lowered",
  "reposted",
  "tombstone",
  "unknown",
  "nothing_to_release",
  "exception",
  "killed_pending",
];
const reversalOutcomes = [
  ...firstReversalOutcomes,
  ...firstReversalOutcomes.map((outcome) => `duplicate ${outcome}`),
  "conflict",
  "unknown_pan",
  // DE95 came in another currency than the card's and was converted at the rate of what it refers to.
  "need_rate",
];
const clearingOutcomes = [
  // What remains stays held; all of it is captured; the rest is given back; more than was held.
  "captured part",
  "captured all",
  "captured final",
  "captured over",
  // An end that posts nothing.
  "captured none",
  // Not approved by its endpoint yet; a hold that has ended; one that is forgotten, or never was.
  "captured pending",
  "captured late",
  "captured unknown",
  "force_posted",
  "refunded",
  "nothing",
  "duplicate captured",
  "duplicate force_posted",
  "duplicate refunded",
  "conflict",
];
const confirmOutcomes = ["done", "done part", "done increment", "done killed", "already", "stale"];
const releaseOutcomes = ["done", "done increment", "already", "stale"];
const changes = ["fund", "enable_account", "partial_approvals", "asks_endpoint"];
const cardholderChanges = ["cardholder_status", "cardholder_verification", "cardholder_controls"];
const cardChanges = ["add_card", "card_status", "activate_replacement", "card_controls"];

/** Every operation with every outcome that rules.md's table gives it in this work. */
export const cells: readonly string[] = [
  ...authorizationOutcomes.map((outcome) => `authorization · ${outcome}`),
  ...incrementOutcomes.map((outcome) => `increment · ${outcome}`),
  ...adviceOutcomes.map((outcome) => `advice · ${outcome}`),
  ...financialRequestOutcomes.map((outcome) => `financial 0200 · ${outcome}`),
  ...financialAdviceOutcomes.map((outcome) => `financial 0220 · ${outcome}`),
  ...reversalOutcomes.map((outcome) => `reversal 0400 · ${outcome}`),
  ...reversalOutcomes.map((outcome) => `reversal 0420 · ${outcome}`),
  ...[...changes, ...cardholderChanges, ...cardChanges].map((change) => `change · ${change}`),
  ...clearingOutcomes.map((outcome) => `clearing · ${outcome}`),
  ...confirmOutcomes.map((outcome) => `confirm · ${outcome}`),
  ...releaseOutcomes.map((outcome) => `release · ${outcome}`),
  ...["done", "already", "stale"].map((outcome) => `expire · ${outcome}`),
  "purge · done",
  "purge · already",
];

/** How often each cell was reached. */
export class Coverage {
  readonly #counts = new Map<string, number>(cells.map((cell) => [cell, 0]));

  count(operation: Operation, opinion: Opinion): void {
    for (const cell of cellsOf(operation, opinion)) this.#counts.set(cell, (this.#counts.get(cell) ?? 0) + 1);
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
    const names = [...this.#counts.keys()];
    const width = Math.max(...names.map((cell) => cell.length));
    return names.map((cell) => `${cell.padEnd(width)} ${String(this.#counts.get(cell)).padStart(8)}`).join("\n");
  }
}

function cellsOf(operation: Operation, opinion: Opinion): string[] {
  switch (opinion.kind) {
    case "change":
      return [`change · ${operation.kind === "change" ? operation.change.kind : ""}`];
    case "purge":
      return [`purge · ${opinion.forgotten > 0 ? "done" : "already"}`];
    case "expire":
      return [`expire · ${opinion.opinion}`];
    case "reverse":
      return reversalCells(operation, opinion);
    case "clear":
      return [`clearing · ${clearingCell(operation, opinion)}`];
    case "settle":
      return [settlingCell(operation, opinion)];
    default:
      return amountCells(operation, opinion);
  }
}

function clearingCell(
  operation: Operation,
  { opinion, found, remaining }: Extract<Opinion, { kind: "clear" }>,
): string {
  if (operation.kind !== "clear" || opinion.outcome !== "captured") return word(opinion);
  if (found === "unknown") return "captured unknown";
  if (found === "pending") return "captured pending";
  if (found !== "open") return "captured late";
  const { amount, isFinal } = operation.clearing;
  if (amount === 0n) return "captured none";
  if (amount > remaining) return "captured over";
  if (amount === remaining) return "captured all";
  return isFinal ? "captured final" : "captured part";
}

function settlingCell(operation: Operation, { opinion, isIncrement }: Extract<Opinion, { kind: "settle" }>): string {
  const isConfirm = operation.kind === "settle" && "approvedAmount" in operation.verdict;
  const name = isConfirm ? "confirm" : "release";
  if (opinion.outcome !== "done") return `${name} · ${opinion.outcome}`;
  if (opinion.answer.outcome === "reversed_before") return `${name} · done killed`;
  if (isIncrement) return `${name} · done increment`;
  return `${name} · done${opinion.answer.outcome === "partial" ? " part" : ""}`;
}

function reversalCells(operation: Operation, { opinion }: Extract<Opinion, { kind: "reverse" }>): string[] {
  if (operation.kind !== "reverse") return [];
  const { isAdvice, replacementCurrency } = operation.request;
  const name = `reversal ${isAdvice ? "0420" : "0400"}`;
  const isConverted = replacementCurrency !== null && ["lowered", "reposted"].includes(opinion.outcome);
  return [`${name} · ${word(opinion)}`, ...(isConverted ? [`${name} · need_rate`] : [])];
}

function amountCells(
  operation: Operation,
  { opinion, ...rest }: Extract<Opinion, { kind: "authorize" | "advise" | "post" }>,
): string[] {
  if (operation.kind !== "authorize" && operation.kind !== "advise" && operation.kind !== "post") return [];
  const { purpose } = operation.request;
  const said = word(opinion);
  const isUnbilled = operation.request.transactionCurrency === unknownCurrency.transactionCurrency;
  if (operation.kind === "advise") {
    const isFuel = purpose === "fuel" && ["held", "merged"].includes(said);
    if ("isAsked" in rest && rest.isAsked) return [`advice · ${said} asked`];
    return [`advice · ${said}${isFuel ? " fuel" : isUnbilled && said === "released" ? " unbilled" : ""}`];
  }
  if ("isChainOpen" in rest && purpose === "increment") {
    return incrementCells(`${said}${isOfNothing(opinion) ? " nothing" : ""}`, rest.isChainOpen);
  }
  const isAdvice = operation.kind === "post" && operation.request.isAdvice;
  const name = operation.kind === "authorize" ? "authorization" : `financial ${isAdvice ? "0220" : "0200"}`;
  if (opinion.outcome === "pending") return [`${name} · ${said}${pendingDetail(opinion, purpose)}`];
  if ("isAsked" in rest && rest.isAsked) return [`${name} · ${said} asked`];
  if (isUnbilled && said === "exception") return [`${name} · exception unbilled`];
  const isMoney = purpose === "purchase" || (purpose === "refund" && operation.kind === "post");
  if (isMoney && isOfNothing(opinion)) return [`${name} · ${said} nothing`];
  const isPart = opinion.outcome === "posted" && opinion.postedAmount < opinion.askedAmount;
  const isFirst = ["approved", "posted", "force_posted"].includes(opinion.outcome);
  const detail = isPart ? " part" : isFirst && purpose !== "purchase" && purpose !== "increment" ? ` ${purpose}` : "";
  return [`${name} · ${said}${detail}`];
}

function incrementCells(said: string, isChainOpen: boolean): string[] {
  if (said.startsWith("approved") && !isChainOpen) return ["increment · fresh"];
  const plain = said.startsWith("declined") ? "declined" : said;
  return incrementOutcomes.includes(plain) ? [`increment · ${plain}`] : [`authorization · ${said}`];
}

function pendingDetail({ reservedAmount, askedAmount }: PendingAnswer, purpose: string): string {
  if (purpose === "fuel") return " fuel";
  return reservedAmount < askedAmount ? " part" : "";
}

function isOfNothing(opinion: { readonly outcome: string; readonly approvedAmount?: bigint }): boolean {
  return opinion.outcome === "approved" && opinion.approvedAmount === 0n;
}

function word(said: { readonly outcome: string } & object): string {
  if ("check" in said) return `declined ${String(said.check)}`;
  if (!("first" in said)) return said.outcome;
  const { first } = said;
  return `duplicate ${typeof first === "object" && first !== null && "outcome" in first ? String(first.outcome) : ""}`;
}
