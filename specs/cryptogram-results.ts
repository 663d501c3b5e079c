import type { ResponseCodeStyle } from "./response-codes.ts";

/** What came of a chip's cryptogram; null: nothing is written. Where it stands: specs/verification-places.ts. */
export interface CryptogramAnswers {
  readonly match: string | null;
  readonly mismatch: string | null;
}

/** Mastercard-style 50 is a check by the issuer, V valid and I invalid. */
export const cryptogramAnswers = {
  visa: { match: "2", mismatch: "1" },
  mastercard: { match: "50V", mismatch: "50I" },
  generic: { match: null, mismatch: null },
} as const satisfies Readonly<Record<ResponseCodeStyle, CryptogramAnswers>>;
