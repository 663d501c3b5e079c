import type { ResponseCodeStyle } from "./response-codes.ts";

/** What came of comparing the three digits on the back of the card, in the API's words. */
export type CodeCheck = "match" | "mismatch" | "not_provided";

interface Cvv2Result {
  readonly meaning: string;
  readonly check: CodeCheck;
}

/** One letter; where it stands is told by `verificationPlaces` (specs/verification-places.ts). */
export const cvv2Results = {
  M: { meaning: "matches", check: "match" },
  N: { meaning: "does not match", check: "mismatch" },
  P: { meaning: "not processed", check: "not_provided" },
  S: { meaning: "should be on the card, the merchant says it is not", check: "not_provided" },
  U: { meaning: "issuer cannot verify", check: "not_provided" },
} as const satisfies Readonly<Record<string, Cvv2Result>>;

export type Cvv2Code = keyof typeof cvv2Results;

/** The letter that we answer where a code was sent; where none was sent the place stays empty. */
export const cvv2Answers = {
  visa: { match: "M", mismatch: "N", not_provided: "P" },
  mastercard: { match: "M", mismatch: "N", not_provided: "P" },
  generic: { match: "M", mismatch: "N", not_provided: "P" },
} as const satisfies Readonly<Record<ResponseCodeStyle, Readonly<Record<CodeCheck, Cvv2Code>>>>;

/** Visa-style DE126.10, first character: why a code is there or not. */
export const cvv2Presences = {
  "0": "left out on purpose",
  "1": "sent",
  "2": "cannot be read",
  "9": "the cardholder says that there is none",
} as const satisfies Readonly<Record<string, string>>;
