/**
 * What is done to an answer on purpose, for whoever tests an acquirer. response: the request is declined with this DE39
 * without being decided. The others leave the decision alone and spoil its answer. delay: it leaves so many milliseconds
 * later, late or not. drop: it never leaves. half_reply: half of its bytes leave, then the connection ends. duplicate:
 * it leaves twice.
 */
export type ForcedOutcome = { readonly kind: "response"; readonly responseCode: string } | SpoiledAnswer;

/** What is done to an answer whose request has been decided. */
export type SpoiledAnswer =
  | { readonly kind: "delay"; readonly ms: number }
  | { readonly kind: "drop" | "half_reply" | "duplicate" };

/** Which messages: all that is given has to fit, and at least one is given. */
export interface ForcedCondition {
  /** Digits of a test PAN. */
  readonly pan?: string;
  /** DE4, in minor units of DE49: a number, because settings travel as JSON, and twelve digits fit. */
  readonly amount?: number;
  /** DE42 without the blanks at its end. */
  readonly merchant?: string;
}

/** The first rule that fits a message decides. */
export interface ForcedRule {
  readonly when: ForcedCondition;
  readonly outcome: ForcedOutcome;
}

export const forcedOutcomeLimits = { rulesMax: 1_000, delayMsMax: 60_000 } as const;

/**
 * Merchants that nobody has by chance. Cards and amounts are forced only where a file says so: any of them may be part
 * of ordinary traffic.
 */
export const forcedMerchants = [
  { when: { merchant: "FORCED-DE39-01" }, outcome: { kind: "response", responseCode: "01" } },
  { when: { merchant: "FORCED-DE39-03" }, outcome: { kind: "response", responseCode: "03" } },
  { when: { merchant: "FORCED-DE39-05" }, outcome: { kind: "response", responseCode: "05" } },
  { when: { merchant: "FORCED-DE39-12" }, outcome: { kind: "response", responseCode: "12" } },
  { when: { merchant: "FORCED-DE39-13" }, outcome: { kind: "response", responseCode: "13" } },
  { when: { merchant: "FORCED-DE39-14" }, outcome: { kind: "response", responseCode: "14" } },
  { when: { merchant: "FORCED-DE39-30" }, outcome: { kind: "response", responseCode: "30" } },
  { when: { merchant: "FORCED-DE39-41" }, outcome: { kind: "response", responseCode: "41" } },
  { when: { merchant: "FORCED-DE39-43" }, outcome: { kind: "response", responseCode: "43" } },
  { when: { merchant: "FORCED-DE39-51" }, outcome: { kind: "response", responseCode: "51" } },
  { when: { merchant: "FORCED-DE39-54" }, outcome: { kind: "response", responseCode: "54" } },
  { when: { merchant: "FORCED-DE39-57" }, outcome: { kind: "response", responseCode: "57" } },
  { when: { merchant: "FORCED-DE39-61" }, outcome: { kind: "response", responseCode: "61" } },
  { when: { merchant: "FORCED-DE39-62" }, outcome: { kind: "response", responseCode: "62" } },
  { when: { merchant: "FORCED-DE39-65" }, outcome: { kind: "response", responseCode: "65" } },
  { when: { merchant: "FORCED-DE39-91" }, outcome: { kind: "response", responseCode: "91" } },
  { when: { merchant: "FORCED-DE39-96" }, outcome: { kind: "response", responseCode: "96" } },
  { when: { merchant: "FORCED-DELAY-1S" }, outcome: { kind: "delay", ms: 1_000 } },
  { when: { merchant: "FORCED-DELAY-8S" }, outcome: { kind: "delay", ms: 8_000 } },
  { when: { merchant: "FORCED-DROP" }, outcome: { kind: "drop" } },
  { when: { merchant: "FORCED-HALF" }, outcome: { kind: "half_reply" } },
  { when: { merchant: "FORCED-TWICE" }, outcome: { kind: "duplicate" } },
] as const satisfies readonly ForcedRule[];
