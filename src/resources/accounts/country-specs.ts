import { countrySpecListParams, countrySpecRetrieveParams } from "../../../specs/api/country-specs.ts";
import { type IssuingCountry, issuingCountries } from "../../../specs/issuing-countries.ts";
import { ApiError } from "../api-error.ts";
import type { Call } from "../call.ts";
import type { ParamsOf } from "../params.ts";
import { type Answer, type Route, route } from "../route.ts";
import { issuingCountryOf } from "./account-home.ts";

type ListParams = ParamsOf<typeof countrySpecListParams>;

/** What an account in a country can do here, as the API tells it: it takes no payments, and nothing is asked of it. */
export interface ShownCountrySpec {
  id: string;
  object: "country_spec";
  default_currency: string;
  supported_bank_account_currencies: Record<string, string[]>;
  supported_payment_currencies: never[];
  supported_payment_methods: never[];
  supported_transfer_countries: string[];
  verification_fields: {
    company: { additional: never[]; minimum: never[] };
    individual: { additional: never[]; minimum: never[] };
  };
}

const url = "/v1/country_specs";
const limitDefault = 10;
const codes: readonly string[] = issuingCountries.map(({ country }) => country).toSorted();

export const countrySpecRoutes: readonly Route[] = [
  route({
    method: "GET",
    path: url,
    operation: "countrySpecs.list",
    scope: "country_specs:read",
    params: countrySpecListParams,
    answer: async ({ params }) => list(params),
  }),
  route({
    method: "GET",
    path: `${url}/{id}`,
    operation: "countrySpecs.retrieve",
    scope: "country_specs:read",
    params: countrySpecRetrieveParams,
    answer: async (call) => ({ kind: "body", body: shownSpec(found(call)) }),
  }),
];

/** By their codes, in the order of the alphabet. */
function list(params: ListParams): Answer {
  const { ending_before: end, limit = limitDefault, starting_after: start } = params;
  if (start !== undefined && end !== undefined) {
    throw new ApiError(
      "parameters_exclusive",
      "You may only specify one of these parameters: ending_before, starting_after.",
    );
  }
  const rest =
    end === undefined
      ? codes.slice(positionOf(start, "starting_after") + 1)
      : codes.slice(0, positionOf(end, "ending_before"));
  const page = end === undefined ? rest.slice(0, limit) : rest.slice(-limit);
  const data = page.flatMap((code) => {
    const country = issuingCountryOf(code);
    return country === null ? [] : [shownSpec(country)];
  });
  return { kind: "body", body: { object: "list", data, has_more: rest.length > limit, url } };
}

/** -1: before all. */
function positionOf(code: string | undefined, param: string): number {
  const at = code === undefined ? -1 : codes.indexOf(code);
  if (code !== undefined && at < 0) throw new ApiError("resource_missing", `No such country: '${code}'`, param);
  return at;
}

function found<Params>({ path }: Call<Params>): IssuingCountry {
  const code = path["id"] ?? "";
  const country = issuingCountryOf(code);
  if (country !== null) return country;
  throw new ApiError("resource_missing", `No account can be in the country '${code}' here.`, "id");
}

function shownSpec({ country, currency }: IssuingCountry): ShownCountrySpec {
  return {
    id: country,
    object: "country_spec",
    default_currency: currency,
    supported_bank_account_currencies: { [currency]: [country] },
    supported_payment_currencies: [],
    supported_payment_methods: [],
    supported_transfer_countries: [...codes],
    verification_fields: {
      company: { additional: [], minimum: [] },
      individual: { additional: [], minimum: [] },
    },
  };
}
