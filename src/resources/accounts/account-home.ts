import { currencies } from "../../../specs/currencies.ts";
import { type IssuingCountry, issuingCountries } from "../../../specs/issuing-countries.ts";
import { must } from "../../kernel/assert.ts";
import { type Currency, currenciesByCode } from "../../kernel/currency.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import type { AccountBody } from "./accounts.ts";

const byCountry: ReadonlyMap<string, IssuingCountry> = new Map(issuingCountries.map((row) => [row.country, row]));
const byCode = currenciesByCode<Currency>(currencies);

/** What follows from where an account is: the currency of its cards, and what its cardholders have to give. */
export function issuingCountryOf(country: string): IssuingCountry | null {
  return byCountry.get(country) ?? null;
}

export interface AccountHome {
  readonly country: IssuingCountry;
  readonly currency: Currency;
  readonly body: AccountBody;
}

/** The home of the account that a request acts for. */
export function homeOf<Params>(call: Call<Params>): AccountHome {
  const { body } = call.find<AccountBody>("acct", call.account.id, "account");
  return {
    body,
    country: must(issuingCountryOf(body.country), "an account is where cards can be issued"),
    currency: must(byCode.get(body.default_currency), "an account has a currency"),
  };
}

/** The same, where the account may issue cards. Throws `invalid_state`. */
export function issuingHomeOf<Params>(call: Call<Params>): AccountHome {
  const home = homeOf(call);
  if (home.body.capabilities.includes("card_issuing") && home.body.disabled_reason === null) return home;
  throw new ApiError("invalid_state", "This account has no active card_issuing capability, so it cannot issue cards.");
}
