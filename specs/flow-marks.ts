import type { ResponseCodeStyle } from "./response-codes.ts";

/** A field or part (dotted path) that has one of these values. */
export interface Mark {
  readonly path: string;
  readonly values: readonly string[];
}

/** Where a message of this network says what it belongs to and what its sender can take (rules: Holds). */
export interface FlowMarks {
  /** This 0100 or 0120 adds to the hold that `chain` names; null: the network has no increments. */
  readonly increment: Mark | null;
  /** The path that names the chain of a follow-up; null: PAN, DE32 and DE37 are all there is. */
  readonly chain: string | null;
  /** The sender can take less than it asks for; null: the link says so, or nobody does. */
  readonly partialApproval: Mark | null;
  /** Where the cashback stands in the transaction's currency, beside DE54; null: only there. */
  readonly cashback: string | null;
  /** The sender can take the purchase without its cashback; null: never. */
  readonly purchaseOnly: Mark | null;
  /** Beside an amount of zero: the account is to be verified. */
  readonly verification: Mark | null;
  /** A standing order or other charge that the merchant starts. */
  readonly merchantInitiated: readonly Mark[];
  /** The amount is an estimate, and the clearing may come late. */
  readonly preauthorization: readonly Mark[];
}

export const flowMarks = {
  visa: {
    increment: { path: "63.3", values: ["3900"] },
    chain: "62.2",
    partialApproval: { path: "60.10", values: ["1"] },
    cashback: "61.1",
    purchaseOnly: null,
    verification: { path: "25", values: ["51"] },
    merchantInitiated: [
      { path: "60.8", values: ["02", "03"] },
      { path: "126.13", values: ["C", "I", "R"] },
    ],
    // Market-specific data of a hotel or a car rental, or a preauthorization whose time limit is told.
    preauthorization: [
      { path: "62.4", values: ["A", "H"] },
      { path: "62.1", values: ["P", "I"] },
    ],
  },
  mastercard: {
    increment: { path: "61.7", values: ["4"] },
    chain: "48.63",
    partialApproval: { path: "48.61.1", values: ["1"] },
    cashback: null,
    purchaseOnly: { path: "48.61.2", values: ["1"] },
    verification: { path: "61.7", values: ["8"] },
    merchantInitiated: [{ path: "61.4", values: ["4"] }],
    preauthorization: [{ path: "61.7", values: ["4"] }],
  },
  generic: {
    increment: null,
    chain: null,
    partialApproval: null,
    cashback: null,
    purchaseOnly: null,
    verification: { path: "25", values: ["51"] },
    merchantInitiated: [],
    preauthorization: [],
  },
} as const satisfies Readonly<Record<ResponseCodeStyle, FlowMarks>>;

/** Visa-style DE63.3: why a message follows another one. */
export const messageReasons = {
  "2104": "advice of the acquirer about its own decision",
  "2501": "the customer called the transaction off",
  "2502": "not completed",
  "2503": "no confirmation from the point of service",
  "2504": "completed in part",
  "3900": "adds to an earlier authorization",
} as const satisfies Readonly<Record<string, string>>;
