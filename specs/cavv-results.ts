interface CavvResult {
  readonly meaning: string;
  /** null: nothing was compared. */
  readonly isMatch: boolean | null;
}

/** Visa-style DE44.13: what came of the cardholder authentication value of a 3-D Secure payment (DE126.9). */
export const cavvResults = {
  "0": { meaning: "not validated, data wrong or missing", isMatch: null },
  "1": { meaning: "does not match, cardholder authenticated", isMatch: false },
  "2": { meaning: "matches, cardholder authenticated", isMatch: true },
  "3": { meaning: "matches, authentication attempted", isMatch: true },
  "4": { meaning: "does not match, authentication attempted", isMatch: false },
  "6": { meaning: "not validated, issuer does not take part", isMatch: null },
  "7": { meaning: "does not match, attempt answered by the network", isMatch: false },
  "8": { meaning: "matches, attempt answered by the network", isMatch: true },
  "9": { meaning: "does not match, attempt while the issuer was out of order", isMatch: false },
  A: { meaning: "matches, attempt while the issuer was out of order", isMatch: true },
  B: { meaning: "matches, for information only", isMatch: true },
  C: { meaning: "attempted, not validated", isMatch: null },
  D: { meaning: "authenticated, not validated", isMatch: null },
  I: { meaning: "data of another kind than its indicator says", isMatch: null },
  U: { meaning: "issuer takes no part, or the data was not used", isMatch: null },
} as const satisfies Readonly<Record<string, CavvResult>>;
