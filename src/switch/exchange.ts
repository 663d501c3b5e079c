import { deadlines } from "../../specs/limits.ts";
import type { SpoiledAnswer } from "../../specs/forced-outcomes.ts";
import type { FieldsOfNetwork } from "../../specs/message-fields.ts";
import type {
  AdviceDecision,
  AuthorizationDecision,
  FinancialDecision,
  ReversalDecision,
} from "../authorizer/decision.ts";
import type { Message } from "../iso8583/public.ts";
import { type AnsweredAmounts, approvedPart } from "./answered-amounts.ts";
import { type AmountRequest, bears } from "./mapping.ts";
import type { DecisionTrace, SwitchEvent } from "./observation.ts";
import { type Answer, sendReply } from "./reply.ts";
import { answerToAdvice, answerToRequest, answerToReversal, isAdvice, isRepeat } from "./responses.ts";
import type { Session } from "./session.ts";
import { sendSpoiled } from "./spoiled-reply.ts";

type DroppedEvent = "late" | "silent" | "orphaned";

/**
 * A request on its way to its answer: the one object that a message costs us. It lets go of the message as soon as
 * there is an answer, or nobody waits for one any more.
 */
export class Exchange {
  readonly session: Session;
  /** Until here an answer may leave. */
  readonly deadlineMs: number;
  /** From here on the network does not wait for any answer. */
  readonly forgetAtMs: number;
  /** How the answer is to be spoiled, for whoever tests an acquirer; null: not at all. */
  forced: SpoiledAnswer | null = null;
  /** The same request, not marked as a repeat, was handed over to be decided before. */
  isSentAgain = false;
  /** Monotonic time at the first byte of the frame. */
  readonly #startedAtMs: number;
  #message: Message | null;
  #trace: DecisionTrace | null;

  constructor(session: Session, message: Message, receivedAtMs: number, trace: DecisionTrace | null) {
    const { limits } = session.link.spec;
    this.session = session;
    this.#startedAtMs = session.frameStartedAtMs;
    this.deadlineMs = receivedAtMs + limits.decisionMs;
    this.forgetAtMs = receivedAtMs + limits.networkWaitMs;
    this.#message = message;
    this.#trace = trace;
    session.exchangesOpen++;
  }

  /**
   * Of a 0100 or a 0200. rules: What the switch answers. A late approval is dropped; the network has stood in, and tells
   * us by an advice.
   */
  decideRequest(request: AmountRequest, decision: AuthorizationDecision | FinancialDecision): void {
    const { link } = this.session;
    link.inFlight.release(this);
    this.#markDecided(decision.outcome);
    // Known not to have run: sent once more it may be answered 91 again.
    if (decision.outcome === "refused" && !this.isSentAgain) link.parts.asked.forget(request);
    const message = this.#message;
    const { code, isApproval, isWithoutEffect } = answerToRequest(decision, {
      network: link.spec.network,
      isRepeat: this.isSentAgain || isRepeat(message?.mti ?? ""),
      purpose: request.purpose,
      isPurchaseOnly: message !== null && isJustThePurchase(request, decision) && this.#takesPurchaseOnly(message),
    });
    const moreMs = "wasAsked" in decision ? deadlines.decisionWithEndpointMs - deadlines.decisionMs : 0;
    const lastMs = isWithoutEffect ? this.forgetAtMs : this.deadlineMs + moreMs;
    if (link.parts.clock.wallNow() > lastMs) return this.#drop("late");
    if (code === null) return this.#drop("silent");
    const hasCode = isApproval && "authorizationCode" in decision;
    this.#answer(isApproval ? "approved" : "declined", {
      kind: "authorization",
      code,
      authorizationCode: hasCode ? decision.authorizationCode : null,
      amounts: isApproval ? amountsOf(decision) : null,
      field: null,
      verified: request.proofs?.verified ?? null,
    });
  }

  /** Of a 0120 or a 0220. Advices have no deadline: an answer after a commit is always of use. */
  decideAdvice(decision: AdviceDecision | FinancialDecision): void {
    this.#finishAdvice("advice", "advised", { outcome: decision.outcome, code: answerToAdvice(decision) });
  }

  /** Nor have reversals. */
  decideReversal(decision: ReversalDecision): void {
    const told = isAdvice(this.#message?.mti ?? "");
    const code = answerToReversal(decision, told, this.session.link.spec.unknownReversalResponse);
    this.#finishAdvice("reversal", "reversed", { outcome: decision.outcome, code });
  }

  /** No decision has come, and nobody waits for it any more. */
  forget(): void {
    this.#drop("silent");
  }

  #takesPurchaseOnly(message: Message): boolean {
    const { mapping, spec } = this.session.link;
    if (spec.cashbackShortfall !== "purchase_only") return false;
    const { purchaseOnly } = mapping.marks;
    return purchaseOnly === null || bears(purchaseOnly, message);
  }

  #finishAdvice(
    kind: keyof FieldsOfNetwork,
    event: SwitchEvent,
    { outcome, code }: { outcome: string; code: string | null },
  ): void {
    this.session.link.advicesInFlight--;
    this.#markDecided(outcome);
    if (code === null) return this.#drop("silent");
    this.#answer(event, { kind, code, authorizationCode: null, amounts: null, field: null });
  }

  #answer(event: SwitchEvent, answer: Answer): void {
    const message = this.#message;
    const { session } = this;
    const { link } = session;
    // Given up before, or the connection is gone: the network has not had an answer and will ask again.
    if (message === null) return this.#drop("late");
    if (!session.isReachable) return this.#drop("orphaned");
    link.count(event);
    if (this.forced === null) sendReply(session, message, answer);
    else sendSpoiled(session, message, answer, this.forced);
    link.parts.metrics.latency(link.spec.name, link.parts.clock.monotonicNow() - this.#startedAtMs);
    this.#end(answer.code);
  }

  #drop(event: DroppedEvent): void {
    const message = this.#message;
    if (message === null && event !== "late") return;
    this.session.link.count(event);
    if (message !== null) this.#end(null);
  }

  #end(code: string | null): void {
    this.#endTrace(code);
    this.#message = null;
    this.session.endExchange();
  }

  #markDecided(outcome: string): void {
    if (this.#trace === null) return;
    this.#trace.decidedAt = this.session.link.parts.clock.monotonicNow();
    this.#trace.outcome = outcome;
  }

  #endTrace(code: string | null): void {
    const trace = this.#trace;
    if (trace === null) return;
    const { clock, tracing } = this.session.link.parts;
    this.#trace = null;
    trace.answeredAt = code === null ? null : clock.monotonicNow();
    trace.responseCode = code;
    tracing?.onTrace(trace);
  }
}

/** Whether DE4 of the answer will be DE4 of the request less its cashback, to the last minor unit. */
function isJustThePurchase(request: AmountRequest, decision: AuthorizationDecision | FinancialDecision): boolean {
  const { cashbackAmount, transactionAmount } = request;
  if (cashbackAmount === 0n) return false;
  const amounts = amountsOf(decision);
  return amounts?.kind === "part" && approvedPart(transactionAmount, amounts) === transactionAmount - cashbackAmount;
}

/** What the answer to an approval says of money; null where its request has said it all. */
function amountsOf(decision: AuthorizationDecision | FinancialDecision): AnsweredAmounts | null {
  switch (decision.outcome) {
    case "partial":
      return { kind: "part", approved: decision.approvedAmount, asked: decision.cardAmount };
    case "posted":
      if (decision.approvedAmount === decision.cardAmount) return null;
      return { kind: "part", approved: decision.approvedAmount, asked: decision.cardAmount };
    case "approved": {
      const { availableAmount: available, ledgerAmount: ledger, balanceCurrency: currency } = decision;
      if (available === null || ledger === null || currency === null) return null;
      return { kind: "balances", ledger, available, currency };
    }
    default:
      return null;
  }
}
