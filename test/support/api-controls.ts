import { countries } from "../../specs/countries.ts";
import { must } from "../../src/kernel/assert.ts";
import type { SpendingControls as ApiControls } from "../../src/ledger/limits.ts";
import type { SpendingControls } from "../../simulators/model/program.ts";

/** The model's controls in the words of the API: slugs, alpha-2 countries, null for an empty list. */
export function apiControls(controls: SpendingControls): ApiControls {
  return {
    allowed_categories: listed(controls.allowedCategories),
    blocked_categories: listed(controls.blockedCategories),
    allowed_merchant_countries: listed(controls.allowedCountries.map(alpha2)),
    blocked_merchant_countries: listed(controls.blockedCountries.map(alpha2)),
    allowed_card_presences: listed(controls.allowedPresences.map(presence)),
    blocked_card_presences: listed(controls.blockedPresences.map(presence)),
    spending_limits: listed(
      controls.limits.map(({ amount, interval, categories }) => {
        return { amount: Number(amount), interval, categories: listed(categories) };
      }),
    ),
  };
}

function alpha2(number: number): string {
  return must(
    countries.find((country) => country.number === number),
    "a country of the table",
  ).alpha2;
}

function presence(text: string): "present" | "not_present" {
  return text === "present" ? "present" : "not_present";
}

function listed<T>(items: readonly T[]): readonly T[] | null {
  return items.length === 0 ? null : items;
}
