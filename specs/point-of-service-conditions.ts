import type { EntryMethod } from "./entry-modes.ts";

export interface PointOfServiceCondition {
  readonly meaning: string;
  /** Overrules the entry mode; null: says nothing about where the card was. */
  readonly presence: "present" | "not_present" | null;
  /** Overrules the entry mode; null: says nothing about how the card was read. */
  readonly method: EntryMethod | null;
}

/** DE25, visa-style and plain ISO 87. Mastercard-style tells the same in DE61. */
export const pointOfServiceConditions = {
  "00": { meaning: "normal", presence: null, method: null },
  "01": { meaning: "cardholder not present", presence: "not_present", method: null },
  "02": { meaning: "unattended terminal that can keep the card", presence: null, method: null },
  "03": { meaning: "merchant suspicious", presence: null, method: null },
  "04": { meaning: "electronic cash register", presence: null, method: null },
  "05": { meaning: "cardholder present, card not", presence: "not_present", method: null },
  "06": { meaning: "completes an earlier authorization", presence: null, method: null },
  "07": { meaning: "by telephone device", presence: "not_present", method: null },
  "08": { meaning: "by mail or telephone, or a standing order", presence: "not_present", method: null },
  "09": { meaning: "security alert", presence: null, method: null },
  "10": { meaning: "identity of the cardholder checked", presence: null, method: null },
  "11": { meaning: "suspected fraud", presence: null, method: null },
  "12": { meaning: "security reasons", presence: null, method: null },
  "15": { meaning: "the cardholder's own terminal", presence: "not_present", method: "online" },
  "16": { meaning: "terminal for administration", presence: null, method: null },
  "27": { meaning: "unattended terminal that cannot keep the card", presence: null, method: null },
  "40": { meaning: "standing order", presence: "not_present", method: "online" },
  "51": { meaning: "verification of the account, no amount", presence: null, method: null },
  "55": { meaning: "chip at an automat of the bank", presence: null, method: null },
  "59": { meaning: "electronic commerce", presence: "not_present", method: "online" },
  "71": { meaning: "card present, stripe cannot be read", presence: "present", method: "keyed_in" },
} as const satisfies Readonly<Record<string, PointOfServiceCondition>>;

/** Mastercard-style DE61.4: where the cardholder was. */
export const cardholderPresences = {
  "0": { meaning: "present", presence: null, method: null },
  "1": { meaning: "not present, not told how", presence: "not_present", method: null },
  "2": { meaning: "by mail", presence: "not_present", method: null },
  "3": { meaning: "by telephone", presence: "not_present", method: null },
  "4": { meaning: "standing order", presence: "not_present", method: "online" },
  "5": { meaning: "electronic order", presence: "not_present", method: "online" },
  "8": { meaning: "present, recognised by biometry", presence: null, method: null },
} as const satisfies Readonly<Record<string, PointOfServiceCondition>>;

/** Mastercard-style DE61.5: where the card was. It goes before DE61.4, which goes before DE22. */
export const cardPresences = {
  "0": "present",
  "1": "not_present",
} as const satisfies Readonly<Record<string, "present" | "not_present">>;

/** Mastercard-style DE61.7. */
export const transactionStatuses = {
  "0": "an ordinary request",
  "1": "deferred: sent later than it was made",
  "2": "telephone order with authentication",
  "3": "inquiry about instalments",
  "4": "preauthorization, or more of one",
  "5": "time-based authorization",
  "6": "update of a chip counter",
  "8": "verification of the account, no amount",
  "9": "request for a token",
} as const satisfies Readonly<Record<string, string>>;

/** Mastercard-style DE61.10: what kind of device the cardholder works himself. */
export const cardholderActivatedLevels = {
  "0": "none: somebody attends to it",
  "1": "automat with a PIN",
  "2": "self-service terminal",
  "3": "terminal of limited amount",
  "4": "in flight",
  "5": "scrip",
  "6": "electronic commerce",
  "7": "transponder",
  "9": "mobile acceptance device",
} as const satisfies Readonly<Record<string, string>>;
