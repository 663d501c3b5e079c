import { conversionRates } from "../../specs/conversion-rates.ts";
import { countries } from "../../specs/countries.ts";
import { currencies } from "../../specs/currencies.ts";
import { merchantCategories } from "../../specs/merchant-categories.ts";
import { ConversionTable, convert } from "../kernel/conversion.ts";
import { countriesByNumber } from "../kernel/country.ts";
import { currenciesByNumber } from "../kernel/currency.ts";
import { MerchantCategoryIndex } from "../kernel/merchant-category.ts";
import { isoTime } from "../kernel/clock.ts";
import { type Minor, minorMax } from "../kernel/money.ts";

/** The tables of specs/, ready to be asked while a message waits. */
export class ProgramTables {
  readonly #categories = new MerchantCategoryIndex(merchantCategories);
  readonly #countries = countriesByNumber(countries);
  readonly #currencies = currenciesByNumber(currencies);
  readonly #rates = new ConversionTable(conversionRates, currencies);

  /** The category of DE18, as the API writes it. */
  categoryOf(mcc: string): string {
    return this.#categories.categoryOf(mcc);
  }

  /** "US" for 840; "" for a number that is no country. */
  countryOf(number: number): string {
    return this.#countries.get(number)?.alpha2 ?? "";
  }

  /** Digits of the minor unit; 2 where the currency is not in the table. */
  decimalsOf(currency: number): number {
    return this.#currencies.get(currency)?.decimals ?? 2;
  }

  /** An amount in another currency at the rate of the business day, with DE10; null where no rate is known. */
  convert(amount: Minor, from: number, to: number, businessMs: number): { amount: Minor; rate: string } | null {
    const rate = this.#rates.rateOn(isoTime(businessMs).slice(0, 10), from, to);
    if (rate === null) return null;
    return {
      amount: convert(amount, rate, {
        from: this.decimalsOf(from),
        to: this.decimalsOf(to),
      }),
      rate,
    };
  }

  /**
   * An amount at a rate that a message brought, DE10's eight digits as a number. Null where it comes to more than an
   * amount can be: a message may bring any rate.
   */
  convertAt(amount: Minor, rate: number, pair: { readonly from: number; readonly to: number }): Minor | null {
    const digits = String(rate).padStart(8, "0");
    const decimals = { from: this.decimalsOf(pair.from), to: this.decimalsOf(pair.to) };
    const about = Number(amount) * Number(digits.slice(1)) * 10 ** (decimals.to - decimals.from - Number(digits[0]));
    return about > Number(minorMax) / 2 ? null : convert(amount, digits, decimals);
  }
}
