import { conversionRates } from "../specs/conversion-rates.ts";
import { type CountryCode, countries } from "../specs/countries.ts";
import { currencies } from "../specs/currencies.ts";
import {
  type DemoCardKey,
  type DemoControls,
  type DemoSpendingLimit,
  demoAccounts,
  demoCardholders,
  demoCards,
} from "../specs/demo-program.ts";
import { merchantCategories } from "../specs/merchant-categories.ts";
import { must } from "../src/kernel/assert.ts";
import { isoTime } from "../src/kernel/clock.ts";
import { ConversionTable, convert } from "../src/kernel/conversion.ts";
import { type Country, countriesByAlpha2 } from "../src/kernel/country.ts";
import { currenciesByCode, currenciesByNumber } from "../src/kernel/currency.ts";
import { MerchantCategoryIndex } from "../src/kernel/merchant-category.ts";
import { type Minor, minor } from "../src/kernel/money.ts";
import { Model } from "./model/model.ts";
import type { SpendingControls, SpendingLimit } from "./model/program.ts";
import type { CarriedCard } from "./purchase.ts";

const numberedCurrencies = currenciesByNumber(currencies);
const codedCurrencies = currenciesByCode(currencies);
const countryTable = countriesByAlpha2(countries);
const rates = new ConversionTable(conversionRates, currencies);

/** The demo program as the simulators know it: with the PANs and expiries that the issuer has drawn. */
export function demoModel(issued: ReadonlyMap<DemoCardKey, CarriedCard>): Model {
  const model = newModel();
  for (const { key, currency, funds, takesPartial: allowsPartial } of demoAccounts) {
    model.program.addAccount({
      account: key,
      currency: currencyNumberOf(currency),
      isEnabled: true,
      allowsPartial,
      asksEndpoint: false,
    });
    model.fund(key, minor(funds));
  }
  for (const { key, account, status, requirementsPastDue, controls } of demoCardholders) {
    const isVerificationDue = requirementsPastDue.length > 0;
    const cardholder = { cardholder: key, account, status, isVerificationDue };
    model.program.addCardholder({ ...cardholder, controls: modelControls(controls) });
  }
  for (const { key, cardholder, status, controls } of demoCards) {
    const carried = must(issued.get(key), "every demo card was issued");
    const card = { card: key, cardholder, status, program: "standard", replacement: null } as const;
    model.program.addCard({ ...card, ...carried, controls: modelControls(controls) });
  }
  return model;
}

/** The model of the rules with the tables that everybody shares, and nobody's cards. */
export function newModel(): Model {
  const categories = new MerchantCategoryIndex(merchantCategories);
  return new Model({
    categoryOf: (code) => categories.categoryOf(code),
    decimalsOf,
    rateAt: (businessMs, from, to) => rates.rateOn(isoTime(businessMs).slice(0, 10), from, to),
  });
}

/** What a purchase abroad is billed at on a business day, and DE10 for it; null: no rate is known. */
export function billingOf(
  amount: Minor,
  { from, to, businessMs }: { readonly from: number; readonly to: number; readonly businessMs: number },
): { readonly amount: Minor; readonly currency: number; readonly rate: string } | null {
  const rate = rates.rateOn(isoTime(businessMs).slice(0, 10), from, to);
  if (rate === null) return null;
  const billed = convert(amount, rate, { from: decimalsOf(from), to: decimalsOf(to) });
  return { amount: billed, currency: to, rate };
}

export function modelLimit({ amount, interval, categories }: DemoSpendingLimit): SpendingLimit {
  return { amount: minor(amount), interval, categories };
}

export function countryOf(code: CountryCode): Country {
  return must(countryTable.get(code), "a country of the table");
}

export function currencyNumberOf(code: string): number {
  return must(codedCurrencies.get(code), "a currency of the table").number;
}

export function currencyCodeOf(number: number): string {
  return must(numberedCurrencies.get(number), "a currency of the table").code;
}

export function decimalsOf(currency: number): number {
  return must(numberedCurrencies.get(currency), "a currency of the table").decimals;
}

function modelControls(controls: DemoControls): SpendingControls {
  const numbers = (codes: readonly CountryCode[]): number[] => codes.map((code) => countryOf(code).number);
  return {
    allowedCategories: controls.allowedCategories,
    blockedCategories: controls.blockedCategories,
    allowedCountries: numbers(controls.allowedCountries),
    blockedCountries: numbers(controls.blockedCountries),
    allowedPresences: controls.allowedPresences,
    blockedPresences: controls.blockedPresences,
    limits: controls.spendingLimits.map(modelLimit),
  };
}
