import type { FleetDetails, FuelDetails } from "../../ledger/entry-details.ts";

/** What a fleet card was used for, as the merchant reports it. Decimals are text. */
export interface ShownFleet {
  cardholder_prompt_data: {
    alphanumeric_id: string | null;
    driver_id: string | null;
    odometer: number | null;
    unspecified_id: string | null;
    user_id: string | null;
    vehicle_number: string | null;
  } | null;
  purchase_type: "fuel_and_non_fuel_purchase" | "fuel_purchase" | "non_fuel_purchase" | null;
  reported_breakdown: {
    fuel: { gross_amount_decimal: string | null } | null;
    non_fuel: { gross_amount_decimal: string | null } | null;
    tax: { local_amount_decimal: string | null; national_amount_decimal: string | null } | null;
  } | null;
  service_type: "full_service" | "non_fuel_transaction" | "self_service" | null;
}

export interface ShownFuel {
  industry_product_code: string | null;
  quantity_decimal: string | null;
  type: NonNullable<FuelDetails["type"]> | null;
  unit: NonNullable<FuelDetails["unit"]> | null;
  unit_cost_decimal: string | null;
}

export function shownFleet(told: FleetDetails): ShownFleet {
  const { cardholder_prompt_data: prompt, reported_breakdown: breakdown } = told;
  return {
    cardholder_prompt_data:
      prompt === undefined
        ? null
        : {
            alphanumeric_id: prompt.alphanumeric_id ?? null,
            driver_id: prompt.driver_id ?? null,
            odometer: prompt.odometer ?? null,
            unspecified_id: prompt.unspecified_id ?? null,
            user_id: prompt.user_id ?? null,
            vehicle_number: prompt.vehicle_number ?? null,
          },
    purchase_type: told.purchase_type ?? null,
    reported_breakdown: breakdown === undefined ? null : shownBreakdown(breakdown),
    service_type: told.service_type ?? null,
  };
}

function shownBreakdown({
  fuel,
  non_fuel: nonFuel,
  tax,
}: NonNullable<FleetDetails["reported_breakdown"]>): NonNullable<ShownFleet["reported_breakdown"]> {
  return {
    fuel: fuel === undefined ? null : { gross_amount_decimal: fuel.gross_amount_decimal ?? null },
    non_fuel: nonFuel === undefined ? null : { gross_amount_decimal: nonFuel.gross_amount_decimal ?? null },
    tax:
      tax === undefined
        ? null
        : {
            local_amount_decimal: tax.local_amount_decimal ?? null,
            national_amount_decimal: tax.national_amount_decimal ?? null,
          },
  };
}

export function shownFuel(told: FuelDetails): ShownFuel {
  return {
    industry_product_code: told.industry_product_code ?? null,
    quantity_decimal: told.quantity_decimal ?? null,
    type: told.type ?? null,
    unit: told.unit ?? null,
    unit_cost_decimal: told.unit_cost_decimal ?? null,
  };
}
