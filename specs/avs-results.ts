import type { ResponseCodeStyle } from "./response-codes.ts";

/** What came of comparing one part of the address, in the API's words. */
export type AddressCheck = "match" | "mismatch" | "not_provided";

export interface AvsResult {
  readonly meaning: string;
  /** `not_provided`: not sent, or not compared. */
  readonly street: AddressCheck;
  readonly postalCode: AddressCheck;
}

/** One letter; where it stands is told by `verificationPlaces` (specs/verification-places.ts). */
export const avsResults = {
  A: { meaning: "street matches, postal code does not", street: "match", postalCode: "mismatch" },
  B: { meaning: "street matches, format of the postal code unfit", street: "match", postalCode: "not_provided" },
  C: { meaning: "neither compared, formats unfit", street: "not_provided", postalCode: "not_provided" },
  D: { meaning: "both match, abroad", street: "match", postalCode: "match" },
  F: { meaning: "both match, United Kingdom", street: "match", postalCode: "match" },
  G: { meaning: "not verified, abroad", street: "not_provided", postalCode: "not_provided" },
  I: { meaning: "not verified", street: "not_provided", postalCode: "not_provided" },
  M: { meaning: "both match, abroad", street: "match", postalCode: "match" },
  N: { meaning: "neither matches", street: "mismatch", postalCode: "mismatch" },
  P: { meaning: "postal code matches, format of the street unfit", street: "not_provided", postalCode: "match" },
  R: { meaning: "try again", street: "not_provided", postalCode: "not_provided" },
  S: { meaning: "not supported", street: "not_provided", postalCode: "not_provided" },
  U: { meaning: "no address on file", street: "not_provided", postalCode: "not_provided" },
  W: { meaning: "postal code of nine digits matches, street does not", street: "mismatch", postalCode: "match" },
  X: { meaning: "street and postal code of nine digits match", street: "match", postalCode: "match" },
  Y: { meaning: "both match", street: "match", postalCode: "match" },
  Z: { meaning: "postal code matches, street does not", street: "mismatch", postalCode: "match" },
} as const satisfies Readonly<Record<string, AvsResult>>;

export type AvsCode = keyof typeof avsResults;

/** The letter that we answer, by what came of the street and then of the postal code. */
export const avsAnswers = {
  visa: {
    match: { match: "Y", mismatch: "A", not_provided: "B" },
    mismatch: { match: "Z", mismatch: "N", not_provided: "N" },
    not_provided: { match: "P", mismatch: "N", not_provided: "U" },
  },
  // W and X say that the postal code had nine digits; of a shorter one the letters are the same everywhere.
  mastercard: {
    match: { match: "Y", mismatch: "A", not_provided: "A" },
    mismatch: { match: "Z", mismatch: "N", not_provided: "N" },
    not_provided: { match: "Z", mismatch: "N", not_provided: "U" },
  },
  generic: {
    match: { match: "Y", mismatch: "A", not_provided: "B" },
    mismatch: { match: "Z", mismatch: "N", not_provided: "N" },
    not_provided: { match: "P", mismatch: "N", not_provided: "U" },
  },
} as const satisfies Readonly<
  Record<ResponseCodeStyle, Readonly<Record<AddressCheck, Readonly<Record<AddressCheck, AvsCode>>>>>
>;
