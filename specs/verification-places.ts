import type { ResponseCodeStyle } from "./response-codes.ts";

/** Dotted paths; null where the network has no place for it. */
export interface VerificationPlaces {
  readonly request: {
    /** Street and postal code as one text. */
    readonly address: string | null;
    /** The three digits, or the text that holds them. */
    readonly cvv2: string | null;
    readonly cavv: string | null;
  };
  readonly answer: {
    readonly avs: string | null;
    readonly cvv2: string | null;
    /** The code on the stripe or in the chip. */
    readonly cvv: string | null;
    readonly cavv: string | null;
    /** The cryptogram of a chip. */
    readonly cryptogram: string | null;
  };
}

/** Where checks of the cardholder's data are asked for and answered. */
export const verificationPlaces = {
  visa: {
    request: { address: "123", cvv2: "126.10", cavv: "126.9" },
    answer: { avs: "44.2", cvv2: "44.10", cvv: "44.5", cavv: "44.13", cryptogram: "44.8" },
  },
  mastercard: {
    request: { address: "120", cvv2: "48.92", cavv: "48.43" },
    answer: { avs: "48.83", cvv2: "48.87", cvv: null, cavv: "48.45", cryptogram: "48.74" },
  },
  generic: {
    request: { address: null, cvv2: null, cavv: null },
    answer: { avs: null, cvv2: null, cvv: null, cavv: null, cryptogram: null },
  },
} as const satisfies Readonly<Record<ResponseCodeStyle, VerificationPlaces>>;

/** What stands in front of the tags of a chip. */
export const chipPlaces = {
  visa: "55.01",
  mastercard: "55",
  generic: "55",
} as const satisfies Readonly<Record<ResponseCodeStyle, string>>;
