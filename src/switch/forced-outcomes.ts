import type { ForcedOutcome, ForcedRule, SpoiledAnswer } from "../../specs/forced-outcomes.ts";

/** What a rule looks at; every request of the authorizer has it. */
export interface ForcedSubject {
  readonly pan: string;
  /** DE4, in minor units of DE49. */
  readonly transactionAmount: bigint;
  readonly merchant: { readonly id: string };
}

const merchantIdLength = 15;

/**
 * Answers that are spoiled on purpose (specs/forced-outcomes.ts). Money stays right under all of them:
 *
 * - A forced `response` is a decline that nobody decided: the message is answered at once, nothing is asked of the
 *   authorizer and nothing is held, journalled or kept. A repeat fits the same rule and gets the same code; a reversal
 *   finds nothing and leaves a tombstone. An approval cannot be forced, because it would be money that nobody holds.
 *   It applies to what may be refused (0100, 0200 and their repeats) and never to an advice or a reversal, which has
 *   happened and must be committed (rules: What the switch answers).
 * - Every other outcome spoils an answer after its decision has been committed, just as a bad line would: the hold
 *   stands, and the acquirer's repeat or reversal settles it.
 *
 * The caller asks once, when a request has been mapped, and applies what it gets when the answer leaves.
 */
export class ForcedOutcomes {
  readonly #rules: readonly ForcedRule[];
  readonly #pans = new Set<string>();
  readonly #amounts = new Set<bigint>();
  /** With and without the blanks that fill DE42. */
  readonly #merchants = new Set<string>();

  constructor(rules: readonly ForcedRule[]) {
    this.#rules = rules;
    for (const { when } of rules) {
      if (when.pan !== undefined) this.#pans.add(when.pan);
      else if (when.amount !== undefined) this.#amounts.add(BigInt(when.amount));
      else if (when.merchant !== undefined) {
        this.#merchants.add(when.merchant);
        this.#merchants.add(when.merchant.padEnd(merchantIdLength));
      }
    }
  }

  /** Of a request. Null, as for almost all: nothing is forced. */
  match(message: ForcedSubject): ForcedOutcome | null {
    if (!this.#isSuspect(message)) return null;
    for (const { when, outcome } of this.#rules) if (fits(when, message)) return outcome;
    return null;
  }

  /** Of an advice or a reversal, which nobody may refuse. */
  matchTold(message: ForcedSubject): SpoiledAnswer | null {
    if (!this.#isSuspect(message)) return null;
    for (const { when, outcome } of this.#rules) if (outcome.kind !== "response" && fits(when, message)) return outcome;
    return null;
  }

  #isSuspect(message: ForcedSubject): boolean {
    return (
      (this.#merchants.size > 0 && this.#merchants.has(message.merchant.id)) ||
      (this.#pans.size > 0 && this.#pans.has(message.pan)) ||
      (this.#amounts.size > 0 && this.#amounts.has(message.transactionAmount))
    );
  }
}

function fits({ pan, amount, merchant }: ForcedRule["when"], message: ForcedSubject): boolean {
  if (pan !== undefined && pan !== message.pan) return false;
  if (amount !== undefined && BigInt(amount) !== message.transactionAmount) return false;
  return merchant === undefined || merchant === message.merchant.id.trimEnd();
}
