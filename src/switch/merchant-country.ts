import { countries } from "../../specs/countries.ts";
import type { Message } from "../iso8583/public.ts";
import { countriesByAlpha2, countriesByAlpha3 } from "../kernel/country.ts";

const byAlpha2 = countriesByAlpha2(countries);
const byAlpha3 = countriesByAlpha3(countries);

/** DE43 whose last two characters are ISO 3166 alpha-2: visa-style and plain ISO 87. */
export function countryByAlpha2(message: Message): number | null {
  return byAlpha2.get(message.get("43")?.slice(38) ?? "")?.number ?? null;
}

/** DE43 whose last three characters are ISO 3166 alpha-3; within the United States and Canada they are a state. */
export function countryByAlpha3(message: Message): number | null {
  return byAlpha3.get(message.get("43")?.slice(37) ?? "")?.number ?? null;
}

/** DE19, the acquirer's country: the best guess where the merchant does not tell. 0: unknown. */
export function acquirerCountry(message: Message): number {
  return Number(message.get("19") ?? "0");
}
