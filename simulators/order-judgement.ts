import type { ReplyView } from "./reply-view.ts";
import type { Order } from "./traffic-plan.ts";

const refusals = ["91", "96"];

/** An answer by which nobody decided: the same message may be decided when it comes again. */
export function isRefusal(responseCode: string): boolean {
  return refusals.includes(responseCode);
}

export function isDecided(order: Order): boolean {
  return order.state === "answered" && !isRefusal(order.responseCode);
}

/** What is wrong with a whole answer, readable; null where it is right. A duplicate gets its original's answer. */
export function mismatchOf(order: Order, view: ReplyView): string | null {
  const first = order.kind === "duplicate" ? order.original : null;
  const right = first?.responseCode ?? order.expected;
  if (view.responseCode !== right) {
    return `${order.kind} ${view.rrn} on ${order.card.key}: came ${view.responseCode}, right is ${right}`;
  }
  const isSameCode = first === null || view.authorizationCode === first.authorizationCode;
  return isSameCode ? null : `duplicate ${view.rrn}: another authorization code than the first answer`;
}
