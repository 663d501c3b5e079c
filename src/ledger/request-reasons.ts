import { answerReasons } from "../../specs/answer-reasons.ts";
import { type DeclineReason, decisionTable } from "../../specs/decision-table.ts";
import { must } from "../kernel/assert.ts";
import type { AnswerEntry } from "../store/entry.ts";

/** Why a request was approved or declined, in the API's words (`request_history.reason`). */
export type RequestReason = DeclineReason | "card_active" | "network_fallback" | "webhook_approved" | "webhook_timeout";

const declines = new Map<number, DeclineReason>(
  Object.values(decisionTable).map(({ number, reason }) => [number, reason]),
);

const approvals = new Map<number, RequestReason>([
  [answerReasons.webhook_approved.number, "webhook_approved"],
  [answerReasons.approved_by_default.number, "webhook_timeout"],
  [answerReasons.network_fallback.number, "network_fallback"],
]);

/** Of a number that stands in an entry as the reason of a decline, or of an answer of the program's endpoint. */
export function reasonOf(number: number): RequestReason {
  return must(approvals.get(number) ?? declines.get(number), `no reason has the number ${number}`);
}

/** Whether the message that was waiting is the first of its hold, and no increment. */
export function endsFirstMessage({ viaNo, targetNo }: Pick<AnswerEntry, "viaNo" | "targetNo">): boolean {
  return viaNo === targetNo;
}
