import type { Network } from "./networks.ts";

/** Days of business time from a capture until which it can be disputed. */
export interface DisputeWindow {
  /** For any reason; what was not submitted until then expires. */
  readonly days: number;
  /** For the reason `no_valid_authorization`. */
  readonly noValidAuthorizationDays: number;
}

/** Rules: Postings, Disputes. Plain ISO 87 has no rule of its own about authorizations. */
export const disputeWindows = {
  visa: { days: 110, noValidAuthorizationDays: 65 },
  mastercard: { days: 110, noValidAuthorizationDays: 80 },
  generic: { days: 110, noValidAuthorizationDays: 110 },
} as const satisfies Readonly<Record<Network, DisputeWindow>>;
