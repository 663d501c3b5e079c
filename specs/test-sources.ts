/** Sources of top-ups that Stripe publishes for tests, and why their bank refuses; null: it pays. */
export const testSources = [
  { token: "btok_us_verified", refusal: null },
  {
    token: "btok_us_verified_noAccount",
    refusal: { code: "no_account", message: "The bank knows no such account." },
  },
  {
    token: "btok_us_verified_accountClosed",
    refusal: { code: "account_closed", message: "The bank account has been closed." },
  },
  {
    token: "btok_us_verified_insufficientFunds",
    refusal: { code: "insufficient_funds", message: "There is not enough money in the bank account." },
  },
  {
    token: "btok_us_verified_debitNotAuthorized",
    refusal: { code: "debit_not_authorized", message: "The bank account may not be debited." },
  },
  {
    token: "btok_us_verified_invalidCurrency",
    refusal: { code: "invalid_currency", message: "The bank account has no money of this currency." },
  },
] as const;

export type TestSource = (typeof testSources)[number]["token"];
