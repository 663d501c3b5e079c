import { type Minor, minor } from "../../src/kernel/money.ts";
import type { Bill, Books } from "./books.ts";
import { type DeclineCheck, firstStaticHit, invalidCard } from "./checks.ts";
import { least } from "./hold.ts";
import type { AmountMessage } from "./messages.ts";

/** What a 0100 or 0200 may do that asks for money. */
export type Decision =
  | { readonly kind: "declined"; readonly check: DeclineCheck }
  | { readonly kind: "allowed" | "partly_allowed"; readonly amount: Minor };

/** Both kinds of request, the 0100 and the 0200, may be content with a part. */
export interface AskingMessage extends AmountMessage {
  readonly allowsPartial: boolean;
  readonly cashbackAmount: Minor;
}

/**
 * rules: Order of the decision. What moves no money is allowed an amount of 0, and a refund its own. `countedMcc` is
 * the code under which an amount counts, and so the one whose counted limits are asked: an increment counts with its
 * hold.
 */
export function decide(books: Books, bill: Bill, message: AskingMessage, countedMcc = message.mcc): Decision {
  const { card, amount } = bill;
  const category = books.settings.categoryOf(message.mcc);
  const isRefund = message.purpose === "refund";
  const hit = isRefund ? invalidCard(card, message) : firstStaticHit(card, message, category);
  if (hit !== null) return declined(hit);
  switch (message.purpose) {
    case "refund":
      return allowed(amount);
    case "verification":
    case "inquiry":
      return allowed(0n);
    case "fuel":
      return decideFuel(books, bill, message);
    case "purchase":
    case "increment":
      // What moves nothing is asked like an account verification, also where only its conversion left nothing of it.
      return amount === 0n ? allowed(0n) : decidePurchase(books, bill, message, countedMcc);
  }
}

// Every limit is asked with the full amount, whatever is then left of it for want of funds.
function decidePurchase(
  books: Books,
  { card, account, amount }: Bill,
  message: AskingMessage,
  countedMcc: string,
): Decision {
  const room = books.limitRoom(card, message.mcc, account.lastBusinessMs, countedMcc);
  if (room !== null && amount > room) return declined("limit");
  if (amount <= account.available) return allowed(amount);
  const isPartOffered = message.purpose === "purchase" && message.allowsPartial && account.allowsPartial;
  const leastPart = isPartOffered ? leastPartOf(message, amount) : null;
  if (leastPart === null || account.available < leastPart) return declined("insufficient_funds");
  return { kind: "partly_allowed", amount: minor(account.available) };
}

// A pump asks for 1.00 and is given what can be pumped for: 100.00, or what limits and funds leave of it.
function decideFuel(books: Books, { card, account }: Bill, message: AskingMessage): Decision {
  const major = books.major(account);
  const room = books.limitRoom(card, message.mcc, account.lastBusinessMs);
  const permitted = room === null ? 100n * major : least(100n * major, room);
  if (permitted < major) return declined("limit");
  const covered = least(permitted, account.available);
  return covered < major ? declined("insufficient_funds") : allowed(covered);
}

/**
 * The smallest part of which DE4, rounded down, still is something and covers the cash that has left the till; null:
 * a DE4 of 0 has no parts.
 */
function leastPartOf({ cashbackAmount, transactionAmount }: AskingMessage, amount: Minor): bigint | null {
  if (transactionAmount === 0n) return null;
  const told = cashbackAmount === 0n ? 1n : cashbackAmount;
  return (told * amount + transactionAmount - 1n) / transactionAmount;
}

function declined(check: DeclineCheck): Decision {
  return { kind: "declined", check };
}

function allowed(amount: bigint): Decision {
  return { kind: "allowed", amount: minor(amount) };
}
