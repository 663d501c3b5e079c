import type { AskPlatform } from "../../src/authorizer/ask-platform.ts";
import type { AuthorizationDecision } from "../../src/authorizer/decision.ts";
import type { WaitingMessage } from "../../src/authorizer/waiting.ts";
import type { AuthorizationAnswer } from "../../simulators/model/answers.ts";

const waits = "waits for its endpoint: ";

/** Nobody waits: whoever sent the message is told at once that it waits, which no network ever is. */
export class AskedMessages {
  readonly #waiting = new Map<string, WaitingMessage>();

  readonly platform: AskPlatform = {
    ask: () => {},
    await: (waiting) => ({
      start: () => {
        const { shard, no } = waiting.message;
        const cause = `${waits}${shard} ${no} ${waiting.isDuplicate}`;
        this.#waiting.set(cause, waiting);
        waiting.done({ outcome: "unknown", cause });
      },
      seen: () => {},
    }),
  };

  /** What a decision says of a message that waits; null: it says something else. */
  waitingOf(decision: AuthorizationDecision): WaitingMessage | null {
    if (decision.outcome !== "unknown" || !decision.cause.startsWith(waits)) return null;
    const waiting = this.#waiting.get(decision.cause) ?? null;
    this.#waiting.delete(decision.cause);
    return waiting;
  }
}

/** What a repeat is told from now on, in the model's words; null: nothing that the model knows of. */
export function answerOf(decision: AuthorizationDecision): AuthorizationAnswer | null {
  switch (decision.outcome) {
    case "approved": {
      const { approvedAmount, availableAmount, ledgerAmount, outcome } = decision;
      if (availableAmount === null || ledgerAmount === null) return { outcome, approvedAmount };
      return { outcome, approvedAmount, balances: { availableAmount, ledgerAmount } };
    }
    case "partial":
      return { outcome: "partial", approvedAmount: decision.approvedAmount, askedAmount: decision.cardAmount };
    case "declined":
      // The model's names of checks are the first words of the table's.
      return { outcome: "declined", check: decision.check as "limit" };
    case "reversed_before":
      return { outcome: "reversed_before" };
    default:
      return null;
  }
}
