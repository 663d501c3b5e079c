import { minor } from "../../src/kernel/money.ts";
import type { AuthorizationAnswer, Balances } from "./answers.ts";
import { type Bill, type Books, openOf } from "./books.ts";
import { type Decision, decide } from "./decide.ts";
import { type Hold, type Increment, nothing } from "./hold.ts";
import type { ChainMemory } from "./memory.ts";
import { type AuthorizationMessage, chainOf, keyOf } from "./messages.ts";
import type { Account } from "./program.ts";

interface Authorized {
  readonly answer: AuthorizationAnswer;
  readonly made: Hold | Increment | null;
}

/** A 0100 that has not been heard of before. */
export function authorize(books: Books, memory: ChainMemory, bill: Bill, message: AuthorizationMessage): Authorized {
  if (memory.tombstones.has(keyOf(message, "authorization"))) {
    return { answer: { outcome: "reversed_before" }, made: null };
  }
  const open = message.purpose === "increment" ? openOf(memory.named(chainOf(message))) : null;
  const decision = decide(books, bill, message, open?.mcc);
  const answer = answerOf(decision, message, bill);
  if (decision.kind === "declined" || decision.amount === 0n || !isHeld(message)) return { answer, made: null };
  // Only what would be approved is asked of the program's endpoint (rules: Real-time endpoint).
  const isPending = bill.account.asksEndpoint;
  const pending = { outcome: "pending", reservedAmount: decision.amount, askedAmount: bill.amount } as const;
  const told = isPending ? pending : answer;
  if (open !== null) return { answer: told, made: increment(books, open, decision.amount) };
  const key = keyOf(message, "authorization");
  const isFuel = message.purpose === "fuel";
  const hold = books.hold(bill, message, { key, amount: decision.amount, isFuel, isPending });
  memory.name(chainOf(message), hold, message.purpose);
  return { answer: told, made: hold };
}

/** The hold grows, and today's windows are charged with what it grows by. */
export function increment(books: Books, hold: Hold, amount: bigint): Increment {
  books.grow(hold, amount);
  return { kind: "increment", hold, businessMs: hold.spender.account.lastBusinessMs, left: amount };
}

export function balancesOf({ available, held }: Account): Balances {
  return { availableAmount: minor(available), ledgerAmount: minor(available + held) };
}

function answerOf(decision: Decision, message: AuthorizationMessage, bill: Bill): AuthorizationAnswer {
  if (decision.kind === "declined") return { outcome: "declined", check: decision.check };
  if (message.purpose === "inquiry") {
    return { outcome: "approved", approvedAmount: nothing, balances: balancesOf(bill.account) };
  }
  if (decision.kind === "allowed") {
    return { outcome: "approved", approvedAmount: isHeld(message) ? decision.amount : nothing };
  }
  return { outcome: "partial", approvedAmount: decision.amount, askedAmount: bill.amount };
}

function isHeld({ purpose }: AuthorizationMessage): boolean {
  return purpose === "purchase" || purpose === "increment" || purpose === "fuel";
}
