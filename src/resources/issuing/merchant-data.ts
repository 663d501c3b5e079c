import { countries } from "../../../specs/countries.ts";
import { merchantCategories } from "../../../specs/merchant-categories.ts";
import { networks } from "../../../specs/networks.ts";
import { countriesByNumber } from "../../kernel/country.ts";
import { MerchantCategoryIndex } from "../../kernel/merchant-category.ts";
import type { FirstEntry } from "../../ledger/authorization-history.ts";
import { readDetails } from "../../ledger/entry-details.ts";
import type { ClearingEntry } from "../../store/entry.ts";
import type { View } from "../view.ts";

/** The merchant as the API tells it. */
export interface ShownMerchant {
  category: string;
  category_code: string;
  city: string | null;
  country: string | null;
  name: string | null;
  network_id: string;
  postal_code: string | null;
  state: string | null;
  tax_id: string | null;
  terminal_id: string | null;
  url: string | null;
}

const categories = new MerchantCategoryIndex(merchantCategories);
const byNumber = countriesByNumber(countries);

/** Widths of DE43 as each network writes it (reference: ISO 8583 field 43); the rest is the country or the state. */
const visaParts = { name: 25, gap: 0, city: 13, stateAt: null } as const;
const mastercardParts = { name: 22, gap: 1, city: 13, stateAt: 37 } as const;
/** Countries in which mastercard-style DE43 ends in a state. */
const statesIn: ReadonlySet<string> = new Set(["US", "CA"]);

/** What a message says of its merchant: its own text, or the text by which the journal knows it. */
export function shownMerchant(view: View, entry: FirstEntry | ClearingEntry): ShownMerchant {
  const told = readDetails(entry.details).merchant_data ?? {};
  const text = textOf(view, entry);
  const country = told.country ?? byNumber.get(entry.merchantCountry)?.alpha2 ?? null;
  const place = placeIn(text.nameLocation, entry.network, country);
  const code = String(entry.mcc).padStart(4, "0");
  return {
    category: categories.categoryOf(code),
    category_code: code,
    city: told.city ?? place.city,
    country,
    name: told.name ?? place.name,
    network_id: told.network_id ?? text.id.trim(),
    postal_code: told.postal_code ?? null,
    state: told.state ?? place.state,
    tax_id: told.tax_id ?? null,
    terminal_id: told.terminal_id ?? orNull(text.terminal),
    url: told.url ?? null,
  };
}

function textOf(view: View, { merchant, merchantKey }: FirstEntry | ClearingEntry) {
  if (merchant !== null) return merchant;
  const recorded = view.records.merchant(merchantKey);
  if (recorded === null) return { terminal: "", id: "", nameLocation: "" };
  return { terminal: recorded.terminal, id: recorded.merchantId, nameLocation: recorded.nameLocation };
}

function placeIn(text: string, network: number, country: string | null) {
  const parts = network === networks.mastercard ? mastercardParts : visaParts;
  const cityAt = parts.name + parts.gap;
  const hasState = parts.stateAt !== null && country !== null && statesIn.has(country);
  return {
    name: orNull(text.slice(0, parts.name)),
    city: orNull(text.slice(cityAt, cityAt + parts.city)),
    state: hasState ? orNull(text.slice(parts.stateAt)) : null,
  };
}

function orNull(text: string): string | null {
  const trimmed = text.trim();
  return trimmed === "" ? null : trimmed;
}
