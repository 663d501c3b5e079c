import { type Minor, minor } from "../../src/kernel/money.ts";
import type { AuthorizationAnswer, PendingAnswer } from "./answers.ts";
import type { Books } from "./books.ts";
import type { EndpointCheck } from "./checks.ts";
import { type Hold, type Increment, end, isOpen, isPending, least, remainingOf } from "./hold.ts";
import type { MessageRecord } from "./memory.ts";

/** A message that waits for the program's endpoint, and what is reserved for it (rules: Real-time endpoint). */
export interface Reservation {
  readonly record: MessageRecord<AuthorizationAnswer>;
  readonly asked: PendingAnswer;
  readonly made: Hold | Increment;
}

/**
 * The endpoint approves `amount`, or as much of it as is reserved; what it leaves is given back. An increment is approved
 * in full or not at all.
 */
export function confirm(
  books: Books,
  reservation: Reservation,
  { amount, wallNowMs }: { readonly amount: bigint; readonly wallNowMs: number },
): AuthorizationAnswer {
  const { asked, made, record } = reservation;
  const approved = minor(least(amount, asked.reservedAmount));
  if (made.kind === "increment") {
    if (!isOpen(made.hold)) return comesTooLate(books, record, wallNowMs);
    return answered(record, { outcome: "approved", approvedAmount: asked.reservedAmount });
  }
  books.lower(made, remainingOf(made) - approved);
  return open(reservation, made, approved);
}

/** The endpoint declines: everything goes back, and the message stands as if it had been declined at once. */
export function release(
  books: Books,
  { record, made }: Reservation,
  why: { readonly check: EndpointCheck; readonly wallNowMs: number },
): AuthorizationAnswer {
  if (made.kind === "increment") books.takeBack(made, 0n);
  else {
    books.lower(made, remainingOf(made));
    end(made, "declined", why.wallNowMs);
  }
  record.names = null;
  record.forgetAtMs = why.wallNowMs + books.settings.retention.answerMs;
  return answered(record, { outcome: "declined", check: why.check });
}

/** Somebody else has approved it meanwhile: it stands as it was reserved. */
export function approve(reservation: Reservation): void {
  const { record, asked, made } = reservation;
  const { reservedAmount } = asked;
  if (made.kind === "increment") answered(record, { outcome: "approved", approvedAmount: reservedAmount });
  else open(reservation, made, reservedAmount);
}

/** It is taken back before the endpoint has answered: nothing of it is left, and its repeats come too late. */
export function kill(books: Books, { record, made }: Reservation, wallNowMs: number): Minor {
  comesTooLate(books, record, wallNowMs);
  return made.kind === "increment" ? books.takeBack(made, 0n) : books.release(made, remainingOf(made), wallNowMs);
}

/** The reservation that a message's key leads to; null: nothing waits there. */
export function reservationOf(record: MessageRecord<AuthorizationAnswer> | undefined): Reservation | null {
  if (record?.answer.outcome !== "pending") return null;
  const { answer: asked, names: made } = record;
  return made?.kind === "hold" || made?.kind === "increment" ? { record, asked, made } : null;
}

/** What nobody can approve any more is remembered as what comes after its reversal. */
function comesTooLate(books: Books, record: Reservation["record"], wallNowMs: number): AuthorizationAnswer {
  record.names = null;
  record.forgetAtMs = wallNowMs + books.settings.retention.tombstoneMs;
  return answered(record, { outcome: "reversed_before" });
}

function open({ record, asked }: Reservation, hold: Hold, approvedAmount: Minor): AuthorizationAnswer {
  if (isPending(hold)) hold.state = "open";
  const { askedAmount } = asked;
  // A pump asks for one whole unit and is given what can be pumped for: that is no part.
  if (hold.isFuel || approvedAmount >= askedAmount) return answered(record, { outcome: "approved", approvedAmount });
  return answered(record, { outcome: "partial", approvedAmount, askedAmount });
}

function answered(record: MessageRecord<AuthorizationAnswer>, answer: AuthorizationAnswer): AuthorizationAnswer {
  record.answer = answer;
  return answer;
}
