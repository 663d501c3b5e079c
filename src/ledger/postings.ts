import { type Minor, minor, zero } from "../kernel/money.ts";
import type { JournalEntry } from "../store/entry.ts";

/** Accounts of the double entry. A connected account has money that is free and money that is held. */
export type LedgerAccount = "available" | "held" | "external_bank";

export interface Posting {
  readonly account: LedgerAccount;
  readonly currency: number;
  readonly amount: Minor;
}

/** The postings of an entry: they sum to zero and follow from its kind and amounts alone (rules: Postings). */
export function postingsOf(entry: JournalEntry): Posting[] {
  switch (entry.kind) {
    case "authorization":
      return move("available", "held", entry.cardCurrency, entry.approved);
    case "reversal":
      return move("held", "available", entry.cardCurrency, entry.amount);
    case "commit":
      return move("external_bank", "available", entry.currency, entry.moved);
    default:
      return [];
  }
}

function move(from: LedgerAccount, to: LedgerAccount, currency: number, amount: Minor): Posting[] {
  if (amount === zero) return [];
  return [
    { account: from, currency, amount: minor(-amount) },
    { account: to, currency, amount },
  ];
}
