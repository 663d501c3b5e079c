import type { NotDecided } from "./decision.ts";
import type { MessageIdentity } from "./request.ts";

/** As many as can be in flight when the store goes away, several times over. */
const messagesMax = 50_000;

/**
 * Messages whose outcome is not known: the function may have run. A duplicate of one that is then refused must not be
 * answered 91, which says that nothing was committed (rules: what the switch answers when it does not know).
 */
export class DoubtfulMessages {
  readonly #identities = new Set<string>();

  /** What to say of a message that was not decided. */
  settle(message: MessageIdentity, decision: NotDecided): NotDecided {
    const identity = `${message.network}|${message.pan}|${message.stan}|${message.acquirer}|${message.rrn}`;
    if (decision.outcome === "unknown") {
      this.#identities.add(identity);
      if (this.#identities.size > messagesMax) this.#forgetOldest();
      return decision;
    }
    if (!this.#identities.has(identity)) return decision;
    return { outcome: "unknown", cause: `${decision.cause}, and the same message may have been decided before` };
  }

  #forgetOldest(): void {
    const oldest = this.#identities.values().next();
    if (!oldest.done) this.#identities.delete(oldest.value);
  }
}
