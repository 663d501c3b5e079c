import type { CountryCode } from "./countries.ts";
import type { CurrencyCode } from "./currencies.ts";

/** Whether phone numbers of cardholders are needed for cards: strong authentication sends its codes there. */
export interface IssuingCountry {
  readonly country: CountryCode;
  /** Currency of the account's issuing balance and of its cards. */
  readonly currency: CurrencyCode;
  readonly needsPhone: boolean;
  /** Individuals have to accept the issuer's terms before a card of theirs is activated. */
  readonly needsUserTerms: boolean;
}

const europe = { currency: "eur", needsPhone: true, needsUserTerms: false } as const;

/** Where accounts can issue cards: local issuing as Stripe offers it in 22 countries. */
export const issuingCountries = [
  { country: "AT", ...europe },
  { country: "BE", ...europe },
  { country: "CY", ...europe },
  { country: "DE", ...europe },
  { country: "EE", ...europe },
  { country: "ES", ...europe },
  { country: "FI", ...europe },
  { country: "FR", ...europe },
  { country: "GB", currency: "gbp", needsPhone: true, needsUserTerms: false },
  { country: "GR", ...europe },
  { country: "HR", ...europe },
  { country: "IE", ...europe },
  { country: "IT", ...europe },
  { country: "LT", ...europe },
  { country: "LU", ...europe },
  { country: "LV", ...europe },
  { country: "MT", ...europe },
  { country: "NL", ...europe },
  { country: "PT", ...europe },
  { country: "SI", ...europe },
  { country: "SK", ...europe },
  { country: "US", currency: "usd", needsPhone: false, needsUserTerms: true },
] as const satisfies readonly IssuingCountry[];
