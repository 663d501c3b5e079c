import type { FlightSegment, PurchaseDetails, ReceiptLine } from "../../ledger/entry-details.ts";
import { type ShownFleet, shownFleet } from "./fuel-details.ts";

/** What was bought, as far as the merchant says so. Times are seconds, amounts minor units, decimals text. */
export interface ShownPurchase {
  fleet: ShownFleet | null;
  flight: {
    departure_at: number | null;
    passenger_name: string | null;
    refundable: boolean | null;
    segments: ShownSegment[] | null;
    travel_agency: string | null;
  } | null;
  fuel: {
    industry_product_code: string | null;
    quantity_decimal: string | null;
    type: string;
    unit: string;
    unit_cost_decimal: string;
  } | null;
  lodging: { check_in_at: number | null; nights: number | null } | null;
  receipt: ShownReceiptLine[] | null;
  reference: string | null;
}

interface ShownSegment {
  arrival_airport_code: string | null;
  carrier: string | null;
  departure_airport_code: string | null;
  flight_number: string | null;
  service_class: string | null;
  stopover_allowed: boolean | null;
}

interface ShownReceiptLine {
  description: string | null;
  quantity: number | null;
  total: number | null;
  unit_cost: number | null;
}

export function shownPurchase(told: PurchaseDetails | undefined): ShownPurchase | null {
  if (told === undefined) return null;
  const { fleet, flight, fuel, lodging, receipt } = told;
  return {
    fleet: fleet === undefined ? null : shownFleet(fleet),
    flight:
      flight === undefined
        ? null
        : {
            departure_at: flight.departure_at ?? null,
            passenger_name: flight.passenger_name ?? null,
            refundable: flight.refundable ?? null,
            segments: flight.segments?.map(shownSegment) ?? null,
            travel_agency: flight.travel_agency ?? null,
          },
    fuel:
      fuel === undefined
        ? null
        : {
            industry_product_code: fuel.industry_product_code ?? null,
            quantity_decimal: fuel.quantity_decimal ?? null,
            type: fuel.type ?? "other",
            unit: fuel.unit ?? "other",
            unit_cost_decimal: fuel.unit_cost_decimal ?? "0",
          },
    lodging:
      lodging === undefined ? null : { check_in_at: lodging.check_in_at ?? null, nights: lodging.nights ?? null },
    receipt: receipt?.map(shownLine) ?? null,
    reference: told.reference ?? null,
  };
}

function shownSegment(segment: FlightSegment): ShownSegment {
  return {
    arrival_airport_code: segment.arrival_airport_code ?? null,
    carrier: segment.carrier ?? null,
    departure_airport_code: segment.departure_airport_code ?? null,
    flight_number: segment.flight_number ?? null,
    service_class: segment.service_class ?? null,
    stopover_allowed: segment.stopover_allowed ?? null,
  };
}

function shownLine({ description, quantity, total, unit_cost: unitCost }: ReceiptLine): ShownReceiptLine {
  return {
    description: description ?? null,
    quantity: quantity === undefined ? null : Number(quantity),
    total: total ?? null,
    unit_cost: unitCost ?? null,
  };
}
