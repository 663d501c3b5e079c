import { decisionTable } from "./decision-table.ts";

/**
 * Why a question to the program's endpoint ended as it did (rules: Real-time endpoint). Declines have the numbers of the
 * decision table, approvals numbers beyond it; stored in entries and never given to another reason.
 */
export const answerReasons = {
  webhook_declined: { number: decisionTable.webhook_declined.number, isApproval: false },
  webhook_timeout: { number: decisionTable.webhook_timeout.number, isApproval: false },
  webhook_error: { number: decisionTable.webhook_error.number, isApproval: false },
  webhook_approved: { number: 101, isApproval: true },
  /** Nobody answered in time, and the account approves by default. */
  approved_by_default: { number: 102, isApproval: true },
  /** The network's own approval, told by an advice or a posting, came before the endpoint's answer. */
  network_fallback: { number: 103, isApproval: true },
} as const satisfies Readonly<Record<string, { readonly number: number; readonly isApproval: boolean }>>;
export type AnswerReason = keyof typeof answerReasons;
