import type { Charge } from "./spending.ts";
import type { Account } from "./program.ts";

/** How long forgetting waits, in milliseconds of wall time (rules: Identity of a message). */
export interface Retention {
  /** After the decision, for a message that left no hold behind. */
  readonly holdlessMs: number;
  /** After its end, for a hold and the message that made it. */
  readonly endedHoldMs: number;
  /** For an early reversal, and the message that brought it. */
  readonly tombstoneMs: number;
}

export interface Hold {
  readonly account: Account;
  readonly charge: Charge;
  readonly approved: bigint;
  remaining: bigint;
  /** Wall time at which nothing remained; null while it is open. */
  endedAtMs: number | null;
}

/** What is kept of a message: enough to answer its repeats. */
export interface MessageRecord<Answer> {
  readonly fingerprint: string;
  readonly answer: Answer;
  /** The hold that the message made; null: it left none. */
  readonly hold: Hold | null;
  /** Wall time at which a record without a hold may go. */
  readonly forgetAtMs: number;
}

/** Messages, holds and tombstones of one chain of cards. */
export class ChainMemory<A, R> {
  readonly authorizations = new Map<string, MessageRecord<A>>();
  readonly reversals = new Map<string, MessageRecord<R>>();
  /** Undo key of an original that was reversed before it came → wall time at which that may be forgotten. */
  readonly tombstones = new Map<string, number>();

  *openHolds(): Generator<Hold> {
    for (const record of this.authorizations.values()) {
      if (record.hold !== null && record.hold.endedAtMs === null) yield record.hold;
    }
  }

  /** Forgets, oldest first, at most `limit` of what has outlived its retention; returns how many. */
  purge(wallNowMs: number, limit: number, retention: Retention): number {
    let left = limit;
    for (const records of [this.authorizations, this.reversals]) {
      for (const [key, record] of records) {
        if (left > 0 && isForgettable(record, wallNowMs, retention)) {
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
    return limit - left;
  }
}

function isForgettable(record: MessageRecord<unknown>, wallNowMs: number, retention: Retention): boolean {
  if (record.hold === null) return wallNowMs >= record.forgetAtMs;
  return record.hold.endedAtMs !== null && wallNowMs >= record.hold.endedAtMs + retention.endedHoldMs;
}
