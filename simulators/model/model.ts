import type { Minor } from "../../src/kernel/money.ts";
import { advise, withdraw } from "./advice.ts";
import type {
  AdviceOpinion,
  AuthorizationOpinion,
  ClearingOpinion,
  ExpiryOpinion,
  FinancialAnswer,
  FinancialOpinion,
  ReversalOpinion,
  SettlingOpinion,
} from "./answers.ts";
import { authorize } from "./authorization.ts";
import { Books, type ModelSettings } from "./books.ts";
import type { EndpointCheck } from "./checks.ts";
import { type ClearingMessage, clear, movesNothing } from "./clearing.ts";
import { advice, request } from "./financial.ts";
import { isOpen } from "./hold.ts";
import type { MessageRecord } from "./memory.ts";
import {
  type AdviceMessage,
  type AuthorizationMessage,
  type FinancialMessage,
  type MessageFacts,
  type ReversalMessage,
  fingerprint,
  keyOf,
} from "./messages.ts";
import { ModelState } from "./model-state.ts";
import type { Account } from "./program.ts";
import { confirm, release, reservationOf } from "./reservation.ts";
import { reverse } from "./reversal.ts";

/** What the program's endpoint, or its account's default, says of a message that waits. */
export interface SettlingOrder {
  readonly chain: string;
  /** Key of the message that waits. */
  readonly messageKey: string;
  /** Approved, in minor units of the card currency and at most what is reserved, or why it is declined. */
  readonly verdict: { readonly approvedAmount: Minor } | { readonly check: EndpointCheck };
  readonly wallNowMs: number;
  readonly businessNowMs: number;
}

/** A hold that is to expire: the line of cards it belongs to, and the key of the message that made it. */
export interface ExpiryOrder {
  readonly chain: string;
  readonly holdKey: string;
  /** It is due because nobody has told what was pumped. */
  readonly asFuel: boolean;
  readonly wallNowMs: number;
  readonly businessNowMs: number;
}

const hourMs = 3_600_000;
const defaultSettings = {
  retention: {
    answerMs: 24 * hourMs,
    endedHoldMs: 24 * hourMs,
    postingMs: 48 * hourMs,
    tombstoneMs: 48 * hourMs,
  },
  defaults: { dailyMajor: 500n, perAuthorizationMajor: 10_000n },
  rateAt: () => null,
} as const;

/**
 * The money rules, said a second time: plain state, whole numbers, one message after the other. It shares no code
 * with what it judges, so that both are wrong together only where the rules themselves were misread twice.
 */
export class Model extends ModelState {
  /** Messages for PANs that nobody has, listed once each. */
  readonly #exceptions = new Map<string, { readonly fingerprint: string; readonly forgetAtMs: number }>();

  constructor(settings: Pick<ModelSettings, "categoryOf" | "decimalsOf"> & Partial<ModelSettings>) {
    super(new Books({ ...defaultSettings, ...settings }));
  }

  /** Money arrives on an account, in minor units of its currency. */
  fund(account: string, amount: Minor): void {
    this.program.account(account).available += amount;
  }

  authorize(message: AuthorizationMessage): AuthorizationOpinion {
    const card = this.program.cardFor(message.pan, message.expiry);
    if (card === null) return { outcome: "unknown_pan" };
    const memory = this.books.memoryOf(card.chain);
    const key = keyOf(message, "authorization");
    const earlier = memory.authorizations.get(key);
    if (earlier !== undefined) return repeated(earlier, message);
    const bill = this.books.bill(card, message);
    if (bill === null) return { outcome: "unsupported_currency" };
    if (message.wallNowMs >= message.deadlineMs) return { outcome: "expired_deadline" };

    noteTime(bill.account, message);
    const { answer, made } = authorize(this.books, memory, bill, message);
    memory.authorizations.set(key, this.books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  advise(message: AdviceMessage): AdviceOpinion {
    const key = keyOf(message, "advice");
    const card = this.program.cardFor(message.pan, message.expiry);
    if (card === null) return this.#exception(key, message, "unknown_pan");
    const memory = this.books.memoryOf(card.chain);
    const earlier = memory.advices.get(key);
    if (earlier !== undefined) return repeated(earlier, message);
    const bill = this.books.bill(card, message);
    if (bill === null && message.isApproved) return this.#exception(key, message, "unsupported_currency");

    noteTime(card.cardholder.account, message);
    const { answer, made } =
      bill === null || !message.isApproved
        ? withdraw(this.books, memory, message)
        : advise(this.books, memory, bill, message);
    memory.advices.set(key, this.books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  post(message: FinancialMessage): FinancialOpinion {
    const key = keyOf(message, message.isAdvice ? "financial_advice" : "financial");
    const card = this.program.cardFor(message.pan, message.expiry);
    if (card === null)
      return message.isAdvice ? this.#exception(key, message, "unknown_pan") : { outcome: "unknown_pan" };
    const memory = this.books.memoryOf(card.chain);
    const earlier = memory.financials.get(key);
    if (earlier !== undefined) return repeated(earlier, message);
    // What was declined by somebody else moves nothing, and needs no rate.
    if (message.isAdvice && !message.isApproved) {
      noteTime(card.cardholder.account, message);
      const answer = { outcome: "exception" } as const;
      memory.financials.set(key, this.books.record(message, answer, null, this.#keptMs(answer.outcome)));
      return answer;
    }
    const bill = this.books.bill(card, message);
    if (bill === null) {
      const outcome = "unsupported_currency";
      return message.isAdvice ? this.#exception(key, message, outcome) : { outcome };
    }
    if (!message.isAdvice && message.wallNowMs >= message.deadlineMs) return { outcome: "expired_deadline" };

    noteTime(bill.account, message);
    const decide = message.isAdvice ? advice : request;
    const { answer, made } = decide(this.books, memory, bill, message);
    memory.financials.set(key, this.books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  reverse(message: ReversalMessage): ReversalOpinion {
    const key = keyOf(message, message.isAdvice ? "reversal_advice" : "reversal");
    const card = this.program.cardFor(message.pan, null);
    if (card === null) return this.#exception(key, message, "unknown_pan");
    const memory = this.books.memoryOf(card.chain);
    const earlier = memory.reversals.get(key);
    if (earlier !== undefined) return repeated(earlier, message);

    const account = card.cardholder.account;
    noteTime(account, message);
    const { answer, made } = reverse(this.books, memory, account, message);
    memory.reversals.set(key, this.books.record(message, answer, made, this.#keptMs(answer.outcome)));
    return answer;
  }

  /** A posting of clearing, which is never refused. */
  clear(message: ClearingMessage): ClearingOpinion {
    const card = this.program.card(message.card);
    const memory = this.books.memoryOf(card.chain);
    const earlier = memory.clearings.get(message.key);
    if (earlier !== undefined) {
      if (earlier.fingerprint !== message.fingerprint) return { outcome: "conflict" };
      return { outcome: "duplicate", first: earlier.answer };
    }
    if (movesNothing(memory, message)) return { outcome: "nothing" };

    noteTime(card.cardholder.account, message);
    const { answer, made } = clear(this.books, memory, card, message);
    const forgetAtMs = message.wallNowMs + this.books.settings.retention.postingMs;
    const { fingerprint: told } = message;
    memory.clearings.set(message.key, { fingerprint: told, answer, names: made, isUndone: false, forgetAtMs });
    return answer;
  }

  /** What the endpoint has said of a message that waits, once. */
  settle({ chain, messageKey, verdict, wallNowMs, businessNowMs }: SettlingOrder): SettlingOpinion {
    const record = this.books.memoryOf(chain).authorizations.get(messageKey);
    if (record === undefined) return { outcome: "stale" };
    const reservation = reservationOf(record);
    if (reservation === null) return { outcome: "already", answer: record.answer };

    const { made } = reservation;
    const { spender } = made.kind === "hold" ? made : made.hold;
    noteTime(spender.account, { businessNowMs });
    const answer =
      "check" in verdict
        ? release(this.books, reservation, { check: verdict.check, wallNowMs })
        : confirm(this.books, reservation, { amount: verdict.approvedAmount, wallNowMs });
    return { outcome: "done", answer };
  }

  /** By business time, when the due runner says so: the hold goes, its money comes back. */
  expire({ chain, holdKey, asFuel, wallNowMs, businessNowMs }: ExpiryOrder): ExpiryOpinion {
    const hold = [...this.books.memoryOf(chain).holds()].find(({ key }) => key === holdKey);
    if (hold === undefined) return "stale";
    if (!isOpen(hold)) return "already";
    if (asFuel && hold.isCompleted) return "stale";
    noteTime(hold.spender.account, { businessNowMs });
    this.books.expire(hold, wallNowMs);
    return "done";
  }

  /** Forgets at most `limit` expired messages of a card's chain; how many were forgotten. */
  purge(card: string, wallNowMs: number, limit: number): number {
    const memory = this.books.memoryOf(this.program.card(card).chain);
    return memory.purge(wallNowMs, limit, this.books.settings.retention);
  }

  /** What nobody may refuse and no card can take is listed as an exception, once for each message. */
  #exception<Why extends "unknown_pan" | "unsupported_currency">(key: string, message: MessageFacts, why: Why) {
    const earlier = this.#exceptions.get(key);
    const isKept = earlier !== undefined && message.wallNowMs < earlier.forgetAtMs;
    if (isKept && earlier.fingerprint !== fingerprint(message)) return { outcome: "conflict" } as const;
    if (!isKept) {
      const forgetAtMs = message.wallNowMs + this.books.settings.retention.answerMs;
      this.#exceptions.set(key, { fingerprint: fingerprint(message), forgetAtMs });
    }
    return { outcome: why };
  }

  #keptMs(outcome: string): number {
    const { answerMs, postingMs, tombstoneMs } = this.books.settings.retention;
    if (outcome === "tombstone" || outcome === "reversed_before") return tombstoneMs;
    const isPosted: FinancialAnswer["outcome"][] = ["posted", "captured_hold", "force_posted"];
    return isPosted.some((posted) => posted === outcome) ? postingMs : answerMs;
  }
}

/** A repeat gets the first answer again; the same key with another fingerprint is somebody else's message. */
function repeated<A>(
  earlier: MessageRecord<A>,
  message: MessageFacts,
): { outcome: "duplicate"; first: A } | { outcome: "conflict" } {
  if (earlier.fingerprint !== fingerprint(message)) return { outcome: "conflict" };
  return { outcome: "duplicate", first: earlier.answer };
}

/** An account's time does not go back: a message that brings an older one is decided at the latest. */
function noteTime(account: Account, { businessNowMs }: { readonly businessNowMs: number }): void {
  account.lastBusinessMs = Math.max(account.lastBusinessMs, businessNowMs);
}
