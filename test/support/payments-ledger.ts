import type Stripe from "stripe";

export interface PaymentsLedger {
  /** Types and amounts of the balance transactions of the payments balance, the oldest first. */
  readonly rows: readonly (readonly [string, number])[];
  readonly sum: number;
  readonly available: number;
}

/** What an account's payments balance is made of; `as` nobody: the platform's. */
export async function paymentsLedger(stripe: Stripe, as: Stripe.RequestOptions = {}): Promise<PaymentsLedger> {
  const rows: (readonly [string, number])[] = [];
  for await (const { amount, balance_type, type } of stripe.balanceTransactions.list({ limit: 100 }, as)) {
    if (balance_type === "payments") rows.unshift([type, amount]);
  }
  const balance = await stripe.balance.retrieve({}, as);
  return {
    rows,
    sum: rows.reduce((sum, [, amount]) => sum + amount, 0),
    available: balance.available.reduce((sum, { amount }) => sum + amount, 0),
  };
}
