/**
 * Numbers of bank accounts whose bank sends every payout back, and why: those that Stripe publishes for tests. Of a number
 * the end counts, so that leading zeros and the country of an IBAN are free.
 */
export const refusingBanks = [
  { ends: ["11111116", "370400440532013001"], code: "no_account", message: "The bank knows no such account." },
  { ends: ["11111113", "370400440532013002"], code: "account_closed", message: "The bank account has been closed." },
  {
    ends: ["22222227", "370400440532013003"],
    code: "insufficient_funds",
    message: "There was not enough money for the payout.",
  },
  {
    ends: ["33333335", "370400440532013004"],
    code: "debit_not_authorized",
    message: "The bank account may not be debited.",
  },
  {
    ends: ["44444440", "370400440532013005"],
    code: "invalid_currency",
    message: "The bank account takes no money of this currency.",
  },
] as const;

export type BankRefusal = (typeof refusingBanks)[number]["code"];
