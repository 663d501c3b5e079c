/**
 * DE54, the same on every network: up to six groups of twenty characters.
 *
 *   | account type 2 | amount type 2 | currency 3 | sign 1 | amount 12 |
 *     00               57              840          D        000000012500
 *
 * The sign of a balance is that of the account: C where the cardholder has money, D where he owes it. Amounts that are
 * no balance (40, 57) are D. Account types are those of DE3 (specs/processing-codes.ts).
 */
export const additionalAmountLayout = {
  accountTypeDigits: 2,
  amountTypeCharacters: 2,
  currencyDigits: 3,
  signCharacters: 1,
  amountDigits: 12,
  groupCharacters: 20,
  groupsMax: 6,
} as const;

/** The amount types that we read or write. */
export const amountTypes = {
  ledger: "01",
  available: "02",
  /** In a request: the part of DE4 that is paid out in cash. */
  cashback: "40",
  /** In the answer to a partial approval: DE4 of the request. */
  original: "57",
} as const satisfies Readonly<Record<string, AmountType>>;

export type AmountType = keyof typeof amountTypeMeanings;

export const amountTypeMeanings = {
  "01": "ledger balance",
  "02": "available balance",
  "03": "amount owed",
  "04": "amount due",
  "05": "credit that is left",
  "20": "what is left of the cycle's limit",
  "40": "cash back",
  "41": "goods and services, without the cash",
  "42": "surcharge",
  "43": "gratuity",
  "44": "gratuity in a restaurant",
  "53": "approved amount",
  "56": "held amount",
  "57": "original amount",
  "58": "authorized amount",
  "80": "copayment",
  "4S": "health care, all of it",
  "4T": "transit",
  "4U": "health care, prescriptions",
  "4V": "health care, vision",
  "4W": "health care, clinic",
  "4X": "health care, dental",
} as const satisfies Readonly<Record<string, string>>;
