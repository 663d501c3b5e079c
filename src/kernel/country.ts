export interface Country {
  /** "DE": what the API writes. */
  readonly alpha2: string;
  /** "DEU". */
  readonly alpha3: string;
  /** 276: what DE19 and DE61 carry. */
  readonly number: number;
}

export function countriesByAlpha2<C extends Country>(table: readonly C[]): ReadonlyMap<string, C> {
  return new Map(table.map((country) => [country.alpha2, country]));
}

export function countriesByAlpha3<C extends Country>(table: readonly C[]): ReadonlyMap<string, C> {
  return new Map(table.map((country) => [country.alpha3, country]));
}

export function countriesByNumber<C extends Country>(table: readonly C[]): ReadonlyMap<number, C> {
  return new Map(table.map((country) => [country.number, country]));
}
