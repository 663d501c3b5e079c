/**
 * An account has two balances in a currency: the issuing balance, from which its cards spend, has the currency's ISO 4217
 * number; the payments balance, where transfers and plain top-ups arrive and payouts leave from, has that number and 1000.
 */
const paymentsStep = 1_000;

export function paymentsBalance(currency: number): number {
  return currency + paymentsStep;
}

export function isPaymentsBalance(balance: number): boolean {
  return balance >= paymentsStep;
}

/** ISO 4217 number of a balance's currency. */
export function currencyOfBalance(balance: number): number {
  return isPaymentsBalance(balance) ? balance - paymentsStep : balance;
}
