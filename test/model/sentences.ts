import type { AdviceDecision, FinancialDecision, ReversalDecision } from "../../src/authorizer/decision.ts";
import type {
  AdviceAnswer,
  AuthorizationAnswer,
  ClearingOpinion,
  FinancialAnswer,
  ReversalAnswer,
} from "../../simulators/model/answers.ts";
import type { Opinion } from "./operations.ts";

import type { ClearingDecision, RequestDecision, SettlingDecision } from "./subject.ts";

/** What a subject answers: the words of the authorizer's decisions. */
export type Decision = RequestDecision | AdviceDecision | FinancialDecision | ReversalDecision;

/** Both sides say the same sentence, or they disagree. */
export function sayOpinion(said: Opinion): string {
  if (said.kind === "change" || said.kind === "purge") return said.kind;
  if (said.kind === "expire") return said.opinion;
  if (said.kind === "clear") return sayClearingOpinion(said.opinion);
  if (said.kind === "settle") return saySettling(said.opinion);
  if (said.opinion.outcome === "duplicate") return `duplicate of ${sayAnswer(said.opinion.first)}`;
  return sayAnswer(said.opinion);
}

export function sayClearing(said: ClearingDecision): string {
  if (said.outcome === "conflict" || said.outcome === "nothing") return said.outcome;
  return `${said.isDuplicate ? "duplicate of " : ""}${said.outcome} ${said.amount}`;
}

function sayClearingOpinion(said: ClearingOpinion): string {
  if (said.outcome === "conflict" || said.outcome === "nothing") return said.outcome;
  return sayClearing(
    said.outcome === "duplicate" ? { ...said.first, isDuplicate: true } : { ...said, isDuplicate: false },
  );
}

export function saySettling(said: SettlingDecision): string {
  return said.outcome === "stale" ? said.outcome : `${said.outcome}: ${sayAnswer(said.answer)}`;
}

type Answer = AuthorizationAnswer | AdviceAnswer | FinancialAnswer | ReversalAnswer;

function sayAnswer(
  said: Answer | { readonly outcome: "conflict" | "unknown_pan" | "unsupported_currency" | "expired_deadline" },
): string {
  switch (said.outcome) {
    case "approved":
      return `approved ${said.approvedAmount}${sayBalances(said.balances?.availableAmount, said.balances?.ledgerAmount)}`;
    case "partial":
      return `partial ${said.approvedAmount} of ${said.askedAmount}`;
    case "declined":
      return `declined ${said.check}`;
    case "posted":
      return `posted ${said.postedAmount} of ${said.askedAmount}`;
    case "captured_hold":
    case "force_posted":
      return `${said.outcome} ${said.postedAmount}`;
    default:
      return `${said.outcome}${"amount" in said ? ` ${said.amount}` : "releasedAmount" in said ? ` ${said.releasedAmount}` : ""}`;
  }
}

export function sayDecision(said: Decision): string {
  if ("cause" in said) return `${said.outcome}: ${said.cause}`;
  const repeat = "isDuplicate" in said && said.isDuplicate && !isFiled(said) ? "duplicate of " : "";
  return `${repeat}${sayDecided(said)}`;
}

function sayDecided(said: Exclude<Decision, { cause: string }>): string {
  switch (said.outcome) {
    case "approved":
      return `approved ${said.approvedAmount}${sayBalances(said.availableAmount, said.ledgerAmount)}`;
    case "partial":
    case "posted":
      return `${said.outcome} ${said.approvedAmount} of ${said.cardAmount}`;
    case "declined":
      return `declined ${said.check}`;
    case "captured_hold":
    case "force_posted":
      return `${said.outcome} ${said.approvedAmount}`;
    case "duplicate":
      return "posted_before";
    default:
      return `${said.outcome}${"amount" in said ? ` ${said.amount}` : "releasedAmount" in said ? ` ${said.releasedAmount}` : ""}`;
  }
}

/** An exception is listed once, and a repeat of its message is answered as the first was. */
function isFiled({ outcome }: Decision): boolean {
  return outcome === "unknown_pan" || outcome === "unsupported_currency";
}

function sayBalances(available: bigint | null | undefined, ledger: bigint | null | undefined): string {
  return available === null || available === undefined ? "" : ` with ${available} of ${ledger}`;
}
