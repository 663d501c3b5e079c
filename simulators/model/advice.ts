import { minor } from "../../src/kernel/money.ts";
import type { AdviceAnswer } from "./answers.ts";
import { increment } from "./authorization.ts";
import { type Bill, type Books, openOf } from "./books.ts";
import { type Hold, type Increment, isOpen, nothing, remainingOf } from "./hold.ts";
import type { ChainMemory, Known } from "./memory.ts";
import { type AdviceMessage, chainOf, keyOf } from "./messages.ts";
import { type Reservation, approve, kill, reservationOf } from "./reservation.ts";

/** What an advice did, and the hold that its own key names from now on. */
export interface Advised {
  readonly answer: AdviceAnswer;
  readonly made: Hold | Increment | null;
}

interface Told {
  readonly books: Books;
  readonly memory: ChainMemory;
  readonly bill: Bill;
  readonly message: AdviceMessage;
  /** The key that the 0100 bears, or would have borne, for which the network stood in. */
  readonly originalKey: string;
}

const fuelMcc = "5542";

/** A 0120 that has not been heard of before and says that the network has approved: that is a fact. */
export function advise(books: Books, memory: ChainMemory, bill: Bill, message: AdviceMessage): Advised {
  const originalKey = originalKeyOf(message);
  const told = { books, memory, bill, message, originalKey };
  // Whoever stands in for what waits has approved it: the endpoint is not asked any more.
  const reservation = reservationOf(memory.authorizations.get(originalKey));
  if (reservation !== null && endsWith(reservation)) return released(kill(books, reservation, message.wallNowMs), null);
  if (reservation !== null) approve(reservation);
  const known = memory.known(originalKey);
  return known === null ? approvedOfChain(told) : approvedOfKey(told, known);
}

/** Its hold has ended meanwhile, so that nobody can add to it any more: it came too late. */
function endsWith({ made }: Reservation): boolean {
  return made.kind === "increment" && !isOpen(made.hold);
}

/** A fuel hold becomes what was pumped; 0 closes it. */
function complete(told: Told, hold: Hold): Advised {
  const { books, bill, message } = told;
  const remaining = remainingOf(hold);
  if (bill.amount > remaining) books.grow(hold, bill.amount - remaining);
  else books.release(hold, remaining - bill.amount, message.wallNowMs);
  hold.isCompleted = true;
  return { answer: { outcome: "completed", amount: bill.amount }, made: hold };
}

function approvedOfKey(told: Told, known: Known): Advised {
  switch (known.kind) {
    case "hold":
      return isOpen(known) ? approvedOfOpen(told, known) : approvedOfClosed(known);
    case "increment":
      return unmoved("merged");
    case "posting":
      return unmoved("attached");
    case "tombstone":
    case "reversed":
      return unmoved("released");
    case "declined":
      return holdBesideDecline(told);
    case "answered":
      return unmoved("merged");
  }
}

function approvedOfOpen(told: Told, hold: Hold): Advised {
  return isCompletionOf(hold, told.message) ? complete(told, hold) : unmoved("merged");
}

/**
 * What stands in for the pump's own question does not say what was pumped, and an increment adds, so that one which names
 * the hold itself tells of it again (rules: Stand-in advice, "only a fuel completion replaces").
 */
function isCompletionOf(hold: Hold, { mcc, purpose }: AdviceMessage): boolean {
  return hold.isFuel && mcc === fuelMcc && purpose === "purchase";
}

function approvedOfClosed(hold: Hold): Advised {
  if (hold.state === "captured") return unmoved("attached");
  return unmoved(hold.state === "reversed" ? "released" : "merged");
}

/** The 0100 itself is not known: the name of its chain may still lead to what it belongs to. */
function approvedOfChain(told: Told): Advised {
  const { books, memory, bill, message, originalKey } = told;
  const named = memory.named(chainOf(message));
  approveByChain(told, named);
  const open = openOf(named);
  if (open !== null && message.purpose === "increment") {
    const added = bill.amount === 0n ? null : increment(books, open, bill.amount);
    const answer = { outcome: "approved", approvedAmount: bill.amount } as const;
    // The increment itself may still come, late: it is then a repeat of what was advised.
    memory.authorizations.set(originalKey, books.record(message, answer, added, books.settings.retention.answerMs));
    return { answer: { outcome: "added", amount: bill.amount }, made: added };
  }
  if (open !== null && isCompletionOf(open, message)) return complete(told, open);
  if (open !== null && message.purpose === "fuel") return unmoved("merged");
  if (named?.kind === "posting" || (named?.kind === "hold" && named.state === "captured")) return unmoved("attached");
  return holdUnheardOf(told);
}

/** What a pump waits for is approved by what the network has told it, also where only the chain leads there. */
function approveByChain({ memory, message }: Told, named: Known | null): void {
  if (named?.kind !== "hold" || (message.purpose !== "fuel" && !isCompletionOf(named, message))) return;
  const reservation = reservationOf(memory.authorizations.get(named.key));
  if (reservation !== null) approve(reservation);
}

/** Our decline stands for the repeats of its message, and names the hold from now on. */
function holdBesideDecline(told: Told): Advised {
  const { memory, message, originalKey } = told;
  const hold = holdOf(told, keyOf(message, "advice"));
  if (hold !== null) memory.replaceDecline(originalKey, hold);
  return { answer: { outcome: "held", amount: minor(hold === null ? 0n : remainingOf(hold)) }, made: hold };
}

/** The hold lies where the 0100 would have put it, so that a late 0100 is a repeat. */
function holdUnheardOf(told: Told): Advised {
  const { books, memory, message, originalKey } = told;
  const hold = holdOf(told, originalKey);
  if (hold === null) return unmoved("held");
  const amount = minor(remainingOf(hold));
  const answer = { outcome: "approved", approvedAmount: amount } as const;
  memory.authorizations.set(originalKey, books.record(message, answer, hold, books.settings.retention.answerMs));
  return { answer: { outcome: "held", amount }, made: hold };
}

/** Neither limits nor funds are asked. A refund, an inquiry and an amount of 0 hold nothing. */
function holdOf({ books, memory, bill, message }: Told, key: string): Hold | null {
  if (message.purpose === "refund" || message.purpose === "inquiry" || bill.amount === 0n) return null;
  const isQuestion = message.purpose === "fuel";
  // A purchase at a pump is a completion that has come before its hold, and may be told again.
  const isCompleted = message.purpose === "purchase" && message.mcc === fuelMcc;
  const hold = books.hold(bill, message, { key, amount: bill.amount, isFuel: isQuestion || isCompleted, isCompleted });
  memory.name(chainOf(message), hold, message.purpose);
  return hold;
}

/** The network declined: whatever we hold for that message is given back, which needs no rate of exchange. */
export function withdraw(books: Books, memory: ChainMemory, message: AdviceMessage): Advised {
  const originalKey = originalKeyOf(message);
  const reservation = reservationOf(memory.authorizations.get(originalKey));
  if (reservation !== null) {
    const { made } = reservation;
    const amount = kill(books, reservation, message.wallNowMs);
    return released(amount, made.kind === "hold" ? made : null);
  }
  const known = memory.known(originalKey);
  if (known === null) {
    memory.tombstones.set(originalKey, message.wallNowMs + books.settings.retention.tombstoneMs);
    return unmoved("released");
  }
  if (known.kind === "hold" && isOpen(known))
    return released(books.release(known, remainingOf(known), message.wallNowMs), known);
  // Forgotten after its day: nothing is left of the increment that its repeat could take back.
  if (known.kind === "increment" && isOpen(known.hold)) return released(books.takeBack(known, 0n), null);
  return unmoved("released");
}

function originalKeyOf(message: AdviceMessage): string {
  return keyOf(message, "authorization", message.originalStan ?? message.stan);
}

function released(amount: AdviceAnswer["amount"], made: Hold | null): Advised {
  return { answer: { outcome: "released", amount }, made };
}

function unmoved(outcome: AdviceAnswer["outcome"]): Advised {
  return { answer: { outcome, amount: nothing }, made: null };
}
