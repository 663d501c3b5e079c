import type { ResponseCodeStyle } from "./response-codes.ts";

/** Who decides how long a hold lives: the API's rule, or each network's own. */
export type HoldExpiryProfile = "stripe" | "network";

/** What a hold is for, as far as its life depends on it. The first that fits: fuel, by MCC, then by how it was asked for. */
export type HoldKind =
  | "fuel"
  | "lodging"
  | "vehicle"
  | "cruise"
  | "preauthorization"
  | "merchant_initiated"
  | "card_not_present"
  | "card_present";

/** First and last MCC (DE18), both included. */
export interface CategoryRange {
  readonly kind: "lodging" | "vehicle" | "cruise";
  readonly from: number;
  readonly to: number;
}

/** Merchants who may clear late (rules: Holds, Expiry). */
export const lateClearingCategories = [
  { kind: "vehicle", from: 3351, to: 3500 },
  { kind: "lodging", from: 3501, to: 3999 },
  { kind: "cruise", from: 4411, to: 4411 },
  { kind: "lodging", from: 7011, to: 7011 },
  { kind: "vehicle", from: 7512, to: 7513 },
  { kind: "vehicle", from: 7519, to: 7519 },
] as const satisfies readonly CategoryRange[];

type HoldLives = Readonly<Record<HoldKind, number>>;

const hour = 3_600_000;
const day = 24 * hour;

const stripeLives = {
  fuel: 2 * hour,
  lodging: 31 * day,
  vehicle: 31 * day,
  cruise: 31 * day,
  preauthorization: 7 * day,
  merchant_initiated: 7 * day,
  card_not_present: 7 * day,
  card_present: 7 * day,
} as const satisfies HoldLives;

/**
 * Longest life of a hold, in milliseconds of business time from its first message. A hold without completion ends after
 * two hours at the pump, whatever the profile.
 */
export const holdLivesMs = {
  stripe: { visa: stripeLives, mastercard: stripeLives, generic: stripeLives },
  network: {
    visa: {
      fuel: 2 * hour,
      lodging: 30 * day,
      vehicle: 30 * day,
      cruise: 30 * day,
      preauthorization: 10 * day,
      merchant_initiated: 5 * day,
      card_not_present: 10 * day,
      card_present: 5 * day,
    },
    // What is no preauthorization is a final one.
    mastercard: {
      fuel: 2 * hour,
      lodging: 30 * day,
      vehicle: 30 * day,
      cruise: 30 * day,
      preauthorization: 30 * day,
      merchant_initiated: 7 * day,
      card_not_present: 7 * day,
      card_present: 7 * day,
    },
    // Plain ISO 87 has no rule of its own.
    generic: stripeLives,
  },
} as const satisfies Readonly<Record<HoldExpiryProfile, Readonly<Record<ResponseCodeStyle, HoldLives>>>>;
