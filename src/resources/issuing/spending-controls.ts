import { countries } from "../../../specs/countries.ts";
import { defaultLimits, limitIntervals } from "../../../specs/limits.ts";
import { merchantCategories } from "../../../specs/merchant-categories.ts";
import { countriesByAlpha2 } from "../../kernel/country.ts";
import type { LimitInterval, SpendingControls, SpendingLimit } from "../../ledger/limits.ts";
import { luaConstants } from "../../store/library.ts";
import { ApiError } from "../api-error.ts";

/** Spending controls as a card or a cardholder shows them. Amounts are minor units. */
export interface ShownControls {
  allowed_card_presences: ("not_present" | "present")[] | null;
  allowed_categories: ShownCategory[] | null;
  allowed_merchant_countries: string[] | null;
  blocked_card_presences: ("not_present" | "present")[] | null;
  blocked_categories: ShownCategory[] | null;
  blocked_merchant_countries: string[] | null;
  spending_limits: ShownLimit[] | null;
  spending_limits_currency: string | null;
}

export type ShownCategory = string;

export interface ShownLimit {
  amount: number;
  categories: ShownCategory[];
  interval: LimitInterval;
}

export function shownControls(controls: SpendingControls, currency: string | null): ShownControls {
  return {
    allowed_card_presences: copied(controls.allowed_card_presences),
    allowed_categories: copied(controls.allowed_categories),
    allowed_merchant_countries: copied(controls.allowed_merchant_countries),
    blocked_card_presences: copied(controls.blocked_card_presences),
    blocked_categories: copied(controls.blocked_categories),
    blocked_merchant_countries: copied(controls.blocked_merchant_countries),
    spending_limits: (controls.spending_limits ?? []).map(shownLimit),
    spending_limits_currency: currency,
  };
}

/** rules: Limits. A card for which nobody has set a limit shows the one that it has by default. */
export function defaultLimitOf(decimals: number): SpendingLimit {
  const { amountMajor, interval } = defaultLimits.cardWithoutLimits;
  return { amount: Number(amountMajor) * 10 ** decimals, interval, categories: null };
}

/** Spending controls as a request writes them; "" and no element are no list. */
export interface ControlsParams {
  readonly allowed_card_presences?: Texts;
  readonly allowed_categories?: Texts;
  readonly allowed_merchant_countries?: Texts;
  readonly blocked_card_presences?: Texts;
  readonly blocked_categories?: Texts;
  readonly blocked_merchant_countries?: Texts;
  readonly spending_limits?: readonly LimitParams[] | "" | null | undefined;
}

type Texts = readonly string[] | "" | null | undefined;

interface LimitParams {
  readonly amount: number;
  readonly categories?: Texts;
  readonly interval: string;
}

/** Controls take the place of what was there as a whole. Throws ApiError with the parameter at fault. */
export function readControls(params: ControlsParams): SpendingControls {
  refuseBoth(params, "card_presences");
  refuseBoth(params, "categories");
  refuseBoth(params, "merchant_countries");
  return {
    allowed_card_presences: presences(params.allowed_card_presences, "allowed_card_presences"),
    allowed_categories: categories(params.allowed_categories, "[allowed_categories]"),
    allowed_merchant_countries: merchantCountries(params.allowed_merchant_countries, "allowed_merchant_countries"),
    blocked_card_presences: presences(params.blocked_card_presences, "blocked_card_presences"),
    blocked_categories: categories(params.blocked_categories, "[blocked_categories]"),
    blocked_merchant_countries: merchantCountries(params.blocked_merchant_countries, "blocked_merchant_countries"),
    spending_limits: limits(params.spending_limits),
  };
}

const knownCountries = countriesByAlpha2(countries);
const presenceWords = { not_present: true, present: true } as const;
/** What a function can compare. */
const limitAmountMax = luaConstants.MOST_MINOR;

function refuseBoth(params: ControlsParams, what: "card_presences" | "categories" | "merchant_countries"): void {
  if (listed(params[`allowed_${what}`]) === null || listed(params[`blocked_${what}`]) === null) return;
  throw new ApiError(
    "parameters_exclusive",
    `You may only specify one of these parameters: allowed_${what}, blocked_${what}.`,
    `spending_controls[blocked_${what}]`,
  );
}

function presences(list: Texts, name: string): readonly ("present" | "not_present")[] | null {
  return mapped(list, (text, at) => {
    if (isWord(text, presenceWords)) return text;
    throw invalid(`spending_controls[${name}][${at}]`, `must be one of present or not_present`);
  });
}

function categories(list: Texts, path: string): readonly string[] | null {
  return mapped(list, (text, at) => {
    if (Object.hasOwn(merchantCategories.codes, text) || text === "miscellaneous") return text;
    throw invalid(`spending_controls${path}[${at}]`, "is no merchant category");
  });
}

function merchantCountries(list: Texts, name: string): readonly string[] | null {
  return mapped(list, (text, at) => {
    const code = text.toUpperCase();
    if (knownCountries.has(code)) return code;
    throw invalid(`spending_controls[${name}][${at}]`, "is no country code of two letters");
  });
}

function limits(list: ControlsParams["spending_limits"]): readonly SpendingLimit[] | null {
  return mapped(list, ({ amount, categories: counted, interval }, at) => {
    const path = `[spending_limits][${at}]`;
    if (!Number.isSafeInteger(amount) || amount < 0 || amount > limitAmountMax) {
      throw invalid(`spending_controls${path}[amount]`, `must be a whole number from 0 to ${limitAmountMax}`);
    }
    if (!isWord(interval, limitIntervals)) throw invalid(`spending_controls${path}[interval]`, "is no interval");
    return { amount, interval, categories: categories(counted, `${path}[categories]`) };
  });
}

function isWord<Words extends object>(text: string, words: Words): text is Extract<keyof Words, string> {
  return Object.hasOwn(words, text);
}

function mapped<From, To>(
  list: readonly From[] | "" | null | undefined,
  read: (item: From, at: number) => To,
): readonly To[] | null {
  return listed(list)?.map(read) ?? null;
}

function listed<T>(list: readonly T[] | "" | null | undefined): readonly T[] | null {
  return list === undefined || list === null || list === "" || list.length === 0 ? null : list;
}

function invalid(param: string, why: string): ApiError {
  return new ApiError("parameter_invalid", `Invalid ${param}: it ${why}.`, param);
}

function copied<T>(list: readonly T[] | null): T[] | null {
  return list === null ? null : [...list];
}

function shownLimit({ amount, categories: counted, interval }: SpendingLimit): ShownLimit {
  return { amount, categories: [...(counted ?? [])], interval };
}
