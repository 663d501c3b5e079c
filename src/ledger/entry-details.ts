/**
 * What stands as JSON in an entry beside its fields: what the API's test helpers say and no field of a message holds, and
 * what came with an answer of the program's endpoint. Names and forms are those of the API's parameters; amounts are minor
 * units of the card currency, decimals are text. What is absent was not told.
 */
export interface EntryDetails {
  readonly amount_details?: AmountDetails | undefined;
  /** Of an answer by a call of the API: the request that gave it, by which a repeat of it is known. */
  readonly answered_by?: AnsweringRequest | undefined;
  readonly authorization_method?: "chip" | "contactless" | "keyed_in" | "online" | "swipe" | undefined;
  readonly fleet?: FleetDetails | undefined;
  /** What the cardholder is asked where the check for fraud declines. */
  readonly fraud_challenges?: readonly FraudChallenge[] | undefined;
  readonly fuel?: FuelDetails | undefined;
  /** What DE41, DE42 and DE43 have no room for wins over them. */
  readonly merchant_data?: MerchantDetails | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  /** 1 to 99. */
  readonly network_risk_score?: number | undefined;
  /** Whether the PIN of a message was the card's; it counts where nothing in front of it has declined. */
  readonly pin_check?: Check | undefined;
  readonly purchase_details?: PurchaseDetails | undefined;
  /** Of an answer: what was wrong with what the endpoint said. */
  readonly reason_message?: string | undefined;
  readonly verification_data?: VerificationDetails | undefined;
  /** Whether a challenge that was verified before has kept the check for fraud from declining. */
  readonly verified_by_fraud_challenge?: boolean | undefined;
  readonly wallet?: "apple_pay" | "google_pay" | "samsung_pay" | undefined;
}

/** Both in hex: what a repeat has as well, and what it has to ask for then. */
export interface AnsweringRequest {
  readonly identity: string;
  readonly fingerprint: string;
}

export interface FraudChallenge {
  readonly channel: "sms";
  readonly status: "expired" | "pending" | "rejected" | "undeliverable" | "verified";
  readonly undeliverable_reason: "no_phone_number" | "unsupported_phone_number" | null;
}

export interface AmountDetails {
  readonly atm_fee?: number | undefined;
  readonly cashback_amount?: number | undefined;
}

export interface MerchantDetails {
  readonly city?: string | undefined;
  readonly country?: string | undefined;
  readonly name?: string | undefined;
  readonly network_id?: string | undefined;
  readonly postal_code?: string | undefined;
  readonly state?: string | undefined;
  readonly tax_id?: string | undefined;
  readonly terminal_id?: string | undefined;
  readonly url?: string | undefined;
}

type Check = "match" | "mismatch" | "not_provided";

export interface VerificationDetails {
  readonly address_line1_check?: Check | undefined;
  readonly address_postal_code_check?: Check | undefined;
  readonly authentication_exemption?:
    | {
        readonly claimed_by: "acquirer" | "issuer";
        readonly type: "low_value_transaction" | "transaction_risk_analysis" | "unknown";
      }
    | undefined;
  readonly cvc_check?: Check | undefined;
  readonly expiry_check?: Check | undefined;
  readonly postal_code?: string | undefined;
  readonly three_d_secure?:
    | { readonly result: "attempt_acknowledged" | "authenticated" | "failed" | "required" }
    | undefined;
}

interface GrossAmount {
  readonly gross_amount_decimal?: string | undefined;
}

export interface FleetDetails {
  readonly cardholder_prompt_data?:
    | {
        readonly alphanumeric_id?: string | undefined;
        readonly driver_id?: string | undefined;
        readonly odometer?: number | undefined;
        readonly unspecified_id?: string | undefined;
        readonly user_id?: string | undefined;
        readonly vehicle_number?: string | undefined;
      }
    | undefined;
  readonly purchase_type?: "fuel_and_non_fuel_purchase" | "fuel_purchase" | "non_fuel_purchase" | undefined;
  readonly reported_breakdown?:
    | {
        readonly fuel?: GrossAmount | undefined;
        readonly non_fuel?: GrossAmount | undefined;
        readonly tax?:
          | {
              readonly local_amount_decimal?: string | undefined;
              readonly national_amount_decimal?: string | undefined;
            }
          | undefined;
      }
    | undefined;
  readonly service_type?: "full_service" | "non_fuel_transaction" | "self_service" | undefined;
}

export interface FuelDetails {
  readonly industry_product_code?: string | undefined;
  readonly quantity_decimal?: string | undefined;
  readonly type?: "diesel" | "other" | "unleaded_plus" | "unleaded_regular" | "unleaded_super" | undefined;
  readonly unit?:
    | "charging_minute"
    | "imperial_gallon"
    | "kilogram"
    | "kilowatt_hour"
    | "liter"
    | "other"
    | "pound"
    | "us_gallon"
    | undefined;
  readonly unit_cost_decimal?: string | undefined;
}

export interface PurchaseDetails {
  readonly fleet?: FleetDetails | undefined;
  readonly flight?:
    | {
        readonly departure_at?: number | undefined;
        readonly passenger_name?: string | undefined;
        readonly refundable?: boolean | undefined;
        readonly segments?: readonly FlightSegment[] | undefined;
        readonly travel_agency?: string | undefined;
      }
    | undefined;
  readonly fuel?: FuelDetails | undefined;
  readonly lodging?: { readonly check_in_at?: number | undefined; readonly nights?: number | undefined } | undefined;
  readonly receipt?: readonly ReceiptLine[] | undefined;
  readonly reference?: string | undefined;
}

export interface FlightSegment {
  readonly arrival_airport_code?: string | undefined;
  readonly carrier?: string | undefined;
  readonly departure_airport_code?: string | undefined;
  readonly flight_number?: string | undefined;
  readonly service_class?: string | undefined;
  readonly stopover_allowed?: boolean | undefined;
}

export interface ReceiptLine {
  readonly description?: string | undefined;
  /** As text: it may be a fraction. */
  readonly quantity?: string | number | undefined;
  readonly total?: number | undefined;
  readonly unit_cost?: number | undefined;
}

const nothing: EntryDetails = {};

/** Of the text in an entry; our own writers have packed it. */
export function readDetails(text: string): EntryDetails {
  return text === "" ? nothing : (JSON.parse(text) as EntryDetails);
}
