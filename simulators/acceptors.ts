import { type DemoMerchantKey, demoAcquirers, demoMerchants } from "../specs/demo-merchants.ts";
import { merchantProfiles } from "../specs/merchant-profiles.ts";
import { must } from "../src/kernel/assert.ts";
import { countryOf, currencyNumberOf } from "./known-program.ts";
import { type Acceptor, type Asks, type Purchase, plainGoods } from "./purchase.ts";

/** A merchant with what its terminal does where nothing else is said. */
export interface Counter {
  readonly acceptor: Acceptor;
  readonly entry: Purchase["entry"];
  readonly asks: Asks;
}

/** By the key of a profile or of a merchant; null: there is none. */
export function counterOf(key: string): Counter | null {
  const profile = merchantProfiles.find((row) => row.key === key);
  if (profile !== undefined) {
    const { entry, isEstimate, merchant, takesPartial } = profile;
    return { acceptor: acceptorOf(merchant), entry, asks: { ...plainGoods, isEstimate, takesPartial } };
  }
  const merchant = demoMerchants.find((row) => row.key === key);
  if (merchant === undefined) return null;
  return { acceptor: acceptorOf(merchant.key), entry: entryOf(merchant.key), asks: plainGoods };
}

export function entryOf(merchant: DemoMerchantKey): Purchase["entry"] {
  const { presence, categoryCode } = merchantOf(merchant);
  if (presence === "not_present") return "ecommerce";
  // Pumps still read stripes.
  return categoryCode === "5541" ? "stripe" : "chip";
}

export function acceptorOf(key: DemoMerchantKey): Acceptor {
  const merchant = merchantOf(key);
  const acquirer = must(
    demoAcquirers.find((row) => row.key === merchant.acquirer),
    "a merchant has an acquirer",
  );
  return {
    institution: acquirer.institution,
    acquirerCountry: countryOf(acquirer.country),
    name: merchant.name,
    city: merchant.city,
    state: merchant.state,
    country: countryOf(merchant.country),
    currency: currencyNumberOf(merchant.currency),
    categoryCode: merchant.categoryCode,
    terminal: merchant.terminal,
    merchantId: merchant.merchantId,
  };
}

function merchantOf(key: DemoMerchantKey): (typeof demoMerchants)[number] {
  return must(
    demoMerchants.find((row) => row.key === key),
    "a step names a merchant of the table",
  );
}
