import type { ResponseCodeStyle } from "./response-codes.ts";

/** Why the network answered in the issuer's place, in our words. */
export type StandInCause = "timed_out" | "unavailable" | "signed_off" | "invalid_answer" | "chosen_by_issuer";

/** The fields (dotted paths) of a 0120 that say that it is a stand-in, and why. */
export type StandInMarks = Readonly<Record<string, string>>;

/**
 * What a network writes into its stand-in advices, by cause; what the simulators write, too. A link reads any value: an
 * advice is a stand-in whatever its reason (rules: Holds).
 *
 *   visa-style        DE44.1 source, DE44.4 reason where stand-in declined, DE63.4 stand-in reason
 *   mastercard-style  | reason 3 | detail 4 | text |  DE60, and who stood in, DE121
 */
export const standInMarks = {
  visa: {
    timed_out: { "44.1": "1", "63.4": "9020" },
    unavailable: { "44.1": "4", "63.4": "9011" },
    signed_off: { "44.1": "4", "63.4": "9001" },
    invalid_answer: { "44.1": "4", "63.4": "9030" },
    chosen_by_issuer: { "44.1": "2", "63.4": "9022" },
  },
  mastercard: {
    timed_out: { "60.1": "102", "60.2": "0003", "121": "000001" },
    unavailable: { "60.1": "100", "60.2": "0001", "121": "000001" },
    signed_off: { "60.1": "103", "60.2": "0002", "121": "000001" },
    invalid_answer: { "60.1": "104", "60.2": "0004", "121": "000001" },
    chosen_by_issuer: { "60.1": "101", "60.2": "0000", "121": "000001" },
  },
  // ISO 8583:1987 has no place for it: the message type alone says that somebody else decided.
  generic: { timed_out: {}, unavailable: {}, signed_off: {}, invalid_answer: {}, chosen_by_issuer: {} },
} as const satisfies Readonly<Record<ResponseCodeStyle, Readonly<Record<StandInCause, StandInMarks>>>>;

/** Visa-style DE44.1: who answered. */
export const responseSources = {
  "0": "advice of a change in the exception file",
  "1": "network, the issuer did not answer in time",
  "2": "network, below the issuer's limit",
  "3": "network, the issuer asked for it",
  "4": "network, the issuer cannot be reached",
  "5": "issuer",
  "7": "network, for the acquirer",
  "8": "network, for a reversal",
} as const satisfies Readonly<Record<string, string>>;

/** Visa-style DE44.4 of an advice: what made stand-in decide as it did. */
export const standInDetails = {
  "2": "no expiry date",
  "3": "default answer to a chip",
  "4": "default answer to a card code",
  "5": "typed in",
  "6": "country of risk",
  "7": "history of preauthorizations and completions",
  "8": "rule for original credits",
  "9": "domestic PIN at a point of sale",
  A: "score above the issuer's value",
  B: "score above the value for the merchant's category",
  C: "model of the cardholder's habits",
  F: "more than the available balance",
} as const satisfies Readonly<Record<string, string>>;
