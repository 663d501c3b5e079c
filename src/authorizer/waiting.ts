import type { Clock } from "../kernel/clock.ts";
import type { AskedMessage } from "../store/resolve.ts";
import type { AskPlatform } from "./ask-platform.ts";
import type { AuthorizationDecision } from "./decision.ts";
import { type ResolveParts, defaultAnswer, resolveAsked } from "./resolve.ts";

interface WaitingParts extends ResolveParts {
  readonly ask: AskPlatform;
  readonly clock: Clock;
}

export interface WaitingMessage {
  readonly message: AskedMessage;
  /** The same message was handed over before: whoever did that has asked. */
  readonly isDuplicate: boolean;
  readonly approvesByDefault: boolean;
  /** Wall time at which the question ends. */
  readonly deadlineMs: number;
  /** Asks the store again what the message came to: `seen` is called with it. */
  readonly look: () => void;
  readonly done: (decision: AuthorizationDecision) => void;
}

/** Started once, and told of every look. */
export type Awaiting = Pick<Waiting, "start" | "seen">;

/** How often a repeat looks whether its first has been answered. */
const pollMs = 40;
/** A timer that is asked to wait longer fires at once. */
const timerMsMax = 2_147_483_647;

/**
 * A message that is reserved until the program's endpoint has answered. Whoever resolves it first has decided: the
 * platform, or at the deadline we ourselves, by the account's default (rules: Real-time endpoint).
 */
export class Waiting {
  readonly #parts: WaitingParts;
  readonly #waiting: WaitingMessage;
  #limit: NodeJS.Timeout | null = null;
  #poll: NodeJS.Timeout | null = null;
  #isOver = false;

  constructor(parts: WaitingParts, waiting: WaitingMessage) {
    this.#parts = parts;
    this.#waiting = waiting;
    this.#awaitDeadline();
  }

  start(): void {
    const { deadlineMs, isDuplicate, look, message } = this.#waiting;
    if (isDuplicate) {
      this.seen(null);
      return;
    }
    this.#parts.ask.ask({ shard: message.shard, no: message.no }, deadlineMs, (isResolved) => {
      if (this.#isOver) return;
      if (isResolved) look();
      else void this.#decideByDefault();
    });
  }

  /** What the store says of it now; null: it still waits, or the store has not said. */
  seen(decision: AuthorizationDecision | null): void {
    if (this.#isOver) return;
    if (decision === null) this.#poll = setTimeout(this.#waiting.look, pollMs);
    else this.#finish(decision);
  }

  #awaitDeadline(): void {
    const leftMs = Math.max(0, this.#waiting.deadlineMs - this.#parts.clock.wallNow());
    this.#limit =
      leftMs > timerMsMax
        ? setTimeout(() => this.#awaitDeadline(), timerMsMax)
        : setTimeout(() => void this.#decideByDefault(), leftMs);
  }

  async #decideByDefault(): Promise<void> {
    if (this.#isOver) return;
    const { approvesByDefault, message } = this.#waiting;
    const resolved = await resolveAsked(this.#parts, message, defaultAnswer(approvesByDefault));
    if (resolved.outcome === "done" || resolved.outcome === "already") this.#finish(resolved.decision);
    else this.#finish({ outcome: "unknown", cause: "nobody could end a question to the endpoint" });
  }

  #finish(decision: AuthorizationDecision): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#limit !== null) clearTimeout(this.#limit);
    if (this.#poll !== null) clearTimeout(this.#poll);
    const { done, isDuplicate } = this.#waiting;
    done("isDuplicate" in decision ? { ...decision, isDuplicate, wasAsked: true } : decision);
  }
}
