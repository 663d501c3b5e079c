import type { Network } from "../../specs/networks.ts";
import type { Minor } from "../kernel/money.ts";
import type { Pan } from "../kernel/pan.ts";

export const doors = { wire: 1, api: 2 } as const;
export type Door = keyof typeof doors;

/** What a message asks for: its MTI without the repeat digit. The numbers are part of every message key. */
export const messageFunctions = {
  authorization: 1,
  advice: 2,
  financial: 3,
  reversal: 4,
  reversal_advice: 5,
} as const;
export type MessageFunction = keyof typeof messageFunctions;

export type CardPresence = "present" | "not_present";

/** The acceptor as the message names it: DE41, DE42 and DE43 as text. */
export interface Merchant {
  readonly terminal: string;
  readonly id: string;
  readonly nameLocation: string;
}

/** What identifies a message and its chain (rules: Identity of a message, and of a chain). */
export interface MessageIdentity {
  readonly network: Network;
  readonly pan: Pan;
  /** DE11, six digits. */
  readonly stan: string;
  /** DE32, up to eleven digits; "" where absent. */
  readonly acquirer: string;
  /** DE37, up to twelve characters; "" where absent. */
  readonly rrn: string;
  /** Visa-style DE62.2; mastercard-style DE63 with DE15; null on plain ISO 87, whose chain is PAN, DE32 and DE37. */
  readonly networkChain: string | null;
  /** DE12 and DE13 as sent; "" where absent. Part of the fingerprint, as are DE41 and DE42. */
  readonly localTime: string;
  readonly localDate: string;
  readonly merchant: Merchant;
  /** DE3, six digits. */
  readonly processingCode: string;
  /** DE4 in minor units of DE49. */
  readonly transactionAmount: Minor;
  /** DE49, ISO 4217 numeric. */
  readonly transactionCurrency: number;
}

interface MessageTimes {
  /** Wall time at the first byte of the frame, in milliseconds. */
  readonly wallNowMs: number;
  readonly businessNowMs: number;
}

/** A request to approve an amount: the same from a 0100 and from the SDK. */
export interface AuthorizationRequest extends MessageIdentity, MessageTimes {
  readonly door: Door;
  /** DE6 in minor units of DE51, where the message carries them. */
  readonly billingAmount: Minor | null;
  readonly billingCurrency: number | null;
  /** DE10 as its eight digits, or null. */
  readonly conversionRate: string | null;
  /** DE14 as YYMM, or null where absent. */
  readonly expiry: string | null;
  /** DE18, four digits. */
  readonly mcc: string;
  /** ISO 3166 numeric of the merchant's country; 0 where the message does not tell. */
  readonly merchantCountry: number;
  readonly presence: CardPresence;
  /** DE22 as sent; "" where absent. */
  readonly entryMode: string;
  /** Wall time after which the network has stopped waiting for us, in milliseconds. */
  readonly deadlineMs: number;
}

/** A reversal (0400) or a reversal advice (0420). */
export interface ReversalRequest extends MessageIdentity, MessageTimes {
  readonly isAdvice: boolean;
  /** DE11 of the original: from DE90, else DE11 itself. */
  readonly originalStan: string;
  /** DE18, or null where the reversal does not repeat it. */
  readonly mcc: string | null;
  /** DE95's replacement amount; null for a full reversal. */
  readonly replacementAmount: Minor | null;
  /** ISO 4217 numeric of that amount; null or absent: the card's own. */
  readonly replacementCurrency?: number | null;
}
