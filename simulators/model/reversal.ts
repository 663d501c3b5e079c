import { type Minor, minor } from "../../src/kernel/money.ts";
import type { ReversalAnswer } from "./answers.ts";
import type { Books } from "./books.ts";
import {
  type ForeignRate,
  type Hold,
  type Increment,
  type Posting,
  isOpen,
  nothing,
  remainingOf,
  reversibleOf,
} from "./hold.ts";
import type { ChainMemory, Known } from "./memory.ts";
import { kill, reservationOf } from "./reservation.ts";
import { type MessageFunction, type ReversalMessage, keyOf, originalFunction } from "./messages.ts";
import type { Account } from "./program.ts";

interface Undoing {
  readonly books: Books;
  readonly account: Account;
  readonly message: ReversalMessage;
}

/** What a reversal did, and the hold that it lowered: its answer is kept as long as that. */
export interface Reversed {
  readonly answer: ReversalAnswer;
  readonly made: Hold | null;
}

/** A reversal that has not been heard of before. */
export function reverse(books: Books, memory: ChainMemory, account: Account, message: ReversalMessage): Reversed {
  const found = originalOf(memory, message);
  if (found === null) return leaveTombstones(books, memory, message);
  const undoing = { books, account, message };
  const { known } = found;
  const reservation = reservationOf(memory.authorizations.get(found.key));
  if (reservation !== null) {
    const { made } = reservation;
    // Whatever DE95 says: of what nobody has approved yet no part is left.
    const releasedAmount = kill(books, reservation, message.wallNowMs);
    const answer = { outcome: "killed_pending", releasedAmount } as const;
    return { answer, made: made.kind === "increment" ? made.hold : made };
  }
  switch (known.kind) {
    case "tombstone":
      return unmoved("unknown");
    case "declined":
      memory.undo(found.key);
      return unmoved("nothing_to_release");
    case "reversed":
    case "answered":
      return unmoved("nothing_to_release");
    case "hold":
      return isOpen(known) ? reverseHold(undoing, known) : unmoved("nothing_to_release");
    case "increment":
      return known.left > 0n && isOpen(known.hold) ? reverseIncrement(undoing, known) : unmoved("nothing_to_release");
    case "posting":
      // Whoever names the 0100 does not mean what a 0220 has posted for it.
      return reversibleOf(known) > 0n && originalFunction(message.original) !== "authorization"
        ? reversePosting(undoing, known)
        : unmoved("nothing_to_release");
  }
}

function reverseHold(undoing: Undoing, hold: Hold): Reversed {
  const { books, message } = undoing;
  const remaining = remainingOf(hold);
  const target = replacement(undoing, hold.foreign);
  // Remembered with the hold, which may grow until what was too much then would not be any more.
  if (target === null || target > remaining) return { ...unmoved("exception"), made: hold };
  const releasedAmount = books.release(hold, remaining - target, message.wallNowMs);
  return { answer: { outcome: target > 0n ? "lowered" : "released", releasedAmount }, made: hold };
}

function reverseIncrement(undoing: Undoing, increment: Increment): Reversed {
  const target = replacement(undoing, increment.hold.foreign);
  if (target === null || target > increment.left) return { ...unmoved("exception"), made: increment.hold };
  const releasedAmount = undoing.books.takeBack(increment, target);
  return { answer: { outcome: target > 0n ? "lowered" : "released", releasedAmount }, made: increment.hold };
}

function reversePosting(undoing: Undoing, posting: Posting): Reversed {
  const target = replacement(undoing, posting.foreign);
  if (target === null || target > reversibleOf(posting)) return unmoved("exception");
  return { answer: { outcome: "reposted", releasedAmount: undoing.books.repost(posting, target) }, made: null };
}

/** What is to be left: DE95 at the rate of what is reversed, without DE95 nothing; null: nothing converts it. */
function replacement({ books, account, message }: Undoing, foreign: ForeignRate): Minor | null {
  if (message.replacementAmount === null) return nothing;
  const currency = message.replacementCurrency ?? account.currency;
  const businessMs = message.businessNowMs;
  return books.inCardCurrency(message.replacementAmount, currency, foreign, { account, businessMs });
}

/** Where DE90 does not say the function of the original, the first that is known under its tuple is meant. */
function originalOf(memory: ChainMemory, message: ReversalMessage): { key: string; known: Known } | null {
  const told = originalFunction(message.original);
  const functions = told === null ? (["authorization", "financial", "financial_advice"] as const) : [told];
  for (const candidate of functions) {
    const key = keyOf(message, candidate, message.original?.stan);
    const known = memory.known(key);
    if (known !== null) return { key, known };
  }
  return null;
}

/** The original may still come, and is then refused. */
function leaveTombstones(books: Books, memory: ChainMemory, message: ReversalMessage): Reversed {
  const told = originalFunction(message.original);
  const functions: readonly MessageFunction[] = told === null ? ["authorization", "financial"] : [told];
  for (const candidate of functions) {
    const key = keyOf(message, candidate, message.original?.stan);
    memory.tombstones.set(key, message.wallNowMs + books.settings.retention.tombstoneMs);
  }
  return unmoved("tombstone");
}

function unmoved(outcome: ReversalAnswer["outcome"]): Reversed {
  return { answer: { outcome, releasedAmount: minor(0n) }, made: null };
}
