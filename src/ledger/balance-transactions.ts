import { type Minor, minor, subtract, zero } from "../kernel/money.ts";
import {
  type AdviceEntry,
  type AuthorizationEntry,
  type ClearingEntry,
  type CommitEntry,
  type FinancialEntry,
  type JournalEntry,
  type ObjectType,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { currencyOfBalance, isPaymentsBalance } from "./balances.ts";
import { releasedByClearing } from "./clearing.ts";
import { endsFirstMessage } from "./request-reasons.ts";

const { ADDED, CAPTURED_HOLD, COMPLETED, CONFIRMED, FORCE_POSTED, HELD, KILLED_PENDING, LOWERED, PENDING, POSTED } =
  luaConstants;
const { PURPOSE_REFUND, REFUNDED, RELEASED, REPOSTED } = luaConstants;

export type BalanceTransactionType =
  | "adjustment"
  | "issuing_authorization_hold"
  | "issuing_authorization_release"
  | "issuing_dispute"
  | "issuing_dispute_provisional_credit"
  | "issuing_dispute_provisional_credit_reversal"
  | "issuing_transaction"
  | "payment"
  | "payment_refund"
  | "payout"
  | "payout_cancel"
  | "payout_failure"
  | "topup"
  | "topup_reversal"
  | "transfer"
  | "transfer_refund";

/** What a balance transaction is about: a number of the entry's shard. */
export interface BalanceSource {
  readonly type: "authorization" | "transaction" | "dispute" | "payout" | "topup" | "transfer" | "transfer_reversal";
  readonly no: number;
}

/** A part of an entry: what it adds to an account's available money, or takes from it (negative); never nothing. */
export interface BalanceTransactionPart {
  /** Which part of its entry it is, from 0; fewer than `partsOfEntry`. */
  readonly index: number;
  readonly type: BalanceTransactionType;
  readonly amount: Minor;
  /** ISO 4217 number. */
  readonly currency: number;
  readonly balance: "issuing" | "payments";
  /** null: nothing that the API has an id for. */
  readonly source: BalanceSource | null;
}

interface Part {
  readonly type: BalanceTransactionType;
  readonly amount: Minor;
  readonly source: BalanceSource | null;
}

/**
 * The balance transactions that an entry stands for, in the order in which they count. Those of an account and a balance
 * sum to what it has available, less what is reserved until the program's endpoint answers: a reservation is none
 * (rules: Real-time endpoint). `reserved`: what was so of the first message of the hold that the entry is about, until this
 * entry ended it in the endpoint's place; null: nothing was.
 */
export function balanceTransactionsOf(entry: JournalEntry, reserved: Minor | null = null): BalanceTransactionPart[] {
  if (entry.kind === "backfill") return [];
  const number = entry.kind === "commit" ? entry.currency : entry.cardCurrency;
  const currency = currencyOfBalance(number);
  const balance = isPaymentsBalance(number) ? "payments" : "issuing";
  const parts = partsOf(entry, reserved).filter(({ amount }) => amount !== zero);
  return parts.map((part, index) => ({ index, ...part, currency, balance }));
}

function partsOf(entry: Exclude<JournalEntry, { kind: "backfill" }>, reserved: Minor | null): Part[] {
  switch (entry.kind) {
    case "authorization":
      return ofAuthorization(entry);
    case "advice":
      return ofAdvice(entry, reserved);
    case "financial":
      return ofFinancial(entry, reserved);
    case "reversal":
      return ofReversal(entry);
    case "expiry":
      return [release(entry.targetNo, entry.amount)];
    case "clearing":
      return ofClearing(entry, reserved);
    case "answer":
      if (!endsFirstMessage(entry)) return [release(entry.targetNo, entry.amount)];
      return entry.outcome === CONFIRMED ? [hold(entry.targetNo, subtract(entry.before, entry.amount))] : [];
    case "commit":
      return ofCommit(entry);
  }
}

// What is added to a hold is part of it at once; a first message that waits for an answer is no hold yet.
function ofAuthorization({ approved, holdNo, no, outcome }: AuthorizationEntry): Part[] {
  if (holdNo > 0) return [hold(holdNo, approved)];
  return outcome === PENDING ? [] : [hold(no, approved)];
}

function ofAdvice(entry: AdviceEntry, reserved: Minor | null): Part[] {
  const { amount, before, no, outcome, targetNo, touched } = entry;
  switch (outcome) {
    case HELD:
      return [hold(no, amount)];
    case ADDED:
      return [hold(targetNo, amount)];
    case COMPLETED:
      if (reserved !== null) return [hold(targetNo, amount)];
      return amount > before
        ? [hold(targetNo, subtract(amount, before))]
        : [release(targetNo, subtract(before, amount))];
    case RELEASED:
      // What the network has declined was no hold yet, where it waited.
      return reserved === null || touched === touches.increment ? [release(targetNo, amount)] : [];
    default:
      return reserved === null || touched !== touches.reservation ? [] : [hold(targetNo, reserved)];
  }
}

function ofFinancial(entry: FinancialEntry, reserved: Minor | null): Part[] {
  const { amount, before, no, outcome, purpose, targetNo } = entry;
  switch (outcome) {
    case POSTED:
    case FORCE_POSTED:
      return [posting(no, purpose === PURPOSE_REFUND ? amount : minor(-amount))];
    case CAPTURED_HOLD:
      return [...admitted(targetNo, reserved), release(targetNo, before), posting(no, minor(-amount))];
    default:
      return [];
  }
}

function ofClearing(entry: ClearingEntry, reserved: Minor | null): Part[] {
  const { amount, no, outcome, targetNo } = entry;
  if (outcome === REFUNDED) return [posting(no, amount)];
  return [...admitted(targetNo, reserved), release(targetNo, releasedByClearing(entry)), posting(no, minor(-amount))];
}

// What was reserved becomes a hold in the moment in which it is captured.
function admitted(targetNo: number, reserved: Minor | null): Part[] {
  return reserved === null ? [] : [hold(targetNo, reserved)];
}

function ofReversal(entry: ReversalEntry): Part[] {
  const { amount, no, outcome, targetNo, touched } = entry;
  if (outcome === REPOSTED) return [posting(no, touched === touches.credit ? minor(-amount) : amount)];
  const isRelease = outcome === RELEASED || outcome === LOWERED;
  // A reservation that is killed has never been a hold.
  const isTakenBack = outcome === KILLED_PENDING && !endsFirstMessage(entry);
  return isRelease || isTakenBack ? [release(targetNo, amount)] : [];
}

function hold(no: number, amount: Minor): Part {
  return { type: "issuing_authorization_hold", amount: minor(-amount), source: { type: "authorization", no } };
}

function release(no: number, amount: Minor): Part {
  return { type: "issuing_authorization_release", amount, source: { type: "authorization", no } };
}

function posting(no: number, amount: Minor): Part {
  return { type: "issuing_transaction", amount, source: { type: "transaction", no } };
}

function ofCommit({ body, moved, objectNo, objectType }: CommitEntry): Part[] {
  if (moved === zero) return [];
  const source = isSource(objectType) ? { type: objectType, no: objectNo } : null;
  return [{ type: typeOfMove(objectType, moved, body), amount: moved, source }];
}

function isSource(
  type: ObjectType,
): type is Exclude<BalanceSource["type"], "authorization" | "transaction"> & ObjectType {
  return ["dispute", "payout", "topup", "transfer", "transfer_reversal"].includes(type);
}

function typeOfMove(type: ObjectType, moved: Minor, body: string): BalanceTransactionType {
  switch (type) {
    case "topup":
    case "funding":
      return moved > zero ? "topup" : "topup_reversal";
    case "payout":
      return moved < zero ? "payout" : typeOfReturn(body);
    case "transfer":
      return "transfer";
    case "arrival":
      return moved > zero ? "payment" : "payment_refund";
    case "transfer_reversal":
      return "transfer_refund";
    case "dispute":
      if (moved < zero) return "issuing_dispute_provisional_credit_reversal";
      return isLent(body) ? "issuing_dispute_provisional_credit" : "issuing_dispute";
    default:
      return "adjustment";
  }
}

// A payout that takes another one back is a payout, too; any other gives back what it has taken itself.
function typeOfReturn(body: string): BalanceTransactionType {
  // The body was written by the resource of payouts.
  const { original_payout: original = null, status } = JSON.parse(body) as {
    readonly original_payout?: number | null;
    readonly status?: string;
  };
  if (original !== null) return "payout";
  return status === "failed" ? "payout_failure" : "payout_cancel";
}

function isLent(body: string): boolean {
  // The body was written by the resource of disputes.
  const { provisional_credit: credit } = JSON.parse(body) as { readonly provisional_credit?: string };
  return credit === "lent";
}
