import type { AdviceAnswer, AuthorizationAnswer, FinancialAnswer, ReversalAnswer } from "./answers.ts";
import { type Hold, type Increment, type Posting, endedAt, isOpen } from "./hold.ts";

/** How long forgetting waits, in milliseconds of wall time (rules: Identity of a message). */
export interface Retention {
  /** After the decision, for a message that left neither hold nor posting behind. */
  readonly answerMs: number;
  /** After its end, for a hold and the messages that name it. */
  readonly endedHoldMs: number;
  /** For a posting, and the messages that name it. */
  readonly postingMs: number;
  /** For an early reversal, and the message that brought it. */
  readonly tombstoneMs: number;
}

/** What is kept of a message: enough to answer its repeats, and to find what it did. */
export interface MessageRecord<Answer> {
  readonly fingerprint: string;
  readonly answer: Answer;
  /** What the message made, or names since another message made it in its place; null: nothing. */
  names: Hold | Increment | Posting | null;
  /** Wall time at which it may go, where it names no hold. */
  readonly forgetAtMs: number;
}

/** What is known under the key of an original. */
export type Known =
  | Hold
  | Increment
  | Posting
  | { readonly kind: "tombstone" }
  | { readonly kind: "answer"; readonly outcome: AuthorizationAnswer["outcome"] | FinancialAnswer["outcome"] };

/** Messages, holds, postings and tombstones of one line of cards. */
export class ChainMemory {
  readonly authorizations = new Map<string, MessageRecord<AuthorizationAnswer>>();
  readonly advices = new Map<string, MessageRecord<AdviceAnswer>>();
  /** 0200 and 0220. */
  readonly financials = new Map<string, MessageRecord<FinancialAnswer>>();
  readonly reversals = new Map<string, MessageRecord<ReversalAnswer>>();
  /** Key of an original that was reversed before it came → wall time at which that may be forgotten. */
  readonly tombstones = new Map<string, number>();
  /** What the id of a network's chain names. */
  readonly #pointers = new Map<string, Hold | Posting>();

  /** Null: nothing has been heard of that key. */
  known(key: string): Known | null {
    const record = this.authorizations.get(key) ?? this.financials.get(key);
    if (record !== undefined) return record.names ?? { kind: "answer", outcome: record.answer.outcome };
    return this.tombstones.has(key) ? { kind: "tombstone" } : null;
  }

  named(chain: string | null): Hold | Posting | null {
    return chain === null ? null : (this.#pointers.get(chain) ?? null);
  }

  /** Gives a chain its name, if nothing else bears it. */
  name(chain: string | null, thing: Hold | Posting): void {
    if (chain !== null && !this.#pointers.has(chain)) this.#pointers.set(chain, thing);
  }

  /** Gives a chain's name to something else. */
  rename(chain: string | null, thing: Hold | Posting): void {
    if (chain !== null) this.#pointers.set(chain, thing);
  }

  *holds(): Generator<Hold> {
    const seen = new Set<Hold>();
    for (const records of [this.authorizations, this.advices]) {
      for (const { names } of records.values()) {
        if (names?.kind !== "hold" || seen.has(names)) continue;
        seen.add(names);
        yield names;
      }
    }
  }

  *openHolds(): Generator<Hold> {
    for (const hold of this.holds()) if (isOpen(hold)) yield hold;
  }

  /** Forgets, oldest first, at most `limit` of what has outlived its retention; returns how many. */
  purge(wallNowMs: number, limit: number, retention: Retention): number {
    let left = limit;
    const isPast = (names: MessageRecord<unknown>["names"], forgetAtMs: number): boolean => {
      if (names === null || names.kind === "posting") return wallNowMs >= forgetAtMs;
      const endedAtMs = endedAt(names.kind === "hold" ? names : names.hold);
      return endedAtMs !== null && wallNowMs >= endedAtMs + retention.endedHoldMs;
    };
    for (const records of [this.authorizations, this.advices, this.financials, this.reversals]) {
      for (const [key, { names, forgetAtMs }] of records) {
        if (left > 0 && isPast(names, forgetAtMs)) {
          records.delete(key);
          left--;
        }
      }
    }
    for (const [key, forgetAtMs] of this.tombstones) {
      if (left > 0 && wallNowMs >= forgetAtMs) {
        this.tombstones.delete(key);
        left--;
      }
    }
    for (const [chain, thing] of this.#pointers) {
      if (isPast(thing, thing.kind === "posting" ? thing.forgetAtMs : 0)) this.#pointers.delete(chain);
    }
    return limit - left;
  }
}
