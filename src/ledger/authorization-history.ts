import { assert } from "../kernel/assert.ts";
import type { Place } from "../kernel/ids.ts";
import { type Minor, add, subtract, zero } from "../kernel/money.ts";
import {
  type AdviceEntry,
  type AnswerEntry,
  type AuthorizationEntry,
  type ClearingEntry,
  type FinancialEntry,
  type JournalEntry,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { type BalanceTransactionPart, balanceTransactionsOf } from "./balance-transactions.ts";
import { releasedByClearing } from "./clearing.ts";
import { merchantAmountOf } from "./merchant-amount.ts";
import { type RequestReason, endsFirstMessage, reasonOf } from "./request-reasons.ts";

const { ADDED, APPROVED, CAPTURED_HOLD, COMPLETED, CONFIRMED, DECLINED, EXPIRED, FORCE_POSTED } = luaConstants;
const { KILLED_PENDING, PARTIAL, PENDING, POSTED, RELEASED, REPOSTED, REVERSED_BEFORE } = luaConstants;

/** An entry that can be the first of an authorization: a 0100, an advice that holds, a 0200. */
export type FirstEntry = AuthorizationEntry | AdviceEntry | FinancialEntry;

/** One request of an authorization: its first, or an increment. Amounts are never negative. */
export interface RequestOfHistory {
  /** The message that asked, or told. */
  readonly asked: FirstEntry;
  /** What was approved, or what was asked for where nothing was. Card amount. */
  readonly amount: Minor;
  readonly merchantAmount: Minor;
  readonly isApproved: boolean;
  readonly reason: RequestReason;
  /** JSON of what came with the answer of the program's endpoint; "": nothing. */
  readonly answerDetails: string;
}

/** A hold or a release, and the entry of which it is a part. */
export type HeldPart = BalanceTransactionPart & { readonly entry: Place & { readonly businessMs: number } };

/** An authorization as it stands after an entry. */
export interface AuthorizationHistory {
  readonly first: FirstEntry;
  /** Pending: held, or waiting for the program's endpoint. Closed: declined, captured, or nothing was to be held. */
  readonly status: "pending" | "closed" | "reversed" | "expired";
  readonly isApproved: boolean;
  /** Its first message waits for the program's endpoint: nothing of it is told yet but to that. */
  readonly isReserved: boolean;
  /** What is held, or reserved. Card amount. */
  readonly held: Minor;
  /** The newest request that waits for the program's endpoint; null: none does. */
  readonly waiting: AuthorizationEntry | null;
  /**
   * Pending: what is held. Expired: what was held at the end, for a late capture. Declined, or without anything to hold:
   * what was asked for. Reversed or captured: 0. Card amount.
   */
  readonly amount: Minor;
  /** The same in the merchant's currency, at the rate of the first message. */
  readonly merchantAmount: Minor;
  readonly requests: readonly RequestOfHistory[];
  /** Holds and releases, oldest first. */
  readonly balanceTransactions: readonly (BalanceTransactionPart & {
    readonly entry: Place & { readonly businessMs: number };
  })[];
  /** Entries that have posted for it, oldest first. */
  readonly transactions: readonly Place[];
}

/** What an authorization has become by the entries that touch it, its first one before all; they stand in order. */
export function foldAuthorization(entries: readonly JournalEntry[]): AuthorizationHistory {
  const [first, ...later] = entries;
  assert(first !== undefined && isFirst(first), "an authorization begins with a message that asks or holds");
  const fold = new Fold(first);
  for (const entry of later) fold.apply(entry);
  return fold.finish();
}

export function isFirst(entry: JournalEntry): entry is FirstEntry {
  return entry.kind === "authorization" || entry.kind === "advice" || entry.kind === "financial";
}

class Fold {
  readonly #first: FirstEntry;
  readonly #waiting = new Map<number, AuthorizationEntry>();
  readonly #requests: RequestOfHistory[] = [];
  readonly #transactions: Place[] = [];
  readonly #balanceTransactions: HeldPart[] = [];
  #status: AuthorizationHistory["status"] = "closed";
  #isApproved = false;
  #remaining = zero;
  /** What is told once nothing is held any more. */
  #over = zero;

  constructor(first: FirstEntry) {
    this.#first = first;
    this.#over = first.cardAmount;
    if (first.kind === "authorization") this.#asked(first);
    else if (first.kind === "advice") this.#stoodIn(first);
    else this.#posted(first);
    this.#hold(first, null);
  }

  finish(): AuthorizationHistory {
    const amount = this.#status === "pending" ? this.#remaining : this.#over;
    return {
      first: this.#first,
      status: this.#status,
      isApproved: this.#isApproved,
      isReserved: this.#waiting.has(this.#first.no),
      held: this.#remaining,
      waiting: [...this.#waiting.values()].at(-1) ?? null,
      amount,
      merchantAmount: merchantAmountOf(this.#first, amount),
      requests: this.#requests,
      balanceTransactions: this.#balanceTransactions,
      transactions: this.#transactions,
    };
  }

  apply(entry: JournalEntry): void {
    this.#hold(entry, this.#waiting.has(this.#first.no) ? this.#remaining : null);
    switch (entry.kind) {
      case "authorization":
        return this.#incremented(entry);
      case "advice":
        return this.#advised(entry);
      case "financial":
        return this.#captured(entry);
      case "reversal":
        return this.#reversed(entry);
      case "expiry":
        if (entry.outcome === EXPIRED) this.#end("expired", entry.amount);
        return;
      case "clearing":
        return this.#cleared(entry);
      case "answer":
        return this.#answered(entry);
      default:
        return;
    }
  }

  #hold(entry: JournalEntry, reserved: Minor | null): void {
    const { shard, no, businessMs } = entry;
    for (const part of balanceTransactionsOf(entry, reserved)) {
      const isOwn = part.source?.type === "authorization" && part.source.no === this.#first.no;
      if (isOwn) this.#balanceTransactions.push({ ...part, entry: { shard, no, businessMs } });
    }
  }

  #asked(first: AuthorizationEntry): void {
    const { approved, outcome } = first;
    if (outcome === PENDING) {
      this.#waiting.set(first.no, first);
      this.#open(approved);
    } else if (outcome === APPROVED || outcome === PARTIAL) {
      this.#approve(first, approved > zero ? approved : first.cardAmount, "card_active");
      if (approved > zero) this.#open(approved);
    } else {
      this.#refuse(first);
    }
  }

  #stoodIn(first: AdviceEntry): void {
    this.#approve(first, first.amount, "network_fallback");
    this.#open(first.amount);
  }

  // A 0200 is over at once, whatever became of it.
  #posted(first: FinancialEntry): void {
    const isPosted = first.outcome === POSTED || first.outcome === FORCE_POSTED;
    if (isPosted) {
      this.#approve(first, first.amount, "card_active");
      this.#transact(first, first.amount);
      this.#over = zero;
    } else if (first.outcome === APPROVED) {
      this.#approve(first, first.cardAmount, "card_active");
    } else {
      this.#refuse(first);
    }
  }

  #incremented(entry: AuthorizationEntry): void {
    this.#remaining = add(this.#remaining, entry.approved);
    if (entry.outcome === PENDING) this.#waiting.set(entry.no, entry);
    else if (entry.outcome === DECLINED) this.#decline(entry, reasonOf(entry.reason));
    else this.#approve(entry, entry.approved, "card_active");
  }

  #answered(entry: AnswerEntry): void {
    const asked = this.#settle(entry.viaNo);
    if (asked === null) return;
    const isFirstMessage = endsFirstMessage(entry);
    this.#remaining = subtract(this.#remaining, entry.amount);
    if (entry.outcome === CONFIRMED) {
      const approved = isFirstMessage ? this.#remaining : subtract(entry.before, entry.amount);
      this.#approve(asked, approved, reasonOf(entry.reason), entry.details);
    } else {
      const reason = entry.outcome === KILLED_PENDING ? "not_allowed" : reasonOf(entry.reason);
      this.#decline(asked, reason, entry.details);
      if (isFirstMessage) this.#end("closed", asked.cardAmount);
    }
  }

  #advised(entry: AdviceEntry): void {
    const { amount, outcome, touched, viaNo } = entry;
    if (outcome === ADDED) {
      this.#remaining = add(this.#remaining, amount);
      if (amount > zero) this.#approve(entry, amount, "network_fallback");
    } else if (outcome === COMPLETED) {
      this.#remaining = amount;
      this.#admit(this.#first.no);
      if (amount === zero) this.#end("reversed", zero);
    } else if (touched === touches.reservation) {
      this.#admit(viaNo);
    } else {
      this.#lower(entry, outcome === RELEASED);
    }
  }

  #captured(entry: FinancialEntry): void {
    if (entry.outcome === CAPTURED_HOLD) {
      this.#admit(this.#first.no);
      this.#end("closed", zero);
    }
    if (entry.outcome === CAPTURED_HOLD || entry.outcome === FORCE_POSTED) this.#transact(entry, entry.amount);
  }

  #cleared(entry: ClearingEntry): void {
    if (entry.touched === touches.hold) {
      this.#admit(this.#first.no);
      this.#remaining = subtract(this.#remaining, releasedByClearing(entry));
      if (entry.isFinal) this.#end("closed", zero);
    }
    this.#transact(entry, entry.amount);
  }

  #reversed(entry: ReversalEntry): void {
    if (entry.outcome === REPOSTED) this.#transact(entry, entry.amount);
    else this.#lower(entry, entry.outcome === RELEASED || entry.outcome === KILLED_PENDING);
  }

  // Of a first message that is undone whole, the authorization is over; an increment leaves the hold open.
  #lower(entry: AdviceEntry | ReversalEntry, isWhole: boolean): void {
    const { amount, touched, viaNo } = entry;
    if (touched !== touches.hold && touched !== touches.increment) return;
    this.#remaining = subtract(this.#remaining, amount);
    const killed = this.#settle(viaNo);
    if (killed !== null) this.#decline(killed, "not_allowed");
    if (touched === touches.hold && isWhole) this.#end("reversed", zero);
  }

  #admit(no: number): void {
    const asked = this.#settle(no);
    if (asked !== null)
      this.#approve(asked, no === this.#first.no ? this.#remaining : asked.approved, "network_fallback");
  }

  #settle(no: number): AuthorizationEntry | null {
    const asked = this.#waiting.get(no) ?? null;
    this.#waiting.delete(no);
    return asked;
  }

  #open(amount: Minor): void {
    this.#status = "pending";
    this.#remaining = amount;
  }

  #end(status: AuthorizationHistory["status"], amount: Minor): void {
    this.#status = status;
    this.#remaining = zero;
    this.#over = amount;
  }

  #refuse(first: AuthorizationEntry | FinancialEntry): void {
    if (first.outcome === REVERSED_BEFORE) this.#end("reversed", zero);
    this.#decline(first, first.outcome === DECLINED ? reasonOf(first.reason) : "not_allowed");
  }

  #approve(asked: FirstEntry, amount: Minor, reason: RequestReason, answerDetails = ""): void {
    this.#isApproved = true;
    const merchantAmount = merchantAmountOf(asked, amount);
    this.#requests.push({ asked, amount, merchantAmount, isApproved: true, reason, answerDetails });
  }

  #decline(asked: FirstEntry, reason: RequestReason, answerDetails = ""): void {
    const { cardAmount: amount, transactionAmount: merchantAmount } = asked;
    this.#requests.push({ asked, amount, merchantAmount, isApproved: false, reason, answerDetails });
  }

  #transact({ shard, no }: Place, amount: Minor): void {
    if (amount > zero) this.#transactions.push({ shard, no });
  }
}
