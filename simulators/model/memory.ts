import type { AdviceAnswer, AuthorizationAnswer, ClearingAnswer, FinancialAnswer, ReversalAnswer } from "./answers.ts";
import type { Purpose } from "./messages.ts";
import { type Hold, type Increment, type Posting, endedAt, isOpen, isPending } from "./hold.ts";

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
  /** The first one; where it was that it waits, what became of that. */
  answer: Answer;
  /** What the message made, or names since another message made it in its place; null: nothing. */
  names: Hold | Increment | Posting | null;
  /** It declined, and a reversal has come since: nobody may stand in for it any more. */
  isUndone: boolean;
  /** Wall time at which it may go, where it names nothing: else it goes with what it names. */
  forgetAtMs: number;
}

/** What is known under the key of an original. */
export type Known =
  | Hold
  | Increment
  | Posting
  | { readonly kind: "tombstone" }
  | { readonly kind: "declined" | "reversed" | "answered" };

/** Messages, holds, postings and tombstones of one line of cards. */
export class ChainMemory {
  readonly authorizations = new Map<string, MessageRecord<AuthorizationAnswer>>();
  readonly advices = new Map<string, MessageRecord<AdviceAnswer>>();
  /** 0200 and 0220. */
  readonly financials = new Map<string, MessageRecord<FinancialAnswer>>();
  readonly reversals = new Map<string, MessageRecord<ReversalAnswer>>();
  /** By the identity of the posting. */
  readonly clearings = new Map<string, MessageRecord<ClearingAnswer>>();
  /** Key of an original that was reversed before it came → wall time at which that may be forgotten. */
  readonly tombstones = new Map<string, number>();
  /** What the id of a network's chain names. */
  readonly #pointers = new Map<string, Hold | Posting>();

  /** Null: nothing has been heard of that key. */
  known(key: string): Known | null {
    const record = this.authorizations.get(key) ?? this.financials.get(key);
    if (record !== undefined) return record.names ?? { kind: kindOf(record) };
    return this.tombstones.has(key) ? { kind: "tombstone" } : null;
  }

  /** Marks a decline that was reversed: an advice of its approval, if it comes, has been reversed already. */
  undo(key: string): void {
    const record = this.authorizations.get(key) ?? this.financials.get(key);
    if (record !== undefined) record.isUndone = record.answer.outcome === "declined";
  }

  /** A decline that was not reversed names what was held or posted in its place from now on. */
  replaceDecline(key: string, made: Hold | Posting): void {
    const record = this.authorizations.get(key) ?? this.financials.get(key);
    if (record?.answer.outcome === "declined" && !record.isUndone) record.names ??= made;
  }

  named(chain: string | null): Hold | Posting | null {
    const thing = chain === null ? null : (this.#pointers.get(chain) ?? null);
    if (thing?.kind !== "hold" || thing.state !== "declined") return thing;
    // What its endpoint has declined is whatever somebody has put in the place of the decline since.
    const instead = this.authorizations.get(thing.key)?.names ?? null;
    return instead?.kind === "increment" ? null : instead;
  }

  /** Gives a chain its name, if nothing else bears it, or if it is an increment that begins the chain anew. */
  name(chain: string | null, thing: Hold | Posting, purpose: Purpose): void {
    if (chain === null) return;
    if (purpose === "increment" || !this.#pointers.has(chain)) this.#pointers.set(chain, thing);
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

  *reservations(): Generator<Hold> {
    for (const hold of this.holds()) if (isPending(hold)) yield hold;
  }

  *openHolds(): Generator<Hold> {
    for (const hold of this.holds()) if (isOpen(hold)) yield hold;
  }

  /** Forgets, oldest first, at most `limit` of what has outlived its retention; returns how many. */
  purge(wallNowMs: number, limit: number, retention: Retention): number {
    let left = limit;
    const isPast = (names: MessageRecord<unknown>["names"], forgetAtMs: number): boolean => {
      if (names === null) return wallNowMs >= forgetAtMs;
      if (names.kind === "posting") return wallNowMs >= Math.max(names.forgetAtMs, forgetAtMs);
      const endedAtMs = endedAt(names.kind === "hold" ? names : names.hold);
      return endedAtMs !== null && wallNowMs >= endedAtMs + retention.endedHoldMs;
    };
    const kept = [this.authorizations, this.advices, this.financials, this.reversals, this.clearings];
    for (const records of kept) {
      for (const [key, record] of records) {
        const { names, forgetAtMs } = record;
        // A posting of clearing outlives its hold where that ends soon after it.
        const isKept = records === this.clearings && wallNowMs < forgetAtMs;
        if (left > 0 && !isKept && isPast(names, forgetAtMs)) {
          records.delete(key);
          left--;
        } else if (names?.kind === "posting" && isPast(names, 0)) {
          // It came late to a posting that is forgotten now, and is remembered for its own repeats only.
          record.names = null;
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
      // What was declined or reversed while it waited is remembered beyond what it had reserved.
      const record = thing.kind === "hold" ? this.authorizations.get(thing.key) : undefined;
      const isRemembered = record !== undefined && record.names !== thing;
      if (!isRemembered && isPast(thing, 0)) this.#pointers.delete(chain);
    }
    return limit - left;
  }
}

function kindOf({ answer, isUndone }: MessageRecord<AuthorizationAnswer | FinancialAnswer>) {
  if (answer.outcome === "declined") return isUndone ? "reversed" : "declined";
  return answer.outcome === "reversed_before" ? "reversed" : "answered";
}
