/**
 * What a message asks the card for, by DE3. Its first two digits are the transaction, then two each for the account that
 * is debited and the account that is credited: `00 20 00` buys from a checking account.
 */

/** The kinds that the money rules tell apart (rules: Holds); `increment`, `fuel` and `verification` are not told by DE3. */
export type ProcessingPurpose = "purchase" | "refund" | "inquiry";

export type TransactionKind =
  | "purchase"
  | "cash"
  | "purchase_with_cashback"
  | "account_funding"
  | "quasi_cash"
  | "adjustment"
  | "refund"
  | "deposit"
  | "original_credit"
  | "payment_credit"
  | "inquiry"
  | "transfer"
  | "bill_payment"
  | "card_service"
  | "pin_service";

export interface ProcessingCode {
  readonly meaning: string;
  readonly kind: TransactionKind;
  /** null: nobody serves it here, and a request is answered as `requestResponses.unsupported_message`. */
  readonly purpose: ProcessingPurpose | null;
  /**
   * What an advice tells of, which cannot be refused, where nobody serves such a request. A credit is not taken for a
   * debit, and what settles no money with the network posts none: an "inquiry" of a 0220 is listed for a person.
   */
  readonly told?: ProcessingPurpose;
}

/**
 * By the first two digits of DE3, the same on every network. A code that is not listed is decided as `unlistedCodes`
 * has it by its first digit, else as a purchase.
 */
export const processingCodes = {
  "00": { meaning: "goods and services", kind: "purchase", purpose: "purchase" },
  "01": { meaning: "cash from an automat or over the counter", kind: "cash", purpose: "purchase" },
  "02": { meaning: "adjustment that debits", kind: "adjustment", purpose: "purchase" },
  "03": { meaning: "guarantee of a check", kind: "purchase", purpose: "purchase" },
  "09": { meaning: "goods and services with cash back", kind: "purchase_with_cashback", purpose: "purchase" },
  "10": { meaning: "funding of another account", kind: "account_funding", purpose: "purchase" },
  "11": { meaning: "quasi-cash: chips, lottery, foreign money", kind: "quasi_cash", purpose: "purchase" },
  "12": { meaning: "cash over the counter of a bank", kind: "cash", purpose: "purchase" },
  "17": { meaning: "cash disbursed over the counter", kind: "cash", purpose: "purchase" },
  "18": { meaning: "scrip: a receipt that is paid out in cash", kind: "cash", purpose: "purchase" },
  "20": { meaning: "refund of goods and services", kind: "refund", purpose: "refund" },
  "21": { meaning: "deposit", kind: "deposit", purpose: null, told: "refund" },
  "22": { meaning: "adjustment that credits", kind: "adjustment", purpose: null, told: "refund" },
  "26": { meaning: "original credit to the card", kind: "original_credit", purpose: "refund" },
  "28": { meaning: "payment to the card", kind: "payment_credit", purpose: "refund" },
  "30": { meaning: "available funds", kind: "inquiry", purpose: "inquiry" },
  "31": { meaning: "balance", kind: "inquiry", purpose: "inquiry" },
  "39": { meaning: "eligibility of the card", kind: "card_service", purpose: null, told: "inquiry" },
  "40": { meaning: "transfer between accounts of the cardholder", kind: "transfer", purpose: null, told: "inquiry" },
  "50": { meaning: "payment of a bill", kind: "bill_payment", purpose: "purchase" },
  "53": { meaning: "payment to somebody else", kind: "bill_payment", purpose: "purchase" },
  "72": { meaning: "activation of the card", kind: "card_service", purpose: null, told: "inquiry" },
  // An amount of zero would make these verifications, and the sender would take the approval for a new PIN.
  "91": { meaning: "unblocking of the PIN", kind: "pin_service", purpose: null, told: "inquiry" },
  "92": { meaning: "change of the PIN", kind: "pin_service", purpose: null, told: "inquiry" },
} as const satisfies Readonly<Record<string, ProcessingCode>>;

/** ISO 8583: codes with 2 credit the cardholder, those with 3 ask, those with 4 move money between his own accounts. */
export const unlistedCodes = {
  "2": { meaning: "another credit", kind: "adjustment", purpose: null, told: "refund" },
  "3": { meaning: "another question", kind: "inquiry", purpose: null, told: "inquiry" },
  "4": { meaning: "another transfer", kind: "transfer", purpose: null, told: "inquiry" },
} as const satisfies Readonly<Record<string, ProcessingCode>>;

/** Digits 3–4 and 5–6 of DE3, and the first two of each group of DE54. */
export const accountTypes = {
  "00": "not specified",
  "10": "savings",
  "20": "checking",
  "30": "credit",
  "40": "universal",
  "50": "investment",
  "60": "stored value",
} as const satisfies Readonly<Record<string, string>>;
