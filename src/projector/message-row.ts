import type { MessageRow } from "../records/rows.ts";
import type { AdviceEntry, AuthorizationEntry, ClearingEntry, FinancialEntry } from "../store/entry.ts";

/** What says an amount, and so has a row of its own. */
export type AmountEntry = AuthorizationEntry | AdviceEntry | FinancialEntry | ClearingEntry;

export function messageRow(entry: AmountEntry): MessageRow {
  return {
    place: entry,
    account: entry.account,
    card: entry.card,
    chain: entry.chain,
    cardholder: entry.cardholder,
    network: entry.network,
    purpose: entry.purpose,
    outcome: entry.outcome,
    currency: entry.cardCurrency,
    transactionCurrency: entry.transactionCurrency,
    transactionAmount: entry.transactionAmount,
    mcc: entry.mcc,
    createdMs: entry.businessMs,
    wallMs: entry.wallMs,
    stan: Number(entry.stan),
    rrn: entry.rrn,
    authorizationCode: entry.authorizationCode,
    merchantKey: entry.merchantKey,
  };
}
