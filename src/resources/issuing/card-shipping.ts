import { ApiError } from "../api-error.ts";
import { type AddressParams, readAddress } from "./cardholder-rules.ts";
import type { Address } from "./cardholders.ts";

export type ShippingStatus = "canceled" | "delivered" | "failure" | "pending" | "returned" | "shipped" | "submitted";
export type ShippingEvent = "submit" | "ship" | "deliver" | "return" | "fail" | "cancel";

/** What a parcel can come to from where it is. A card that is canceled before it was handed over is not sent. */
export const shippingTransitions = {
  pending: { submit: "submitted", ship: "shipped", fail: "failure", cancel: "canceled" },
  submitted: { ship: "shipped", fail: "failure" },
  shipped: { deliver: "delivered", return: "returned", fail: "failure" },
  delivered: {},
  returned: {},
  failure: {},
  canceled: {},
} as const satisfies Readonly<Record<ShippingStatus, Readonly<Partial<Record<ShippingEvent, ShippingStatus>>>>>;

/** How a physical card gets to its holder. Times are business seconds. */
export interface CardShipping {
  readonly address: Address;
  readonly address_validation: ValidationMode;
  readonly business_name: string | null;
  readonly eori_number: string | null;
  readonly name: string;
  readonly phone_number: string | null;
  readonly require_signature: boolean | null;
  readonly service: "express" | "priority" | "standard";
  readonly type: "bulk" | "individual";
  readonly status: ShippingStatus;
  readonly eta: number | null;
  readonly shipped_at: number | null;
  readonly delivered_at: number | null;
}

export type ValidationMode = "disabled" | "normalization_only" | "validation_and_normalization";

const daysByService = { standard: 8, express: 4, priority: 2 } as const;
const dayS = 86_400;

/** Where a parcel comes to; null: that cannot happen to it now. */
export function afterShippingEvent(shipping: CardShipping, event: ShippingEvent, nowS: number): CardShipping | null {
  const next: Readonly<Partial<Record<ShippingEvent, ShippingStatus>>> = shippingTransitions[shipping.status];
  const status = next[event];
  if (status === undefined) return null;
  return {
    ...shipping,
    status,
    ...(status === "shipped" ? { shipped_at: nowS, eta: nowS + daysByService[shipping.service] * dayS } : {}),
    ...(status === "delivered" ? { delivered_at: nowS } : {}),
  };
}

export interface ShippingParams {
  readonly address: AddressParams;
  readonly address_validation?: { readonly mode: ValidationMode } | undefined;
  readonly business_name?: string | undefined;
  readonly customs?: { readonly eori_number?: string | undefined } | undefined;
  readonly name: string;
  readonly phone_number?: string | undefined;
  readonly require_signature?: boolean | undefined;
  readonly service?: "express" | "priority" | "standard" | undefined;
  readonly type?: "bulk" | "individual" | undefined;
}

/** A parcel that waits to be made up. */
export function readShipping(params: ShippingParams): CardShipping {
  return {
    address: readAddress(params.address, "shipping[address]"),
    address_validation: params.address_validation?.mode ?? "disabled",
    business_name: params.business_name ?? null,
    eori_number: params.customs?.eori_number ?? null,
    name: params.name,
    phone_number: params.phone_number ?? null,
    require_signature: params.require_signature ?? null,
    service: params.service ?? "standard",
    type: params.type ?? "individual",
    status: "pending",
    eta: null,
    shipped_at: null,
    delivered_at: null,
  };
}

/** A parcel can be addressed anew only while it has not been handed over. */
export function checkReaddressed(before: CardShipping | null): void {
  if (before === null || before.status === "pending") return;
  throw new ApiError(
    "invalid_state",
    `Shipping of this card cannot be changed any more: it is ${before.status}.`,
    "shipping",
  );
}
