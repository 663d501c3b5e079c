/**
 * What is done to an answer on purpose, for whoever tests an acquirer. response: the request is declined with this DE39
 * without being decided. The others leave the decision alone and spoil its answer. delay: it leaves so many milliseconds
 * later, late or not. drop: it never leaves. half_reply: half of its bytes leave, then the connection ends. duplicate:
 * it leaves twice.
 */
export type ForcedOutcome =
  | { readonly kind: "response"; readonly responseCode: string }
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
  readonly then: ForcedOutcome;
}

export const forcedOutcomeLimits = { rulesMax: 1_000, delayMsMax: 60_000 } as const;

/**
 * Merchants that nobody has by chance. Cards and amounts are forced only where a file says so: any of them may be part
 * of ordinary traffic.
 */
export const forcedMerchants = [
  ...["01", "03", "05", "12", "13", "14", "30", "41", "43", "51", "54", "57", "61", "62", "65", "91", "96"].map(
    (code): ForcedRule => ({
      when: { merchant: `FORCED-DE39-${code}` },
      then: { kind: "response", responseCode: code },
    }),
  ),
  { when: { merchant: "FORCED-DELAY-1S" }, then: { kind: "delay", ms: 1_000 } },
  { when: { merchant: "FORCED-DELAY-8S" }, then: { kind: "delay", ms: 8_000 } },
  { when: { merchant: "FORCED-DROP" }, then: { kind: "drop" } },
  { when: { merchant: "FORCED-HALF" }, then: { kind: "half_reply" } },
  { when: { merchant: "FORCED-TWICE" }, then: { kind: "duplicate" } },
] as const satisfies readonly ForcedRule[];
