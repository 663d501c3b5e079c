import type { AuthorizationDecision, ReversalDecision } from "../authorizer/decision.ts";
import type { Message } from "../iso8583/public.ts";
import type { DecisionTrace } from "./observation.ts";
import { type Answer, sendReply } from "./reply.ts";
import { answerToAuthorization, answerToReversal, isRepeat } from "./responses.ts";
import type { Session } from "./session.ts";

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
  }

  /** rules: What the switch answers. A late approval is dropped; the network has stood in, and tells us by an advice. */
  decideAuthorization(decision: AuthorizationDecision): void {
    const { link } = this.session;
    link.inFlight.release(this);
    this.#markDecided(decision.outcome);
    const isAgain = isRepeat(this.#message?.mti ?? "");
    const { code, isWithoutEffect } = answerToAuthorization(decision, link.spec.network, isAgain);
    const lastMs = isWithoutEffect ? this.forgetAtMs : this.deadlineMs;
    if (link.parts.clock.wallNow() > lastMs) return this.#drop("late");
    if (code === null) return this.#drop("silent");
    const isApproved = decision.outcome === "approved";
    link.count(isApproved ? "approved" : "declined");
    this.#answer({
      kind: "authorization",
      code,
      authorizationCode: isApproved ? decision.authorizationCode : null,
      field: null,
    });
  }

  /** Reversals have no deadline: an answer after a commit is always of use. */
  decideReversal(decision: ReversalDecision): void {
    const { link } = this.session;
    link.reversalsInFlight--;
    this.#markDecided(decision.outcome);
    const isAdvice = this.#message?.mti.charAt(2) === "2";
    const code = answerToReversal(decision, isAdvice, link.spec.unknownReversalResponse);
    if (code === null) return this.#drop("silent");
    link.count("reversed");
    this.#answer({ kind: "reversal", code, authorizationCode: null, field: null });
  }

  /** No decision has come, and nobody waits for it any more. */
  forget(): void {
    this.#drop("silent");
  }

  #answer(answer: Answer): void {
    const message = this.#message;
    const { session } = this;
    const { link } = session;
    // Given up before, or the connection is gone: the network has not had an answer and will ask again.
    if (message === null) return this.#drop("late");
    if (!session.isReachable) return this.#drop("orphaned");
    sendReply(session, message, answer);
    link.parts.metrics.latency(link.spec.name, link.parts.clock.monotonicNow() - this.#startedAtMs);
    this.#endTrace(answer.code);
    this.#message = null;
  }

  #drop(event: "late" | "silent" | "orphaned"): void {
    if (this.#message === null && event !== "late") return;
    this.session.link.count(event);
    this.#endTrace(null);
    this.#message = null;
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
