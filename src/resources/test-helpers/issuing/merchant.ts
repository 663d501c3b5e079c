import { countries } from "../../../../specs/countries.ts";
import { merchantCategories } from "../../../../specs/merchant-categories.ts";
import type { Network } from "../../../../specs/networks.ts";
import type { MerchantDetails } from "../../../ledger/entry-details.ts";
import type { MerchantText } from "../../../store/entry-part.ts";
import { ApiError } from "../../api-error.ts";

/** What a test helper is told of a merchant. */
export interface MerchantParams extends MerchantDetails {
  readonly category?: string | undefined;
}

/** A merchant as messages and entries name it. */
export interface NamedMerchant {
  /** DE18, four digits. */
  readonly mcc: string;
  /** ISO 3166 numeric. */
  readonly country: number;
  readonly text: MerchantText;
  /** What the fields have no room for. */
  readonly details: MerchantDetails;
}

/** Where nothing is said: a shop that no control blocks by itself. */
const usual = {
  category: "computer_software_stores",
  city: "San Francisco",
  country: "US",
  name: "Test Merchant",
  network_id: "1234567890",
} as const;
/** Its street is in its own city: a shop somewhere else has the postal code and the state that are told of it, or none. */
const usualAddress = { postal_code: "94107", state: "CA" } as const;

const codes: Readonly<Record<string, readonly string[]>> = merchantCategories.codes;
const countryNumbers = new Map<string, { readonly alpha3: string; readonly number: number }>(
  countries.map((country) => [country.alpha2, country]),
);
/** A code of no category: ISO 18245 leaves it free. */
const miscellaneous = "5999";

/** Fills DE18, 19, 41, 42 and 43; what is longer than they are stays in the details. Throws ApiError. */
export function merchantOf(params: MerchantParams | undefined, network: Network): NamedMerchant {
  const { category = usual.category, ...named } = params ?? {};
  const isElsewhere = named.city !== undefined || named.country !== undefined;
  const details: MerchantDetails = isElsewhere ? named : { ...usualAddress, ...named };
  const told = {
    name: details.name ?? usual.name,
    city: details.city ?? usual.city,
    state: details.state ?? "",
    country: (details.country ?? usual.country).toUpperCase(),
    networkId: details.network_id ?? usual.network_id,
  };
  const country = countryNumbers.get(told.country);
  if (country === undefined) {
    throw new ApiError("parameter_invalid", `Invalid country: ${told.country}`, "merchant_data[country]");
  }
  return {
    mcc: codes[category]?.[0] ?? miscellaneous,
    country: country.number,
    text: {
      terminal: (details.terminal_id ?? "").slice(0, 8).padEnd(8),
      id: told.networkId.slice(0, 15).padEnd(15),
      nameLocation: locationOf(told, country.alpha3, network),
    },
    details,
  };
}

// DE43 in the widths of each network: see resources/issuing/merchant-data, which reads it.
function locationOf(
  { name, city, country, state }: { name: string; city: string; country: string; state: string },
  alpha3: string,
  network: Network,
): string {
  if (network !== "mastercard") return `${fit(name, 25)}${fit(city, 13)}${country}`;
  const hasState = country === "US" || country === "CA";
  return `${fit(name, 22)} ${fit(city, 13)} ${fit(hasState ? state : alpha3, 3)}`;
}

function fit(text: string, width: number): string {
  return text.slice(0, width).padEnd(width);
}
