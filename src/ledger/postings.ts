import { networks } from "../../specs/networks.ts";
import { type Minor, minor, subtract, zero } from "../kernel/money.ts";
import {
  type AdviceEntry,
  type ClearingEntry,
  type FinancialEntry,
  type JournalEntry,
  type ObjectType,
  type ReversalEntry,
  touches,
} from "../store/entry.ts";
import { luaConstants } from "../store/library.ts";
import { releasedByClearing } from "./clearing.ts";
import { settlementDay } from "./settlement-position.ts";

/**
 * Accounts of the double entry. A connected account has money that is free and money that is held; on the other side
 * stand the bank from which it is topped up, what is on its way between two accounts, what networks owe for disputes, and what we owe a network for one of its settlement days
 * (`network_payable:visa:20261122`).
 */
export type LedgerAccount = "available" | "held" | SystemAccount | `network_payable:${string}:${number}`;

export type SystemAccount = "external_bank" | "in_transit" | "disputes";

export interface Posting {
  readonly account: LedgerAccount;
  readonly currency: number;
  readonly amount: Minor;
}

/**
 * What an entry moves, in one currency. The other side gets what available and held have lost: nothing, where money only
 * goes from one to the other.
 */
export interface Movement {
  /** ISO 4217 numeric of the balance that moves; 0: the entry has none. */
  readonly currency: number;
  readonly available: Minor;
  readonly held: Minor;
  /** A number of `otherSides`, or a network's position: its number times 10^8 and the settlement day. */
  readonly other: number;
}

/** The numbers are stored in records and never reused. */
export const otherSides = { none: 0, external_bank: 1, in_transit: 2, disputes: 3 } as const;
const positionStep = 100_000_000;

/** The postings of an entry: they sum to zero and follow from its kind and amounts alone (rules: Postings). */
export function postingsOf(entry: JournalEntry): Posting[] {
  const { currency, available, held, other } = movementOf(entry);
  const postings: Posting[] = [];
  if (available !== zero) postings.push({ account: "available", currency, amount: available });
  if (held !== zero) postings.push({ account: "held", currency, amount: held });
  const left = minor(-available - held);
  if (left !== zero) postings.push({ account: accountOf(other), currency, amount: left });
  return postings;
}

export function movementOf(entry: JournalEntry): Movement {
  switch (entry.kind) {
    case "authorization":
      return between(entry.cardCurrency, minor(-entry.approved));
    case "advice":
      return between(entry.cardCurrency, freedByAdvice(entry));
    case "financial":
      return movedByFinancial(entry);
    case "reversal":
      return movedByReversal(entry);
    case "expiry":
    case "answer":
      return between(entry.cardCurrency, entry.amount);
    case "clearing":
      return movedByClearing(entry);
    case "commit":
      return { currency: entry.currency, available: entry.moved, held: zero, other: sideOfCommit(entry.objectType) };
    case "backfill":
      return nothing;
  }
}

function freedByAdvice({ outcome, amount, before }: AdviceEntry): Minor {
  switch (outcome) {
    case luaConstants.HELD:
    case luaConstants.ADDED:
      return minor(-amount);
    case luaConstants.COMPLETED:
      return subtract(before, amount);
    case luaConstants.RELEASED:
      return amount;
    default:
      return zero;
  }
}

function movedByFinancial(entry: FinancialEntry): Movement {
  const { amount, before, cardCurrency: currency, network, settlementDate, businessMs } = entry;
  const position = (): number => positionOf(network, settlementDay(settlementDate, businessMs));
  switch (entry.outcome) {
    case luaConstants.POSTED:
    case luaConstants.FORCE_POSTED: {
      // The only purpose that pays to the cardholder.
      const available = entry.purpose === luaConstants.PURPOSE_REFUND ? amount : minor(-amount);
      return { currency, available, held: zero, other: position() };
    }
    case luaConstants.CAPTURED_HOLD:
      return { currency, available: subtract(before, amount), held: minor(-before), other: position() };
    default:
      return between(currency, zero);
  }
}

function movedByClearing(entry: ClearingEntry): Movement {
  const { amount, cardCurrency: currency, network, settlementDate, businessMs } = entry;
  const other = positionOf(network, settlementDay(settlementDate, businessMs));
  if (entry.outcome === luaConstants.REFUNDED) return { currency, available: amount, held: zero, other };
  const released = releasedByClearing(entry);
  return { currency, available: subtract(released, amount), held: minor(-released), other };
}

// A reversal names no settlement day of its own: it enters the position of the business day on which it comes.
function movedByReversal({ outcome, touched, amount, network, cardCurrency, businessMs }: ReversalEntry): Movement {
  if (freeing.has(outcome)) return between(cardCurrency, amount);
  if (outcome !== luaConstants.REPOSTED) return between(cardCurrency, zero);
  const available = touched === touches.credit ? minor(-amount) : amount;
  const other = positionOf(network, settlementDay("", businessMs));
  return { currency: cardCurrency, available, held: zero, other };
}

const freeing: ReadonlySet<number> = new Set([
  luaConstants.RELEASED,
  luaConstants.LOWERED,
  luaConstants.KILLED_PENDING,
]);

/** From held to available, or back where the amount is negative. */
function between(currency: number, freed: Minor): Movement {
  return { currency, available: freed, held: freed === zero ? zero : minor(-freed), other: otherSides.none };
}

const nothing: Movement = between(0, zero);

function sideOfCommit(objectType: ObjectType): number {
  if (objectType === "transfer" || objectType === "arrival" || objectType === "transfer_reversal") {
    return otherSides.in_transit;
  }
  return objectType === "dispute" ? otherSides.disputes : otherSides.external_bank;
}

function positionOf(network: number, day: number): number {
  return network * positionStep + day;
}

function accountOf(other: number): LedgerAccount {
  const system = systemAccounts.find((name) => otherSides[name] === other);
  if (system !== undefined) return system;
  const network = Math.floor(other / positionStep);
  return `network_payable:${networkNames.get(network) ?? network}:${other % positionStep}`;
}

const systemAccounts = ["external_bank", "in_transit", "disputes"] as const satisfies readonly SystemAccount[];
const networkNames = new Map<number, string>(Object.entries(networks).map(([name, number]) => [number, name]));
