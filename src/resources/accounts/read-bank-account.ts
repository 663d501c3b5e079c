import type { accountCreateExternalAccountParams } from "../../../specs/api/accounts.ts";
import { countries } from "../../../specs/countries.ts";
import { currencies } from "../../../specs/currencies.ts";
import { countriesByAlpha2 } from "../../kernel/country.ts";
import { type Currency, currenciesByCode } from "../../kernel/currency.ts";
import { ApiError } from "../api-error.ts";
import type { ParamsOf } from "../params.ts";
import type { AccountCreateParams } from "./account-details.ts";
import type { NewBankAccount } from "./external-accounts.ts";

type CreateParams = ParamsOf<typeof accountCreateExternalAccountParams>;

const knownCountries = countriesByAlpha2(countries);
const knownCurrencies = currenciesByCode<Currency>(currencies);

/** A bank account as a request tells it. Cards and tokens are refused: payouts go to banks only. */
export function bankAccountOf(
  params: CreateParams["external_account"] | NonNullable<AccountCreateParams["external_account"]>,
): NewBankAccount {
  if (typeof params === "string") {
    throw new ApiError("resource_missing", `No such token: '${params}'`, "external_account");
  }
  if (params.object !== "bank_account" || !("account_number" in params)) {
    throw new ApiError("parameter_invalid", "An external account is a bank_account here.", "external_account[object]");
  }
  const country = params.country.toUpperCase();
  if (!knownCountries.has(country)) {
    throw new ApiError("parameter_invalid", `Country '${params.country}' is unknown.`, "external_account[country]");
  }
  const currency = (params.currency ?? currencyThere(country)).toLowerCase();
  if (!knownCurrencies.has(currency)) {
    throw new ApiError("parameter_invalid", `Invalid currency: ${currency}`, "external_account[currency]");
  }
  const holder = params.account_holder_type;
  if (holder !== undefined && holder !== "company" && holder !== "individual") {
    throw new ApiError("parameter_invalid", "Must be company or individual.", "external_account[account_holder_type]");
  }
  return {
    account_holder_name: params.account_holder_name ?? null,
    account_holder_type: holder ?? null,
    account_number: params.account_number,
    country,
    currency,
    routing_number: params.routing_number ?? null,
    default_for_currency: false,
    metadata: {},
  };
}

function currencyThere(country: string): string {
  if (country === "US") return "usd";
  return country === "GB" ? "gbp" : "eur";
}
