/** The three meanings that a DE39 can have; plain ISO 8583:1987 is "generic". */
export type ResponseCodeStyle = "visa" | "mastercard" | "generic";

/** Two characters of DE39 for each network. */
export type ResponseCodes = Readonly<Record<ResponseCodeStyle, string>>;

/** A DE39 for each network, or silence: the peer repeats what is not answered. */
export type ResponseCodesOrSilence = Readonly<Record<ResponseCodeStyle, string | null>>;

/** DE39 of every answer that is not a decline of the decision table. Each value is a default that a link may replace. */
export const requestResponses = {
  approved: { visa: "00", mastercard: "00", generic: "00" },
  approved_in_part: { visa: "10", mastercard: "10", generic: "10" },
  // The whole purchase without its cashback, where the link and the message have it so; else 10.
  approved_without_cashback: { visa: "87", mastercard: "87", generic: "10" },
  account_verified: { visa: "85", mastercard: "85", generic: "00" },
  unknown_pan: { visa: "14", mastercard: "14", generic: "14" },
  // rules: Identity. Same key with another fingerprint.
  conflict: { visa: "94", mastercard: "94", generic: "94" },
  // rules: Holds. The reversal came first and left a tombstone.
  reversed_before: { visa: "94", mastercard: "94", generic: "94" },
  // rules: Identity. DE7 is older than the freshness that the link allows.
  stale_transmission_time: { visa: "94", mastercard: "94", generic: "94" },
  format_error: { visa: "30", mastercard: "30", generic: "30" },
  unsupported_message: { visa: "12", mastercard: "12", generic: "12" },
  unsupported_currency: { visa: "12", mastercard: "12", generic: "12" },
  invalid_amount: { visa: "13", mastercard: "13", generic: "13" },
  // The PAN is in a range that this link may not speak for.
  unroutable: { visa: "92", mastercard: "92", generic: "92" },
  not_signed_on: { visa: "91", mastercard: "91", generic: "91" },
  // rules: What the switch answers. Only when the store is known not to have committed.
  store_down: { visa: "91", mastercard: "91", generic: "91" },
  overloaded: { visa: "91", mastercard: "91", generic: "91" },
  expired_deadline: { visa: "91", mastercard: "91", generic: "91" },
  outcome_unknown: { visa: null, mastercard: null, generic: null },
  malfunction: { visa: "96", mastercard: "96", generic: "96" },
} as const satisfies Readonly<Record<string, ResponseCodesOrSilence>>;

export type RequestResponse = keyof typeof requestResponses;

interface ReversalResponse {
  /** DE39 of a 0410; null is silence. */
  readonly reversal: string | null;
  /** DE39 of a 0430; null is silence. */
  readonly advice: string | null;
}

/**
 * DE39 of a reversal (0400) and of a reversal advice (0420), the same on every network. Where the original is unknown
 * a link may say 00 to a 0400 as well (rules: Holds).
 */
export const reversalResponses = {
  released: { reversal: "00", advice: "00" },
  lowered: { reversal: "00", advice: "00" },
  reposted: { reversal: "00", advice: "00" },
  killed_pending: { reversal: "00", advice: "00" },
  nothing_to_release: { reversal: "00", advice: "00" },
  tombstone: { reversal: "00", advice: "00" },
  unknown: { reversal: "25", advice: "00" },
  unknown_pan: { reversal: "25", advice: "00" },
  // More than remains: nothing moves and the exception waits for a person, whom a repeat would not help.
  exception: { reversal: "00", advice: "00" },
  conflict: { reversal: "94", advice: "94" },
  format_error: { reversal: "30", advice: "30" },
  unroutable: { reversal: "92", advice: "92" },
  // rules: What the switch answers. Silence, so that store-and-forward repeats.
  store_down: { reversal: null, advice: null },
  outcome_unknown: { reversal: null, advice: null },
} as const satisfies Readonly<Record<string, ReversalResponse>>;

export type ReversalResponseName = keyof typeof reversalResponses;

/** DE39 of a 0120 or 0220 that says: approved. An advice without a DE39 was approved; any other code declines. */
export const advicesThatApprove = ["00", "08", "10", "11", "85", "87"] as const satisfies readonly string[];

/**
 * DE39 of a 0130 and of a 0230, the same on every network; null is silence. What has been done in our place is never
 * refused, whatever it means for the books (rules: Holds).
 */
export const adviceResponses = {
  held: "00",
  merged: "00",
  added: "00",
  completed: "00",
  released: "00",
  attached: "00",
  captured_hold: "00",
  force_posted: "00",
  duplicate: "00",
  reversed_before: "00",
  // Listed for a person, whom a repeat would not help.
  exception: "00",
  unknown_pan: "00",
  unsupported_currency: "00",
  conflict: "94",
  format_error: "30",
  unroutable: "92",
  // rules: What the switch answers. Silence, so that store-and-forward repeats.
  store_down: null,
  outcome_unknown: null,
} as const satisfies Readonly<Record<string, string | null>>;

/** DE39 of a 0810; which of them, is told by `networkManagementAnswers` (specs/network-management.ts). */
export const networkManagementResponses = {
  accepted: "00",
  format_error: "30",
  unsupported: "12",
} as const satisfies Readonly<Record<string, string>>;

/** The DE that carries the number (three digits) of the element in error beside a 30. */
export const formatErrorField = { visa: "44", mastercard: "44", generic: "44" } as const satisfies Readonly<
  Record<ResponseCodeStyle, string>
>;

type Meanings = Readonly<Record<string, string>>;

const sharedMeanings = {
  "00": "approved",
  "01": "refer to card issuer",
  "03": "invalid merchant",
  "04": "capture card",
  "05": "do not honor",
  "10": "approved for a partial amount",
  "12": "invalid transaction",
  "13": "invalid amount",
  "14": "invalid card number",
  "15": "no such issuer",
  "19": "enter again",
  "25": "unable to find the original",
  "30": "format error",
  "40": "function not supported",
  "41": "lost card, capture",
  "43": "stolen card, capture",
  "51": "insufficient funds",
  "52": "no checking account",
  "53": "no savings account",
  "54": "expired card",
  "55": "incorrect PIN",
  "57": "not permitted to this card",
  "58": "not permitted to this terminal",
  "61": "exceeds an amount limit",
  "62": "restricted card",
  "63": "security violation",
  "75": "too many PIN attempts",
  "91": "issuer or switch inoperative",
  "92": "unable to route",
  "94": "duplicate transmission",
  "96": "system malfunction",
} as const satisfies Meanings;

/** What each DE39 says, network by network: the same number does not mean the same everywhere. */
export const responseCodeMeanings = {
  visa: {
    ...sharedMeanings,
    "02": "refer to card issuer, special condition",
    "06": "error",
    "07": "capture card, special condition",
    "11": "approved, VIP",
    "21": "no action taken",
    "28": "file not available",
    "39": "no credit account",
    "76": "original not found",
    "77": "data of the original differ",
    "80": "no financial effect",
    "81": "PIN cannot be decrypted",
    "86": "PIN cannot be verified",
    "93": "not allowed by law",
    "1A": "customer authentication required",
    "46": "closed account",
    "59": "suspected fraud",
    "64": "money laundering rules not met",
    "65": "exceeds a frequency limit",
    "70": "PIN required",
    "78": "blocked until first use",
    "82": "card authentication failed",
    "85": "account verified, no reason to decline",
    "87": "approved for the purchase only, no cashback",
    B1: "surcharge not permitted",
    N0: "force stand-in",
    N3: "cash service not available",
    N4: "cash request exceeds the issuer's limit",
    N7: "CVV2 mismatch",
    P2: "biller information invalid",
    Q1: "card authentication failed",
    R0: "stop this recurring payment",
    R1: "stop all recurring payments",
    R3: "stop all payments to the merchant",
  },
  mastercard: {
    ...sharedMeanings,
    "08": "approved with identification",
    "65": "exceeds a frequency limit, or customer authentication required",
    "70": "contact card issuer",
    "71": "PIN not changed",
    "76": "account to credit invalid",
    "77": "account to debit invalid",
    "78": "card not active",
    "79": "declined by life cycle",
    "82": "declined by policy",
    "83": "declined as fraud",
    "85": "account verified, no reason to decline",
    "86": "PIN validation not possible",
    "87": "approved for the purchase only, no cashback",
    "88": "cryptographic failure",
  },
  generic: {
    ...sharedMeanings,
    "02": "refer to card issuer, special condition",
    "07": "capture card, special condition",
    "11": "approved, VIP",
    "59": "suspected fraud",
    "65": "exceeds a frequency limit",
  },
} as const satisfies Readonly<Record<ResponseCodeStyle, Meanings>>;
