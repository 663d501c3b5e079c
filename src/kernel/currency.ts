export interface Currency {
  /** "usd": lower case, as the API writes it. */
  readonly code: string;
  readonly number: number;
  /** Digits of the minor unit: 2 for USD, 0 for JPY, 3 for KWD. */
  readonly decimals: number;
}

export function currenciesByCode<C extends Currency>(table: readonly C[]): ReadonlyMap<string, C> {
  return new Map(table.map((currency) => [currency.code, currency]));
}

export function currenciesByNumber<C extends Currency>(table: readonly C[]): ReadonlyMap<number, C> {
  return new Map(table.map((currency) => [currency.number, currency]));
}
