import type { Network } from "./networks.ts";

/** What a network does by itself where the issuer does not answer, or says that it cannot (91). */
export interface StandInRule {
  /** Whole units of the transaction currency up to which it approves; 0: it never does. */
  readonly majorMax: bigint;
  /** DE39 of what it approves and of what it does not. */
  readonly approved: string;
  readonly declined: string;
}

/** Small amounts pass, larger ones do not. Between a plain acquirer and an issuer nobody stands in. */
export const standInRules = {
  visa: { majorMax: 100n, approved: "00", declined: "05" },
  mastercard: { majorMax: 100n, approved: "00", declined: "05" },
  generic: { majorMax: 0n, approved: "00", declined: "05" },
} as const satisfies Readonly<Record<Network, StandInRule>>;

/** Answers by which an issuer says that it cannot decide. */
export const standInCodes = ["91"] as const;

/** Repeats (0121, 0421) in a row before store-and-forward rests. */
export const storedRepeatsMax = 3;
