import type { Network } from "../../specs/networks.ts";
import type { Minor } from "../kernel/money.ts";
import type { Pan } from "../kernel/pan.ts";
import type { Proofs } from "./proofs.ts";

export const doors = { wire: 1, api: 2 } as const;
export type Door = keyof typeof doors;

/** What a message asks for: its MTI without the repeat digit. The numbers are part of every message key. */
export const messageFunctions = {
  authorization: 1,
  advice: 2,
  financial: 3,
  reversal: 4,
  reversal_advice: 5,
  financial_advice: 6,
} as const;
export type MessageFunction = keyof typeof messageFunctions;

/**
 * What a message is for, found by the mapping. The numbers are stored in entries and never reused. `increment` adds to
 * the hold of its chain, `fuel` holds before a pump is unlocked, `refund` is a credit, `verification` asks about the
 * account and `inquiry` about its balance: neither moves money.
 */
export const purposes = {
  purchase: 0,
  increment: 1,
  fuel: 2,
  refund: 3,
  verification: 4,
  inquiry: 5,
} as const;
export type Purpose = keyof typeof purposes;

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

/** What every message about an amount says: 0100, 0120, 0200, 0220, and the same from the SDK. */
interface AmountFields extends MessageIdentity, MessageTimes {
  readonly purpose: Purpose;
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
  /** JSON of what the API's test helpers say beside a message; absent: nothing. */
  readonly details?: string;
}

/** What a request says that may be refused, or approved in part. */
interface RequestFields {
  /** The sender can take less than it asks for. */
  readonly allowsPartial: boolean;
  /** The part of DE4 that is paid out in cash, in minor units of DE49; 0: none. */
  readonly cashbackAmount: Minor;
  /** Wall time after which the network has stopped waiting for us, in milliseconds. An advice has none: it is ignored. */
  readonly deadlineMs: number;
  /** What proves card and holder; null or absent: nothing, or nothing that we verify. */
  readonly proofs?: Proofs | null;
}

/** A request to approve an amount: the same from a 0100 and from the SDK. */
export interface AuthorizationRequest extends AmountFields, RequestFields {
  /** Who scores it takes it for fraud: it is declined where no check in front declines it. Absent: nobody does. */
  readonly isSuspected?: boolean;
}

/** A 0120: what the network has answered in our place. It is never refused and has no deadline. */
export interface AdviceRequest extends AmountFields {
  /** Its own DE39: whether the network approved (absent, 00, 08, 10, 11, 85 or 87). */
  readonly isApproved: boolean;
  /** DE11 of the 0100 that it stands in for, from DE90; null: its own DE11. */
  readonly originalStan: string | null;
}

/** The message that DE90 names: its DE11, and what its MTI asks for; null where DE90 has no MTI. */
export interface OriginalMessage {
  readonly stan: string;
  readonly function: MessageFunction | null;
}

/** A 0200, which asks, or a 0220, which tells: both post at once. */
export interface FinancialRequest extends AmountFields, RequestFields {
  readonly isAdvice: boolean;
  /** DE39 of a 0220, as of a 0120; a 0200 has none and is true. */
  readonly isApproved: boolean;
  /** From DE90; null where absent. Only a 0220 is looked up by it. */
  readonly original: OriginalMessage | null;
  /** DE15 as MMDD, "" where absent: the network's settlement day, whose position the posting enters. */
  readonly settlementDate: string;
}

/** A reversal (0400) or a reversal advice (0420). */
export interface ReversalRequest extends MessageIdentity, MessageTimes {
  readonly isAdvice: boolean;
  /** From DE90; null where absent: the original then has the DE11 of the reversal itself. */
  readonly original: OriginalMessage | null;
  /** DE18, or null where the reversal does not repeat it. */
  readonly mcc: string | null;
  /** DE95's replacement amount in minor units of `replacementCurrency`; null for a full reversal. */
  readonly replacementAmount: Minor | null;
  /** ISO 4217 numeric of that amount; null: the card's own. */
  readonly replacementCurrency: number | null;
  /**
   * The same in minor units of DE49, where the message says both: it counts where the billing part is not in the card's
   * currency (rules: Holds, Reversal). Null or absent: there is none.
   */
  readonly transactionReplacement?: Minor | null;
}
