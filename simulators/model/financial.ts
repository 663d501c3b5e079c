import { type Minor, minor } from "../../src/kernel/money.ts";
import type { FinancialAnswer } from "./answers.ts";
import { balancesOf } from "./authorization.ts";
import { type Bill, type Books, openOf } from "./books.ts";
import { decide } from "./decide.ts";
import { type Hold, type Posting, nothing, reversibleOf } from "./hold.ts";
import type { ChainMemory, Known } from "./memory.ts";
import { approve, reservationOf } from "./reservation.ts";
import { type FinancialMessage, type MessageFunction, chainOf, keyOf, originalFunction } from "./messages.ts";

/** What a single message did, and the posting, its own or that of a 0200, that its key names from now on. */
export interface Posted {
  readonly answer: FinancialAnswer;
  readonly made: Posting | null;
}

/** A 0200 that has not been heard of before. It never captures a hold. */
export function request(books: Books, memory: ChainMemory, bill: Bill, message: FinancialMessage): Posted {
  if (memory.tombstones.has(keyOf(message, "financial"))) return unposted("reversed_before");
  const decision = decide(books, bill, message);
  if (decision.kind === "declined") return { answer: { outcome: "declined", check: decision.check }, made: null };
  if (decision.amount === 0n) {
    const approved = { outcome: "approved", approvedAmount: nothing } as const;
    const isInquiry = message.purpose === "inquiry";
    return { answer: isInquiry ? { ...approved, balances: balancesOf(bill.account) } : approved, made: null };
  }
  const made = books.post(bill, message, decision.amount);
  return { answer: { outcome: "posted", postedAmount: decision.amount, askedAmount: bill.amount }, made };
}

interface Target {
  readonly function: MessageFunction | "chain";
  readonly known: Known;
}

/** A 0220 that has not been heard of before and says that it was approved: the money has gone, whatever we would have said. */
export function advice(books: Books, memory: ChainMemory, bill: Bill, message: FinancialMessage): Posted {
  if (memory.tombstones.has(keyOf(message, "financial_advice"))) return unposted("reversed_before");
  const target = targetOf(memory, message);
  const known = target?.known ?? null;
  // Who has reversed a 0100 has not reversed what was posted for it.
  if (isReversed(known) && target?.function !== "authorization") return unposted("reversed_before");
  // It stands in for a 0200 that we have committed, and whose reply was lost.
  if (known?.kind === "posting" && target?.function === "financial") {
    return { answer: { outcome: "posted_before" }, made: known };
  }
  const isRefund = message.purpose === "refund";
  const open = isRefund ? null : (openOf(heldBy(known)) ?? approvedReservation(memory, heldBy(known)));
  if (open !== null) {
    const made = books.capture(open, bill.amount, message.wallNowMs);
    nameOriginals(books, memory, message, made);
    return postedAs("captured_hold", bill.amount, made);
  }
  if (bill.amount === 0n) return unposted("exception");
  const made = books.post(bill, message, bill.amount);
  nameOriginals(books, memory, message, made);
  memory.name(chainOf(message), made, message.purpose);
  return postedAs("force_posted", bill.amount, made);
}

/** What the advice is about: what DE90 names, else the 0100 or the 0200 of its own tuple, else its chain. */
function targetOf(memory: ChainMemory, message: FinancialMessage): Target | null {
  let reversed: Target | null = null;
  for (const candidate of originalsOf(message)) {
    const known = memory.known(keyOf(message, candidate, message.original?.stan));
    if (known === null) continue;
    if (candidate !== "authorization" || !isReversed(known)) return { function: candidate, known };
    // The 0200 of the same tuple may tell more than a 0100 that has been reversed.
    reversed = { function: candidate, known };
  }
  if (reversed !== null) return reversed;
  const known = memory.named(chainOf(message));
  return known === null ? null : { function: "chain", known };
}

function originalsOf(message: FinancialMessage): MessageFunction[] {
  const told = originalFunction(message.original);
  return told === null ? ["authorization", "financial"] : [told];
}

/**
 * An original that is still to come is a repeat of what has been posted in its place, and one that was declined is
 * reversed as that. What already stands for something keeps its name.
 */
function nameOriginals(books: Books, memory: ChainMemory, message: FinancialMessage, made: Posting): void {
  const { postingMs } = books.settings.retention;
  const amount = minor(reversibleOf(made));
  const keys = originalsOf(message).map((named) => ({ named, key: keyOf(message, named, message.original?.stan) }));
  for (const { key } of keys) memory.replaceDecline(key, made);
  if (keys.some(({ key }) => memory.known(key) !== null)) return;
  for (const { named, key } of keys) {
    if (named === "authorization") {
      const answer = { outcome: "approved", approvedAmount: amount } as const;
      memory.authorizations.set(key, books.record(message, answer, made, postingMs));
    } else {
      const outcome = named === "financial" ? "posted" : "force_posted";
      const answer = { outcome, postedAmount: amount, askedAmount: amount } as const;
      memory.financials.set(key, books.record(message, answer, made, postingMs));
    }
  }
}

function isReversed(known: Known | null): boolean {
  return known?.kind === "tombstone" || known?.kind === "reversed";
}

function heldBy(known: Known | null): Hold | null {
  if (known?.kind === "increment") return known.hold;
  return known?.kind === "hold" ? known : null;
}

/** Whatever the program's endpoint might still say, the money has gone. */
function approvedReservation(memory: ChainMemory, hold: Hold | null): Hold | null {
  const reservation = hold === null ? null : reservationOf(memory.authorizations.get(hold.key));
  if (reservation !== null) approve(reservation);
  return openOf(hold);
}

function postedAs(outcome: "captured_hold" | "force_posted", amount: Minor, made: Posting): Posted {
  return { answer: { outcome, postedAmount: amount, askedAmount: amount }, made };
}

function unposted(outcome: "reversed_before" | "exception"): Posted {
  return { answer: { outcome }, made: null };
}
