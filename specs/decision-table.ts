import type { ResponseCodes } from "./response-codes.ts";

/** Why a request was declined, in the API's words (`request_history.reason`). */
export type DeclineReason =
  | "account_disabled"
  | "card_canceled"
  | "card_expired"
  | "card_inactive"
  | "cardholder_blocked"
  | "cardholder_inactive"
  | "cardholder_verification_required"
  | "insecure_authorization_method"
  | "insufficient_funds"
  | "not_allowed"
  | "pin_blocked"
  | "spending_controls"
  | "stripe_internal_error"
  | "suspected_fraud"
  | "verification_failed"
  | "webhook_declined"
  | "webhook_error"
  | "webhook_timeout";

interface Decline {
  /** Stands in packed outcomes and journal entries: 1 to 255, never given to another check. */
  readonly number: number;
  /** The order of the decision: of several hits the lowest rank is the answer. */
  readonly rank: number;
  readonly reason: DeclineReason;
  readonly de39: ResponseCodes;
}

/**
 * Every check that can decline, in the order of the decision (rules: Order of the decision). Up to and with the
 * controls they are static and run on the card view; limits and funds are seen by the money function alone.
 * A canceled card answers by what became of it, so lost and stolen are checks of their own.
 * Where networks have no number for the case they say 05; plain ISO 87 keeps to the numbers of the standard.
 */
export const decisionTable = {
  account_disabled: {
    number: 1,
    rank: 10,
    reason: "account_disabled",
    de39: { visa: "05", mastercard: "05", generic: "05" },
  },

  card_inactive: {
    number: 2,
    rank: 20,
    reason: "card_inactive",
    // 78 is no number of ISO 8583:1987.
    de39: { visa: "78", mastercard: "78", generic: "62" },
  },
  card_lost: { number: 3, rank: 21, reason: "card_canceled", de39: { visa: "41", mastercard: "41", generic: "41" } },
  card_stolen: { number: 4, rank: 22, reason: "card_canceled", de39: { visa: "43", mastercard: "43", generic: "43" } },
  card_canceled: {
    number: 5,
    rank: 23,
    reason: "card_canceled",
    de39: { visa: "62", mastercard: "62", generic: "62" },
  },
  card_expired: { number: 6, rank: 30, reason: "card_expired", de39: { visa: "54", mastercard: "54", generic: "54" } },

  cardholder_inactive: {
    number: 7,
    rank: 40,
    reason: "cardholder_inactive",
    de39: { visa: "05", mastercard: "05", generic: "05" },
  },
  cardholder_blocked: {
    number: 8,
    rank: 41,
    reason: "cardholder_blocked",
    de39: { visa: "62", mastercard: "62", generic: "62" },
  },
  cardholder_verification_required: {
    number: 9,
    rank: 42,
    reason: "cardholder_verification_required",
    de39: { visa: "05", mastercard: "05", generic: "05" },
  },

  pin_blocked: { number: 10, rank: 50, reason: "pin_blocked", de39: { visa: "75", mastercard: "75", generic: "75" } },
  cvc: { number: 11, rank: 51, reason: "verification_failed", de39: { visa: "N7", mastercard: "82", generic: "05" } },
  pin: { number: 12, rank: 52, reason: "verification_failed", de39: { visa: "55", mastercard: "55", generic: "55" } },
  cryptogram: {
    number: 13,
    rank: 53,
    reason: "verification_failed",
    de39: { visa: "82", mastercard: "88", generic: "05" },
  },
  three_d_secure: {
    number: 14,
    rank: 54,
    reason: "insecure_authorization_method",
    // Both mean: come back with the customer authenticated.
    de39: { visa: "1A", mastercard: "65", generic: "05" },
  },
  fraud: { number: 15, rank: 60, reason: "suspected_fraud", de39: { visa: "59", mastercard: "63", generic: "59" } },

  not_allowed: { number: 16, rank: 70, reason: "not_allowed", de39: { visa: "57", mastercard: "57", generic: "57" } },
  category: {
    number: 17,
    rank: 71,
    reason: "spending_controls",
    de39: { visa: "57", mastercard: "57", generic: "57" },
  },
  country: { number: 18, rank: 72, reason: "spending_controls", de39: { visa: "57", mastercard: "57", generic: "57" } },
  presence: {
    number: 19,
    rank: 73,
    reason: "spending_controls",
    de39: { visa: "57", mastercard: "57", generic: "57" },
  },

  limit: { number: 20, rank: 80, reason: "spending_controls", de39: { visa: "61", mastercard: "61", generic: "61" } },
  insufficient_funds: {
    number: 21,
    rank: 90,
    reason: "insufficient_funds",
    de39: { visa: "51", mastercard: "51", generic: "51" },
  },

  webhook_declined: {
    number: 22,
    rank: 100,
    reason: "webhook_declined",
    de39: { visa: "05", mastercard: "05", generic: "05" },
  },
  webhook_timeout: {
    number: 23,
    rank: 101,
    reason: "webhook_timeout",
    de39: { visa: "05", mastercard: "05", generic: "05" },
  },
  webhook_error: {
    number: 24,
    rank: 102,
    reason: "webhook_error",
    de39: { visa: "05", mastercard: "05", generic: "05" },
  },
  internal_error: {
    number: 25,
    rank: 110,
    reason: "stripe_internal_error",
    de39: { visa: "96", mastercard: "96", generic: "96" },
  },
} as const satisfies Readonly<Record<string, Decline>>;

/** The internal name of a check; its reason and numbers stand in the table under this key. */
export type DecisionCheck = keyof typeof decisionTable;
