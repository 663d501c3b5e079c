import type { Minor } from "../../src/kernel/money.ts";
import type { ClearingAnswer } from "./answers.ts";
import type { Books } from "./books.ts";
import { type Hold, isOpen, isPending, nothing } from "./hold.ts";
import type { ChainMemory } from "./memory.ts";
import type { Card } from "./program.ts";
import { approve, reservationOf } from "./reservation.ts";

/** One record of clearing, or one capture or refund by the test helper. */
export interface ClearingMessage {
  readonly card: string;
  /** The posting's own identity, and what must be the same again in a repeat. */
  readonly key: string;
  readonly fingerprint: string;
  readonly kind: "capture" | "refund";
  /** Minor units of the card currency. */
  readonly amount: Minor;
  /** The last one of its hold: what remains is released. */
  readonly isFinal: boolean;
  /** Key and code of the message that made the hold, or that we declined; null: nobody knows of an authorization. */
  readonly authorization: { readonly key: string; readonly mcc: string } | null;
  /** DE18. It counts where there is no authorization. */
  readonly mcc: string;
  readonly wallNowMs: number;
  readonly businessNowMs: number;
}

/** What a clearing did, and the hold that it named while that kept money back: its answer is kept as long as that. */
interface Cleared {
  readonly answer: ClearingAnswer;
  readonly made: Hold | null;
}

/** Rules, Holds: clearing always posts, whatever has become of the hold. */
export function clear(books: Books, memory: ChainMemory, card: Card, message: ClearingMessage): Cleared {
  const { amount, kind } = message;
  const spender = books.spenderOf(card, message.authorization?.mcc ?? message.mcc);
  const hold = heldFor(memory, message);
  if (kind === "refund") {
    spender.account.available += amount;
    return { answer: { outcome: "refunded", amount }, made: hold };
  }
  if (hold === null) books.spend(spender, amount);
  else {
    const reservation = reservationOf(memory.authorizations.get(hold.key));
    if (reservation !== null) approve(reservation);
    books.clear(hold, amount, message);
  }
  return { answer: { outcome: message.authorization === null ? "force_posted" : "captured", amount }, made: hold };
}

/** A capture of 0 means something only as the end of a hold; a refund of 0 means nothing. */
export function movesNothing(memory: ChainMemory, message: ClearingMessage): boolean {
  if (message.amount > nothing) return false;
  return message.kind === "refund" || !message.isFinal || heldFor(memory, message) === null;
}

/** The hold that is meant, while it keeps money back. */
function heldFor(memory: ChainMemory, { authorization }: ClearingMessage): Hold | null {
  const hold = [...memory.holds()].find(({ key }) => key === authorization?.key);
  return hold !== undefined && (isOpen(hold) || isPending(hold)) ? hold : null;
}
