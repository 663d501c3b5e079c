/** Codes that one category owns without a row each: airlines, car rental companies and hotel chains have their own. */
export interface MerchantCodeRange<Slug extends string> {
  readonly category: Slug;
  /** Four digits; both ends belong to the range. */
  readonly from: string;
  readonly to: string;
}

export interface MerchantCategoryTable<Slug extends string> {
  /** The codes (four digits, leading zero kept) of each category. */
  readonly codes: Readonly<Record<Slug, readonly string[]>>;
  readonly ranges: readonly MerchantCodeRange<Slug>[];
  /** The category of a code that stands nowhere in the table. */
  readonly fallback: Slug;
}

/** The category of a merchant's code (DE18), by one lookup in a map. */
export class MerchantCategoryIndex<Slug extends string> {
  readonly #categories: ReadonlyMap<string, Slug>;
  readonly #fallback: Slug;

  constructor(table: MerchantCategoryTable<Slug>) {
    this.#categories = categoriesByCode(table);
    this.#fallback = table.fallback;
  }

  categoryOf(code: string): Slug {
    return this.#categories.get(code) ?? this.#fallback;
  }

  /** Every code of a category, those of its ranges included. */
  codesOf(category: Slug): readonly string[] {
    return [...this.#categories].filter(([, owner]) => owner === category).map(([code]) => code);
  }
}

function categoriesByCode<Slug extends string>(table: MerchantCategoryTable<Slug>): Map<string, Slug> {
  const categories = new Map<string, Slug>();
  for (const { category, from, to } of table.ranges) {
    for (let code = Number(from); code <= Number(to); code++) categories.set(String(code).padStart(4, "0"), category);
  }
  // A category's own row is the closer word: it wins over a range.
  for (const category in table.codes) {
    for (const code of table.codes[category]) categories.set(code, category);
  }
  return categories;
}
